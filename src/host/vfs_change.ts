// Changes of names and inode metadata with the kernel's permission rules. Linux counterpart: vfs_unlink, vfs_rename, may_delete, notify_change.
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { FileType, Inode } from './inode';
import { actor, type Found, isMountPoint, type Node, permits, readOnly } from './namei';
import type { Process } from './process';
import type { Vfs } from './vfs';

type Existing = Found & { readonly node: Node };

const isDir = (i: Inode): boolean => i.type === 'dir';

/** Creates the last name of a walk. Throws EEXIST, EACCES, EPERM, ENOENT (in virtual mounts). */
export function makeNode(vfs: Vfs, p: Process | null, at: Found, type: FileType, mode: number, target: Bytes = ''): Inode {
  if (at.node !== null) throw new SysError('EEXIST');
  if (at.slash && type !== 'dir') throw new SysError('ENOENT');
  const dir = writableDir(vfs, p, at.parent, at);
  const who = actor(p, dir);
  const setgid = (dir.mode & 0o2000) !== 0;
  const cut = type === 'symlink' ? 0 : (p?.umask ?? 0o022);
  const inode = vfs.create(type, (mode & ~cut & 0o7777) | (setgid && type === 'dir' ? 0o2000 : 0), who.uid, setgid ? dir.gid : who.gid);
  inode.data = target;
  addName(vfs, dir.ino, at.last, inode);
  if (dir.nfs !== undefined) vfs.host.nfs?.created(p, dir, at.last, inode);
  return inode;
}

function addName(vfs: Vfs, dirIno: number, name: Bytes, inode: Inode): void {
  const dir = vfs.own(dirIno);
  dir.entries!.set(name, inode.ino);
  dir.mtime = dir.ctime = vfs.now();
  if (isDir(inode)) dir.nlink++;
}

function dropName(vfs: Vfs, dirIno: number, name: Bytes, wasDir: boolean): void {
  const dir = vfs.own(dirIno);
  dir.entries!.delete(name);
  dir.mtime = dir.ctime = vfs.now();
  if (wasDir) dir.nlink--;
}

/** The directory in which a name may be made. */
function writableDir(vfs: Vfs, p: Process | null, parent: Node, at: Found): Inode {
  const dir = parent.inode;
  // Nothing can be created in /proc or /sys, even by root; the kernel answers ENOENT there (proc) or EPERM (sysfs).
  if (dir === null) throw new SysError(at.parentPath.startsWith('/sys') ? 'EPERM' : 'ENOENT');
  if (readOnly(vfs, dir)) throw new SysError('EROFS');
  if (dir.attrs.includes('i')) throw new SysError('EPERM');
  if (!permits(p, parent, 3)) throw new SysError('EACCES');
  return dir;
}

/** may_delete: the directory is writable, not append-only, sticky rules hold, the victim is not +i or +a. */
function deletable(vfs: Vfs, p: Process | null, at: Existing): { dir: Inode; victim: Inode } {
  if (at.parent.inode === null || at.node.inode === null) throw new SysError(isMountPoint(at.path) ? 'EBUSY' : at.path.startsWith('/proc/sys/') ? 'EACCES' : 'EPERM');
  if (isMountPoint(at.path) || vfs.mounts.has(at.path)) throw new SysError('EBUSY');
  const dir = at.parent.inode;
  const victim = at.node.inode;
  if (readOnly(vfs, dir)) throw new SysError('EROFS');
  if (dir.attrs.includes('i')) throw new SysError('EPERM');
  if (!permits(p, at.parent, 3)) throw new SysError('EACCES');
  if (dir.attrs.includes('a')) throw new SysError('EPERM');
  const { uid } = actor(p, dir);
  if ((dir.mode & 0o1000) !== 0 && uid !== 0 && uid !== victim.uid && uid !== dir.uid) throw new SysError('EPERM');
  if (/[ia]/.test(victim.attrs)) throw new SysError('EPERM');
  return { dir, victim };
}

