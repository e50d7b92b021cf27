// The HTTP daemon: plain data that the clock's events move, so that it goes on serving in a fork. Counterpart: nginx worker, Apache prefork child.
// It is started by host/daemons/http_start.ts. What it serves is decided in http_reply.ts.
import { httpDate, logDate } from '../../lib/calendar';
import type { Bytes } from '../../lib/text';
import { tcpAccept, tcpClose, tcpEof, tcpLocal, tcpRead, tcpRemote, tcpSend, tcpState } from '../../kernel/ipv4/tcp';
import { TCP } from '../../kernel/ipv4/tcp_state';
import { Ev } from '../../kernel/world';
import { addressText } from '../../wire/ipv6';
import type { Host } from '../host';
import { askFor, type Asking, hasMounts, meeting, stillAsking } from '../nfs/reach';
import { type HttpRequest, normalPath, parseRequest } from './http';
import type { HttpConfig, HttpLocation } from './http_config';
import { type Asked, findLocation } from './http_find';
import { errorLine, formattedLine, logTail } from './http_log';
import { type Fetched, handOn, proxyOf, type Upstream, upstreamWake } from './http_proxy';
import { askedOf } from './http_site';
import { nginxProxied, nginxReply, PERSONALITIES, proxiedReply, type Reply } from './http_reply';
import { passDeadlines, passedBack, passedRequest, type PassFront, passingLocation, passOn, redirected, wait } from './nginx_pass';
import type { PeerGroup } from './nginx_upstream';

interface HttpConn extends Asking {
  /** Bytes of an unfinished request. */
  buf: Bytes;
  /** Requests answered. */
  served: number;
  /** When it fell idle, us; Infinity while a request is coming in. */
  idleAt: number;
  /** Socket to the backend its request was handed on to, or -1. */
  upstream: number;
}

interface Listener {
  sock: number;
  ip: number;
  port: number;
}

/** One remembered answer to byte-equal requests, good while no file changed. */
interface Cached {
  reply: Reply;
  /** The log line's end, from the request on. */
  log: Bytes;
  logIno: number;
  /** The whole line, in a format of the site's own. */
  line?: Bytes;
}

/** A running HTTP daemon. */
export class HttpDaemon implements PassFront {
  static readonly transient = ['cache', 'last', 'ipTexts'] as const;
  readonly kind = 'http';
  /** Set by the registry. */
  id = 0;
  conns = new Map<number, HttpConn>();
  upstreams = new Map<number, Upstream>();
  listeners: Listener[] = [];
  workers: number[] = [];
  /** Inodes of the access logs by path. */
  logs = new Map<Bytes, number>();
  errorIno = -1;
  /** When the timer for idle connections is due. */
  timerAt = Number.POSITIVE_INFINITY;
  private cache: Map<string, Cached> | null = null;
  private cacheAt = -1;
  /** The answer given last: comparing is cheaper than hashing a request. */
  private last: { buf: Bytes; port: number; lip: number; hit: Cached } | null = null;
  private ipTexts: Map<number, string> | null = null;
  private dateAt = -1;
  private httpDateText = '';
  private logDateText = '';

  constructor(
    readonly program: 'nginx' | 'httpd',
    readonly master: number,
    public config: HttpConfig,
    readonly configPath: Bytes,
  ) {}

  /** Something happened to a socket: connections to accept, data, or the end. */
  wake(host: Host, sock: number): void {
    const k = host.kernel;
    const up = this.upstreams.get(sock);
    if (up !== undefined) {
      upstreamWake(host, this, sock, up);
      return;
    }
    if (tcpState(k, sock) === TCP.LISTEN) {
      for (let c = tcpAccept(k, sock); c >= 0; c = tcpAccept(k, sock)) {
        this.conns.set(c, { buf: '', served: 0, idleAt: Number.POSITIVE_INFINITY, upstream: -1 });
        this.serve(host, c);
      }
      return;
    }
    this.serve(host, sock);
  }

  private serve(host: Host, sock: number): void {
    const k = host.kernel;
    const conn = this.conns.get(sock);
    if (conn === undefined) return;
    const data = tcpRead(k, sock);
    if (data !== '') {
      conn.buf = conn.buf === '' ? data : conn.buf + data;
      conn.idleAt = Number.POSITIVE_INFINITY;
      if (!this.answerAll(host, sock, conn)) return;
    } else if (conn.waits !== undefined && !this.answerAll(host, sock, conn)) return;
    const state = tcpState(k, sock);
    if (tcpEof(k, sock) || state === TCP.CLOSE || state === 0) {
      this.conns.delete(sock);
      tcpClose(k, sock);
      if (this.upstreams.delete(conn.upstream)) tcpClose(k, conn.upstream);
      return;
    }
    if (conn.buf === '' && conn.served > 0 && conn.upstream < 0) this.idle(host, sock, conn);
  }

