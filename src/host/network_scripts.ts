// ifcfg files: bringing interfaces up and down as the network scripts do. Linux counterpart: initscripts /etc/sysconfig/network-scripts/ifup*, ifdown*.
// Not modelled: DHCP, bonds, VLANs, bridges, the duplicate address check by arping.
import type { Bytes } from '../lib/text';
import type { Dev } from '../kernel/core/dev';
import { addressAdd, addressDelete, devDown, devSetMac, devSetMtu, devUp } from '../kernel/ipv4/devinet';
import { PROTO, routeAdd, TABLE } from '../kernel/ipv4/fib';
import { address6Add, address6Delete } from '../kernel/ipv6/addrconf';
import { route6Add } from '../kernel/ipv6/ip6_fib';
import { maskOf, parseIp, prefixOf } from '../wire/ipv4';
import type { Host } from './host';
import type { Built } from './unit_exec';

const DIR = '/etc/sysconfig/network-scripts';

/** NAME=value pairs of a shell-like file; quotes are taken off. */
export function shellVars(text: Bytes): Map<string, Bytes> {
  const vars = new Map<string, Bytes>();
  for (const line of text.split('\n')) {
    const m = /^\s*(?:export\s+)?(\w+)=(?:"([^"]*)"|'([^']*)'|([^\s#]*))/.exec(line);
    if (m !== null) vars.set(m[1]!, m[2] ?? m[3] ?? m[4] ?? '');
  }
  return vars;
}

/** The ifcfg file for a device or configuration name: by file name, or by DEVICE= or NAME= inside. Null when there is none. */
export function findConfig(host: Host, name: Bytes): { name: Bytes; vars: Map<string, Bytes> } | null {
  const bare = name.replace(/^ifcfg-/, '');
  const direct = host.vfs.read(`${DIR}/ifcfg-${bare}`);
  if (direct !== null) return { name: bare, vars: shellVars(direct) };
  for (const file of configNames(host)) {
    const vars = shellVars(host.vfs.read(`${DIR}/ifcfg-${file}`) ?? '');
    if (vars.get('DEVICE') === bare || vars.get('NAME') === bare) return { name: file, vars };
  }
  return null;
}

/** Names after 'ifcfg-' of all configurations, without backups (names ending in ~, .bak, .orig, .rpmsave and the like are skipped). */
export function configNames(host: Host): Bytes[] {
  return host.vfs.names(DIR).filter((f) => f.startsWith('ifcfg-') && !/(~|\.(bak|orig|rpmnew|rpmorig|rpmsave))$/.test(f)).map((f) => f.slice(6));
}

const yes = (v: Bytes | undefined): boolean => /^(yes|true|y|t)$/i.test(v ?? '');
const no = (v: Bytes | undefined): boolean => /^(no|false|n|f)$/i.test(v ?? '');

function prefixFrom(vars: ReadonlyMap<string, Bytes>, n: string, fallback: number): number {
  const prefix = vars.get(`PREFIX${n}`);
  if (prefix !== undefined && /^\d+$/.test(prefix)) return Number(prefix);
  const mask = parseIp(vars.get(`NETMASK${n}`) ?? '');
  return mask === null ? fallback : Math.max(0, prefixOf(mask));
}

/** Class of an address, when no mask is given. */
const classful = (ip: number): number => (ip >>> 31 === 0 ? 8 : ip >>> 30 === 2 ? 16 : 24);

