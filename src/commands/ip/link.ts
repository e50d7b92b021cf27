// ip link: devices. Counterpart: iproute2's ip/iplink.c.
// Not modelled: kinds of devices other than dummy and ipip, network namespaces, bridges, VLANs.
import type { Op } from '../../host/process';
import { err } from '../../host/syscall';
import { type Dev, IFF } from '../../kernel/core/dev';
import { devAdd, devRemove, devSetMac, devSetMtu, devSetName } from '../../kernel/ipv4/devinet';
import { devChangeFlags, devFlags, devLoad } from '../../kernel/ipv4/devinet_ioctl';
import { ipipLoad } from '../../kernel/ipv4/ipip';
import type { Kernel } from '../../kernel/kernel';
import { parseMac } from '../../wire/ether';
import { type IpCall, command, device, duplicate, garbage, IpError, IpNotModelled, address, matches, print, refused, unsigned, wrong } from './args';
import { briefHead, hardwareAddress, linkFlags, linkText } from './link_print';
import { LINK_USAGE } from './usage';

const COMMANDS = ['add', 'replace', 'change', 'set', 'delete', 'show', 'lst', 'list', 'xstats', 'afstats', 'property', 'help'];
const KINDS = ['bridge', 'bond', 'vlan', 'vxlan', 'veth', 'macvlan', 'macvtap', 'ipvlan', 'gre', 'gretap', 'sit', 'vti', 'vrf', 'team', 'ifb', 'tun', 'vcan', 'geneve', 'ip6tnl', 'nlmon', 'erspan', 'netdevsim'];

export function* ipLink(c: IpCall): Op<number> {
  if (!c.a.more) return yield* show(c);
  const word = c.a.take();
  switch (command(word, COMMANDS)) {
    case 'add':
      return add(c);
    case 'set':
    case 'change':
      return set(c);
    case 'delete':
      return remove(c);
    case 'show':
    case 'lst':
    case 'list':
      return yield* show(c);
    case 'help':
      yield* err(c.p, LINK_USAGE);
      return 255;
    case '':
      throw new IpError(`Command "${word}" is unknown, try "ip link help".\n`, 255);
    default:
      throw new IpNotModelled(`'ip link ${word}'`);
  }
}

function* show(c: IpCall): Op<number> {
  const { k, a, o } = c;
  let name = '';
  let up = false;
  let type = '';
  while (a.more) {
    let word = a.take();
    if (word === 'up') up = true;
    else if (word === 'type') type = a.next();
    else if (word === 'master' || word === 'vrf' || word === 'group' || word === 'nomaster') throw new IpNotModelled(`'${word}' in ip link show`);
    else if (matches(word, 'help')) {
      yield* err(c.p, LINK_USAGE);
      return 255;
    } else {
      if (word === 'dev') word = a.next();
      if (name !== '') throw garbage('dev', word);
      name = word;
    }
  }
  if (name !== '') devLoad(k, name);
  if (name !== '' && k.devByName(name) === undefined) throw new IpError(`Device "${name}" does not exist.\n`, 1);
  const shown = k.devs.filter((d) => (name === '' || d.name === name) && (!up || d.up) && (type === '' || d.kind === type));
  yield* print(c, shown.map((d) => (o.brief ? `${briefHead(k, d)}${hardwareAddress(k, d)} ${linkFlags(d)} \n` : `${linkText(k, d, { ...o, family: '' }, true)}\n`)));
  return 0;
}

/** Wishes of `ip link set`, applied in the kernel's order: address, MTU, queue length, name, then flags. */
interface Wishes {
  mac: string;
  mtu: number;
  qlen: number;
  name: string;
  set: number;
  clear: number;
}

const ON_OFF: Readonly<Record<string, number>> = { arp: -IFF.NOARP, promisc: IFF.PROMISC, multicast: IFF.MULTICAST, allmulticast: IFF.ALLMULTI, trailers: -IFF.NOTRAILERS };
const OTHER = ['netns', 'master', 'nomaster', 'alias', 'vf', 'xdp', 'vrf', 'group', 'addrgenmode', 'dynamic', 'protodown', 'carrier', 'broadcast', 'type', 'numtxqueues', 'gso_max_size', 'link'];

