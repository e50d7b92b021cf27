// Settings below /proc/sys: what exists on a host, how it reads, what a write does. Linux counterpart: kernel/sysctl.c, net/ipv4/devinet.c, net/ipv4/sysctl_net_ipv4.c.
// Most are only kept; those the kernel acts on live in its fields (conf.*, ip_default_ttl, hostname, net.ipv4.vs).
import type { Errno } from '../../lib/errno';
import { vsSysctls } from '../ipvs/ip_vs_sysctl';
import { fibChanged } from '../ipv4/fib';
import { CONF6, Conf6, type Conf6Name } from '../ipv6/inet6';
import { forwarding6Changed, ip6Disable } from '../ipv6/addrconf';
import type { Kernel } from '../kernel';
import { CONF, Conf, type ConfName, type Dev } from './dev';
import { parseInts, ruleOf } from './sysctl_rules';
import { CONF6_DEFAULTS, CONNTRACK_DEFAULTS, NEIGH_DEFAULTS, NET_DEFAULTS, settings } from './sysctl_table';
import { SYSTEM_DEFAULTS } from './sysctl_table_system';

/** Defaults by path, of settings that every host has. */
const DEFAULTS: ReadonlyMap<string, string> = new Map(
  [...NET_DEFAULTS, ...SYSTEM_DEFAULTS].flatMap(([dir, text]) => settings(text).map(([name, value]) => [dir + name, value] as const)),
);
const CONNTRACK: ReadonlyMap<string, string> = new Map(CONNTRACK_DEFAULTS.map(([n, v]) => [`net/netfilter/${n}`, v]));
const CONF6_NAMES: ReadonlyMap<string, string> = new Map(CONF6_DEFAULTS);
const NEIGH: ReadonlyMap<string, string> = new Map(NEIGH_DEFAULTS);
const VS = new Map(vsSysctls.map((s) => [s.name, s]));
/** Kept in fields of the kernel. */
const FIELDS = ['kernel/hostname', 'kernel/domainname', 'net/ipv4/ip_forward', 'net/ipv4/ip_default_ttl'];
const FLUSH = 'net/ipv4/route/flush';

const tracked = (k: Kernel): boolean => k.modules.some((m) => m.name === 'nf_conntrack');

/** Children of the directories every host has. */
const TREE: ReadonlyMap<string, ReadonlySet<string>> = treeOf([...DEFAULTS.keys(), ...FIELDS, FLUSH, 'net/ipv4/conf/', 'net/ipv4/neigh/', 'net/ipv6/conf/', 'net/ipv6/neigh/']);

function treeOf(paths: readonly string[]): Map<string, Set<string>> {
  const tree = new Map<string, Set<string>>([['', new Set()]]);
  for (const path of paths) {
    const parts = path.split('/');
    for (let i = 0; i < parts.length; i++) {
      const dir = parts.slice(0, i).join('/');
      if (!tree.has(dir)) tree.set(dir, new Set());
      if (parts[i] !== '') tree.get(dir)!.add(parts[i]!);
    }
  }
  return tree;
}

/** Names in a directory ('' is /proc/sys) in the order the kernel lists them; null when there is none. */
export function sysctlChildren(k: Kernel, dir: string): string[] | null {
  const devices = /^net\/(ipv[46])\/(conf|neigh)(?:\/([^/]+))?$/.exec(dir);
  if (devices !== null) {
    const [, family, what, iface] = devices;
    const ifaces = [...(what === 'conf' ? ['all', 'default'] : []), ...k.devs.map((d) => d.name)];
    if (iface === undefined) return ifaces.sort();
    if (!ifaces.includes(iface)) return null;
    return what === 'neigh' ? [...NEIGH.keys()] : family === 'ipv4' ? [...CONF] : [...CONF6_NAMES.keys()];
  }
  const vs = (): string[] => vsSysctls.filter((s) => s.exists(k)).map((s) => s.name);
  if (dir === 'net/ipv4/vs') return k.ipvs === null ? null : vs();
  const names = TREE.get(dir);
  if (names === undefined) return null;
  const all = [...names];
  if (dir === 'net/ipv4' && k.ipvs !== null) all.push('vs');
  if (dir === 'net/netfilter' && tracked(k)) all.push(...CONNTRACK_DEFAULTS.map(([n]) => n));
  return all.sort();
}

/** Paths of all settings that can be read or written, as net/ipv4/ip_forward, in the order directories list them. */
export function sysctlList(k: Kernel, dir = ''): string[] {
  const found: string[] = [];
  for (const name of sysctlChildren(k, dir) ?? []) {
    const path = dir === '' ? name : `${dir}/${name}`;
    if (place(k, path) === null) found.push(...sysctlList(k, path));
    else found.push(path);
  }
  return found;
}

