// Asking for a password: on the terminal with echo off, or a line of standard input where there is none. Counterpart: PAM's misc_conv.
import type { Op, Process } from '../../host/process';
import { err, read } from '../../host/syscall';
import type { Bytes } from '../../lib/text';

/** One line without its end; null at the end of input. `question` goes to standard error. */
export function* askSecret(p: Process, question: Bytes): Op<Bytes | null> {
  yield* err(p, question);
  const f = p.fds.get(0);
  const tty = f?.kind === 'tty' ? p.host.ttys[f.tty]! : null;
  const echo = tty?.echo ?? true;
  if (tty !== null) tty.echo = false;
  let line = '';
  let got = false;
  try {
    for (;;) {
      const piece: Bytes = yield* read(p, 0, 1);
      if (piece === '') break;
      got = true;
      if (piece === '\n') break;
      line += piece;
    }
  } finally {
    if (tty !== null) tty.echo = echo;
  }
  yield* err(p, '\n');
  return got ? line : null;
}
