// A sed script as data.
import type { Bytes } from '../../lib/text';
import type { PosixRegex } from '../posix_regex';

export type Address =
  | { t: 'line'; n: number }
  | { t: 'step'; first: number; step: number }
  | { t: 'last' }
  | { t: 'zero' }
  | { t: 'regex'; re: PosixRegex | null }
  | { t: 'plus'; n: number }
  | { t: 'multiple'; n: number };

/** A piece of an s/// replacement: text, a group, or a change of case. */
export type Piece = { t: 'text'; text: Bytes } | { t: 'group'; n: number } | { t: 'case'; how: 'U' | 'L' | 'u' | 'l' | 'E' };

export interface SedCommand {
  a1: Address | null;
  a2: Address | null;
  negate: boolean;
  name: string;
  /** a i c: text; b t T : label; r R w W: file name; y: map; q Q L l: number. */
  text: Bytes;
  number: number | null;
  /** Where { jumps when not selected; where b t T go; index of command. */
  target: number;
  map: Map<string, string> | null;
  subst: Subst | null;
  /** State of a range: inside, and the line where it ends (for +N, ~N and numbers). */
  active: boolean;
  endLine: number;
}

export interface Subst {
  re: PosixRegex | null;
  pieces: Piece[];
  global: boolean;
  nth: number;
  print: number;
  evaluate: boolean;
  file: Bytes | null;
}

/** A script error; `where` and `at` make `-e expression #1, char 5: `. */
export class SedError extends Error {}
