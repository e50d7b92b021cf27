// arp(8) of net-tools 2.10: shows and changes the ARP cache through /proc/net/arp, SIOCSARP and SIOCDARP.
import type { Op, Process, Run } from '../host/process';
import { gethostbyaddr } from '../host/resolve';
import { err, out, readFile } from '../host/syscall';
import { type Errno, strerror, SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { Conf, type Dev, IFF } from '../kernel/core/dev';
import { type Neighbour, NUD, neighbourRemove, neighbourSet, neighbourState } from '../kernel/core/neighbour';
import { fibLookup } from '../kernel/ipv4/fib';
import { proxyAdd, proxyList } from '../kernel/ipv4/proxy_arp';
import type { Kernel } from '../kernel/kernel';
import { parseMac } from '../wire/ether';
import { ipText } from '../wire/ipv4';
import type { Ip, Mac } from '../wire/packet';
import { command } from './command';
import { inetResolve } from './net_tools/inet';
import { ARP_USAGE, ARP_VERSION } from './net_tools/usage';

const VALID = NUD.PERMANENT | NUD.NOARP | NUD.REACHABLE | NUD.PROBE | NUD.STALE | NUD.DELAY;

/** Lines of /proc/net/arp: every entry but those of devices without ARP. */
function entries(k: Kernel): { dev: Dev; n: Neighbour; state: number }[] {
  const found: { dev: Dev; n: Neighbour; state: number }[] = [];
  for (const dev of k.devs) {
    for (const n of dev.neighbours.values()) {
      const state = neighbourState(k, n);
      if (state !== NUD.NOARP && state !== 0) found.push({ dev, n, state });
    }
  }
  return found;
}

/** The device SIOCSARP and SIOCDARP work on: the named one, or that of the route to `ip`. */
function arpDev(k: Kernel, ip: Ip, named: Bytes): Dev | Errno {
  if (named !== '') return k.devByName(named) ?? 'ENODEV';
  const r = fibLookup(k, ip);
  if (r === null) return 'ENETUNREACH';
  const dev = r.type === 'unicast' || r.type === 'broadcast' ? k.devByIndex(r.dev) : r.type === 'local' ? k.devByName('lo') : undefined;
  if (dev === undefined) return 'EHOSTUNREACH';
  return (dev.flags & (IFF.LOOPBACK | IFF.NOARP)) !== 0 ? 'EINVAL' : dev;
}

interface Asked {
  numeric: boolean;
  bsd: boolean;
  verbose: boolean;
  dev: Bytes;
  /** A hardware type that no device here has. */
  otherType: boolean;
}

function* show(p: Process, a: Asked, host: Bytes | undefined): Op<number> {
  const k = p.host.kernel;
  let wanted: Ip | null = null;
  if (host !== undefined) {
    const r = inetResolve(p, host, false);
    if (typeof r === 'string') {
      yield* err(p, r);
      return 255;
    }
    wanted = r.ip;
  }
  const all = entries(k);
  const published = proxyList(k);
  const total = all.length + published.length;
  let text = '';
  let shown = 0;
  const HEAD = 'Address                  HWtype  HWaddress           Flags Mask            Iface\n';
  const passes = (ip: Ip, dev: Bytes): boolean => !a.otherType && (wanted === null || ip === wanted) && (a.dev === '' || dev === a.dev);
  for (const { dev, n, state } of all) {
    if (!passes(n.ip, dev.name)) continue;
    const valid = (state & VALID) !== 0;
    const mac = k.world.macs.text(n.mac);
    const name = a.numeric ? null : gethostbyaddr(p, n.ip);
    if (a.bsd) {
      text += `${name ?? '?'} (${ipText(n.ip)}) at ${valid ? `${mac} [ether] ` : '<incomplete> '}${state === NUD.PERMANENT ? 'PERM ' : ''}on ${dev.name}\n`;
    } else {
      if (shown === 0) text += HEAD;
      const address = (name ?? ipText(n.ip)).slice(0, 23).padEnd(25);
      const middle = valid ? `ether   ${mac.padEnd(20)}${state === NUD.PERMANENT ? 'CM' : 'C'}` : '        (incomplete)';
      text += `${address}${middle.padEnd(50)}${dev.name}\n`;
    }
    shown++;
  }
  for (const n of published) {
    const dev = k.devByIndex(n.dev)?.name ?? '*';
    if (!passes(n.ip, dev)) continue;
    const name = a.numeric ? null : gethostbyaddr(p, n.ip);
    if (a.bsd) text += `${name ?? '?'} (${ipText(n.ip)}) at <from_interface> PERM PUB on ${dev}\n`;
    else text += `${shown === 0 ? HEAD : ''}${(name ?? ipText(n.ip)).slice(0, 23).padEnd(25)}${'*       <from_interface>    MP'.padEnd(50)}${dev}\n`;
    shown++;
  }
  if (a.verbose) text += `Entries: ${total}\tSkipped: ${total - shown}\tFound: ${shown}\n`;
  if (shown === 0) {
    if (host !== undefined && !a.bsd) text += `${host} (${ipText(wanted!)}) -- no entry\n`;
    else if (host !== undefined || a.dev !== '' || a.otherType) text += `arp: in ${total} entries no match found.\n`;
  }
  yield* out(p, text);
  return 0;
}

function* remove(p: Process, named: Bytes, words: Bytes[]): Op<number> {
  const host = words[0];
  if (host === undefined) {
    yield* err(p, 'arp: need host name\n');
    return 255;
  }
  const r = inetResolve(p, host, false);
  if (typeof r === 'string') {
    yield* err(p, r);
    return 255;
  }
  if (words.includes('pub')) {
    // It asks without a mask, which the kernel finds no published entry by: `ip neigh del proxy` is the way.
    yield* out(p, `No ARP entry for ${host}\n`);
    return 255;
  }
  const k = p.host.kernel;
  const dev = arpDev(k, r.ip, words[1] === 'dev' ? words[2] ?? '' : named);
  if (typeof dev === 'string') {
    yield* err(p, `SIOCDARP(dontpub): ${strerror(dev)}\n`);
    return 255;
  }
  const n = dev.neighbours.get(r.ip);
  if (n === undefined) {
    yield* out(p, `No ARP entry for ${host}\n`);
    return 255;
  }
  neighbourRemove(k, dev, n);
  return 0;
}

function* set(p: Process, named: Bytes, words: Bytes[], fromDevice: boolean): Op<number> {
  const fail = function* (text: string): Op<number> {
    yield* err(p, text);
    return 255;
  };
  const [host, hw, ...rest] = words;
  if (host === undefined) return yield* fail('arp: need host name\n');
  const r = inetResolve(p, host, false);
  if (typeof r === 'string') return yield* fail(r);
  if (hw === undefined) return yield* fail('arp: need hardware address\n');
  const k = p.host.kernel;
  let mac = parseMac(hw);
  if (fromDevice) {
    const d = k.devByName(hw);
    if (d === undefined) return yield* fail(`arp: cant get HW-Address for \`${hw}': No such device.\n`);
    mac = k.world.macs.text(d.mac);
  }
  if (mac === null) return yield* fail('arp: invalid hardware address\n');
  let temp = false;
  let publish = false;
  let mask: Ip = -1;
  let dev = named;
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!;
    if (word === 'temp') temp = true;
    else if (word === 'pub') publish = true;
    else if (word === 'dev' && rest[i + 1] !== undefined) dev = rest[++i]!;
    else if (word === 'netmask' && rest[i + 1] !== undefined) {
      const m = inetResolve(p, rest[++i]!, false);
      if (typeof m === 'string') return yield* fail(m);
      mask = m.ip;
    } else {
      yield* err(p, ARP_USAGE);
      return 3;
    }
  }
  if (publish) {
    const e = publishEntry(k, r.ip, mask, dev, k.world.macs.intern(mac));
    return e === null ? 0 : yield* fail(`SIOCSARP: ${strerror(e)}\n`);
  }
  const d = arpDev(k, r.ip, dev);
  if (typeof d === 'string') return yield* fail(`SIOCSARP: ${strerror(d)}\n`);
  neighbourSet(k, d, r.ip, k.world.macs.intern(mac), temp ? NUD.STALE : NUD.PERMANENT);
  return 0;
}

