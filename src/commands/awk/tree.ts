// Syntax tree of an awk program.
import type { Bytes } from '../../lib/text';
import type { PosixRegex } from '../posix_regex';

export type Expr =
  | { t: 'number'; value: number }
  | { t: 'string'; value: Bytes }
  | { t: 'regex'; re: PosixRegex }
  | { t: 'var'; name: Bytes }
  | { t: 'local'; slot: number; name: Bytes }
  | { t: 'field'; index: Expr }
  | { t: 'item'; array: Expr; keys: Expr[] }
  | { t: 'in'; keys: Expr[]; array: Expr }
  | { t: 'assign'; op: string; to: Expr; value: Expr }
  | { t: 'binary'; op: string; a: Expr; b: Expr }
  | { t: 'match'; negate: boolean; a: Expr; b: Expr }
  | { t: 'unary'; op: '!' | '-' | '+'; a: Expr }
  | { t: 'step'; op: '++' | '--'; prefix: boolean; to: Expr }
  | { t: 'and'; a: Expr; b: Expr }
  | { t: 'or'; a: Expr; b: Expr }
  | { t: 'cond'; test: Expr; a: Expr; b: Expr }
  | { t: 'group'; list: Expr[] }
  | { t: 'call'; name: Bytes; args: Expr[]; line: number }
  | { t: 'builtin'; name: Bytes; args: Expr[]; line: number }
  | { t: 'getline'; to: Expr | null; file: Expr | null; command: Expr | null };

export interface Redirect {
  op: '>' | '>>' | '|';
  to: Expr;
}

export type Stmt =
  | { t: 'expr'; e: Expr }
  | { t: 'print'; args: Expr[]; redirect: Redirect | null }
  | { t: 'printf'; args: Expr[]; redirect: Redirect | null }
  | { t: 'if'; test: Expr; yes: Stmt; no: Stmt | null }
  | { t: 'while'; test: Expr; body: Stmt }
  | { t: 'do'; body: Stmt; test: Expr }
  | { t: 'for'; init: Stmt | null; test: Expr | null; step: Stmt | null; body: Stmt }
  | { t: 'forin'; to: Expr; array: Expr; body: Stmt }
  | { t: 'block'; list: Stmt[] }
  | { t: 'break' }
  | { t: 'continue' }
  | { t: 'next' }
  | { t: 'nextfile' }
  | { t: 'exit'; code: Expr | null }
  | { t: 'return'; value: Expr | null }
  | { t: 'delete'; array: Expr; keys: Expr[] | null };

export interface Rule {
  /** BEGIN, END, a pattern, a range, or null for every record. */
  kind: 'BEGIN' | 'END' | 'pattern' | 'range';
  a: Expr | null;
  b: Expr | null;
  /** Null: print the record. */
  body: Stmt | null;
}

export interface Func {
  name: Bytes;
  params: Bytes[];
  body: Stmt;
}

export interface Program {
  rules: Rule[];
  functions: Map<Bytes, Func>;
}
