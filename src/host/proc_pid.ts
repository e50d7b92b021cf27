// /proc/PID: one process. Linux counterpart: fs/proc/base.c, array.c, fd.c.
import type { Bytes } from '../lib/text';
import type { Host } from './host';
import type { OpenFile } from './open_file';
import { mountsText } from './proc_files';
import { socketIno } from './proc_sockets';
import type { Process } from './process';
import { type VNode, vdir, vfile, vlink } from './vnode';

const STATES: Readonly<Record<string, string>> = { R: 'R (running)', S: 'S (sleeping)', D: 'D (disk sleep)', T: 'T (stopped)', Z: 'Z (zombie)' };
const NAMES = ['cmdline', 'comm', 'cwd', 'environ', 'exe', 'fd', 'limits', 'maps', 'mounts', 'net', 'root', 'stat', 'status', 'task'];

/** What a thread's folder has: all but threads of its own, so that a walk ends. */
const THREAD_NAMES = NAMES.filter((n) => n !== 'task');

/** Resident memory shown for a process, KiB; fixed per program. */
export function residentKb(p: Process): number {
  let h = 11;
  for (let i = 0; i < p.comm.length; i++) h = (h * 33 + p.comm.charCodeAt(i)) >>> 0;
  return 868 + (h % 64) * 52;
}

const hex16 = (signals: Iterable<number>): string => {
  let low = 0;
  for (const s of signals) if (s >= 1 && s <= 32) low |= 1 << (s - 1);
  return (low >>> 0).toString(16).padStart(16, '0');
};

/** What a descriptor link points at. */
export function describeFile(host: Host, f: OpenFile): Bytes {
  switch (f.kind) {
    case 'inode':
      return f.snapshot === null && (host.vfs.inode(f.ino)?.nlink ?? 1) === 0 ? `${f.path} (deleted)` : f.path;
    case 'pipe':
      return `pipe:[${20000 + f.pipe.readQueue}]`;
    case 'buffer':
      return 'pipe:[19000]';
    case 'tty':
      return `/dev/pts/${f.tty}`;
    case 'socket':
      return `socket:[${socketIno(host.kernel, f.family === 'tcp' ? f.sock : f.sock + (f.family === 'udp' ? 50_000 : 60_000))}]`;
    default:
      return `/dev/${f.kind === 'random' ? 'urandom' : f.kind}`;
  }
}

function status(p: Process): Bytes {
  const rss = residentKb(p);
  return (
    `Name:\t${p.comm}\nUmask:\t${p.umask.toString(8).padStart(4, '0')}\nState:\t${STATES[p.letter]}\nTgid:\t${p.pid}\nNgid:\t0\nPid:\t${p.pid}\nPPid:\t${p.ppid}\n` +
    `TracerPid:\t0\nUid:\t${p.uid}\t${p.uid}\t${p.uid}\t${p.uid}\nGid:\t${p.gid}\t${p.gid}\t${p.gid}\t${p.gid}\nFDSize:\t64\nGroups:\t \n` +
    `VmPeak:\t${String(rss * 3).padStart(8)} kB\nVmSize:\t${String(rss * 3).padStart(8)} kB\nVmRSS:\t${String(rss).padStart(8)} kB\nThreads:\t1\nSigQ:\t0/5798\n` +
    `SigPnd:\t${hex16([])}\nShdPnd:\t${hex16(p.pending)}\nSigBlk:\t${hex16([])}\nSigIgn:\t${hex16(p.ignored)}\nSigCgt:\t${hex16(p.caught)}\n`
  );
}

function stat(p: Process): Bytes {
  const tty = p.tty < 0 ? 0 : 136 * 256 + p.tty;
  const fg = p.tty < 0 ? -1 : (p.host.ttys[p.tty]?.foreground ?? -1);
  const ticks = Math.max(0, Math.floor((p.startedAt - p.host.kernel.bootedAt) / 10_000));
  const rss = residentKb(p);
  return `${p.pid} (${p.comm}) ${p.letter} ${p.ppid} ${p.pgid} ${p.sid} ${tty} ${fg} 0 77 0 0 0 0 0 0 0 20 0 1 0 ${ticks} ${rss * 3072} ${Math.floor(rss / 4)} 18446744073709551615${' 0'.repeat(27)}\n`;
}

/** Path of the program a process runs. */
function exe(p: Process): Bytes {
  const name = p.argv[0] ?? p.comm;
  if (name.startsWith('/')) return p.host.vfs.exists(name) ? p.host.vfs.realpath(null, name) : name;
  for (const dir of ['/usr/sbin', '/usr/bin']) if (p.host.vfs.exists(`${dir}/${p.comm}`)) return `${dir}/${p.comm}`;
  return `/usr/bin/${p.comm}`;
}

/** Node at `path` below /proc/PID. */
export function procPidNode(host: Host, p: Process, path: Bytes): VNode | null {
  const own = { uid: p.uid, gid: p.gid };
  switch (path) {
    case '':
      return { ...vdir(() => NAMES), ...own };
    case 'cmdline':
      return { ...vfile(() => (p.state === 'Z' ? '' : p.argv.map((a) => `${a}\0`).join(''))), ...own };
    case 'comm':
      return { ...vfile(() => `${p.comm}\n`, 0o644), ...own };
    case 'cwd':
      return vlink(() => p.cwd);
    case 'root':
      return vlink(() => '/');
    case 'exe':
      return vlink(() => exe(p));
    case 'environ':
      return { ...vfile(() => [...p.env].map(([k, v]) => `${k}=${v}\0`).join(''), 0o400), ...own };
    case 'fd':
      return { ...vdir(() => [...p.fds.keys()].sort((a, b) => a - b).map(String), 0o500), ...own };
    case 'limits':
      return vfile(() => `Limit                     Soft Limit           Hard Limit           Units     \nMax open files            1024                 4096                 files     \n`);
    case 'maps':
      return vfile(() => '');
    case 'mounts':
      return vfile(() => mountsText(host));
    case 'stat':
      return vfile(() => stat(p));
    case 'status':
      return vfile(() => status(p));
    case 'task':
      return vdir(() => [String(p.pid)]);
  }
  if (path.startsWith('fd/')) {
    const fd = Number(path.slice(3));
    const f = p.fds.get(fd);
    if (f === undefined || String(fd) !== path.slice(3)) return null;
    const mode = 0o100 | (f.readable ? 0o400 : 0) | (f.writable ? 0o200 : 0);
    return { type: 'symlink', mode, size: 64, ...own, target: () => describeFile(host, f), magic: () => p.fds.get(fd) ?? null };
  }
  const task = `task/${p.pid}`;
  if (path === task) return { ...vdir(() => THREAD_NAMES), ...own };
  const inside = path.startsWith(`${task}/`) ? path.slice(task.length + 1) : 'task';
  return /^task(\/|$)/.test(inside) ? null : procPidNode(host, p, inside);
}
