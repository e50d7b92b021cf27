// The file system of one host: files by path. Linux counterpart: fs/open.c, fs/read_write.c, fs/namei.c, ext4.
// Every call takes the calling process for its identity and directory; null stands for the kernel itself (root, /).
// Not modelled: supplementary groups, ACLs, quotas, atime of files that only the image holds.
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Host } from './host';
import { type FileType, type Inode, type Layer, newInode, ROOT_INO, sizeOf } from './inode';
import { type Found, isVirtualIno, noExec, type Node, nodeType, permits, readOnly, tryWalk, virtualIno, walk } from './namei';
import type { Met } from './nfs/reach';
import type { InodeFile, OpenFile, Pipe } from './open_file';
import type { Process } from './process';
import type { OpenFlags } from './syscall';
import { openDevice, openVirtual, reopen } from './vfs_open';
import { type Stat, statNode, statOpen } from './vfs_stat';
import { changeMode, changeOwner, linkFile, makeNode, removeDir, removeFile, renameFile, setTimes } from './vfs_change';

export type { FileType, Inode } from './inode';
export type { Stat } from './vfs_stat';

/** All a host may store beside its image, bytes. */
const DISK_BYTES = 256 * 1024 * 1024;

interface Derived { readonly value: unknown; readonly read: ReadonlySet<number> }

export class Vfs {
  /** Inodes that differ from the image. A fork shares them with where it came from until one of the two changes one. */
  private overlay = new Map<number, Inode>();
  /** Numbers of those that nobody shares. */
  private mine = new Set<number>();
  private nextIno: number;
  private used = 0;
  /** Named pipes that were opened; a stand-in end waits for the first real reader or writer. */
  private fifos = new Map<number, { pipe: Pipe; reader: boolean; writer: boolean }>();
  /** Counts every change save `appendQuietly`: who caches something made from files compares it. */
  changes = 0;
  /** Things made from files, with the inodes that were looked at for each. */
  private made = new Map<string, Derived>();
  private reading: Set<number> | null = null;
  /** NFS mounts: where, and the inode that stands there. */
  mounts = new Map<Bytes, number>();
  /** Who wants to know what is met on mounts gives a list. */
  met: Met[] | null = null;

  constructor(
    readonly host: Host,
    private readonly layer: Layer,
  ) {
    this.nextIno = layer.nextIno;
  }

  /** Wall clock, seconds since 1970. */
  now(): number {
    return this.host.world.epoch + this.host.world.clock.now / 1e6;
  }

  get blockSize(): number {
    return this.layer.blockSize;
  }

  /** An inode to look at (never to change: see `own`). */
  inode(ino: number): Inode | undefined {
    this.reading?.add(ino);
    return this.overlay.get(ino) ?? this.layer.inodes.get(ino);
  }

  /** The image's own inode whatever this host made of it; undefined for what the host created. */
  imageInode(ino: number): Inode | undefined {
    return this.layer.inodes.get(ino);
  }

  root(): Inode {
    return this.inode(ROOT_INO)!;
  }

  /** The inode as this host's own copy, to be changed by the caller. */
  own(ino: number): Inode {
    this.changes++;
    for (const [key, d] of this.made) if (d.read.has(ino)) this.made.delete(key);
    return this.write(ino);
  }

  /** The same without counting it as a change. */
  private write(ino: number): Inode {
    if (this.mine.has(ino)) return this.overlay.get(ino)!;
    const shared = this.inode(ino)!;
    const copy: Inode = { ...shared, entries: shared.entries === null ? null : new Map(shared.entries) };
    this.overlay.set(ino, copy);
    this.mine.add(ino);
    return copy;
  }

