// A hash of what a lab is configured to be: addresses, routes, settings, rules, IPVS tables, files, units, cables. Two labs with the same hash behave
// the same for a check; a page checks again when it changes. Counters, neighbours, connections and the clock are left out unless asked for.
import type { Host } from '../host/host';
import { type Inode, ROOT_INO } from '../host/inode';
import type { Vfs } from '../host/vfs';
import { eachTcp } from '../kernel/ipv4/tcp';
import { TCP } from '../kernel/ipv4/tcp_state';
import { ipVsServices } from '../kernel/ipvs/ip_vs_ctl';
import type { Kernel } from '../kernel/kernel';
import type { World } from '../kernel/world';
import { hash32 } from '../lib/rng';
import { toEnd } from '../lib/steps';

/** What a lesson's checks look at beside the configuration. */
export interface RelevantAlso {
  /** Counters of services and servers, and connections. */
  counters?: boolean;
  /** Neighbour entries. */
  neighbours?: boolean;
}

/** Folders and files that change by themselves and configure nothing. */
const NOISE = /^\/(?:var\/(?:log|cache|run|spool|tmp|lib\/(?:systemd|chrony|dhclient|rpm\/__db\S*))|run|proc|sys|dev)$|\/\.(?:bash_history|viminfo|lesshst|ssh\/known_hosts(?:\.old)?)$|\.sw[op]$/;
/** Keys of rules and matches that count. */
const COUNTS: ReadonlySet<string> = new Set(['packets', 'bytes', 'tokensUs', 'lastUs', 'count']);

const filesSeen = new WeakMap<Vfs, { changes: number; hash: number }>();

/** The folder of each inode of an image. (A file with two names has one of them; hosts change names only in folders of their own.) */
function parentsOf(image: ReadonlyMap<number, Inode>): ReadonlyMap<number, number> {
  let known = parentsSeen.get(image);
  if (known === undefined) {
    known = new Map<number, number>();
    for (const i of image.values()) if (i.entries !== null) for (const child of i.entries.values()) known.set(child, i.ino);
    parentsSeen.set(image, known);
  }
  return known;
}
const parentsSeen = new WeakMap<ReadonlyMap<number, Inode>, Map<number, number>>();

/** Every file and folder that is not as the image has it, by path. */
function files(v: Vfs): number {
  const known = filesSeen.get(v);
  if (known !== undefined && known.changes === v.changes) return known.hash;
  const out: string[] = [];
  // Only what this host changed is looked at, and the folders of the image on the way there.
  const there = new Set<number>([ROOT_INO]);
  const parents = parentsOf(v.imageInodes());
  for (const ino of v.differing()) for (let i: number | undefined = ino; i !== undefined && !there.has(i); i = parents.get(i)) there.add(i);
  const walk = (ino: number, path: string): void => {
    if (!there.has(ino)) return;
    const i = v.inode(ino);
    if (i === undefined || NOISE.test(path)) return;
    const image = v.imageInode(ino);
    if (i !== image && i.type !== 'dir') {
      const same = image !== undefined && image.data === i.data && image.mode === i.mode && image.uid === i.uid && image.gid === i.gid && image.attrs === i.attrs;
      if (!same) out.push(`${path} ${i.type} ${i.mode} ${i.uid} ${i.gid} ${i.attrs} ${i.program ?? ''} ${i.data.length} ${hash32(i.data)}`);
    } else if (i !== image) {
      if (image === undefined || image.mode !== i.mode || image.uid !== i.uid || image.attrs !== i.attrs) out.push(`${path} dir ${i.mode} ${i.uid} ${i.attrs}`);
      for (const [name, child] of i.entries!) if (image?.entries?.get(name) !== child && v.imageInode(child) !== undefined) out.push(`${path}/${name} is ${child}`);
      for (const name of image?.entries?.keys() ?? []) if (!i.entries!.has(name) && !NOISE.test(`${path}/${name}`)) out.push(`${path}/${name} gone`);
    }
    if (i.entries !== null) for (const [name, child] of i.entries) walk(child, `${path}/${name}`);
  };
  walk(ROOT_INO, '');
  const hash = hash32(out.sort().join('\n'));
  filesSeen.set(v, { changes: v.changes, hash });
  return hash;
}

function kernelConfig(k: Kernel, also: RelevantAlso): unknown {
  const v = k.ipvs;
  const listening: string[] = [];
  eachTcp(k, (_, state, lip, lport) => {
    if (state === TCP.LISTEN) listening.push(`${lip}:${lport}`);
  });
  return [
    k.hostname, k.devs.map((d) => [d.name, d.up, d.carrier, d.mac, d.mtu, d.segment, d.flags & 128, d.addresses.map((a) => [a.local, a.prefix, a.peer, a.label, a.scope]), [...d.conf], d.tunnelLocal, d.tunnelRemote]),
    [...k.confAll], [...k.confDefault], [...k.sysctls].sort(([a], [b]) => (a < b ? -1 : 1)), k.defaultTtl, [...k.tables.entries()], k.rules, listening.sort(),
    v === null
      ? null
      : [
          ipVsServices(k).map((s) => [
            s.protocol, s.addr, s.port, s.fwmark, s.flags, s.timeout, s.netmask, s.schedName, s.pe,
            s.dests.map((d) => [d.addr, d.port, d.weight, d.connFlags, d.uThreshold, d.lThreshold, ...(also.counters ? [d.stats.conns, d.stats.inPkts, d.stats.outPkts, d.activeConns, d.inactConns] : [])]),
          ]),
          [...v.tcpTimeouts], v.udpTimeout, [...v.vs], v.master, v.backup,
        ],
    also.neighbours ? k.devs.map((d) => [...d.neighbours.values()].map((n) => [n.ip, n.mac])) : 0,
  ];
}

/** One host's part. What packets count is left out key by key, which takes long; so only the rules are read that way. */
function hostConfig(h: Host, also: RelevantAlso): string {
  const rest = JSON.stringify([h.name, h.running, files(h.vfs), h.nfs?.mounts.map((m) => [m.point, m.source, m.options.ro]) ?? [], [...h.units.states.values()].filter((u) => u.active !== 'inactive').map((u) => `${u.name} ${u.active}`).sort(), kernelConfig(h.kernel, also)]);
  return rest + JSON.stringify(h.kernel.netfilter.tables, (key, x: unknown) => (COUNTS.has(key) ? undefined : x));
}

/** The hash of a world's configuration, as text; a step is a host. */
export function* relevantSteps(w: World, also: RelevantAlso = {}): Generator<void, string> {
  const parts: string[] = [];
  for (const h of w.hosts as Host[]) {
    const text = hostConfig(h, also);
    parts.push(`${hash32(text)}.${text.length}`);
    yield;
  }
  return parts.join(' ');
}

/** The same at once. */
export const relevantOf = (w: World, also: RelevantAlso = {}): string => toEnd(relevantSteps(w, also));
