// bash's words for what it cannot parse. Linux counterpart: report_syntax_error and parse_matched_pair in bash's parse.y.
import type { Bytes } from '../lib/text';
import { type OpenDoc, Refused } from './token';
import { Recogniser } from './recognise';

/** A text the shell refuses. */
export interface SyntaxError_ {
  /** More text could make it whole (a terminal shows PS2). */
  incomplete: boolean;
  /** Line (1-based, in this text) the message names. */
  line: number;
  /** Lines after the prefix: `text` each; the prefix stands before every one. */
  texts: Bytes[];
  status: number;
  /** Everything before this offset is complete units. */
  goodUntil: number;
}

export interface Checked {
  error: SyntaxError_ | null;
  unclosed: OpenDoc[];
  /** Offsets where complete units end. */
  unitEnds: number[];
}

/** Line number (1-based) of an offset. */
export function lineAt(src: Bytes, pos: number): number {
  let n = 1;
  for (let i = src.indexOf('\n'); i >= 0 && i < pos; i = src.indexOf('\n', i + 1)) n++;
  return n;
}

/** The number bash gives the line after the last one. */
export function eofLine(src: Bytes): number {
  return lineAt(src, src.length) + (src.endsWith('\n') ? 0 : 1);
}

/** Checks a text against bash's grammar. */
export function checkSyntax(src: Bytes, extglob: boolean): Checked {
  const r = new Recogniser(src, 0, extglob);
  try {
    r.all();
    return { error: null, unclosed: r.unclosed, unitEnds: r.unitEnds };
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    return { error: word(src, e, r.unitEnds.at(-1) ?? 0), unclosed: r.unclosed, unitEnds: r.unitEnds };
  }
}

function word(src: Bytes, e: Refused, goodUntil: number): SyntaxError_ {
  const base = { incomplete: e.eof, status: e.status, goodUntil };
  switch (e.kind) {
    case 'eof':
      return { ...base, line: eofLine(src), texts: ['syntax error: unexpected end of file'] };
    case 'match':
      return {
        ...base,
        line: e.pos >= src.length ? eofLine(src) : lineAt(src, e.pos),
        texts: [`unexpected EOF while looking for matching \`${e.token}'`],
      };
    case 'cond':
      return { ...base, line: lineAt(src, e.pos), texts: [e.token] };
    case 'token': {
      const line = lineAt(src, e.pos);
      const text = src.split('\n')[line - 1] ?? '';
      return { ...base, line, texts: [`syntax error near unexpected token \`${e.token}'`, `\`${text}'`] };
    }
  }
}
