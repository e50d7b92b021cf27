// tr: translates, squeezes, deletes bytes. Counterpart: coreutils tr.c.
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { ByteSource, define, errnoText, Fatal, put, quote, say, usageError } from './io';
import { table } from './options';
import { CLASSES } from './posix_class';

interface Item {
  bytes: number[];
  /** Class name when it came from [:class:]. */
  cls: string | null;
  /** [c*]: fills up to the length of SET1. */
  fill: boolean;
}

function parseSet(text: Bytes, second: boolean): Item[] {
  const items: Item[] = [];
  const units: { c: number; escaped: boolean }[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '\\' || i + 1 >= text.length) {
      units.push({ c: text.charCodeAt(i), escaped: false });
      continue;
    }
    const octal = /^[0-7]{1,3}/.exec(text.slice(i + 1))?.[0];
    if (octal !== undefined) {
      let digits = octal;
      if (Number.parseInt(digits, 8) > 255) digits = digits.slice(0, 2);
      units.push({ c: Number.parseInt(digits, 8), escaped: true });
      i += digits.length;
      continue;
    }
    const named: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };
    const n = text[++i]!;
    units.push({ c: named[n] ?? n.charCodeAt(0), escaped: true });
  }
  const plain = (i: number, ch: string): boolean => units[i] !== undefined && !units[i]!.escaped && units[i]!.c === ch.charCodeAt(0);
  for (let i = 0; i < units.length; ) {
    if (plain(i, '[') && (plain(i + 1, ':') || plain(i + 1, '='))) {
      const mark = String.fromCharCode(units[i + 1]!.c);
      let end = -1;
      for (let k = i + 2; k + 1 < units.length; k++) {
        if (plain(k, mark) && plain(k + 1, ']')) {
          end = k;
          break;
        }
      }
      if (end > 0) {
        const name = units.slice(i + 2, end).map((u) => String.fromCharCode(u.c)).join('');
        if (mark === ':') {
          const test = CLASSES[name];
          if (test === undefined) throw new Fatal(`tr: invalid character class ${quote(name)}\n`, 1);
          const bytes: number[] = [];
          for (let b = 0; b < 256; b++) if (test(b)) bytes.push(b);
          items.push({ bytes, cls: name, fill: false });
        } else {
          if (name.length !== 1) throw new Fatal(`tr: ${name}: equivalence class operand must be a single character\n`, 1);
          items.push({ bytes: [name.charCodeAt(0)], cls: null, fill: false });
        }
        i = end + 2;
        continue;
      }
    }
    if (second && plain(i, '[') && units[i + 1] !== undefined && plain(i + 2, '*')) {
      let k = i + 3;
      let digits = '';
      while (units[k] !== undefined && !units[k]!.escaped && units[k]!.c >= 48 && units[k]!.c <= 57) digits += String.fromCharCode(units[k++]!.c);
      if (plain(k, ']')) {
        const n = digits === '' ? 0 : digits.startsWith('0') ? Number.parseInt(digits, 8) : Number(digits);
        items.push({ bytes: new Array<number>(n).fill(units[i + 1]!.c), cls: null, fill: n === 0 });
        if (n === 0) items[items.length - 1]!.bytes = [units[i + 1]!.c];
        i = k + 1;
        continue;
      }
    }
    if (plain(i + 1, '-') && units[i + 2] !== undefined) {
      const lo = units[i]!.c;
      const hi = units[i + 2]!.c;
      if (hi < lo) {
        const show = (u: { c: number }): string => (u.c < 32 || u.c > 126 ? `\\${u.c.toString(8).padStart(3, '0')}` : String.fromCharCode(u.c));
        throw new Fatal(`tr: range-endpoints of '${show(units[i]!)}-${show(units[i + 2]!)}' are in reverse collating sequence order\n`, 1);
      }
      const bytes: number[] = [];
      for (let b = lo; b <= hi; b++) bytes.push(b);
      items.push({ bytes, cls: null, fill: false });
      i += 3;
      continue;
    }
    items.push({ bytes: [units[i]!.c], cls: null, fill: false });
    i++;
  }
  return items;
}

const flat = (items: readonly Item[]): number[] => items.flatMap((i) => i.bytes);