  /** What `make` makes from stored files alone (never from /proc and friends), remembered until one that it looked at changes. Nobody may change the result. */
  derived<T>(key: string, make: () => T): T {
    const outer = this.reading;
    let d = this.made.get(key);
    if (d === undefined) {
      this.reading = new Set();
      try {
        d = { value: make(), read: this.reading };
      } finally {
        this.reading = outer;
      }
      this.made.set(key, d);
    }
    if (outer !== null) for (const ino of d.read) outer.add(ino);
    return d.value as T;
  }

  /** Numbers of the inodes that differ from the image. */
  differing(): Iterable<number> {
    return this.overlay.keys();
  }

  /** The image's inodes, shared by all who have it. */
  imageInodes(): ReadonlyMap<number, Inode> {
    return this.layer.inodes;
  }

  /** Bytes this host has stored beside its image. */
  get usedBytes(): number {
    return this.used;
  }

  /** Takes a mount away, with all inodes that were copies of the server's. */
  unmount(point: Bytes, inos: Iterable<number>): void {
    this.changes++;
    this.mounts.delete(point);
    for (const ino of inos) {
      this.overlay.delete(ino);
      this.mine.delete(ino);
    }
    this.made.clear();
  }

  /** A copy for a fork: inodes are shared until one side writes. */
  cloneWith(copy: <T>(x: T) => T): Vfs {
    const v = { __proto__: Vfs.prototype, ...this } as unknown as Record<string, unknown>;
    this.mine.clear();
    v['mine'] = new Set<number>();
    v['overlay'] = new Map(this.overlay);
    v['made'] = new Map(this.made);
    v['mounts'] = new Map(this.mounts);
    v['host'] = copy(this.host);
    v['fifos'] = copy(this.fifos);
    return v as unknown as Vfs;
  }

  /** A new inode of this host with no name yet. */
  create(type: FileType, mode: number, uid: number, gid: number): Inode {
    this.changes++;
    const inode = newInode(this.nextIno++, type, mode, uid, gid, this.now());
    this.overlay.set(inode.ino, inode);
    this.mine.add(inode.ino);
    return inode;
  }

  /** Forgets an inode without names unless somebody has it open. */
  forget(ino: number): void {
    for (const p of this.host.procs.values()) {
      for (const f of p.fds.values()) if (f.kind === 'inode' && f.ino === ino) return;
    }
    const gone = this.overlay.get(ino);
    if (gone?.nfs === undefined) this.used -= gone?.data.length ?? 0;
    this.overlay.delete(ino);
    this.mine.delete(ino);
  }

  /** What a path names. Throws ENOENT and the errors of the walk. */
  lookup(p: Process | null, path: Bytes, follow = true): Found & { readonly node: Node } {
    const found = walk(this, p, path, follow);
    if (found.node === null) throw new SysError('ENOENT');
    return found as Found & { readonly node: Node };
  }

  /** The same without a throw for what does not exist or cannot be reached. */
  find(p: Process | null, path: Bytes, follow = true): Node | null {
    const found = tryWalk(this, p, path, follow);
    return typeof found === 'string' ? null : found.node;
  }