/** What a path names: where its value lives. */
type Place =
  | { at: 'conf4'; iface: string; dev: Dev | null; conf: Int32Array; name: ConfName }
  | { at: 'conf6'; iface: string; dev: Dev | null; conf: Int32Array; name: Conf6Name }
  | { at: 'field' }
  | { at: 'vs'; name: string }
  | { at: 'kept'; byDefault: string }
  | { at: 'flush' };

function place(k: Kernel, path: string): Place | null {
  if (path === FLUSH) return { at: 'flush' };
  if (FIELDS.includes(path)) return { at: 'field' };
  const plain = DEFAULTS.get(path) ?? (tracked(k) ? CONNTRACK.get(path) : undefined);
  if (plain !== undefined) return { at: 'kept', byDefault: plain };
  const vs = /^net\/ipv4\/vs\/([^/]+)$/.exec(path);
  if (vs !== null) return VS.get(vs[1]!)?.exists(k) === true ? { at: 'vs', name: vs[1]! } : null;
  const m = /^net\/(ipv[46])\/(conf|neigh)\/([^/]+)\/([^/]+)$/.exec(path);
  if (m === null) return null;
  const [, family, what, iface, name] = m as unknown as [string, string, string, string, string];
  const dev = k.devByName(iface) ?? null;
  const group = what === 'conf' && (iface === 'all' || iface === 'default');
  if (dev === null && !group) return null;
  if (what === 'neigh') return NEIGH.has(name) ? { at: 'kept', byDefault: family === 'ipv6' && name === 'locktime' ? '0' : NEIGH.get(name)! } : null;
  if (family === 'ipv4') {
    if (!(CONF as readonly string[]).includes(name)) return null;
    const conf = dev !== null ? dev.conf : iface === 'all' ? k.confAll : k.confDefault;
    return { at: 'conf4', iface, dev, conf, name: name as ConfName };
  }
  if (!CONF6_NAMES.has(name)) return null;
  if ((CONF6 as readonly string[]).includes(name)) {
    const conf = dev !== null ? dev.conf6 : iface === 'all' ? k.ip6.confAll : k.ip6.confDefault;
    return { at: 'conf6', iface, dev, conf, name: name as Conf6Name };
  }
  return { at: 'kept', byDefault: name === 'mtu' && dev !== null ? String(dev.mtu) : CONF6_NAMES.get(name)! };
}

/** Permission bits of a setting's file, e.g. 0o644; null when there is no such setting. */
export function sysctlMode(k: Kernel, path: string): number | null {
  const where = place(k, path);
  if (where === null) return null;
  if (where.at === 'flush') return 0o200;
  if (where.at === 'conf4' && where.name === 'mc_forwarding') return 0o444;
  if (where.at === 'kept' && ruleOf(path, where.byDefault).kind === 'fixed') return 0o444;
  return /^(fs\/protected_|net\/ipv4\/tcp_fastopen_key|kernel\/usermodehelper\/)/.test(path) ? 0o600 : 0o644;
}

/** Text of a setting with its newline; null when there is none or it can only be written. */
export function sysctlRead(k: Kernel, path: string): string | null {
  const where = place(k, path);
  switch (where?.at) {
    case 'conf4':
      return `${where.conf[Conf[where.name]]}\n`;
    case 'conf6':
      return `${where.conf[Conf6[where.name]]}\n`;
    case 'field':
      return `${readField(k, path)}\n`;
    case 'vs':
      return `${VS.get(where.name)!.read(k)}\n`;
    case 'kept':
      if (path === 'net/netfilter/nf_conntrack_count') return `${k.netfilter.ct?.entries(k.world.clock.now).length ?? 0}\n`;
      return `${k.sysctls.get(path) ?? where.byDefault}\n`;
    default:
      return null;
  }
}

function readField(k: Kernel, path: string): string {
  if (path === 'kernel/hostname') return k.hostname;
  if (path === 'kernel/domainname') return k.domainname;
  return String(path === 'net/ipv4/ip_forward' ? k.confAll[Conf.forwarding] : k.defaultTtl);
}