/** unlink(2). */
export function removeFile(vfs: Vfs, p: Process | null, at: Existing): void {
  if (at.node.inode !== null && isDir(at.node.inode)) {
    if (!isMountPoint(at.path)) deletable(vfs, p, at);
    throw new SysError('EISDIR');
  }
  const { dir, victim } = deletable(vfs, p, at);
  dropName(vfs, dir.ino, at.last, false);
  told(vfs, p, dir, at.last);
  dropLink(vfs, victim.ino);
}

function dropLink(vfs: Vfs, ino: number): void {
  const inode = vfs.own(ino);
  inode.nlink--;
  inode.ctime = vfs.now();
  if (inode.nlink === 0) vfs.forget(ino);
}

/** A name has gone from a folder on a mount. */
function told(vfs: Vfs, p: Process | null, dir: Inode, name: Bytes): void {
  if (dir.nfs !== undefined) vfs.host.nfs?.tell(p, dir.nfs.mount, { op: 'remove', dir: dir.ino, name });
}

/** rmdir(2). */
export function removeDir(vfs: Vfs, p: Process | null, at: Existing): void {
  if (at.last === '.') throw new SysError('EINVAL');
  if (at.last === '..') throw new SysError('ENOTEMPTY');
  if (isMountPoint(at.path)) throw new SysError('EBUSY');
  const { dir, victim } = deletable(vfs, p, at);
  if (!isDir(victim)) throw new SysError('ENOTDIR');
  if (victim.entries!.size > 0) throw new SysError('ENOTEMPTY');
  dropName(vfs, dir.ino, at.last, true);
  told(vfs, p, dir, at.last);
  vfs.own(victim.ino).nlink = 0;
  vfs.forget(victim.ino);
}

/** rename(2). `slash`: the new name was written with a trailing slash, so it must be a directory. */
export function renameFile(vfs: Vfs, p: Process | null, from: Existing, to: Found, slash: boolean): void {
  for (const last of [from.last, to.last]) if (last === '.' || last === '..' || last === '') throw new SysError('EBUSY');
  if (from.parent.inode === null || to.parent.inode === null) throw new SysError(from.parent.inode === to.parent.inode ? 'EPERM' : 'EXDEV');
  if (to.node?.inode && to.node.inode.ino === from.node.inode?.ino) return;
  if (from.parent.inode.nfs?.mount !== to.parent.inode.nfs?.mount) throw new SysError('EXDEV');
  const { dir, victim } = deletable(vfs, p, from);
  if (slash && !isDir(victim)) throw new SysError('ENOTDIR');
  if (isDir(victim) && `${to.parentPath}/`.startsWith(`${from.path}/`)) throw new SysError('EINVAL');
  const old = to.node;
  if (old !== null) {
    const target = deletable(vfs, p, to as Existing).victim;
    if (isDir(victim) && !isDir(target)) throw new SysError('ENOTDIR');
    if (!isDir(victim) && isDir(target)) throw new SysError('EISDIR');
    if (isDir(target) && target.entries!.size > 0) throw new SysError('ENOTEMPTY');
  } else writableDir(vfs, p, to.parent, to);
  const toDir = to.parent.inode.ino;
  dropName(vfs, dir.ino, from.last, isDir(victim));
  if (old !== null) {
    const was = old.inode!;
    dropName(vfs, toDir, to.last, isDir(was));
    if (isDir(was)) vfs.forget(was.ino);
    else dropLink(vfs, was.ino);
  }
  addName(vfs, toDir, to.last, victim);
  vfs.own(victim.ino).ctime = vfs.now();
  if (dir.nfs !== undefined) vfs.host.nfs?.tell(p, dir.nfs.mount, { op: 'rename', dir: dir.ino, name: from.last, toDir, toName: to.last });
}

