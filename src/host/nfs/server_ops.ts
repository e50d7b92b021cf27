// What the NFS server does for one call: whether the client may have the folder, as whom it acts, and the operation on the server's own files. Counterpart: fs/nfsd.
import { SysError } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import type { Ip } from '../../wire/packet';
import type { Host } from '../host';
import { DISK_KB, type Inode, INODES, sizeOf, SYSTEM_KB } from '../inode';
import { type Found, type Node, permits } from '../namei';
import type { Process } from '../process';
import { changeMode, changeOwner, linkFile, makeNode, removeDir, removeFile, renameFile, setTimes } from '../vfs_change';
import { type Export, exportFor } from './exports';
import { type Attributes, type NfsArgs, type NfsRequest, type NfsResult, operations } from './protocol';
import type { Credentials } from './rpc';

/** First port a program without rights may use; `secure` exports want one below. */
const UNPRIVILEGED = 1024;

/** Answers a request. `thread` is the process row that acts; it becomes who the export takes the caller for. */
export function serveNfs(host: Host, thread: Process, from: Ip, port: number, who: Credentials, r: NfsRequest): NfsResult {
  const { vfs } = host;
  const there = vfs.find(null, r.path);
  const e = exportFor(host, r.path, from);
  if (r.args.op === 'MOUNT') {
    if (there === null) return { error: 'ENOENT' };
    if (e === null || there.inode === null || there.inode.nfs !== undefined) return { error: 'EACCES' };
    if (there.inode.type !== 'dir') return { error: 'ENOTDIR' };
  }
  if (e === null || !there?.inode || (r.args.op !== 'MOUNT' && there.inode.ino !== r.root)) return { error: 'ESTALE' };
  if (e.secure && port >= UNPRIVILEGED) return { error: 'EPERM' };
  [thread.uid, thread.gid] = identity(e, who);
  thread.umask = 0;
  const told: NfsResult = { ops: operations(r.args), as: [thread.uid, thread.gid], ro: e.ro, space: spaceOf(host) };
  try {
    return { ...told, ...operate(host, thread, e, r.args, there.inode) };
  } catch (x) {
    if (x instanceof SysError) return { ...told, error: x.errno };
    throw x;
  } finally {
    thread.uid = thread.gid = 0;
  }
}

/** nfsd_setuser: who the export takes a caller for. */
function identity(e: Export, who: Credentials): [number, number] {
  if (e.allSquash) return [e.anonuid, e.anongid];
  if (!e.rootSquash) return [who.uid, who.gid];
  return [who.uid === 0 ? e.anonuid : who.uid, who.gid === 0 ? e.anongid : who.gid];
}

/** Size, used and free KiB, inodes and free ones. */
function spaceOf(host: Host): [number, number, number, number, number] {
  const used = SYSTEM_KB + Math.ceil(host.vfs.usedBytes / 1024);
  return [DISK_KB, used, DISK_KB - used - Math.floor(DISK_KB / 20), INODES, INODES - 42_318];
}

/** Attributes as GETATTR tells them. */
function attributes(host: Host, i: Inode): Attributes {
  return {
    fh: i.ino, type: i.type, mode: i.mode, nlink: i.nlink, uid: i.uid, gid: i.gid, size: sizeOf(i, host.vfs.blockSize), atime: i.atime, mtime: i.mtime, ctime: i.ctime,
    change: `${i.ctime} ${i.mtime} ${i.data.length} ${i.entries?.size ?? 0}`, attrs: i.attrs, major: i.major, minor: i.minor,
  };
}

function handle(host: Host, fh: number): Inode {
  const i = host.vfs.inode(fh);
  if (i === undefined || i.nlink === 0 || i.nfs !== undefined) throw new SysError('ESTALE');
  return i;
}

const nodeOf = (inode: Inode): Node => ({ inode, virtual: null });

/** A name in a folder given by its handle, as a walk would have found it. */
function nameIn(host: Host, p: Process, fh: number, name: Bytes): Found {
  const dir = handle(host, fh);
  if (dir.entries === null) throw new SysError('ENOTDIR');
  if (!permits(p, nodeOf(dir), 1)) throw new SysError('EACCES');
  const ino = dir.entries.get(name);
  return { path: `[${fh}]/${name}`, node: ino === undefined ? null : nodeOf(host.vfs.inode(ino)!), parent: nodeOf(dir), parentPath: `[${fh}]`, last: name, slash: false };
}

