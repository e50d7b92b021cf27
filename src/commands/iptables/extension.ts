// What an extension of iptables is in userland: its options, how they change its data, how the data are shown. Counterpart: struct xtables_match and xtables_target,
// and the checks of libxtables' guided option parser (xtoptions.c).
import type { Process } from '../../host/process';
import type { Bytes } from '../../lib/text';
import type { Rule } from '../../kernel/netfilter/x_tables';
import { problem } from './problem';

/** A long option of an extension. Aliases name their canonical option in `of`. */
export interface ExtOption {
  name: string;
  of?: string;
  /** Takes no argument. */
  flag?: true;
  invert?: true;
  must?: true;
  /** Other options (canonical names) it cannot stand beside. */
  not?: readonly string[];
}

/** What an extension may need to know while it parses or prints. */
export interface Around {
  p: Process;
  rule: Rule;
  numeric: boolean;
  /** Takes the next word of the command line (of --tcp-flags), or null when it is an option. */
  next?: () => Bytes | null;
}

/** One extension. `T` is the kernel's data for it. */
export interface Extension<T extends object> {
  readonly name: string;
  readonly options: readonly ExtOption[];
  /** Old-style parser: it makes its own checks of repetition. */
  readonly old?: true;
  readonly init: () => T;
  /** `option` is canonical, without dashes. */
  readonly parse: (m: T, option: string, value: Bytes, inv: boolean, around: Around) => void;
  readonly check?: (m: T, seen: ReadonlySet<string>, around: Around) => void;
  /** For -L, with a leading blank, or ''. */
  readonly print: (m: T, around: Around) => Bytes;
  /** For -S, with a leading blank, or ''. */
  readonly save: (m: T, around: Around) => Bytes;
}

/** The checks libxtables makes when an option is met. */
export function checkOption(ext: Extension<object>, o: ExtOption, seen: ReadonlySet<string>, inv: boolean): void {
  if (ext.old === true) return;
  const canonical = o.of ?? o.name;
  if (seen.has(canonical)) throw problem(`${ext.name}: option "--${o.name}" can only be used once.\n`);
  if (inv && o.invert !== true) throw problem(`${ext.name}: option "--${o.name}" cannot be inverted.\n`);
}

/** The checks libxtables makes at the end. */
export function checkSeen(ext: Extension<object>, seen: ReadonlySet<string>): void {
  for (const o of ext.options) {
    if (o.of !== undefined) continue;
    if (o.must === true && !seen.has(o.name)) throw problem(`${ext.name}: option "--${o.name}" must be specified\n`);
    if (!seen.has(o.name)) continue;
    for (const other of ext.options) {
      if (other.of === undefined && seen.has(other.name) && o.not?.includes(other.name) === true) {
        throw problem(`${ext.name}: option "--${o.name}" cannot be used together with "--${other.name}".\n`);
      }
    }
  }
}

/** A number as xtables_strtoui takes it: decimal, octal (0..) or hex (0x..); null when it is none or above `max`. */
export function strtoui(text: Bytes, max = 0xffffffff): number | null {
  const n = /^0[xX][0-9a-fA-F]+$/.test(text) ? Number.parseInt(text, 16) : /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : /^\d+$/.test(text) ? Number(text) : null;
  return n === null || n > max ? null : n;
}

/** "value[/mask]" of marks, as int32. */
export function markMask(ext: string, option: string, text: Bytes): { mark: number; mask: number } {
  const [a, b] = text.split('/', 2) as [string, string?];
  const mark = strtoui(a);
  const mask = b === undefined ? 0xffffffff : strtoui(b);
  if (mark === null || mask === null) throw problem(`${ext}: bad integer value for option "--${option}", or out of range.\n`);
  return { mark: mark | 0, mask: mask | 0 };
}

export const hex = (n: number): Bytes => `0x${(n >>> 0).toString(16)}`;