  /** Answers what is in the buffer, up to a request that was handed on. False when the connection is closed. */
  private answerAll(host: Host, sock: number, conn: HttpConn): boolean {
    while (conn.buf !== '' && conn.upstream < 0) if (!this.answer(host, sock, conn)) break;
    return this.conns.has(sock);
  }

  /** Answers the request at the front of the buffer. False when it is not whole yet or the connection is closed. */
  private answer(host: Host, sock: number, conn: HttpConn): boolean {
    const t = host.kernel.tcp;
    const buf = conn.buf;
    const port = t.ports[sock]! >>> 16;
    const lip = tcpLocal(host.kernel, sock);
    if (stillAsking(host, conn)) return false;
    let hit = hasMounts(host) ? undefined : this.remembered(host, port, lip, buf);
    let used = buf.length;
    if (hit === undefined) {
      const parsed = parseRequest(buf);
      if (parsed.kind === 'more') return false;
      const ok = parsed.kind === 'request';
      const request: HttpRequest = ok ? parsed.request : { method: 'GET', target: '/', version: 11, line: parsed.line, headers: new Map(), body: '' };
      used = ok ? parsed.used : buf.length;
      const asked = askedOf(host, this, sock, request);
      const logIno = this.logs.get(asked.site.accessLog) ?? -1;
      const to = ok && this.program === 'httpd' ? proxyOf(asked) : null;
      if (to !== null) {
        conn.buf = buf.slice(used);
        conn.upstream = handOn(host, this, asked, sock, to, logIno);
        return conn.upstream < 0 && this.conns.has(sock);
      }
      const handing = ok && this.program === 'nginx' ? passingLocation(asked) : null;
      if (handing !== null) {
        conn.buf = buf.slice(used);
        return this.pass(host, sock, conn, asked, handing, logIno);
      }
      const { value: reply, met } = meeting(host, () => (ok ? PERSONALITIES[this.program].reply(asked) : PERSONALITIES[this.program].bad(asked, parsed.status)));
      if (hasMounts(host) && askFor(host, conn, met, asked.worker ?? { uid: 0, gid: 0 }, sock)) return false;
      hit = this.logged(host, asked, reply, logIno, null);
      if (reply.error !== '') this.logError(host, sock, asked, reply.error);
      else if (ok && !hasMounts(host) && hit.line === undefined && used === buf.length && buf.length < 4096) this.remember(host, port, lip, buf, hit);
    }
    conn.buf = used === buf.length ? '' : buf.slice(used);
    return this.send(host, sock, conn, hit);
  }

  /** A backend has answered, or failed to. */
  fetched(host: Host, up: Upstream, got: Fetched): void {
    const conn = this.conns.get(up.client);
    if (conn === undefined) return;
    conn.upstream = -1;
    const a = askedOf(host, this, up.client, up.request);
    const l = up.passing === undefined ? null : findLocation(a.site, normalPath(up.request.target)?.path ?? '/');
    const back = l?.pass === undefined ? null : passedBack(host, this, a, l, up, got);
    if (back !== null && 'sock' in back) {
      if (this.conns.get(up.client) === conn && back.sock >= 0) conn.upstream = back.sock;
      return;
    }
    const reply = back === null ? proxiedReply(this.config, up.request, got) : 'page' in back ? nginxReply(a, back.page) : nginxProxied(a, redirected(a, l!, back.answer));
    if (this.send(host, up.client, conn, this.logged(host, a, reply, up.logIno, up)) && this.answerAll(host, up.client, conn) && conn.buf === '') this.idle(host, up.client, conn);
  }

  private pass(host: Host, sock: number, conn: HttpConn, a: Asked, l: HttpLocation, logIno: number): boolean {
    const passing = { group: l.pass!.group, peer: '', tried: [], statuses: [], left: this.groups()[l.pass!.group]!.peers.length, until: 0 };
    const up: Upstream = { client: sock, request: a.request, say: '', buf: '', logIno, passing, target: / (\S*) /.exec(passedRequest(a, l))?.[1] ?? '/' };
    const to = passOn(host, this, a, l, up);
    if (to >= 0) conn.upstream = to;
    return conn.upstream < 0 && this.conns.has(sock);
  }

  groups(): Record<Bytes, PeerGroup> {
    return this.config.upstreams ?? {};
  }

  complain(host: Host, up: Upstream, level: 'error' | 'warn', text: Bytes, url: Bytes): void {
    this.logError(host, up.client, askedOf(host, this, up.client, up.request), text, level, url);
  }

  sent(host: Host, up: Upstream): void {
    if (up.passing !== undefined) wait(host, this, up.passing, findLocation(askedOf(host, this, up.client, up.request).site, normalPath(up.request.target)?.path ?? '/')?.readSec ?? 60);
  }

