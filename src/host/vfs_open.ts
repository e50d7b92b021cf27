// open(2) of what is no stored file: virtual nodes, devices, and /proc/PID/fd links. Linux counterpart: drivers/char/mem.c, fs/proc/fd.c.
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Host } from './host';
import { type Node, virtualIno } from './namei';
import type { OpenFile } from './open_file';
import type { Process } from './process';
import type { OpenFlags } from './syscall';
import type { Vfs } from './vfs';

/** Opens a virtual node; its content is made now. */
export function openVirtual(host: Host, p: Process | null, path: Bytes, node: Node, flags: OpenFlags): OpenFile {
  const v = node.virtual!;
  const write = flags.write === true || flags.append === true;
  if (v.type === 'chr') return openDevice(host, p, v.rdev![0], v.rdev![1], flags);
  let snapshot: Bytes | null = null;
  if (v.type !== 'dir') {
    const content = flags.read ? (v.read?.() ?? 'EIO') : '';
    if (content === 'EIO' || content === 'EACCES' || content === 'EINVAL') throw new SysError(content);
    if (write && v.write === undefined) throw new SysError(v.mode & 0o222 ? 'EIO' : 'EACCES');
    snapshot = content;
  }
  return { kind: 'inode', refs: 0, readable: flags.read === true || !write, writable: write, path, ino: virtualIno(path), snapshot, pos: 0, append: false };
}

/** Opens a device by its numbers. Throws ENXIO for one that has no driver, or /dev/tty without a terminal. */
export function openDevice(host: Host, p: Process | null, major: number, minor: number, flags: OpenFlags): OpenFile {
  const write = flags.write === true || flags.append === true;
  const common = { refs: 0, readable: flags.read === true || !write, writable: write };
  if (major === 1) {
    if (minor === 3) return { kind: 'null', ...common };
    if (minor === 5) return { kind: 'zero', ...common };
    if (minor === 7) return { kind: 'full', ...common };
    if (minor === 8 || minor === 9) return { kind: 'random', ...common };
  }
  const tty = major === 5 && minor === 0 ? (p?.tty ?? -1) : major === 136 ? minor : -1;
  if (tty < 0 || host.ttys[tty] === undefined) throw new SysError('ENXIO');
  return { kind: 'tty', tty, ...common };
}

/** Opens /proc/PID/fd/N: what is behind it once more. */
export function reopen(vfs: Vfs, node: Node, flags: OpenFlags): OpenFile {
  const f = node.virtual!.magic!();
  if (f === null) throw new SysError('ENOENT');
  if (f.kind === 'socket') throw new SysError('ENXIO');
  if (f.kind === 'buffer' && flags.truncate === true && f.writable) {
    f.lost = f.parts.reduce((n, part) => n + part.length, 0);
    f.parts.length = 0;
    return { ...f, refs: 0, lost: 0 };
  }
  if (f.kind !== 'inode') return f;
  const write = flags.write === true || flags.append === true;
  if (vfs.isDirectory(f.ino) && write) throw new SysError('EISDIR');
  if (flags.truncate && f.snapshot === null) vfs.resize(f.ino, 0, null);
  return { ...f, refs: 0, pos: 0, readable: flags.read === true || !write, writable: write, append: flags.append === true };
}
