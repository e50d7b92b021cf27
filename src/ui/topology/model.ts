// What the topology says about each host: addresses, virtual addresses and whether it answers ARP for them, gateway, links.
import type { FrameView, HostView, LabLike } from '../engine';

export interface VipRow { ip: string; label: string; answers: boolean }
export interface LinkModel {
  dev: string; segment: string; up: boolean; carrier: boolean;
  /** Made worse on purpose: share lost, ms, Mbit/s (0: no limit). */
  loss: number; delayMs: number; rateMbit: number;
}
export interface NodeModel {
  name: string; role: string; running: boolean; addresses: { ip: string; dev: string }[];
  vips: VipRow[]; gateway: string | null; segments: string[]; links: LinkModel[]; macs: string[];
  /** Servers among its units (web, mail, names), running or not. */
  services: { name: string; up: boolean }[];
}
export interface TopoModel { nodes: NodeModel[]; segments: { name: string; subnet: string }[]; byMac: Map<string, { host: string; segment: string }>; byIp: Map<string, string>; mode: 'nat' | 'dr' | 'tun' | null; vips: Set<string> }

const SERVERS = /^(httpd|nginx|apache2|vsftpd|named|keepalived|mysqld|mariadb|tomcat|haproxy)$/;
const bare = (a: string): string => a.split('/')[0]!;

let last: { stamp: string; lab: LabLike | null; model: TopoModel | null } = { stamp: '', lab: null, model: null };
const nodesKnown = new Map<string, { text: string; node: NodeModel }>();

/** A node that reads as before is the same object, so that only what changed is drawn anew. */
function steady(node: NodeModel): NodeModel {
  const text = JSON.stringify(node);
  const had = nodesKnown.get(node.name);
  if (had?.text === text) return had.node;
  nodesKnown.set(node.name, { text, node });
  return node;
}

/** All of it at one instant; panes that ask at the same instant share one reading. */
export function topoModel(lab: LabLike): TopoModel {
  const stamp = `${lab.version()}@${lab.now()}`;
  if (last.model === null || last.stamp !== stamp || last.lab !== lab) {
    const model = read(lab);
    last = { stamp, lab, model: last.model !== null && same(model, last.model) ? last.model : model };
  }
  return last.model!;
}

/** Does a new reading say the same? Then the old one is kept, and nothing drawn from it is drawn again. */
function same(a: TopoModel, b: TopoModel): boolean {
  const equal = <T>(x: Map<string, T>, y: Map<string, T>, eq: (p: T, q: T) => boolean): boolean => x.size === y.size && [...x].every(([k, v]) => { const w = y.get(k); return w !== undefined && eq(v, w); });
  return a.mode === b.mode && a.nodes.length === b.nodes.length && a.nodes.every((n, i) => n === b.nodes[i]) && a.segments.length === b.segments.length && a.segments.every((s, i) => s.name === b.segments[i]!.name && s.subnet === b.segments[i]!.subnet)
    && a.vips.size === b.vips.size && [...a.vips].every((v) => b.vips.has(v)) && equal(a.byIp, b.byIp, (p, q) => p === q) && equal(a.byMac, b.byMac, (p, q) => p.host === q.host && p.segment === q.segment);
}

/** What of a host the drawing needs. */
interface Seen { name: string; role: string; running: boolean; interfaces: HostView['interfaces']; services: HostView['ipvs']['services']; gateway: string | null; processes: HostView['processes']; enabled: readonly string[] }

