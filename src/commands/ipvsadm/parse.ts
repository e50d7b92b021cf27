// From ipvsadm's command line to one command entry: values are judged left to right as they are met, then what goes with what.
// Counterpart: ipvsadm 1.31's parse_options and process_options.
import type { Bytes } from '../../lib/text';
import { Killed, type Process, SIG } from '../../host/process';
import { gethostbyname } from '../../host/resolve';
import { inetAton, isMulticast, parseIp } from '../../wire/ipv4';
import { parseIp6 } from '../../wire/ip6_text';
import { IPPROTO_SCTP, IPPROTO_TCP, IPPROTO_UDP, type Ip } from '../../wire/packet';
import { address, number } from './address';
import { judge, judgeTunnel, Refused } from './judge';
import { FORWARD, type Forward, type ServiceKey, SVC } from './libipvs';
import { type CommandName, type OptionName, type PoptOption, TUNNEL_LEGAL, TUNNEL_OPTIONS, type TunnelType } from './options';
import { Popt } from './popt';

/** 31 days: the longest timeout, s. */
const MAX_TIMEOUT = 86400 * 31;
/** Timeout of a bare -p, s. */
const DEFAULT_PERSISTENCE = 360;
const INT_MAX = 0x7fffffff;

/** popt met an option it cannot take: said, status 255; a restore goes on with the next line. */
export class BadOption extends Error {
  constructor(readonly text: Bytes) {
    super(text);
  }
}

const TRY: Bytes = "Try `ipvsadm -h' or 'ipvsadm --help' for more information.";

/** What one command line asks for. */
export interface Entry {
  command: CommandName | 'help' | 'version';
  options: Set<OptionName>;
  service: ServiceKey & { sched: string; flags: number; timeout: number; netmask: number; pe: string };
  dest: { af: 4 | 6; ip: Ip; ip6: string; port: number; forward: Forward; weight: number; upper: number; lower: number; tunType: TunnelType; tunPort: number; tunFlags: number };
  timeouts: [number, number, number];
  daemon: { state: 'master' | 'backup'; interface: string; syncId: number; group: { af: 4 | 6; ip: Ip; ip6: string } | null; port: number; ttl: number; maxLength: number };
  schedFlags: Bytes | null;
}

function emptyEntry(): Entry {
  return {
    command: 'help', options: new Set(),
    service: { af: 4, protocol: 0, ip: 0, ip6: '', port: 0, fwmark: 0, sched: '', flags: 0, timeout: 0, netmask: -1, pe: '' },
    dest: { af: 4, ip: 0, ip6: '', port: 0, forward: FORWARD.route, weight: 1, upper: 0, lower: 0, tunType: 'ipip', tunPort: 0, tunFlags: 0 },
    timeouts: [0, 0, 0],
    daemon: { state: 'master', interface: '', syncId: 0, group: null, port: 0, ttl: 0, maxLength: 0 },
    schedFlags: null,
  };
}

function must(n: number | null, text: Bytes): number {
  if (n === null) throw new Refused(text);
  return n;
}

const timeout = (word: Bytes, min: number): number => must(number(word, min, MAX_TIMEOUT), `invalid timeout value \`${word}' specified`);

/** Flags of `-b`: those every scheduler has, and names that belong to one scheduler. */
export const SCHED_FLAGS: readonly { name: string; bit: number; sched: string | null }[] = Object.freeze([
  { name: 'flag-1', bit: SVC.SCHED1, sched: null },
  { name: 'flag-2', bit: SVC.SCHED2, sched: null },
  { name: 'flag-3', bit: SVC.SCHED3, sched: null },
  { name: 'sh-fallback', bit: SVC.SCHED1, sched: 'sh' },
  { name: 'sh-port', bit: SVC.SCHED2, sched: 'sh' },
  { name: 'mh-fallback', bit: SVC.SCHED1, sched: 'mh' },
  { name: 'mh-port', bit: SVC.SCHED2, sched: 'mh' },
]);

function schedFlags(sched: string, words: Bytes): number {
  if (words === '') return 0;
  const names = words.split(',').filter((w) => w !== '');
  // 1.31 dereferences strtok's NULL here.
  if (names.length === 0) throw new Killed(SIG.SEGV);
  let bits = 0;
  for (const name of names) {
    const flag = SCHED_FLAGS.find((f) => f.name === name);
    if (flag === undefined) throw new Refused(`invalid scheduler flag \`${name}'`);
    if (flag.sched !== null && flag.sched !== sched) throw new Refused(`incompatible scheduler flag \`${name}'`);
    bits |= flag.bit;
  }
  return bits;
}

