// Dressing a result as a reply: headers and pages in the words of either server. Counterpart: nginx's header filter and special responses, Apache's http filters.
// Not modelled: compression, byte ranges of several parts.
import { httpDate, parseHttpDate } from '../../lib/calendar';
import type { Bytes } from '../../lib/text';
import { type HttpRequest, normalPath, REASON } from './http';
import type { HttpConfig } from './http_config';
import type { Fetched } from './http_proxy';
import { expandVariables } from './nginx_vars';
import { type Asked, findLocation, httpdResult, nginxResult, nginxStatic, type Result, typeByName } from './http_find';

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

/** `given`: a result that stands already; `bad`: no request was understood, so no page of the site's own either. */
export function nginxReply(a: Asked, given?: Result, bad = false): Reply {
  const { request, config } = a;
  const name = config.quiet === true ? 'nginx' : NGINX;
  let r = given ?? nginxResult(a);
  const custom = a.site.errorPages[r.status];
  if (!bad && custom !== undefined && r.status >= 400) {
    const page = nginxStatic({ ...a, request: { ...request, method: 'GET' } }, findLocation(a.site, custom), custom, '');
    if (page.file !== undefined) r = { ...r, file: page.file };
  }
  const wants = (request.headers.get('connection')?.[0] ?? '').toLowerCase();
  let keep = request.version === 11 ? !wants.includes('close') : wants.includes('keep-alive');
  if (config.keepaliveSec === 0 || [400, 413, 414, 500, 501, 505].includes(r.status) || (request.method === 'TRACE' && r.status === 405)) keep = false;
  let body: Bytes = '';
  let type = '';
  let extra = '';
  let lastModified = '';
  let status = r.status;
  if (r.file !== undefined) {
    const { data, mtime } = r.file;
    type = typeByName(config, r.file.path);
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
          body = nginxPage(416, name);
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
    body = nginxPage(status, name);
    type = 'text/html';
  }
  const charset = config.charset !== '' && /^text\/|javascript$|xml$/.test(type) && r.file !== undefined ? `; charset=${config.charset}` : '';
  const sent = request.method === 'HEAD' || status === 304 || status === 204 ? '' : body;
  if (request.version === 9) return { status, head: '', rest: body, bodyBytes: body.length, close: true, error: r.error ?? '' };
  const rest =
    `\r\n${type === '' ? '' : `Content-Type: ${type}${charset}\r\n`}${status === 304 || status === 204 ? '' : `Content-Length: ${body.length}\r\n`}` +
    `${lastModified === '' ? '' : `Last-Modified: ${lastModified}\r\n`}${r.location === undefined ? '' : `Location: ${r.location}\r\n`}Connection: ${keep ? 'keep-alive' : 'close'}\r\n${extra.replace(/(Accept-Ranges: bytes\r\n)?$/, (ranges) => ownHeaders(a, status) + ranges)}\r\n${sent}`;
  return { status, head: `HTTP/1.1 ${status} ${REASON[status] ?? ''}\r\nServer: ${name}\r\nDate: `, rest, bodyBytes: sent.length, close: !keep, error: r.error ?? '' };
}

/** add_header, of the innermost level that has any; without `always` only for answers that succeeded or redirect. */
function ownHeaders(a: Asked, status: number): Bytes {
  const l = findLocation(a.site, normalPath(a.request.target)?.path ?? '/');
  const fine = [200, 201, 204, 206, 301, 302, 303, 304, 307, 308].includes(status);
  return (l?.addHeaders ?? a.site.addHeaders ?? []).filter((h) => fine || h.always).map((h) => [h.name, expandVariables(h.value, a)]).filter(([, v]) => v !== '').map(([n, v]) => `${n}: ${v}\r\n`).join('');
}

/** nginx: a backend's answer as the client gets it. */
export function nginxProxied(a: Asked, got: Fetched): Reply {
  const { request, config } = a;
  const wants = (request.headers.get('connection')?.[0] ?? '').toLowerCase();
  const keep = config.keepaliveSec > 0 && (request.version === 11 ? !wants.includes('close') : wants.includes('keep-alive'));
  const lines = got.headers.split('\r\n').filter((l) => l !== '');
  const nameOf = (l: Bytes): string => l.slice(0, l.indexOf(':')).toLowerCase();
  const of = (name: string): Bytes | undefined => lines.find((l) => nameOf(l) === name);
  const length = of('content-length') ?? `Content-Length: ${got.body.length}`;
  const others = lines.filter((l) => !['date', 'server', 'content-type', 'content-length', 'connection'].includes(nameOf(l))).map((l) => `${l}\r\n`).join('');
  const bare = got.status === 204 || got.status === 304;
  const sent = request.method === 'HEAD' || bare ? '' : got.body;
  const type = of('content-type');
  const rest = `\r\n${type === undefined ? '' : `${type}\r\n`}${bare ? '' : `${length}\r\n`}Connection: ${keep ? 'keep-alive' : 'close'}\r\n${others}${ownHeaders(a, got.status)}\r\n${sent}`;
  return { status: got.status, head: `HTTP/1.1 ${got.status} ${got.reason}\r\nServer: ${config.quiet === true ? 'nginx' : NGINX}\r\nDate: `, rest, bodyBytes: sent.length, close: !keep, error: '' };
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
    type = typeByName(config, r.file.path);
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

/** Apache: a backend's answer as the client gets it, or the page that says why there is none. Date and Server are the backend's. */
export function proxiedReply(config: HttpConfig, request: HttpRequest, got: Fetched): Reply {
  const wants = (request.headers.get('connection')?.[0] ?? '').toLowerCase();
  const asked = wants.includes('keep-alive');
  const mine = got.headers === '';
  const keep = config.keepaliveSec > 0 && !wants.includes('close') && (asked || request.version === 11) && got.status !== 503;
  const reason = HTTPD_REASON[got.status] ?? got.reason;
  const says = got.status === 503 ? '<p>The server is temporarily unable to service your\nrequest due to maintenance downtime or capacity\nproblems. Please try again later.</p>\n' : '<p>The proxy server received an invalid\nresponse from an upstream server.<br />\n</p>\n';
  const body = mine ? `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${got.status} ${reason}</title>\n</head><body>\n<h1>${reason}</h1>\n${says}</body></html>\n` : got.body;
  const sent = request.method === 'HEAD' ? '' : body;
  const connection = keep ? (asked ? `Keep-Alive: timeout=${config.keepaliveSec}, max=${config.keepaliveMax}\r\nConnection: Keep-Alive\r\n` : '') : 'Connection: close\r\n';
  const line = `HTTP/1.1 ${got.status} ${mine ? reason : got.reason}\r\n`;
  if (mine) return { status: got.status, head: `${line}Date: `, rest: `\r\nServer: ${APACHE}\r\nContent-Length: ${body.length}\r\n${connection}Content-Type: text/html; charset=iso-8859-1\r\n\r\n${sent}`, bodyBytes: sent.length, close: !keep, error: '' };
  return { status: got.status, head: '', rest: `${line}${got.headers}${connection}\r\n${sent}`, bodyBytes: sent.length, close: !keep, error: '' };
}

/** The daemon's two personalities. */
export const PERSONALITIES: Readonly<Record<'nginx' | 'httpd', Personality>> = Object.freeze({
  nginx: { program: 'nginx', reply: (a: Asked) => nginxReply(a), bad: (a: Asked, status: number) => nginxReply(a, { status }, true) },
  httpd: { program: 'httpd', reply: (a: Asked) => httpdReply(a), bad: (a: Asked, status: number) => httpdReply(a, { status }) },
});
