// Boots a lab: one world, a switch a segment, a kernel and a userland a host, then the topology's settings.
import { bootHost, prepareHost } from '../host/boot';
import { Host } from '../host/host';
import { installPackage, isInstalled, toInstall } from '../host/packages';
import { Vfs } from '../host/vfs';
import { Units } from '../host/unit';
import { plug, Segment } from '../kernel/core/segment';
import { ipipLoad } from '../kernel/ipv4/ipip';
import { ip6Enable } from '../kernel/ipv6/addrconf';
import { ipVsLoad } from '../kernel/ipvs/ip_vs_ctl';
import { moduleLoad } from '../kernel/ipvs/ip_vs_modules';
import { SCHEDULERS } from '../kernel/ipvs/ip_vs_schedulers';
import { Kernel } from '../kernel/kernel';
import { World } from '../kernel/world';
import { subnetText, addressesOf, macOf, type Topology, type TopologyHost } from './topology';
import { type Complaints, configureCable, configureFiles, configureMore, configureNetwork, configureSysctl, networkFiles, prepareServices, putFile } from './configure';
import { execLine } from './exec';
import { handlers } from './handlers';
import { imageOf, programs } from './programs';
import { utf8Encode } from './text';

export interface BootOptions {
  seed: number;
  /** Wall clock at virtual time 0, seconds since 1970. */
  epoch: number;
}

export interface Booted { world: World; complaints: Complaints }

/** Lets `us` pass in steps of a few events. */
export function* passing(world: World, us: number): Generator<void, void> {
  const until = world.clock.now + us;
  for (let n = 1; world.step(until); n++) if ((n & 3) === 0) yield;
  world.advance(until);
}

/** A booted world, and what of the topology could not be set; in steps, for a page that must not stand still. */
export function* bootingWorld(t: Topology, opts: BootOptions): Generator<void, Booted> {
  const world = new World(opts.seed, handlers);
  world.epoch = opts.epoch;
  world.oneKernel = t.bare === true;
  const complaints: Complaints = [];
  const segments = new Map<string, Segment>();
  for (const s of t.segments) {
    const subnet = s.subnet ?? guessSubnet(t, s.name);
    const seg = new Segment(world.segments.length, s.name, subnet);
    world.segments.push(seg);
    segments.set(s.name, seg);
  }
  for (const [index, h] of t.hosts.entries()) {
    yield;
    const kernel = Kernel.start(world, index, h.name);
    if (h.serviceHash !== undefined) kernel.serviceHash = h.serviceHash;
    world.kernels.push(kernel);
    if (world.oneKernel) kernel.modules = world.kernels[0]!.modules;
    const image = imageOf(h.image ?? t.image);
    const host = new Host(world, index, h.name, kernel, image, programs);
    host.vfs = new Vfs(host, image);
    host.units = new Units();
    for (const name of image.installed) host.packages.add(name);
    world.hosts.push(host);
    // The recordings loaded a scenario's modules before they made interfaces: their devices come first.
    if (t.bare) loadTunnels(kernel, t);
    Object.entries(h.interfaces).forEach(([name, i], n) => {
      const dev = kernel.addDev(name, i.segment === undefined ? 'dummy' : 'ether');
      dev.mac = world.macs.intern(macOf(i, index, n));
      const seg = i.segment === undefined ? undefined : segments.get(i.segment);
      if (seg !== undefined) plug(seg, index, dev);
    });
  }
  loadModules(world, t);
  const hosts = world.hosts as Host[];
  if (t.ipv6) for (const k of world.kernels) ip6Enable(k);
  for (const [index, h] of t.hosts.entries()) {
    yield;
    if (t.bare) bareBoot(hosts[index]!, h, complaints);
    else installedBoot(hosts[index]!, h, complaints);
  }
  yield* passing(world, 1_000_000);
  for (const [index, h] of t.hosts.entries()) {
    yield;
    startServices(world, hosts[index]!, h, complaints);
  }
  yield* passing(world, 2_000_000);
  return { world, complaints };
}

function guessSubnet(t: Topology, segment: string): string {
  for (const h of t.hosts) {
    for (const i of Object.values(h.interfaces)) {
      const a = i.segment === segment ? addressesOf(i)[0] : undefined;
      if (a !== undefined) return subnetText(a.address);
    }
  }
  return '';
}

function loadModules(world: World, t: Topology): void {
  for (const k of world.kernels) {
    if (t.bare && !t.freshModules) {
      ipVsLoad(k);
      // The recordings' machine had every scheduler it ships and the FTP helper loaded.
      for (const s of SCHEDULERS) if (s.name !== 'twos') moduleLoad(k, `ip_vs_${s.name}`);
      moduleLoad(k, 'ip_vs_ftp');
    }
    if (!t.bare) loadTunnels(k, t);
  }
}

function loadTunnels(k: Kernel, t: Topology): void {
  if (t.modules?.includes('ipip') || t.hosts.some((h) => h.modules?.includes('ipip'))) ipipLoad(k);
}

/** As the recordings prepared a host: `ip -batch`, sysctls, files. */
function bareBoot(host: Host, h: TopologyHost, complaints: Complaints): void {
  const k = host.kernel;
  putFile(host, '/etc/hostname', `${h.name}\n`);
  bootHost(host);
  putFile(host, '/etc/hosts', `127.0.0.1\tlocalhost\n127.0.1.1\t${h.name}\n`);
  configureNetwork(k, h, complaints);
  configureSysctl(k, h.sysctl ?? {}, complaints);
  configureFiles(host, h);
}

/** As an installed system boots: its own network files and units, then what the topology adds. */
function installedBoot(host: Host, h: TopologyHost, complaints: Complaints): void {
  const k = host.kernel;
  for (const name of h.packages ?? []) {
    if (toInstall(host, name).length === 0 && !isInstalled(host, name)) complaints.push(`${h.name}: no package ${name}`);
    for (const p of toInstall(host, name)) installPackage(host, p.name);
  }
  // Units of its own must be there before they can be enabled.
  const units = Object.entries(h.files ?? {}).flatMap(([path, f]) => (path.startsWith('/etc/systemd/system/') ? [[path, utf8Encode(typeof f === 'string' ? f : f.content)] as const] : []));
  prepareHost(host, { files: { ...networkFiles(h), ...Object.fromEntries(units) }, enabled: h.enabled ?? [] });
  bootHost(host);
  // Whatever the image's own network files cannot say is set by hand: cables' quality, addresses of other devices, routes.
  for (const [name, i] of Object.entries(h.interfaces)) configureCable(k, name, i);
  if (k.devs.every((d) => d.kind === 'loopback' || d.addresses.length === 0)) configureNetwork(k, h, complaints);
  else configureMore(k, h, complaints);
  configureSysctl(k, h.sysctl ?? {}, complaints);
  configureFiles(host, h);
}

function startServices(world: World, host: Host, h: TopologyHost, complaints: Complaints): void {
  const lines: string[] = [];
  lines.push(...prepareServices(host, h.services ?? []));
  if (lines.length === 0) return;
  const r = execLine(world, host, lines.join('\n'), { timeoutUs: 30_000_000 });
  if (r.status !== 0 || r.stderr !== '') complaints.push(`${h.name}: service: ${r.stderr.trim()} (${r.status})`);
}
