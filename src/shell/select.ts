// The select loop: a numbered menu. Linux counterpart: execute_select_command in bash's execute_cmd.c.
import type { Op } from '../host/process';
import type { Bytes } from '../lib/text';
import type { List, Node } from './ast';
import { readLine } from './read_line';
import { print, raw } from './say';
import type { Shell } from './shell';
import { getOr, setVar } from './vars';

/** Runs the loop until end of file, break or return. */
export function* runSelect(sh: Shell, n: { name: string; body: List }, words: readonly Bytes[], exec: (sh: Shell, n: Node) => Op<number>): Op<number> {
  if (words.length === 0) return 0;
  let status = 0;
  let show = true;
  for (;;) {
    if (show) yield* raw(sh, menu(words, Number(getOr(sh, 'COLUMNS', '80')) || 80));
    show = false;
    yield* raw(sh, getOr(sh, 'PS3', '#? '));
    const line = yield* readLine(sh, 0);
    if (line.text === '' && line.eof) {
      yield* print(sh, 'select', '\n');
      return 1;
    }
    setVar(sh, 'REPLY', line.text);
    if (line.text.trim() === '') {
      show = true;
      continue;
    }
    const k = Number(line.text.trim());
    setVar(sh, n.name, Number.isInteger(k) ? (words[k - 1] ?? '') : '');
    status = yield* exec(sh, n.body);
    if (sh.breaking > 0) {
      sh.breaking--;
      return status;
    }
    if (sh.continuing > 0 && --sh.continuing > 0) return status;
    if (sh.returning) return status;
  }
}

/** The numbered list, in columns when it is long. */
function menu(words: readonly Bytes[], width: number): Bytes {
  const digits = String(words.length).length;
  const longest = Math.max(...words.map((w) => w.length)) + digits + 2;
  const cell = longest + 2 - (longest % 2);
  const columns = Math.max(1, Math.min(words.length, Math.floor(width / cell)));
  const rows = columns <= 1 || words.length < 10 ? words.length : Math.ceil(words.length / columns);
  let out = '';
  for (let r = 0; r < rows; r++) {
    let line = '';
    for (let i = r; i < words.length; i += rows) {
      const item = `${String(i + 1).padStart(digits)}) ${words[i]}`;
      line += i + rows < words.length ? item.padEnd(cell) : item;
    }
    out += `${line}\n`;
  }
  return out;
}
