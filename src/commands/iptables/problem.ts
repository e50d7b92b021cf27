// How iptables fails: messages and exit statuses. Counterpart: libxtables' xtables_error and xtables_exit_error of iptables 1.8.9 (nf_tables).
import type { Op, Process } from '../../host/process';
import { err } from '../../host/syscall';
import type { Bytes } from '../../lib/text';

export const VERSION = 'v1.8.9 (nf_tables)';

/** A failure with its whole text (after the program's name and version when `stamped`) and exit status: 1 other, 2 usage, 3 version, 4 resource. */
export class XtProblem extends Error {
  constructor(
    readonly text: Bytes,
    readonly status: number,
    readonly stamped = true,
  ) {
    super(text);
  }
}

/** A usage problem: "Try ... -h" follows. */
export const problem = (text: Bytes): XtProblem => new XtProblem(text, 2);
/** Something that exists on Linux and not here. */
export class NotModelled extends Error {
  constructor(readonly what: string) {
    super(what);
  }
}

/** What a problem prints. `line`: of iptables-restore's input, or 0. */
export function problemText(program: Bytes, e: XtProblem, line = 0): Bytes {
  const head = e.stamped ? `${program} ${VERSION}: ${e.text}\n` : e.text;
  const at = line > 0 && e.status === 2 ? `Error occurred at line: ${line}\n` : '';
  const tail = e.status === 2 ? `Try \`${program} -h' or '${program} --help' for more information.\n` : e.status === 3 ? 'Perhaps iptables or your kernel needs to be upgraded.\n' : '';
  return head + at + tail;
}

/** What a user without CAP_NET_ADMIN hears; the exit status. */
export function* mustBeRoot(p: Process, program: string): Op<number> {
  yield* err(p, `${program} ${VERSION}: Could not fetch rule set generation id: Permission denied (you must be root)\n`);
  return 4;
}
