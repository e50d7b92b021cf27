// traceroute(1), the modern one (2.1.2): which routers a packet passes, by UDP or ICMP probes of growing TTL.
// Not modelled: TCP and other probe kinds, extensions, AS lookups, waiting relative to other hops.
import type { Op, Process, Run } from '../host/process';
import { gethostbyaddr, gethostbyname, resolveError } from '../host/resolve';
import { openRaw, openUdp, receiveRaw, sendRaw, sendTo } from '../host/socket';
import { closeFd, err, installFd, nowUs, out } from '../host/syscall';
import type { SocketFile } from '../host/open_file';
import { strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { ipText } from '../wire/ipv4';
import { IPPROTO_ICMP, IPPROTO_UDP, type Ip } from '../wire/packet';
import { command, notModelled } from './command';
import { ms3 } from './iputils/number';
import { TRACEROUTE_USAGE } from './iputils/usage';

interface Wish {
  first: number;
  max: number;
  queries: number;
  together: number;
  waitUs: number;
  icmp: boolean;
  fixedPort: boolean;
  port: number;
  numeric: boolean;
  src: Ip;
  dontFragment: boolean;
}

interface Probe {
  ttl: number;
  sentAt: number;
  /** Identifies the probe in what comes back: destination port or ICMP sequence. */
  mark: number;
  from: Ip | null;
  at: number;
  final: boolean;
  note: string;
  done: boolean;
}

/** What stands behind the time for an ICMP error. */
function noteOf(code: number): string {
  return ['!N', '!H', '!P', '', '!F', '!S', '!U', '!W', '!I', '!A', '!Z', '!Q', '!T', '!X', '!V', '!C'][code] ?? `!<${code}>`;
}

class Tracer {
  readonly probes: Probe[] = [];
  private next = 0;
  readonly fds: number[] = [];
  constructor(
    private readonly p: Process,
    private readonly w: Wish,
    private readonly dst: Ip,
    private readonly len: number,
    private readonly raw: SocketFile,
  ) {
    for (let i = 0; i < (w.max - w.first + 1) * w.queries; i++) {
      this.probes.push({ ttl: w.first + Math.floor(i / w.queries), sentAt: 0, mark: 0, from: null, at: 0, final: false, note: '', done: false });
    }
  }

  private send(): string | null {
    const { p, w } = this;
    const n = this.next++;
    const b = this.probes[n]!;
    b.sentAt = nowUs(p);
    const data = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn'.repeat(40).slice(0, Math.max(0, this.len - 28));
    b.mark = w.icmp ? n + 1 : w.fixedPort ? w.port : w.port + n;
    const e = w.icmp
      ? sendRaw(p, this.raw, { dst: this.dst, ...(w.src !== 0 ? { src: w.src } : {}), ttl: b.ttl, icmpType: 8, icmpRest: ((p.pid & 0xffff) << 16) | b.mark, data, df: w.dontFragment })
      : sendTo(p, this.udp(), this.dst, b.mark, data, { ttl: b.ttl, df: w.dontFragment });
    return e === null ? null : `send: ${strerror(e)}`;
  }

  /** A socket for each probe, so each leaves from a port of its own. */
  private udp(): SocketFile {
    const s = openUdp(this.p, this.w.src, 0);
    this.fds.push(installFd(this.p, s, 3));
    return s;
  }

  /** The last probe that matters: those of hops behind a final answer do not. */
  private limit(): number {
    const last = this.probes.find((b) => b.final);
    return last === undefined ? this.probes.length : (last.ttl - this.w.first + 1) * this.w.queries;
  }

  /** Sends and collects until probe `n` is answered or too late. An error text when sending failed. */
  *until(n: number): Op<string | null> {
    const { p, w } = this;
    for (;;) {
      for (const b of this.probes.slice(0, this.next)) if (!b.done && nowUs(p) >= b.sentAt + w.waitUs) b.done = true;
      const flying = this.probes.slice(0, this.next).filter((b) => !b.done);
      while (this.next < this.limit() && flying.length < w.together) {
        const e = this.send();
        if (e !== null) return e;
        flying.push(this.probes[this.next - 1]!);
      }
      if (this.probes[n]!.done) return null;
      const first = Math.min(...flying.map((b) => b.sentAt + w.waitUs));
      const m = yield* receiveRaw(p, this.raw, first);
      if (m === null) continue;
      this.take(m.packet, m.at, m.error);
    }
  }

  private take(m: { src: Ip; icmpType: number; icmpCode: number; icmpRest: number; inner: { dst: Ip; proto: number; dport: number; sport: number; icmpRest: number } | null }, at: number, error: boolean): void {
    const { w, p } = this;
    let mark = -1;
    if (error) {
      const q = m.inner;
      if (q === null || q.dst !== this.dst) return;
      if (w.icmp && q.proto === IPPROTO_ICMP && q.icmpRest >>> 16 === (p.pid & 0xffff)) mark = q.icmpRest & 0xffff;
      else if (!w.icmp && q.proto === IPPROTO_UDP) mark = q.dport;
    } else if (w.icmp && m.icmpType === 0 && m.icmpRest >>> 16 === (p.pid & 0xffff)) mark = m.icmpRest & 0xffff;
    const b = this.probes.slice(0, this.next).find((x) => !x.done && x.mark === mark);
    if (b === undefined) return;
    b.done = true;
    b.from = m.src;
    b.at = at;
    b.final = !(error && m.icmpType === 11);
    if (error && m.icmpType === 3 && !(m.icmpCode === 3 && !w.icmp)) b.note = ` ${noteOf(m.icmpCode)}`.trimEnd();
  }
}

export const traceroute = command({
  name: 'traceroute',
  summary: 'the route packets take to a host',
  path: '/usr/bin/traceroute',
  package: 'traceroute',
  options: {
    '-n': { kind: 'flag', says: "don't resolve names" },
    '-I': { kind: 'flag', says: 'ICMP echo probes' },
    '-U': { kind: 'flag', says: 'UDP to one port (53)' },
    '-q': { kind: 'value', says: 'probes a hop', arg: 'N' },
    '-w': { kind: 'value', says: 'seconds to wait', arg: 'MAX' },
    '-m': { kind: 'value', says: 'most hops', arg: 'MAX' },
    '-f': { kind: 'value', says: 'first hop', arg: 'FIRST' },
    '-N': { kind: 'value', says: 'probes at a time', arg: 'N' },
    '-p': { kind: 'value', says: 'port', arg: 'PORT' },
    '-s': { kind: 'value', says: 'source address', arg: 'ADDRESS' },
    '-F': { kind: 'flag', says: "don't fragment" },
    '-T': { kind: 'flag', says: 'TCP SYN probes', modelled: false },
    '-6': { kind: 'flag', says: 'IPv6', modelled: false },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    const w: Wish = { first: 1, max: 30, queries: 3, together: 16, waitUs: 5e6, icmp: false, fixedPort: false, port: 33434, numeric: false, src: 0, dontFragment: false };
    const words: { text: Bytes; at: number }[] = [];
    const LONG: Readonly<Record<string, string>> = { icmp: 'I', udp: 'U', first: 'f', 'max-hops': 'm', queries: 'q', wait: 'w', port: 'p', source: 's', 'sim-queries': 'N', 'dont-fragment': 'F', version: 'V', tcp: 'T' };
    for (let i = 0; i < args.length; i++) {
      const word = args[i]!;
      if (!/^-./.test(word)) {
        words.push({ text: word, at: i + 1 });
        continue;
      }
      if (word === '--help') {
        yield* out(p, TRACEROUTE_USAGE);
        return 0;
      }
      const long = word.startsWith('--');
      const eq = word.indexOf('=');
      const letters = long ? LONG[word.slice(2, eq < 0 ? word.length : eq)] ?? '?' : word.slice(1);
      for (let j = 0; j < letters.length; j++) {
        const c = letters[j]!;
        let v = '';
        if ('fgimNptlwqsz'.includes(c)) {
          const given = (long && eq >= 0 ? word.slice(eq + 1) : letters.slice(j + 1)) || args[++i];
          if (given === undefined) {
            yield* err(p, `Option \`-${c}' (argc ${args.length}) requires an argument: \`-${c} ${c === 'm' ? 'max_ttl' : 'value'}'\n`);
            return 2;
          }
          v = given;
          j = letters.length;
        }
        if (c === 'n') w.numeric = true;
        else if (c === 'I') w.icmp = true;
        else if (c === 'U') {
          w.fixedPort = true;
          w.port = 53;
        } else if (c === 'f') w.first = Number(v);
        else if (c === 'm') w.max = Number(v);
        else if (c === 'q') w.queries = Number(v);
        else if (c === 'N') w.together = Math.max(1, Number(v));
        else if (c === 'w') w.waitUs = Number(v.split(',')[0]) * 1e6;
        else if (c === 'p') w.port = Number(v);
        else if (c === 's') w.src = gethostbyname(p, v) ?? 0;
        else if (c === 'F') w.dontFragment = true;
        else if (c === 'V') {
          yield* err(p, 'Modern traceroute for Linux, version 2.1.2\nCopyright (c) 2016  Dmitry Butskoy,   License: GPL v2 or any later\n');
          return 0;
        } else if ('Tgi6dreAMOPDtlz'.includes(c)) return yield* notModelled(p, 'traceroute', `option ${long ? word : `-${c}`}`);
        else if (c !== '4') {
          yield* err(p, `Bad option \`${word}' (argc ${i + 1})\n`);
          return 2;
        }
      }
    }
    const target = words[0];
    if (target === undefined) {
      if (args.length === 0) yield* err(p, TRACEROUTE_USAGE);
      else yield* err(p, 'Specify "host" missing argument.\n');
      return args.length === 0 ? 0 : 2;
    }
    if (w.max < 1 || w.max > 255 || w.first > w.max || w.queries < 1 || w.queries > 10) {
      yield* err(p, w.queries < 1 || w.queries > 10 ? 'no more than 10 probes per hop\n' : w.max > 255 ? 'max hops cannot be more than 255\n' : 'first hop out of range\n');
      return 2;
    }
    const dst = gethostbyname(p, target.text);
    if (dst === null) {
      yield* err(p, `${target.text}: ${resolveError(p)}\nCannot handle "host" cmdline arg \`${target.text}' on position 1 (argc ${target.at})\n`);
      return 2;
    }
    return yield* trace(p, w, target.text, dst, Math.max(28, Number(words[1]?.text ?? 60)));
  },
});

function* trace(p: Process, w: Wish, shown: Bytes, dst: Ip, len: number): Op<number> {
  const raw = openRaw(p, IPPROTO_ICMP);
  const rawFd = installFd(p, raw, 3);
  const t = new Tracer(p, w, dst, len, raw);
  yield* out(p, `traceroute to ${shown} (${ipText(dst)}), ${w.max} hops max, ${len} byte packets\n`);
  for (let hop = 0; hop < w.max - w.first + 1; hop++) {
    yield* out(p, `${String(w.first + hop).padStart(2)} `);
    let last: Ip | null = null;
    let final = false;
    for (let q = 0; q < w.queries; q++) {
      const n = hop * w.queries + q;
      const e = yield* t.until(n);
      if (e !== null) {
        yield* out(p, '\n');
        yield* err(p, `${e}\n`);
        closeFd(p, rawFd);
        return 1;
      }
      const b = t.probes[n]!;
      if (b.from === null) {
        yield* out(p, ' *');
        continue;
      }
      const name = w.numeric ? null : gethostbyaddr(p, b.from) ?? ipText(b.from);
      const who = b.from === last ? '' : ` ${name === null ? ipText(b.from) : `${name} (${ipText(b.from)})`}`;
      yield* out(p, `${who}  ${ms3(b.at - b.sentAt)} ms${b.note}`);
      last = b.from;
      final ||= b.final;
    }
    yield* out(p, '\n');
    if (final) break;
  }
  closeFd(p, rawFd);
  for (const fd of t.fds) closeFd(p, fd);
  return 0;
}
