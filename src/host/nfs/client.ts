// The NFS client of a host: mounts, changes made here and told to servers one after another. Plain data, so that it goes on in a fork. Counterpart: fs/nfs.
// Not modelled: lease renewal, callbacks and delegations, locks at the server, several slots of a session (changes go one after another).
import type { Errno } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { addDaemon, type Daemon } from '../daemons/daemon';
import type { Host } from '../host';
import type { Inode } from '../inode';
import type { Op, Process } from '../process';
import type { CallHow, NfsCall } from './calls';
import { changeAnswered, changeArgs, learn, newNode } from './cache';
import type { NfsChange, NfsMount } from './mount_state';
import type { NfsArgs, NfsResult } from './protocol';
import { Transport } from './transport';

export class NfsClient extends Transport implements Daemon {
  readonly kind = 'nfs';
  mounts: NfsMount[] = [];
  mountIds = 0;

  mountOf(id: number): NfsMount | undefined {
    return this.mounts.find((m) => m.id === id);
  }

  /** Who the server takes a process for on a mount; itself while it was never asked. */
  identity(id: number, p: Process): { readonly uid: number; readonly gid: number } {
    const as = this.mountOf(id)?.as.get(p.uid);
    return as === undefined ? p : { uid: as[0], gid: as[1] };
  }

  /** True where nobody may write: the mount or the export is read-only. */
  readOnly(id: number): boolean {
    const m = this.mountOf(id);
    return m !== undefined && (m.options.ro || m.exportRo);
  }

  /** True where nothing may be run. */
  noExec(id: number): boolean {
    return this.mountOf(id)?.options.flags.includes('noexec') === true;
  }

  /** What a call on a mount is made with. */
  how(m: NfsMount, who: { uid: number; gid: number }, sock = -1): CallHow {
    return {
      server: m.server, serverName: m.source.slice(0, m.source.indexOf(':')), uid: who.uid, gid: who.gid, timeo: m.options.timeo, retrans: m.options.retrans, soft: m.options.soft,
      once: false, resvport: m.options.resvport, mount: m.id, sock, owed: false,
    };
  }

  /** The same for a question about a mount. */
  ask(m: NfsMount, args: NfsArgs, who: { uid: number; gid: number }, sock = -1): NfsCall {
    return this.call(this.how(m, who, sock), { path: m.path, root: m.rootFh, args });
  }

  /** A change was made to the copy here: the server is told, and the process does not go on before it has answered. */
  tell(p: Process | null, mount: number, change: NfsChange): void {
    const m = this.mountOf(mount);
    if (m === undefined) return;
    m.owed.push({ pid: p?.pid ?? 0, uid: p?.uid ?? 0, gid: p?.gid ?? 0, change });
    this.tellNext(m);
  }

  /** A process made a file in a folder on a mount. */
  created(p: Process | null, dir: Inode, name: Bytes, inode: Inode): void {
    const m = this.mountOf(dir.nfs!.mount);
    if (m === undefined) return;
    newNode(this.host, m, inode.ino);
    this.tell(p, m.id, { op: 'create', dir: dir.ino, name, ino: inode.ino });
  }

  /** What the server last refused for a file, or null. */
  errorOf(i: Inode): Errno | null {
    return this.mountOf(i.nfs!.mount)?.nodes.get(i.ino)?.error ?? null;
  }

  /** Does a process wait for the server to take a change of its? */
  owes(pid: number): boolean {
    return this.mounts.some((m) => m.owed.some((o) => o.pid === pid));
  }

  /** A process whose changes were not answered does not go on: true when it was put back to sleep. */
  holds(p: Process): boolean {
    if (p.uninterruptible || !this.owes(p.pid)) return false;
    this.host.sleepOn(p, { on: [this.queue], until: Number.POSITIVE_INFINITY });
    return true;
  }

  /** Nor does it end: true when what is left of it waits. */
  settles(p: Process, status: number): boolean {
    if (!this.owes(p.pid)) return false;
    p.uninterruptible = true;
    p.run = this.last(p, status);
    this.host.sleepOn(p, { on: [this.queue], until: Number.POSITIVE_INFINITY });
    return true;
  }

  private *last(p: Process, status: number): Op<number> {
    while (this.owes(p.pid)) yield { on: [this.queue], until: Number.POSITIVE_INFINITY };
    return status;
  }

  /** The host loses its memory: mounts are gone. */
  powerOff(): void {
    for (const m of this.mounts) this.host.vfs.unmount(m.point, m.nodes.keys());
    this.host.nfs = null;
  }

  private tellNext(m: NfsMount): void {
    while (!m.sending && m.owed.length > 0) {
      const o = m.owed[0]!;
      const args = changeArgs(this.host, m, o.change);
      if (args === null) {
        m.owed.shift();
        continue;
      }
      m.sending = true;
      this.call({ ...this.how(m, o), owed: true }, { path: m.path, root: m.rootFh, args });
    }
  }

  protected override answered(c: NfsCall, result: NfsResult): void {
    const m = this.mountOf(c.mount);
    if (m === undefined) return;
    learn(this.host, m, c.request.args, c.uid, result);
    if (!c.owed) return;
    m.sending = false;
    const o = m.owed.shift();
    if (o !== undefined) changeAnswered(this.host, m, o.change, result);
    this.tellNext(m);
  }

  /** Gives up all that waits on a mount, with EIO. */
  abort(m: NfsMount): void {
    for (const c of [...this.calls.values()]) if (c.mount === m.id) this.finish(c, { error: 'EIO' });
  }
}

/** The host's client; made when it is first needed. */
export function nfsClient(host: Host): NfsClient {
  if (host.nfs === null) {
    host.nfs = new NfsClient(host);
    addDaemon(host, host.nfs);
  }
  return host.nfs;
}
