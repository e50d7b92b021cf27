// ss(8) of iproute2 6.1: sockets through sock_diag.
// Not modelled: TCP's own figures (-i), event mode, dumps, other network namespaces; families other than inet and netlink have no sockets here, so their tables are empty.
import type { Op, Process, Run } from '../host/process';
import { gethostbyaddr, protocolNumberName, serviceByPort } from '../host/resolve';
import { err, out } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { TCP, TF } from '../kernel/ipv4/tcp_state';
import { tcpAbort } from '../kernel/ipv4/tcp';
import { hostPart, isIp6 } from '../wire/ipv6';
import { command, notModelled } from './command';
import { rawRows, type SocketRow, tcpRows, udpRows } from './sockets';
import { renderColumns } from './ss/columns';
import { cgroup, cgroupErrors, extended, giveCookies, memory, timer, tos, users } from './ss/details';
import { ALL, CONNECTED, readFilter, readStates, SsError, SsNotModelled, stateBit } from './ss/filter';
import { SS_USAGE } from './ss_usage';

const STATES: readonly string[] = ['UNKNOWN', 'ESTAB', 'SYN-SENT', 'SYN-RECV', 'FIN-WAIT-1', 'FIN-WAIT-2', 'TIME-WAIT', 'UNCONN', 'CLOSE-WAIT', 'LAST-ACK', 'LISTEN', 'CLOSING'];
const LONG: Readonly<Record<string, string>> = {
  help: 'h', version: 'V', numeric: 'n', resolve: 'r', all: 'a', listening: 'l', options: 'o', extended: 'e', memory: 'm', processes: 'p', threads: 'T', info: 'i', summary: 's',
  bpf: 'b', events: 'E', context: 'Z', contexts: 'z', net: 'N', ipv4: '4', ipv6: '6', packet: '0', tcp: 't', mptcp: 'M', sctp: 'S', udp: 'u', dccp: 'd', raw: 'w', unix: 'x',
  kill: 'K', 'no-header': 'H', oneline: 'O', family: 'f', query: 'A', socket: 'A', diag: 'D', filter: 'F', tos: 'tos', cgroup: 'cgroup', tipc: 'tipc', vsock: 'vsock', xdp: 'xdp',
  tipcinfo: 'tipcinfo', 'inet-sockopt': 'inet-sockopt',
};
const NEED = 'fADFN';
const KNOWN = 'hVnraloempTisbEZzN460tMSudwxKHOfADF';
const NOT_MODELLED: readonly string[] = ['i', 'E', 'N', 'D', 'F', 'tipcinfo', 'inet-sockopt'];
const CLOSED = stateBit(TCP.CLOSE);
const ESTABLISHED = stateBit(TCP.ESTABLISHED);
/** Tables, how many databases each has, and the states it shows when nothing is said. */
const TABLES: Readonly<Record<string, readonly [databases: number, states: number]>> = {
  t: [1, CONNECTED], M: [1, CONNECTED], S: [1, CONNECTED], d: [1, CONNECTED], u: [1, ESTABLISHED], w: [1, ESTABLISHED], x: [3, CONNECTED | CLOSED], 0: [2, CLOSED], nl: [1, CLOSED],
  tipc: [1, CONNECTED], vsock: [2, CONNECTED], xdp: [1, CLOSED],
};
const FAMILIES: Readonly<Record<string, string>> = { inet: '4', inet6: '6', link: '0', unix: 'x', netlink: 'nl', tipc: 'tipc', vsock: 'vsock', xdp: 'xdp', help: 'h' };
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  all: ['t', 'M', 'u', 'w', 'x', '0', 'nl', 'd', 'S', 'tipc', 'vsock', 'xdp'], inet: ['t', 'M', 'u', 'w', 'd', 'S'], tcp: ['t'], mptcp: ['M'], udp: ['u'], raw: ['w'], unix: ['x'], unix_dgram: ['x'], unix_stream: ['x'],
  unix_seqpacket: ['x'], packet: ['0'], packet_raw: ['0'], packet_dgram: ['0'], netlink: ['nl'], dccp: ['d'], sctp: ['S'], vsock_stream: ['vsock'], vsock_dgram: ['vsock'], tipc: ['tipc'], xdp: ['xdp'],
};

