// What the shell executes: commands and words in the shell's own shapes, compiled from the parser's tree. Linux counterpart: bash's command.h.

/** One word: its source text and the pieces expansion works on. */
export interface Word {
  text: string;
  parts: Part[];
  /** The word's value when nothing in it needs expansion (and it holds no quotes or glob characters); else null. */
  lit: string | null;
  /** May hold a brace expansion (then the text is expanded first and parsed again). */
  brace: boolean;
}

export type Part =
  /** Literal characters; `q`: quoted, so never split, globbed or taken for a tilde. */
  | { t: 'lit'; s: string; q: boolean }
  | { t: 'dq'; parts: Part[] }
  | { t: 'par'; par: Param }
  | { t: 'cmd'; src: string; line: number }
  | { t: 'ari'; parts: Part[] }
  | { t: 'proc'; op: '<' | '>'; src: string; line: number };

/** `${...}` or `$x`. */
export interface Param {
  name: string;
  /** Subscript source, or null. */
  index: Part[] | null;
  indexText: string;
  prefix: '' | '#' | '!';
  /** '' none; '-' ':-' ... '#' '##' '%' '%%' '/' '//' '/#' '/%' ':' '^' '^^' ',' ',,' '@' 'names*' 'names@' 'bad'. */
  op: string;
  a: Word | null;
  b: Word | null;
  text: string;
}

export interface Assign {
  t: 'assign';
  name: string;
  append: boolean;
  index: Part[] | null;
  indexText: string;
  /** Scalar value, or null for an array. */
  value: Word | null;
  elements: Element[] | null;
  text: string;
}
/** One element of `a=(...)`. */
export interface Element {
  index: Part[] | null;
  indexText: string;
  append: boolean;
  value: Word;
}

export interface Redir {
  op: '>' | '>>' | '<' | '<>' | '<&' | '>&' | '>|' | '&>' | '&>>' | '<<<' | '<<' | '<<-';
  fd: number | null;
  fdVar: string | null;
  target: Word | null;
  /** Here-document. */
  body: Part[] | null;
  bodyText: string;
  /** The delimiter as written. */
  delimiter: string;
  /** Here-document without its closing delimiter: the delimiter wanted and its line; else null. */
  unclosed: { wanted: string; line: number; eofLine: number } | null;
}

export interface Item {
  node: Node;
  bg: boolean;
  text: string;
}
export interface List {
  t: 'list';
  items: Item[];
}
export interface Simple {
  t: 'simple';
  line: number;
  assigns: Assign[];
  words: (Word | Assign)[];
  redirs: Redir[];
  text: string;
}
export interface Pipeline {
  t: 'pipe';
  negate: boolean;
  time: '' | 'time' | 'posix';
  cmds: Node[];
  /** For each command but the last: does its standard error go into the pipe too. */
  both: boolean[];
  texts: string[];
}
export type Cond =
  | { t: 'un'; op: string; a: Word }
  | { t: 'bin'; op: string; a: Word; b: Word }
  | { t: 'and' | 'or'; list: Cond[] }
  | { t: 'not'; a: Cond }
  | { t: 'group'; a: Cond };
export type Node =
  | Simple
  | Pipeline
  | List
  | { t: 'andor'; cmds: Node[]; ops: ('&&' | '||')[] }
  | { t: 'if'; arms: { test: List; body: List }[]; else: List | null }
  | { t: 'while'; until: boolean; test: List; body: List }
  | { t: 'for' | 'select'; name: string; words: Word[] | null; body: List; line: number; text: string }
  | { t: 'cfor'; init: Part[]; test: Part[]; step: Part[]; body: List; line: number; texts: [string, string, string] }
  | { t: 'case'; word: Word; items: { patterns: Word[]; body: List; end: ';;' | ';&' | ';;&' }[]; line: number }
  | { t: 'sub'; body: List; text: string }
  | { t: 'group'; body: List }
  | { t: 'cond'; expr: Cond; line: number }
  | { t: 'arith'; parts: Part[]; line: number; text: string }
  | { t: 'func'; name: string; src: string; line: number }
  | { t: 'coproc'; name: string; node: Node; text: string }
  | { t: 'redir'; node: Node; redirs: Redir[]; line: number };

/** Commands read together: what stands on one logical line of a script. */
export interface Unit {
  list: List;
  line: number;
  /** Source lines of the unit, for `set -v` and history. */
  text: string;
}
