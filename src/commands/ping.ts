// ping(8) of iputils 20221126: ICMP echo over a raw socket.
// Not modelled: flood and adaptive modes, record route, timestamps of hops, patterns.
import { SIG, Interrupted, type Op, type Process, type Run } from '../host/process';
import { hostText, lookupAny, lookupHost, resolveError } from '../host/resolve';
import { openRaw, receiveRaw, sendRaw } from '../host/socket';
import { closeFd, err, installFd, nowUs, out, sleep, takeSignal, wallSeconds } from '../host/syscall';
import type { SocketFile } from '../host/open_file';
import { strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { pathMtu } from '../kernel/ipv4/icmp';
import { routeOutput } from '../kernel/ipv4/ip_output';
import { inetAton, ipText } from '../wire/ipv4';
import { addressText, IP6_BASE, isIp6, isLinkLocal6 } from '../wire/ipv6';
import { pathMtu6 } from '../kernel/ipv6/icmpv6';
import { IPPROTO_ICMP, IPPROTO_ICMPV6, type Ip, type Packet } from '../wire/packet';
import { command, notModelled } from './command';
import { icmpText } from './iputils/icmp_text';
import { BadUse, isqrt, ms3, tripText } from './iputils/number';
import { icmp6Text, probe6 } from './iputils/ping6';
import { probe } from './iputils/ping_probe';
import { type Ping, readOptions } from './iputils/ping_options';

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
  /** The last probe was answered: the next one confirms the neighbour. */
  private confirm = false;
  constructor(
    readonly p: Process,
    readonly o: Ping,
    readonly shown: Bytes,
    readonly dst: Ip,
    readonly src: Ip,
    readonly oif: number,
    readonly sock: SocketFile,
    /** `%eth0`, behind link-local addresses. */
    readonly scope = '',
  ) {
    this.six = isIp6(dst);
  }
  private readonly six: boolean;

  /** An address as a line shows it: the name (and the numbers), or the numbers. */
  name(ip: Ip): string {
    const t = this.p.host.world.ip6;
    const scope = isIp6(ip) && isLinkLocal6(t, ip - IP6_BASE) ? this.scope : '';
    const text = hostText(this.p, ip, this.o.numeric);
    const numbers = addressText(ip, t);
    return text === numbers ? numbers + scope : `${text} (${numbers}${scope})`;
  }

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
    const mtu = this.six ? pathMtu6(k, this.dst - IP6_BASE) : pathMtu(k, this.dst);
    const fits = (this.six ? 48 : 28) + o.size <= mtu;
    const e = sendRaw(p, this.sock, {
      dst: this.dst, broadcast: o.broadcast, src: this.src, oif: this.oif, icmpType: this.six ? 128 : 8, icmpRest: ((p.pid & 0xffff) << 16) | (seq & 0xffff), data, tos: o.tos,
      confirm: this.confirm, ...(o.ttl > 0 ? { ttl: o.ttl } : {}), df: o.pmtu === 'do' || o.pmtu === 'probe' || (o.pmtu === 'want' && fits),
    });
    this.confirm = false;
    if (e === null) return;
    if (e === 'EPERM') {
      yield* sleep(p, 20); // a rule refused it, which ping says only when an ICMP error about it has come too (REJECT here sends one at once)
      if ((p.host.kernel.rawSockets[this.sock.sock]?.errors.length ?? 0) === 0) return;
    } else this.errors++;
    yield* err(p, e === 'EMSGSIZE' ? `ping: local error: message too long, mtu=${mtu}\n` : `ping: sendmsg: ${strerror(e)}\n`);
  }

  *take(m: Packet, at: number, error: boolean): Op<void> {
    const { o, p } = this;
    const id = p.pid & 0xffff;
    const { six } = this;
    const from = six ? IP6_BASE + m.src : m.src;
    if (error || (!six && m.icmpType === 5)) {
      const q = m.inner;
      if (q === null || q.dst + (six ? IP6_BASE : 0) !== this.dst || q.icmpType !== (six ? 128 : 8) || (q.icmpRest >>> 16) !== id) return;
      const seq = q.icmpRest & 0xffff;
      if (error) this.errors++;
      yield* this.line(`From ${this.name(from)}${error ? '' : ':'} icmp_seq=${seq} ${six ? icmp6Text(m) : icmpText(m)}`);
      return;
    }
    if (m.icmpType !== (six ? 129 : 0) || (m.icmpRest >>> 16) !== id) return;
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
    this.confirm = true;
    this.last = at;
    this.min = Math.min(this.min, trip);
    this.max = Math.max(this.max, trip);
    this.sum += trip;
    this.sum2 += trip * trip;
    this.pipe = Math.max(this.pipe, this.sent - seq + 1);
    const ident = o.verbose ? ` ident=${id}` : '';
    const time = o.size >= 16 ? ` time=${tripText(trip)} ms` : '';
    yield* this.line(`${o.audible ? '\x07' : ''}${m.data.length + 8} bytes from ${this.name(from)}: icmp_seq=${seq}${ident} ttl=${m.ttl}${time}${twice ? ' (DUP!)' : ''}`);
  }

  /** What SIGQUIT prints. */
  quitText(): string {
    const lost = this.sent === 0 ? 0 : Math.floor(((this.sent - this.received) * 100) / this.sent);
    const avg = this.received === 0 ? 0 : Math.floor(this.sum / this.received);
    const rtt = this.received === 0 ? '' : `, min/avg/ewma/max = ${ms3(this.min)}/${ms3(avg)}/${ms3(avg)}/${ms3(this.max)} ms`;
    return `\r${this.received}/${this.sent} packets, ${lost}% loss${rtt}\n`;
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
    '-4': { kind: 'flag', says: 'IPv4 only' },
    '-6': { kind: 'flag', says: 'IPv6 only' },
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
  const [bare = '', scope = ''] = target.includes(':') ? target.split('%') : [target];
  const numbers = inetAton(target) !== null ? 4 : lookupHost(p, bare, 6) !== null && bare.includes(':') ? 6 : 0;
  if (numbers !== 0 && o.family !== 0 && numbers !== o.family) throw new BadUse(`ping: ${target}: Address family for hostname not supported\n`, 2);
  const dst = o.family === 0 ? lookupAny(p, bare) : lookupHost(p, bare, o.family);
  if (dst !== null && isIp6(dst)) return yield* run6(p, o, target, dst, scope, numbers === 6);
  if (dst === null) throw new BadUse(`ping: ${target}: ${resolveError(p)}\n`, 2);
  if (inetAton(target) !== null) o.numeric = true;
  const found = probe(p, o, dst);
  if (found instanceof BadUse) throw found;
  const r = routeOutput(p.host.kernel, dst, found.src, found.oif, 0);
  if (r?.type === 'broadcast') yield* err(p, 'WARNING: pinging broadcast address\n');
  const sock = openRaw(p, IPPROTO_ICMP);
  const fd = installFd(p, sock, 3);
  const named = o.from === '' ? '' : `from ${ipText(found.src)} ${inetAton(o.from) === null ? o.from : ''}: `;
  yield* out(p, `PING ${target} (${ipText(dst)}) ${named}${o.size}(${o.size + 28}) bytes of data.\n`);
  return yield* converse(new Session(p, o, target, dst, found.src, found.oif, sock), fd);
}