export const ss = command({
  name: 'ss',
  summary: 'socket statistics',
  path: '/usr/bin/ss',
  package: 'iproute2',
  options: {
    '-t': { kind: 'flag', says: 'TCP' },
    '--tcp': { kind: 'flag', says: 'TCP', of: '-t' },
    '-u': { kind: 'flag', says: 'UDP' },
    '--udp': { kind: 'flag', says: 'UDP', of: '-u' },
    '-w': { kind: 'flag', says: 'raw' },
    '--raw': { kind: 'flag', says: 'raw', of: '-w' },
    '-x': { kind: 'flag', says: 'UNIX' },
    '--unix': { kind: 'flag', says: 'UNIX', of: '-x' },
    '-0': { kind: 'flag', says: 'packet sockets' },
    '-4': { kind: 'flag', says: 'IPv4' },
    '-6': { kind: 'flag', says: 'IPv6' },
    '-f': { kind: 'value', says: 'a family', arg: 'FAMILY' },
    '-A': { kind: 'value', says: 'tables to look in', arg: 'QUERY' },
    '-l': { kind: 'flag', says: 'listening' },
    '--listening': { kind: 'flag', says: 'listening', of: '-l' },
    '-a': { kind: 'flag', says: 'all' },
    '--all': { kind: 'flag', says: 'all', of: '-a' },
    '-n': { kind: 'flag', says: "don't resolve service names" },
    '--numeric': { kind: 'flag', says: "don't resolve service names", of: '-n' },
    '-r': { kind: 'flag', says: 'resolve host names' },
    '--resolve': { kind: 'flag', says: 'resolve host names', of: '-r' },
    '-p': { kind: 'flag', says: 'processes' },
    '--processes': { kind: 'flag', says: 'processes', of: '-p' },
    '-T': { kind: 'flag', says: 'threads' },
    '-o': { kind: 'flag', says: 'timers' },
    '--options': { kind: 'flag', says: 'timers', of: '-o' },
    '-e': { kind: 'flag', says: 'user, inode, cookie' },
    '--extended': { kind: 'flag', says: 'user, inode, cookie', of: '-e' },
    '-m': { kind: 'flag', says: 'memory' },
    '--memory': { kind: 'flag', says: 'memory', of: '-m' },
    '-s': { kind: 'flag', says: 'summary' },
    '--summary': { kind: 'flag', says: 'summary', of: '-s' },
    '-H': { kind: 'flag', says: 'no header' },
    '--no-header': { kind: 'flag', says: 'no header', of: '-H' },
    '-O': { kind: 'flag', says: 'one line a socket' },
    '--oneline': { kind: 'flag', says: 'one line a socket', of: '-O' },
    '-K': { kind: 'flag', says: 'close sockets' },
    '--kill': { kind: 'flag', says: 'close sockets', of: '-K' },
    '--tos': { kind: 'flag', says: 'type of service' },
    '--cgroup': { kind: 'flag', says: 'control group' },
    '-h': { kind: 'flag', says: 'help' },
    '--help': { kind: 'flag', says: 'help', of: '-h' },
    '-V': { kind: 'flag', says: 'version' },
    '--version': { kind: 'flag', says: 'version', of: '-V' },
    '-i': { kind: 'flag', says: 'TCP information', modelled: false },
    '-E': { kind: 'flag', says: 'events', modelled: false },
    '-N': { kind: 'value', says: 'another network namespace', modelled: false },
    '-D': { kind: 'value', says: 'dump to a file', modelled: false },
    '-F': { kind: 'value', says: 'filter from a file', modelled: false },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    try {
      return yield* list(p, readOptions(args));
    } catch (e) {
      if (e instanceof SsNotModelled) return yield* notModelled(p, 'ss', e.message);
      if (!(e instanceof SsError)) throw e;
      yield* err(p, `${e.text}${e.usage ? SS_USAGE : ''}`);
      return e.status;
    }
  },
});

interface Wish {
  has: Set<string>;
  tables: Set<string>;
  /** What the tables asked for show by themselves. */
  usual: number;
  words: Bytes[];
}

