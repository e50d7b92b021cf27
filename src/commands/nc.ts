// nc(1), OpenBSD netcat 1.219 as Debian packages it: TCP and UDP connections by hand.
// Not modelled: proxies, UNIX sockets, UDP over IPv6, TLS.
import { type Op, type Process, type Run, SIG } from '../host/process';
import { lookupAny, lookupHost, serviceByName, serviceByPort } from '../host/resolve';
import { acceptTcp, connectUdp, listenTcp, openTcp, openUdp, receiveFrom, sendTo, socketNames } from '../host/socket';
import { closeFd, err, installFd, nowUs, out } from '../host/syscall';
import { strerror, SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { addressText, IP6_BASE, isIp6 } from '../wire/ipv6';
import { command, notModelled } from './command';
import { relay, type RelayLimits } from './relay';

const USAGE = 'usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]\n\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]\n\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]\n\t  [destination] [port]\n';
const WITH_VALUE = 'IiMmOPpqsTVWwXx';
const NOT_MODELLED = 'CDFrStUZIiMmOPTVWXx';

interface Wish {
  /** -4 or -6; 0: either. */
  family: 0 | 4 | 6;
  listen: boolean;
  keep: boolean;
  udp: boolean;
  verbose: boolean;
  zero: boolean;
  numeric: boolean;
  detach: boolean;
  shut: boolean;
  sport: number;
  src: Bytes;
  waitUs: number;
  quitUs: number;
}

function limitsOf(w: Wish): RelayLimits {
  return {
    afterEndUs: w.quitUs >= 0 ? w.quitUs : Number.POSITIVE_INFINITY, idleUs: w.waitUs > 0 ? w.waitUs : Number.POSITIVE_INFINITY, keepOpen: !w.shut, rightEnds: true,
  };
}

function* talk(p: Process, w: Wish, fd: number): Op<void> {
  yield* relay(p, { in: w.detach ? -1 : 0, out: 1 }, { in: fd, out: fd }, limitsOf(w));
  if (p.fds.has(fd)) closeFd(p, fd);
}

/** An address of the family wished. */
const resolve = (p: Process, w: Wish, name: Bytes): number | null => (w.family === 0 ? lookupAny(p, name) : lookupHost(p, name, w.family));

function portOf(p: Process, text: Bytes, proto: string): number | null {
  if (/^\d+$/.test(text)) return Number(text) <= 65535 && Number(text) > 0 ? Number(text) : null;
  return serviceByName(p, text, proto);
}

function* listen(p: Process, w: Wish, ip: number, port: number): Op<number> {
  try {
    if (w.verbose) yield* err(p, `Listening on ${addressText(ip, p.host.world.ip6)} ${port}\n`);
    if (w.udp) {
      const f = openUdp(p, ip, port);
      const fd = installFd(p, f, 3);
      const d = yield* receiveFrom(p, f);
      connectUdp(p, f, d.src, d.sport);
      if (w.verbose) yield* err(p, `Connection received on ${addressText(d.src, p.host.world.ip6)} ${d.sport}\n`);
      yield* out(p, d.data);
      yield* talk(p, w, fd);
      return 0;
    }
    const listener = listenTcp(p, ip, port, 1);
    const lfd = installFd(p, listener, 3);
    do {
      const f = yield* acceptTcp(p, listener);
      const fd = installFd(p, f, 3);
      if (w.verbose) {
        const [, , rip, rport] = socketNames(p, f);
        yield* err(p, `Connection received on ${addressText(rip, p.host.world.ip6)} ${rport}\n`);
      }
      yield* talk(p, w, fd);
    } while (w.keep);
    closeFd(p, lfd);
    return 0;
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    yield* err(p, `nc: ${strerror(e.errno)}\n`);
    return 1;
  }
}

function* connect(p: Process, w: Wish, host: Bytes, ip: number, port: number): Op<number> {
  const proto = w.udp ? 'udp' : 'tcp';
  const src = w.src === '' ? 0 : lookupAny(p, w.src) ?? 0;
  const said = (): string => `${host}${host === addressText(ip, p.host.world.ip6) ? '' : ` (${addressText(ip, p.host.world.ip6)})`} ${port} port [${proto}/${(w.numeric ? null : serviceByPort(p, port, proto)) ?? '*'}] succeeded!\n`;
  try {
    if (w.udp) {
      const f = openUdp(p, src, w.sport);
      const fd = installFd(p, f, 3);
      connectUdp(p, f, ip, port);
      if (w.verbose || w.zero) {
        // udptest: a few datagrams, to hear whether the port is refused
        for (let i = 0; i < 4; i++) {
          sendTo(p, f, ip, port, 'X');
          try {
            yield* receiveFrom(p, f, nowUs(p) + 1000);
          } catch (e) {
            if (e instanceof SysError && e.errno !== 'EAGAIN') return 1;
            if (!(e instanceof SysError)) throw e;
          }
        }
      }
      if (w.verbose) yield* err(p, `Connection to ${said()}`);
      if (!w.zero) yield* talk(p, w, fd);
      return 0;
    }
    const deadline = w.waitUs > 0 ? nowUs(p) + w.waitUs : undefined;
    const f = yield* openTcp(p, ip, port, { ...(w.sport !== 0 ? { sport: w.sport } : {}), ...(src !== 0 ? { src } : {}), ...(deadline !== undefined ? { deadline } : {}) });
    const fd = installFd(p, f, 3);
    if (w.verbose) yield* err(p, `Connection to ${said()}`);
    if (w.zero) closeFd(p, fd);
    else yield* talk(p, w, fd);
    return 0;
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    if (e.errno === 'EADDRINUSE') yield* err(p, `nc: bind failed: ${strerror(e.errno)}\n`);
    else if (w.verbose) yield* err(p, `nc: connect to ${host} port ${port} (${proto}) ${e.errno === 'ETIMEDOUT' && w.waitUs > 0 ? 'timed out: Operation now in progress' : `failed: ${strerror(e.errno)}`}\n`);
    return 1;
  }
}

export const nc = command({
  name: 'nc',
  summary: 'arbitrary TCP and UDP connections and listens',
  path: '/usr/bin/nc',
  package: 'netcat-openbsd',
  options: {
    '-l': { kind: 'flag', says: 'listen' },
    '-k': { kind: 'flag', says: 'listen again after a connection' },
    '-u': { kind: 'flag', says: 'UDP' },
    '-v': { kind: 'flag', says: 'verbose' },
    '-z': { kind: 'flag', says: 'only look whether the port is open' },
    '-n': { kind: 'flag', says: 'no name lookups' },
    '-N': { kind: 'flag', says: 'shut the connection down at the end of input' },
    '-d': { kind: 'flag', says: 'do not read input' },
    '-p': { kind: 'value', says: 'source port', arg: 'PORT' },
    '-s': { kind: 'value', says: 'source address', arg: 'ADDRESS' },
    '-w': { kind: 'value', says: 'timeout', arg: 'SECONDS' },
    '-q': { kind: 'value', says: 'seconds to stay after the end of input', arg: 'SECONDS' },
    '-x': { kind: 'value', says: 'proxy', modelled: false },
    '-U': { kind: 'flag', says: 'UNIX sockets', modelled: false },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    const w: Wish = { family: 0, listen: false, keep: false, udp: false, verbose: false, zero: false, numeric: false, detach: false, shut: false, sport: 0, src: '', waitUs: 0, quitUs: -1 };
    const words: Bytes[] = [];
    for (let i = 0; i < args.length; i++) {
      const word = args[i]!;
      if (!/^-./.test(word)) {
        words.push(word);
        continue;
      }
      for (let j = 1; j < word.length; j++) {
        const c = word[j]!;
        let v = '';
        if (WITH_VALUE.includes(c)) {
          const given = word.slice(j + 1) || args[++i];
          if (given === undefined) {
            yield* err(p, `nc: option requires an argument -- '${c}'\n${USAGE}`);
            return 1;
          }
          v = given;
          j = word.length;
        }
        if (NOT_MODELLED.includes(c)) return yield* notModelled(p, 'nc', `option -${c}`);
        if (c === 'l') w.listen = true;
        else if (c === 'k') w.keep = true;
        else if (c === 'u') w.udp = true;
        else if (c === 'v') w.verbose = true;
        else if (c === 'z') w.zero = true;
        else if (c === 'n') w.numeric = true;
        else if (c === 'd') w.detach = true;
        else if (c === 'N') w.shut = true;
        else if (c === 'p') w.sport = Number(v);
        else if (c === 's') w.src = v;
        else if (c === 'w') w.waitUs = Number(v) * 1e6;
        else if (c === 'q') w.quitUs = Number(v) < 0 ? -1 : Number(v) * 1e6;
        else if (c === '4' || c === '6') w.family = c === '4' ? 4 : 6;
        else if (c !== 'b') {
          yield* err(p, `nc: invalid option -- '${c}'\n${USAGE}`);
          return 1;
        }
      }
    }
    p.ignored.add(SIG.PIPE);
    const proto = w.udp ? 'udp' : 'tcp';
    if (w.listen && w.zero) {
      yield* err(p, 'nc: cannot use -z and -l\n');
      return 1;
    }
    if (w.listen) {
      const portText = w.sport !== 0 ? String(w.sport) : words.at(-1) ?? '';
      const host = w.sport !== 0 ? words[0] : words.length > 1 ? words[0] : undefined;
      const port = portOf(p, portText, proto);
      if (port === null) {
        yield* err(p, 'nc: missing port number\n');
        return 1;
      }
      return yield* listen(p, w, host === undefined ? (w.family === 6 ? IP6_BASE : 0) : resolve(p, w, host) ?? 0, port);
    }
    if (w.keep) {
      yield* err(p, 'nc: must use -l with -k\n');
      return 1;
    }
    const [host, ports] = words;
    if (host === undefined || ports === undefined) {
      yield* err(p, host === undefined ? USAGE : 'nc: missing port number\n');
      return 1;
    }
    const ip = resolve(p, w, host);
    if (ip === null) {
      yield* err(p, `nc: getaddrinfo for host "${host}" port ${ports}: Temporary failure in name resolution\n`);
      return 1;
    }
    if (w.udp && isIp6(ip)) return yield* notModelled(p, 'nc', 'UDP over IPv6');
    const range = /^(\d+)-(\d+)$/.exec(ports);
    const list = range === null ? [portOf(p, ports, proto)] : Array.from({ length: Math.max(0, Number(range[2]) - Number(range[1]) + 1) }, (_, i) => Number(range[1]) + i);
    let status = 1;
    for (const port of list) {
      if (port === null) {
        yield* err(p, `nc: port number ${/^\d+$/.test(ports) ? (Number(ports) > 65535 ? 'too large' : 'too small') : 'invalid'}: ${ports}\n`);
        return 1;
      }
      const done = yield* connect(p, w, host, ip, port);
      if (done === 0) status = 0;
      if (!w.zero && done === 0) break;
    }
    return status;
  },
});
