// Switching a host on and off: from power to the units of multi-user.target and back. Linux counterpart: systemd's boot and shutdown, the kernel's start.
// Not modelled: mount units as units (NFS lines of /etc/fstab are mounted before the services start; the journal tells of them, systemctl does not).
import type { Bytes } from '../lib/text';
import { neighbourFlush } from '../kernel/core/neighbour';
import { ip6Enable } from '../kernel/ipv6/addrconf';
import { devUp } from '../kernel/ipv4/devinet';
import { Kernel } from '../kernel/kernel';
import { Ev, type World } from '../kernel/world';
import { Drop } from '../kernel/drop_reason';
import type { Host } from './host';
import { loadModules } from './modules_load';
import { networkStart } from './network_scripts';
import { log } from './journal';
import { fstab } from './nfs/mounting';
import type { OpenFile } from './open_file';
import { type Op, Process, type Run, SIG } from './process';
import { sleep, spawn, waitpid } from './syscall';
import { applySysctls } from './sysctl_conf';
import { startUnit, stopUnit, Units } from './unit';
import { fullName, loadUnit, unitWords } from './unit_file';
import { sleepOn } from './wait';

/** From `reboot` to power off, firmware and kernel, us. */
const POWER_US = 6_000_000;

/** A mount unit may take this long (DefaultTimeoutStartSec), us. */
const MOUNT_US = 90_000_000;

/** What a lab gives a host that starts for the first time. */
export interface BootOptions {
  /** Files beyond the image's, by path. */
  files?: Readonly<Record<string, Bytes | { text: Bytes; mode?: number }>>;
  /** Units enabled beyond the image's. */
  enabled?: readonly string[];
  /** Units that are not. */
  disabled?: readonly string[];
}

/** Puts a fresh host's files in place. The lab calls it once, before `bootHost`. */
export function prepareHost(host: Host, given: BootOptions): void {
  for (const [path, f] of Object.entries(given.files ?? {})) {
    if (typeof f === 'string') host.vfs.put(path, f);
    else host.vfs.put(path, f.text, f.mode === undefined ? {} : { mode: f.mode });
  }
  const link = (name: string): string => `/etc/systemd/system/multi-user.target.wants/${name}.service`;
  for (const name of [...host.image.enabled, ...(given.enabled ?? [])]) {
    const u = loadUnit(host, name);
    if (u === null || (given.disabled ?? []).includes(name) || host.vfs.names('/etc/systemd/system/multi-user.target.wants').includes(`${name}.service`)) continue;
    host.vfs.mkdirs('/etc/systemd/system/multi-user.target.wants');
    host.vfs.symlink(null, u.path, link(name));
  }
}

/** The first process. On images without systemd it is a bare init. */
function firstProcess(host: Host): void {
  const init = new Process(host, 1);
  const systemd = host.vfs.exists('/usr/lib/systemd/system/multi-user.target');
  init.ppid = 0;
  init.comm = systemd ? 'systemd' : 'init';
  init.argv = systemd ? ['/usr/lib/systemd/systemd', '--switched-root', '--system', '--deserialize', '22'] : ['init'];
  init.state = 'S';
  init.startedAt = host.world.clock.now;
  host.procs.set(1, init);
}

/**
 * Boots a host. At once: hostname, lo, settings, network. Then its enabled units start, in order, as virtual time goes on; `host.running` is true when
 * all are up. On an image without systemd it is up at once.
 */
