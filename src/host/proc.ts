// Virtual mounts: which path below /proc, /sys or /dev/pts is what. Linux counterpart: fs/proc/root.c, fs/sysfs, fs/devpts.
import type { Bytes } from '../lib/text';
import type { Host } from './host';
import type { Process } from './process';
import { type VNode, vdir } from './vnode';

/** Mount points, as `path -> device number shown by stat`. */
export const MOUNTS: Readonly<Record<string, number>> = Object.freeze({ '/proc': 22, '/sys': 23, '/dev/pts': 24 });

/** The node at canonical `path` below mount point `mount`; null when there is none. */
export function virtualNode(host: Host, _p: Process | null, mount: Bytes, path: Bytes): VNode | null {
  if (path === mount) return vdir(() => []);
  if (mount === '/dev/pts') {
    const n = Number(path.slice(9));
    return host.ttys[n] === undefined ? null : { type: 'chr', mode: 0o620, gid: 5, rdev: [136, n] };
  }
  return null;
}
