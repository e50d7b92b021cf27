// Pipelines, background jobs, coprocesses and `time`. Linux counterpart: execute_pipeline, execute_in_subshell, time_command in bash's execute_cmd.c.
import { late } from './late';
import type { OpenFile } from '../host/open_file';
import type { Op, Process } from '../host/process';
import { closeFd, installFd, makePipe, nowUs, setFd } from '../host/syscall';
import type { Item, Node } from './ast';
import { jobLine, newJob } from './jobs';
import { foreground } from './wait';
import { childFds, forkShell, raw, roomToFork } from './say';
import { Discard, type Shell } from './shell';
import { getVar, setArray } from './vars';

type Pipe = Extract<Node, { t: 'pipe' }>;

/** Runs a pipeline in the foreground. */
export function* runPipeline(sh: Shell, n: Pipe, tail: boolean): Op<number> {
  const begun = nowUs(sh.p);
  let status: number;
  if (n.cmds.length === 0) status = 0;
  else if (n.cmds.length === 1) {
    if (n.negate) sh.noErrexit++;
    status = yield* late.exec(sh, n.cmds[0]!, tail && n.time === '' && !n.negate);
    if (n.negate) sh.noErrexit--;
    sh.pipeStatus = [status];
  } else status = yield* several(sh, n);
  if (n.negate) status = status === 0 ? 1 : 0;
  sh.status = status;
  if (n.time !== '') yield* raw(sh, timeText(sh, nowUs(sh.p) - begun, n.time === 'posix'));
  return status;
}

/** real, user and sys of `time`. CPU time is not modelled: all of it counts as waiting. */
function timeText(sh: Shell, us: number, posix: boolean): string {
  const ms = Math.floor(us / 1000);
  if (posix) return `real ${(Math.floor(ms / 10) / 100).toFixed(2)}\nuser 0.00\nsys 0.00\n`;
  const format = getVar(sh, 'TIMEFORMAT');
  const clock = (m: number): string => `${Math.floor(m / 60000)}m${((m % 60000) / 1000).toFixed(3)}s`;
  if (format === null) return `\nreal\t${clock(ms)}\nuser\t${clock(0)}\nsys\t${clock(0)}\n`;
  if (format === '') return '';
  const text = format.replace(/%(%|(\d?)(l?)([RUS])|P)/g, (all, what: string, digits: string, long: string, kind: string) => {
    if (what === '%') return '%';
    if (what === 'P') return '0.00';
    const m = kind === 'R' ? ms : 0;
    const d = digits === '' || digits === undefined ? 3 : Math.min(3, Number(digits));
    return long === 'l' ? `${Math.floor(m / 60000)}m${((m % 60000) / 1000).toFixed(d)}s` : (m / 1000).toFixed(d) + (all === '' ? '' : '');
  });
  return `${text}\n`;
}

function* several(sh: Shell, n: Pipe): Op<number> {
  const last = n.cmds.length - 1;
  const here = sh.shopts.has('lastpipe') && !sh.flags.has('m');
  const { pids, pgid, input } = yield* start(sh, n, here ? last : n.cmds.length, false);
  let statuses: number[];
  if (here) {
    const kept = sh.p.fds.get(0) ?? null;
    if (kept !== null) kept.refs++;
    setFd(sh.p, 0, input!);
    let status: number;
    try {
      status = yield* late.exec(sh, n.cmds[last]!);
    } finally {
      closeFd(sh.p, 0);
      if (kept !== null) {
        setFd(sh.p, 0, kept);
        kept.refs--;
      }
    }
    statuses = [...(yield* foreground(sh, pgid, pids)), status];
  } else statuses = yield* foregroundJob(sh, pgid, pids, n.texts.join(' | '));
  sh.pipeStatus = statuses;
  if (sh.pipefail) return statuses.findLast((s) => s !== 0) ?? 0;
  return statuses.at(-1)!;
}

