// netstat(8) of net-tools 2.10: sockets, routes, interfaces and statistics.
// Not modelled: multicast groups, masqueraded connections, continuous mode, UDP and raw sockets of IPv6, its routes, other families.
import type { Op, Process, Run } from '../host/process';
import { gethostbyaddr, serviceByPort } from '../host/resolve';
import { err, out } from '../host/syscall';
import { netstatGroups, snmpGroups } from '../kernel/ipv4/mib';
import { TCP, TCP_STATE_NAMES } from '../kernel/ipv4/tcp_state';
import { addressText, isIp6 } from '../wire/ipv6';
import { command, notModelled } from './command';
import { interfaceNames, longBlock, shortRow } from './net_tools/interface';
import { routeTable } from './net_tools/route_table';
import { statisticsText } from './net_tools/statistics';
import { NETSTAT_USAGE, NETSTAT_VERSION } from './net_tools/usage';
import { holders, rawRows, type SocketRow, tcpRows, udpRows } from './sockets';

const LONG: Readonly<Record<string, string>> = {
  route: 'r', interfaces: 'i', groups: 'g', statistics: 's', masquerade: 'M', verbose: 'v', wide: 'W', numeric: 'n', 'numeric-hosts': 'n', 'numeric-ports': 'n',
  'numeric-users': 'n', symbolic: 'N', extend: 'e', programs: 'p', timers: 'o', continuous: 'c', listening: 'l', all: 'a', fib: 'F', cache: 'C', tcp: 't', udp: 'u', raw: 'w',
  unix: 'x', udplite: 'U', sctp: 'S', inet: '4', inet6: '6', version: 'V', help: 'h', context: 'Z',
};
const KNOWN = 'rigsMvWnNepocalFCtuwxUS46VhZ';

function portText(p: Process, port: number, proto: string, numeric: boolean): string {
  if (port === 0) return '*';
  return (numeric ? null : serviceByPort(p, port, proto)) ?? String(port);
}

/** `A:P` cut so that it fits 23 columns, as net-tools do without -W. */
function endText(p: Process, ip: number, port: number, proto: string, has: Set<string>): string {
  const numeric = has.has('n');
  const service = portText(p, port, proto, numeric);
  let host = (numeric ? null : gethostbyaddr(p, ip)) ?? addressText(ip, p.host.world.ip6);
  if (!has.has('W') && host.length + service.length > 22) host = host.slice(0, Math.max(0, 22 - service.length));
  return `${host}:${service}`.padEnd(23);
}

function programOf(p: Process, row: SocketRow): string {
  const h = holders(p.host, row).at(-1);
  if (h === undefined) return '-';
  const title = h.p.argv[0] ?? h.p.comm;
  const name = title.slice(title.lastIndexOf('/') + 1);
  return `${h.p.pid}/${name}`.slice(0, 19);
}

function timerText(row: SocketRow): string {
  return row.timeWaitUs > 0 ? `timewait (${(row.timeWaitUs / 1e6).toFixed(2)}/0/0)` : 'off (0.00/0/0)';
}

function line(p: Process, row: SocketRow, has: Set<string>): string {
  const state = row.proto === 'tcp' ? TCP_STATE_NAMES[row.state]! : row.state === TCP.ESTABLISHED ? 'ESTABLISHED' : row.proto === 'raw' ? '7' : '';
  let text = `${(row.proto + (isIp6(row.lip) ? '6' : '')).padEnd(5)} ${String(row.recvQ).padStart(6)} ${String(row.sendQ).padStart(6)} ${endText(p, row.lip, row.lport, row.proto, has)} ${endText(p, row.rip, row.rport, row.proto, has)} ${state.padEnd(11)}`;
  if (has.has('e')) text += ` ${(has.has('n') ? '0' : 'root').padEnd(10)} ${String(row.slot + 10000).padEnd(10)}`;
  if (has.has('p')) text += ` ${programOf(p, row).padEnd(20)}`;
  if (has.has('o')) text += ` ${timerText(row)}`;
  return `${text}\n`;
}

/** TCP of the families asked for: IPv4's, then IPv6's. */
function tcpFamilies(rows: SocketRow[], has: Set<string>): SocketRow[] {
  const both = has.has('4') === has.has('6');
  const of = (six: boolean): SocketRow[] => rows.filter((r) => isIp6(r.lip) === six);
  return [...(both || has.has('4') ? of(false) : []), ...(both || has.has('6') ? of(true) : [])];
}

