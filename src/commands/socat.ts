// socat(1) 1.7.4: carries bytes between two addresses.
// Not modelled: addresses other than STDIO, TCP, UDP over IPv4, EXEC and SYSTEM, and their many options.
import { type Op, type Process, type Run, SIG } from '../host/process';
import type { OpenFile } from '../host/open_file';
import { lookupAny, lookupHost, serviceByName } from '../host/resolve';
import { acceptTcp, connectUdp, listenTcp, openTcp, openUdp, receiveFrom } from '../host/socket';
import { closeFd, err, forkRun, installFd, makePipe, out, releaseFile, spawn, wallSeconds, waitpid } from '../host/syscall';
import { strerror, SysError } from '../lib/errno';
import { civil, two } from '../lib/calendar';
import type { Bytes } from '../lib/text';
import { ipText } from '../wire/ipv4';
import { IP6_BASE, isIp6 } from '../wire/ipv6';
import { command, notModelled } from './command';
import { type End, relay, type RelayLimits } from './relay';

interface Address {
  type: string;
  /** 4 or 6 when the name says so, else 0. */
  family: 0 | 4 | 6;
  /** The keyword as written. */
  word: string;
  args: Bytes[];
  opts: Map<string, Bytes>;
}
class Unknown extends Error {}
class Failed extends Error {}

const TYPES: Readonly<Record<string, string>> = {
  '-': 'STDIO', STDIO: 'STDIO', STDIN: 'STDIN', STDOUT: 'STDOUT', TCP: 'TCP', TCP4: 'TCP', 'TCP-CONNECT': 'TCP', 'TCP4-CONNECT': 'TCP', 'TCP-LISTEN': 'TCP-LISTEN', 'TCP-L': 'TCP-LISTEN',
  TCP6: 'TCP', 'TCP6-CONNECT': 'TCP', 'TCP6-LISTEN': 'TCP-LISTEN', 'TCP6-L': 'TCP-LISTEN', 'TCP4-LISTEN': 'TCP-LISTEN', 'TCP4-L': 'TCP-LISTEN', UDP: 'UDP', UDP4: 'UDP', 'UDP-CONNECT': 'UDP', 'UDP4-CONNECT': 'UDP', 'UDP-LISTEN': 'UDP-LISTEN', 'UDP-L': 'UDP-LISTEN',
  'UDP4-LISTEN': 'UDP-LISTEN', 'UDP4-L': 'UDP-LISTEN', 'UDP-RECVFROM': 'UDP-RECVFROM', 'UDP4-RECVFROM': 'UDP-RECVFROM', 'UDP-SENDTO': 'UDP', 'UDP4-SENDTO': 'UDP', EXEC: 'EXEC', SYSTEM: 'SYSTEM',
};

function parseAddress(text: Bytes): Address {
  const comma = text.indexOf(',');
  const head = comma < 0 ? text : text.slice(0, comma);
  const opts = new Map<string, Bytes>();
  if (comma >= 0) for (const o of text.slice(comma + 1).split(',')) opts.set(o.split('=')[0]!.toLowerCase(), o.split('=').slice(1).join('='));
  const colon = head.indexOf(':');
  const word = (colon < 0 ? head : head.slice(0, colon)).toUpperCase();
  const type = TYPES[word];
  if (type === undefined) throw new Unknown(head);
  const rest = colon < 0 ? '' : head.slice(colon + 1);
  const family = /^(TCP|UDP)4/.test(word) ? 4 : /^TCP6/.test(word) ? 6 : 0;
  const args = type === 'EXEC' || type === 'SYSTEM' ? [rest] : (rest.match(/\[[^\]]*\]|[^:]+|(?<=:)(?=:)/g) ?? ['']);
  const wanted = type === 'TCP' || type === 'UDP' ? 2 : 0;
  if (wanted !== 0 && args.length !== wanted) throw new Failed(`E ${word}: wrong number of parameters (${args.length} instead of ${wanted})`);
  return { type, family, word, args, opts };
}

