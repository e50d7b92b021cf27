// One transfer of curl: connect or reuse, ask, read, follow redirects. Counterpart: curl's lib/multi.c, lib/http.c, lib/connect.c.
import type { SocketFile } from '../../host/open_file';
import type { Op, Process } from '../../host/process';
import { lookupAny, lookupHost } from '../../host/resolve';
import { openTcp, socketNames, socketWrite } from '../../host/socket';
import { closeFd, err, installFd, nowUs, sleep, spend } from '../../host/syscall';
import { errnoNumber, strerror, SysError } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { addressText, hostPart, isIp6 } from '../../wire/ipv6';
import type { Ip } from '../../wire/packet';
import { bodyLength, header, HttpReader, type ResponseHead, ShortResponse } from './http_client';
import type { Config } from './options';
import { localEnd, requestHead } from './request';
import { BEFORE_CONNECT_US, holdBackUs, rateOf } from './retry';
import { CurlError, Screen, Sink } from './screen';
import { parseUrl, resolveUrl, type Url } from './url';
import type { Outcome } from './write_out';

/** https and what else exists but is not modelled. */
export class SchemeNotModelled extends Error {}

const OTHER_SCHEMES = /^(dict|file|ftps?|gophers?|imaps?|ldaps?|mqtt|pop3s?|rtmp|rtsp|scp|sftp|smbs?|smtps?|telnet|tftp)$/;
const DEFAULT_CONNECT_US = 300_000_000;

interface Connection {
  fd: number;
  sock: SocketFile;
  reader: HttpReader;
  number: number;
  host: Bytes;
}

/** Connections that stay open between the URLs of one run. */
export class Pool {
  readonly open = new Map<string, Connection>();
  next = 0;
}

/** Everything of one run that transfers share. */
export interface Session {
  p: Process;
  c: Config;
  pool: Pool;
  body: Bytes | null;
  upload: Bytes | null;
  /** How often this URL was tried before. */
  tries: number;
}

const number = (c: Config, name: string): number => Number(c.values.get(name) ?? 0);

function methodOf(s: Session): string {
  if (s.c.flags.has('head')) return 'HEAD';
  if (s.upload !== null) return 'PUT';
  return s.body !== null && !s.c.flags.has('get') ? 'POST' : 'GET';
}

/** A host as messages name it: an IPv6 address without its brackets. */
const bare = (host: Bytes): Bytes => host.replace(/^\[(.*)\]$/, '$1');

