// Reverse proxy: a request is handed on to another HTTP server and its answer handed back. Counterpart: Apache's mod_proxy and mod_proxy_http.
// Not modelled: kept connections to the backend, retry= and other parameters, balancers, chunked answers, rewriting of Location (ProxyPassReverse).
import { tcpClose, tcpConnect, tcpEof, tcpRead, tcpRemote, tcpSend, tcpState, tcpTakeError } from '../../kernel/ipv4/tcp';
import { TCP } from '../../kernel/ipv4/tcp_state';
import type { Errno } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { addressText } from '../../wire/ipv6';
import type { Ip } from '../../wire/packet';
import type { Host } from '../host';
import { type HttpRequest, normalPath } from './http';
import type { Asked } from './http_find';
import type { Passing } from './nginx_pass';

/** Where requests below a path are handed on to. */
export interface ProxyTarget { ip: Ip; port: number; path: Bytes }

/** A request on its way to a backend. */
export interface Upstream {
  /** The connection that waits for it. */
  client: number;
  request: HttpRequest;
  /** What the backend is sent once connected; '' afterwards. */
  say: Bytes;
  /** Its answer so far. */
  buf: Bytes;
  logIno: number;
  /** nginx: the servers tried. */
  passing?: Passing;
  /** nginx: the target as the server is asked it. */
  target?: Bytes;
  /** Why the connection broke. */
  errno?: Errno;
}

/** What came back: the backend's own headers less those of its connection. Status 502 or 503 when it did not. */
export interface Fetched { status: number; reason: Bytes; headers: Bytes; body: Bytes; broken?: boolean }

/** What the daemon gives to its proxied requests. */
export interface Front {
  id: number;
  upstreams: Map<number, Upstream>;
  fetched(host: Host, up: Upstream, got: Fetched): void;
  /** The backend was sent its request. */
  sent?(host: Host, up: Upstream): void;
}

/** Headers that belong to one connection. */
export const HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);
const failed = (status: number): Fetched => ({ status, reason: '', headers: '', body: '', broken: true });
/** A header's name as it is usually written. */
export const title = (name: string): string => name.replace(/(^|-)[a-z]/g, (c) => c.toUpperCase());

/** The first ProxyPass whose path covers the request, with the path at the backend; null when there is none. */
export function proxyOf(a: Asked): ProxyTarget | null {
  const normal = normalPath(a.request.target);
  if (normal === null) return null;
  for (const l of a.site.locations) {
    if (l.proxy === undefined || !(normal.path === l.path || normal.path.startsWith(l.path.endsWith('/') ? l.path : `${l.path}/`))) continue;
    return { ...l.proxy, path: l.proxy.path + normal.path.slice(l.path.length) + normal.query };
  }
  return null;
}

/** Opens a connection to the backend; gives its socket, or -1 when that fails at once (the client has its answer then). */
export function handOn(host: Host, d: Front, a: Asked, client: number, to: ProxyTarget, logIno: number): number {
  const { request } = a;
  const named = request.headers.get('host')?.[0];
  let say = `${request.method} ${to.path} HTTP/1.1\r\nHost: ${addressText(to.ip, host.world.ip6)}${to.port === 80 ? '' : `:${to.port}`}\r\n`;
  for (const [name, values] of request.headers) if (!HOP.has(name) && name !== 'host') say += values.map((v) => `${title(name)}: ${v}\r\n`).join('');
  say += `X-Forwarded-For: ${addressText(tcpRemote(host.kernel, client), host.world.ip6)}\r\n${named === undefined ? '' : `X-Forwarded-Host: ${named}\r\n`}X-Forwarded-Server: ${a.localAddress}\r\nConnection: close\r\n\r\n${request.body}`;
  const up: Upstream = { client, request, say, buf: '', logIno };
  const sock = tcpConnect(host.kernel, to.ip, to.port, { owner: d.id });
  if (typeof sock === 'string') {
    d.fetched(host, up, failed(503));
    return -1;
  }
  d.upstreams.set(sock, up);
  return sock;
}

/** Something happened to the connection to a backend. */
export function upstreamWake(host: Host, d: Front, sock: number, up: Upstream): void {
  const k = host.kernel;
  const state = tcpState(k, sock);
  const errno = tcpTakeError(k, sock);
  if (errno !== null) up.errno = errno;
  const broken = errno !== null || state === TCP.CLOSE || state === 0;
  if (!broken && state === TCP.SYN_SENT) return;
  if (!broken && up.say !== '') {
    tcpSend(k, sock, up.say);
    up.say = '';
    d.sent?.(host, up);
  }
  if (state !== 0) up.buf += tcpRead(k, sock);
  const ended = broken || tcpEof(k, sock);
  const got = answerOf(up, ended) ?? (ended ? failed(up.say === '' ? 502 : 503) : null);
  if (got === null) return;
  d.upstreams.delete(sock);
  tcpClose(k, sock);
  d.fetched(host, up, got);
}

/** The backend's answer when it is whole: by its length, or by the end of the connection. */
function answerOf(up: Upstream, ended: boolean): Fetched | null {
  const end = up.buf.indexOf('\r\n\r\n');
  const m = /^HTTP\/1\.\d (\d{3}) ?([^\r\n]*)\r\n/.exec(up.buf);
  if (end < 0 || m === null) return null;
  const status = Number(m[1]);
  const lines = up.buf.slice(m[0].length, end + 2).split('\r\n').filter((l) => l !== '');
  const nameOf = (l: Bytes): string => l.slice(0, l.indexOf(':')).toLowerCase();
  const length = lines.find((l) => nameOf(l) === 'content-length');
  const body = up.buf.slice(end + 4);
  const want = up.request.method === 'HEAD' || status === 204 || status === 304 ? 0 : length === undefined ? Number.POSITIVE_INFINITY : Number(length.slice(length.indexOf(':') + 1));
  if (body.length < want && !(ended && length === undefined)) return null;
  return { status, reason: m[2]!, headers: lines.filter((l) => !HOP.has(nameOf(l))).map((l) => `${l}\r\n`).join(''), body: body.slice(0, want) };
}