/** Parses and judges one command line (words after the program's name). Throws Refused or BadOption. `restoring` when it is a line of -R. */
export function parse(p: Process, argv: readonly Bytes[], restoring: boolean): Entry {
  const popt = new Popt(argv);
  const e = emptyEntry();
  const first = popt.next();
  if (first.kind !== 'option' || !first.option.id.startsWith('cmd:')) throw new Refused(TRY, 255);
  e.command = first.option.id.slice(4) as Entry['command'];
  if (e.command === 'help' || e.command === 'version') return e;
  if (e.command === 'restore' && restoring) throw new Refused(TRY, 255);
  if (e.command === 'start-daemon' || e.command === 'stop-daemon') daemonState(e, first.arg!);
  for (;;) {
    const next = popt.next();
    if (next.kind === 'end') break;
    if (next.kind === 'error') throw new BadOption(`${popt.bad}: ${next.error}`);
    take(p, e, next.option, next.arg, popt.bad);
  }
  if (e.command === 'set') {
    const words = [popt.arg(), popt.arg(), popt.arg()];
    if (words.includes(null)) throw new Refused('--set option requires 3 timeout values');
    e.timeouts = words.map((w) => timeout(w!, 0)) as Entry['timeouts'];
  }
  const extra = popt.arg();
  if (extra !== null) throw new Refused(`unexpected argument ${extra}`);
  judge(e.command, e.options);
  finish(e);
  return e;
}

function daemonState(e: Entry, word: Bytes): void {
  if (word === 'master' || word === 'backup') e.daemon.state = word;
  else throw new Refused(e.command === 'start-daemon' ? 'illegal start-daemon parameter specified' : 'illegal start_daemon specified');
}

function take(p: Process, e: Entry, option: PoptOption, arg: Bytes | null, bad: Bytes): void {
  const [name, which] = option.id.split(':') as [string, string | undefined];
  if (name === 'cmd') throw new Refused(`invalid option \`${bad}'`);
  if (name === 'sort') return;
  const s = e.service;
  if (name === 'ipv6') {
    // The message brings its own newline.
    if (s.fwmark === 0) throw new Refused('-6 used before -f\n');
    s.af = 6;
    s.netmask = 128;
    return;
  }
  if (e.options.has(name as OptionName)) throw new Refused(`multiple '${name}' options specified`);
  e.options.add(name as OptionName);
  const v = arg ?? '';
  switch (name as OptionName) {
    case 'service-address': {
      if (which === 'fwmark') {
        s.af = 4;
        s.protocol = IPPROTO_TCP;
        s.fwmark = must(number(v, 1, 0xffffffff), `invalid fwmark value \`${v}' specified`);
        return;
      }
      s.protocol = which === 'udp' ? IPPROTO_UDP : which === 'sctp' ? IPPROTO_SCTP : IPPROTO_TCP;
      const a = address(p, v, s.protocol);
      if (a === null) throw new Refused('illegal virtual server address[:port] specified');
      Object.assign(s, { af: a.af, ip: a.ip, ip6: a.ip6, port: a.port ?? s.port });
      if (a.af === 6) s.netmask = 128;
      return;
    }
    case 'real-server': {
      const a = address(p, v, s.protocol);
      if (a === null) throw new Refused('illegal real server address[:port] specified');
      Object.assign(e.dest, { af: a.af, ip: a.ip, ip6: a.ip6, port: a.port ?? s.port });
      return;
    }
    case 'scheduler':
      s.sched = v.slice(0, 15);
      return;
    case 'persistent':
      s.flags |= SVC.PERSISTENT;
      s.timeout = arg === null ? DEFAULT_PERSISTENCE : timeout(v, 1);
      return;
    case 'netmask':
      if (s.af === 6) s.netmask = must(number(/^[ \t]*[+-]?\d*/.exec(v)![0], 1, 128), 'illegal ipv6 netmask specified');
      else s.netmask = must(inetAton(v.replace(/[ \t\n\v\f\r].*$/s, '')) ?? gethostbyname(p, v), 'illegal virtual server persistent mask specified');
      return;
    case 'pe':
      s.pe = v.slice(0, 15);
      return;
    case 'ops':
      s.flags |= SVC.ONEPACKET;
      return;
    case 'sched-flags':
      e.schedFlags = v;
      return;
    case 'forwarding-method':
      e.dest.forward = FORWARD[which as keyof typeof FORWARD];
      return;
    case 'weight':
      e.dest.weight = must(number(v, 0, INT_MAX), 'illegal weight specified');
      return;
    case 'u-threshold':
      e.dest.upper = must(number(v, 0, INT_MAX), 'illegal u_threshold specified');
      return;
    case 'l-threshold':
      e.dest.lower = must(number(v, 0, INT_MAX), 'illegal l_threshold specified');
      return;
    case 'tun-type':
      if (!(v in TUNNEL_LEGAL)) throw new Refused('illegal tunnel type specified');
      e.dest.tunType = v as TunnelType;
      return;
    case 'tun-port':
      e.dest.tunPort = must(number(v, 1, 65535), 'illegal tunnel port specified');
      return;
    case 'tun-csum':
      e.dest.tunFlags |= 1;
      return;
    case 'tun-remcsum':
      e.dest.tunFlags |= 2;
      return;
    case 'mcast-interface':
      e.daemon.interface = v.slice(0, 15);
      return;
    case 'syncid':
      e.daemon.syncId = must(number(v, 0, 255), 'illegal syncid specified');
      return;
    case 'mcast-group':
      e.daemon.group = multicastGroup(v);
      return;
    case 'mcast-port':
      e.daemon.port = must(number(v, 1, 65535), 'illegal mcast-port specified');
      return;
    case 'mcast-ttl':
      e.daemon.ttl = must(number(v, 1, 255), 'illegal mcast-ttl specified');
      return;
    case 'sync-maxlen':
      e.daemon.maxLength = must(number(v, 1, 65507), 'illegal sync-maxlen specified');
      return;
    default:
      return;
  }
}

