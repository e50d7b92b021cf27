// How grep finds: fixed strings, POSIX or Perl expressions, whole words and lines. Counterpart: GNU grep's dfasearch.c, kwsearch.c, pcresearch.c.
import type { Op, Process } from '../host/process';
import { err } from '../host/syscall';
import type { Bytes } from '../lib/text';
import type { Options } from './command';
import { Fatal } from './io';
import { compilePosix, type PosixRegex, RegexError } from './posix_regex';

/** A matcher: next match at or after `from`, longest, as [start, end]. */
export interface Matcher {
  test(line: Bytes): boolean;
  find(line: Bytes, from: number): [number, number] | null;
}

function fixedMatcher(words: Bytes[], icase: boolean): Matcher {
  const wanted = icase ? words.map((w) => w.toLowerCase()) : words;
  const fold = (line: Bytes): Bytes => (icase ? line.toLowerCase() : line);
  return {
    test: (line) => {
      const l = fold(line);
      return wanted.some((w) => l.includes(w));
    },
    find: (line, from) => {
      const l = fold(line);
      let best: [number, number] | null = null;
      for (const w of wanted) {
        const at = l.indexOf(w, from);
        if (at >= 0 && (best === null || at < best[0] || (at === best[0] && at + w.length > best[1]))) best = [at, at + w.length];
      }
      return best;
    },
  };
}

function regexMatcher(regexes: PosixRegex[]): Matcher {
  return {
    test: (line) => regexes.some((r) => r.test(line)),
    find: (line, from) => {
      let best: [number, number] | null = null;
      for (const r of regexes) {
        const m = r.exec(line, from);
        if (m !== null && (best === null || m.index < best[0] || (m.index === best[0] && m.end > best[1]))) best = [m.index, m.end];
      }
      return best;
    },
  };
}

/** PCRE by the host language's own expressions, for patterns both know. */
function perlMatcher(patterns: Bytes[], icase: boolean): Matcher {
  let re: RegExp;
  try {
    re = new RegExp(patterns.map((x) => `(?:${x.replace(/\\h/g, '[ \\t]').replace(/\[\[:(\w+):\]\]/g, (_m, c: string) => ({ digit: '\\d', space: '\\s', alpha: '[a-zA-Z]', alnum: '[a-zA-Z0-9]', upper: '[A-Z]', lower: '[a-z]' })[c] ?? '.')})`).join('|'), icase ? 'gi' : 'g');
  } catch {
    throw new Fatal('grep: -P with this pattern exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n', 64);
  }
  return {
    test: (line) => {
      re.lastIndex = 0;
      return re.test(line);
    },
    find: (line, from) => {
      re.lastIndex = from;
      const m = re.exec(line);
      return m === null ? null : [m.index, m.index + m[0].length];
    },
  };
}

const wordByte = (line: Bytes, at: number): boolean => at >= 0 && at < line.length && /\w/.test(line[at]!);

/** -w: the match must not touch word bytes; grep tries shorter matches from the same start, then later starts. */
function wholeWords(m: Matcher, shorter: (line: Bytes, start: number, end: number) => number): Matcher {
  const find = (line: Bytes, from: number): [number, number] | null => {
    let at = from;
    for (;;) {
      const hit = m.find(line, at);
      if (hit === null) return null;
      let [start, end] = hit;
      while (end >= start) {
        if (!wordByte(line, start - 1) && !wordByte(line, end)) return [start, end];
        if (end === start) break;
        end = shorter(line, start, end);
        if (end < 0) break;
      }
      start = hit[0];
      at = start + 1;
      if (at > line.length) return null;
    }
  };
  return { test: (line) => find(line, 0) !== null, find };
}

function wholeLines(m: Matcher): Matcher {
  const find = (line: Bytes, from: number): [number, number] | null => {
    const hit = m.find(line, from);
    return hit !== null && hit[0] === 0 && hit[1] === line.length ? hit : null;
  };
  return { test: (line) => find(line, 0) !== null, find };
}

export function* buildMatcher(p: Process, opts: Options, patterns: Bytes[], kind: string): Op<Matcher> {
  const icase = (opts.last('-i', '--no-ignore-case', '-y') ?? '--no-ignore-case') !== '--no-ignore-case';
  const x = opts.has('-x');
  const w = opts.has('-w') && !x;
  if (kind === '-F') {
    const m = x ? { test: (l: Bytes) => patterns.some((q) => (icase ? q.toLowerCase() === l.toLowerCase() : q === l)), find: (l: Bytes, from: number): [number, number] | null => (from === 0 && patterns.some((q) => (icase ? q.toLowerCase() === l.toLowerCase() : q === l)) ? [0, l.length] : null) } : fixedMatcher(patterns, icase);
    return w ? wholeWords(m, (line, start, end) => {
      const l = line.slice(start, end - 1);
      let best = -1;
      for (const q of patterns) if ((icase ? l.toLowerCase().startsWith(q.toLowerCase()) : l.startsWith(q)) && start + q.length > best) best = start + q.length;
      return best;
    }) : m;
  }
  if (kind === '-P') {
    const m = perlMatcher(x ? patterns.map((q) => `^(?:${q})$`) : w ? patterns.map((q) => `(?<!\\w)(?:${q})(?!\\w)`) : patterns, icase);
    return m;
  }
  try {
    const extended = kind === '-E';
    const wrap = (q: Bytes): Bytes => (x ? (extended ? `^(${q})$` : `^\\(${q}\\)$`) : q);
    const backref = (q: Bytes): boolean => /\\[1-9]/.test(q);
    const plain = patterns.map((q) => compilePosix(q, { extended, icase, dialect: 'grep' }));
    for (const r of plain) for (const warning of r.warnings) yield* err(p, `grep: warning: ${warning}\n`);
    if (x && !patterns.some(backref)) return regexMatcher(patterns.map((q) => compilePosix(wrap(q), { extended, icase, dialect: 'grep' })));
    const m = regexMatcher(plain);
    if (x) return wholeLines(m);
    if (!w) return m;
    return wholeWords(m, (line, start, end) => {
      const hit = m.find(line.slice(0, end - 1), start);
      return hit !== null && hit[0] === start ? hit[1] : -1;
    });
  } catch (e) {
    if (e instanceof RegexError) throw new Fatal(`grep: ${e.message}\n`, 2);
    throw e;
  }
}
