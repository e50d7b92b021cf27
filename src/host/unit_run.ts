// Running the Exec lines of a unit: words, environment, the process and what it writes. Linux counterpart: src/core/execute.c.
import { SysError, strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Host } from './host';
import { log } from './journal';
import type { OpenFile } from './open_file';
import type { Op, Process } from './process';
import { spawn, waitpid } from './syscall';
import { builtinExec } from './unit_exec';
import { type UnitFile, unitValues } from './unit_file';
import { baseOf, flushOutput, type RanCommand, type UnitState } from './unit_state';

/** Words of an Exec line: quotes, escapes, $NAME (split) and ${NAME} (one word). */
export function execWords(line: Bytes, env: ReadonlyMap<string, Bytes>): Bytes[] {
  const words: Bytes[] = [];
  const re = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\S+)/g;
  for (let m = re.exec(line); m !== null; m = re.exec(line)) {
    const bare = m[3];
    const raw = (bare ?? m[1] ?? m[2] ?? '').replace(/\\([\\"' ])/g, '$1');
    if (bare !== undefined && /^\$\w+$/.test(bare)) {
      words.push(...(env.get(bare.slice(1)) ?? '').split(/\s+/).filter((w) => w !== ''));
      continue;
    }
    words.push(raw.replace(/\$\{(\w+)\}|\$(\w+)/g, (_, a: string | undefined, b: string | undefined) => env.get((a ?? b)!) ?? ''));
  }
  return words;
}

/** Environment of a unit's processes. */
export function environment(host: Host, u: UnitFile, mainPid: number): Map<string, Bytes> {
  const env = new Map<string, Bytes>([['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin'], ['LANG', 'C']]);
  const assign = (text: Bytes): void => {
    const m = /^(\w+)=(.*)$/.exec(text);
    if (m !== null) env.set(m[1]!, m[2]!.replace(/^"(.*)"$|^'(.*)'$/, '$1$2'));
  };
  for (const v of unitValues(u, 'Service.Environment')) for (const w of v.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []) assign(w.replace(/["']/g, ''));
  for (const file of unitValues(u, 'Service.EnvironmentFile')) for (const line of (host.vfs.read(file.replace(/^-/, '')) ?? '').split('\n')) if (!line.startsWith('#')) assign(line.trim());
  if (mainPid > 0) env.set('MAINPID', String(mainPid));
  return env;
}

/** Runs one Exec line to its end. */
export function* runExec(p: Process, u: UnitFile, s: UnitState, key: RanCommand['key'], given: Bytes): Op<RanCommand> {
  const line = given.replace(/^[-@+!:]+/, '');
  const ran: RanCommand = { key, line, pid: 0, status: 0, signal: 0 };
  s.ran.push(ran);
  const words = execWords(line, environment(p.host, u, s.mainPid));
  const built = builtinExec(p.host, u, words);
  if (built !== null) {
    ran.pid = p.pid;
    ran.status = built.status;
    if (built.text !== '') log(p.host, u.name, baseOf(line), p.pid, built.text);
    return ran;
  }
  const child = tryspawn(p, u, s, words);
  if (typeof child === 'number') {
    ran.status = child;
    return ran;
  }
  ran.pid = child.pid;
  try {
    const w = yield* waitpid(p, [child.pid]);
    ran.status = w!.signal === 0 ? w!.status : 0;
    ran.signal = w!.signal;
  } finally {
    flushOutput(p.host, s);
  }
  return ran;
}

/** Starts a unit's process; its output goes to the journal. A number is systemd's exit status for a failed exec (203). */
export function tryspawn(p: Process, u: UnitFile, s: UnitState, words: Bytes[]): Process | number {
  const nul: OpenFile = { kind: 'null', refs: 0, readable: true, writable: true };
  try {
    const child = spawn(p, {
      path: words[0] ?? '', argv: words, env: environment(p.host, u, s.mainPid), fds: new Map<number, OpenFile>([[0, nul], [1, s.output], [2, s.output]]), pgid: 0, cwd: '/',
    });
    child.tty = -1;
    child.ignored = new Set();
    child.sid = child.pid;
    return child;
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    log(p.host, u.name, 'systemd', 1, `Failed at step EXEC spawning ${words[0]}: ${strerror(e.errno)}`);
    return 203;
  }
}