function readOptions(args: readonly Bytes[]): Wish {
  const w: Wish = { has: new Set(), tables: new Set(), usual: 0, words: [] };
  const table = (name: string, usual: boolean): void => {
    w.tables.add(name);
    if (usual) w.usual |= TABLES[name]![1];
  };
  const one = (c: string, value: Bytes): void => {
    if (NOT_MODELLED.includes(c)) throw new SsNotModelled(`option ${c.length > 1 ? '--' : '-'}${c}`);
    if (c === 'z' || c === 'Z') throw new SsError('ss: SELinux is not enabled.\n', 1);
    if (c === 'f') {
      const letter = FAMILIES[value];
      if (letter === undefined) throw new SsError(`ss: "${value}" is invalid family\n`, 255, true);
      one(letter, '');
    } else if (c === 'A') {
      for (const name of value.split(',')) {
        const found = QUERIES[name];
        if (found === undefined) throw new SsError(`ss: "${name}" is illegal socket table id\n`, 255, true);
        for (const t of found) table(t, false);
      }
    } else if (TABLES[c] !== undefined) table(c, true);
    else {
      // The last family said counts.
      if (c === '4' || c === '6') w.has.delete(c === '4' ? '6' : '4');
      w.has.add(c);
    }
  };
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (!/^-./.test(word)) w.words.push(word);
    else if (word === '--') {
      w.words.push(...args.slice(i + 1));
      break;
    } else if (word.startsWith('--')) {
      const [typed = '', ...given] = word.slice(2).split('=');
      const exact = Object.keys(LONG).filter((n) => n === typed);
      const found = exact.length > 0 ? exact : Object.keys(LONG).filter((n) => n.startsWith(typed));
      if (found.length === 0) throw new SsError(`ss: unrecognized option '${word}'\n`, 255, true);
      if (new Set(found.map((n) => LONG[n])).size > 1) throw new SsError(`ss: option '${word}' is ambiguous; possibilities: ${[...found].sort().map((n) => `'--${n}'`).join(' ')}\n`, 255, true);
      const letter = LONG[found[0]!]!;
      const needs = letter.length === 1 && NEED.includes(letter);
      if (!needs && given.length > 0) throw new SsError(`ss: option '--${found[0]}' doesn't allow an argument\n`, 255, true);
      if (needs && given.length === 0 && i + 1 >= args.length) throw new SsError(`ss: option '--${found[0]}' requires an argument\n`, 255, true);
      one(letter, needs ? (given.length > 0 ? given.join('=') : args[++i]!) : '');
    } else {
      for (let j = 1; j < word.length; j++) {
        const c = word[j]!;
        if (!KNOWN.includes(c)) throw new SsError(`ss: invalid option -- '${c}'\n`, 255, true);
        if (!NEED.includes(c)) {
          one(c, '');
          continue;
        }
        const value = word.slice(j + 1) || args[++i];
        if (value === undefined) throw new SsError(`ss: option requires an argument -- '${c}'\n`, 255, true);
        one(c, value);
        break;
      }
    }
  }
  return w;
}

function* list(p: Process, w: Wish): Op<number> {
  const { has, tables } = w;
  const { host } = p;
  if (has.has('V')) return yield* say(p, 'ss utility, iproute2-6.1.0\n');
  if (has.has('h')) return yield* say(p, SS_USAGE);
  const asked = tables.size > 0;
  if (has.has('s')) {
    yield* out(p, summary(p));
    if (!asked) return 0;
  }
  const usual = has.has('a') ? ALL : has.has('l') ? stateBit(TCP.LISTEN, TCP.CLOSE) : asked && w.usual !== 0 ? w.usual : CONNECTED;
  const { states, rest } = readStates(w.words, usual);
  const test = readFilter(p, rest);
  const family = has.has('4') ? 4 : has.has('6') ? 6 : 0;
  const want = (t: string): boolean => !asked || tables.has(t);
  const fits = (r: SocketRow): boolean => (family === 0 || isIp6(r.lip) === (family === 6)) && test(r);
  const inStates = (r: SocketRow): boolean => ((1 << r.state) & states) !== 0;
  // Raw sockets come from /proc/net/raw, which knows no states.
  const found = [...(want('w') ? rawRows(host) : []), ...[...(want('u') ? udpRows(host) : []), ...(want('t') ? tcpRows(host) : [])].filter(inStates)].filter(fits);
  giveCookies(host, found);
  if (has.has('K')) for (const r of found) if (r.proto === 'tcp') tcpAbort(host.kernel, r.slot);
  if (has.has('e') || has.has('cgroup')) yield* err(p, cgroupErrors(host, found));
  const rows = [...(want('nl') && family === 0 && (states & CLOSED) !== 0 && rest.length === 0 ? netlinkRows(p, has.has('n')) : []), ...found.map((r) => row(p, r, has))];
  const databases = asked ? [...tables].reduce((n, t) => n + TABLES[t]![0], 0) : 2;
  const used = [0, 1, 2, 3, 4, 5, 6, 7, 8].filter((c) => (c !== 0 || databases !== 1) && (c !== 1 || (states & (states - 1)) !== 0));
  const tty = p.fds.get(1);
  const screen = tty?.kind === 'tty' ? host.ttys[tty.tty]!.cols : 0;
  return yield* say(p, renderColumns(rows, used, !has.has('H'), screen));
}