/** Writes a setting; an errno refuses and nothing has changed. */
export function sysctlWrite(k: Kernel, path: string, text: string): Errno | null {
  const where = place(k, path);
  if (where === null) return 'ENOENT';
  if (where.at === 'flush') {
    fibChanged(k);
    return null;
  }
  if (where.at === 'vs') return VS.get(where.name)!.write(k, text);
  if (where.at === 'conf4') return writeConf(k, where, text);
  if (where.at === 'conf6') return writeConf6(k, where, text);
  if (where.at === 'field') return writeField(k, path, text);
  const rule = ruleOf(path, where.byDefault);
  if (rule.kind === 'fixed') return 'EACCES';
  if (rule.kind === 'text') {
    const value = text.replace(/[\n\0][\s\S]*$/, '').slice(0, rule.max);
    if (rule.among !== undefined && !rule.among.includes(value.trim())) return 'ENOENT';
    k.sysctls.set(path, value);
    return null;
  }
  if (rule.kind === 'big') {
    const digits = /^\s*(\d{1,20})(?=[\s\0]|$)/.exec(text)?.[1];
    if (digits === undefined || BigInt(digits) >> 64n !== 0n) return 'EINVAL';
    k.sysctls.set(path, String(BigInt(digits)));
    return null;
  }
  const given = parseInts(text, rule.n, rule.min, rule.max);
  if (typeof given === 'string') return given;
  // Fewer numbers than places: the rest keep what they were.
  const old = (k.sysctls.get(path) ?? where.byDefault).split('\t').map(Number);
  const now = old.map((v, i) => given[i] ?? v);
  if (path === 'net/ipv4/ip_local_port_range') {
    const privileged = Number(k.sysctls.get('net/ipv4/ip_unprivileged_port_start') ?? 1024);
    if (now[1]! < now[0]! || now[0]! < privileged) return 'EINVAL';
  }
  k.sysctls.set(path, now.join('\t'));
  return null;
}

function writeField(k: Kernel, path: string, text: string): Errno | null {
  if (path === 'kernel/hostname' || path === 'kernel/domainname') {
    const value = text.replace(/[\n\0][\s\S]*$/, '').slice(0, 64);
    if (path === 'kernel/hostname') k.hostname = value;
    else k.domainname = value;
    return null;
  }
  if (path === 'net/ipv4/ip_forward') return writeConf(k, { at: 'conf4', iface: 'all', dev: null, conf: k.confAll, name: 'forwarding' }, text);
  const ttl = parseInts(text, 1, 1, 255);
  if (typeof ttl === 'string') return ttl;
  k.defaultTtl = ttl[0]!;
  return null;
}

function writeConf(k: Kernel, where: { iface: string; dev: Dev | null; conf: Int32Array; name: ConfName; at: 'conf4' }, text: string): Errno | null {
  if (where.name === 'mc_forwarding') return 'EACCES';
  const given = parseInts(text, 1);
  if (typeof given === 'string') return given;
  const key = Conf[where.name];
  const changed = where.conf[key] !== given[0]!;
  where.conf[key] = given[0]!;
  if (where.dev !== null) where.dev.confOwn[key] = 1;
  else if (where.iface === 'default') {
    // devinet_copy_dflt_conf: devices that never had this of their own follow.
    k.confDefaultOwn[key] = 1;
    for (const d of k.devs) if (d.confOwn[key] === 0) d.conf[key] = given[0]!;
  }
  if (!changed) return null;
  if (where.name === 'forwarding' && where.iface === 'all') forwardChange(k);
  // Routing decisions depend on these; cached ones are void.
  if (['forwarding', 'rp_filter', 'accept_local', 'route_localnet', 'promote_secondaries'].includes(where.name)) fibChanged(k);
  return null;
}

/** net.ipv6.conf: `all` carries devices and the default with it for forwarding and disable_ipv6 (addrconf_fixup_forwarding, addrconf_disable_ipv6). */
function writeConf6(k: Kernel, where: { iface: string; dev: Dev | null; conf: Int32Array; name: Conf6Name; at: 'conf6' }, text: string): Errno | null {
  const given = parseInts(text, 1);
  if (typeof given === 'string') return given;
  const key = Conf6[where.name];
  const value = given[0]!;
  where.conf[key] = value;
  if (where.name !== 'forwarding' && where.name !== 'disable_ipv6') return null;
  const devs = where.iface === 'all' ? k.devs : where.dev === null ? [] : [where.dev];
  if (where.iface === 'all') k.ip6.confDefault[key] = value;
  for (const d of devs) {
    const was = where.iface === 'all' ? d.conf6[key]! : -1;
    d.conf6[key] = value;
    if (was !== -1 && (was !== 0) === (value !== 0)) continue;
    if (where.name === 'forwarding') forwarding6Changed(k, d);
    else ip6Disable(k, d, value !== 0);
  }
  return null;
}

/** inet_forward_change: all devices and the default follow; redirects are not taken by a router. */
function forwardChange(k: Kernel): void {
  const on = k.confAll[Conf.forwarding]!;
  k.confAll[Conf.accept_redirects] = on === 0 ? 1 : 0;
  k.confDefault[Conf.forwarding] = on;
  for (const d of k.devs) d.conf[Conf.forwarding] = on;
}
