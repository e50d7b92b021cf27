// Variables the shell computes: RANDOM, SECONDS, FUNCNAME and others. Linux counterpart: init_dynamic_variables in bash's variables.c.
import type { Shell } from './shell';
import type { Bytes } from '../lib/text';
import { nowUs, wallSeconds } from '../host/syscall';
export const DYNAMIC = new Set(['RANDOM', 'SRANDOM', 'SECONDS', 'LINENO', 'EPOCHSECONDS', 'EPOCHREALTIME', 'BASHPID', 'FUNCNAME', 'BASH_SOURCE', 'BASH_LINENO', 'PIPESTATUS', 'UID', 'EUID', 'PPID', 'GROUPS', 'DIRSTACK', 'BASH_SUBSHELL', 'HISTCMD', 'SHELLOPTS', 'BASHOPTS', 'BASH_ARGV0', 'BASH_COMMAND']);

/** Elements of an array the shell computes; null when `name` is none. */
export function dynamicArray(sh: Shell, name: string): Bytes[] | null {
  switch (name) {
    case 'FUNCNAME': {
      const fns = sh.frames.filter((f) => f.kind !== 'eval').reverse().map((f) => (f.kind === 'fn' ? f.name : 'source'));
      return sh.frames.some((f) => f.kind === 'fn') ? [...fns, ...(sh.mode === 'c' ? [] : ['main'])] : [];
    }
    case 'BASH_SOURCE': {
      const files = sh.frames.filter((f) => f.kind !== 'eval').reverse().map((f) => f.file);
      return sh.mode === 'script' ? [...files, sh.name] : files;
    }
    case 'BASH_LINENO': {
      const lines = sh.frames.filter((f) => f.kind !== 'eval').reverse().map((f) => String(f.line));
      return sh.mode === 'script' ? [...lines, '0'] : lines;
    }
    case 'PIPESTATUS':
      return sh.pipeStatus.map(String);
    case 'GROUPS':
      return [String(sh.p.gid)];
    case 'DIRSTACK':
      return [sh.p.cwd, ...sh.dirStack];
    default:
      return null;
  }
}

/** A computed scalar; null when `name` is none. */
export function dynamicScalar(sh: Shell, name: string): Bytes | null {
  const arr = dynamicArray(sh, name);
  if (arr !== null) return arr[0] ?? null;
  switch (name) {
    case 'RANDOM':
      return String(random(sh));
    case 'SRANDOM':
      return String(sh.p.host.world.rng.next(`bash/SRANDOM/${sh.p.host.name}`));
    case 'SECONDS':
      return String(Math.floor((nowUs(sh.p) - sh.secondsFrom) / 1e6));
    case 'LINENO':
      return String(sh.line);
    case 'EPOCHSECONDS':
      return String(Math.floor(wallSeconds(sh.p)));
    case 'EPOCHREALTIME':
      return wallSeconds(sh.p).toFixed(6);
    case 'BASHPID':
      return String(sh.p.pid);
    case 'UID':
    case 'EUID':
      return String(sh.p.uid);
    case 'PPID':
      return String(sh.p.host.procs.get(sh.pid)?.ppid ?? sh.p.ppid);
    case 'BASH_SUBSHELL':
      return String(sh.level);
    case 'HISTCMD':
      return String(sh.historyFirst + sh.history.length);
    case 'BASHOPTS':
      return [...sh.shopts].sort().join(':');
    case 'BASH_ARGV0':
      return sh.name;
    case 'BASH_COMMAND':
      return sh.command;
    case 'SHELLOPTS':
      return setNames(sh).join(':');
    default:
      return null;
  }
}

/** Names of the `set -o` options in force, sorted. */
export function setNames(sh: Shell): string[] {
  const on = Object.entries(SET_LETTERS).filter(([, l]) => sh.flags.has(l)).map(([n]) => n);
  if (sh.pipefail) on.push('pipefail');
  on.push(...sh.setOpts);
  return on.sort();
}

/** `set -o` names that have a letter. */
export const SET_LETTERS: Readonly<Record<string, string>> = {
  allexport: 'a', braceexpand: 'B', errexit: 'e', errtrace: 'E', functrace: 'T', hashall: 'h', histexpand: 'H', keyword: 'k', monitor: 'm',
  noclobber: 'C', noexec: 'n', noglob: 'f', nounset: 'u', onecmd: 't', physical: 'P', privileged: 'p', verbose: 'v', xtrace: 'x', notify: 'b',
};

function random(sh: Shell): number {
  if (sh.randomSeed === null) return sh.p.host.world.rng.next(`bash/RANDOM/${sh.p.host.name}`) & 32767;
  // Park and Miller's minimal standard generator, folded to 15 bits as bash >= 5.1 does.
  let s = sh.randomSeed === 0 ? 123459876 : sh.randomSeed;
  const h = Math.trunc(s / 127773);
  s = 16807 * (s - 127773 * h) - 2836 * h;
  if (s < 0) s += 2147483647;
  sh.randomSeed = s;
  return ((s >>> 16) ^ (s & 65535)) & 32767;
}