/** arp_req_set_public: one address on the named device (or the one with that MAC); with an empty mask all addresses, as proxy_arp does. */
function publishEntry(k: Kernel, ip: Ip, mask: Ip, named: Bytes, mac: Mac): Errno | null {
  if (mask !== 0 && mask !== -1) return 'EINVAL';
  const dev = named !== '' ? k.devByName(named) : k.devs.find((d) => d.mac === mac && d.kind !== 'loopback');
  if (dev === undefined) return 'ENODEV';
  if (mask === 0) {
    dev.conf[Conf.proxy_arp] = 1;
    dev.confOwn[Conf.proxy_arp] = 1;
    return null;
  }
  proxyAdd(k, ip, dev.index);
  return null;
}

/** arp -f: one entry a line, as after -s. A line that cannot be set is named; the rest goes on. */
function* setFromFile(p: Process, named: Bytes, file: Bytes): Op<number> {
  let text: Bytes;
  try {
    text = readFile(p, file);
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    yield* err(p, `arp: cannot open etherfile ${file} !\n`);
    return 255;
  }
  const lines = text.split('\n');
  for (let n = 0; n < lines.length; n++) {
    const words = lines[n]!.split(/[ \t]+/).filter((w) => w !== '');
    if (words.length === 0 || words[0]!.startsWith('#')) continue;
    if ((yield* set(p, named, words, false)) !== 0) yield* err(p, `arp: cannot set entry on line ${n + 1} of etherfile ${file} !\n`);
  }
  return 0;
}

