// The session a login gets: a shell on a pseudo-terminal, or a command on pipes. Counterpart: OpenSSH 7.4 session.c, serverloop.c.
// Not modelled: utmp and wtmp, the environment a client sends.
import type { SshdConfig } from '../../host/daemons/sshd_config';
import { sshLog } from '../../host/daemons/sshd';
import { type OpenFile, PIPE_SIZE } from '../../host/open_file';
import type { Op, Process } from '../../host/process';
import { closePty, openPty } from '../../host/pty';
import { closeFd, installFd, makePipe, nowUs, read, spawn, waitOn, waitpid, wallSeconds } from '../../host/syscall';
import type { Tty } from '../../host/tty';
import { ttyTyped } from '../../host/tty_read';
import { SysError, strerror } from '../../lib/errno';
import { strftime } from '../../lib/strftime';
import type { Bytes } from '../../lib/text';
import { zoneOf } from '../clock';
import { lastPart, type User } from '../files';
import { queueOf, readable } from '../relay';
import type { Peer } from './server';
import { M, type Message, type Transport } from './transport';

/** How long the other side may take to hang up after the end, us. */
const LINGER_US = 5_000_000;

interface Child {
  pid: number;
  tty: Tty | null;
  /** Descriptors of its standard input (-1: closed) and outputs. */
  input: number;
  outputs: { fd: number; type: number }[];
}

/** Serves a session until it ends. Throws Lost when the other side goes first. */
export function* serverSession(p: Process, t: Transport, user: User, c: SshdConfig, peer: Peer): Op<void> {
  let pty: { term: Bytes; cols: number; rows: number } | null = null;
  let m: Message;
  for (;;) {
    m = yield* t.receive();
    if (m.type === M.PTY) pty = { term: m.fields[0]!, cols: Number(m.fields[1]), rows: Number(m.fields[2]) };
    else if (m.type === M.SHELL || m.type === M.EXEC) break;
    else if (m.type === M.DISCONNECT) return;
  }
  [p.uid, p.gid] = [user.uid, user.gid];
  const tty = pty === null ? null : openPty(p.host, peer.from, peer.session, pty.cols, pty.rows);
  p.argv = [`sshd: ${user.name}@${tty === null ? 'notty' : `pts/${tty.index}`}`];
  try {
    if (tty !== null && m.type === M.SHELL) welcome(p, tty, user, c, peer);
    const child = start(p, user, m.type === M.EXEC ? m.fields[0]! : null, tty, pty?.term ?? '', peer);
    const status = child === null ? 1 : yield* carry(p, t, child);
    if (tty !== null) flush(p, t, tty);
    t.send(M.EXIT, String(status));
    t.send(M.CLOSE);
    // The client hangs up first; closing with its bytes unread would reset the connection under what was sent.
    const until = nowUs(p) + LINGER_US;
    while (nowUs(p) < until) yield* t.receive(until);
  } finally {
    if (tty !== null) closePty(p.host, tty);
  }
}

/** Last login and /etc/motd, as a login shell is greeted; notes this login. */
function welcome(p: Process, tty: Tty, user: User, c: SshdConfig, peer: Peer): void {
  const SIZE = 292; // struct lastlog: when, line, host
  const path = '/var/log/lastlog';
  const { vfs } = p.host;
  const all = vfs.read(path) ?? '';
  const row = all.slice(user.uid * SIZE, (user.uid + 1) * SIZE);
  const at = row === '' ? 0 : row.charCodeAt(0) + row.charCodeAt(1) * 256 + row.charCodeAt(2) * 65536 + row.charCodeAt(3) * 16777216;
  if (c.printLastLog && at > 0) tty.show(`Last login: ${strftime('%a %b %e %H:%M:%S %Y', at, zoneOf(p))} from ${row.slice(36).replace(/\0.*$/s, '')}\n`);
  if (c.printMotd) tty.show(vfs.read('/etc/motd') ?? '');
  const now = Math.floor(wallSeconds(p));
  const mine = String.fromCharCode(now & 255, (now >> 8) & 255, (now >> 16) & 255, (now >> 24) & 255) + `pts/${tty.index}`.padEnd(32, '\0') + peer.from.padEnd(256, '\0');
  vfs.put(path, all.slice(0, user.uid * SIZE).padEnd(user.uid * SIZE, '\0') + mine + all.slice((user.uid + 1) * SIZE));
}