function* say(p: Process, text: Bytes): Op<number> {
  yield* out(p, text);
  return 0;
}

/** The kernel's own netlink sockets, and the one this listing is asked through with the answer that waits in it. */
function netlinkRows(p: Process, numeric: boolean): string[][] {
  const line = (protocol: string, number: number, id: string, queue: number): string[] => ['nl', 'UNCONN', String(queue).padEnd(6), '0     ', `${numeric ? number : protocol}:`, id, '*', '', ''];
  const kernel = numeric ? '0' : 'kernel';
  return [
    line('rtnl', 0, kernel, 0), line('tcpdiag', 4, numeric ? String(p.pid) : `ss/${p.pid}`, 4352), line('tcpdiag', 4, kernel, 768), line('fiblookup', 10, kernel, 0), line('nft', 12, kernel, 0),
    line('uevent', 15, kernel, 0), line('genl', 16, kernel, 0),
  ];
}

function row(p: Process, r: SocketRow, has: Set<string>): string[] {
  const { host } = p;
  const name = (ip: number): string => (has.has('r') ? gethostbyaddr(p, ip) : null) ?? (r.dual ? '*' : hostPart(ip, host.world.ip6));
  const service = (n: number): string | null => (r.proto === 'raw' ? protocolNumberName(p, n) : serviceByPort(p, n, r.proto));
  const port = (n: number): string => (n === 0 ? '*' : (has.has('n') ? null : service(n)) ?? String(n));
  const netid = r.proto !== 'raw' ? r.proto : r.lport === 58 ? 'icmp6' : '???';
  let extra = '';
  if (has.has('p') || has.has('T')) extra += users(host, r, has.has('T'));
  if (has.has('o') || has.has('e')) extra += timer(host, r);
  if (has.has('e')) extra += extended(host, r);
  else if (has.has('cgroup')) extra += cgroup(host, r);
  if (has.has('tos')) extra += tos(r);
  if (has.has('m')) extra += `${has.has('O') ? '' : '\n\t'}${memory(host, r)}`;
  return [netid, STATES[r.state]!, String(r.recvQ).padEnd(6), String(r.backlog > 0 ? r.backlog : r.sendQ).padEnd(6), `${name(r.lip)}:`, port(r.lport), `${name(r.rip)}:`, port(r.rport), extra];
}

/** ss -s: counts. A worker of a daemon shares a pair of UNIX sockets with its master. */
function summary(p: Process): string {
  const tcp = tcpRows(p.host);
  const open = tcp.filter((r) => r.state !== TCP.TIME_WAIT);
  const [udps, raws] = [udpRows(p.host), rawRows(p.host)];
  const [udp, raw, live] = [udps.length, raws.length, open.length];
  const wait = tcp.length - live;
  const orphans = open.filter((r) => (p.host.kernel.tcp.flags[r.slot]! & TF.ORPHAN) !== 0).length;
  const estab = tcp.filter((r) => r.state === TCP.ESTABLISHED).length;
  const workers = [...p.host.procs.values()].filter((q) => q.daemon !== 0 && q.state !== 'Z' && p.host.procs.get(q.ppid)?.daemon === q.daemon).length;
  const line = (name: string, rows: readonly SocketRow[]): string => {
    const six = rows.filter((r) => isIp6(r.lip)).length;
    return `${name}\t  ${[rows.length, rows.length - six, six].map((n) => String(n).padEnd(9)).join(' ')}\n`;
  };
  return (
    `Total: ${live + udp + raw + 2 * workers}\nTCP:   ${tcp.length} (estab ${estab}, closed ${wait}, orphaned ${orphans}, timewait ${wait})\n\n` +
    `Transport Total     IP        IPv6\n${line('RAW', raws)}${line('UDP', udps)}${line('TCP', open)}${line('INET', [...raws, ...udps, ...open])}${line('FRAG', [])}\n`
  );
}
