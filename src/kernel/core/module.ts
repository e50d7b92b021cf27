// Kernel modules beside IPVS's own: which there are, what needs what, loading and unloading. Linux counterpart: kernel/module, modules.dep.
import type { Errno } from '../../lib/errno';
import { ipVsLoad } from '../ipvs/ip_vs_ctl';
import { moduleLoad as ipVsModuleLoad, moduleUse } from '../ipvs/ip_vs_modules';
import { SCHEDULERS } from '../ipvs/ip_vs_schedulers';
import { devRemove } from '../ipv4/devinet';
import { ipipLoad } from '../ipv4/ipip';
import type { Kernel } from '../kernel';
import { namespacesOf } from '../world';

/** A module on disk. */
export interface ModuleFile {
  /** Directory below kernel/. */
  dir: string;
  size: number;
  needs: readonly string[];
  alias?: string;
}

const m = (dir: string, size: number, needs = '', alias?: string): ModuleFile => ({ dir, size, needs: needs === '' ? [] : needs.split(' '), ...(alias === undefined ? {} : { alias }) });
const IPVS = 'net/netfilter/ipvs';
const NF = 'net/netfilter';
const IPV4 = 'net/ipv4';

/** Modules by name; sizes of Debian 12's 6.1 on amd64. */
export const MODULE_FILES: Readonly<Record<string, ModuleFile>> = Object.freeze({
  libcrc32c: m('lib', 16384),
  nf_defrag_ipv4: m('net/ipv4/netfilter', 16384),
  nf_defrag_ipv6: m('net/ipv6/netfilter', 24576),
  nf_conntrack: m(NF, 188416, 'nf_defrag_ipv6 libcrc32c nf_defrag_ipv4'),
  nf_conntrack_sip: m(NF, 36864, 'nf_conntrack'),
  nf_conntrack_ftp: m(NF, 24576, 'nf_conntrack'),
  nf_nat: m(NF, 57344, 'nf_conntrack libcrc32c'),
  x_tables: m(NF, 61440),
  ip_tables: m('net/ipv4/netfilter', 36864, 'x_tables'),
  iptable_filter: m('net/ipv4/netfilter', 16384, 'ip_tables x_tables'),
  iptable_nat: m('net/ipv4/netfilter', 16384, 'nf_nat ip_tables x_tables'),
  iptable_mangle: m('net/ipv4/netfilter', 16384, 'ip_tables x_tables'),
  xt_mark: m(NF, 16384, 'x_tables'),
  nfnetlink: m(NF, 20480),
  nf_tables: m(NF, 303104, 'nfnetlink libcrc32c'),
  nft_compat: m(NF, 20480, 'nfnetlink nf_tables x_tables'),
  nft_chain_nat: m(NF, 16384, 'nf_tables nf_nat'),
  nf_log_syslog: m(NF, 28672),
  nf_reject_ipv4: m('net/ipv4/netfilter', 16384),
  ipt_REJECT: m('net/ipv4/netfilter', 16384, 'nf_reject_ipv4 x_tables'),
  xt_MASQUERADE: m(NF, 20480, 'nf_nat nf_conntrack x_tables'),
  xt_REDIRECT: m(NF, 20480, 'nf_nat nf_conntrack x_tables'),
  xt_nat: m(NF, 16384, 'nf_nat nf_conntrack x_tables'),
  xt_LOG: m(NF, 20480, 'x_tables'),
  xt_connmark: m(NF, 16384, 'nf_conntrack x_tables'),
  xt_addrtype: m(NF, 16384, 'x_tables'),
  xt_comment: m(NF, 16384, 'x_tables'),
  xt_limit: m(NF, 16384, 'x_tables'),
  xt_tcpudp: m(NF, 20480, 'x_tables'),
  xt_multiport: m(NF, 20480, 'x_tables'),
  xt_length: m(NF, 16384, 'x_tables'),
  xt_statistic: m(NF, 16384, 'x_tables'),
  xt_conntrack: m(NF, 16384, 'nf_conntrack x_tables'),
  ip_vs: m(IPVS, 188416, 'nf_conntrack libcrc32c nf_defrag_ipv6', 'net-pf-16-proto-16-family-IPVS'),
  ip_vs_ftp: m(IPVS, 16384, 'ip_vs nf_nat'),
  ip_vs_pe_sip: m(IPVS, 16384, 'ip_vs nf_conntrack_sip'),
  ...Object.fromEntries(SCHEDULERS.map((s) => [`ip_vs_${s.name}`, m(IPVS, 16384, 'ip_vs')])),
  ip_tunnel: m(IPV4, 36864),
  tunnel4: m(IPV4, 16384),
  ipip: m(IPV4, 16384, 'ip_tunnel tunnel4', 'netdev-tunl0'),
  gre: m(IPV4, 16384),
  ip_gre: m(IPV4, 36864, 'ip_tunnel gre', 'netdev-gre0'),
  fou: m(IPV4, 28672, 'udp_tunnel ip6_udp_tunnel'),
  udp_tunnel: m(IPV4, 32768),
  ip6_udp_tunnel: m('net/ipv6', 16384),
  tcp_bbr: m(IPV4, 20480),
  llc: m('net/llc', 16384),
  stp: m('net/802', 16384, 'llc'),
  bridge: m('net/bridge', 319488, 'stp llc'),
  br_netfilter: m('net/bridge', 32768, 'bridge'),
  '8021q': m('net/8021q', 40960, 'garp mrp'),
  garp: m('net/802', 16384, 'stp llc'),
  mrp: m('net/802', 20480),
  bonding: m('drivers/net/bonding', 229376, 'tls'),
  tls: m('net/tls', 135168),
  dummy: m('drivers/net', 16384, '', 'rtnl-link-dummy'),
  veth: m('drivers/net', 36864),
  tun: m('drivers/net', 61440),
});