function environment(user: User, tty: Tty | null, term: Bytes, peer: Peer): Map<string, Bytes> {
  return new Map([
    ['USER', user.name], ['LOGNAME', user.name], ['HOME', user.home], ['PATH', user.uid === 0 ? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin' : '/usr/local/bin:/usr/bin'], ['MAIL', `/var/mail/${user.name}`],
    ['SHELL', user.shell || '/bin/sh'], ['LANG', 'en_US.UTF-8'], ['SSH_CLIENT', peer.client], ['SSH_CONNECTION', peer.connection], ...(tty === null ? [] : ([['SSH_TTY', `/dev/pts/${tty.index}`], ['TERM', term]] as [string, Bytes][])),
  ]);
}

/** Starts the user's shell; null (with a message to the client) when it cannot be run. */
function start(p: Process, user: User, command: Bytes | null, tty: Tty | null, term: Bytes, peer: Peer): Child | null {
  const shell = user.shell || '/bin/sh';
  const name = lastPart(shell);
  const argv = command === null ? [`-${name}`] : [name, '-c', command];
  const fds = new Map<number, OpenFile>();
  const child: Child = { pid: 0, tty, input: -1, outputs: [] };
  if (tty !== null) for (const fd of [0, 1, 2]) fds.set(fd, { kind: 'tty', tty: tty.index, refs: 0, readable: true, writable: true });
  else {
    const [inRead, inWrite] = makePipe(p);
    child.input = installFd(p, inWrite, 3);
    fds.set(0, inRead);
    for (const [fd, type] of [[1, M.DATA], [2, M.STDERR]] as const) {
      const [r, w] = makePipe(p);
      fds.set(fd, w);
      child.outputs.push({ fd: installFd(p, r, 3), type });
    }
  }
  const home = p.host.vfs.access(p, user.home, 1);
  try {
    const q = spawn(p, { path: shell, argv, env: environment(user, tty, term, peer), fds, pgid: 0, cwd: home ? user.home : '/' });
    q.sid = q.pid;
    q.tty = tty === null ? -1 : tty.index;
    q.ignored = new Set();
    if (tty !== null) {
      tty.foreground = q.pgid;
      tty.shellPid = q.pid;
    }
    child.pid = q.pid;
    if (!home) tty?.show(`Could not chdir to home directory ${user.home}: No such file or directory\n`);
    return child;
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    sshLog(p.host, p.pid, `error: ${shell}: ${strerror(e.errno)}`);
    tty?.show(`${shell}: ${strerror(e.errno)}\n`);
    for (const fd of [child.input, ...child.outputs.map((o) => o.fd)]) if (fd >= 0) closeFd(p, fd);
    return null;
  }
}

/** What the pseudo-terminal shows goes to the client. */
function flush(p: Process, t: Transport, tty: Tty): void {
  const shown = tty.take();
  if (shown === '') return;
  t.send(M.DATA, shown);
  p.host.wake(tty.roomQueue);
}

/** Carries bytes both ways until the command has ended and its output is closed; its exit status. */
function* carry(p: Process, t: Transport, child: Child): Op<number> {
  const { tty } = child;
  let pending: Bytes = '';
  let ended = false;
  let status: number | null = null;
  for (;;) {
    const m = pending.length < PIPE_SIZE ? t.next() : null;
    if (m !== null) {
      if (m.type === M.DATA) {
        if (tty !== null) ttyTyped(p.host, tty, m.fields[0]!);
        else if (child.input >= 0) pending += m.fields[0]!;
      } else if (m.type === M.EOF) {
        ended = true;
        if (tty !== null) ttyTyped(p.host, tty, '\x04');
      } else if (m.type === M.WINDOW && tty !== null) [tty.cols, tty.rows] = [Number(m.fields[0]), Number(m.fields[1])];
      else if (m.type === M.KEEPALIVE) t.send(M.KEEPALIVE_REPLY);
      continue;
    }
    if (child.input >= 0) {
      pending = feed(p, child, pending);
      if (child.input >= 0 && pending === '' && ended) {
        closeFd(p, child.input);
        child.input = -1;
      }
    }
    if (t.roomy && tty !== null) flush(p, t, tty);
    if (t.roomy) {
      const ready = child.outputs.find((o) => readable(p, p.fds.get(o.fd)!));
      if (ready !== undefined) {
        const data = yield* read(p, ready.fd, 32768);
        if (data !== '') t.send(ready.type, data);
        else {
          closeFd(p, ready.fd);
          child.outputs = child.outputs.filter((o) => o !== ready);
        }
        continue;
      }
    }
    if (status === null) {
      const w = yield* waitpid(p, [child.pid], { nohang: true });
      if (w !== null) {
        // A shell killed by a signal has no status to tell; ssh then says 255.
        status = w.signal === 0 ? w.status : -1;
        continue;
      }
    }
    if (status !== null && child.outputs.length === 0) {
      if (child.input >= 0) closeFd(p, child.input);
      return status;
    }
    const input = child.input < 0 ? null : p.fds.get(child.input)!;
    yield* waitOn(p, [
      t.queue, p.childQueue, ...(tty?.master ? [tty.master.queue] : []), ...(t.roomy ? child.outputs.flatMap((o) => queueOf(p, p.fds.get(o.fd)!)) : []),
      ...(input?.kind === 'pipe' && pending !== '' ? [input.pipe.writeQueue] : []),
    ]);
  }
}

/** Puts as much as fits into the command's standard input; what is left. */
function feed(p: Process, child: Child, pending: Bytes): Bytes {
  const f = p.fds.get(child.input)!;
  if (f.kind !== 'pipe' || pending === '') return pending;
  if (f.pipe.readers === 0) {
    closeFd(p, child.input);
    child.input = -1;
    return '';
  }
  const room = PIPE_SIZE - f.pipe.data.length;
  if (room <= 0) return pending;
  f.pipe.data += pending.slice(0, room);
  p.host.wake(f.pipe.readQueue);
  return pending.slice(room);
}
