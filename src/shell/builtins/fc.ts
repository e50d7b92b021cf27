// fc: lists, edits and runs again what is in the history. Linux counterpart: bash's builtins/fc.def.
import { readFile, writeFile } from '../../host/syscall';
import type { Op } from '../../host/process';
import type { Bytes } from '../../lib/text';
import type { Shell } from '../shell';
import { complain, print, raw } from '../say';
import { getOr } from '../vars';
import { type Builtin, options } from './builtin';
import { eval_ } from './flow';

/** Lines listed without a range. */
const LISTED = 16;

/** Position of an event: a number, a negative one counted from the end, or the last command that begins so. -1: none. The command itself does not count. */
function position(sh: Shell, text: Bytes): number {
  const end = sh.history.length - 1; // where the fc command is
  if (/^-\d+$/.test(text)) return Math.max(0, end + Number(text));
  if (/^\d+$/.test(text)) return Number(text) === 0 ? end - 1 : Math.max(0, Math.min(end, Number(text) - sh.historyFirst));
  for (let i = end - 1; i >= 0; i--) if (sh.history[i]!.startsWith(text)) return i;
  return -1;
}

/** Runs lines as if typed: each is shown, takes fc's own place in the history, and is executed. */
function* again(sh: Shell, lines: readonly Bytes[]): Op<number> {
  sh.history.pop();
  let status = 0;
  for (const line of lines) {
    yield* raw(sh, `${line}\n`);
    sh.history.push(line);
    status = yield* eval_(sh, ['eval', line], null);
  }
  return status;
}

export const fc: Builtin = function* (sh, argv) {
  // A negative number is an event, not an option.
  const cut = argv.findIndex((a, i) => i > 0 && (/^-\d+$/.test(a) || !a.startsWith('-') || a === '-') && argv[i - 1] !== '-e');
  const o = yield* options(sh, cut < 0 ? argv : argv.slice(0, cut), 'e:lnrs');
  if (o.bad !== null) return o.bad;
  const args = cut < 0 ? o.args : argv.slice(cut);
  const none = function* (): Op<number> {
    yield* complain(sh, 'fc: no command found');
    return 1;
  };
  if (o.opts.has('s') || o.opts.get('e') === '-') {
    const swaps = args.filter((a) => a.includes('=')).map((a) => [a.slice(0, a.indexOf('=')), a.slice(a.indexOf('=') + 1)] as const);
    const rest = args.filter((a) => !a.includes('='));
    const at = position(sh, rest[0] ?? '-1');
    const line = at < 0 ? undefined : sh.history[at];
    if (line === undefined || at >= sh.history.length - 1) return yield* none();
    return yield* again(sh, [swaps.reduce((text, [from, to]) => text.split(from).join(to), line)]);
  }
  const last = sh.history.length - 2;
  if (last < 0) return o.opts.has('l') ? 0 : yield* none();
  const listing = o.opts.has('l');
  let from = args[0] === undefined ? (listing ? Math.max(0, last - LISTED + 1) : last) : position(sh, args[0]);
  let to = args[1] === undefined ? (listing || args[0] === undefined ? last : from) : position(sh, args[1]);
  if (from < 0 || to < 0) return yield* none();
  to = Math.min(to, last);
  const reverse = o.opts.has('r') !== from > to;
  [from, to] = [Math.min(from, to), Math.max(from, to)];
  const rows = sh.history.slice(from, to + 1).map((h, i) => ({ n: sh.historyFirst + from + i, h }));
  if (reverse) rows.reverse();
  if (listing) {
    yield* print(sh, 'fc', rows.map((r) => `${o.opts.has('n') ? '' : r.n}\t ${r.h}\n`).join(''));
    return 0;
  }
  const path = `/tmp/bash-fc.${sh.p.pid}`;
  writeFile(sh.p, path, rows.map((r) => `${r.h}\n`).join(''), false, 0o600);
  const editor = o.opts.get('e') ?? getOr(sh, 'FCEDIT', getOr(sh, 'EDITOR', 'vi'));
  const edited = yield* eval_(sh, ['eval', `${editor} ${path}`], null);
  const lines = readFile(sh.p, path).split('\n').filter((l) => l !== '');
  sh.p.host.vfs.unlink(sh.p, path);
  return edited !== 0 ? edited : yield* again(sh, lines);
};
