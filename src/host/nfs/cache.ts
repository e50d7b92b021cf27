// What the client keeps of the server's files: inodes of its own, filled and corrected by answers. Counterpart: fs/nfs/inode.c (nfs_refresh_inode), dir.c.
import type { Bytes } from '../../lib/text';
import type { Host } from '../host';
import type { Inode } from '../inode';
import type { NfsChange, NfsMount, NfsNode } from './mount_state';
import type { Attributes, NfsArgs, NfsResult } from './protocol';

/** Takes the server's word for a file: a new inode here, or the known one corrected. Gives its number. */
export function adopt(host: Host, m: NfsMount, at: Attributes): number {
  const { vfs } = host;
  const now = host.world.clock.now;
  let ino = m.byHandle.get(at.fh);
  if (ino === undefined) {
    const made = vfs.create(at.type, at.mode, at.uid, at.gid);
    ino = made.ino;
    made.nfs = Object.freeze({ mount: m.id, size: at.size });
    m.byHandle.set(at.fh, ino);
    m.nodes.set(ino, { fh: at.fh, change: '', at: now, ttl: 0, error: null });
  }
  const node = m.nodes.get(ino)!;
  const old = vfs.inode(ino)!;
  const o = m.options;
  const [least, most] = at.type === 'dir' ? [o.acdirmin, o.acdirmax] : [o.acregmin, o.acregmax];
  const same = node.change === at.change;
  node.ttl = same && node.ttl > 0 ? Math.min(node.ttl * 2, most * 1e6) : least * 1e6;
  node.at = now;
  node.error = null;
  const told = ['mode', 'nlink', 'uid', 'gid', 'atime', 'mtime', 'ctime', 'major', 'minor', 'attrs'] as const;
  const held = same && node.change !== '';
  if (!held || told.some((k) => old[k] !== at[k])) {
    const i = vfs.own(ino);
    Object.assign(i, Object.fromEntries(told.map((k) => [k, at[k]])));
    if (!held) {
      node.change = '';
      i.data = '';
      i.nfs = Object.freeze({ mount: m.id, size: at.size });
    }
  }
  return ino;
}

/** The content at hand is that of this change. */
function hold(host: Host, m: NfsMount, ino: number, change: Bytes): Inode {
  const i = host.vfs.own(ino);
  i.nfs = Object.freeze({ mount: m.id, size: -1 });
  m.nodes.get(ino)!.change = change;
  return i;
}

/** An answer about a mount: attributes, names and content go into the inodes here. */
export function learn(host: Host, m: NfsMount, a: NfsArgs, uid: number, r: NfsResult): void {
  if (r.as !== undefined) m.as.set(uid, r.as);
  if (r.ro !== undefined) m.exportRo = r.ro;
  if (r.space !== undefined) m.space = r.space;
  if (a.op !== 'GET') return;
  const asked = m.byHandle.get(a.fh);
  const { vfs } = host;
  if (r.at === undefined) {
    if (asked === undefined) return;
    if (a.name !== undefined && r.error === 'ENOENT') {
      if (vfs.inode(asked)?.entries?.has(a.name)) vfs.own(asked).entries!.delete(a.name);
    } else m.nodes.get(asked)!.error = r.error ?? 'EIO';
    return;
  }
  const ino = adopt(host, m, r.at);
  if (a.name !== undefined && asked !== undefined) {
    const dir = vfs.inode(asked);
    if (dir?.entries && dir.entries.get(a.name) !== ino) vfs.own(asked).entries!.set(a.name, ino);
  }
  if (r.data !== undefined) hold(host, m, ino, r.at.change).data = r.data;
  if (r.entries !== undefined) {
    const names = new Map(r.entries.map(([name, at]) => [name, adopt(host, m, at)]));
    hold(host, m, ino, r.at.change).entries = names;
  }
}