/** The address of a host's name, brackets taken off. */
function resolve(p: Process, name: Bytes, family: 0 | 4 | 6): number | null {
  const bare = name.replace(/^\[(.*)\]$/, '$1');
  return family === 0 ? lookupAny(p, bare) : lookupHost(p, bare, family);
}

/** How socat writes a socket address: AF=2 a.b.c.d:port, or AF=10 with all digits of every group. */
function sockaddr(p: Process, ip: number, number: number): string {
  if (!isIp6(ip)) return `AF=2 ${ipText(ip)}:${number}, 16`;
  const words = [0, 1, 2, 3].map((i) => (p.host.world.ip6.word(ip - IP6_BASE, i) >>> 0).toString(16).padStart(8, '0'));
  return `AF=10 [${words.map((w) => `${w.slice(0, 4)}:${w.slice(4)}`).join(':')}]:${number}, 28`;
}

function port(p: Process, text: Bytes, proto: string): number {
  return /^\d+$/.test(text) ? Number(text) : serviceByName(p, text, proto) ?? 0;
}

/** Opens the second kind of address: one that is ready at once. */
function* openAddress(p: Process, a: Address): Op<{ end: End; pid: number }> {
  switch (a.type) {
    case 'STDIO':
      return { end: { in: 0, out: 1 }, pid: 0 };
    case 'STDIN':
      return { end: { in: 0, out: -1 }, pid: 0 };
    case 'STDOUT':
      return { end: { in: -1, out: 1 }, pid: 0 };
    case 'TCP':
    case 'UDP': {
      const ip = resolve(p, a.args[0] ?? '', a.type === 'UDP' ? 4 : a.family);
      if (ip === null) throw new Failed(`E getaddrinfo("${a.args[0] ?? ''}", "NULL", {1,2,${a.type === 'TCP' ? '1,6' : '2,17'}}, {}): Temporary failure in name resolution`);
      const number = port(p, a.args[1] ?? '', a.type.toLowerCase());
      const sport = Number(a.opts.get('sourceport') ?? a.opts.get('sp') ?? 0);
      const bound = a.opts.get('bind') ?? '';
      const src = bound === '' ? 0 : resolve(p, bound.startsWith('[') ? bound.replace(/\]:.*$/, ']') : bound.split(':')[0]!, isIp6(ip) ? 6 : 4) ?? 0;
      try {
        if (a.type === 'TCP') {
          const f = yield* openTcp(p, ip, number, { reuse: a.opts.has('reuseaddr'), ...(sport !== 0 ? { sport } : {}), ...(src !== 0 ? { src } : {}) });
          const fd = installFd(p, f, 3);
          return { end: { in: fd, out: fd }, pid: 0 };
        }
        const f = openUdp(p, src, sport);
        const fd = installFd(p, f, 3);
        connectUdp(p, f, ip, number);
        return { end: { in: fd, out: fd }, pid: 0 };
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        if (e.errno === 'EADDRINUSE') throw new Failed(`E bind(5, {${sockaddr(p, src, sport).replace(/, 16$/, '}, 16')}): ${strerror(e.errno)}`);
        throw new Failed(`E connect(5, ${sockaddr(p, ip, number)}): ${strerror(e.errno)}`);
      }
    }
    case 'EXEC':
    case 'SYSTEM':
      return openProgram(p, a);
    default:
      throw new Unknown(a.type);
  }
}

function openProgram(p: Process, a: Address): { end: End; pid: number } {
  const [toRead, toWrite] = makePipe(p);
  const [fromRead, fromWrite] = makePipe(p);
  const words = (a.args[0] ?? '').split(/ +/).filter((w) => w !== '');
  const fds = new Map<number, OpenFile>([[0, toRead], [1, fromWrite]]);
  const stderr = p.fds.get(2);
  if (stderr !== undefined) fds.set(2, stderr);
  // The parent's references keep the pipes alive until the child has its own.
  const path = a.type === 'SYSTEM' ? '/bin/sh' : search(p, words[0] ?? '');
  const child = spawn(p, { path, argv: a.type === 'SYSTEM' ? ['sh', '-c', a.args[0] ?? ''] : words, fds });
  const end = { in: installFd(p, fromRead, 3), out: installFd(p, toWrite, 3) };
  return { end, pid: child.pid };
}

