// A shell at a terminal: prompt, keys, commands, and the prompt again. Linux counterpart: bash's eval.c and parse.y with readline, login(1).
// At its prompt a shell is plain data without a generator; a command line runs as a generator under the shell's pid.
import { type Editor, editorOf, key, showPrompt, update } from './editing';
import type { Host } from '../host/host';
import { Interrupted, Killed, type Op, type Process, type Run, SIG } from '../host/process';
import type { OpenFile } from '../host/open_file';
import type { Tty } from '../host/tty';
import { ttyTyped } from '../host/tty_read';
import { read } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { newShell } from './new_shell';
import { sourceText } from './builtins/flow';
import { readWholeFile } from './files';
import { notices } from './jobs';
import { firstKey } from './keys';
import { promptString } from './prompt';
import { freshLine, newEdit } from './readline';
import { runText } from './units';
import { toTheEnd } from './say';
import { Break, Discard, Exit, Shell, shellOf } from './shell';
import { getOr, getVar, newVar, setVar } from './vars';

const ignoredByShell = [SIG.TERM, SIG.TSTP, SIG.TTIN, SIG.TTOU, SIG.QUIT];

/** Logs root in on a terminal: a login shell that reads its start files and shows its prompt. */
export function openShell(host: Host, ttyIndex: number): Process {
  const tty = host.ttys[ttyIndex]!;
  const p = host.fork(null);
  const file: OpenFile = { kind: 'tty', tty: ttyIndex, refs: 3, readable: true, writable: true };
  for (const fd of [0, 1, 2]) p.fds.set(fd, file);
  p.tty = ttyIndex;
  p.comm = 'bash';
  p.argv = ['-bash'];
  p.cwd = '/root';
  p.env = new Map(Object.entries(host.image.env));
  p.env.set('TERM', 'xterm-256color');
  if (p.env.has('HOSTNAME')) p.env.set('HOSTNAME', host.kernel.hostname);
  const sh = newShell(p);
  sh.name = '-bash';
  sh.login = true;
  terminalShell(sh);
  tty.shellPid = p.pid;
  tty.getty = true;
  tty.foreground = p.pgid;
  host.start(p, session(sh, tty, begin(sh, host)), 0);
  return p;
}

function catchSignals(p: Process): void {
  p.caught.add(SIG.INT);
  for (const s of ignoredByShell) p.ignored.add(s);
}

/** Start files of a login shell. */
function* begin(sh: Shell, host: Host): Op<number> {
  setVar(sh, 'PS1', host.image.prompt);
  setVar(sh, 'PS2', '> ');
  sizes(sh, host.ttys[sh.p.tty]!);
  const home = getOr(sh, 'HOME', '/root');
  const files = sh.login ? ['/etc/profile', `${home}/.bash_profile`, `${home}/.bash_login`, `${home}/.profile`] : [`${home}/.bashrc`];
  for (const path of files) {
    const text = readWholeFile(sh, path);
    if (text === null) continue;
    yield* sourceText(sh, path, text, []);
    if (path !== '/etc/profile') break;
  }
  if (getVar(sh, 'HISTFILE') === null) setVar(sh, 'HISTFILE', `${getOr(sh, 'HOME', '/root')}/.bash_history`);
  if (getVar(sh, 'HISTSIZE') === null) setVar(sh, 'HISTSIZE', '500');
  sh.history = (readWholeFile(sh, getOr(sh, 'HISTFILE', '')) ?? '').split('\n').filter((l) => l !== '');
  sh.historySaved = sh.historyFirst + sh.history.length;
  return 0;
}

function sizes(sh: Shell, tty: Tty): void {
  const vars = sh.scopes[0]!.vars;
  vars.set('LINES', newVar(String(tty.rows)));
  vars.set('COLUMNS', newVar(String(tty.cols)));
}