function readWishes(c: IpCall, adding: boolean): { dev: string; w: Wishes; type: string } {
  const { a } = c;
  const w: Wishes = { mac: '', mtu: -1, qlen: -1, name: '', set: 0, clear: 0 };
  let dev = '';
  let type = '';
  while (a.more) {
    const word = a.take();
    if (word === 'up') w.set |= IFF.UP;
    else if (word === 'down') w.clear |= IFF.UP;
    else if (word === 'name') {
      if (w.name !== '') throw duplicate('name', a.next());
      w.name = a.next();
    } else if (matches(word, 'address')) w.mac = a.next();
    else if (word === 'mtu') w.mtu = unsigned(a.next(), 'Invalid "mtu" value\n');
    else if (word === 'txqueuelen' || word === 'qlen' || word === 'txqlen') w.qlen = unsigned(a.next(), 'Invalid "txqueuelen" value\n');
    else if (ON_OFF[word] !== undefined) {
      const flag = ON_OFF[word]!;
      const state = a.next();
      if (state !== 'on' && state !== 'off') throw new IpError(`Error: argument of "${word}" must be "on" or "off", not "${state}"\n`, 1);
      if ((state === 'on') === flag > 0) w.set |= Math.abs(flag);
      else w.clear |= Math.abs(flag);
    } else if (adding && word === 'type') {
      type = a.next();
      break;
    } else if (OTHER.includes(word)) throw new IpNotModelled(`'ip link ... ${word}'`);
    else if (word === 'help') throw new IpError(LINK_USAGE, 255);
    else {
      const named = word === 'dev' ? a.next() : word;
      if (dev !== '') throw garbage('dev', named);
      dev = named;
    }
  }
  return { dev, w, type };
}

function apply(k: Kernel, d: Dev, w: Wishes): void {
  if (w.mac !== '') {
    const mac = parseMac(w.mac);
    if (mac === null) throw new IpError(`"${w.mac.split(':').find((x) => !/^[0-9a-fA-F]{1,2}$/.test(x)) ?? w.mac}" is invalid lladdr.\n`, 1);
    const e = devSetMac(k, d, mac);
    if (e !== null) throw refused(e);
  }
  if (w.mtu >= 0) {
    const e = devSetMtu(k, d, w.mtu);
    if (e !== null) throw refused(e, w.mtu < 68 ? 'mtu less than device minimum.' : 'mtu greater than device maximum.');
  }
  if (w.qlen >= 0) d.txqueuelen = w.qlen;
  if (w.name !== '' && w.name !== d.name) {
    const e = devSetName(k, d, w.name);
    if (e !== null) throw refused(e);
  }
  if (w.set !== 0 || w.clear !== 0) {
    const e = devChangeFlags(k, d, (devFlags(d) | w.set) & ~w.clear);
    if (e !== null) throw refused(e);
  }
}

function set(c: IpCall): number {
  const { dev, w } = readWishes(c, false);
  if (dev === '') throw new IpError('Not enough information: "dev" argument is required.\n', 255);
  apply(c.k, device(c.k, dev), w);
  return 0;
}

function add(c: IpCall): number {
  const { k } = c;
  const { dev, w, type } = readWishes(c, true);
  const name = w.name !== '' ? w.name : dev;
  if (type === '') throw new IpError('Not enough information: "type" argument is required\n', 255);
  if (KINDS.includes(type)) throw new IpNotModelled(`a device of type ${type}`);
  if (type !== 'dummy' && type !== 'ipip') throw refused('EOPNOTSUPP', 'Unknown device type.');
  const free = (): string => {
    let n = 0;
    while (k.devByName(`${type === 'dummy' ? 'dummy' : 'tunl'}${n}`) !== undefined) n++;
    return `${type === 'dummy' ? 'dummy' : 'tunl'}${n}`;
  };
  if (type === 'ipip') ipipLoad(k);
  if (name.length > 15 || /[/\s]/.test(name)) throw wrong(name, '"name" not a valid ifname');
  const d = devAdd(k, name === '' ? free() : name, type);
  if (typeof d === 'string') throw refused(d);
  if (type === 'dummy') {
    const byte = (): string => (k.world.rng.next(`mac/${k.index}`) & 255).toString(16).padStart(2, '0');
    d.mac = k.world.macs.intern(`${((Number.parseInt(byte(), 16) & 0xfc) | 2).toString(16).padStart(2, '0')}:${byte()}:${byte()}:${byte()}:${byte()}:${byte()}`);
  } else readTunnel(c, d);
  apply(k, d, { ...w, name: '' });
  return 0;
}

/** `remote A local A ttl N` after `type ipip`. */
function readTunnel(c: IpCall, d: Dev): void {
  while (c.a.more) {
    const word = c.a.take();
    const value = c.a.next();
    if (word === 'remote') d.tunnelRemote = address(value);
    else if (word === 'local') d.tunnelLocal = address(value);
    else if (word === 'ttl') d.tunnelTtl = value === 'inherit' ? 0 : unsigned(value, 'invalid TTL\n');
    else if (word === 'dev') d.link = device(c.k, value).index;
    else throw new IpNotModelled(`'${word}' of an ipip tunnel`);
  }
  if (d.tunnelRemote !== 0) d.flags |= IFF.POINTOPOINT;
}

function remove(c: IpCall): number {
  const { dev } = readWishes(c, true);
  if (dev === '') throw new IpError('Not enough information: "dev" argument is required.\n', 255);
  const d = device(c.k, dev);
  if (d.kind === 'ether' || d.kind === 'loopback' || d.name === 'tunl0') throw refused('EOPNOTSUPP');
  devRemove(c.k, d);
  return 0;
}