  /** open(2). Throws SysError (ENOENT, EISDIR, EACCES, EPERM for +i, ENOTDIR, EEXIST, ELOOP). */
  open(p: Process | null, path: Bytes, flags: OpenFlags, mode: number): OpenFile {
    const write = flags.write === true || flags.append === true;
    const found = walk(this, p, path, !(flags.create === true && flags.exclusive === true));
    let node = found.node;
    if (node === null) {
      if (!flags.create) throw new SysError('ENOENT');
      if (found.slash) throw new SysError('EISDIR');
      node = { inode: makeNode(this, p, found, 'file', mode), virtual: null };
    } else {
      if (flags.create && flags.exclusive) throw new SysError('EEXIST');
      const type = nodeType(node);
      if (node.virtual?.magic !== undefined) return reopen(this, node, flags);
      if (type === 'dir' && (write || flags.create)) throw new SysError('EISDIR');
      if (flags.directory && type !== 'dir') throw new SysError('ENOTDIR');
      const want = (flags.read === true ? 4 : 0) | (write || flags.truncate ? 2 : 0);
      if ((want & 2) !== 0 && readOnly(this, node.inode)) throw new SysError('EROFS');
      if (!permits(p, node, want)) throw new SysError('EACCES');
      const attrs = node.inode?.attrs ?? '';
      if (write && attrs.includes('i')) throw new SysError('EPERM');
      if (write && attrs.includes('a') && (!flags.append || flags.truncate)) throw new SysError('EPERM');
      if (flags.truncate && type === 'file' && node.inode !== null) this.resize(node.inode.ino, 0, p);
    }
    if (node.virtual !== null) return openVirtual(this.host, p, found.path, node, flags);
    const inode = node.inode!;
    if (inode.type === 'chr' || inode.type === 'blk') return openDevice(this.host, p, inode.major, inode.minor, flags);
    if (inode.type === 'socket') throw new SysError('ENXIO');
    if (inode.type === 'fifo') return this.openFifo(inode.ino, flags);
    if (flags.read && inode.nfs === undefined && this.overlay.has(inode.ino) && inode.atime <= inode.mtime) this.write(inode.ino).atime = this.now();
    return {
      kind: 'inode', refs: 0, readable: flags.read === true || !write, writable: write, path: found.path, ino: inode.ino,
      snapshot: null, pos: 0, append: flags.append === true,
    };
  }

  /** Linux sleeps in open(2) until the other end comes; here the first read or full write sleeps instead. */
  private openFifo(ino: number, flags: OpenFlags): OpenFile {
    const write = flags.write === true || flags.append === true;
    let fifo = this.fifos.get(ino);
    if (fifo === undefined || (fifo.pipe.writers === 0 && fifo.pipe.readers === 0)) {
      const pipe: Pipe = { data: '', readers: 1, writers: 1, readQueue: this.host.newQueue(), writeQueue: this.host.newQueue() };
      fifo = { pipe, reader: false, writer: false };
      this.fifos.set(ino, fifo);
    }
    const readable = flags.read === true || !write;
    if (readable) {
      if (fifo.reader) fifo.pipe.readers++;
      fifo.reader = true;
    }
    if (write) {
      if (fifo.writer) fifo.pipe.writers++;
      fifo.writer = true;
    }
    return { kind: 'pipe', refs: 0, readable, writable: write, pipe: fifo.pipe };
  }

  /** Writes at the file's position (or the end when append). Virtual files pass the bytes to their handler, which may throw EINVAL and others. */
  writeOpen(p: Process | null, f: InodeFile, data: Bytes): void {
    if (f.snapshot !== null) {
      const v = this.lookup(p, f.path).node.virtual;
      if (v?.write === undefined) throw new SysError('EIO');
      const refused = v.write(data);
      if (refused !== null) throw new SysError(refused);
      f.pos += data.length;
      return;
    }
    const inode = this.own(f.ino);
    if (inode.nfs === undefined) this.spend(data.length);
    else if (this.host.nfs?.errorOf(inode)) throw new SysError(this.host.nfs.errorOf(inode)!);
    const old = inode.data;
    const at = f.append ? sizeOf(inode, this.blockSize) : f.pos;
    if (inode.nfs !== undefined && inode.nfs.size >= 0) inode.nfs = Object.freeze({ mount: inode.nfs.mount, size: Math.max(inode.nfs.size, at + data.length) });
    else if (at === old.length) inode.data = old + data;
    else if (at > old.length) inode.data = old + '\0'.repeat(at - old.length) + data;
    else inode.data = old.slice(0, at) + data + old.slice(at + data.length);
    f.pos = at + data.length;
    inode.mtime = inode.ctime = this.now();
    if (inode.nfs !== undefined) this.host.nfs?.tell(p, inode.nfs.mount, { op: 'write', ino: f.ino, offset: at, data });
  }