/** Runs work of an interactive shell as its process's generator, then goes back to the prompt or ends the shell. */
function* session(sh: Shell, tty: Tty, work: Op<number>): Run {
  const { p } = sh;
  try {
    yield* guarded(sh, tty, work);
    yield* ready(sh, tty);
  } catch (e) {
    if (!(e instanceof Exit)) throw e;
    return yield* logout(sh, tty, e.status);
  }
  if (p.shell !== sh) return sh.status;
  p.run = null;
  p.state = 'S';
  tty.foreground = 0;
  pump(sh, tty);
  return 0;
}

function* logout(sh: Shell, tty: Tty, status: number): Op<number> {
  const { host } = sh.p;
  yield* toTheEnd(sh, ended(status));
  saveHistory(sh);
  if (tty.shellPid === sh.p.pid) {
    tty.shellPid = 0;
    openShell(host, tty.index);
  }
  return status;
}

/** Work that is already done. */
function* ended(status: number): Op<number> {
  yield* [];
  return status;
}

/** Adds what was entered to the history file, as a shell that ends does: what another terminal left there stays. */
export function saveHistory(sh: Shell): void {
  const file = getVar(sh, 'HISTFILE');
  const fresh = sh.history.slice(Math.max(0, sh.historySaved - sh.historyFirst));
  if (file === null || file === '' || fresh.length === 0) return;
  sh.historySaved = sh.historyFirst + sh.history.length;
  try {
    const f = sh.p.host.vfs.open(sh.p, file, { write: true, create: true, append: true }, 0o600);
    if (f.kind === 'inode') sh.p.host.vfs.writeOpen(sh.p, f, fresh.map((h) => `${h}\n`).join(''));
  } catch {
    // A history that cannot be written is lost, as in bash.
  }
}

/** Errors that give up a line leave the shell alive. */
function* guarded(sh: Shell, tty: Tty, work: Op<number>): Op<void> {
  const depth = sh.scopes.length;
  try {
    yield* work;
  } catch (e) {
    if (e instanceof Break) {
      sh.status = 128 + e.signal;
      tty.show('\n');
    } else if (e instanceof Interrupted) {
      sh.status = 128 + (sh.p.pending[0] ?? SIG.INT);
      sh.p.pending = [];
      tty.show('\n');
    } else if (e instanceof Discard) sh.status = e.status;
    else throw e;
    sh.scopes.length = Math.min(depth, 1);
  }
  sh.scopes.length = 1;
  sh.frames = [];
  sh.loops = 0;
  sh.breaking = 0;
  sh.continuing = 0;
  sh.returning = false;
  sh.noErrexit = 0;
  sh.depth = 0;
  sh.inTrap = false;
  sh.traceDepth = 1;
}

/** Shows the prompt for a new command. */
function* ready(sh: Shell, tty: Tty): Op<void> {
  tty.canonical = true;
  tty.echo = true;
  tty.isig = true;
  sizes(sh, tty);
  yield* notices(sh);
  const { status } = sh;
  const before = getVar(sh, 'PROMPT_COMMAND');
  if (before !== null && before !== '') yield* guarded(sh, tty, runText(sh, before, sh.line, false));
  sh.status = status;
  const ed = editorOf(sh);
  ed.prompt = yield* promptString(sh, getVar(sh, 'PS1') ?? '');
  ed.lines = '';
  ed.open = null;
  ed.entry = '';
  ed.edit = freshLine(ed.edit);
  showPrompt(ed, tty);
}

/** Typed bytes wait in `host.ttys[ttyIndex].input` and the shell sits at its prompt: edits, and runs what is entered. */
export function shellInput(host: Host, ttyIndex: number): void {
  const tty = host.ttys[ttyIndex]!;
  const p = host.procs.get(tty.shellPid);
  if (p === undefined || p.state === 'Z' || !(p.shell instanceof Shell)) {
    openShell(host, ttyIndex);
    return;
  }
  if (p.frozen || p.run !== null) return;
  pump(shellOf(p), tty);
}