export function bootHost(host: Host): void {
  const k = host.kernel;
  k.bootedAt = host.world.clock.now;
  host.units = new Units();
  firstProcess(host);
  const hostname = (host.vfs.read('/etc/hostname') ?? '').trim();
  if (hostname !== '') k.hostname = hostname;
  devUp(k, k.devByName('lo')!);
  if (!host.vfs.exists('/usr/lib/systemd/system/multi-user.target')) {
    host.running = true;
    return;
  }
  // What the image says it runs; the kernel behaves as the one this build models.
  k.sysctls.set('kernel/osrelease', host.image.kernelRelease);
  k.sysctls.set('kernel/version', host.image.kernelVersion);
  loadModules(host);
  applySysctls(host);
  // The network is there at once, so that whoever builds a lab finds its addresses; its unit finds the work done.
  const order = bootOrder(host);
  if (order.includes('network.service') || order.includes('NetworkManager.service')) networkStart(host);
  host.running = false;
  const p = host.fork(null);
  p.comm = '(systemd)';
  p.argv = ['(systemd)'];
  host.start(p, bootUnits(p), 0);
}

/** Enabled units in an order that keeps After= and Before=, names breaking ties. */
export function bootOrder(host: Host): string[] {
  const wanted = new Set(host.vfs.names('/etc/systemd/system/multi-user.target.wants').filter((n) => n.endsWith('.service')));
  if (loadUnit(host, 'rc-local') !== null) wanted.add('rc-local.service');
  const after = new Map<string, Set<string>>();
  const edge = (later: string, earlier: string): void => {
    after.set(later, (after.get(later) ?? new Set()).add(earlier));
  };
  // Targets stand between units: what is Before=network.target comes before what is After=network.target.
  edge('network-online.target', 'network.target');
  for (const name of wanted) {
    const u = loadUnit(host, name);
    if (u === null) continue;
    for (const other of unitWords(u, 'Unit.After')) edge(name, other);
    for (const other of unitWords(u, 'Unit.Before')) edge(other, name);
    if (name === 'network.service') edge('network.target', name);
  }
  const done: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const other of [...(after.get(name) ?? [])].sort()) visit(other);
    if (wanted.has(name)) done.push(name);
  };
  for (const name of [...wanted].sort()) if (name !== 'rc-local.service') visit(name);
  visit('rc-local.service');
  return done;
}

function* bootUnits(p: Process): Run {
  const host = p.host;
  const order = bootOrder(host);
  yield* sleep(p, 200_000);
  for (const target of ['network.target', 'basic.target']) if (loadUnit(host, target) !== null) yield* startUnit(p, target);
  yield* mountRemote(p);
  for (const name of order) yield* startUnit(p, name);
  yield* startUnit(p, 'multi-user.target');
  host.running = true;
  host.world.clock.push(host.world.clock.now, Ev.session, host.index, 1, null);
  return 0;
}

/** remote-fs.target: the NFS lines of /etc/fstab, each by its helper, for at most 90 s (systemd-fstab-generator, mount units). */
function* mountRemote(p: Process): Op<void> {
  const { host } = p;
  for (const f of fstab(host)) {
    if (!/^nfs4?$/.test(f.type) || /(^|,)noauto(,|$)/.test(f.options) || !host.vfs.exists('/sbin/mount.nfs')) continue;
    const name = fullName(f.point);
    host.vfs.mkdirs(f.point);
    log(host, name, 'systemd', 1, `Mounting ${f.point}...`);
    const child = spawn(p, { path: '/sbin/mount.nfs', argv: ['/sbin/mount.nfs', f.source, f.point, '-o', f.options], fds: new Map([[0, NULL()], [1, NULL()], [2, NULL()]]) });
    const until = host.world.clock.now + MOUNT_US;
    while (child.state !== 'Z' && host.world.clock.now < until) yield* sleepOn([p.childQueue], until);
    if (child.state !== 'Z') host.kill(child, SIG.KILL);
    const status = (yield* waitpid(p, [child.pid]))!.status;
    if (status === 0) log(host, name, 'systemd', 1, `Mounted ${f.point}.`);
    else log(host, name, 'systemd', 1, `Failed to mount ${f.point}.\nDependency failed for Remote File Systems.\nUnit ${name} entered failed state.`);
  }
}

const NULL = (): OpenFile => ({ kind: 'null', refs: 0, readable: true, writable: true });

/** `reboot`: units stop in reverse order, then power goes, and comes back `POWER_US` later. Returns at once; `host.running` tells. */
export function rebootHost(host: Host): void {
  goDown(host, 1);
}

