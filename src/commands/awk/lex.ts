// Tokens of an awk program. Counterpart: mawk 1.3.4 scan.c.
import type { Bytes } from '../../lib/text';

export type Token =
  | { t: 'number'; value: number; line: number }
  | { t: 'string'; value: Bytes; line: number }
  | { t: 'regex'; value: Bytes; line: number }
  | { t: 'name'; value: Bytes; line: number }
  /** A function name with its parenthesis right behind it. */
  | { t: 'call'; value: Bytes; line: number }
  | { t: 'builtin'; value: Bytes; line: number }
  | { t: 'keyword'; value: Bytes; line: number }
  | { t: 'op'; value: string; line: number }
  | { t: 'newline'; value: '\n'; line: number }
  | { t: 'end'; value: ''; line: number };

export const KEYWORDS = new Set(['BEGIN', 'END', 'function', 'if', 'else', 'while', 'for', 'do', 'break', 'continue', 'next', 'nextfile', 'exit', 'return', 'delete', 'in', 'getline', 'print', 'printf']);
export const BUILTINS = new Set(['length', 'substr', 'index', 'split', 'sub', 'gsub', 'match', 'sprintf', 'sin', 'cos', 'atan2', 'exp', 'log', 'sqrt', 'int', 'rand', 'srand', 'tolower', 'toupper', 'system', 'close', 'fflush', 'systime', 'strftime', 'mktime']);

/** A mistake in a program, in mawk's words and with its line. */
export class AwkSyntax extends Error {
  constructor(
    readonly line: number,
    readonly text: string,
  ) {
    super(text);
  }
}

const OPS = ['||', '&&', '==', '!=', '<=', '>=', '>>', '++', '--', '+=', '-=', '*=', '/=', '%=', '^=', '!~', '{', '}', '(', ')', '[', ']', ';', ',', '+', '-', '*', '/', '%', '^', '!', '<', '>', '|', '?', ':', '~', '$', '='];

/** Splits a program into tokens. A slash starts a regular expression where no operand ends before it. Throws AwkSyntax. */
export function lex(s: Bytes): Token[] {
  const out: Token[] = [];
  let i = 0;
  let line = 1;
  const operandBefore = (): boolean => {
    const last = out[out.length - 1];
    if (last === undefined) return false;
    if (last.t === 'number' || last.t === 'string' || last.t === 'regex' || last.t === 'name') return true;
    if (last.t === 'builtin') return last.value === 'length';
    return last.t === 'op' && (last.value === ')' || last.value === ']' || last.value === '$' || last.value === '++' || last.value === '--');
  };
  while (i < s.length) {
    const c = s[i]!;
    if (c === '\n') {
      out.push({ t: 'newline', value: '\n', line });
      line++;
      i++;
      continue;
    }
    if (c === ' ' || c === '\t' || c === '\r' || c === '\f' || c === '\v') {
      i++;
      continue;
    }
    if (c === '\\' && /^\\\r?\n/.test(s.slice(i))) {
      i = s.indexOf('\n', i) + 1;
      line++;
      continue;
    }
    if (c === '#') {
      while (i < s.length && s[i] !== '\n') i++;
      continue;
    }
    if (c === '"') {
      const r = readString(s, i + 1, line);
      out.push({ t: 'string', value: r.value, line });
      i = r.end;
      continue;
    }
    const number = /^(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(s.slice(i, i + 400));
    if (number !== null) {
      out.push({ t: 'number', value: Number(number[0]), line });
      i += number[0].length;
      continue;
    }
    const word = /^[A-Za-z_]\w*/.exec(s.slice(i, i + 400));
    if (word !== null) {
      const w = word[0];
      i += w.length;
      if (KEYWORDS.has(w)) out.push({ t: 'keyword', value: w, line });
      else if (BUILTINS.has(w)) out.push({ t: 'builtin', value: w, line });
      else out.push({ t: s[i] === '(' ? 'call' : 'name', value: w, line });
      continue;
    }
    if (c === '/' && !operandBefore()) {
      const r = readRegex(s, i + 1, line);
      out.push({ t: 'regex', value: r.value, line });
      i = r.end;
      continue;
    }
    const op = OPS.find((o) => s.startsWith(o, i));
    if (op === undefined) {
      if (c === '&') throw new AwkSyntax(line, `syntax error at or near &`);
      throw new AwkSyntax(-line, `unexpected character '${c}'`);
    }
    out.push({ t: 'op', value: op, line });
    i += op.length;
  }
  out.push({ t: 'end', value: '', line });
  return out;
}

function readString(s: Bytes, from: number, line: number): { value: Bytes; end: number } {
  let i = from;
  let raw = '';
  for (;;) {
    const c = s[i];
    if (c === undefined || c === '\n') throw new AwkSyntax(line, `runaway string constant "${raw.slice(0, 10)} ...`);
    i++;
    if (c === '"') return { value: unescape(raw), end: i };
    if (c === '\\') {
      const n = s[i++];
      if (n === '\n') continue;
      raw += `\\${n ?? ''}`;
    } else raw += c;
  }
}

function readRegex(s: Bytes, from: number, line: number): { value: Bytes; end: number } {
  let i = from;
  let value = '';
  let bracket = false;
  for (;;) {
    const c = s[i];
    if (c === undefined || c === '\n') throw new AwkSyntax(line, `runaway regular expression /${value.slice(0, 10)} ...`);
    i++;
    if (c === '\\') {
      const n = s[i++] ?? '';
      value += n === '/' ? '/' : `\\${n}`;
      continue;
    }
    if (c === '[' && !bracket) {
      const m = /^\[\^?\]?(?:\[:\w+:\]|[^\]\n])*\]/.exec(s.slice(i - 1));
      if (m !== null) {
        value += m[0].replaceAll('\\/', '/');
        i += m[0].length - 1;
        continue;
      }
    }
    if (c === '/' && !bracket) return { value, end: i };
    value += c;
  }
}

/** Escapes of a string constant or a -v value. */
export function unescape(text: Bytes): Bytes {
  return text.replace(/\\([0-7]{1,3}|[\s\S])/g, (all, e: string) => {
    if (/^[0-7]/.test(e)) return String.fromCharCode(Number.parseInt(e, 8) & 255);
    const named: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', '/': '/', a: '\x07', b: '\b', f: '\f', v: '\v' };
    return named[e] ?? all;
  });
}