/** link(2). */
export function linkFile(vfs: Vfs, p: Process | null, from: Existing, to: Found): void {
  if (to.node !== null) throw new SysError('EEXIST');
  if (from.node.inode === null || to.parent.inode === null) throw new SysError('EXDEV');
  if (isDir(from.node.inode)) throw new SysError('EPERM');
  if (to.slash) throw new SysError('ENOENT');
  if (to.parent.inode.nfs?.mount !== from.node.inode.nfs?.mount) throw new SysError('EXDEV');
  const dir = writableDir(vfs, p, to.parent, to);
  if (/[ia]/.test(from.node.inode.attrs)) throw new SysError('EPERM');
  const inode = vfs.own(from.node.inode.ino);
  inode.nlink++;
  inode.ctime = vfs.now();
  addName(vfs, dir.ino, to.last, inode);
  if (dir.nfs !== undefined) vfs.host.nfs?.tell(p, dir.nfs.mount, { op: 'link', ino: inode.ino, dir: dir.ino, name: to.last });
}

/** A node whose metadata may be changed at all; null for virtual ones, which forget it. */
function changeable(vfs: Vfs, p: Process | null, at: Existing, ownerOnly: boolean): Inode | null {
  const inode = at.node.inode;
  if (inode === null) {
    if (at.path.startsWith('/proc/')) throw new SysError('EPERM');
    return null;
  }
  if (readOnly(vfs, inode)) throw new SysError('EROFS');
  if (/[ia]/.test(inode.attrs)) throw new SysError('EPERM');
  const { uid } = actor(p, inode);
  if (ownerOnly && uid !== 0 && uid !== inode.uid) throw new SysError('EPERM');
  return inode;
}

/** chmod(2). */
export function changeMode(vfs: Vfs, p: Process | null, at: Existing, mode: number): void {
  const i = changeable(vfs, p, at, true);
  if (i === null) return;
  const inode = vfs.own(i.ino);
  inode.mode = mode & 0o7777;
  inode.ctime = vfs.now();
  if (i.nfs !== undefined) vfs.host.nfs?.tell(p, i.nfs.mount, { op: 'attr', ino: i.ino, mode: inode.mode });
}

/** chown(2); -1 keeps. Takes setuid and setgid off an executable. */
export function changeOwner(vfs: Vfs, p: Process | null, at: Existing, uid: number, gid: number): void {
  const i = changeable(vfs, p, at, true);
  if (i === null) return;
  const who = actor(p, i);
  const newUid = uid < 0 ? i.uid : uid;
  const newGid = gid < 0 ? i.gid : gid;
  if (who.uid !== 0 && (newUid !== i.uid || (newGid !== i.gid && newGid !== who.gid))) throw new SysError('EPERM');
  const inode = vfs.own(i.ino);
  inode.uid = newUid;
  inode.gid = newGid;
  if (inode.type === 'file' && (inode.mode & 0o111) !== 0) inode.mode &= inode.mode & 0o010 ? 0o1777 : 0o3777;
  inode.ctime = vfs.now();
  if (i.nfs !== undefined) vfs.host.nfs?.tell(p, i.nfs.mount, { op: 'attr', ino: i.ino, uid: newUid, gid: newGid });
}

/** utimensat(2); null keeps a time. */
export function setTimes(vfs: Vfs, p: Process | null, at: Existing, atime: number | null, mtime: number | null): void {
  const i = at.node.inode;
  if (i === null) return;
  if (readOnly(vfs, i)) throw new SysError('EROFS');
  if (i.attrs.includes('i')) throw new SysError('EPERM');
  const { uid } = actor(p, i);
  if (uid !== 0 && uid !== i.uid && !permits(p, at.node, 2)) throw new SysError('EPERM');
  const inode = vfs.own(i.ino);
  if (atime !== null) inode.atime = atime;
  if (mtime !== null) inode.mtime = mtime;
  inode.ctime = vfs.now();
  if (i.nfs !== undefined) vfs.host.nfs?.tell(p, i.nfs.mount, { op: 'attr', ino: i.ino, ...(atime === null ? {} : { atime }), ...(mtime === null ? {} : { mtime }) });
}