/** `poweroff`: as rebootHost, but the host stays off until `powerOn`. */
export function powerOffHost(host: Host): void {
  goDown(host, 2);
}

/** Pulls the plug: nothing is stopped or saved. */
export function crashHost(host: Host): void {
  cutPower(host);
}

/** Switches on a host that is off. */
export function powerOn(host: Host): void {
  bootHost(host);
}

function goDown(host: Host, stage: number): void {
  if (!host.running) return;
  host.running = false;
  const p = host.fork(null);
  p.comm = 'systemd-shutdow';
  p.argv = ['/usr/lib/systemd/systemd-shutdown', stage === 1 ? 'reboot' : 'poweroff'];
  for (const s of [SIG.INT, SIG.TERM, SIG.HUP, SIG.QUIT]) p.ignored.add(s);
  host.start(p, goDownRun(p, stage), 0);
}

function* goDownRun(p: Process, stage: number): Run {
  yield* stopAll(p);
  const host = p.host;
  // The host goes away under this very process, so the rest is the clock's: sessions end before the power does.
  host.world.clock.push(host.world.clock.now, Ev.session, host.index, 0, null);
  host.world.clock.push(host.world.clock.now + 1, Ev.boot, host.index, stage, null);
  yield* sleep(p, 60_000_000);
  return 0;
}

function* stopAll(p: Process): Op<void> {
  const host = p.host;
  // Sessions from elsewhere end first, while the network is still there to tell.
  for (const q of host.procs.values()) if (q.comm === 'sshd' && q.daemon === 0) host.kill(q, SIG.TERM);
  const order = bootOrder(host);
  const rank = (name: string): number => order.indexOf(name);
  const running = [...host.units.states.values()].filter((s) => s.active === 'active' && s.name.endsWith('.service'));
  running.sort((a, b) => rank(b.name) - rank(a.name) || (a.name < b.name ? 1 : -1));
  for (const s of running) if (s.name !== 'network.service') yield* stopUnit(p, s.name);
}

/** Handler of Ev.boot: 1 cut power and come back, 2 cut power, 3 come back. */
export function bootEvent(w: World, index: number, stage: number): void {
  const host = w.hosts[index] as Host;
  if (stage === 3) {
    bootHost(host);
    return;
  }
  cutPower(host);
  if (stage === 1) w.clock.push(w.clock.now + POWER_US, Ev.boot, index, 3, null);
}

/** Everything that lives in memory is gone: processes, sockets, tables, settings. Files, cards and cables stay. */
function cutPower(host: Host): void {
  const old = host.kernel;
  for (const d of old.devs) {
    neighbourFlush(old, d);
    neighbourFlush(old, d, false, true);
  }
  for (const f of old.fragments.values()) if (f.first !== null) host.world.drop(old, f.first, Drop.NOT_SPECIFIED);
  old.fragments.clear();
  const k = Kernel.start(host.world, host.index, old.hostname);
  if (old.ip6.atBoot) ip6Enable(k);
  for (const was of old.devs) {
    if (was.kind !== 'ether') continue;
    const d = k.addDev(was.name, 'ether');
    d.mac = was.mac;
    d.carrier = was.carrier;
    d.segment = was.segment;
    d.port = was.port;
    d.loss = was.loss;
    d.delayUs = was.delayUs;
    const port = was.segment < 0 ? undefined : host.world.segments[was.segment]?.ports[was.port];
    if (port) port.dev = d.index;
  }
  host.world.kernels[host.index] = k;
  host.powerOff(k);
  clearRun(host, '/run');
}

/** /run is in memory; what tmpfiles.d makes anew is what the image has there. */
function clearRun(host: Host, dir: Bytes): void {
  for (const name of host.vfs.names(dir)) {
    const path = `${dir}/${name}`;
    if (host.vfs.lstat(null, path).type === 'dir') clearRun(host, path);
    else host.vfs.remove(path);
  }
}
