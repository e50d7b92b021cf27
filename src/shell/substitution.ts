// $(command) and <(command). Linux counterpart: command_substitute and process_substitute in bash's subst.c.
import { late } from './late';
import { closeFd, installFd, makePipe, read } from '../host/syscall';
import { reach } from '../host/nfs/reach';
import type { Op } from '../host/process';
import type { Bytes } from '../lib/text';
import { readWholeFile } from './files';
import { parseShell } from './parse';
import { fits } from '../lib/exhausted';
import { again, childFds, complain, forkShell, roomToFork } from './say';
import { Discard, type Shell } from './shell';
import { waitForeground } from './wait';

/** Output of a command, without its trailing newlines. */
export function* commandSubstitution(sh: Shell, src: Bytes, line: number): Op<Bytes> {
  const parsed = parseShell(src, line, sh.shopts.has('extglob'));
  const only = /^\s*</.test(src) && parsed.units.length === 1 ? parsed.units[0]!.list.items : [];
  const node = only.length === 1 ? only[0]!.node : null;
  if (node !== null && node.t === 'simple' && node.words.length === 0 && node.redirs.length === 1 && node.redirs[0]!.op === '<' && node.redirs[0]!.fd === null) {
    const path = yield* late.string(sh, node.redirs[0]!.target!.parts);
    yield* reach(sh.p, path, { read: true, list: false, deep: false });
    const text = readWholeFile(sh, path);
    if (text === null) {
      yield* complain(sh, `${path}: No such file or directory`);
      sh.status = 1;
      sh.lastSubst = 1;
      return '';
    }
    sh.status = 0;
    sh.lastSubst = 0;
    return text.replace(/\n+$/, '');
  }
  const bad = parsed.error;
  if (bad !== null && bad.goodUntil === 0) {
    for (const t of bad.texts) yield* complain(sh, `command substitution: ${t}`);
    throw new Discard(bad.status);
  }
  if (!(yield* roomToFork(sh))) throw new Discard(254);
  const [r, w] = makePipe(sh.p);
  const child = forkShell(sh, { fds: childFds(sh.p, [[1, w]]) }, function* (c) {
    c.traceDepth++;
    c.level++;
    if (!sh.shopts.has('inherit_errexit')) c.flags.delete('e');
    return yield* late.substitute(c, src, line, true);
  });
  const fd = installFd(sh.p, r, 60);
  const parts: Bytes[] = [];
  let size = 0;
  try {
    for (;;) {
      const piece = yield* again(sh, () => read(sh.p, fd));
      if (piece === '') break;
      size += piece.length;
      fits(size);
      parts.push(piece);
    }
  } finally {
    if (sh.p.fds.has(fd)) closeFd(sh.p, fd);
  }
  const [status] = yield* waitForeground(sh, [child.pid]);
  sh.status = status!;
  sh.lastSubst = status!;
  let text = parts.join('');
  if (text.includes('\0')) {
    yield* complain(sh, 'warning: command substitution: ignored null byte in input');
    text = text.replaceAll('\0', '');
  }
  let end = text.length;
  while (end > 0 && text[end - 1] === '\n') end--;
  return text.slice(0, end);
}

/** Starts a command on a pipe; gives the name of the shell's end, /dev/fd/N. */
export function* processSubstitution(sh: Shell, op: '<' | '>', src: Bytes, line: number): Op<Bytes> {
  if (!(yield* roomToFork(sh))) throw new Discard(254);
  const [r, w] = makePipe(sh.p);
  const fds = childFds(sh.p, [op === '<' ? [1, w] : [0, r]]);
  for (const fd of sh.procFds) fds.delete(fd);
  const child = forkShell(sh, { fds }, function* (c) {
    c.procFds = [];
    return yield* late.substitute(c, src, line, true);
  });
  sh.bgPid = child.pid;
  let fd = 63;
  while (sh.p.fds.has(fd)) fd--;
  installFd(sh.p, op === '<' ? r : w, fd);
  sh.procFds.push(fd);
  return `/dev/fd/${fd}`;
}

/** Closes what process substitutions of a finished command left open. */
export function closeSubstitutions(sh: Shell, from: number): void {
  while (sh.procFds.length > from) {
    const fd = sh.procFds.pop()!;
    if (sh.p.fds.has(fd)) closeFd(sh.p, fd);
  }
}

