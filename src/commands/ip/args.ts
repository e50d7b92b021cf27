// Words of an ip command line and what is said about wrong ones. Counterpart: iproute2's lib/utils.c.
import { asJson } from './json';
import type { Op, Process } from '../../host/process';
import { out } from '../../host/syscall';
import { type Errno, strerror } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import type { Dev } from '../../kernel/core/dev';
import { devLoad } from '../../kernel/ipv4/devinet_ioctl';
import type { Kernel } from '../../kernel/kernel';
import { inetAton, maskOf, prefixOf } from '../../wire/ipv4';
import type { Ip } from '../../wire/packet';

/** Ends the command: text for stderr, exit status. */
export class IpError extends Error {
  constructor(
    readonly text: string,
    readonly status: number,
  ) {
    super(text);
  }
}

/** What exists but is not modelled; worded by ip.ts. */
export class IpNotModelled extends Error {}

/** Global options. */
export interface IpOptions {
  /** '' any, 'inet', 'inet6', 'link'. */
  family: '' | 'inet' | 'inet6' | 'link';
  oneline: boolean;
  brief: boolean;
  stats: number;
  details: boolean;
  json: boolean;
  pretty: boolean;
}

/** Everything a subcommand gets. */
export interface IpCall {
  p: Process;
  k: Kernel;
  o: IpOptions;
  a: Args;
  /** What is listed: address, link, route... */
  object: string;
}

/** A cursor over words. */
export class Args {
  private at = 0;
  constructor(readonly words: readonly Bytes[]) {}
  get more(): boolean {
    return this.at < this.words.length;
  }
  peek(): Bytes | undefined {
    return this.words[this.at];
  }
  /** Takes a word known to be there. */
  take(): Bytes {
    return this.words[this.at++]!;
  }
  /** The argument of a keyword (NEXT_ARG): its absence ends the command. */
  next(): Bytes {
    if (!this.more) throw new IpError('Command line is not complete. Try option "help"\n', 255);
    return this.take();
  }
}

/** matches(): `word` is a prefix of `full`. */
export const matches = (word: Bytes, full: string): boolean => word !== '' && full.startsWith(word);

/** The first of `names` that the word abbreviates, or ''. */
export function command(word: Bytes, names: readonly string[]): string {
  return names.find((n) => matches(word, n)) ?? '';
}

export const wrong = (arg: Bytes, why: string): IpError => new IpError(`Error: argument "${arg}" is wrong: ${why}\n`, 255);
export const duplicate = (key: string, arg: Bytes): IpError => new IpError(`Error: duplicate "${key}": "${arg}" is the second value.\n`, 255);
export const garbage = (key: string, arg: Bytes): IpError => new IpError(`Error: either "${key}" is duplicate, or "${arg}" is a garbage.\n`, 255);
/** What the kernel said, with or without its own words (extack). */
export const refused = (e: Errno, words?: string): IpError => new IpError(words === undefined ? `RTNETLINK answers: ${strerror(e)}\n` : `Error: ${words}\n`, 2);

/** An address with a prefix length. `given` is false when no length was written. */
export interface Prefix {
  ip: Ip;
  prefix: number;
  given: boolean;
}

/** get_prefix_1: `default`, `any`, A, A/LEN, A/MASK; dotted parts may be left out (10/8). Null when it is none. */
export function readPrefix(word: Bytes): Prefix | null {
  if (word === 'default' || word === 'any' || word === 'all') return { ip: 0, prefix: 0, given: true };
  const slash = word.indexOf('/');
  const ip = readAddress(slash < 0 ? word : word.slice(0, slash));
  if (ip === null) return null;
  if (slash < 0) return { ip, prefix: 32, given: false };
  const text = word.slice(slash + 1);
  if (/^(0[xX][0-9a-fA-F]+|\d+)$/.test(text)) {
    const n = Number(text);
    return n > 32 ? null : { ip, prefix: n, given: true };
  }
  const mask = readAddress(text);
  if (mask === null || prefixOf(mask) < 0) return null;
  return { ip, prefix: prefixOf(mask), given: true };
}

/** get_addr_ipv4: one to four decimal parts, missing ones are 0 (10.1 is 10.1.0.0). */
export function readAddress(word: Bytes): Ip | null {
  if (!/^\d{1,3}(\.\d{1,3}){0,3}$/.test(word)) return /^0x/i.test(word) ? inetAton(word) : null;
  const parts = word.split('.').map(Number);
  if (parts.some((n) => n > 255)) return null;
  while (parts.length < 4) parts.push(0);
  return parts.reduce((a, n) => (a << 8) | n, 0);
}

/** get_prefix, or the error that ends the command. */
export function prefix(word: Bytes): Prefix {
  const r = readPrefix(word);
  if (r === null) throw new IpError(`Error: any valid prefix is expected rather than "${word}".\n`, 1);
  return r;
}

/** get_addr, or the error that ends the command. */
export function address(word: Bytes, family = 'inet'): Ip {
  const r = word === 'default' || word === 'any' || word === 'all' ? 0 : readAddress(word);
  if (r === null) throw new IpError(`Error: ${family} address is expected rather than "${word}".\n`, 1);
  return r;
}

/** An unsigned number (C syntax), or the error naming the keyword. */
export function unsigned(word: Bytes, why: string): number {
  if (!/^(0[xX][0-9a-fA-F]+|\d+)$/.test(word)) throw wrong(word, why);
  const n = word.length > 1 && word.startsWith('0') && !/^0x/i.test(word) ? Number.parseInt(word, 8) : Number(word);
  if (n > 0xffffffff || Number.isNaN(n)) throw wrong(word, why);
  return n;
}

/** The device of a name, or `Cannot find device`. */
export function device(k: Kernel, name: Bytes): Dev {
  devLoad(k, name);
  const d = k.devByName(name);
  if (d === undefined) throw new IpError(`Cannot find device "${name}"\n`, 1);
  return d;
}

/** True when prefix `inner` lies in prefix `outer`. */
export const within = (ip: Ip, outer: Prefix): boolean => ((ip ^ outer.ip) & maskOf(outer.prefix)) === 0;

/** Writes what a listing collected; oneline output joins an entry's lines with a backslash. */
export function* print(c: IpCall, entries: readonly string[]): Op<void> {
  if (c.o.json) {
    const text = asJson(c.object, entries, c.o);
    if (typeof text !== 'string') throw new IpNotModelled(text.missing);
    yield* out(c.p, text);
    return;
  }
  let text = '';
  for (const e of entries) text += c.o.oneline ? `${e.replace(/\n$/, '').replace(/\n/g, '\\')}\n` : e;
  if (text !== '') yield* out(c.p, text);
}


/** What -s says of a flush, and -s -s of each entry. */
export function* flushed(c: IpCall, gone: readonly string[], what = 'entries'): Op<void> {
  if (c.o.stats === 0) return;
  if (gone.length === 0) yield* out(c.p, 'Nothing to flush.\n');
  else yield* out(c.p, `${c.o.stats > 1 ? gone.join('') : ''}\n*** Round 1, deleting ${gone.length} ${what} ***\n*** Flush is complete after 1 round ***\n`);
}