function* connect(s: Session, url: Url, screen: Screen, o: Outcome, started: number): Op<Connection> {
  const { p, c } = s;
  const known = c.resolve.map((r) => /^\+?([^:]+):(\d+):\[?([^,\]]+)/.exec(r)).find((m) => m !== null && m[1]!.toLowerCase() === url.host.toLowerCase() && Number(m[2]) === url.port);
  if (known) yield* screen.note(`Hostname ${url.host} was found in DNS cache`);
  const name = known ? known[3]! : bare(url.host);
  const ip = c.flags.has('ipv6') ? lookupHost(p, name, 6) : c.flags.has('ipv4') ? lookupHost(p, name, 4) : lookupAny(p, name);
  if (ip === null) throw new CurlError(6, `Could not resolve host: ${url.host}`);
  o.lookup = nowUs(p) - started;
  yield* screen.note(`  Trying ${hostPart(ip, p.host.world.ip6)}:${url.port}...`);
  yield* spend(p, BEFORE_CONNECT_US);
  const from = nowUs(p);
  const total = number(c, 'max-time') * 1e6;
  const limit = number(c, 'connect-timeout') * 1e6 || DEFAULT_CONNECT_US;
  const deadline = Math.min(from + limit, total > 0 ? started + total : Number.POSITIVE_INFINITY);
  const failed = (): string => `Failed to connect to ${bare(url.host)} port ${url.port} after ${Math.floor((nowUs(p) - from) / 1000)} ms: `;
  let local: { src: Ip; ports: [number, number] | null };
  try {
    local = localEnd(p, c);
  } catch (e) {
    if (e instanceof CurlError) yield* screen.done();
    throw e;
  }
  let sport = local.ports === null ? 0 : local.ports[0];
  for (;;) {
    try {
      const sock = yield* openTcp(p, ip, url.port, { deadline, ...(local.src !== 0 && !isIp6(ip) ? { src: local.src } : {}), ...(sport !== 0 ? { sport } : {}) });
      const fd = installFd(p, sock, 3);
      if (sport !== 0) yield* screen.note(`Local port: ${sport}`);
      const conn: Connection = { fd, sock, reader: new HttpReader(p, sock), number: s.pool.next++, host: url.host };
      o.connect = nowUs(p) - started;
      o.connects++;
      yield* screen.note(`Connected to ${bare(url.host)} (${addressText(ip, p.host.world.ip6)}) port ${url.port} (#${conn.number})`);
      return conn;
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      const bindFailed = e.errno === 'EADDRINUSE' || (e.errno === 'EADDRNOTAVAIL' && local.src !== 0 && !p.host.kernel.localIps.has(local.src));
      if (bindFailed && local.ports !== null && sport < local.ports[1]) {
        sport++;
        continue;
      }
      yield* screen.done();
      let error: CurlError;
      if (bindFailed) {
        yield* screen.note(`bind failed with errno ${errnoNumber(e.errno)}: ${strerror(e.errno)}`);
        error = new CurlError(45, `${failed()}Failed binding local connection end`);
      } else if (e.errno === 'ETIMEDOUT' && nowUs(p) >= deadline) {
        const whole = total > 0 && deadline === started + total;
        error = new CurlError(28, whole ? `Connection timed out after ${Math.floor((nowUs(p) - started) / 1000)} milliseconds` : `${failed()}Timeout was reached`);
      } else {
        yield* screen.note(`connect to ${addressText(ip, p.host.world.ip6)} port ${url.port} failed: ${strerror(e.errno)}`);
        error = new CurlError(e.errno === 'ETIMEDOUT' ? 28 : 7, `${failed()}${e.errno === 'ETIMEDOUT' ? 'Timeout was reached' : "Couldn't connect to server"}`, e.errno);
      }
      yield* screen.note(error.words);
      yield* screen.note(`Closing connection ${s.pool.next++}`);
      throw error;
    }
  }
}

/** Runs one URL; fills `o`. Throws CurlError. */
export function* transfer(s: Session, text: Bytes, path: Bytes | null, o: Outcome): Op<void> {
  const sink = new Sink(s.p, path);
  try {
    yield* follow(s, text, path, sink, o);
  } finally {
    sink.close();
  }
}

