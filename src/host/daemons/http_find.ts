// From a request to what is to be sent: which file, which status. Counterpart: nginx's location, static and index modules; Apache's core, dir and alias modules.
// Not modelled: content negotiation, compression, byte ranges of several parts, fancy directory listings.
import { httpDate } from '../../lib/calendar';
import { SysError } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import type { Host } from '../host';
import { type Node, nodeType, permits } from '../namei';
import { isIp6 } from '../../wire/ipv6';
import type { Ip } from '../../wire/packet';
import type { Process } from '../process';
import { type HttpRequest, normalPath } from './http';
import type { HttpConfig, HttpLocation, HttpSite } from './http_config';
import { expandVariables } from './nginx_vars';

/** What a reply is made from. */
export interface Asked {
  host: Host;
  config: HttpConfig;
  site: HttpSite;
  /** The worker, whose identity opens files. */
  worker: Process | null;
  request: HttpRequest;
  /** Address and port the client connected to, for redirects without Host. */
  localAddress: Bytes;
  localPort: number;
  client: Ip;
  clientPort: number;
}

type Look = { kind: 'file'; data: Bytes; mtime: number; path: Bytes } | { kind: 'dir'; path: Bytes } | { kind: 'error'; errno: 'ENOENT' | 'EACCES' | 'ENOTDIR'; path: Bytes };

/** What the document tree has at a path, seen with the worker's rights. */
function look(a: Asked, path: Bytes): Look {
  let node: Node;
  try {
    node = a.host.vfs.lookup(a.worker, path).node;
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    return { kind: 'error', errno: ['EACCES', 'EIO', 'ESTALE'].includes(e.errno) ? 'EACCES' : e.errno === 'ENOTDIR' ? 'ENOTDIR' : 'ENOENT', path };
  }
  if (nodeType(node) === 'dir') return { kind: 'dir', path };
  if (node.inode === null || node.inode.type !== 'file' || !permits(a.worker, node, 4)) return { kind: 'error', errno: 'EACCES', path };
  return { kind: 'file', data: node.inode.data, mtime: node.inode.mtime, path };
}

/** What is to be sent, before it is dressed. */
export interface Result {
  status: number;
  file?: { data: Bytes; mtime: number; path: Bytes };
  location?: Bytes;
  body?: { text: Bytes; type: string };
  error?: Bytes;
  headers?: [string, Bytes][];
}

/** nginx: an exact match, else the longest prefix, which the first regular expression that fits overrules unless it is `^~`. Named ones are never found. */
export const findLocation = (site: HttpSite, path: Bytes): HttpLocation | null => {
  let best: HttpLocation | null = null;
  for (const l of site.locations) {
    if (l.regex !== undefined || l.path.startsWith('@')) continue;
    if (l.exact ? l.path === path : path.startsWith(l.path)) {
      if (l.exact) return l;
      if (best === null || l.path.length > best.path.length) best = l;
    }
  }
  if (best?.final === true) return best;
  return site.locations.find((l) => l.regex !== undefined && new RegExp(l.path, l.regex).test(path)) ?? best;
};

/** allow and deny: true when the client may not. */
const shutOut = (a: Asked, l: HttpLocation | null): boolean => {
  const rule = (l?.access ?? a.site.access)?.find((r) => !isIp6(a.client) && ((a.client ^ r.net) & r.mask) === 0);
  return rule !== undefined && !rule.allow;
};

/** A body that is larger than client_max_body_size, or null. */
export function tooLarge(a: Asked, l: HttpLocation | null): Result | null {
  const limit = l?.maxBody ?? a.site.maxBody ?? 1048576;
  const length = a.request.body.length;
  return limit === 0 || length <= limit ? null : { status: 413, error: `client intended to send too large body: ${length} bytes` };
}

const ERRNO = { ENOENT: '(2: No such file or directory)', EACCES: '(13: Permission denied)', ENOTDIR: '(20: Not a directory)' } as const;

function fileOf(site: HttpSite, l: HttpLocation | null, path: Bytes): Bytes {
  if (l?.alias !== undefined) return l.alias + path.slice(l.path.length);
  return (l?.root ?? site.root) + path;
}

const absoluteUrl = (a: Asked, path: Bytes): Bytes => {
  const named = a.request.headers.get('host')?.[0];
  // The port of the socket counts, not the one in Host.
  const name = named === undefined ? a.localAddress : named.replace(/:\d*$/, '');
  return `http://${name}${a.localPort === 80 ? '' : `:${a.localPort}`}${path}`;
};

/** Content-Type by a name's ending. */
export function typeByName(config: HttpConfig, path: Bytes): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return (dot < 0 ? undefined : config.types[name.slice(dot + 1).toLowerCase()]) ?? config.defaultType;
}

