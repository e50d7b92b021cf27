// What ss(8) writes after the addresses: processes, timers, inode and cookie, memory, type of service. Counterpart: inet_show_sock of iproute2's misc/ss.c and net/ipv4/inet_diag.c.
// Not modelled: what an skb weighs beyond its payload (r and w of -m); TCP's own figures (-i).
import type { Host } from '../../host/host';
import { socketIno } from '../../host/proc_sockets';
import { TCP, TF } from '../../kernel/ipv4/tcp_state';
import { SNDBUF } from '../../kernel/ipv4/tcp_output';
import { holders, type SocketRow } from '../sockets';

/** print_ms_timer: `57sec`, `1min5sec`, `1.948ms`, `400ms`. */
function timerText(us: number): string {
  const ms = Math.floor(us / 4000) * 4; // a tick of the kernel's clock is 4 ms
  const secs = Math.floor(ms / 1000);
  const minutes = Math.floor(secs / 60);
  const rest = minutes > 9 ? 0 : secs % 60;
  const thousandths = minutes > 0 || rest > 9 ? 0 : ms % 1000;
  return `${minutes > 0 ? `${minutes}min` : ''}${rest > 0 ? `${rest}${thousandths > 0 ? '.' : 'sec'}` : ''}${thousandths > 0 || (minutes === 0 && rest === 0) ? `${String(thousandths).padStart(3, '0')}ms` : ''}`;
}

/** ` timer:(NAME,LEFT,TRIES)`, or nothing when none runs. */
export function timer(host: Host, r: SocketRow): string {
  if (r.timeWaitUs > 0) return ` timer:(timewait,${timerText(r.timeWaitUs)},0)`;
  const t = host.kernel.tcp;
  if (r.proto !== 'tcp' || r.state === TCP.LISTEN || !Number.isFinite(t.rtoAt[r.slot]!)) return '';
  const probes = r.state !== TCP.SYN_SENT && r.state !== TCP.SYN_RECV && t.sndMax[r.slot] === t.sndUna[r.slot];
  return ` timer:(${probes ? 'persist' : 'on'},${timerText(Math.max(0, t.rtoAt[r.slot]! - host.kernel.world.clock.now))},${t.backoff[r.slot]})`;
}

/** ` users:(("nginx",pid=5,fd=6))`; with `threads` each with its thread. */
export function users(host: Host, r: SocketRow, threads: boolean): string {
  const names = holders(host, r).map((h) => `("${h.p.comm}",pid=${h.p.pid},${threads ? `tid=${h.p.pid},` : ''}fd=${h.fd})`);
  return names.length === 0 ? '' : ` users:(${names.join(',')})`;
}

/** The number the kernel gives a socket when somebody first asks for it (sock_gen_cookie). */
function cookie(host: Host, r: SocketRow): number {
  const t = host.kernel.tcp;
  const udp = r.proto === 'udp' ? host.kernel.udp.sockets[r.slot] : null;
  const known = udp?.cookie ?? (r.proto === 'tcp' ? t.cookies.get(r.slot) : undefined);
  if (known !== undefined) return known;
  const next = ++t.lastCookie;
  if (r.proto === 'tcp') t.cookies.set(r.slot, next);
  else if (udp) udp.cookie = next;
  return next;
}
/** Counts sockets of a listing as asked for. */
export function giveCookies(host: Host, rows: readonly SocketRow[]): void {
  for (const r of rows) cookie(host, r);
}

/** True for a socket of its own: no longer one that only waits for its four numbers to be free. */
const whole = (r: SocketRow): boolean => r.timeWaitUs === 0;

/** ` uid:N ino:N sk:HEX cgroup:PATH <->`. */
export function extended(host: Host, r: SocketRow): string {
  const uid = r.state === TCP.LISTEN ? 0 : holders(host, r)[0]?.p.uid ?? 0;
  const held = whole(r) && (r.proto !== 'tcp' || (host.kernel.tcp.flags[r.slot]! & TF.ORPHAN) === 0);
  const ino = !held ? 0 : socketIno(host.kernel, r.slot + (r.proto === 'udp' ? 50_000 : r.proto === 'raw' ? 60_000 : 0));
  const text = `${uid === 0 ? '' : ` uid:${uid}`} ino:${ino} sk:${cookie(host, r).toString(16)}`;
  if (!whole(r)) return text;
  // Its own half: after FIN was queued nothing more is sent; after the peer's FIN nothing comes.
  const flags = r.proto === 'tcp' && r.state !== TCP.LISTEN ? host.kernel.tcp.flags[r.slot]! : 0;
  return `${text}${cgroup(host, r)} ${(flags & TF.EOF) !== 0 ? '-' : '<'}-${(flags & TF.FIN_QUEUED) !== 0 ? '-' : '>'}`;
}

/** The control group: Debian's hosts here have no cgroup2 mount to look it up in, Red Hat's ss does not ask. */
export const cgroup = (host: Host, r: SocketRow): string => (whole(r) && host.image.packaging === 'dpkg' ? ' cgroup:unreachable:1' : '');
/** What looking up control groups said on standard error: once at the start, once a socket. */
export function cgroupErrors(host: Host, rows: readonly SocketRow[]): string {
  const n = host.image.packaging === 'dpkg' ? rows.filter(whole).length : 0;
  return n === 0 ? '' : 'Failed to find cgroup2 mount\n'.repeat(n + 1);
}

/** ` skmem:(...)`. */
export function memory(host: Host, r: SocketRow): string {
  if (!whole(r)) return '';
  const t = host.kernel.tcp;
  const tcp = r.proto === 'tcp';
  const waits = r.state === TCP.LISTEN ? 0 : r.recvQ;
  const unsent = tcp && r.state !== TCP.LISTEN ? t.snd[r.slot]!.length : 0;
  const room = tcp ? (r.state === TCP.LISTEN || r.state === TCP.SYN_SENT ? 16384 : sendRoom(t.mss[r.slot]!)) : 212992;
  return ` skmem:(r${waits},rb${tcp ? 131072 : 212992},t0,tb${Math.max(room, unsent > room ? SNDBUF : 0)},f${(4096 - ((waits + unsent) % 4096)) % 4096},w${unsent},o0,bl0,d0)`;
}

/** tcp_sndbuf_expand: twice ten segments, each with its headers in a power of two. */
function sendRoom(mss: number): number {
  let each = 1;
  while (each < mss + 640) each *= 2;
  return 20 * (each + 256);
}

/** ` tos:0 class_id:0`. */
export const tos = (r: SocketRow): string => (whole(r) ? ' tos:0 class_id:0' : '');
