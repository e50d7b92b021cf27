// Waiting for the server: what a path meets on NFS mounts is asked for before the calls on it are made. Counterpart: nfs_lookup_revalidate, nfs_revalidate_inode.
// File calls of this build do not sleep. So a process sleeps where it starts (for the paths on its command line), before a redirection or a builtin opens a path, and in read(2);
// then its calls work on the copy here.
// Not modelled: sleeping in each call by itself (Linux); a path a program makes up while it runs is seen as last heard of, and an `ls -l FILE` asks where Linux believes attributes for acregmin seconds;
// a refusal that arises between asking and changing shows in dmesg and at the next write, not in the exit status.
import { SysError } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import type { Host } from '../host';
import { walk } from '../namei';
import type { Op, Process, Run } from '../process';
import type { NfsClient } from './client';
import type { NfsMount } from './mount_state';
import type { NfsArgs, NfsResult } from './protocol';

/** A file met on a mount: by a name in a folder (`ino` undefined: no such name), as the mounted folder itself (`dir` 0), or as a folder whose names were listed. */
export interface Met {
  readonly dir: number;
  readonly name: Bytes;
  readonly ino: number | undefined;
  readonly list: boolean;
}

/** A question still to be asked. */
export interface Question {
  readonly key: string;
  readonly mount: NfsMount;
  readonly args: NfsArgs;
}

/** The first question about what was met that was neither asked already nor is answered by what is believed for now. `read`: content is wanted, too. */
export function nextQuestion(host: Host, met: readonly Met[], asked: readonly string[], read: boolean): Question | null {
  const c = host.nfs;
  if (c === null) return null;
  const now = host.world.clock.now;
  for (const t of met) {
    const inode = t.ino === undefined ? undefined : host.vfs.inode(t.ino);
    const dirMount = t.dir === 0 ? undefined : c.mounts.find((m) => m.nodes.has(t.dir));
    const mount = dirMount ?? (t.ino === undefined ? undefined : c.mounts.find((m) => m.nodes.has(t.ino!)));
    if (mount === undefined) continue;
    const node = t.ino === undefined ? undefined : mount.nodes.get(t.ino);
    // What this host has just made and the server has not heard of is known best here.
    if (node?.fh === 0) continue;
    const key = t.list ? `list ${t.ino}` : dirMount === undefined ? `root ${t.ino}` : `${t.dir}/${t.name}`;
    if (asked.includes(key)) continue;
    const believed = node !== undefined && node.error === null && now < node.at + node.ttl;
    const held = node !== undefined && node.change !== '';
    if (t.list) {
      if (!(believed && held)) return { key, mount, args: { op: 'GET', fh: node!.fh, known: node!.change, read: true } };
      continue;
    }
    const isDir = inode?.type === 'dir';
    if (isDir && believed) continue;
    const known = held ? node.change : '';
    if (dirMount === undefined) return { key, mount, args: { op: 'GET', fh: node!.fh, known, read: false } };
    const dirFh = mount.nodes.get(t.dir)!.fh;
    if (dirFh === 0) continue;
    return { key, mount, args: { op: 'GET', fh: dirFh, name: t.name, known, read: read && !isDir } };
  }
  return null;
}

/** What `body` meets on mounts while it runs. */
export function meeting<T>(host: Host, body: () => T): { value: T; met: Met[] } {
  const { vfs } = host;
  const outer = vfs.met;
  const met: Met[] = [];
  vfs.met = met;
  try {
    return { value: body(), met };
  } finally {
    vfs.met = outer;
  }
}

function* answer(p: Process, c: NfsClient, q: Question): Op<NfsResult> {
  return yield* c.wait(p, c.ask(q.mount, q.args, p));
}

/** What a path is wanted for. */
export interface Wanted {
  /** Content of the file. */
  read: boolean;
  /** Names of the folder. */
  list: boolean;
  /** The same for all below. */
  deep: boolean;
}

/** Sleeps until what a path names is known here as the server has it now. Costs nothing on a host without mounts. */
export function* reach(p: Process, path: Bytes, want: Wanted): Op<void> {
  const { host } = p;
  const c = host.nfs;
  if (c === null || c.mounts.length === 0 || path === '') return;
  const asked: string[] = [];
  for (;;) {
    const { value: found, met } = meeting(host, () => quietWalk(p, path));
    const inode = found?.node?.inode;
    if (want.list && inode?.nfs !== undefined && inode.type === 'dir') met.push({ dir: 0, name: '', ino: inode.ino, list: true });
    const q = nextQuestion(host, met, asked, want.read);
    if (q === null) {
      if (want.deep && inode?.type === 'dir') yield* below(p, found!.path, inode.nfs !== undefined, [...inode.entries!.keys()], want);
      return;
    }
    asked.push(q.key);
    const r = yield* answer(p, c, q);
    // A soft mount gave up: the call on the path says so, and nobody asks on.
    if (r.error === 'EIO') return;
  }
}

