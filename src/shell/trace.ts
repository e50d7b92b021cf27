// `set -x`: what the shell prints before it runs something. Linux counterpart: bash's print_cmd.c (xtrace_*).
import { SysError } from '../lib/errno';
import type { Op } from '../host/process';
import { write } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { promptString } from './prompt';
import { traceQuote } from './quote';
import type { Shell } from './shell';
import { getVar } from './vars';

/** Prints one traced line, with PS4 and its first character repeated by depth. */
export function* trace(sh: Shell, text: Bytes): Op<void> {
  const flags = new Set(sh.flags);
  sh.flags.delete('x');
  sh.flags.delete('u');
  const status = sh.status;
  const ps4 = yield* promptString(sh, getVar(sh, 'PS4') ?? '+ ');
  sh.status = status;
  sh.flags = flags;
  const fd = Number(getVar(sh, 'BASH_XTRACEFD') ?? 2) || 2;
  try {
    yield* write(sh.p, fd, `${ps4.slice(0, 1).repeat(sh.traceDepth)}${ps4.slice(1)}${text}\n`);
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
  }
}

/** A command's words as xtrace shows them. */
export const traceWords = (words: readonly Bytes[]): Bytes => words.map(traceQuote).join(' ');