function* sockets(p: Process, has: Set<string>): Op<number> {
  const any = ['t', 'u', 'w', 'x', 'U', 'S'].some((c) => has.has(c));
  const want = (c: string): boolean => !any || has.has(c);
  const all = has.has('a');
  const listening = has.has('l');
  const shown = (r: SocketRow): boolean => {
    const listens = r.proto === 'tcp' ? r.state === TCP.LISTEN : r.state === TCP.CLOSE;
    return all || (listening ? listens : !listens);
  };
  const which = all ? 'servers and established' : listening ? 'only servers' : 'w/o servers';
  let text = '';
  if (want('t') || want('u') || want('w')) {
    text += `Active Internet connections (${which})\nProto Recv-Q Send-Q Local Address           Foreign Address         State      `;
    if (has.has('e')) text += ' User       Inode     ';
    if (has.has('p')) text += ' PID/Program name    ';
    if (has.has('o')) text += ' Timer';
    text += '\n';
    const rows = [...(want('t') ? tcpFamilies(tcpRows(p.host), has) : []), ...(want('u') ? udpRows(p.host) : []), ...(want('w') ? rawRows(p.host) : [])];
    for (const r of rows) if (shown(r)) text += line(p, r, has);
  }
  if (want('x')) text += `Active UNIX domain sockets (${which})\nProto RefCnt Flags       Type       State         I-Node  ${has.has('p') ? ' PID/Program name    ' : ''} Path\n`;
  yield* out(p, text);
  return 0;
}

function* interfaces(p: Process, has: Set<string>): Op<number> {
  const k = p.host.kernel;
  let text = 'Kernel Interface table\n';
  const long = has.has('e');
  if (!long) text += 'Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n';
  for (const n of interfaceNames(k, has.has('a'))) text += (long ? longBlock(k, n) : shortRow(k, n)) ?? '';
  yield* out(p, text);
  return 0;
}

export const netstat = command({
  name: 'netstat',
  summary: 'sockets, routes, interfaces, statistics',
  path: '/usr/bin/netstat',
  package: 'net-tools',
  options: {
    '-t': { kind: 'flag', says: 'TCP sockets' },
    '-u': { kind: 'flag', says: 'UDP sockets' },
    '-w': { kind: 'flag', says: 'raw sockets' },
    '-x': { kind: 'flag', says: 'UNIX sockets' },
    '-l': { kind: 'flag', says: 'listening sockets' },
    '-a': { kind: 'flag', says: 'all sockets' },
    '-n': { kind: 'flag', says: "don't resolve names" },
    '-p': { kind: 'flag', says: 'programs' },
    '-e': { kind: 'flag', says: 'more columns' },
    '-o': { kind: 'flag', says: 'timers' },
    '-r': { kind: 'flag', says: 'routing table' },
    '-i': { kind: 'flag', says: 'interface table' },
    '-s': { kind: 'flag', says: 'statistics' },
    '-W': { kind: 'flag', says: "don't truncate addresses" },
    '-g': { kind: 'flag', says: 'multicast groups', modelled: false },
    '-c': { kind: 'flag', says: 'continuous listing', modelled: false },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    const has = new Set<string>();
    let extended = 0;
    for (let i = 0; i < args.length; i++) {
      const word = args[i]!;
      if (!/^-./.test(word)) {
        yield* err(p, NETSTAT_USAGE);
        return 3;
      }
      const long = word.startsWith('--');
      const letters = long ? LONG[word.slice(2)] ?? '' : word.slice(1);
      if (letters === '') {
        yield* err(p, `netstat: unrecognized option '${word}'\n${NETSTAT_USAGE}`);
        return 3;
      }
      for (let j = 0; j < letters.length; j++) {
        const c = letters[j]!;
        if (c === 'A') {
          const family = letters.slice(j + 1) || args[++i] || '';
          if (family === 'inet6') has.add('6');
          else if (family !== 'inet') return yield* notModelled(p, 'netstat', `family ${family}`);
          break;
        }
        if (c === 'c' || c === 'g' || c === 'M' || c === 'Z' || c === 'C') return yield* notModelled(p, 'netstat', `option -${c}`);
        if (!KNOWN.includes(c)) {
          yield* err(p, `netstat: invalid option -- '${c}'\n${NETSTAT_USAGE}`);
          return 3;
        }
        if (c === 'e') extended++;
        has.add(c);
      }
    }
    if (has.has('V')) {
      yield* out(p, NETSTAT_VERSION);
      return 0;
    }
    if (has.has('h')) {
      yield* out(p, NETSTAT_USAGE);
      return 0;
    }
    if (has.has('r')) {
      if (has.has('6')) return yield* notModelled(p, 'netstat', 'the IPv6 routing table');
      yield* out(p, routeTable(p, has.has('n'), extended === 0 ? 'extended' : extended === 1 ? 'plain' : 'all'));
      return 0;
    }
    if (has.has('i')) return yield* interfaces(p, has);
    if (has.has('s')) {
      const wanted = new Set<string>();
      if (has.has('t')) for (const g of ['IcmpMsg', 'Tcp', 'TcpExt', 'IpExt']) wanted.add(g);
      if (has.has('u')) for (const g of ['IcmpMsg', 'Udp', 'UdpLite', 'IpExt']) wanted.add(g);
      if (has.has('w')) for (const g of ['Ip', 'Icmp', 'IcmpMsg', 'IpExt']) wanted.add(g);
      const k = p.host.kernel;
      yield* out(p, statisticsText([...snmpGroups(k), ...netstatGroups(k)], wanted.size === 0 ? null : wanted));
      return 0;
    }
    return yield* sockets(p, has);
  },
});