  /** Appends to a file without counting it as a change; for logs that nothing is made from. */
  appendQuietly(ino: number, data: Bytes): void {
    if (this.inode(ino)?.nfs !== undefined) {
      this.writeOpen(null, { kind: 'inode', refs: 0, readable: false, writable: true, path: '', ino, snapshot: null, pos: 0, append: true }, data);
      return;
    }
    if (this.used + data.length > DISK_BYTES) return;
    const inode = this.write(ino);
    this.used += data.length;
    inode.data += data;
    inode.mtime = inode.ctime = this.now();
  }

  private spend(bytes: number): void {
    if (this.used + bytes > DISK_BYTES) throw new SysError('ENOSPC');
    this.used += bytes;
  }

  /** Cuts a file off or fills it up with zeros. */
  resize(ino: number, size: number, p: Process | null): void {
    const i = this.inode(ino)!;
    if (size - i.data.length > DISK_BYTES) throw new SysError('EFBIG');
    if (i.nfs === undefined || i.nfs.size < 0 || size === 0) this.setData(ino, size <= i.data.length ? i.data.slice(0, size) : i.data + '\0'.repeat(size - i.data.length));
    if (i.nfs === undefined) return;
    if (i.nfs.size >= 0) this.own(ino).nfs = Object.freeze({ mount: i.nfs.mount, size: size === 0 ? -1 : size });
    this.host.nfs?.tell(p, i.nfs.mount, { op: 'attr', ino, size });
  }

  private setData(ino: number, data: Bytes): void {
    const inode = this.own(ino);
    if (inode.nfs !== undefined) {
      inode.data = data;
      inode.mtime = inode.ctime = this.now();
      return;
    }
    this.used -= inode.data.length;
    this.spend(data.length);
    inode.data = data;
    inode.mtime = inode.ctime = this.now();
  }

  /** Content of a regular file's inode. */
  data(ino: number): Bytes {
    const inode = this.inode(ino);
    // Of a file on a mount nobody waited for, no content is here: better an error than an empty file.
    if (inode?.nfs !== undefined && inode.nfs.size > 0) throw new SysError('EIO');
    return inode?.data ?? '';
  }

  isDirectory(ino: number): boolean {
    return isVirtualIno(ino) || this.inode(ino)?.type === 'dir';
  }

  stat(p: Process | null, path: Bytes): Stat {
    const found = this.lookup(p, path);
    const magic = found.node.virtual?.magic?.();
    return magic ? this.fstat(p, magic) : statNode(this, found.path, found.node);
  }

  lstat(p: Process | null, path: Bytes): Stat {
    const found = this.lookup(p, path, false);
    return statNode(this, found.path, found.node);
  }

  fstat(p: Process | null, f: OpenFile): Stat {
    if (f.kind === 'inode') {
      if (isVirtualIno(f.ino)) return this.stat(p, f.path);
      return statNode(this, f.path, { inode: this.inode(f.ino) ?? newInode(f.ino, 'file', 0o600, 0, 0, 0), virtual: null });
    }
    return statOpen(f, this.now());
  }

  /** Names in a directory in creation order, without . and .. */
  readdir(p: Process | null, path: Bytes): Bytes[] {
    const { node } = this.lookup(p, path);
    if (nodeType(node) !== 'dir') throw new SysError('ENOTDIR');
    if (!permits(p, node, 4)) throw new SysError('EACCES');
    return this.namesIn(node);
  }

  private namesIn(dir: Node): Bytes[] {
    if (this.met !== null && dir.inode?.nfs !== undefined) this.met.push({ dir: 0, name: '', ino: dir.inode.ino, list: true });
    return dir.inode === null ? dir.virtual!.list!() : [...dir.inode.entries!.keys()];
  }

  readlink(p: Process | null, path: Bytes): Bytes {
    const { node } = this.lookup(p, path, false);
    if (nodeType(node) !== 'symlink') throw new SysError('EINVAL');
    return node.inode === null ? node.virtual!.target!() : node.inode.data;
  }

