// ifconfig(8) of net-tools 2.10: shows and sets interfaces and their aliases through the old ioctls.
// Not modelled: IPv6 and other families, hardware settings of real cards (irq, io_addr, media), metric.
import type { Op, Process, Run } from '../host/process';
import { err, out } from '../host/syscall';
import { type Errno, strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { IFF } from '../kernel/core/dev';
import { devSetMac, devSetMtu, devSetName } from '../kernel/ipv4/devinet';
import { devFlags, ioctlDev, siocsifaddr, siocsifbrdaddr, siocsifdstaddr, siocsifflags, siocsifnetmask } from '../kernel/ipv4/devinet_ioctl';
import { parseMac } from '../wire/ether';
import type { Ip } from '../wire/packet';
import { command, notModelled } from './command';
import { inetResolve, splitPrefix } from './net_tools/inet';
import { interfaceNames, longBlock, shortRow } from './net_tools/interface';
import { IFCONFIG_USAGE } from './net_tools/usage';

const HELP_HINT = "ifconfig: `--help' gives usage information.\n";
const VERSION = 'net-tools 2.10\n';
/** Words that switch one interface flag on (and with `-` in front, off). */
const FLAG_WORDS: Readonly<Record<string, number>> = {
  promisc: IFF.PROMISC, multicast: IFF.MULTICAST, allmulti: IFF.ALLMULTI, arp: -IFF.NOARP, trailers: -IFF.NOTRAILERS,
};
const NOT_MODELLED = new Set(['metric', 'keepalive', 'outfill', 'add', 'del', 'tunnel', 'irq', 'io_addr', 'mem_start', 'media', 'dynamic', '-dynamic', 'inet6', 'unix', 'ax25', 'ipx', 'ddp']);

function* show(p: Process, name: Bytes | null, all: boolean, short: boolean): Op<number> {
  const k = p.host.kernel;
  const row = short ? shortRow : longBlock;
  let text = short ? 'Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n' : '';
  if (name !== null) {
    const block = row(k, name);
    if (block === null) {
      yield* err(p, `${name}: error fetching interface information: Device not found\n`);
      return 1;
    }
    text += block;
  } else for (const n of interfaceNames(k, all)) text += row(k, n) ?? '';
  yield* out(p, text);
  return 0;
}

/** What one run changes: the name it works on and whether anything failed (-1 as set_flag returns it, else 1). */
class Setter {
  failed = 0;
  constructor(
    readonly p: Process,
    readonly name: Bytes,
  ) {}

  /** Reads the flags and writes them back with bits set or cleared, as set_flag() and clr_flag() do. */
  *flags(set: number, clear: number): Op<void> {
    const k = this.p.host.kernel;
    const dev = ioctlDev(k, this.name);
    if (dev === undefined) {
      yield* err(this.p, `${this.name}: ERROR while getting interface flags: No such device\n`);
      this.failed = -1;
      return;
    }
    const e = siocsifflags(k, this.name, (devFlags(dev) | set) & ~clear);
    if (e === null) return;
    yield* err(this.p, `SIOCSIFFLAGS: ${strerror(e)}\n`);
    this.failed = -1;
  }

  *ioctl(what: string, e: Errno | null): Op<void> {
    if (e === null) return;
    yield* err(this.p, `${what}: ${strerror(e)}\n`);
    this.failed |= 1;
  }
}

function* usage(p: Process): Op<number> {
  yield* err(p, IFCONFIG_USAGE);
  return 3;
}

export const ifconfig = command({
  name: 'ifconfig',
  summary: 'show and set network interfaces',
  path: '/usr/sbin/ifconfig',
  package: 'net-tools',
  options: {
    '-a': { kind: 'flag', says: 'all interfaces, also those that are down' },
    '-s': { kind: 'flag', says: 'a short list' },
    '-v': { kind: 'flag', says: 'be more verbose about some errors' },
    '--help': { kind: 'flag', says: 'usage' },
    '--version': { kind: 'flag', says: 'version' },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    let all = false;
    let short = false;
    let i = 0;
    for (; i < args.length && args[i]!.startsWith('-'); i++) {
      const word = args[i]!;
      if (word === '-a') all = true;
      else if (word === '-s') short = true;
      else if (word === '-v') continue;
      else if (word === '-V' || word === '-version' || word === '--version') {
        yield* out(p, VERSION);
        return 0;
      } else if (word === '-?' || word === '-h' || word === '-help' || word === '--help') {
        yield* out(p, IFCONFIG_USAGE);
        return 0;
      } else {
        yield* err(p, `ifconfig: option \`${word}' not recognised.\n${HELP_HINT}`);
        return 1;
      }
    }
    const name = args[i++];
    if (name === undefined) return yield* show(p, null, all, short);
    if (args[i] === undefined) return yield* show(p, name, all, short);
    if (args[i] === 'inet') i++;
    return yield* configure(p, name, args.slice(i));
  },
});

/** What a user without CAP_NET_ADMIN hears for each setting. */
function* refuse(p: Process, args: readonly Bytes[]): Op<number> {
  const VALUES: Readonly<Record<string, string>> = { netmask: 'SIOCSIFNETMASK', broadcast: 'SIOCSIFBRDADDR', dstaddr: 'SIOCSIFDSTADDR', mtu: 'SIOCSIFMTU', txqueuelen: 'SIOCSIFTXQLEN', hw: 'SIOCSIFHWADDR', name: 'SIOCSIFNAME' };
  let status = 0;
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    const setting = VALUES[word];
    const calls = setting !== undefined ? [setting] : /^[0-9]+\./.test(word) ? ['SIOCSIFADDR', 'SIOCSIFFLAGS'] : ['SIOCSIFFLAGS'];
    if (setting !== undefined) i += word === 'hw' ? 2 : 1;
    for (const c of calls) yield* err(p, `${c}: ${strerror('EPERM')}\n`);
    status = calls.includes('SIOCSIFFLAGS') ? 255 : status | 1;
  }
  return status;
}

