// History expansion (!!, !n, !string) and what goes into the history. Linux counterpart: GNU history library, bash's bashhist.c.
import type { Bytes } from '../lib/text';
import type { Shell } from './shell';
import { getVar } from './vars';

/** A line with its history references replaced; `error` when one names nothing. */
export function expandHistory(sh: Shell, line: Bytes): { line: Bytes; changed: boolean; error: Bytes | null; printOnly: boolean } {
  let out = '';
  let changed = false;
  let printOnly = false;
  let quote = '';
  const { history } = sh;
  const quick = /^\^([^^]*)\^([^^]*)\^?(.*)$/s.exec(line);
  if (quick !== null) {
    const last = history.at(-1);
    if (last === undefined || !last.includes(quick[1]!)) return { line, changed: false, error: `:s${line}: substitution failed`, printOnly: false };
    return { line: last.replace(quick[1]!, () => quick[2]!) + quick[3]!, changed: true, error: null, printOnly: false };
  }
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (c === '\\' && quote !== "'") {
      out += line.slice(i, i + 2);
      i++;
      continue;
    }
    if (c === "'" && quote !== '"') quote = quote === "'" ? '' : "'";
    else if (c === '"' && quote !== "'") quote = quote === '"' ? '' : '"';
    if (c !== '!' || quote === "'" || /^(?:[\s=(]|$)/.test(line.slice(i + 1)) || (quote === '"' && line[i + 1] === '"') || line.slice(i - 1, i) === '$' || line.slice(i - 2, i) === '${' || line.slice(i - 1, i) === '[') {
      out += c;
      continue;
    }
    const m = /^!(?:(!)|(-?\d+)|\?([^?\n]+)\??|(#)|([^\s;|&()<>:"'$^*!-][^\s;|&()<>:"']*)|(?=[$^*:]))/.exec(line.slice(i));
    if (m === null) {
      out += c;
      continue;
    }
    let entry: Bytes | undefined;
    if (m[2] !== undefined) entry = Number(m[2]) < 0 ? history.at(Number(m[2])) : history[Number(m[2]) - sh.historyFirst];
    else if (m[3] !== undefined) entry = history.findLast((h) => h.includes(m[3]!));
    else if (m[4] !== undefined) entry = out;
    else if (m[5] !== undefined) entry = history.findLast((h) => h.startsWith(m[5]!));
    else entry = history.at(-1);
    if (entry === undefined) return { line, changed: false, error: `${m[0]}: event not found`, printOnly: false };
    let at = i + m[0].length;
    // Word designators: !$ !^ !* and :n, and the modifiers :p :h :t :r :s/a/b/.
    const words = entry.match(/"(?:\\.|[^"])*"|'[^']*'|\S+/g) ?? [];
    const w = /^(?::?([$^*])|:(\d+)(?:-(\d+|\$))?)/.exec(line.slice(at));
    if (w !== null) {
      at += w[0].length;
      if (w[1] === '$') entry = words.at(-1) ?? '';
      else if (w[1] === '^') entry = words[1] ?? '';
      else if (w[1] === '*') entry = words.slice(1).join(' ');
      else {
        const from = Number(w[2]);
        const to = w[3] === undefined ? from : w[3] === '$' ? words.length - 1 : Number(w[3]);
        if (from >= words.length || to >= words.length) return { line, changed: false, error: `${w[0]}: bad word specifier`, printOnly: false };
        entry = words.slice(from, to + 1).join(' ');
      }
    }
    for (;;) {
      const mod = /^:(?:([phtreq])|(g?)s\/([^/]*)\/([^/]*)\/?)/.exec(line.slice(at));
      if (mod === null) break;
      at += mod[0].length;
      switch (mod[1]) {
        case 'p': printOnly = true; break;
        case 'h': entry = entry.replace(/\/[^/]*$/, ''); break;
        case 't': entry = entry.replace(/^.*\//s, ''); break;
        case 'r': entry = entry.replace(/\.[^.]*$/, ''); break;
        case undefined: entry = mod[2] === 'g' ? entry.replaceAll(mod[3]!, () => mod[4]!) : entry.replace(mod[3]!, () => mod[4]!);
      }
    }
    out += entry;
    changed = true;
    i = at - 1;
  }
  return { line: out, changed, error: null, printOnly };
}

/** Puts a command into the history as HISTCONTROL and HISTSIZE say. */
export function remember(sh: Shell, line: Bytes): void {
  if (!sh.setOpts.has('history') || line.trim() === '') return;
  const control = (getVar(sh, 'HISTCONTROL') ?? '').split(':');
  const both = control.includes('ignoreboth');
  if ((both || control.includes('ignorespace')) && line.startsWith(' ')) return;
  if ((both || control.includes('ignoredups')) && sh.history.at(-1) === line) return;
  if (control.includes('erasedups')) sh.history = sh.history.filter((h) => h !== line);
  sh.history.push(line);
  const size = Number(getVar(sh, 'HISTSIZE') ?? 500);
  while (Number.isFinite(size) && size >= 0 && sh.history.length > size) {
    sh.history.shift();
    sh.historyFirst++;
  }
}

/** Lines of one command joined for the history: with `; ` where that means the same, else with newlines. */
export function joinLines(before: Bytes, line: Bytes, why: 'quote' | 'doc' | 'list'): Bytes {
  if (why !== 'list') return `${before}\n${line}`;
  if (/\\$/.test(before)) return before.slice(0, -1) + line;
  if (/(^|[\s;])(do|then|else|elif|if|while|until|in|\{|\()\s*$|[|&;({]\s*$|\)\s*$/.test(before) || line.trim() === '') return `${before} ${line.trimStart()}`;
  return `${before}; ${line.trimStart()}`;
}
