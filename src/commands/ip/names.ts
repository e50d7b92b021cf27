// Numbers with names in iproute2's listings: scopes, route protocols, tables. Counterpart: lib/rt_names.c with /etc/iproute2/*.
import type { Process } from '../../host/process';
import { readFile } from '../../host/syscall';
import { wrong } from './args';

const SCOPES: Readonly<Record<string, number>> = { global: 0, universe: 0, nowhere: 255, host: 254, link: 253, site: 200 };
const PROTOS: Readonly<Record<string, number>> = {
  none: 0, unspec: 0, redirect: 1, kernel: 2, boot: 3, static: 4, gated: 8, ra: 9, mrt: 10, zebra: 11, bird: 12, dnrouted: 13, xorp: 14, ntk: 15, dhcp: 16,
  keepalived: 18, babel: 42, openr: 99, bgp: 186, isis: 187, ospf: 188, rip: 189, eigrp: 192,
};
const TABLES: Readonly<Record<string, number>> = { default: 253, main: 254, local: 255 };

const nameOf = (names: Readonly<Record<string, number>>, n: number): string => Object.keys(names).find((x) => names[x] === n) ?? String(n);

/** /etc/iproute2/rt_tables: names a person gave to tables. */
function ownTables(p: Process): Record<string, number> {
  const found: Record<string, number> = {};
  try {
    for (const line of readFile(p, '/etc/iproute2/rt_tables').split('\n')) {
      const m = /^\s*(0x[0-9a-fA-F]+|\d+)\s+([^\s#]+)/.exec(line);
      if (m !== null) found[m[2]!] = Number(m[1]);
    }
  } catch {
    // the file is optional
  }
  return found;
}

export const scopeName = (n: number): string => nameOf(SCOPES, n);
export const protoName = (n: number): string => nameOf(PROTOS, n);
export const tableName = (p: Process, n: number): string => nameOf({ ...TABLES, ...ownTables(p) }, n);

function read(names: Readonly<Record<string, number>>, word: string, limit: number, why: string): number {
  const known = names[word];
  if (known !== undefined) return known;
  const n = /^(0x[0-9a-fA-F]+|\d+)$/i.test(word) ? Number(word) : -1;
  if (n < 0 || n > limit) throw wrong(word, why);
  return n;
}

export const readScope = (word: string): number => read(SCOPES, word, 255, 'invalid "scope" value.');
export const readProto = (word: string): number => read(PROTOS, word, 255, '"protocol" value is invalid');
export const readTable = (p: Process, word: string): number => read({ ...TABLES, ...ownTables(p) }, word, 0xffffffff, '"table" value is invalid');