const loaded = (k: Kernel, name: string): boolean => k.modules.some((x) => x.name === name);

/** Names in the order directories of sysfs list them: by the kernel's hash of a name (fs/kernfs/dir.c). */
export function byNameHash(names: readonly string[]): string[] {
  return [...names].map((n) => ({ n, h: nameHash(n) })).sort((a, b) => a.h - b.h || (a.n < b.n ? -1 : 1)).map((x) => x.n);
}

function nameHash(name: string): number {
  const MASK = (1n << 64n) - 1n;
  let hash = 0n;
  for (const c of name) {
    const code = BigInt(c.toLowerCase().charCodeAt(0));
    hash = ((hash + (code << 4n) + (code >> 4n)) * 11n) & MASK;
  }
  return Number((((hash * 0x61c8864680b583ebn) & MASK) >> 32n) & 0x7fffffffn);
}

/** Modules that hold another, in the order lsmod names them. */
export const moduleHolders = (k: Kernel, name: string): string[] => byNameHash(k.modules.find((x) => x.name === name)?.usedBy ?? []);

/** What loading `name` inserts, in order, itself last; empty when it is there already. */
export function modulesToLoad(k: Kernel, name: string): string[] {
  const found: string[] = [];
  const add = (n: string): void => {
    if (loaded(k, n) || found.includes(n)) return;
    for (const other of MODULE_FILES[n]?.needs ?? []) add(other);
    found.push(n);
  };
  add(name);
  return found;
}

/** modprobe: ENOENT when there is no such module. Loading has the effects of the module's init. */
export function modprobe(k: Kernel, name: string): Errno | null {
  const file = MODULE_FILES[name];
  if (file === undefined) return 'ENOENT';
  if (loaded(k, name)) return null;
  for (const other of file.needs) modprobe(k, other);
  if (name === 'ip_vs') ipVsLoad(k);
  else if (name.startsWith('ip_vs_')) ipVsModuleLoad(k, name);
  else if (name === 'ipip') ipipLoad(k);
  else insert(k, name, file);
  if (name === 'dummy' && k.devByName('dummy0') === undefined) k.addDev('dummy0', 'dummy');
  return null;
}

function insert(k: Kernel, name: string, file: ModuleFile): void {
  for (const other of file.needs) {
    const x = k.modules.find((y) => y.name === other);
    if (x === undefined) continue;
    x.usedBy.push(name);
    x.refs++;
  }
  k.modules.push({ name, size: file.size, usedBy: [], refs: 0 });
}

/** rmmod, which takes a module's devices along: ENOENT when it is not loaded, EAGAIN when others hold it, EBUSY when it is in use. */
export function moduleRemove(k: Kernel, name: string): Errno | null {
  const x = k.modules.find((y) => y.name === name);
  if (x === undefined) return 'ENOENT';
  if (x.usedBy.length > 0) return 'EAGAIN';
  if (x.refs > 0) return 'EBUSY';
  for (const y of k.modules) {
    if (!y.usedBy.includes(name)) continue;
    y.usedBy = y.usedBy.filter((n) => n !== name);
    y.refs--;
  }
  if (name.startsWith('ip_vs_')) moduleUse(k, 'ip_vs', -1);
  k.modules.splice(k.modules.indexOf(x), 1);
  for (const n of namespacesOf(k)) {
    if (name === 'ip_vs') n.ipvs = null;
    for (const d of n.devs.filter((x) => x.kind === name)) devRemove(n, d); // rtnl_link_unregister
  }
  return null;
}