function* follow(s: Session, text: Bytes, path: Bytes | null, sink: Sink, o: Outcome): Op<void> {
  const { p, c } = s;
  const started = nowUs(p);
  const toTerminal = path === null && p.fds.get(1)?.kind === 'tty';
  const quiet = c.flags.has('silent') || c.flags.has('no-progress-meter') || toTerminal;
  let target = text;
  let method = methodOf(s);
  let body = s.upload ?? (c.flags.has('get') ? null : s.body);
  for (let hops = 0; ; hops++) {
    const url = parseUrl(target);
    if (url === 'bad') throw new CurlError(3, 'URL using bad/illegal format or missing URL');
    if ('unknown' in url) {
      if (OTHER_SCHEMES.test(url.unknown.toLowerCase())) throw new SchemeNotModelled(`scheme ${url.unknown}`);
      throw new CurlError(1, `Protocol "${url.unknown}" not supported or disabled in libcurl`);
    }
    if (hops === 0 && c.flags.has('get') && s.body !== null) url.path += `${url.path.includes('?') ? '&' : '?'}${s.body}`;
    if (s.upload !== null && url.path.endsWith('/')) url.path += (c.values.get('upload-file') ?? '').split('/').pop()!;
    const custom = c.values.get('request');
    o.scheme = url.scheme;
    o.effectiveUrl = hops === 0 && /^[a-z]+:\/\/[^/]+\//i.test(target) ? target : `${url.scheme}://${url.host}${url.port === 80 || url.port === 443 ? '' : `:${url.port}`}${url.path}`;
    o.method = custom ?? method;
    const screen = new Screen(p, quiet ? 'none' : c.flags.has('progress-bar') ? 'bar' : 'meter', c.flags.has('verbose'), !toTerminal, s.tries > 0);
    const location = yield* exchange(s, url, custom ?? method, body, sink, screen, o, started);
    if (location === null) break;
    const next = resolveUrl(url, location.to);
    if (!c.flags.has('location')) {
      o.redirectUrl = next;
      break;
    }
    if (hops >= Number(c.values.get('max-redirs') ?? 50)) throw new CurlError(47, `Maximum (${c.values.get('max-redirs') ?? 50}) redirects followed`);
    o.redirects++;
    o.redirectTime = nowUs(p) - started;
    yield* screen.note(`Issue another request to this URL: '${next}'`);
    if ((location.status === 303 && method !== 'HEAD') || ((location.status === 301 || location.status === 302) && method === 'POST')) {
      if (method === 'POST') yield* screen.note('Switch from POST to GET');
      method = 'GET';
      body = null;
    }
    target = next;
  }
}