function* configure(p: Process, name: Bytes, args: Bytes[]): Op<number> {
  if (p.uid !== 0) return yield* refuse(p, args);
  const k = p.host.kernel;
  const s = new Setter(p, name);
  let didNetmask = false;
  for (let i = 0; i < args.length; ) {
    const word = args[i++]!;
    const off = word.startsWith('-');
    const flag = FLAG_WORDS[off ? word.slice(1) : word];
    if (flag !== undefined) {
      // arp and trailers are written as their absence
      if (flag < 0) yield* off ? s.flags(-flag, 0) : s.flags(0, -flag);
      else yield* off ? s.flags(0, flag) : s.flags(flag, 0);
      continue;
    }
    if (word === 'up') yield* s.flags(IFF.UP | IFF.RUNNING, 0);
    else if (word === 'down') yield* s.flags(0, IFF.UP);
    else if (NOT_MODELLED.has(word)) return yield* notModelled(p, 'ifconfig', `'${word}'`);
    else if (word === '-broadcast') yield* err(p, `Warning: Interface ${name} still in BROADCAST mode.\n`);
    else if (word === '-pointopoint') yield* s.flags(0, 0);
    else if (word === 'broadcast' || word === 'dstaddr' || word === 'pointopoint') {
      const given = args[i];
      if (given === undefined) {
        if (word === 'dstaddr') return yield* usage(p);
        continue;
      }
      i++;
      const r = inetResolve(p, given, false);
      if (typeof r === 'string') {
        yield* err(p, r);
        s.failed |= 1;
      } else if (word === 'broadcast') yield* s.ioctl('SIOCSIFBRDADDR', siocsifbrdaddr(k, name, r.ip));
      else yield* s.ioctl('SIOCSIFDSTADDR', siocsifdstaddr(k, name, r.ip));
    } else if (word === 'netmask') {
      const given = args[i++];
      if (given === undefined || didNetmask) return yield* usage(p);
      const r = inetResolve(p, given, false);
      if (typeof r === 'string') {
        yield* err(p, r);
        s.failed |= 1;
        continue;
      }
      didNetmask = true;
      yield* s.ioctl('SIOCSIFNETMASK', siocsifnetmask(k, name, r.ip));
    } else if (word === 'mtu' || word === 'txqueuelen' || word === 'name' || word === 'hw') {
      const given = args[i++];
      if (given === undefined) return yield* usage(p);
      if (word === 'hw') {
        if (given !== 'ether') return yield* notModelled(p, 'ifconfig', `hardware class '${given}'`);
        const mac = args[i++];
        if (mac === undefined) return yield* usage(p);
        yield* setMac(s, mac);
      } else yield* setNumber(s, word, given);
    } else {
      const split = splitPrefix(word);
      if (split === null || (split.mask !== null && didNetmask)) return yield* usage(p);
      const r = inetResolve(p, split.address, false);
      if (typeof r === 'string') {
        yield* err(p, r + HELP_HINT);
        return 1;
      }
      yield* setAddress(s, r.ip, split.mask);
      if (split.mask !== null) didNetmask = true;
    }
  }
  return s.failed & 255;
}

/** An address brings the interface up; the mask of `A/N` is set after that. */
function* setAddress(s: Setter, ip: Ip, mask: Ip | null): Op<void> {
  const k = s.p.host.kernel;
  yield* s.ioctl('SIOCSIFADDR', siocsifaddr(k, s.name, ip));
  // A name such as eth0:1- deletes; everything else goes up. 0.0.0.0 on an alias has just removed it.
  const gone = ip === 0 && s.name.includes(':');
  if (!gone) yield* s.flags(IFF.UP | IFF.RUNNING, 0);
  if (mask !== null) yield* s.ioctl('SIOCSIFNETMASK', siocsifnetmask(k, s.name, mask));
}

function* setMac(s: Setter, text: Bytes): Op<void> {
  const mac = parseMac(text);
  if (mac === null || text.includes('-')) {
    yield* err(s.p, `${text}: invalid ether address.\n`);
    s.failed |= 1;
    return;
  }
  const k = s.p.host.kernel;
  const dev = ioctlDev(k, s.name);
  yield* s.ioctl('SIOCSIFHWADDR', dev === undefined ? 'ENODEV' : devSetMac(k, dev, mac));
}

function* setNumber(s: Setter, word: string, given: Bytes): Op<void> {
  const k = s.p.host.kernel;
  const dev = ioctlDev(k, s.name);
  const n = Number.parseInt(/^\s*[-+]?\d+/.exec(given)?.[0] ?? '0', 10);
  if (word === 'name') yield* s.ioctl('SIOCSIFNAME', dev === undefined ? 'ENODEV' : devSetName(k, dev, given));
  else if (word === 'mtu') yield* s.ioctl('SIOCSIFMTU', dev === undefined ? 'ENODEV' : devSetMtu(k, dev, n));
  else if (dev === undefined || n < 0) yield* s.ioctl('SIOCSIFTXQLEN', dev === undefined ? 'ENODEV' : 'EINVAL');
  else dev.txqueuelen = n;
}
