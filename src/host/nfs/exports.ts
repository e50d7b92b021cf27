// Which folder is given to whom: /etc/exports, the table made of it (/var/lib/nfs/etab), and which entry a client meets. Counterpart: nfs-utils' exports(5), exportfs, mountd.
// Not modelled: netgroups, Kerberos (sec= other than sys), pNFS, refer=, replicas, fsid=, IPv6 clients.
import type { Bytes } from '../../lib/text';
import { inetAton, maskOf } from '../../wire/ipv4';
import type { Ip } from '../../wire/packet';
import type { Host } from '../host';

/** One folder for one set of clients. */
export interface Export {
  path: Bytes;
  /** As written: an address, network, name with or without stars, or '*'. */
  client: Bytes;
  ro: boolean;
  sync: boolean;
  secure: boolean;
  rootSquash: boolean;
  allSquash: boolean;
  anonuid: number;
  anongid: number;
  subtree: boolean;
  wdelay: boolean;
}

export const EXPORTS = '/etc/exports';
export const ETAB = '/var/lib/nfs/etab';
const NOBODY = 65534;

const fresh = (path: Bytes, client: Bytes): Export => ({
  path, client, ro: true, sync: true, secure: true, rootSquash: true, allSquash: false, anonuid: NOBODY, anongid: NOBODY, subtree: false, wdelay: true,
});

/** What an option does to an entry. */
const OPTIONS: Readonly<Record<string, (e: Export) => void>> = {
  ro: (e) => void (e.ro = true), rw: (e) => void (e.ro = false), sync: (e) => void (e.sync = true), async: (e) => void (e.sync = false),
  secure: (e) => void (e.secure = true), insecure: (e) => void (e.secure = false), root_squash: (e) => void (e.rootSquash = true), no_root_squash: (e) => void (e.rootSquash = false),
  all_squash: (e) => void (e.allSquash = true), no_all_squash: (e) => void (e.allSquash = false), subtree_check: (e) => void (e.subtree = true), no_subtree_check: (e) => void (e.subtree = false),
  wdelay: (e) => void (e.wdelay = true), no_wdelay: (e) => void (e.wdelay = false),
};
/** Options that change nothing here. */
const IDLE = new Set(['hide', 'nohide', 'crossmnt', 'nocrossmnt', 'secure_locks', 'insecure_locks', 'auth_nlm', 'no_auth_nlm', 'acl', 'no_acl', 'no_pnfs', 'sec=sys']);

/** A complaint of exportfs. `fatal`: nothing of that line counts. */
export interface Complaint {
  text: Bytes;
  notModelled: boolean;
}

/** Applies `rw,sync,...`; the first keyword it does not take, or null. */
export function applyOptions(e: Export, text: Bytes): { word: Bytes; notModelled: boolean } | null {
  for (const word of text.split(',')) {
    if (word === '' || IDLE.has(word)) continue;
    const id = /^anon([ug]id)=(-?\d+)$/.exec(word);
    if (id !== null) {
      e[`anon${id[1] as 'uid' | 'gid'}`] = Number(id[2]) >>> 0;
      continue;
    }
    const set = OPTIONS[word];
    if (set === undefined) return { word, notModelled: /^(sec|fsid|refer|replicas|mountpoint|mp|pnfs)(=|$)/.test(word) };
    set(e);
  }
  return null;
}