type Existing = Found & { readonly node: Node };

function existing(found: Found): Existing {
  if (found.node === null) throw new SysError('ENOENT');
  return found as Existing;
}

/** A file by its handle alone. */
const itself = (i: Inode): Existing => ({ path: `[${i.ino}]`, node: nodeOf(i), parent: nodeOf(i), parentPath: '', last: '', slash: false });

function operate(host: Host, p: Process, e: Export, a: NfsArgs, root: Inode): NfsResult {
  const { vfs } = host;
  const tell = (i: Inode): NfsResult => ({ at: attributes(host, vfs.inode(i.ino) ?? i) });
  if (a.op === 'MOUNT') return tell(root);
  if (a.op === 'GET') return get(host, p, a);
  if (e.ro) return { error: 'EROFS' };
  switch (a.op) {
    case 'CREATE': {
      // A regular file is opened if somebody else made it meanwhile (OPEN4_CREATE, UNCHECKED4).
      const at = nameIn(host, p, a.fh, a.name);
      const there = at.node?.inode ?? null;
      if (there === null || there.type !== 'file' || a.type !== 'file') return tell(makeNode(vfs, p, at, a.type, a.mode, a.target));
      mayWrite(p, there);
      return tell(there);
    }
    case 'REMOVE': {
      const at = existing(nameIn(host, p, a.fh, a.name));
      if (at.node.inode?.type === 'dir') removeDir(vfs, p, at);
      else removeFile(vfs, p, at);
      return {};
    }
    case 'RENAME':
      renameFile(vfs, p, existing(nameIn(host, p, a.fh, a.name)), nameIn(host, p, a.toFh, a.toName), false);
      return {};
    case 'LINK':
      linkFile(vfs, p, itself(handle(host, a.fh)), nameIn(host, p, a.toFh, a.toName));
      return tell(handle(host, a.fh));
    case 'SETATTR': {
      const i = handle(host, a.fh);
      if (a.mode !== undefined) changeMode(vfs, p, itself(i), a.mode);
      if (a.uid !== undefined || a.gid !== undefined) changeOwner(vfs, p, itself(vfs.inode(i.ino)!), a.uid ?? -1, a.gid ?? -1);
      if (a.size !== undefined) {
        mayWrite(p, i);
        vfs.resize(i.ino, a.size, p);
      }
      if (a.atime !== undefined || a.mtime !== undefined) setTimes(vfs, p, itself(vfs.inode(i.ino)!), a.atime ?? null, a.mtime ?? null);
      return tell(i);
    }
    case 'WRITE': {
      const i = handle(host, a.fh);
      mayWrite(p, i);
      vfs.writeOpen(p, { kind: 'inode', refs: 0, readable: false, writable: true, path: '', ino: i.ino, snapshot: null, pos: a.offset, append: false }, a.data);
      return tell(i);
    }
  }
}

function mayWrite(p: Process, i: Inode): void {
  if (i.attrs.includes('i')) throw new SysError('EPERM');
  // nfsd lets the owner write whatever the mode says: the client has looked when it opened.
  if (i.uid !== p.uid && !permits(p, nodeOf(i), 2)) throw new SysError('EACCES');
}

function get(host: Host, p: Process, a: Extract<NfsArgs, { op: 'GET' }>): NfsResult {
  const i = a.name === undefined ? handle(host, a.fh) : existing(nameIn(host, p, a.fh, a.name)).node.inode!;
  const at = attributes(host, i);
  const result: NfsResult = { at };
  if (i.type === 'symlink') result.data = i.data;
  else if (a.read && at.change !== a.known && (permits(p, nodeOf(i), 4) || i.uid === p.uid)) {
    if (i.type === 'file') result.data = i.program === null ? i.data : '';
    else if (i.entries !== null) result.entries = [...i.entries].map(([name, ino]) => [name, attributes(host, host.vfs.inode(ino)!)] as const);
  }
  return result;
}
