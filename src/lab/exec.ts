// Runs one command line on a host as the recordings did: `bash -c LINE` as root in /root. Events run until it has ended.
import { type Steps, toEnd } from '../lib/steps';
import { utf8Encode, type Bytes } from '../lib/text';
import type { Host } from '../host/host';
import type { BufferFile, OpenFile } from '../host/open_file';
import { type Process, SIG } from '../host/process';
import { killGroup, resolveProgram } from '../host/syscall';
import type { World } from '../kernel/world';

export interface ExecOptions {
  /** After this much virtual time INT is sent, then TERM and KILL a second later each. Default 10 s. */
  timeoutUs?: number;
  /** Gives it a terminal of 80x24; stdout then holds both streams. */
  tty?: boolean;
  stdin?: Bytes;
  /** More events than this and it counts as stuck. Default 5 million. */
  maxEvents?: number;
}

/** What a command line printed and how it ended. Texts are byte strings. */
export interface ExecResult {
  stdout: Bytes;
  stderr: Bytes;
  status: number;
  timedOut: boolean;
  durationUs: number;
  /** It used up its events without ending. */
  stuck: boolean;
}

const ENV: readonly (readonly [string, string])[] = [
  ['HOME', '/root'], ['LANG', 'C'], ['TERM', 'dumb'], ['COLUMNS', '80'], ['USER', 'root'], ['LOGNAME', 'root'], ['SHELL', '/bin/bash'],
  ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
];
const SECOND = 1_000_000;

/** A command line that was run beside the terminals (a check's, a demonstration's). */
export interface Ran {
  host: string;
  line: string;
  /** When it began, us. */
  at: number;
  /** What it has printed so far, both streams in the order they were written. */
  printed(): Bytes;
  ended(): boolean;
}

function buffer(input: Bytes, readable: boolean, both?: Bytes[]): BufferFile {
  return { kind: 'buffer', refs: 0, readable, writable: !readable, parts: [], input, ...(both === undefined ? {} : { both }) };
}

function start(host: Host, line: string, files: OpenFile[], tty: number): Process {
  const p = host.fork(null);
  p.env = new Map(ENV);
  p.cwd = '/root';
  p.tty = tty;
  files.forEach((f, fd) => {
    f.refs++;
    p.fds.set(fd, f);
  });
  const exe = resolveProgram(p, '/bin/bash', ['bash', '-c', utf8Encode(line)]);
  p.comm = exe.comm;
  p.argv = exe.argv;
  host.start(p, exe.main(p));
  return p;
}

/** A command line under way: time passes elsewhere. */
export interface Started {
  ended(): boolean;
  /** What it has printed so far, and its status (0 while it runs). */
  result(): { stdout: Bytes; stderr: Bytes; status: number };
}

/** Starts `line` (Unicode) on a host and lets no time pass. */
export function startLine(host: Host, line: string, note: (r: Ran) => void = () => {}): Started {
  const both: Bytes[] = [];
  const out = buffer('', false, both);
  const errors = buffer('', false, both);
  const at = host.kernel.world.clock.now;
  const p = start(host, line, [{ kind: 'null', refs: 0, readable: true, writable: false }, out, errors], -1);
  note({ host: host.name, line, at, printed: () => both.join(''), ended: () => p.state === 'Z' });
  return { ended: () => p.state === 'Z', result: () => ({ stdout: out.parts.join(''), stderr: errors.parts.join(''), status: p.status }) };
}

/** Runs `line` (Unicode) on a host; world time moves until it has ended. */
export const execLine = (w: World, host: Host, line: string, opts: ExecOptions = {}, note?: (r: Ran) => void): ExecResult => toEnd(executingLine(w, host, line, opts, note));

/** Events between two breaths of work in steps. */
export const BREATH = 16;

/** The same in steps of a few events. */
export function* executingLine(w: World, host: Host, line: string, opts: ExecOptions = {}, note: (r: Ran) => void = () => {}): Steps<ExecResult> {
  const began = w.clock.now;
  const both: Bytes[] = [];
  const out = buffer('', false, both);
  const errors = buffer('', false, both);
  let tty = -1;
  let files: OpenFile[];
  if (opts.tty) {
    const t = host.newTty();
    tty = t.index;
    if (opts.stdin) t.input = opts.stdin;
    const f: OpenFile = { kind: 'tty', tty, refs: 0, readable: true, writable: true };
    files = [f, f, f];
  } else {
    const stdin: OpenFile = opts.stdin === undefined ? { kind: 'null', refs: 0, readable: true, writable: false } : buffer(opts.stdin, true);
    files = [stdin, out, errors];
  }
  const p = start(host, line, files, tty);
  if (tty >= 0) host.ttys[tty]!.foreground = p.pgid;
  note({ host: host.name, line, at: began, printed: () => (tty < 0 ? both.join('') : host.ttys[tty]!.since(0)), ended: () => p.state === 'Z' });
  let limit = began + (opts.timeoutUs ?? 10 * SECOND);
  let kills = 0;
  let events = opts.maxEvents ?? 5_000_000;
  while (p.state !== 'Z' && events > 0) {
    if (w.clock.next() > limit) {
      if (kills === 3) break; // not even KILL ended it
      w.advance(limit);
      killGroup(host, p.pgid, [SIG.INT, SIG.TERM, SIG.KILL][kills]!);
      kills++;
      limit += SECOND;
      continue;
    }
    events--;
    w.step();
    if (events % BREATH === 0) yield;
  }
  const stuck = events === 0 && p.state !== 'Z';
  if (stuck) killGroup(host, p.pgid, SIG.KILL);
  const shown = tty < 0 ? '' : host.ttys[tty]!.since(0).replace(/\r\n/g, '\n');
  return { stdout: tty < 0 ? out.parts.join('') : shown, stderr: errors.parts.join(''), status: p.status, timedOut: kills > 0, durationUs: w.clock.now - began, stuck };
}
