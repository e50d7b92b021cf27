// sleep: delays. Counterpart: coreutils sleep.c.
import { sleep as wait } from '../host/syscall';
import { define, Fatal, quote, usageError } from './io';
import { table } from './options';

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86400 };

/** Seconds of '1.5', '2m', 'inf'; null when it is none. Shared with timeout(1). */
export function parseInterval(text: string): number | null {
  if (/^inf(inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
  const m = /^\+?(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)([smhd]?)$/.exec(text);
  return m === null ? null : Number(m[1]) * UNITS[m[2]!]!;
}

export const sleep = define({
  name: 'sleep',
  summary: 'Pause for NUMBER seconds. SUFFIX may be s, m, h or d.',
  path: '/usr/bin/sleep',
  package: 'coreutils',
  options: table(),
  getopt: { badExit: 1 },
  *run(p, _opts, args) {
    if (args.length === 0) throw usageError('sleep', 'missing operand');
    let seconds = 0;
    let text = '';
    for (const a of args) {
      const s = parseInterval(a);
      if (s === null) text += `sleep: invalid time interval ${quote(a)}\n`;
      else seconds += s;
    }
    if (text !== '') throw new Fatal(`${text}Try 'sleep --help' for more information.\n`, 1);
    yield* wait(p, Math.round(seconds * 1e6));
    return 0;
  },
});
