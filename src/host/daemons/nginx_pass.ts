// nginx hands a request on: what the server is sent, the next server after a failure, time limits, and what the error log says. Counterpart: ngx_http_upstream.c, ngx_http_proxy_module.c.
// Not modelled: https and variables in proxy_pass, proxy_redirect other than default, buffering, caching, answers in chunks.
import { errnoNumber, type Errno, strerror } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { tcpClose, tcpConnect, tcpState } from '../../kernel/ipv4/tcp';
import { TCP } from '../../kernel/ipv4/tcp_state';
import { Ev } from '../../kernel/world';
import type { Host } from '../host';
import { normalPath } from './http';
import type { HttpLocation } from './http_config';
import { type Asked, findLocation, type Result, tooLarge } from './http_find';
import { type Fetched, type Front, HOP, title, type Upstream } from './http_proxy';
import { choosePeer, type Peer, type PeerGroup, releasePeer } from './nginx_upstream';
import { expandVariables } from './nginx_vars';

/** A request of nginx on its way: the servers tried, each with the status it gave. */
export interface Passing {
  group: Bytes;
  peer: Bytes;
  tried: Bytes[];
  statuses: Bytes[];
  /** Servers that may still be tried. */
  left: number;
  /** When waiting for the server ends, us. */
  until: number;
}

/** What nginx_pass needs of the daemon. */
export interface PassFront extends Front {
  groups(): Record<Bytes, PeerGroup>;
  /** A line for the error log. */
  complain(host: Host, up: Upstream, level: 'error' | 'warn', text: Bytes, url: Bytes): void;
}

/** The location that hands this request on, or null: rules before it answer by themselves. */
export function passingLocation(a: Asked): HttpLocation | null {
  const normal = normalPath(a.request.target);
  if (normal === null || (a.request.version === 11 && a.request.headers.get('host')?.length !== 1)) return null;
  const l = findLocation(a.site, normal.path);
  if (l?.pass === undefined || l.returns !== undefined || l.tryFiles !== undefined || l.internal === true || (a.site.returns ?? null) !== null) return null;
  const shut = l.access?.find((r) => ((a.client ^ r.net) & r.mask) === 0)?.allow === false;
  return shut || tooLarge(a, l) !== null ? null : l;
}

/** What the server is sent. Headers set by proxy_set_header come first, and stand for the client's of that name. */
export function passedRequest(a: Asked, l: HttpLocation): Bytes {
  const { request } = a;
  const pass = l.pass!;
  const normal = normalPath(request.target)!;
  const target = pass.uri === null ? request.target : pass.uri + normal.path.slice(l.path.length) + normal.query;
  const set = new Map<string, Bytes>();
  for (const [name, value] of l.proxyHeaders ?? []) set.set(name, expandVariables(value, a, { proxyHost: pass.host }));
  const has = (name: string): boolean => [...set.keys()].some((k) => k.toLowerCase() === name);
  let text = `${request.method} ${target} HTTP/${l.proxyVersion ?? '1.0'}\r\n`;
  for (const [name, value] of set) if (value !== '') text += `${name}: ${value}\r\n`;
  if (!has('host')) text += `Host: ${pass.host}\r\n`;
  if (!has('connection')) text += 'Connection: close\r\n';
  if (request.body !== '') text += `Content-Length: ${request.body.length}\r\n`;
  for (const [name, values] of request.headers) {
    if (HOP.has(name) || name === 'host' || name === 'content-length' || name === 'expect' || has(name)) continue;
    text += values.map((v) => `${title(name)}: ${v}\r\n`).join('');
  }
  return `${text}\r\n${request.body}`;
}

const seconds = (host: Host): number => Math.floor(host.world.clock.now / 1e6);

/** Connects to the next server of the group; the client has its answer when there is none left. Gives the socket, or -1. */
export function passOn(host: Host, d: PassFront, a: Asked, l: HttpLocation, up: Upstream): number {
  const p = up.passing!;
  const group = d.groups()[p.group]!;
  for (;;) {
    const peer = p.left > 0 ? choosePeer(group, a.client, p.tried, seconds(host)) : null;
    if (peer === null) {
      if (p.left > 0) {
        d.complain(host, up, 'error', 'no live upstreams while connecting to upstream', `http://${p.group}${target(up)}`);
        p.tried.push(p.group);
        p.statuses.push('502');
      }
      d.fetched(host, up, broken(502));
      return -1;
    }
    p.peer = peer.name;
    up.say = passedRequest(a, l);
    up.buf = '';
    const sock = tcpConnect(host.kernel, peer.ip, peer.port, { owner: d.id });
    if (typeof sock !== 'string') {
      d.upstreams.set(sock, up);
      wait(host, d, p, l.connectSec ?? 60);
      return sock;
    }
    failedPeer(host, d, up, peer, group, 502, `connect() failed ${errnoWords(sock)} while connecting to upstream`);
  }
}