export const tr = define({
  name: 'tr',
  summary: 'Translate, squeeze, and/or delete characters from standard input, writing to standard output.',
  path: '/usr/bin/tr',
  package: 'coreutils',
  options: table('-c -C --complement: use the complement of ARRAY1', '-d --delete: delete characters in ARRAY1, do not translate', '-s --squeeze-repeats: replace each sequence of a repeated character with a single occurrence', '-t --truncate-set1: first truncate ARRAY1 to length of ARRAY2'),
  getopt: { badExit: 1, stopAtOperand: true },
  *run(p, opts, args) {
    const del = opts.has('-d');
    const squeeze = opts.has('-s');
    const least = del === squeeze ? 2 : 1;
    const most = del && !squeeze ? 1 : 2;
    if (args.length === 0) throw usageError('tr', 'missing operand');
    if (args.length < least) throw new Fatal(`tr: missing operand after ${quote(args[0]!)}\n${squeeze ? 'Two strings must be given when both deleting and squeezing repeats.' : 'Two strings must be given when translating.'}\nTry 'tr --help' for more information.\n`, 1);
    if (args.length > most) throw new Fatal(`tr: extra operand ${quote(args[most]!)}\n${args.length === 2 ? 'Only one string may be given when deleting without squeezing repeats.\n' : ''}Try 'tr --help' for more information.\n`, 1);
    const set1 = parseSet(args[0]!, false);
    const set2 = args[1] === undefined ? null : parseSet(args[1], true);
    let from = flat(set1);
    const complement = opts.has('-c');
    if (complement) {
      const has = new Set(from);
      from = [];
      for (let b = 0; b < 256; b++) if (!has.has(b)) from.push(b);
    }
    const map = new Uint8Array(256).map((_v, i) => i);
    const drop = new Uint8Array(256);
    const squash = new Uint8Array(256);
    if (del) {
      for (const b of from) drop[b] = 1;
      if (squeeze) for (const b of flat(set2!)) squash[b] = 1;
    } else if (set2 !== null) {
      let to: number[];
      const fill = set2.findIndex((i) => i.fill);
      if (fill >= 0) {
        const others = set2.reduce((n, i, k) => n + (k === fill ? 0 : i.bytes.length), 0);
        const times = Math.max(0, from.length - others);
        to = set2.flatMap((i, k) => (k === fill ? new Array<number>(times).fill(i.bytes[0]!) : i.bytes));
      } else to = flat(set2);
      for (const i of set2) if (i.cls !== null && i.cls !== 'upper' && i.cls !== 'lower') throw new Fatal("tr: when translating, the only character classes that may appear in\nstring2 are 'upper' and 'lower'\n", 1);
      const caseTo = set2.length === 1 ? set2[0]!.cls : null;
      const caseFrom = set1.length === 1 && !complement ? set1[0]!.cls : null;
      if (caseTo !== null && (caseFrom === 'upper' || caseFrom === 'lower') && caseFrom !== caseTo) to = from.map((b) => b ^ 32);
      else if (set2.some((i) => i.cls !== null) && !set1.some((i) => i.cls === 'upper' || i.cls === 'lower')) throw new Fatal('tr: misaligned [:upper:] and/or [:lower:] construct\n', 1);
      if (to.length === 0) {
        if (from.length > 0 && !opts.has('-t')) throw new Fatal('tr: when not truncating set1, string2 must be non-empty\n', 1);
      } else {
        if (opts.has('-t')) from = from.slice(0, to.length);
        else while (to.length < from.length) to.push(to[to.length - 1]!);
        from.forEach((b, i) => {
          map[b] = to[i]!;
        });
      }
      if (squeeze) for (const b of to) squash[b] = 1;
    } else for (const b of from) squash[b] = 1;
    if (args.some((a) => /^(?:[^\\]|\\[\s\S])*\\$/.test(a))) yield* say(p, 'tr', 'warning: an unescaped backslash at end of string is not portable');
    const src = new ByteSource(p, 0);
    let last = -1;
    for (;;) {
      let piece: Bytes;
      try {
        piece = yield* src.next();
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        throw new Fatal(`tr: read error: ${errnoText(e)}\n`, 1);
      }
      if (piece === '') return 0;
      let o = '';
      for (let i = 0; i < piece.length; i++) {
        const c = piece.charCodeAt(i);
        if (drop[c]) continue;
        const b = map[c]!;
        if (b === last && squash[b]) continue;
        last = b;
        o += String.fromCharCode(b);
      }
      yield* put(p, o);
    }
  },
});