/** A change as the server is told it; null when the file it concerns never came to be there. */
export function changeArgs(host: Host, m: NfsMount, c: NfsChange): NfsArgs | null {
  const fh = (ino: number): number => m.nodes.get(ino)?.fh ?? 0;
  switch (c.op) {
    case 'create': {
      const i = host.vfs.inode(c.ino);
      if (fh(c.dir) === 0 || i === undefined) return null;
      return { op: 'CREATE', fh: fh(c.dir), name: c.name, type: i.type, mode: i.mode, target: i.type === 'symlink' ? i.data : '' };
    }
    case 'remove':
      return fh(c.dir) === 0 ? null : { op: 'REMOVE', fh: fh(c.dir), name: c.name };
    case 'rename':
      return fh(c.dir) === 0 || fh(c.toDir) === 0 ? null : { op: 'RENAME', fh: fh(c.dir), name: c.name, toFh: fh(c.toDir), toName: c.toName };
    case 'link':
      return fh(c.ino) === 0 || fh(c.dir) === 0 ? null : { op: 'LINK', fh: fh(c.ino), toFh: fh(c.dir), toName: c.name };
    case 'attr': {
      const { ino, ...rest } = c;
      return fh(ino) === 0 ? null : { ...rest, op: 'SETATTR', fh: fh(ino) };
    }
    case 'write':
      return fh(c.ino) === 0 ? null : { op: 'WRITE', fh: fh(c.ino), offset: c.offset, data: c.data };
  }
}

/** A file created here that the server does not know yet. */
export function newNode(host: Host, m: NfsMount, ino: number): void {
  const i = host.vfs.own(ino);
  i.nfs = Object.freeze({ mount: m.id, size: -1 });
  m.nodes.set(ino, { fh: 0, change: 'new', at: host.world.clock.now, ttl: 0, error: null });
}

/** The server has answered a change: what it says of the file now holds, or the copy here was wrong and is asked for again. */
export function changeAnswered(host: Host, m: NfsMount, c: NfsChange, r: NfsResult): void {
  const stale = (ino: number): void => {
    const n = m.nodes.get(ino);
    if (n !== undefined) n.ttl = 0;
  };
  const touched = c.op === 'create' || c.op === 'remove' || c.op === 'link' ? [c.dir] : c.op === 'rename' ? [c.dir, c.toDir] : [];
  for (const dir of touched) stale(dir);
  const ino = 'ino' in c ? c.ino : -1;
  if (r.error !== undefined) {
    // What was looked at a moment ago no longer holds: another client or the server's administrator came between.
    host.kernel.printk(`NFS: server ${m.source.slice(0, m.source.indexOf(':'))} error: ${c.op} failed: ${r.error}`, 4);
    if (c.op === 'create' && host.vfs.inode(c.dir)?.entries?.get(c.name) === ino) host.vfs.own(c.dir).entries!.delete(c.name);
    forgetContent(host, m, ino);
    // Who writes on is told so, as Linux tells at the next write(2) or open(2).
    const node = m.nodes.get(ino);
    if (node !== undefined && (c.op === 'write' || c.op === 'attr')) node.error = r.error;
    for (const dir of touched) forgetContent(host, m, dir);
    return;
  }
  const node = m.nodes.get(ino);
  if (r.at === undefined || node === undefined || host.vfs.inode(ino) === undefined) return;
  if (node.fh === 0) {
    node.fh = r.at.fh;
    m.byHandle.set(r.at.fh, ino);
  }
  confirm(host, m, ino, node, r.at);
}

/** Content at hand that came to be by changes the server has taken belongs to its newest change, unless somebody else wrote as well. */
function confirm(host: Host, m: NfsMount, ino: number, node: NfsNode, at: Attributes): void {
  const i = host.vfs.inode(ino)!;
  const more = m.owed.some((o) => 'ino' in o.change && o.change.ino === ino);
  if (i.nfs?.size === -1 && (more || i.entries !== null || i.data.length === at.size)) node.change = at.change;
  if (!more) adopt(host, m, at);
}

function forgetContent(host: Host, m: NfsMount, ino: number): void {
  const n = m.nodes.get(ino);
  const i = host.vfs.inode(ino);
  if (n === undefined || i === undefined) return;
  n.change = '';
  n.ttl = 0;
  host.vfs.own(ino).nfs = Object.freeze({ mount: m.id, size: i.data.length });
}
