// /proc/net/tcp, tcp6, udp, raw, sockstat: sockets as lines. Linux counterpart: tcp4_seq_show, tcp6_seq_show, udp4_seq_show, raw_seq_show.
import type { Bytes } from '../lib/text';
import { eachTcp, tcpSendQueue } from '../kernel/ipv4/tcp';
import { TCP } from '../kernel/ipv4/tcp_state';
import type { Kernel } from '../kernel/kernel';
import { IP6_BASE, isIp6 } from '../wire/ipv6';
import type { Ip } from '../wire/packet';

/** An address as the kernel prints it in hex: little-endian words. */
export function hexIp(a: Ip): string {
  const swapped = ((a & 255) << 24) | ((a & 0xff00) << 8) | ((a >>> 8) & 0xff00) | (a >>> 24);
  return (swapped >>> 0).toString(16).toUpperCase().padStart(8, '0');
}

const hex = (n: number, width: number): string => (n >>> 0).toString(16).toUpperCase().padStart(width, '0');
const end = (ip: number, port: number): string => `${hexIp(ip)}:${hex(port, 4)}`;
const line = (text: Bytes): Bytes => `${text.padEnd(149)}\n`;

/** Inode number of a kernel socket; the same as /proc/PID/fd shows. */
export const socketIno = (k: Kernel, sock: number): number => 11_371 + k.index * 100_000 + sock;

/** An IPv6 address in hex: four words, each little-endian. */
const hexIp6 = (k: Kernel, a: Ip): string => [0, 1, 2, 3].map((i) => hexIp(k.world.ip6.word(a - IP6_BASE, i))).join('');

export const tcp = (k: Kernel): Bytes =>
  tcpTable(k, false, line('  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'), (ip, port) => end(ip, port), line);

export const tcp6 = (k: Kernel): Bytes =>
  tcpTable(
    k, true, '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n',
    (ip, port) => `${hexIp6(k, ip)}:${hex(port, 4)}`, (text) => `${text}\n`,
  );

function tcpTable(k: Kernel, v6: boolean, head: Bytes, end: (ip: Ip, port: number) => string, line: (text: Bytes) => Bytes): Bytes {
  let out = head;
  let n = 0;
  const row = (s: number, state: number, lip: number, lport: number, rip: number, rport: number): void => {
    if (isIp6(lip) !== v6) return;
    const waits = state === TCP.LISTEN ? (k.tcp.accept.get(s)?.length ?? 0) : (k.tcp.rcv[s]?.length ?? 0);
    const timeWait = state === TCP.TIME_WAIT;
    const left = timeWait ? Math.max(0, Math.round((k.tcp.endAt[s]! - k.world.clock.now) / 10_000)) : 0;
    out += line(
      `${String(n++).padStart(4)}: ${end(lip, lport)} ${end(rip, rport)} ${hex(state, 2)} ${hex(tcpSendQueue(k, s), 8)}:${hex(waits, 8)} ` +
        `${timeWait ? '03' : '00'}:${hex(left, 8)} 00000000     0        0 ${timeWait ? 0 : socketIno(k, s)} ${timeWait ? '3 0000000000000000' : `1 ${'0'.repeat(16)} ${state === TCP.LISTEN ? '100 0 0 10 0' : '20 4 30 10 -1'}`}`,
    );
  };
  // Listeners come first, then what is connected.
  eachTcp(k, (s, state, ...rest) => {
    if (state === TCP.LISTEN) row(s, state, ...rest);
  });
  eachTcp(k, (s, state, ...rest) => {
    if (state !== TCP.LISTEN && state !== TCP.CLOSE) row(s, state, ...rest);
  });
  return out;
}

export function udp(k: Kernel): Bytes {
  let out = `${'   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops'.padEnd(127)}\n`;
  k.udp.sockets.forEach((s, slot) => {
    if (s === null) return;
    const queued = s.queue.reduce((sum, d) => sum + d.data.length + 256, 0);
    out += `${`${String(slot).padStart(5)}: ${end(s.lip, s.lport)} ${end(s.rip, s.rport)} ${s.rip === 0 ? '07' : '01'} 00000000:${hex(queued, 8)} 00:00000000 00000000     0        0 ${socketIno(k, 50_000 + slot)} 2 0000000000000000 0`.padEnd(127)}\n`;
  });
  return out;
}

export function raw(k: Kernel): Bytes {
  let out = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n';
  k.rawSockets.forEach((s, slot) => {
    if (s !== null) out += `${String(slot).padStart(4)}: ${end(0, s.proto)} ${end(0, 0)} 07 00000000:00000000 00:00000000 00000000     0        0 ${socketIno(k, 60_000 + slot)} 2 0000000000000000 0\n`;
  });
  return out;
}

export function sockstat(k: Kernel): Bytes {
  let inUse = 0;
  let timeWait = 0;
  eachTcp(k, (_s, state) => {
    if (state === TCP.TIME_WAIT) timeWait++;
    else inUse++;
  });
  const udps = k.udp.sockets.filter((s) => s !== null).length;
  const raws = k.rawSockets.filter((s) => s !== null).length;
  return `sockets: used ${inUse + udps + raws}\nTCP: inuse ${inUse} orphan 0 tw ${timeWait} alloc ${inUse} mem 0\nUDP: inuse ${udps} mem 0\nUDPLITE: inuse 0\nRAW: inuse ${raws}\nFRAG: inuse ${k.fragments.size} memory 0\n`;
}