/** The same over IPv6. */
function* run6(p: Process, o: Ping, target: Bytes, dst: Ip, scope: Bytes, numeric: boolean): Op<number> {
  if (numeric) o.numeric = true;
  const found = probe6(p, dst, scope, o.from);
  if (o.size + 48 > pathMtu6(p.host.kernel, dst - IP6_BASE) && o.pmtu !== 'do') return yield* notModelled(p, 'ping', 'an IPv6 packet larger than the MTU');
  const sock = openRaw(p, IPPROTO_ICMPV6);
  const fd = installFd(p, sock, 3);
  const s = new Session(p, o, target, dst, found.src, found.oif, sock, found.scope);
  const shown = scope === '' && o.numeric ? addressText(dst, p.host.world.ip6) : s.name(dst);
  const named = o.from === '' ? '' : `from ${s.name(found.src)} ${o.from.includes(':') ? '' : o.from}: `;
  yield* out(p, `PING ${target}(${shown}) ${named}${o.size} data bytes\n`);
  return yield* converse(s, fd);
}

/** Pings until it is over, then the summary. */
function* converse(s: Session, fd: number): Op<number> {
  const { p, o } = s;
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
      yield* err(p, s.quitText());
    }
  }
  closeFd(p, fd);
  yield* out(p, s.summary());
  return s.received === 0 || (o.deadline > 0 && o.count > 0 && s.received < o.count) ? 1 : 0;
}
