// HTTP/1.x requests on the wire. RFC 9112.
// Not modelled: chunked request bodies, trailers, Expect: 100-continue.
import type { Bytes } from '../../lib/text';

/** One request. Header names are lower case; of repeated ones all values are kept in order. */
export interface HttpRequest {
  method: string;
  /** Request target as sent. */
  target: Bytes;
  /** 9, 10 or 11 for HTTP/0.9, 1.0 and 1.1. */
  version: number;
  /** Request line as sent, for the log. */
  line: Bytes;
  headers: Map<string, Bytes[]>;
  body: Bytes;
}

/** What parsing the front of a buffer gives: not enough yet, a request and how many bytes it took, or the status of a bad one. */
export type Parsed = { kind: 'more' } | { kind: 'request'; request: HttpRequest; used: number } | { kind: 'bad'; status: 400 | 414 | 505; line: Bytes };

const MORE: Parsed = { kind: 'more' };
const LINE_LIMIT = 8192;

/** Parses one request from the front of `buf`. */
export function parseRequest(buf: Bytes): Parsed {
  let at = 0;
  while (buf.startsWith('\r\n', at)) at += 2; // blank lines before a request are skipped
  const eol = buf.indexOf('\n', at);
  if (eol < 0) return buf.length - at > LINE_LIMIT ? { kind: 'bad', status: 414, line: buf.slice(at, at + 100) } : MORE;
  const line = buf.slice(at, buf[eol - 1] === '\r' ? eol - 1 : eol);
  const m = /^([A-Z_-]+) +([^ ]*)(?: +(.*))?$/.exec(line);
  if (m === null || m[2] === '' || !/^(\/|\*|https?:\/\/)/.test(m[2]!)) return { kind: 'bad', status: 400, line };
  const request: HttpRequest = { method: m[1]!, target: m[2]!, version: 9, line, headers: new Map(), body: '' };
  if (m[3] === undefined) return m[1] === 'GET' ? { kind: 'request', request, used: eol + 1 } : { kind: 'bad', status: 400, line };
  const v = /^HTTP\/(\d)\.(\d+)$/.exec(m[3].trimEnd());
  if (v === null) return { kind: 'bad', status: 400, line };
  if (v[1] !== '1') return { kind: 'bad', status: v[1] === '0' ? 400 : 505, line };
  request.version = v[2] === '0' ? 10 : 11;
  let pos = eol + 1;
  for (;;) {
    const end = buf.indexOf('\n', pos);
    if (end < 0) return buf.length > 4 * LINE_LIMIT ? { kind: 'bad', status: 400, line } : MORE;
    const text = buf.slice(pos, buf[end - 1] === '\r' ? end - 1 : end);
    pos = end + 1;
    if (text === '') break;
    const colon = text.indexOf(':');
    if (colon <= 0 || /[ \t]/.test(text.slice(0, colon))) return { kind: 'bad', status: 400, line };
    const name = text.slice(0, colon).toLowerCase();
    const value = text.slice(colon + 1).trim();
    const known = request.headers.get(name);
    if (known === undefined) request.headers.set(name, [value]);
    else known.push(value);
  }
  const length = request.headers.get('content-length')?.[0];
  if (length !== undefined) {
    if (!/^\d+$/.test(length)) return { kind: 'bad', status: 400, line };
    if (buf.length < pos + Number(length)) return MORE;
    request.body = buf.slice(pos, pos + Number(length));
    pos += Number(length);
  }
  return { kind: 'request', request, used: pos };
}

/** Path of a target: decoded, without query, `//` and `.` gone, `..` resolved. Null when it is malformed or leaves the root. */
export function normalPath(target: Bytes): { path: Bytes; query: Bytes } | null {
  const rest = target.replace(/^https?:\/\/[^/?#]*/, '') || '/';
  const hash = rest.indexOf('#');
  const clean = hash < 0 ? rest : rest.slice(0, hash);
  const q = clean.indexOf('?');
  const raw = q < 0 ? clean : clean.slice(0, q);
  if (/%(?![0-9A-Fa-f]{2})/.test(raw) || raw.includes('%00')) return null;
  const path = raw.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const out: Bytes[] = [];
  const names = path.split('/');
  for (let i = 1; i < names.length; i++) {
    const name = names[i]!;
    const last = i === names.length - 1;
    if (name === '..') {
      if (out.length === 0) return null;
      out.pop();
      if (last) out.push('');
    } else if (name === '' || name === '.') {
      if (last) out.push('');
    } else out.push(name);
  }
  return { path: `/${out.join('/')}`, query: q < 0 ? '' : clean.slice(q) };
}

/** Reason phrases as both servers write them in status lines. */
export const REASON: Readonly<Record<number, string>> = {
  200: 'OK', 204: 'No Content', 206: 'Partial Content', 301: 'Moved Permanently', 302: 'Moved Temporarily', 303: 'See Other', 304: 'Not Modified', 307: 'Temporary Redirect',
  308: 'Permanent Redirect', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Not Allowed', 410: 'Gone', 411: 'Length Required', 413: 'Request Entity Too Large', 414: 'Request-URI Too Large',
  416: 'Requested Range Not Satisfiable', 429: 'Too Many Requests', 500: 'Internal Server Error', 501: 'Not Implemented', 502: 'Bad Gateway', 503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out', 505: 'HTTP Version Not Supported',
};
