// Quoting values so that the shell reads them back: ${x@Q}, printf %q, set, declare -p, xtrace. Linux counterpart: bash's lib/sh/shquote.c.
import type { Bytes } from '../lib/text';
import type { Var } from './shell';
import { hashOrder, sortedKeys } from './vars';

/** 'value' in single quotes. */
export function shellQuote(s: Bytes): Bytes {
  return s === "'" ? "\\'" : `'${s.replaceAll("'", "'\\''")}'`;
}

/** $'...' for values with control characters. */
export function ansiQuote(s: Bytes): Bytes {
  let out = "$'";
  for (const c of s) {
    const n = c.charCodeAt(0);
    const at = '\x07\b\x1b\f\n\r\t\v'.indexOf(c);
    if (at >= 0) out += `\\${'abEfnrtv'[at]}`;
    else if (c === "'" || c === '\\') out += `\\${c}`;
    else if (n < 32 || n === 127) out += `\\${n.toString(8).padStart(3, '0')}`;
    else out += c;
  }
  return `${out}'`;
}

const CONTROL = /[\x00-\x08\x0a-\x1f\x7f\t]/;

/** Characters that make a word need quotes (sh_contains_shell_metas). */
const METAS = /[\s'"\\|&;()<>!{}*[\]?^$`]|^[#~]|[=:]~/;

/** As `set -x` prints a word. */
export function traceQuote(s: Bytes): Bytes {
  if (s === '') return "''";
  if (CONTROL.test(s)) return ansiQuote(s);
  return METAS.test(s) ? shellQuote(s) : s;
}

/** As `printf %q` and completion print a word. */
export function backslashQuote(s: Bytes): Bytes {
  if (s === '') return "''";
  if (CONTROL.test(s)) return ansiQuote(s);
  return s.replace(/[ '"\\|&;()<>!{}*[\],?^$`]/g, '\\$&').replace(/^[#~]/, '\\$&').replace(/([=:])~/g, '$1\\~');
}

/** As `set` and `alias` print a value: bare when it can be. */
export function setQuote(s: Bytes): Bytes {
  if (s === '') return '';
  if (CONTROL.test(s)) return ansiQuote(s);
  return METAS.test(s) ? shellQuote(s) : s;
}

function doubleQuote(s: Bytes): Bytes {
  if (CONTROL.test(s)) return ansiQuote(s);
  return `"${s.replace(/["\\$`]/g, '\\$&')}"`;
}

/** Letters of a variable's attributes, as declare shows them. */
export function declaredFlags(v: Var): string {
  let flags = '';
  if (v.arr !== null) flags += 'a';
  if (v.map !== null) flags += 'A';
  if (v.integer) flags += 'i';
  if (v.nameref) flags += 'n';
  if (v.readonly) flags += 'r';
  if (v.export) flags += 'x';
  if (v.lower) flags += 'l';
  if (v.upper) flags += 'u';
  return flags;
}

/** A variable as `declare -p` prints it. */
export function declared(name: string, v: Var): Bytes {
  const flags = declaredFlags(v);
  const head = `declare -${flags === '' ? '-' : flags} ${name}`;
  if (v.arr !== null) return `${head}=(${sortedKeys(v.arr).map((k) => `[${k}]=${doubleQuote(v.arr!.get(k)!)}`).join(' ')})`;
  if (v.map !== null) return `${head}=(${hashOrder(v.map).map((k) => `[${/^[\w./-]+$/.test(k) ? k : doubleQuote(k)}]=${doubleQuote(v.map!.get(k)!)} `).join('')})`;
  return v.v === null ? head : `${head}=${doubleQuote(v.v)}`;
}