function addresses(host: Host, dev: Dev, label: Bytes, vars: ReadonlyMap<string, Bytes>, parentPrefix: number | null): Bytes {
  let text = '';
  for (const n of ['', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) {
    const ip = parseIp(vars.get(`IPADDR${n}`) ?? '');
    if (ip === null) continue;
    const prefix = prefixFrom(vars, n, parentPrefix ?? classful(ip));
    const given = parseIp(vars.get(`BROADCAST${n}`) ?? '');
    const broadcast = given ?? (prefix >= 31 ? 0 : ip | ~maskOf(prefix));
    const bad = addressAdd(host.kernel, dev, { local: ip, prefix, label, ...(dev.kind === 'loopback' ? { broadcast: 0, scope: 254 } : { broadcast }) });
    if (bad !== null && bad !== 'EEXIST') text += `Error adding address ${vars.get(`IPADDR${n}`)} for ${dev.name}.\n`;
  }
  return text;
}

/** Brings a configuration up. `text` is what the script writes. */
export function ifup(host: Host, name: Bytes, boot = false): Built {
  const k = host.kernel;
  const c = findConfig(host, name);
  if (c === null) return { status: 1, text: `/sbin/ifup: configuration for ${name} not found.\nUsage: ifup <configuration>\n` };
  const vars = c.vars;
  const device = vars.get('DEVICE') ?? c.name;
  if (boot && no(vars.get('ONBOOT'))) return { status: 0, text: '' };
  const dev = k.devByName(device.replace(/:.*/, ''));
  if (dev === undefined) return { status: 1, text: `ERROR    : [/etc/sysconfig/network-scripts/ifup-eth] Device ${device} does not seem to be present, delaying initialization.\n` };
  if (device.includes(':')) return alias(host, dev, device, vars);
  if (vars.get('MACADDR') !== undefined) devSetMac(k, dev, vars.get('MACADDR')!);
  if (/^\d+$/.test(vars.get('MTU') ?? '')) devSetMtu(k, dev, Number(vars.get('MTU')));
  if ((vars.get('BOOTPROTO') ?? '').toLowerCase() === 'dhcp') {
    devUp(k, dev);
    return { status: 1, text: `\nDetermining IP information for ${device}... failed.\n` };
  }
  devUp(k, dev);
  let text = addresses(host, dev, dev.name, vars, null);
  text += routes(host, dev, vars);
  text += addresses6(host, dev, vars);
  for (const file of configNames(host)) {
    if (!file.startsWith(`${dev.name}:`)) continue;
    const more = shellVars(host.vfs.read(`${DIR}/ifcfg-${file}`) ?? '');
    if (!no(more.get('ONPARENT'))) text += alias(host, dev, more.get('DEVICE') ?? file, more).text;
  }
  return { status: 0, text };
}

/** ifup-ipv6: IPV6ADDR, IPV6ADDR_SECONDARIES and IPV6_DEFAULTGW, unless IPV6INIT says no. */
function addresses6(host: Host, dev: Dev, vars: ReadonlyMap<string, Bytes>): Bytes {
  const k = host.kernel;
  const t = k.world.ip6;
  const given = [vars.get('IPV6ADDR') ?? '', ...(vars.get('IPV6ADDR_SECONDARIES') ?? '').split(/\s+/)].filter((a) => a !== '');
  if (no(vars.get('IPV6INIT')) || given.length === 0) return '';
  let text = '';
  for (const word of given) {
    const [address = '', bits = '64'] = word.split('/');
    const ip = t.intern(address);
    if (ip === null || !/^\d+$/.test(bits)) {
      text += `ERROR    : [/etc/sysconfig/network-scripts/ifup-ipv6] Given IPv6 address '${word}' is not valid\n`;
      continue;
    }
    const bad = address6Add(k, dev, ip, Number(bits));
    if (bad !== null && bad !== 'EEXIST') text += `ERROR    : [/etc/sysconfig/network-scripts/ifup-ipv6] Cannot add IPv6 address ${word} on dev ${dev.name}\n`;
  }
  const gw = t.intern((vars.get('IPV6_DEFAULTGW') ?? '').replace(/%.*/, ''));
  if (gw !== null && gw !== 0) route6Add(k, { table: TABLE.MAIN, dst: 0, prefix: 0, gw, dev: dev.index, metric: 1, proto: PROTO.BOOT, type: 'unicast' }, true);
  return text;
}

/** An alias inherits the mask of its parent where it names none. */
function alias(host: Host, dev: Dev, label: Bytes, vars: ReadonlyMap<string, Bytes>): Built {
  if (!dev.up) devUp(host.kernel, dev);
  return { status: 0, text: addresses(host, dev, label, vars, dev.addresses[0]?.prefix ?? null) };
}

function routes(host: Host, dev: Dev, vars: ReadonlyMap<string, Bytes>): Bytes {
  const k = host.kernel;
  const global = shellVars(host.vfs.read('/etc/sysconfig/network') ?? '');
  const own = vars.get('GATEWAY');
  const gwText = own !== undefined && own !== '' ? own : (global.get('GATEWAYDEV') ?? dev.name) === dev.name ? (global.get('GATEWAY') ?? '') : '';
  const gw = parseIp(gwText);
  if (gw !== null && !no(vars.get('DEFROUTE'))) {
    const reachable = dev.addresses.some((a) => ((a.local ^ gw) & maskOf(a.prefix)) === 0);
    if (own !== undefined || reachable) routeAdd(k, { dst: 0, prefix: 0, gw, dev: dev.index });
  }
  for (const line of (host.vfs.read(`${DIR}/route-${dev.name}`) ?? '').split('\n')) {
    const m = /^\s*(?:default|([\d.]+)(?:\/(\d+))?)(?:\s+via\s+([\d.]+))?(?:\s+dev\s+\S+)?/.exec(line);
    if (m === null || (m[1] === undefined && !line.trim().startsWith('default'))) continue;
    const dst = parseIp(m[1] ?? '0.0.0.0');
    if (dst !== null) routeAdd(k, { dst, prefix: m[1] === undefined ? 0 : Number(m[2] ?? 32), gw: parseIp(m[3] ?? '0.0.0.0') ?? 0, dev: dev.index });
  }
  const listed = shellVars(host.vfs.read(`${DIR}/route-${dev.name}`) ?? '');
  for (let n = 0; listed.has(`ADDRESS${n}`); n++) {
    const dst = parseIp(listed.get(`ADDRESS${n}`)!);
    const mask = parseIp(listed.get(`NETMASK${n}`) ?? '255.255.255.255');
    if (dst !== null && mask !== null) routeAdd(k, { dst, prefix: prefixOf(mask), gw: parseIp(listed.get(`GATEWAY${n}`) ?? '0.0.0.0') ?? 0, dev: dev.index });
  }
  return '';
}

/** Takes a configuration down: all its addresses and routes go, and the device with them (an alias: only its address). */
export function ifdown(host: Host, name: Bytes): Built {
  const k = host.kernel;
  const c = findConfig(host, name);
  if (c === null) return { status: 1, text: 'usage: ifdown <configuration>\n' };
  const device = c.vars.get('DEVICE') ?? c.name;
  const dev = k.devByName(device.replace(/:.*/, ''));
  if (dev === undefined) return { status: 1, text: '' };
  for (const a of [...dev.addresses].reverse()) {
    if (device.includes(':') ? a.label === device : true) addressDelete(k, dev, a.local, a.prefix);
  }
  if (!device.includes(':')) for (const a of [...dev.addresses6]) address6Delete(k, dev, a.local, a.prefix);
  if (!device.includes(':')) devDown(k, dev);
  return { status: 0, text: '' };
}

/** `service network start`: lo, then every configuration that says ONBOOT. */
export function networkStart(host: Host): Built {
  const lo = host.kernel.devByName('lo')!;
  devUp(host.kernel, lo);
  let text = '';
  let status = 0;
  for (const name of configNames(host)) {
    if (name.startsWith('lo:')) {
      const vars = shellVars(host.vfs.read(`${DIR}/ifcfg-${name}`) ?? '');
      if (!no(vars.get('ONPARENT'))) text += alias(host, lo, vars.get('DEVICE') ?? name, vars).text;
      continue;
    }
    if (name === 'lo' || name.includes(':')) continue;
    const r = ifup(host, name, true);
    text += r.text;
    if (r.status !== 0) status = 1;
  }
  return { status, text };
}

/** `service network stop`: every configured device goes down; what was set by hand on them is gone. */
export function networkStop(host: Host): Built {
  for (const name of configNames(host)) if (name !== 'lo' && !name.includes(':')) ifdown(host, name);
  const lo = host.kernel.devByName('lo')!;
  for (const a of [...lo.addresses]) addressDelete(host.kernel, lo, a.local, a.prefix);
  devDown(host.kernel, lo);
  return { status: 0, text: '' };
}

export { yes as isYes };