/** execvp's search along PATH. */
function search(p: Process, name: Bytes): Bytes {
  if (name.includes('/')) return name;
  for (const dir of (p.env.get('PATH') ?? '/usr/bin:/bin').split(':')) if (p.host.vfs.access(p, `${dir}/${name}`, 1)) return `${dir}/${name}`;
  return name;
}

/** Joins an open end with what the other address opens; then both are closed. */
function* serve(p: Process, first: End, firstAddress: Address | null, second: Address, limits: RelayLimits): Op<void> {
  const other = yield* openAddress(p, second);
  yield* relay(p, first, other.end, limits);
  for (const fd of new Set([first.in, first.out, other.end.in, other.end.out])) if (fd > 2 && p.fds.has(fd)) closeFd(p, fd);
  if (other.pid !== 0) {
    const child = p.host.procs.get(other.pid);
    if (child !== undefined && child.state !== 'Z' && firstAddress?.type !== 'STDIO') p.host.kill(child, SIG.TERM);
    yield* waitpid(p, [other.pid], { nohang: true });
  }
}

function* listen(p: Process, a: Address, second: Address, limits: RelayLimits): Op<void> {
  const number = port(p, a.args[0] ?? '', a.type.startsWith('TCP') ? 'tcp' : 'udp');
  const any = a.family === 6 ? IP6_BASE : 0;
  const bind = a.opts.has('bind') ? (resolve(p, a.opts.get('bind') ?? '', a.family) ?? any) : any;
  const fork = a.opts.has('fork');
  const failed = (e: unknown): Failed => {
    if (!(e instanceof SysError)) throw e;
    return new Failed(`E bind(5, {${sockaddr(p, bind, number).replace(/, /, '}, ')}): ${strerror(e.errno)}`);
  };
  /** Runs one conversation, in a child with `fork`. */
  const converse = function* (f: OpenFile, data: Bytes, reads: boolean): Op<void> {
    const body = function* (q: Process): Run {
      const fd = installFd(q, f, 3);
      try {
        if (data !== '') yield* relayFirst(q, fd, data, second, limits, reads);
        else yield* serve(q, { in: reads ? fd : -1, out: fd }, a, second, limits);
      } catch (e) {
        if (e instanceof Failed) yield* say(q, e.message);
        else if (!(e instanceof SysError)) throw e;
        return 1;
      }
      return 0;
    };
    if (!fork) {
      yield* body(p);
      return;
    }
    p.ignored.add(SIG.CHLD);
    forkRun(p, {}, body);
    for (const c of [...p.host.procs.values()]) if (c.ppid === p.pid && c.state === 'Z') p.host.procs.delete(c.pid);
  };
  if (a.type === 'TCP-LISTEN') {
    let listener: ReturnType<typeof listenTcp>;
    try {
      const only = a.opts.get('ipv6only') ?? a.opts.get('ipv6-v6only');
      listener = listenTcp(p, bind, number, Number(a.opts.get('backlog') ?? 5), only !== undefined && only !== '0');
    } catch (e) {
      throw failed(e);
    }
    const fd = installFd(p, listener, 3);
    do {
      const f = yield* acceptTcp(p, listener);
      if (fork) f.refs++; // ours, until the child holds it
      else closeFd(p, fd); // one guest only: the door is shut behind it
      yield* converse(f, '', true);
      if (fork) yield* hold(p, f);
    } while (fork);
    return;
  }
  do {
    let f: ReturnType<typeof openUdp>;
    try {
      f = openUdp(p, bind, number, true);
    } catch (e) {
      throw failed(e);
    }
    if (fork) f.refs++;
    const d = yield* receiveFrom(p, f);
    connectUdp(p, f, d.src, d.sport);
    yield* converse(f, d.data, a.type === 'UDP-LISTEN');
    if (fork) yield* hold(p, f);
  } while (fork);
}

/** The child has taken the descriptor by its first instant; then our reference goes. */
function* hold(p: Process, f: OpenFile): Op<void> {
  yield { on: [], until: p.host.world.clock.now + 1000 };
  releaseFile(p, f);
}

