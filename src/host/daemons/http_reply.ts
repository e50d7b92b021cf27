// From a request to a reply: which file, which status, which headers. Counterpart: nginx's static, index and header filter modules; Apache's core, dir and http filters.
// Not modelled: content negotiation, compression, byte ranges of several parts, fancy directory listings.
import { httpDate, parseHttpDate } from '../../lib/calendar';
import { SysError } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import type { Host } from '../host';
import { type Node, nodeType, permits } from '../namei';
import type { Process } from '../process';
import { type HttpRequest, normalPath, REASON } from './http';
import type { HttpConfig, HttpLocation, HttpSite } from './http_config';

/** A reply without its Date: `head + date + rest` is what is sent. */
export interface Reply {
  status: number;
  /** Up to and including 'Date: '. Empty for HTTP/0.9. */
  head: Bytes;
  /** From the end of the date on: other headers, blank line, body. */
  rest: Bytes;
  /** Bytes of body sent, for the log. */
  bodyBytes: number;
  /** The connection ends after it. */
  close: boolean;
  /** Line for the error log, or ''. */
  error: Bytes;
}

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
}

type Look = { kind: 'file'; data: Bytes; mtime: number; path: Bytes } | { kind: 'dir'; path: Bytes } | { kind: 'error'; errno: 'ENOENT' | 'EACCES' | 'ENOTDIR'; path: Bytes };

/** What the document tree has at a path, seen with the worker's rights. */
function look(a: Asked, path: Bytes): Look {
  let node: Node;
  try {
    node = a.host.vfs.lookup(a.worker, path).node;
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    return { kind: 'error', errno: e.errno === 'EACCES' ? 'EACCES' : e.errno === 'ENOTDIR' ? 'ENOTDIR' : 'ENOENT', path };
  }
  if (nodeType(node) === 'dir') return { kind: 'dir', path };
  if (node.inode === null || node.inode.type !== 'file' || !permits(a.worker, node, 4)) return { kind: 'error', errno: 'EACCES', path };
  return { kind: 'file', data: node.inode.data, mtime: node.inode.mtime, path };
}

/** What is to be sent, before it is dressed. */
interface Result {
  status: number;
  file?: { data: Bytes; mtime: number; path: Bytes };
  location?: Bytes;
  body?: { text: Bytes; type: string };
  error?: Bytes;
  headers?: [string, Bytes][];
}

const find = (site: HttpSite, path: Bytes): HttpLocation | null => {
  let best: HttpLocation | null = null;
  for (const l of site.locations) {
    if (l.exact ? l.path === path : path.startsWith(l.path)) {
      if (l.exact) return l;
      if (best === null || l.path.length > best.path.length) best = l;
    }
  }
  return best;
};

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