/** nginx: location, return, index, static. */
export function nginxResult(a: Asked, depth = 0, givenPath?: Bytes): Result {
  const { request, site } = a;
  if (request.version === 11 && request.headers.get('host') === undefined) return { status: 400 };
  if ((request.headers.get('host')?.length ?? 0) > 1) return { status: 400 };
  const normal = givenPath === undefined ? normalPath(request.target) : { path: givenPath, query: '' };
  if (normal === null) return { status: 400 };
  if (request.method === 'TRACE') return { status: 405 };
  const { path, query } = normal;
  const l = givenPath?.startsWith('@') === true ? site.locations.find((x) => x.path === givenPath) ?? null : findLocation(site, path);
  if (l?.internal === true && givenPath === undefined) return { status: 404 };
  const large = tooLarge(a, l);
  if (large !== null) return large;
  const returns = l?.returns ?? site.returns;
  if (returns !== null && returns !== undefined) {
    const groups = l?.regex === undefined ? [] : [...(new RegExp(l.path, l.regex).exec(path) ?? [])];
    const text = expandVariables(returns.text, a, { groups });
    if ([301, 302, 303, 307, 308].includes(returns.code)) return { status: returns.code, location: text.startsWith('/') ? absoluteUrl(a, text) : text };
    return returns.text === '' ? { status: returns.code } : { status: returns.code, body: { text, type: typeByName(a.config, path) } };
  }
  if (shutOut(a, l)) return { status: 403, error: 'access forbidden by rule' };
  const tries = l?.tryFiles ?? site.tryFiles;
  if (tries !== undefined && depth < 10 && givenPath === undefined) {
    for (const t of tries.slice(0, -1)) {
      const wanted = t.replaceAll('$uri', path);
      const seen = look(a, fileOf(site, l, wanted.replace(/\/$/, '') || '/'));
      if (t.endsWith('/') ? seen.kind === 'dir' : seen.kind === 'file') return nginxStatic(a, l, t.endsWith('/') && !path.endsWith('/') ? path : wanted.replace(/\/\/$/, '/'), query);
    }
    const last = tries[tries.length - 1]!;
    if (last.startsWith('=')) return { status: Number(last.slice(1)) };
    return nginxResult(a, depth + 1, last.replaceAll('$uri', path));
  }
  return nginxStatic(a, l, path, query);
}

export function nginxStatic(a: Asked, l: HttpLocation | null, path: Bytes, query: Bytes): Result {
  const { request, site } = a;
  const get = request.method === 'GET' || request.method === 'HEAD';
  const file = fileOf(site, l, path);
  if (path.endsWith('/')) {
    if (!get && request.method !== 'POST') return { status: 405 };
    let missing = '';
    for (const name of l?.index ?? site.index) {
      const seen = look(a, file + name);
      if (seen.kind === 'file') return get ? { status: 200, file: seen } : { status: 405 };
      if (seen.kind === 'error' && seen.errno === 'EACCES') return { status: 403, error: `"${file}${name}" is forbidden ${ERRNO.EACCES}` };
      if (seen.kind === 'error' && seen.errno === 'ENOTDIR') return { status: 404, error: `"${file}${name}" is not found ${ERRNO.ENOTDIR}` };
      if (missing === '') missing = `${file}${name}`;
    }
    const dir = look(a, file);
    if (dir.kind !== 'dir') return { status: 404, error: `"${missing}" is not found ${ERRNO.ENOENT}` };
    if (l?.autoindex ?? site.autoindex) return { status: 200, body: { text: nginxListing(a, path, file), type: 'text/html' } };
    return { status: 403, error: `directory index of "${file}" is forbidden` };
  }
  if (!get && request.method !== 'POST') return { status: 405 };
  const seen = look(a, file);
  if (seen.kind === 'error') return { status: seen.errno === 'EACCES' ? 403 : 404, error: `open() "${file}" failed ${ERRNO[seen.errno]}` };
  if (seen.kind === 'dir') return { status: 301, location: absoluteUrl(a, `${path}/${query}`) };
  return get ? { status: 200, file: seen } : { status: 405 };
}

function nginxListing(a: Asked, path: Bytes, dir: Bytes): Bytes {
  let out = `<html>\n<head><title>Index of ${path}</title></head>\n<body>\n<h1>Index of ${path}</h1><hr><pre><a href="../">../</a>\n`;
  for (const name of a.host.vfs.names(dir.replace(/(.)\/$/, '$1'))) {
    if (name.startsWith('.')) continue;
    const s = a.host.vfs.stat(null, dir + name);
    const label = s.type === 'dir' ? `${name}/` : name;
    const d = httpDate(s.mtime);
    out += `<a href="${label}">${label}</a>${' '.repeat(Math.max(1, 51 - label.length))}${d.slice(5, 7)}-${d.slice(8, 11)}-${d.slice(12, 16)} ${d.slice(17, 22)} ${(s.type === 'dir' ? '-' : String(s.size)).padStart(19)}\n`;
  }
  return `${out}</pre><hr></body>\n</html>\n`;
}