/** A conversation whose first datagram has been read already. */
function* relayFirst(p: Process, fd: number, data: Bytes, second: Address, limits: RelayLimits, reads: boolean): Op<void> {
  const other = yield* openAddress(p, second);
  const stdin = p.fds.get(other.end.out);
  if (stdin !== undefined && (stdin.kind !== 'pipe' || stdin.pipe.readers > 0)) {
    if (stdin.kind === 'pipe') stdin.pipe.data += data;
    else yield* out(p, data);
    if (stdin.kind === 'pipe') p.host.wake(stdin.pipe.readQueue);
  }
  if (!reads && stdin?.kind === 'pipe') closeFd(p, other.end.out);
  yield* relay(p, { in: reads ? fd : -1, out: fd }, other.end, limits);
}

function* say(p: Process, text: string): Op<void> {
  const c = civil(Math.floor(wallSeconds(p)));
  yield* err(p, `${c.year}/${two(c.month)}/${two(c.day)} ${two(c.hour)}:${two(c.minute)}:${two(c.second)} socat[${p.pid}] ${text}\n`);
}

export const socat = command({
  name: 'socat',
  summary: 'relay between two addresses',
  path: '/usr/bin/socat',
  package: 'socat',
  options: {
    '-t': { kind: 'value', says: 'seconds to wait for the other side after one has ended', arg: 'SECONDS' },
    '-T': { kind: 'value', says: 'seconds of silence before it gives up', arg: 'SECONDS' },
    '-u': { kind: 'flag', says: 'one way only, from left to right' },
    '-U': { kind: 'flag', says: 'one way only, from right to left' },
    '-d': { kind: 'flag', says: 'more messages' },
    '-V': { kind: 'flag', says: 'version', modelled: false },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    const limits: RelayLimits = { afterEndUs: 500_000, idleUs: Number.POSITIVE_INFINITY };
    const words: Bytes[] = [];
    let only: 0 | 1 | undefined;
    for (let i = 0; i < args.length; i++) {
      const word = args[i]!;
      if (/^-[tT]/.test(word)) {
        const value = word.slice(2) || args[++i] || '';
        const us = Math.round(Number(value) * 1e6);
        if (word[1] === 't') limits.afterEndUs = us;
        else if (us > 0) limits.idleUs = us;
      } else if (word === '-u' || word === '-U') only = word === '-u' ? 0 : 1;
      else if (/^-d+$/.test(word) || /^-[sv]$/.test(word) || word === '-4') continue;
      else if (/^-./.test(word) && !/^-(?:[Vh?dDvrRxbsgLW46]|l[yfsmpuh]|hh|hhh|-experimental|-statistics)/.test(word)) {
        yield* say(p, `E unknown option "${word}"; use option "-h" for help`);
        return 1;
      } else if (/^-./.test(word)) return yield* notModelled(p, 'socat', `option ${word}`);
      else words.push(word);
    }
    if (words.length !== 2) {
      yield* say(p, `E exactly 2 addresses required (there are ${words.length}); use option "-h" for help`);
      return 1;
    }
    p.ignored.add(SIG.PIPE);
    try {
      const [a, b] = words.map(parseAddress) as [Address, Address];
      const swapped = !/LISTEN|RECVFROM/.test(a.type) && /LISTEN|RECVFROM/.test(b.type);
      if (only !== undefined) limits.only = swapped ? (only === 0 ? 1 : 0) : only;
      if (/LISTEN|RECVFROM/.test(a.type)) yield* listen(p, a, b, limits);
      else if (/LISTEN|RECVFROM/.test(b.type)) yield* listen(p, b, a, limits);
      else {
        const first = yield* openAddress(p, a);
        yield* serve(p, first.end, a, b, limits);
      }
      return 0;
    } catch (e) {
      if (e instanceof Unknown) return yield* notModelled(p, 'socat', `address ${e.message}`);
      if (e instanceof Failed) {
        yield* say(p, e.message);
        return 1;
      }
      if (e instanceof SysError) {
        yield* say(p, `E read(5, ...): ${strerror(e.errno)}`);
        return 1;
      }
      throw e;
    }
  },
});