function multicastGroup(word: Bytes): { af: 4 | 6; ip: Ip; ip6: string } {
  if (word.includes(':')) {
    const ip6 = parseIp6(word);
    if (ip6 === null || !ip6.startsWith('ff')) throw new Refused(`invalid IPv6 mcast-group \`${word}'`);
    return { af: 6, ip: 0, ip6 };
  }
  const ip = parseIp(word);
  if (ip === null || !isMulticast(ip)) throw new Refused(`invalid IPv4 mcast-group \`${word}'`);
  return { af: 4, ip, ip6: '' };
}

/** Fills what was not said and refuses what contradicts itself. */
function finish(e: Entry): void {
  const { service: s, dest: d, options } = e;
  const any = (...names: OptionName[]): boolean => names.some((n) => options.has(n));
  if (e.command === 'add-service' || e.command === 'edit-service') {
    if (s.fwmark === 0 && s.port === 0 && (s.flags & SVC.PERSISTENT) === 0) throw new Refused('Zero port specified for non-persistent service');
    if ((s.flags & SVC.ONEPACKET) !== 0 && s.fwmark === 0 && s.protocol !== IPPROTO_UDP) throw new Refused('One-Packet Scheduling is only for UDP virtual services');
    if (s.sched === '') s.sched = 'wlc';
    if (e.schedFlags !== null) s.flags |= schedFlags(s.sched, e.schedFlags);
  }
  if (e.command === 'start-daemon' && e.daemon.interface === '') e.daemon.interface = 'eth0';
  if (e.command === 'add-server' || e.command === 'edit-server') {
    // Only NAT can change the port; with a mark the port of the request stands.
    if (s.fwmark === 0 && d.forward !== FORWARD.masq) d.port = s.port;
    if (d.af !== s.af && d.forward !== FORWARD.tunnel) throw new Refused('Different address family is allowed only for tunneling servers');
    if (d.forward === FORWARD.tunnel) judgeTunnel(d.tunType, options);
    else if (any('tun-type', ...TUNNEL_OPTIONS)) throw new Refused('Tunnel options conflict with forward method');
  }
  if (e.command === 'list') {
    const other = any('connection', 'timeout', 'daemon') && any('stats', 'rate', 'thresholds');
    if (other || (any('timeout', 'daemon') && any('persistent-conn'))) throw new Refused('options conflicts in the list command');
  }
}

