// getent(1): entries of the name service databases. Counterpart: glibc's nss/getent.c over /etc files.
// Not modelled: databases without a file here (netgroup, initgroups, gshadow, aliases, ethers, rpc).
import type { Op, Process, Run } from '../host/process';
import { databaseLines, gethostbyname, hostLines } from '../host/resolve';
import { err, out, readFile } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { inetAton, ipText } from '../wire/ipv4';
import { command, notModelled } from './command';

const TRY = "Try `getent --help' or `getent --usage' for more information.\n";
const OTHER = new Set(['aliases', 'ethers', 'gshadow', 'initgroups', 'netgroup', 'rpc']);

/** Lines that answer one key (null: all); null when the key is not there. */
function lookup(p: Process, db: string, key: Bytes | null): Bytes | null {
  const colon = (file: string): Bytes | null => {
    const rows = readFile(p, file).split('\n').filter((l) => l !== '');
    const found = key === null ? rows : rows.filter((l) => l.split(':')[0] === key || (file !== '/etc/shadow' && l.split(':')[2] === key)).slice(0, 1);
    return found.length === 0 && key !== null ? null : found.map((l) => `${l}\n`).join('');
  };
  const hosts = (text: Bytes, names: readonly Bytes[]): Bytes => `${text.padEnd(15)} ${names.join(' ')}\n`;
  switch (db) {
    case 'passwd':
    case 'group':
    case 'shadow':
      return colon(`/etc/${db}`);
    case 'hosts':
    case 'ahosts':
    case 'ahostsv4': {
      const all = hostLines(p);
      if (key === null) return all.map((h) => hosts(h.text, h.names)).join('');
      if (db !== 'hosts') {
        const ip = gethostbyname(p, key);
        if (ip === null) return null;
        const t = ipText(ip).padEnd(15);
        return `${t} STREAM ${key}\n${t} DGRAM  \n${t} RAW    \n`;
      }
      const ip = inetAton(key);
      const found = ip !== null ? all.filter((h) => h.ip === ip).slice(0, 1) : all.filter((h) => h.names.some((n) => n.toLowerCase() === key.toLowerCase()));
      return found.length === 0 ? null : found.map((h) => hosts(h.text, h.names)).join('');
    }
    case 'services': {
      const [name, proto] = (key ?? '').split('/');
      const rows = databaseLines(p, '/etc/services');
      const found = key === null ? rows : rows.filter((r) => (r[0] === name || r.slice(2).includes(name!) || r[1]!.split('/')[0] === name) && (proto === undefined || r[1]!.endsWith(`/${proto}`))).slice(0, 1);
      return found.length === 0 ? null : found.map((r) => `${r[0]!.padEnd(21)} ${r.slice(1).join(' ')}\n`).join('');
    }
    case 'protocols':
    case 'networks': {
      const rows = databaseLines(p, `/etc/${db}`);
      const found = key === null ? rows : rows.filter((r) => r[0] === key || r[1] === key || r.slice(2).includes(key)).slice(0, 1);
      return found.length === 0 ? null : found.map((r) => `${r[0]!.padEnd(db === 'networks' ? 22 : 21)} ${r.slice(1).join(' ')}\n`).join('');
    }
    default:
      return '';
  }
}

function* run(p: Process, words: Bytes[]): Op<number> {
  const [db, ...keys] = words;
  if (db === undefined) {
    yield* err(p, `getent: wrong number of arguments\n${TRY}`);
    return 1;
  }
  if (OTHER.has(db) || db === 'ahostsv6') return yield* notModelled(p, 'getent', `database ${db}`);
  if (!['passwd', 'group', 'shadow', 'hosts', 'ahosts', 'ahostsv4', 'services', 'protocols', 'networks'].includes(db)) {
    yield* err(p, `Unknown database: ${db}\n`);
    yield* out(p, TRY);
    return 1;
  }
  if (keys.length === 0) {
    yield* out(p, lookup(p, db, null) ?? '');
    return 0;
  }
  let status = 0;
  for (const key of keys) {
    const text = lookup(p, db, key);
    if (text === null) status = 2;
    else yield* out(p, text);
  }
  return status;
}

export const getent = command({
  name: 'getent',
  summary: 'entries of the name service databases',
  path: '/usr/bin/getent',
  package: 'libc-bin',
  options: { '-s': { kind: 'value', says: 'service to use', modelled: false }, '-i': { kind: 'flag', says: 'no IDN' } },
  getopt: { badExit: 64, tryHelp: TRY },
  synopsis: '[OPTION...] database [key ...]',
  *run(p, _opts, args): Run {
    return yield* run(p, args);
  },
});