/** Goes on below a folder: its names on a mount, or the mounts somewhere in it. */
function* below(p: Process, path: Bytes, remote: boolean, names: readonly Bytes[], want: Wanted): Op<void> {
  const slash = path === '/' ? '' : path;
  if (remote) for (const name of names) yield* reach(p, `${slash}/${name}`, want);
  else for (const m of p.host.nfs!.mounts) if (m.point.startsWith(`${slash}/`)) yield* reach(p, m.point, want);
}

function quietWalk(p: Process, path: Bytes): ReturnType<typeof walk> | null {
  try {
    return walk(p.host.vfs, p, path, true);
  } catch (e) {
    if (e instanceof SysError) return null;
    throw e;
  }
}

/** Programs that look at files without reading them. */
const LOOKERS = new Set('ls stat find du rm rmdir mv chmod chown chgrp touch mkdir ln readlink realpath test [ df umount cd pushd lsattr namei which'.split(' '));
/** Programs that go into folders whatever their options say. */
const WANDERERS = new Set(['find', 'du', 'tar', 'scp']);

/** Programs whose words name no files: they only start others (which wait by themselves), or speak of processes, networks and services. */
const FILELESS = new Set(
  'timeout env nohup nice setsid sudo su xargs watch time ssh echo printf sleep true false ps pgrep pkill kill killall top free uptime date hostname hostnamectl id who whoami w users groups uname ping arping traceroute tracepath ip ifconfig route arp ss netstat nc telnet dig nslookup host ipvsadm sysctl systemctl service chkconfig journalctl dmesg firewall-cmd yum rpm umount df exportfs showmount rpcinfo seq yes man clear lsmod modprobe'.split(' '),
);
/** Programs that look at the current directory when no file is named. */
const LISTERS = new Set(['ls', 'find', 'du']);

/** The same for all words of a command line that could be paths. */
export function* reachWords(p: Process, argv: readonly Bytes[]): Op<void> {
  const c = p.host.nfs;
  if (c === null || c.mounts.length === 0) return;
  const name = (argv[0] ?? '').replace(/^.*\//, '');
  if (FILELESS.has(name) || name.startsWith('mount')) return;
  const deep = WANDERERS.has(name) || argv.some((a) => /^-[A-Za-z]*[rR]/.test(a) || a === '-a' || a === '--recursive');
  const want: Wanted = { read: !LOOKERS.has(name), list: true, deep };
  if (LISTERS.has(name) && argv.slice(1).every((a) => a.startsWith('-'))) yield* reach(p, '.', want);
  for (const word of argv.slice(1)) {
    const path = word.startsWith('-') ? /^-[^=]*=(.+)$/.exec(word)?.[1] : word;
    if (path !== undefined) yield* reach(p, path, want);
    // `ls /var/www` looks at the mounted folder in it, too.
    const there = path === undefined ? null : quietWalk(p, path);
    if (there?.node?.inode?.type === 'dir') for (const m of c.mounts) if (m.point.slice(0, m.point.lastIndexOf('/')) === there.path) yield* reach(p, m.point, { ...want, list: false, deep: false });
  }
}

/** A program that starts on a host with mounts: first what its words name, then itself. */
export function* arriving(p: Process, main: Run): Run {
  yield* reachWords(p, p.argv);
  return yield* main;
}

/** In read(2): the content as the server has it, unless it is believed for now. Throws ESTALE and EIO. */
export function* refreshOpen(p: Process, ino: number): Op<void> {
  const c = p.host.nfs;
  const m = c?.mounts.find((x) => x.nodes.has(ino));
  const node = m?.nodes.get(ino);
  if (c === null || m === undefined || node === undefined || node.fh === 0) return;
  if (node.change !== '' && p.host.world.clock.now < node.at + node.ttl) return;
  const r = yield* c.wait(p, c.ask(m, { op: 'GET', fh: node.fh, known: node.change, read: true }, p));
  if (r.error !== undefined) throw new SysError(r.error);
}

/** Who answers requests and cannot sleep: what it asked for the one at hand, and the question that is out, by its call's number. */
export interface Asking {
  asked?: string[];
  waits?: number;
}

export const hasMounts = (host: Host): boolean => host.nfs !== null && host.nfs.mounts.length > 0;

/** True while the server has not answered the question that is out. */
export function stillAsking(host: Host, a: Asking): boolean {
  if (a.waits !== undefined && host.nfs?.calls.has(a.waits)) return true;
  delete a.waits;
  return false;
}

/** Asks the server for the first file that was met and is not known as it is now; its socket wakes the asker. False when all are known. */
export function askFor(host: Host, a: Asking, met: readonly Met[], who: { uid: number; gid: number }, sock: number): boolean {
  const q = nextQuestion(host, met, a.asked ?? [], true);
  if (q === null) {
    delete a.asked;
    return false;
  }
  a.asked = [...(a.asked ?? []), q.key];
  a.waits = host.nfs!.ask(q.mount, q.args, who, sock).xid;
  return true;
}
