// What a lab is made of before it boots: segments (switches), hosts, addresses, files, services. Plain data from a lesson or a scenario.
import { inetAton, ipText, parseIp } from '../wire/ipv4';

/** An address of an interface, long form. */
export interface TopologyAddress {
  /** a.b.c.d/prefix or an IPv6 address/prefix. */
  address: string;
  /** Alias shown by ifconfig, e.g. eth0:1. */
  label?: string;
  scope?: string;
  broadcast?: string;
}

export interface TopologyInterface {
  /** Segment it is plugged into; absent: a dummy interface. */
  segment?: string;
  /** a.b.c.d/p; short for one entry of `addresses`. */
  address?: string;
  addresses?: (string | TopologyAddress)[];
  mac?: string;
  /** Default true; false keeps its addresses but leaves it down. */
  up?: boolean;
  mtu?: number;
  /** Share of frames lost on this cable, 0..1. */
  loss?: number;
  delayMs?: number;
  rateMbit?: number;
}

export type Role = 'client' | 'director' | 'real-server' | 'router' | 'storage';
export type ImageName = 'el' | 'debian-12';

/** A service running when the learner arrives. */
export type TopologyService =
  | { type: 'http'; port: number; body: string; address?: string; pages?: Record<string, string> }
  | { type: 'exec'; run: string }
  | { type: 'syslog' };

export interface TopologyHost {
  name: string;
  role?: Role;
  image?: ImageName;
  /** By interface name, in order. */
  interfaces: Record<string, TopologyInterface>;
  /** More addresses, e.g. on lo. */
  addresses?: { dev: string; address: string; label?: string }[];
  gateway?: string;
  /** As `ip route add` takes them: "10.0.0.0/8 via 192.168.4.9". */
  routes?: string[];
  sysctl?: Record<string, string | number>;
  files?: Record<string, string | { content: string; mode?: string }>;
  packages?: string[];
  services?: TopologyService[];
  /** Units enabled at boot. */
  enabled?: string[];
  modules?: string[];
  /** Accident of this machine's boot that orders IPVS listings, 0..255 (Kernel.serviceHash); drawn from the seed unless given. */
  serviceHash?: number;
}

export interface Topology {
  image: ImageName;
  segments: { name: string; subnet?: string }[];
  hosts: TopologyHost[];
  ipv6?: boolean;
  /** Modules loaded on every host; `freshModules` leaves ip_vs out until something needs it. */
  modules?: string[];
  freshModules?: boolean;
  /** True: interfaces are configured by hand as the recordings did, not by the image's own network files. */
  bare?: boolean;
}

/** A defect of a topology, by key and arguments for the reader's language. */
export interface TopologyProblem {
  key: string;
  args: Record<string, string>;
}

/** All addresses of an interface in long form. */
export function addressesOf(i: TopologyInterface): TopologyAddress[] {
  const list = (i.addresses ?? []).map((a) => (typeof a === 'string' ? { address: a } : a));
  return i.address === undefined ? list : [{ address: i.address }, ...list];
}

/** MAC of an interface: as given, else 52:54:00:00:(third octet):(last octet) of its address, else counted. */
export function macOf(i: TopologyInterface, host: number, index: number): string {
  if (i.mac !== undefined) return i.mac.toLowerCase();
  const first = addressesOf(i).find((a) => !a.address.includes(':'));
  const ip = first === undefined ? null : parseIp(first.address.split('/')[0]!);
  const hex = (n: number): string => n.toString(16).padStart(2, '0');
  if (ip === null) return `52:54:00:01:${hex(host)}:${hex(index)}`;
  return `52:54:00:00:${hex((ip >>> 8) & 255)}:${hex(ip & 255)}`;
}

/** What is wrong with a topology; empty when it can boot. */
export function topologyProblems(t: Topology): TopologyProblem[] {
  const out: TopologyProblem[] = [];
  const say = (key: string, args: Record<string, string>): void => void out.push({ key, args });
  const segments = new Set(t.segments.map((s) => s.name));
  const names = new Set<string>();
  const macs = new Map<string, string>();
  t.hosts.forEach((h, n) => {
    if (names.has(h.name)) say('topology.hostTwice', { host: h.name });
    names.add(h.name);
    Object.entries(h.interfaces).forEach(([name, i], k) => {
      if (i.segment !== undefined && !segments.has(i.segment)) say('topology.noSegment', { host: h.name, iface: name, segment: i.segment });
      for (const a of addressesOf(i)) if (!isAddress(a.address)) say('topology.badAddress', { host: h.name, iface: name, address: a.address });
      const mac = macOf(i, n, k);
      const other = macs.get(mac);
      if (other !== undefined) say('topology.macTwice', { host: h.name, iface: name, mac, other });
      macs.set(mac, `${h.name} ${name}`);
    });
    if (h.gateway !== undefined && inetAton(h.gateway) === null && !h.gateway.includes(':')) say('topology.badAddress', { host: h.name, iface: 'gateway', address: h.gateway });
  });
  return out;
}

function isAddress(text: string): boolean {
  const [ip, prefix, more] = text.split('/');
  if (more !== undefined || ip === undefined) return false;
  if (ip.includes(':')) return true;
  return parseIp(ip) !== null && (prefix === undefined || (/^\d{1,2}$/.test(prefix) && Number(prefix) <= 32));
}

/** Network of an interface's first IPv4 address, for drawings: '192.168.4.0/24'. */
export function subnetText(address: string): string {
  const [ip, prefix] = address.split('/');
  const a = parseIp(ip ?? '');
  if (a === null) return address;
  const p = Number(prefix ?? 32);
  return `${ipText(p === 0 ? 0 : a & (-1 << (32 - p)))}/${p}`;
}