/** Reads the text of an exports file. */
export function parseExports(text: Bytes, file: Bytes): { exports: Export[]; complaints: Complaint[] } {
  const exports: Export[] = [];
  const complaints: Complaint[] = [];
  const lines = text.replace(/\\\n/g, ' ').split('\n');
  for (const [i, raw] of lines.entries()) {
    const words = raw.replace(/#.*/, '').split(/[ \t]+/).filter((w) => w !== '');
    const path = words.shift();
    if (path === undefined) continue;
    if (!path.startsWith('/')) {
      complaints.push({ text: `exportfs: ${file}:${i + 1}: syntax error: bad path name "${path}"`, notModelled: false });
      continue;
    }
    let defaults = '';
    for (const w of words.length === 0 ? ['*'] : words) {
      if (w.startsWith('-')) {
        defaults = w.slice(1);
        continue;
      }
      const m = /^([^()]*)(?:\(([^()]*)\))?$/.exec(w);
      if (m === null) {
        complaints.push({ text: `exportfs: ${file}:${i + 1}: syntax error: bad option list`, notModelled: false });
        break;
      }
      const client = m[1] === '' ? '*' : m[1]!;
      if (/^@|^gss\//.test(client)) {
        complaints.push({ text: `${client} in ${file}`, notModelled: true });
        continue;
      }
      const e = fresh(path.length > 1 ? path.replace(/\/+$/, '') : path, client);
      if (m[2] === undefined && defaults === '') {
        complaints.push({ text: `exportfs: No options for ${path} ${client === '*' ? '' : client}: suggest ${client === '*' ? '*' : client}(sync) to avoid warning`, notModelled: false });
      }
      const bad = applyOptions(e, `${defaults},${m[2] ?? ''}`);
      if (bad !== null) {
        complaints.push(bad.notModelled ? { text: `option ${bad.word} in ${file}`, notModelled: true } : { text: `exportfs: ${file}:${i + 1}: unknown keyword "${bad.word}"\n`, notModelled: false });
        break;
      }
      exports.push(e);
    }
  }
  return { exports, complaints };
}

/** Options in the order `exportfs -v` prints them. */
export const shownOptions = (e: Export): Bytes =>
  [e.sync ? 'sync' : 'async', e.wdelay ? 'wdelay' : 'no_wdelay', 'hide', e.subtree ? '' : 'no_subtree_check', e.anonuid === NOBODY ? '' : `anonuid=${e.anonuid}`, e.anongid === NOBODY ? '' : `anongid=${e.anongid}`, 'sec=sys', e.ro ? 'ro' : 'rw', e.secure ? 'secure' : 'insecure', e.rootSquash ? 'root_squash' : 'no_root_squash', e.allSquash ? 'all_squash' : 'no_all_squash'].filter((w) => w !== '').join(',');

/** A line of /var/lib/nfs/etab. */
export const etabLine = (e: Export): Bytes =>
  `${e.path}\t${e.client}(${[e.ro ? 'ro' : 'rw', e.sync ? 'sync' : 'async', e.wdelay ? 'wdelay' : 'no_wdelay', 'hide', 'nocrossmnt', e.secure ? 'secure' : 'insecure', e.rootSquash ? 'root_squash' : 'no_root_squash', e.allSquash ? 'all_squash' : 'no_all_squash', e.subtree ? 'subtree_check' : 'no_subtree_check', 'secure_locks', 'acl', 'no_pnfs', `anonuid=${e.anonuid}`, `anongid=${e.anongid}`, 'sec=sys'].join(',')})\n`;

/** What is exported now. */
export function exported(host: Host): readonly Export[] {
  return host.vfs.derived('nfs etab', () => parseExports(host.vfs.read(ETAB) ?? '', ETAB).exports);
}

/** Names of an address in /etc/hosts. */
const namesOf = (host: Host, ip: Ip): Bytes[] =>
  (host.vfs.read('/etc/hosts') ?? '').split('\n').flatMap((l) => {
    const words = l.replace(/#.*/, '').split(/[ \t]+/).filter((w) => w !== '');
    return inetAton(words[0] ?? '') === ip ? words.slice(1) : [];
  });

/** How well an entry's client means an address: the smaller, the better; 0 not at all. A single host goes before a network, that before stars. */
export function matchClient(host: Host, client: Bytes, ip: Ip): number {
  if (client === '*') return 4;
  const slash = client.indexOf('/');
  if (slash > 0) {
    const net = inetAton(client.slice(0, slash));
    const bits = client.slice(slash + 1);
    const mask = bits.includes('.') ? inetAton(bits) : /^\d+$/.test(bits) && Number(bits) <= 32 ? maskOf(Number(bits)) : null;
    return net !== null && mask !== null && (net & mask) === (ip & mask) ? 2 : 0;
  }
  const own = inetAton(client);
  if (own !== null) return own === ip ? 1 : 0;
  const names = namesOf(host, ip);
  if (!/[*?[]/.test(client)) return names.includes(client) ? 1 : 0;
  const re = new RegExp(`^${client.replace(/[.+^${}()|\\]/g, '\\$&').replace(/\*/g, '[^.]*').replace(/\?/g, '[^.]')}$`);
  return names.some((n) => re.test(n)) ? 3 : 0;
}

/** The entry that gives `path`, or a folder above it, to a client; null when none does. The longest path wins, then the closest client. */
export function exportFor(host: Host, path: Bytes, ip: Ip): Export | null {
  let best: { e: Export; rank: number } | null = null;
  for (const e of exported(host)) {
    if (!(path === e.path || e.path === '/' || path.startsWith(`${e.path}/`))) continue;
    const rank = matchClient(host, e.client, ip);
    if (rank === 0) continue;
    if (best === null || e.path.length > best.e.path.length || (e.path.length === best.e.path.length && rank < best.rank)) best = { e, rank };
  }
  return best?.e ?? null;
}