function read(lab: LabLike): TopoModel {
  const hosts = new Map(lab.topology.hosts.map((h) => [h.name, h]));
  const views = lab.hostNames().map((n): Seen => {
    const v = lab.look(n);
    return { name: n, role: hosts.get(n)?.role ?? '', running: v.running, interfaces: v.interfaces, services: v.ipvs.services, gateway: v.gateway, processes: v.processes, enabled: hosts.get(n)?.enabled ?? [] };
  });
  const vips = new Set<string>();
  for (const v of views) {
    for (const s of v.services) if (s.address !== '' && s.address !== '0.0.0.0') vips.add(s.address);
    for (const i of v.interfaces) for (const a of i.addresses) if (a.label.includes(':') || (a.address.endsWith('/32') && i.name === 'lo')) vips.add(bare(a.address));
  }
  const owners = new Map<string, string[]>();
  for (const v of views) for (const i of v.interfaces) for (const a of i.addresses) if (vips.has(bare(a.address))) owners.set(bare(a.address), [...(owners.get(bare(a.address)) ?? []), v.name]);
  const byMac = new Map<string, { host: string; segment: string }>();
  const byIp = new Map<string, string>();
  let mode: TopoModel['mode'] = null;
  const nodes = views.map((v): NodeModel => {
    const rows: VipRow[] = [];
    const addresses: NodeModel['addresses'] = [];
    const links: NodeModel['links'] = [];
    for (const i of v.interfaces) {
      if (i.segment) { byMac.set(i.mac, { host: v.name, segment: i.segment }); links.push({ dev: i.name, segment: i.segment, up: i.up, carrier: i.carrier, loss: i.loss, delayMs: i.delayMs, rateMbit: i.rateMbit }); }
      for (const a of i.addresses) {
        const ip = bare(a.address);
        if (!byIp.has(ip) || i.name !== 'lo') byIp.set(ip, v.name);
        const alias = a.label.includes(':') || i.name === 'lo';
        if (vips.has(ip) && (alias || (owners.get(ip) ?? []).length > 1)) rows.push({ ip, label: a.label || i.name, answers: answers(lab, v, ip) });
        else if (i.name !== 'lo') addresses.push({ ip, dev: i.name });
      }
    }
    for (const s of v.services) for (const d of s.servers) mode ??= d.forward === 'Route' ? 'dr' : d.forward === 'Masq' ? 'nat' : d.forward === 'Tunnel' ? 'tun' : null;
    return steady({ name: v.name, role: v.role, running: v.running, addresses, vips: rows, gateway: v.gateway, segments: [...new Set(links.map((l) => l.segment))], links, macs: v.interfaces.map((i) => i.mac), services: servicesOf(v) });
  });
  const segments = lab.topology.segments.map((s) => ({ name: s.name, subnet: s.subnet ?? s.name }));
  return { nodes, segments, byMac, byIp, mode, vips };
}

/** Servers that run, and those the host is made for that do not. Read from its processes: units are files, and reading them takes long. */
function servicesOf(v: Seen): NodeModel['services'] {
  const running = new Set(v.processes.map((p) => /^(?:\S*\/)?([a-z0-9]+)/.exec(p.command)?.[1] ?? '').filter((n) => SERVERS.test(n)));
  const meant = v.enabled.map((n) => n.replace(/\.service$/, '')).filter((n) => SERVERS.test(n));
  return [...new Set([...meant, ...running])].map((name) => ({ name, up: running.has(name) }));
}

function answers(lab: LabLike, v: Seen, ip: string): boolean {
  return v.running && lab.answersArpFor(v.name, ip);
}

/** Hosts a frame is going to (or went to): who received it, else who owns its destination MAC. */
export function receivers(f: FrameView, m: TopoModel): string[] {
  const got = f.to.filter((t) => t.accepted).map((t) => t.host);
  const all = f.to.map((t) => t.host);
  if (f.dmac === 'ff:ff:ff:ff:ff:ff') return m.nodes.filter((n) => n.name !== f.from && n.links.some((l) => l.segment === f.segment && l.up && l.carrier)).map((n) => n.name);
  if (got.length > 0) return got;
  if (all.length > 0) return all.slice(0, 1);
  const owner = m.byMac.get(f.dmac);
  return owner && owner.segment === f.segment ? [owner.host] : [];
}

/** '192.168.4.253' as '.253'. */
export const short = (ip: string): string => (/^\d+\.\d+\.\d+\.\d+$/.test(ip) ? `.${ip.split('.')[3]}` : ip);
/** '52:54:00:00:04:51' as '…:04:51'. */
export const shortMac = (mac: string): string => (mac === 'ff:ff:ff:ff:ff:ff' ? mac : `…${mac.slice(-6)}`);