  /** realpath(3). */
  realpath(p: Process | null, path: Bytes): Bytes {
    return this.lookup(p, path).path;
  }

  mkdir(p: Process | null, path: Bytes, mode: number): void {
    makeNode(this, p, walk(this, p, stripSlashes(path), false), 'dir', mode);
  }

  rmdir(p: Process | null, path: Bytes): void {
    removeDir(this, p, this.lookup(p, path, false));
  }

  unlink(p: Process | null, path: Bytes): void {
    removeFile(this, p, this.lookup(p, path, false));
  }

  rename(p: Process | null, from: Bytes, to: Bytes): void {
    renameFile(this, p, this.lookup(p, stripSlashes(from), false), walk(this, p, stripSlashes(to), false), to.endsWith('/') && to !== '/');
  }

  link(p: Process | null, from: Bytes, to: Bytes): void {
    linkFile(this, p, this.lookup(p, from, false), walk(this, p, to, false));
  }

  symlink(p: Process | null, target: Bytes, path: Bytes): void {
    if (target === '') throw new SysError('ENOENT');
    makeNode(this, p, walk(this, p, path, false), 'symlink', 0o777, target);
  }

  mkfifo(p: Process | null, path: Bytes, mode: number): void {
    makeNode(this, p, walk(this, p, path, false), 'fifo', mode);
  }

  chmod(p: Process | null, path: Bytes, mode: number): void {
    changeMode(this, p, this.lookup(p, path), mode);
  }

  chown(p: Process | null, path: Bytes, uid: number, gid: number, follow: boolean): void {
    changeOwner(this, p, this.lookup(p, path, follow), uid, gid);
  }

  truncate(p: Process | null, path: Bytes, size: number): void {
    const { node } = this.lookup(p, path);
    if (nodeType(node) === 'dir') throw new SysError('EISDIR');
    if (nodeType(node) !== 'file') throw new SysError('EINVAL');
    if (readOnly(this, node.inode)) throw new SysError('EROFS');
    if (!permits(p, node, 2)) throw new SysError('EACCES');
    if (node.inode === null) return;
    if (/[ia]/.test(node.inode.attrs)) throw new SysError('EPERM');
    this.resize(node.inode.ino, size, p);
  }

  /** Seconds since 1970; null keeps. */
  utimes(p: Process | null, path: Bytes, atime: number | null, mtime: number | null, follow = true): void {
    setTimes(this, p, this.lookup(p, path, follow), atime, mtime);
  }

  /** ext4 attributes (lsattr letters such as 'i', 'a', 'e'). */
  getAttrs(p: Process | null, path: Bytes): string {
    const { node } = this.lookup(p, path, false);
    if (node.inode === null || node.inode.nfs !== undefined) throw new SysError('ENOTTY');
    if (node.inode.type !== 'file' && node.inode.type !== 'dir') throw new SysError('EOPNOTSUPP');
    return `${node.inode.attrs}e`;
  }

  setAttrs(p: Process | null, path: Bytes, attrs: string): void {
    const { node } = this.lookup(p, path, false);
    if (node.inode === null || node.inode.nfs !== undefined) throw new SysError('ENOTTY');
    if (node.inode.type !== 'file' && node.inode.type !== 'dir') throw new SysError('EOPNOTSUPP');
    if (p !== null && p.uid !== 0) {
      const touched = (c: string): boolean => attrs.includes(c) !== node.inode!.attrs.includes(c);
      if (p.uid !== node.inode.uid || touched('i') || touched('a')) throw new SysError('EPERM');
    }
    const inode = this.own(node.inode.ino);
    inode.attrs = attrs.replaceAll('e', '');
    inode.ctime = this.now();
  }