  private logged(host: Host, a: Asked, reply: Reply, logIno: number, up: Upstream | null): Cached {
    if (a.site.logFormat === undefined) return { reply, log: logTail(this.program, a.request, reply), logIno };
    this.tick(host);
    return { reply, log: '', logIno, line: formattedLine(a.site.logFormat, a, reply, this.logDateText, up) };
  }

  /** Sends a reply and writes the log. False when the connection is closed by it. */
  private send(host: Host, sock: number, conn: HttpConn, hit: Cached): boolean {
    conn.served++;
    const { reply } = hit;
    this.tick(host);
    tcpSend(host.kernel, sock, reply.head === '' ? reply.rest : reply.head + this.httpDateText + reply.rest);
    if (hit.logIno >= 0) host.vfs.appendQuietly(hit.logIno, hit.line ?? `${this.ipOf(host, tcpRemote(host.kernel, sock))} - - [${this.logDateText}] ${hit.log}`);
    if (reply.close || conn.served >= this.config.keepaliveMax) {
      this.conns.delete(sock);
      tcpClose(host.kernel, sock);
      return false;
    }
    return true;
  }

  private remembered(host: Host, port: number, lip: number, buf: Bytes): Cached | undefined {
    if (this.cache === null || this.cacheAt !== host.vfs.changes) return undefined;
    const last = this.last;
    if (last !== null && last.port === port && last.lip === lip && last.buf === buf) return last.hit;
    const hit = this.cache.get(`${port} ${lip} ${buf}`);
    if (hit !== undefined) this.last = { buf, port, lip, hit };
    return hit;
  }

  private remember(host: Host, port: number, lip: number, buf: Bytes, hit: Cached): void {
    if (this.cache === null || this.cacheAt !== host.vfs.changes || this.cache.size > 500) this.forget();
    this.cache ??= new Map();
    this.cacheAt = host.vfs.changes;
    this.cache.set(`${port} ${lip} ${buf}`, hit);
  }

  /** Keeps the texts of the date; they change once a second. */
  private tick(host: Host): void {
    const second = Math.floor(host.world.epoch + host.world.clock.now / 1e6);
    if (second === this.dateAt) return;
    this.dateAt = second;
    this.logDateText = logDate(second);
    this.httpDateText = httpDate(second);
  }

  private ipOf(host: Host, ip: number): string {
    if (this.ipTexts === null || this.ipTexts.size > 4096) this.ipTexts = new Map();
    let text = this.ipTexts.get(ip);
    if (text === undefined) {
      text = addressText(ip, host.world.ip6);
      this.ipTexts.set(ip, text);
    }
    return text;
  }

  private logError(host: Host, sock: number, a: Asked, text: Bytes, level: 'error' | 'warn' = 'error', url = ''): void {
    if (this.errorIno >= 0) host.vfs.appendQuietly(this.errorIno, errorLine(host, this.program, this.workers[0] ?? this.master, sock, a, text, level, url));
  }

  /** A kept-alive connection waits for its next request: one timer for all, as they fall idle in order. */
  private idle(host: Host, sock: number, conn: HttpConn): void {
    conn.idleAt = host.world.clock.now;
    this.conns.delete(sock);
    this.conns.set(sock, conn);
    if (this.timerAt !== Number.POSITIVE_INFINITY) return;
    this.timerAt = conn.idleAt + this.config.keepaliveSec * 1e6;
    host.world.clock.push(this.timerAt, Ev.unit, host.index, this.id, null);
  }

  /** Closes what has been idle for too long. */
  timer(host: Host): void {
    passDeadlines(host, this);
    const now = host.world.clock.now;
    if (now < this.timerAt) return;
    this.timerAt = Number.POSITIVE_INFINITY;
    const us = this.config.keepaliveSec * 1e6;
    for (const [sock, conn] of this.conns) {
      if (conn.idleAt === Number.POSITIVE_INFINITY) continue;
      if (conn.idleAt + us > now) {
        this.timerAt = conn.idleAt + us;
        host.world.clock.push(this.timerAt, Ev.unit, host.index, this.id, null);
        return;
      }
      this.conns.delete(sock);
      tcpClose(host.kernel, sock);
    }
  }

  /** Closes everything: the daemon has ended. */
  shut(host: Host): void {
    for (const l of this.listeners) tcpClose(host.kernel, l.sock);
    for (const sock of [...this.conns.keys(), ...this.upstreams.keys()]) tcpClose(host.kernel, sock);
    this.upstreams.clear();
    this.listeners = [];
    this.conns.clear();
  }

  /** Forgets remembered answers (the configuration changed). */
  forget(): void {
    this.cache = null;
    this.last = null;
  }
}
