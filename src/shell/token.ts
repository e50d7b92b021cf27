// What shell text is cut into, and the refusal of a text. Linux counterpart: tokens of bash's parse.y.
import type { Bytes } from '../lib/text';

/** Operators, longest first. */
export const OPS = ['&>>', '<<<', '<<-', ';;&', '&&', '||', ';;', ';&', '<<', '>>', '<&', '>&', '<>', '>|', '&>', '|&', '|', '&', ';', '<', '>', '(', ')'];
/** Characters that end a word. */
export const META = ' \t\n;&|<>()';
/** Nesting of commands the recogniser follows. */
export const MAX_DEPTH = 300;

export interface Token {
  k: 'word' | 'op' | 'nl' | 'eof';
  s: Bytes;
  pos: number;
  end: number;
  /** Held quotes or expansions, so it is no reserved word. */
  quoted: boolean;
}

/** Why a text is refused. `eof`: it only lacks more text. */
export class Refused extends Error {
  constructor(
    readonly kind: 'token' | 'eof' | 'match' | 'cond',
    readonly token: Bytes,
    readonly pos: number,
    readonly eof: boolean,
    /** Status is 1 inside a compound assignment, as in bash. */
    readonly status = 2,
  ) {
    super(kind);
  }
}

/** A here-document whose body has not been read yet, or that met the end of the text. */
export interface OpenDoc {
  wanted: Bytes;
  strip: boolean;
  pos: number;
}

/** A here-document's delimiter with its quotes removed. */
export function unquote(s: Bytes): Bytes {
  return s.replace(/\\(.)|'([^']*)'|"((?:\\.|[^"])*)"/gs, (_, esc?: string, single?: string, double?: string) => esc ?? single ?? (double ?? '').replace(/\\(["\\$`])/g, '$1'));
}