  /** access(2): mode bits 4 read, 2 write, 1 execute, 0 exists. */
  access(p: Process | null, path: Bytes, mode: number): boolean {
    const node = this.find(p, path);
    if (node === null) return false;
    if (node.virtual?.magic !== undefined) return node.virtual.magic() !== null;
    if ((mode & 2) !== 0 && (node.inode?.attrs.includes('i') || readOnly(this, node.inode))) return false;
    if ((mode & 1) !== 0 && noExec(this, node.inode)) return false;
    return permits(p, node, mode);
  }

  /** What execve would run: a program name of this build, or the text of a script. Throws ENOENT, EACCES, EISDIR, ENOTDIR. */
  executable(p: Process | null, path: Bytes): { program: string | null; text: Bytes } {
    const { node } = this.lookup(p, path);
    const i = node.inode;
    if (i === null || i.type !== 'file' || !permits(p, node, 1) || noExec(this, i)) throw new SysError('EACCES');
    this.data(i.ino);
    return { program: i.program, text: i.data };
  }

  // What the host itself does with files (boot, units, packages, daemons): as root, at absolute paths.

  /** Content of a file, or null when there is no such readable file. */
  read(path: Bytes): Bytes | null {
    const node = this.find(null, path);
    if (node === null) return null;
    try {
      if (node.inode !== null) return node.inode.type === 'file' ? node.inode.data : null;
      const text = node.virtual!.read?.();
      return text === undefined ? null : text;
    } catch (e) {
      if (e instanceof SysError) return null;
      throw e;
    }
  }

  exists(path: Bytes): boolean {
    return this.access(null, path, 0);
  }

  /** Names in a directory, sorted by byte; none when it is no directory. */
  names(path: Bytes): Bytes[] {
    const node = this.find(null, path);
    return node === null || nodeType(node) !== 'dir' ? [] : this.namesIn(node).sort();
  }

  /** Makes a directory and those above it. */
  mkdirs(path: Bytes, mode = 0o755): void {
    if (this.exists(path)) return;
    const up = path.slice(0, path.lastIndexOf('/'));
    if (up !== '') this.mkdirs(up, mode);
    this.mkdir(null, path, mode);
  }

  /** Writes a whole file with its directories, whatever was there. Gives its inode number. */
  put(path: Bytes, data: Bytes, how: { mode?: number; uid?: number; gid?: number; append?: boolean } = {}): number {
    const up = path.slice(0, path.lastIndexOf('/'));
    if (up !== '') this.mkdirs(up);
    let found = walk(this, null, path, true);
    if (found.node === null) {
      makeNode(this, null, found, 'file', how.mode ?? 0o644);
      found = walk(this, null, path, true);
    }
    if (found.node!.inode === null) {
      const refused = found.node!.virtual!.write?.(data) ?? null;
      if (refused !== null) throw new SysError(refused);
      return virtualIno(found.path);
    }
    const inode = this.own(found.node!.inode.ino);
    if (inode.nfs !== undefined) {
      if (!how.append) this.resize(inode.ino, 0, null);
      this.appendQuietly(inode.ino, data);
    } else this.setData(inode.ino, how.append ? inode.data + data : data);
    if (how.mode !== undefined) inode.mode = how.mode;
    if (how.uid !== undefined) inode.uid = how.uid;
    if (how.gid !== undefined) inode.gid = how.gid;
    inode.program = null;
    return inode.ino;
  }

  /** Makes an executable that runs a program of this build. */
  putProgram(path: Bytes, program: string): void {
    this.own(this.put(path, '', { mode: 0o755 })).program = program;
  }

  /** Removes a file if it is there, whatever its attributes. */
  remove(path: Bytes): void {
    const found = walk(this, null, path, false);
    if (found.node?.inode && found.node.inode.type !== 'dir') {
      this.own(found.node.inode.ino).attrs = '';
      removeFile(this, null, found as Found & { readonly node: Node });
    }
  }
}

function stripSlashes(path: Bytes): Bytes {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end--;
  return path.slice(0, end);
}
