// ping(8) of iputils 20221126: ICMP echo over a raw socket.
// Not modelled: IPv6, flood and adaptive modes, record route, timestamps of hops, patterns.
import { SIG, Interrupted, type Op, type Process, type Run } from '../host/process';
import { EAI_AGAIN_TEXT, gethostbyname, hostText } from '../host/resolve';
import { openRaw, receiveRaw, sendRaw } from '../host/socket';
import { closeFd, err, installFd, nowUs, out, takeSignal, wallSeconds } from '../host/syscall';
import type { SocketFile } from '../host/open_file';
import { type Errno, strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { isLocal, routeSource } from '../kernel/ipv4/fib';
import { pathMtu } from '../kernel/ipv4/icmp';
import { routeOutput } from '../kernel/ipv4/ip_output';
import { inetAton, ipText } from '../wire/ipv4';
import { IPPROTO_ICMP, type Ip, type Packet } from '../wire/packet';
import { command, notModelled } from './command';
import { icmpText } from './iputils/icmp_text';
import { BadUse, ms3 } from './iputils/number';
import { type Ping, readOptions } from './iputils/ping_options';

/** What the probe socket's bind and connect find out: source address, and the device when one was named. */
function probe(p: Process, o: Ping, dst: Ip): { src: Ip; oif: number } | BadUse {
  const k = p.host.kernel;
  let src = 0;
  let oif = 0;
  if (o.from !== '') {
    const ip = inetAton(o.from);
    if (ip !== null) {
      if (!isLocal(k, ip)) return new BadUse('ping: bind: Cannot assign requested address\n', 2);
      src = ip;
    } else {
      const dev = k.devByName(o.from);
      if (dev === undefined) return new BadUse(`ping: SO_BINDTODEVICE ${o.from}: No such device\n`, 2);
      oif = dev.index;
    }
  }
  const r = routeOutput(k, dst, src, oif, 0);
  const refused: Errno | null = r === null ? 'ENETUNREACH' : r.type === 'unreachable' ? 'EHOSTUNREACH' : r.type === 'prohibit' ? 'EACCES' : r.type === 'blackhole' ? 'EINVAL' : null;
  if (refused !== null) return new BadUse(`ping: connect: ${strerror(refused)}\n`, 2);
  if (r!.type === 'broadcast' && !o.broadcast) return new BadUse('ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n', 2);
  return { src: src !== 0 ? src : r!.type === 'local' ? r!.src || dst : routeSource(k, r!, dst), oif };
}

/** A round trip as a reply line shows it. */
export function tripText(us: number): string {
  if (us >= 99950) return `${Math.floor((us + 500) / 1000)}`;
  if (us >= 9995) return `${Math.floor((us + 50) / 1000)}.${Math.floor(((us + 50) % 1000) / 100)}`;
  if (us >= 1000) return `${Math.floor((us + 5) / 1000)}.${String(Math.floor(((us + 5) % 1000) / 10)).padStart(2, '0')}`;
  return `0.${String(us).padStart(3, '0')}`;
}

/** Whole square root, for mdev. */
function isqrt(n: number): number {
  let x = Math.floor(Math.sqrt(n));
  while (x * x > n) x--;
  while ((x + 1) * (x + 1) <= n) x++;
  return x;
}

class Session {
  readonly sentAt = new Map<number, number>();
  readonly answered = new Set<number>();
  sent = 0;
  received = 0;
  duplicates = 0;
  errors = 0;
  min = Number.POSITIVE_INFINITY;
  max = 0;
  sum = 0;
  sum2 = 0;
  started = 0;
  /** Time of the last send or reply. */
  last = 0;
  pipe = 0;
  constructor(
    readonly p: Process,
    readonly o: Ping,
    readonly shown: Bytes,
    readonly dst: Ip,
    readonly src: Ip,
    readonly oif: number,
    readonly sock: SocketFile,
  ) {}

  private *line(text: string): Op<void> {
    if (this.o.quiet) return;
    const stamp = this.o.stamps ? `[${wallSeconds(this.p).toFixed(6)}] ` : '';
    yield* out(this.p, `${stamp}${text}\n`);
  }

  *send(): Op<void> {
    const { p, o } = this;
    const k = p.host.kernel;
    const seq = ++this.sent;
    if (o.outstanding && seq > 1 && !this.answered.has(seq - 1)) yield* this.line(`no answer yet for icmp_seq=${seq - 1}`);
    const now = nowUs(p);
    this.last = now;
    this.sentAt.set(seq & 0xffff, now);
    this.sentAt.delete((seq - 1024) & 0xffff);
    let data = '';
    while (data.length < o.size) data += String.fromCharCode(data.length & 255);
    const mtu = pathMtu(k, this.dst);
    const fits = 28 + o.size <= mtu;
    const e = sendRaw(p, this.sock, {
      dst: this.dst, broadcast: o.broadcast, src: this.src, oif: this.oif, icmpType: 8, icmpRest: ((p.pid & 0xffff) << 16) | (seq & 0xffff), data, tos: o.tos,
      ...(o.ttl > 0 ? { ttl: o.ttl } : {}), df: o.pmtu === 'do' || o.pmtu === 'probe' || (o.pmtu === 'want' && fits),
    });
    if (e === null) return;
    this.errors++;
    yield* err(p, e === 'EMSGSIZE' ? `ping: local error: message too long, mtu=${mtu}\n` : `ping: sendmsg: ${strerror(e)}\n`);
  }

  *take(m: Packet, at: number, error: boolean): Op<void> {
    const { o, p } = this;
    const id = p.pid & 0xffff;
    const name = (ip: Ip): string => {
      const text = hostText(p, ip, o.numeric);
      return text === ipText(ip) ? text : `${text} (${ipText(ip)})`;
    };
    if (error || m.icmpType === 5) {
      const q = m.inner;
      if (q === null || q.dst !== this.dst || q.icmpType !== 8 || (q.icmpRest >>> 16) !== id) return;
      const seq = q.icmpRest & 0xffff;
      if (error) this.errors++;
      yield* this.line(`From ${name(m.src)}${error ? '' : ':'} icmp_seq=${seq} ${icmpText(m)}`);
      return;
    }
    if (m.icmpType !== 0 || (m.icmpRest >>> 16) !== id) return;
    const seq = m.icmpRest & 0xffff;
    const sent = this.sentAt.get(seq);
    if (sent === undefined) return;
    const trip = at - sent;
    const twice = this.answered.has(seq);
    if (twice) this.duplicates++;
    else {
      this.answered.add(seq);
      this.received++;
    }
    this.last = at;
    this.min = Math.min(this.min, trip);
    this.max = Math.max(this.max, trip);
    this.sum += trip;
    this.sum2 += trip * trip;
    this.pipe = Math.max(this.pipe, this.sent - seq + 1);
    const ident = o.verbose ? ` ident=${id}` : '';
    const time = o.size >= 16 ? ` time=${tripText(trip)} ms` : '';
    yield* this.line(`${o.audible ? '\x07' : ''}${m.data.length + 8} bytes from ${name(m.src)}: icmp_seq=${seq}${ident} ttl=${m.ttl}${time}${twice ? ' (DUP!)' : ''}`);
  }

  summary(): string {
    const lost = this.sent - this.received;
    const percent = this.sent === 0 ? 0 : (lost * 100) / this.sent;
    let text = `\n--- ${this.shown} ping statistics ---\n${this.sent} packets transmitted, ${this.received} received`;
    if (this.duplicates > 0) text += `, +${this.duplicates} duplicates`;
    if (this.errors > 0) text += `, +${this.errors} errors`;
    if (this.sent > 0) text += `, ${Number(percent.toPrecision(6))}% packet loss, time ${Math.floor((this.last - this.started) / 1000)}ms`;
    text += '\n';
    const total = this.received + this.duplicates;
    if (this.received > 0 && this.o.size >= 16) {
      const avg = Math.floor(this.sum / total);
      const mdev = isqrt(Math.max(0, Math.floor(this.sum2 / total) - avg * avg));
      text += `rtt min/avg/max/mdev = ${ms3(this.min)}/${ms3(avg)}/${ms3(this.max)}/${ms3(mdev)} ms${this.pipe > 1 ? `, pipe ${this.pipe}` : ''}`;
    }
    return `${text}\n`;
  }
}

/** Sends and receives until the count is reached, the deadline has passed or a signal comes. */
function* loop(s: Session): Op<void> {
  const { p, o } = s;
  const end = o.deadline > 0 ? s.started + o.deadline * 1e6 : Number.POSITIVE_INFINITY;
  let nextSend = s.started;
  for (;;) {
    const now = nowUs(p);
    if (now >= end) return;
    if (o.count > 0 && s.received + s.errors >= o.count && (o.deadline === 0 || s.received >= o.count)) return;
    const all = o.count > 0 && s.sent >= o.count && o.deadline === 0;
    if (all && now >= nextSend) return;
    if (!all && now >= nextSend) {
      yield* s.send();
      nextSend = now + o.intervalUs;
      // After the last one: as long as replies took (twice), or the linger time when none came.
      if (o.count > 0 && s.sent >= o.count && o.deadline === 0) nextSend = now + (s.received > 0 ? Math.max(2 * s.max, o.intervalUs) : o.lingerUs === 0 ? Number.POSITIVE_INFINITY : o.lingerUs);
      continue;
    }
    const m = yield* receiveRaw(p, s.sock, Math.min(nextSend, end));
    if (m !== null) yield* s.take(m.packet, m.at, m.error);
  }
}

export const ping = command({
  name: 'ping',
  summary: 'send ICMP ECHO_REQUEST to network hosts',
  path: '/usr/bin/ping',
  package: 'iputils',
  options: {
    '-c': { kind: 'value', says: 'stop after so many replies', arg: 'COUNT' },
    '-i': { kind: 'value', says: 'seconds between packets', arg: 'SECONDS' },
    '-W': { kind: 'value', says: 'seconds to wait for a reply', arg: 'SECONDS' },
    '-w': { kind: 'value', says: 'seconds until exit', arg: 'SECONDS' },
    '-s': { kind: 'value', says: 'data bytes', arg: 'SIZE' },
    '-t': { kind: 'value', says: 'time to live', arg: 'TTL' },
    '-I': { kind: 'value', says: 'source address or interface', arg: 'FROM' },
    '-M': { kind: 'value', says: 'path MTU discovery: do, dont, want, probe', arg: 'HOW' },
    '-Q': { kind: 'value', says: 'type of service', arg: 'TOS' },
    '-q': { kind: 'flag', says: 'only the summary' },
    '-n': { kind: 'flag', says: 'numbers only' },
    '-b': { kind: 'flag', says: 'allow a broadcast address' },
    '-D': { kind: 'flag', says: 'time stamps' },
    '-O': { kind: 'flag', says: 'say when a reply is outstanding' },
    '-v': { kind: 'flag', says: 'verbose' },
    '-f': { kind: 'flag', says: 'flood', modelled: false },
    '-R': { kind: 'flag', says: 'record route', modelled: false },
    '-6': { kind: 'flag', says: 'IPv6', modelled: false },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    try {
      return yield* run(p, args);
    } catch (e) {
      if (!(e instanceof BadUse)) throw e;
      yield* err(p, e.text);
      return e.status;
    }
  },
});

function* run(p: Process, args: Bytes[]): Op<number> {
  const { o, words, stop, other } = readOptions(args);
  if (other !== '') return yield* notModelled(p, 'ping', other);
  if (o.warning !== '') yield* err(p, o.warning);
  if (stop !== null) {
    yield* stop.error ? err(p, stop.text) : out(p, stop.text);
    return stop.status;
  }
  const target = words.at(-1);
  if (target === undefined) throw new BadUse('ping: usage error: Destination address required\n', 1);
  if (target.includes(':')) return yield* notModelled(p, 'ping', 'an IPv6 destination');
  const dst = gethostbyname(p, target);
  if (dst === null) throw new BadUse(`ping: ${target}: ${EAI_AGAIN_TEXT}\n`, 2);
  if (inetAton(target) !== null) o.numeric = true;
  const found = probe(p, o, dst);
  if (found instanceof BadUse) throw found;
  const r = routeOutput(p.host.kernel, dst, found.src, found.oif, 0);
  if (r?.type === 'broadcast') yield* err(p, 'WARNING: pinging broadcast address\n');
  const sock = openRaw(p, IPPROTO_ICMP);
  const fd = installFd(p, sock, 3);
  const named = o.from === '' ? '' : `from ${ipText(found.src)} ${inetAton(o.from) === null ? o.from : ''}: `;
  yield* out(p, `PING ${target} (${ipText(dst)}) ${named}${o.size}(${o.size + 28}) bytes of data.\n`);
  const s = new Session(p, o, target, dst, found.src, found.oif, sock);
  p.caught.add(SIG.INT);
  p.caught.add(SIG.QUIT);
  s.started = s.last = nowUs(p);
  for (;;) {
    try {
      yield* loop(s);
      break;
    } catch (e) {
      if (!(e instanceof Interrupted)) throw e;
      if (takeSignal(p) !== SIG.QUIT) break;
      yield* err(p, quitText(s));
    }
  }
  closeFd(p, fd);
  yield* out(p, s.summary());
  return s.received === 0 || (o.deadline > 0 && o.count > 0 && s.received < o.count) ? 1 : 0;
}

/** What SIGQUIT prints. */
function quitText(s: Session): string {
  const lost = s.sent === 0 ? 0 : Math.floor(((s.sent - s.received) * 100) / s.sent);
  const rtt = s.received === 0 ? '' : `, min/avg/ewma/max = ${ms3(s.min)}/${ms3(Math.floor(s.sum / s.received))}/${ms3(Math.floor(s.sum / s.received))}/${ms3(s.max)} ms`;
  return `\r${s.received}/${s.sent} packets, ${lost}% loss${rtt}\n`;
}