/** One request and its response. Gives where it redirects, or null. */
function* exchange(s: Session, url: Url, method: string, body: Bytes | null, sink: Sink, screen: Screen, o: Outcome, started: number): Op<{ to: Bytes; status: number } | null> {
  const { p, c, pool } = s;
  const key = `${url.scheme}://${url.host}:${url.port}`;
  const total = number(c, 'max-time') * 1e6;
  const deadline = total > 0 ? started + total : Number.POSITIVE_INFINITY;
  let conn = pool.open.get(key);
  const reused = conn !== undefined;
  if (reused) {
    yield* screen.note('Found bundle for host: 0x55d0f2b6b5e0 [serially]');
    yield* screen.note("Can not multiplex, even if we wanted to");
    yield* screen.note(`Re-using existing connection #${conn!.number} with host ${bare(url.host)}`);
  }
  yield* screen.begin(started);
  conn ??= yield* connect(s, url, screen, o, started);
  pool.open.set(key, conn);
  if (url.scheme === 'https') {
    yield* screen.done();
    throw new SchemeNotModelled('TLS (https)');
  }
  const [lip, lport, rip, rport] = socketNames(p, conn.sock);
  o.localIp = addressText(lip, p.host.world.ip6);
  o.localPort = lport;
  o.remoteIp = addressText(rip, p.host.world.ip6);
  o.remotePort = rport;
  o.pretransfer = nowUs(p) - started;
  const end = function* (why: CurlError | null): Op<void> {
    o.total = nowUs(p) - started;
    if (why !== null) yield* screen.note(why.words);
    if (why !== null) {
      pool.open.delete(key);
      yield* screen.note(`Closing connection ${conn.number}`);
      closeFd(p, conn.fd);
    }
    yield* screen.done();
  };
  const head = requestHead(c, s.upload !== null, url, method, body === null ? null : body.length);
  let response: ResponseHead;
  try {
    yield* screen.lines('>', head);
    o.sizeRequest += head.length;
    yield* socketWrite(p, conn.sock, head + (body ?? ''));
    if (body !== null) {
      screen.figures.upTotal = screen.figures.uploaded = body.length;
      o.sizeUpload += body.length;
      yield* screen.data('}', body.length);
    }
    response = yield* conn.reader.head(deadline);
  } catch (e) {
    if (reused && e instanceof ShortResponse && e.empty) {
      // The server closed an idle connection meanwhile: once more on a fresh one.
      yield* screen.note(`Connection died, retrying a fresh connect (retry count: 1)`);
      closeFd(p, conn.fd);
      pool.open.delete(key);
      return yield* exchange(s, url, method, body, sink, screen, o, started);
    }
    const why = failure(p, e, started, o, screen);
    yield* end(why);
    throw why;
  }
  o.startTransfer = nowUs(p) - started;
  o.status = response.status;
  o.httpVersion = response.version;
  o.headers = response.headers;
  o.contentType = header(response, 'content-type') ?? '';
  o.sizeHeader += response.raw.length;
  const refused = response.status >= 400 && c.flags.has('fail');
  const shownHead = refused ? response.raw.replace(/\r?\n$/, '') : response.raw;
  yield* screen.lines('<', shownHead);
  const words = `The requested URL returned error: ${response.status}`;
  const length = bodyLength(response, c.flags.has('head') ? 'HEAD' : method);
  if (refused) {
    const why = new CurlError(22, words);
    if (typeof length === 'number' && length > 0) screen.figures.total = length; // announced, though given up
    yield* end(why);
    throw why;
  }
  const location = response.status >= 300 && response.status < 400 ? header(response, 'location') : null;
  const follows = location !== null && c.flags.has('location');
  if (typeof length === 'number' && length > 0) screen.figures.total = length;
  try {
    if (c.flags.has('include') || c.flags.has('head')) yield* sink.put(response.raw);
    let got = 0;
    const rate = Number(rateOf(c.values.get('limit-rate') ?? '0'));
    const began = nowUs(p);
    for (;;) {
      const piece: Bytes = length === 'chunked' ? yield* conn.reader.chunk(deadline) : yield* conn.reader.body(length < 0 ? -1 : length - got, deadline);
      if (piece === '') break;
      got += piece.length;
      screen.figures.received += piece.length;
      yield* screen.data('{', piece.length);
      if (!follows) {
        o.sizeDownload += piece.length;
        yield* sink.put(piece);
      }
      yield* screen.tick();
      yield* sleep(p, holdBackUs(rate, got, nowUs(p) - began));
    }
  } catch (e) {
    if (sink.failed !== '') yield* err(p, `${sink.failed}`);
    const why = e instanceof CurlError ? e : failure(p, e, started, o, screen);
    yield* end(why);
    throw why;
  }
  const keep = length !== -1 && !/close/i.test(header(response, 'connection') ?? '') && (response.version === '1.1' || /keep-alive/i.test(header(response, 'connection') ?? ''));
  yield* end(null);
  if (keep) yield* screen.note(`Connection #${conn.number} to host ${bare(url.host)} left intact`);
  else {
    pool.open.delete(key);
    closeFd(p, conn.fd);
    yield* screen.note(`Closing connection ${conn.number}`);
  }
  if (response.status >= 400 && c.flags.has('fail-with-body')) throw new CurlError(22, words);
  return location === null ? null : { to: location, status: response.status };
}

/** What a broken response means. */
function failure(p: Process, e: unknown, started: number, o: Outcome, screen: Screen): CurlError {
  const ms = Math.floor((nowUs(p) - started) / 1000);
  if (e instanceof ShortResponse) return e.empty ? new CurlError(52, 'Empty reply from server') : new CurlError(18, `transfer closed with ${e.missing} bytes remaining to read`);
  if (e instanceof SysError) {
    if (e.errno === 'EAGAIN' || e.errno === 'ETIMEDOUT') {
      const of = screen.figures.total > 0 ? ` out of ${screen.figures.total}` : '';
      if (e.errno === 'EAGAIN') return new CurlError(28, `Operation timed out after ${ms} milliseconds with ${o.sizeDownload}${of} bytes received`);
    }
    return e.errno === 'EPIPE' ? new CurlError(55, `Send failure: ${strerror(e.errno)}`) : new CurlError(56, `Recv failure: ${strerror(e.errno)}`);
  }
  throw e;
}