/** Waits for a foreground pipeline; one that stops becomes a job. */
export function* foregroundJob(sh: Shell, pgid: number, pids: number[], text: string): Op<number[]> {
  const statuses = yield* foreground(sh, pgid, pids);
  if (!statuses.includes(-1)) return statuses;
  const job = sh.jobs.find((j) => j.pgid === pgid) ?? newJob(sh, pgid, pids, text);
  job.state = 'stopped';
  job.notified = true;
  job.signal = 20;
  yield* raw(sh, `\n${jobLine(sh, job, false)}\n`);
  return statuses.map((s) => (s < 0 ? 148 : s));
}

/** Forks the first `count` commands of a pipeline; `input`: what the one after them reads. */
function* start(sh: Shell, n: Pipe, count: number, background: boolean): Op<{ pids: number[]; pgid: number; input: OpenFile | null }> {
  const pids: number[] = [];
  const monitor = sh.flags.has('m');
  let pgid = monitor ? 0 : sh.p.pgid;
  let input: OpenFile | null = null;
  for (let i = 0; i < count; i++) {
    if (!(yield* roomToFork(sh))) throw new Discard(254);
    const changes: [number, OpenFile | null][] = [];
    if (input !== null) changes.push([0, input]);
    let next: OpenFile | null = null;
    if (i < n.cmds.length - 1) {
      const [r, w] = makePipe(sh.p);
      next = r;
      changes.push([1, w]);
      if (n.both[i]) changes.push([2, w]);
    }
    const node = n.cmds[i]!;
    const child: Process = forkShell(sh, { fds: childFds(sh.p, changes), background, ...(monitor ? { pgid } : {}) }, (c) => late.exec(c, node, true));
    if (monitor && pgid === 0) {
      pgid = child.pgid;
      if (!background && sh.p.tty >= 0) sh.p.host.ttys[sh.p.tty]!.foreground = pgid;
    }
    pids.push(child.pid);
    input = next;
  }
  return { pids, pgid, input };
}

/** Starts a command with `&`. */
export function* runBackground(sh: Shell, item: Item): Op<number> {
  const monitor = sh.flags.has('m');
  let pids: number[];
  let pgid: number;
  const { node } = item;
  if (node.t === 'pipe' && node.cmds.length > 1 && !node.negate && node.time === '') ({ pids, pgid } = yield* start(sh, node, node.cmds.length, true));
  else {
    if (!(yield* roomToFork(sh))) throw new Discard(254);
    // Without job control a background command reads nothing.
    const changes: [number, OpenFile | null][] = monitor ? [] : [[0, { kind: 'null', refs: 0, readable: true, writable: true }]];
    const child = forkShell(sh, { background: true, fds: childFds(sh.p, changes), ...(monitor ? { pgid: 0 } : {}) }, (c) => late.exec(c, node, true));
    pids = [child.pid];
    pgid = child.pgid;
  }
  const job = newJob(sh, pgid, pids, item.text);
  sh.bgPid = pids.at(-1)!;
  if (sh.interactive && sh.subshell === 0) yield* raw(sh, `[${job.id}] ${sh.bgPid}\n`);
  sh.status = 0;
  return 0;
}

/** coproc: a background command with both ends of pipes in an array. */
export function* runCoproc(sh: Shell, name: string, node: Node, text: string): Op<number> {
  if (!(yield* roomToFork(sh))) throw new Discard(254);
  const [inRead, inWrite] = makePipe(sh.p);
  const [outRead, outWrite] = makePipe(sh.p);
  const child = forkShell(sh, { background: true, fds: childFds(sh.p, [[0, inRead], [1, outWrite]]), ...(sh.flags.has('m') ? { pgid: 0 } : {}) }, (c) => late.exec(c, node, true));
  const r = installFd(sh.p, outRead, 60);
  const w = installFd(sh.p, inWrite, 60);
  setArray(sh, name, [String(r), String(w)]);
  setArray(sh, `${name}_PID`, [String(child.pid)]);
  const job = newJob(sh, child.pgid, [child.pid], `coproc ${name} ${text}`);
  sh.bgPid = child.pid;
  if (sh.interactive && sh.subshell === 0) yield* raw(sh, `[${job.id}] ${child.pid}\n`);
  return 0;
}