/** nginx: location, return, index, static. */
function nginxResult(a: Asked, depth = 0, givenPath?: Bytes): Result {
  const { request, site } = a;
  if (request.version === 11 && request.headers.get('host') === undefined) return { status: 400 };
  if ((request.headers.get('host')?.length ?? 0) > 1) return { status: 400 };
  const normal = givenPath === undefined ? normalPath(request.target) : { path: givenPath, query: '' };
  if (normal === null) return { status: 400 };
  if (request.method === 'TRACE') return { status: 405 };
  const { path, query } = normal;
  const l = find(site, path);
  const returns = l?.returns ?? site.returns;
  if (returns !== null && returns !== undefined) {
    const text = returns.text.replaceAll('$request_uri', request.target).replaceAll('$host', a.request.headers.get('host')?.[0] ?? '').replaceAll('$scheme', 'http').replaceAll('$uri', path);
    if ([301, 302, 303, 307, 308].includes(returns.code)) return { status: returns.code, location: text.startsWith('/') ? absoluteUrl(a, text) : text };
    return returns.text === '' ? { status: returns.code } : { status: returns.code, body: { text, type: a.config.defaultType } };
  }
  if (l?.denied ?? site.denied) return { status: 403, error: 'access forbidden by rule' };
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

function nginxStatic(a: Asked, l: HttpLocation | null, path: Bytes, query: Bytes): Result {
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
function httpdResult(a: Asked, depth = 0, givenPath?: Bytes): Result {
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

const HTTPD_REASON: Readonly<Record<number, string>> = { ...REASON, 302: 'Found', 405: 'Method Not Allowed', 414: 'Request-URI Too Long', 416: 'Requested Range Not Satisfiable', 501: 'Not Implemented', 503: 'Service Unavailable' };

function httpdPage(a: Asked, r: Result): Bytes {
  const reason = HTTPD_REASON[r.status] ?? 'Error';
  const path = normalPath(a.request.target)?.path ?? a.request.target;
  const says: Record<number, Bytes> = {
    301: `<p>The document has moved <a href="${r.location}">here</a>.</p>\n`,
    302: `<p>The document has moved <a href="${r.location}">here</a>.</p>\n`,
    400: '<p>Your browser sent a request that this server could not understand.<br />\n</p>\n',
    403: `<p>You don't have permission to access ${path}\non this server.</p>\n`,
    404: `<p>The requested URL ${path} was not found on this server.</p>\n`,
    405: `<p>The requested method ${a.request.method} is not allowed for the URL ${path}.</p>\n`,
    416: '<p>None of the range-specifier values in the Range\nrequest-header field overlap the current extent\nof the selected resource.</p>\n',
    501: `<p>${a.request.method} to ${path} not supported.<br />\n</p>\n`,
  };
  return `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${r.status} ${reason}</title>\n</head><body>\n<h1>${reason}</h1>\n${says[r.status] ?? ''}</body></html>\n`;
}

const nginxPage = (status: number, tokens: Bytes): Bytes => {
  const title = `${status} ${REASON[status] ?? ''}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${tokens}</center>\r\n</body>\r\n</html>\r\n`;
};

const typeOf = (config: HttpConfig, path: Bytes): string => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return (dot < 0 ? undefined : config.types[name.slice(dot + 1).toLowerCase()]) ?? config.defaultType;
};

/** One byte range of a body: [from, to] inclusive, null when there is none to honour, 'bad' when it cannot be met. */
function rangeOf(request: HttpRequest, size: number): [number, number] | 'bad' | null {
  const m = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get('range')?.[0] ?? '');
  if (m === null || (m[1] === '' && m[2] === '')) return null;
  if (m[1] === '') return Number(m[2]) === 0 ? 'bad' : [Math.max(0, size - Number(m[2])), size - 1];
  if (Number(m[1]) >= size) return 'bad';
  const to = m[2] === '' ? size - 1 : Math.min(size - 1, Number(m[2]));
  return to < Number(m[1]) ? null : [Number(m[1]), to];
}

/** Two ways to dress a result; a personality of the daemon. */
export interface Personality {
  readonly program: 'nginx' | 'httpd';
  readonly reply: (a: Asked) => Reply;
  /** Reply to what is no request. */
  readonly bad: (a: Asked, status: 400 | 414 | 505) => Reply;
}

const NGINX = 'nginx/1.22.1';
const APACHE = 'Apache/2.4.6 (CentOS)';
const hex = (n: number): string => Math.floor(n).toString(16);

function nginxReply(a: Asked, given?: Result): Reply {
  const { request, config } = a;
  let r = given ?? nginxResult(a);
  const custom = a.site.errorPages[r.status];
  if (given === undefined && custom !== undefined && r.status >= 400) {
    const page = nginxStatic({ ...a, request: { ...request, method: 'GET' } }, find(a.site, custom), custom, '');
    if (page.file !== undefined) r = { ...r, file: page.file };
  }
  const wants = (request.headers.get('connection')?.[0] ?? '').toLowerCase();
  let keep = request.version === 11 ? !wants.includes('close') : wants.includes('keep-alive');
  if (config.keepaliveSec === 0 || [400, 414, 500, 501, 505].includes(r.status) || (request.method === 'TRACE' && r.status === 405)) keep = false;
  let body: Bytes = '';
  let type = '';
  let extra = '';
  let lastModified = '';
  let status = r.status;
  if (r.file !== undefined) {
    const { data, mtime } = r.file;
    type = typeOf(config, r.file.path);
    body = data;
    lastModified = httpDate(mtime);
    const etag = `"${hex(mtime)}-${hex(data.length)}"`;
    if (status === 200) {
      const match = request.headers.get('if-none-match')?.[0];
      const since = request.headers.get('if-modified-since')?.[0];
      if (match !== undefined ? match === '*' || match.split(/\s*,\s*/).some((m) => m.replace(/^W\//, '') === etag) : since !== undefined && parseHttpDate(since) === Math.floor(mtime)) {
        status = 304;
        body = '';
        type = '';
        extra = `ETag: ${etag}\r\n`;
      } else {
        const range = rangeOf(request, data.length);
        if (range === 'bad') {
          status = 416;
          lastModified = '';
          extra = `Content-Range: bytes */${data.length}\r\n`;
          body = nginxPage(416, NGINX);
          type = 'text/html';
        } else if (range !== null) {
          status = 206;
          body = data.slice(range[0], range[1] + 1);
          extra = `ETag: ${etag}\r\nContent-Range: bytes ${range[0]}-${range[1]}/${data.length}\r\n`;
        } else extra = `ETag: ${etag}\r\nAccept-Ranges: bytes\r\n`;
      }
    } else extra = `ETag: ${etag}\r\n`;
  } else if (r.body !== undefined) {
    body = r.body.text;
    type = r.body.type;
  } else if (status !== 204) {
    body = nginxPage(status, NGINX);
    type = 'text/html';
  }
  const charset = config.charset !== '' && /^text\/|javascript$|xml$/.test(type) && r.file !== undefined ? `; charset=${config.charset}` : '';
  const sent = request.method === 'HEAD' || status === 304 || status === 204 ? '' : body;
  if (request.version === 9) return { status, head: '', rest: body, bodyBytes: body.length, close: true, error: r.error ?? '' };
  const rest =
    `\r\n${type === '' ? '' : `Content-Type: ${type}${charset}\r\n`}${status === 304 || status === 204 ? '' : `Content-Length: ${body.length}\r\n`}` +
    `${lastModified === '' ? '' : `Last-Modified: ${lastModified}\r\n`}${r.location === undefined ? '' : `Location: ${r.location}\r\n`}Connection: ${keep ? 'keep-alive' : 'close'}\r\n${extra}\r\n${sent}`;
  return { status, head: `HTTP/1.1 ${status} ${REASON[status] ?? ''}\r\nServer: ${NGINX}\r\nDate: `, rest, bodyBytes: sent.length, close: !keep, error: r.error ?? '' };
}

function httpdReply(a: Asked, given?: Result): Reply {
  const { request, config } = a;
  const r = given ?? httpdResult(a);
  let status = r.status;
  const wants = (request.headers.get('connection')?.[0] ?? '').toLowerCase();
  const asked = wants.includes('keep-alive');
  const keep = config.keepaliveSec > 0 && !wants.includes('close') && ![400, 408, 411, 413, 414, 500, 501, 503, 505].includes(status) && (asked || request.version === 11);
  let body: Bytes;
  let type: string;
  let validators = '';
  if (r.file !== undefined) {
    const { data, mtime } = r.file;
    body = data;
    type = typeOf(config, r.file.path);
    if (config.charset !== '' && /^text\/(html|plain)/.test(type)) type += `; charset=${config.charset}`;
    const etag = `"${hex(data.length)}-${hex(mtime * 1e6)}"`;
    validators = `Last-Modified: ${httpDate(mtime)}\r\nETag: ${etag}\r\nAccept-Ranges: bytes\r\n`;
    if (status === 200) {
      const match = request.headers.get('if-none-match')?.[0];
      const since = request.headers.get('if-modified-since')?.[0];
      const at = since === undefined ? null : parseHttpDate(since);
      if (match !== undefined ? match === '*' || match.split(/\s*,\s*/).includes(etag) : at !== null && at >= Math.floor(mtime)) {
        status = 304;
        validators = `ETag: ${etag}\r\n`;
      } else {
        const range = rangeOf(request, data.length);
        if (range === 'bad') status = 416;
        else if (range !== null) {
          status = 206;
          body = data.slice(range[0], range[1] + 1);
          validators += `Content-Length: ${body.length}\r\nContent-Range: bytes ${range[0]}-${range[1]}/${data.length}\r\n`;
        }
      }
    }
  } else if (r.body !== undefined) {
    body = r.body.text;
    type = r.body.type;
  } else {
    body = httpdPage(a, r);
    type = 'text/html; charset=iso-8859-1';
  }
  if (status === 416) {
    body = httpdPage(a, { ...r, status: 416 });
    type = 'text/html; charset=iso-8859-1';
    validators = `Content-Range: bytes */${r.file!.data.length}\r\n`;
  }
  const sent = request.method === 'HEAD' || status === 304 ? '' : body;
  if (request.version === 9) return { status, head: '', rest: body, bodyBytes: body.length, close: true, error: r.error ?? '' };
  const connection = keep ? (asked ? `Keep-Alive: timeout=${config.keepaliveSec}, max=${config.keepaliveMax}\r\nConnection: Keep-Alive\r\n` : '') : 'Connection: close\r\n';
  const others = (r.headers ?? []).map(([n, v]) => `${n}: ${v}\r\n`).join('') + (r.location === undefined ? '' : `Location: ${r.location}\r\n`);
  const length = status === 304 || status === 206 ? '' : `Content-Length: ${body.length}\r\n`;
  const rest = `\r\nServer: ${APACHE}\r\n${status === 304 ? `${connection}${validators}` : `${others}${validators}${length}${connection}${type === '' ? '' : `Content-Type: ${type}\r\n`}`}\r\n${sent}`;
  return { status, head: `HTTP/1.1 ${status} ${HTTPD_REASON[status] ?? ''}\r\nDate: `, rest, bodyBytes: sent.length, close: !keep, error: r.error ?? '' };
}

/** The daemon's two personalities. */
export const PERSONALITIES: Readonly<Record<'nginx' | 'httpd', Personality>> = Object.freeze({
  nginx: { program: 'nginx', reply: (a: Asked) => nginxReply(a), bad: (a: Asked, status: number) => nginxReply(a, { status }) },
  httpd: { program: 'httpd', reply: (a: Asked) => httpdReply(a), bad: (a: Asked, status: number) => httpdReply(a, { status }) },
});