/** Apache: walks <Directory> rules, then the file or the directory index. */
export function httpdResult(a: Asked, depth = 0, givenPath?: Bytes): Result {
  const { request, site } = a;
  if (request.version === 11 && request.headers.get('host') === undefined) return { status: 400 };
  if (givenPath === undefined && /%2f/i.test(request.target)) return { status: 404 };
  const normal = givenPath === undefined ? normalPath(request.target) : { path: givenPath, query: '' };
  if (normal === null) return { status: 400 };
  const { path, query } = normal;
  const l = site.locations.filter((x) => (x.exact ? x.path === path && x.tryFiles === undefined : path === x.path || path.startsWith(x.path.endsWith('/') ? x.path : `${x.path}/`))).sort((x, y) => y.path.length - x.path.length)[0] ?? null;
  if (l?.returns !== undefined) return { status: l.returns.code, location: l.returns.text + path.slice(l.path.length) };
  if (l?.denied) return { status: 403 };
  if (request.method === 'OPTIONS') return { status: 200, body: { text: '', type: 'text/html' }, headers: [['Allow', 'GET,HEAD,POST,OPTIONS,TRACE']] };
  if (!['GET', 'HEAD', 'POST'].includes(request.method)) return { status: request.method === 'TRACE' ? 405 : /^(PUT|DELETE|PATCH)$/.test(request.method) ? 405 : 501, headers: [['Allow', 'GET,HEAD,POST,OPTIONS,TRACE']] };
  const file = fileOf(site, l, path);
  const rule = (name: 'indexes' | 'denied'): boolean => {
    let length = -1;
    let value = false;
    for (const d of a.config.directories) {
      const covers = d.path === '/' || file === d.path || file.startsWith(`${d.path}/`);
      if (covers && d[name] !== null && d.path.length > length) {
        length = d.path.length;
        value = d[name]!;
      }
    }
    return value;
  };
  if (rule('denied') || /(^|\/)\.ht[^/]*$/.test(path)) return { status: 403, error: `client denied by server configuration: ${file}` };
  const seen = look(a, path.endsWith('/') ? file.replace(/(.)\/$/, '$1') : file);
  if (seen.kind === 'error') {
    return seen.errno === 'EACCES' ? { status: 403, error: `(13)Permission denied: file permissions deny server access: ${file}` } : { status: 404, error: `File does not exist: ${file}` };
  }
  if (seen.kind === 'file') return path.endsWith('/') ? { status: 404, error: `File does not exist: ${file}` } : { status: 200, file: seen };
  if (!path.endsWith('/')) return { status: 301, location: absoluteUrl(a, `${path}/${query}`) };
  for (const name of site.index) {
    const inner = look(a, file + name);
    if (inner.kind === 'file') return { status: 200, file: inner };
    if (inner.kind === 'error' && inner.errno === 'EACCES') return { status: 403, error: `(13)Permission denied: file permissions deny server access: ${file}${name}` };
  }
  const special = site.locations.find((x) => x.exact && x.path === path && x.tryFiles !== undefined);
  if (rule('indexes') && special?.autoindex !== false) return { status: 200, body: { text: httpdListing(a, path, file), type: 'text/html;charset=UTF-8' } };
  const shown = special?.tryFiles?.[0] === '=403' && depth === 0 ? httpdResult(a, 1, special.tryFiles[1]!) : null;
  const error = `Cannot serve directory ${file}: No matching DirectoryIndex (${site.index.join(',')}) found, and server-generated directory index forbidden by Options directive`;
  return shown?.file !== undefined ? { status: 403, file: shown.file, error } : { status: 403, error };
}

function httpdListing(a: Asked, path: Bytes, dir: Bytes): Bytes {
  const shown = path.replace(/(.)\/$/, '$1');
  const up = shown.slice(0, shown.lastIndexOf('/') + 1) || '/';
  let out = `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n<html>\n <head>\n  <title>Index of ${shown}</title>\n </head>\n <body>\n<h1>Index of ${shown}</h1>\n<ul>`;
  if (path !== '/') out += `<li><a href="${up}"> Parent Directory</a></li>\n`;
  for (const name of a.host.vfs.names(dir.replace(/(.)\/$/, '$1'))) {
    if (name.startsWith('.')) continue;
    const label = a.host.vfs.stat(null, dir + name).type === 'dir' ? `${name}/` : name;
    out += `<li><a href="${label}"> ${label}</a></li>\n`;
  }
  return `${out}</ul>\n</body></html>\n`;
}