const LONG: Readonly<Record<string, string>> = {
  '--verbose': 'v', '--version': 'V', '--all': 'a', '--delete': 'd', '--file': 'f', '--numeric': 'n', '--set': 's', '--protocol': 'A', '--hw-type': 'H',
  '--device': 'i', '--help': 'h', '--use-device': 'D', '--symbolic': 'N',
};

export const arp = command({
  name: 'arp',
  summary: 'show and change the ARP cache',
  path: '/usr/sbin/arp',
  package: 'net-tools',
  options: {
    '-a': { kind: 'flag', says: 'BSD style list' },
    '-e': { kind: 'flag', says: 'Linux style list' },
    '-n': { kind: 'flag', says: "don't resolve names" },
    '-v': { kind: 'flag', says: 'count entries' },
    '-i': { kind: 'value', says: 'only this interface', arg: 'IF' },
    '-s': { kind: 'flag', says: 'set an entry' },
    '-d': { kind: 'flag', says: 'delete an entry' },
    '-D': { kind: 'flag', says: "read the hardware address from a device" },
    '-f': { kind: 'flag', says: 'entries from a file' },
    '-H': { kind: 'value', says: 'hardware type', arg: 'TYPE' },
    '-A': { kind: 'value', says: 'protocol family', arg: 'FAMILY' },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    const a: Asked = { numeric: false, bsd: false, verbose: false, dev: '', otherType: false };
    let what = '';
    let fromDevice = false;
    const words: Bytes[] = [];
    for (let i = 0; i < args.length; i++) {
      const word = args[i]!;
      if (!/^-./.test(word)) {
        words.push(word);
        continue;
      }
      const letters = word.startsWith('--') ? LONG[word] ?? '?' : word.slice(1);
      for (let j = 0; j < letters.length; j++) {
        const c = letters[j]!;
        const rest = letters.slice(j + 1);
        if (c === 'n') a.numeric = true;
        else if (c === 'a') a.bsd = true;
        else if (c === 'e') a.bsd = false;
        else if (c === 'v') a.verbose = true;
        else if (c === 'D') fromDevice = true;
        else if (c === 's' || c === 'd' || c === 'f') what = c;
        else if (c === 'i' || c === 'H' || c === 't' || c === 'A' || c === 'p') {
          const value = rest !== '' ? rest : args[++i];
          if (value === undefined) {
            yield* err(p, `arp: option requires an argument -- '${c}'\n${ARP_USAGE}`);
            return 3;
          }
          if (c === 'i') a.dev = value;
          else if (c === 'A' || c === 'p') {
            if (value === 'inet') break;
            yield* err(p, /^(inet6|ax25|netrom|rose|ipx|ddp|x25|ash|ec|unix)$/.test(value) ? `arp: ${value}: kernel only supports 'inet'.\n` : `arp: ${value}: unknown address family.\n`);
            return 255;
          } else if (value !== 'ether') {
            if (!/^(ash|ax25|netrom|rose|arcnet|dlci|fddi|hippi|irda|x25|eui64)$/.test(value)) {
              yield* err(p, `arp: ${value}: unknown hardware type.\n`);
              return 255;
            }
            a.otherType = true;
          }
          break;
        } else if (c === 'V') {
          yield* out(p, ARP_VERSION);
          return 0;
        } else if (c === 'h') {
          yield* out(p, ARP_USAGE);
          return 0;
        } else if (c !== 'N') {
          yield* err(p, `arp: ${word.startsWith('--') ? `unrecognized option '${word}'` : `invalid option -- '${c}'`}\n${ARP_USAGE}`);
          return 3;
        }
      }
    }
    if (p.uid !== 0 && (what === 'd' || what === 's') && words.length > (what === 's' ? 1 : 0)) {
      yield* err(p, `${what === 'd' ? 'SIOCDARP(dontpub)' : 'SIOCSARP'}: ${strerror('EPERM')}\n`);
      return 255;
    }
    if (what === 'd') return yield* remove(p, a.dev, words);
    if (what === 's') return yield* set(p, a.dev, words, fromDevice);
    if (what === 'f') return yield* setFromFile(p, a.dev, words[0] ?? '/etc/ethers');
    return yield* show(p, a, words[0]);
  },
});