/** A shell started from another one at a terminal (`bash`, `su`): reads keys as a program does. */
export function* nestedShell(sh: Shell, ttyIndex: number): Op<number> {
  const tty = sh.p.host.ttys[ttyIndex]!;
  terminalShell(sh);
  sh.p.tty = ttyIndex;
  try {
    return yield* atTerminal(sh, tty);
  } catch (e) {
    if (e instanceof Exit || (e instanceof Killed && e.signal === SIG.HUP)) saveHistory(sh);
    throw e;
  }
}

function* atTerminal(sh: Shell, tty: Tty): Op<number> {
  yield* guarded(sh, tty, begin(sh, sh.p.host));
  const ed = editorOf(sh);
  for (;;) {
    yield* ready(sh, tty);
    let work: Op<number> | null = null;
    while (work === null) {
      let k = firstKey(ed.keys);
      while (k === null) {
        tty.canonical = false;
        tty.echo = false;
        tty.isig = false;
        // What was typed while a command ran and is no whole line yet can be read now.
        tty.input += tty.line;
        tty.line = '';
        ed.keys += yield* read(sh.p, 0);
        k = firstKey(ed.keys);
      }
      ed.keys = k.rest;
      work = key(sh, tty, ed, k.key);
    }
    tty.canonical = true;
    tty.echo = true;
    tty.isig = true;
    giveBack(sh.p.host, tty, ed.keys);
    ed.keys = '';
    yield* guarded(sh, tty, work);
  }
}

/** What every shell at a terminal has switched on. */
function terminalShell(sh: Shell): void {
  sh.mode = 'terminal';
  for (const f of ['m', 'H']) sh.flags.add(f);
  for (const o of ['history', 'emacs', 'interactive-comments']) sh.setOpts.add(o);
  sh.shopts.add('expand_aliases');
  if (sh.login) sh.shopts.add('login_shell');
  sh.editor = { edit: newEdit(), prompt: '', shown: null, keys: '', lines: '', entry: '', open: null } satisfies Editor;
  catchSignals(sh.p);
}

/** Takes typed bytes key by key until a command starts or nothing is left. */
function pump(sh: Shell, tty: Tty): void {
  const ed = editorOf(sh);
  let bytes = ed.keys + tty.input + tty.line;
  tty.input = '';
  tty.line = '';
  ed.keys = '';
  while (bytes !== '' && sh.p.run === null) {
    const k = firstKey(bytes);
    if (k === null) {
      ed.keys = bytes;
      return;
    }
    // A run of plain characters is one edit: a pasted megabyte must not cost a redraw for each.
    const run = ed.edit.search === null && !ed.edit.literal ? /^[\x20-\x7e]{2,}/.exec(bytes) : null;
    if (run !== null) {
      ed.edit = { ...ed.edit, line: ed.edit.line.slice(0, ed.edit.point) + run[0] + ed.edit.line.slice(ed.edit.point), point: ed.edit.point + run[0].length, last: 'insert', undo: [...ed.edit.undo.slice(-99), { line: ed.edit.line, point: ed.edit.point }] };
      bytes = bytes.slice(run[0].length);
      update(ed, tty);
      continue;
    }
    bytes = k.rest;
    // ^D and ^C typed ahead as line discipline leave them work like keys.
    const work = key(sh, tty, ed, k.key);
    if (work !== null) start(sh, tty, work);
  }
  giveBack(sh.p.host, tty, bytes);
}

/** What was pasted behind the line waits for whoever reads next; keys that make signals act at once. */
function giveBack(host: Host, tty: Tty, bytes: Bytes): void {
  if (bytes === '') return;
  const rest = bytes.replace(/\r/g, '\n');
  const at = rest.search(/[\x03\x04\x1a\x1c]/);
  tty.input = rest.slice(0, at < 0 ? undefined : at) + tty.input;
  if (at >= 0) ttyTyped(host, tty, rest.slice(at));
}

function start(sh: Shell, tty: Tty, work: Op<number>): void {
  const { p } = sh;
  p.pending = [];
  tty.foreground = p.pgid;
  p.host.start(p, session(sh, tty, work), 0);
}
