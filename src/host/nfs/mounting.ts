// mount(2) and umount(2) for NFS, what is mounted, and the lines of /etc/fstab. Counterpart: fs/nfs/super.c, fs/namespace.c, fstab(5).
// Not modelled: content in parts of rsize and wsize (a file goes in one call; the sizes are shown), mounting over a mount, bind mounts, propagation, lazy umount's late end (files still open lose their server at once), unmounting in order before a reboot (the mounts are dropped).
import type { Errno } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { ipText } from '../../wire/ipv4';
import type { Ip } from '../../wire/packet';
import { routeSource } from '../../kernel/ipv4/source';
import { routeOutput } from '../../kernel/ipv4/ip_output';
import type { Host } from '../host';
import type { Op, Process } from '../process';
import { sleepOn } from '../wait';
import { adopt } from './cache';
import { type NfsClient, nfsClient } from './client';
import type { NfsMount, NfsOptions } from './mount_state';

/** mount(2): asks the server for the folder and puts it at `point` (a canonical path). An errno, or null. */
export function* mountNfs(p: Process, source: Bytes, server: Ip, point: Bytes, options: NfsOptions): Op<Errno | null> {
  const { host } = p;
  const c = nfsClient(host);
  if (host.vfs.mounts.has(point)) return 'EBUSY';
  const path = source.slice(source.indexOf(':') + 1).replace(/(.)\/+$/, '$1');
  const serverName = source.slice(0, source.indexOf(':'));
  const call = c.call(
    { server, serverName, uid: p.uid, gid: p.gid, timeo: options.timeo, retrans: options.retrans, soft: false, once: true, resvport: options.resvport, mount: -1, sock: -1, owed: false },
    { path, root: 0, args: { op: 'MOUNT' } },
  );
  const r = yield* c.wait(p, call);
  if (r.at === undefined) return r.error ?? 'EIO';
  if (host.vfs.mounts.has(point)) return 'EBUSY';
  const m: NfsMount = {
    id: ++c.mountIds, point, source, server, path, rootFh: r.at.fh, root: 0, options, as: new Map(r.as === undefined ? [] : [[p.uid, r.as]]), exportRo: r.ro ?? false,
    space: r.space ?? [0, 0, 0, 0, 0], nodes: new Map(), byHandle: new Map(), owed: [], sending: false,
  };
  c.mounts.push(m);
  m.root = adopt(host, m, r.at);
  host.vfs.mounts.set(point, m.root);
  host.vfs.changes++;
  return null;
}

/** The mount at a point, or of a source; the newest. */
export const findMount = (host: Host, what: Bytes): NfsMount | undefined => host.nfs?.mounts.findLast((m) => m.point === what || m.source === what);

/** True while somebody has a file open on a mount or stands in it. */
export function isBusy(host: Host, m: NfsMount): boolean {
  for (const p of host.procs.values()) {
    if (p.state === 'Z') continue;
    if (p.cwd === m.point || p.cwd.startsWith(`${m.point}/`)) return true;
    for (const f of p.fds.values()) if (f.kind === 'inode' && m.nodes.has(f.ino)) return true;
  }
  return false;
}

/** umount(2). `force` gives up what waits for the server, `lazy` asks nobody. EBUSY, or null. */
export function* unmountNfs(p: Process, m: NfsMount, how: { force: boolean; lazy: boolean }): Op<Errno | null> {
  const { host } = p;
  const c = host.nfs!;
  if (how.force) c.abort(m);
  if (!how.lazy && isBusy(host, m)) return 'EBUSY';
  while (!how.lazy && m.owed.length > 0) yield* sleepOn([c.queue]);
  detach(host, c, m);
  return null;
}

function detach(host: Host, c: NfsClient, m: NfsMount): void {
  c.abort(m);
  c.mounts = c.mounts.filter((x) => x !== m);
  host.vfs.unmount(m.point, m.nodes.keys());
  if (!c.mounts.some((x) => x.server === m.server)) c.disconnect(m.server);
}

/** The address a server sees this host by. */
export function clientAddress(host: Host, server: Ip): Bytes {
  const r = routeOutput(host.kernel, server, 0, 0, 0);
  return ipText(r === null ? 0 : routeSource(host.kernel, r, server));
}

/** Options of a mount as the kernel shows them. */
export function shownMountOptions(host: Host, m: NfsMount): Bytes {
  const o = m.options;
  const times = o.acregmin === 3 && o.acregmax === 60 && o.acdirmin === 30 && o.acdirmax === 60 ? [] : o.acregmax === 0 && o.acdirmax === 0 ? ['noac'] : [`acregmin=${o.acregmin},acregmax=${o.acregmax},acdirmin=${o.acdirmin},acdirmax=${o.acdirmax}`];
  return [
    o.ro ? 'ro' : 'rw', ...o.flags, ...(o.flags.includes('noatime') ? [] : ['relatime']), `vers=${o.vers}`, `rsize=${o.rsize},wsize=${o.wsize},namlen=255`, ...times, o.soft ? 'soft' : 'hard', ...(o.resvport ? [] : ['noresvport']), 'proto=tcp', ...(o.vers === '4.0' ? ['port=0'] : []),
    `timeo=${o.timeo},retrans=${o.retrans},sec=sys`, `clientaddr=${clientAddress(host, m.server)}`, `local_lock=none,addr=${ipText(m.server)}`,
  ].join(',');
}

/** Lines of /proc/mounts for NFS. */
export const nfsMountLines = (host: Host): Bytes => (host.nfs?.mounts ?? []).map((m) => `${m.source} ${m.point} nfs4 ${shownMountOptions(host, m)} 0 0\n`).join('');

/** A line of /etc/fstab. */
export interface FstabLine {
  source: Bytes;
  point: Bytes;
  type: Bytes;
  options: Bytes;
}

/** Lines of /etc/fstab that have at least a source, a point and a type. */
export function fstab(host: Host): FstabLine[] {
  const found: FstabLine[] = [];
  for (const line of (host.vfs.read('/etc/fstab') ?? '').split('\n')) {
    const [source, point, type, options] = line.replace(/^\s*#.*/, '').split(/\s+/).filter((w) => w !== '');
    if (source !== undefined && point !== undefined && type !== undefined) found.push({ source, point: point.replace(/(.)\/+$/, '$1'), type, options: options ?? 'defaults' });
  }
  return found;
}
