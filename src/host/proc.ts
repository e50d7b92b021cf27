// Virtual mounts: which path below /proc, /sys or /dev/pts is what. Linux counterpart: fs/proc/root.c, fs/sysfs, fs/devpts.
// Not modelled: /proc/sysrq-trigger, /proc/kallsyms and other files about hardware and memory that no lesson or tool here reads.
import type { Bytes } from '../lib/text';
import type { Host } from './host';
import { procFiles } from './proc_files';
import { procNetNode } from './proc_net';
import { procPidNode } from './proc_pid';
import { procSysNode } from './proc_sys';
import type { Process } from './process';
import { sysNode } from './sysfs';
import { type VNode, vdir, vfile, vlink } from './vnode';

/** Mount points and the device number stat shows for them. */
export const MOUNTS: Readonly<Record<string, number>> = Object.freeze({ '/proc': 22, '/sys': 23, '/dev/pts': 24 });

/** The node at canonical `path` below mount point `mount`; null when there is none. */
export function virtualNode(host: Host, p: Process | null, mount: Bytes, path: Bytes): VNode | null {
  if (mount === '/sys') return sysNode(host, path.slice(5));
  if (mount === '/dev/pts') {
    if (path === mount) return vdir(() => [...host.ttys.filter((t) => !t.pty || t.master !== null).map((t) => String(t.index)), 'ptmx'], 0o755);
    if (path === '/dev/pts/ptmx') return { type: 'chr', mode: 0, rdev: [5, 2] };
    const n = Number(path.slice(9));
    return host.ttys[n] === undefined || (host.ttys[n].pty && host.ttys[n].master === null) ? null : { type: 'chr', mode: 0o620, gid: 5, rdev: [136, n] };
  }
  return procNode(host, p, path.slice(6));
}

function procNode(host: Host, p: Process | null, path: Bytes): VNode | null {
  if (path === '') return vdir(() => procNames(host));
  const slash = path.indexOf('/');
  const first = slash < 0 ? path : path.slice(0, slash);
  const rest = slash < 0 ? '' : path.slice(slash + 1);
  if (first === 'sys') return procSysNode(host, rest);
  // Links as on Linux; the caller is init for the kernel's own reads.
  if (first === 'self' && rest === '') return vlink(() => String(p?.pid ?? 1));
  if (first === 'thread-self' && rest === '') return vlink(() => `${p?.pid ?? 1}/task/${p?.pid ?? 1}`);
  if (first === 'net' && p === null) return procNetNode(host, rest);
  if (first === 'net' && rest === '') return vlink(() => 'self/net');
  if (first === 'mounts' && rest === '') return vlink(() => 'self/mounts');
  if (/^[0-9]+$/.test(first)) {
    const owner = host.procs.get(Number(first));
    if (owner === undefined) return null;
    const below = rest.startsWith(`task/${first}/`) ? rest.slice(first.length + 6) : rest; // a thread sees its process's network
    if (below === 'net' || below.startsWith('net/')) return procNetNode(host, below.slice(4));
    return procPidNode(host, owner, rest);
  }
  if (rest !== '') return null;
  const file = procFiles[first];
  return file === undefined ? null : vfile(() => file(host));
}

function procNames(host: Host): Bytes[] {
  const pids = [...host.procs.keys()].sort((a, b) => a - b).map(String);
  return [...pids, ...[...Object.keys(procFiles), 'mounts', 'net', 'self', 'sys', 'thread-self'].sort()];
}