const errnoWords = (e: Errno): Bytes => `(${errnoNumber(e)}: ${strerror(e)})`;
const broken = (status: number): Fetched => ({ status, reason: '', headers: '', body: '', broken: true });
/** The target as the server was asked it, for the log. */
const target = (up: Upstream): Bytes => up.target ?? '/';

/** Waits for the server until then at most. */
export function wait(host: Host, d: Front, p: Passing, sec: number): void {
  p.until = host.world.clock.now + sec * 1e6;
  host.world.clock.push(p.until, Ev.unit, host.index, d.id, null);
}

function failedPeer(host: Host, d: PassFront, up: Upstream, peer: Peer, group: PeerGroup, status: number, text: Bytes): void {
  const p = up.passing!;
  p.left--;
  p.tried.push(peer.name);
  p.statuses.push(String(status));
  const url = `http://${peer.name}${target(up)}`;
  d.complain(host, up, 'error', text, url);
  const stage = text.slice(text.indexOf('while '));
  if (releasePeer(group, peer, true, seconds(host))) d.complain(host, up, 'warn', `upstream server temporarily disabled ${stage}`, url);
}

/** A server has answered or failed: the next one is asked (`sock`), its answer is the client's, or a page says why there is none. */
export function passedBack(host: Host, d: PassFront, a: Asked, l: HttpLocation, up: Upstream, got: Fetched): { sock: number } | { page: Result } | { answer: Fetched } {
  const p = up.passing!;
  const group = d.groups()[p.group];
  const peer = group?.peers.find((x) => x.name === p.peer);
  if (!got.broken || peer === undefined || group === undefined) {
    if (peer !== undefined && group !== undefined && !got.broken) {
      releasePeer(group, peer, false, seconds(host));
      p.tried.push(peer.name);
      p.statuses.push(String(got.status));
    }
    return got.broken === true ? { page: { status: got.status } } : { answer: got };
  }
  if (p.tried.includes(p.peer) || p.tried.includes(p.group)) return { page: { status: Number(p.statuses.at(-1)) } };
  const connected = up.say === '';
  const timedOut = got.status === 504;
  const words = timedOut
    ? `upstream timed out (110: Connection timed out) while ${connected ? 'reading response header from' : 'connecting to'} upstream`
    : connected
      ? `upstream prematurely closed connection while reading response header from upstream`
      : `connect() failed ${errnoWords(up.errno ?? 'ECONNREFUSED')} while connecting to upstream`;
  const status = timedOut ? 504 : 502;
  failedPeer(host, d, up, peer, group, status, words);
  // What was sent and may have been done is not asked of another.
  if (p.left <= 0 || (connected && ['POST', 'LOCK', 'PATCH'].includes(up.request.method))) return { page: { status } };
  return { sock: passOn(host, d, a, l, up) };
}

/** Gives up on servers that have taken too long. */
export function passDeadlines(host: Host, d: Front): void {
  for (const [sock, up] of [...d.upstreams]) {
    if (up.passing === undefined || up.passing.until > host.world.clock.now) continue;
    if (tcpState(host.kernel, sock) !== TCP.SYN_SENT) up.say = '';
    d.upstreams.delete(sock);
    tcpClose(host.kernel, sock);
    d.fetched(host, up, broken(504));
  }
}

/** A Location that names the server as proxy_pass does is turned into the client's own (proxy_redirect default). */
export function redirected(a: Asked, l: HttpLocation, got: Fetched): Fetched {
  const from = `http://${l.pass!.group}${l.pass!.uri ?? ''}`;
  const own = `http://${expandVariables('$host', a)}${a.localPort === 80 ? '' : `:${a.localPort}`}`;
  const to = l.pass!.uri === null ? '' : l.path;
  return { ...got, headers: got.headers.replace(/^Location: (.*)\r\n/im, (whole, url: string) => (url.startsWith(from) ? `Location: ${own}${to}${url.slice(from.length)}\r\n` : whole)) };
}
