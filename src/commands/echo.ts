// echo: prints its arguments. Counterpart: coreutils echo.c; bash builtins/echo.def uses the same function.
import type { Bytes } from '../lib/text';
import { command } from './command';
import { helpText, languageOf } from './help';
import { put, WriteError } from './io';
import { strerror } from '../lib/errno';
import { err } from '../host/syscall';
import { utf8Encode } from '../lib/text';

/** Escapes of echo -e; `stop` when \c was met. */
export function echoEscapes(text: Bytes): { text: Bytes; stop: boolean } {
  let o = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c !== '\\' || i + 1 >= text.length) {
      o += c;
      continue;
    }
    const n = text[++i]!;
    const simple: Record<string, string> = { a: '\x07', b: '\b', e: '\x1b', E: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' };
    if (n in simple) o += simple[n]!;
    else if (n === 'c') return { text: o, stop: true };
    else if (n === '0') {
      const m = /^[0-7]{0,3}/.exec(text.slice(i + 1))![0];
      i += m.length;
      o += String.fromCharCode(Number.parseInt(m === '' ? '0' : m, 8) & 255);
    } else if (n === 'x') {
      const m = /^[0-9a-fA-F]{1,2}/.exec(text.slice(i + 1))?.[0];
      if (m === undefined) o += '\\x';
      else {
        i += m.length;
        o += String.fromCharCode(Number.parseInt(m, 16));
      }
    } else if (n === 'u' || n === 'U') {
      const m = (n === 'u' ? /^[0-9a-fA-F]{1,4}/ : /^[0-9a-fA-F]{1,8}/).exec(text.slice(i + 1))?.[0];
      if (m === undefined) o += `\\${n}`;
      else {
        i += m.length;
        o += utf8Encode(String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(m, 16))));
      }
    } else o += `\\${n}`;
  }
  return { text: o, stop: false };
}

/** What `echo ARGS` prints. */
export function echoText(args: readonly Bytes[]): Bytes {
  let newline = true;
  let escapes = false;
  let i = 0;
  for (; i < args.length && /^-[neE]+$/.test(args[i]!); i++) {
    for (const c of args[i]!.slice(1)) {
      if (c === 'n') newline = false;
      else escapes = c === 'e';
    }
  }
  let o = '';
  for (let k = i; k < args.length; k++) {
    if (k > i) o += ' ';
    if (!escapes) {
      o += args[k]!;
      continue;
    }
    const e = echoEscapes(args[k]!);
    o += e.text;
    if (e.stop) return o;
  }
  return newline ? `${o}\n` : o;
}

const described = { name: 'echo', summary: 'Echo the STRING(s) to standard output.', options: {} };

export const echo = command({
  ...described,
  path: '/usr/bin/echo',
  package: 'coreutils',
  getopt: null,
  *run(p, _opts, args) {
    try {
      if (args.length === 1 && args[0] === '--help') yield* put(p, helpText(described, undefined, languageOf(p)));
      else if (args.length === 1 && args[0] === '--version') yield* put(p, 'echo (GNU coreutils) 9.1\n');
      else yield* put(p, echoText(args));
      return 0;
    } catch (e) {
      if (!(e instanceof WriteError)) throw e;
      yield* err(p, `echo: write error: ${strerror(e.errno)}\n`);
      return 1;
    }
  },
});
