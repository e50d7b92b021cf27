// cut: parts of lines. Counterpart: coreutils cut.c, set-fields.c.
import type { Bytes } from '../lib/text';
import { SysError } from '../lib/errno';
import { closeInput, define, errnoText, LineSource, openInput, put, quote, quoteIfNeeded, say, usageError } from './io';
import { table } from './options';

/** Parses `1,3-5,7-`: sorted, joined ranges from 1. */
function ranges(list: Bytes, fields: boolean): [number, number][] {
  const plural = fields ? 'fields' : 'byte/character positions';
  const out: [number, number][] = [];
  for (const item of list.split(/[, \t]/)) {
    const m = /^(\d*)(-?)(\d*)$/.exec(item);
    if (m === null) {
      const bad = /[^\d-].*$/.exec(item)?.[0] ?? item;
      if (/^\d*-\d*-/.test(item)) throw usageError('cut', `invalid ${fields ? 'field' : 'byte or character'} range`);
      throw usageError('cut', `invalid ${fields ? 'field value' : 'byte/character position'} ${quote(bad)}`);
    }
    if (m[1] === '' && m[3] === '' && m[2] === '-') throw usageError('cut', 'invalid range with no endpoint: -');
    if (m[1] === '' && m[2] === '') throw usageError('cut', `${plural} are numbered from 1`);
    const lo = m[1] === '' ? 1 : Number(m[1]);
    const hi = m[2] === '' ? lo : m[3] === '' ? Number.POSITIVE_INFINITY : Number(m[3]);
    if (lo === 0 || (hi === 0 && m[3] !== '')) throw usageError('cut', `${plural} are numbered from 1`);
    if (hi < lo) throw usageError('cut', 'invalid decreasing range');
    out.push([lo, hi]);
  }
  out.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const joined: [number, number][] = [];
  for (const r of out) {
    const last = joined[joined.length - 1];
    if (last !== undefined && r[0] <= last[1]) last[1] = Math.max(last[1], r[1]);
    else joined.push([...r]);
  }
  return joined;
}

function complement(of: [number, number][]): [number, number][] {
  const out: [number, number][] = [];
  let next = 1;
  for (const [lo, hi] of of) {
    if (lo > next) out.push([next, lo - 1]);
    next = hi + 1;
  }
  if (Number.isFinite(next)) out.push([next, Number.POSITIVE_INFINITY]);
  return out;
}

export const cut = define({
  name: 'cut',
  summary: 'Print selected parts of lines from each FILE to standard output.',
  path: '/usr/bin/cut',
  package: 'coreutils',
  options: table(
    '-b --bytes LIST: select only these bytes', '-c --characters LIST: select only these characters', '-d --delimiter DELIM: use DELIM instead of TAB for field delimiter',
    '-f --fields LIST: select only these fields', '-n: (ignored)', '--complement: complement the set of selected bytes, characters or fields',
    '-s --only-delimited: do not print lines not containing delimiters', '--output-delimiter STRING: use STRING as the output delimiter', '-z --zero-terminated: line delimiter is NUL, not newline',
  ),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const kinds = opts.given.filter((g) => g.key === '-b' || g.key === '-c' || g.key === '-f');
    if (kinds.length > 1) throw usageError('cut', 'only one list may be specified');
    const delimiter = opts.value('-d');
    if (delimiter !== null && delimiter.length > 1) throw usageError('cut', 'the delimiter must be a single character');
    if (kinds.length === 0) throw usageError('cut', 'you must specify a list of bytes, characters, or fields');
    const fields = kinds[0]!.key === '-f';
    if (!fields && delimiter !== null) throw usageError('cut', 'an input delimiter may be specified only when operating on fields');
    if (!fields && opts.has('-s')) throw usageError('cut', 'suppressing non-delimited lines makes sense\n\tonly when operating on fields');
    let list = ranges(kinds[0]!.value!, fields);
    if (opts.has('--complement')) list = complement(list);
    const d = delimiter === null ? '\t' : delimiter === '' ? '\0' : delimiter;
    const od = opts.value('--output-delimiter');
    const z = opts.has('-z') ? '\0' : '\n';
    const pick = (line: Bytes): Bytes | null => {
      if (!fields) return list.map(([lo, hi]) => line.slice(lo - 1, hi)).filter((s) => s !== '').join(od ?? '');
      if (!line.includes(d)) return opts.has('-s') ? null : line;
      const cells = line.split(d);
      const out: Bytes[] = [];
      for (const [lo, hi] of list) out.push(...cells.slice(lo - 1, hi));
      return out.join(od ?? d);
    };
    let status = 0;
    for (const name of args.length > 0 ? args : ['-']) {
      let fd = -1;
      try {
        fd = openInput(p, name);
        const src = new LineSource(p, fd, z);
        for (let lines = yield* src.batch(); lines !== null; lines = yield* src.batch()) {
          let o = '';
          for (const raw of lines) {
            const part = pick(raw.endsWith(z) ? raw.slice(0, -1) : raw);
            if (part !== null) o += part + z;
          }
          yield* put(p, o);
        }
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        yield* say(p, 'cut', `${quoteIfNeeded(name)}: ${errnoText(e)}`);
        status = 1;
      }
      if (fd >= 0) closeInput(p, fd);
    }
    return status;
  },
});
