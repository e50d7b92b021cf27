// The HTTP daemon: plain data that the clock's events move, so that it goes on serving in a fork. Counterpart: nginx worker, Apache prefork child.
// It is started by host/daemons/http_start.ts. What it serves is decided in http_reply.ts.
import { httpDate, logDate } from '../../lib/calendar';
import type { Bytes } from '../../lib/text';
import { tcpAccept, tcpClose, tcpEof, tcpLocal, tcpRead, tcpRemote, tcpSend, tcpState } from '../../kernel/ipv4/tcp';
import { TCP } from '../../kernel/ipv4/tcp_state';
import { Ev } from '../../kernel/world';
import { addressText, IP6_BASE, isIp6 } from '../../wire/ipv6';
import type { Host } from '../host';
import { type HttpRequest, parseRequest } from './http';
import { apacheDate, nginxDate } from './http_dates';
import type { HttpConfig, HttpSite } from './http_config';
import type { Asked } from './http_find';
import { type Fetched, type Front, handOn, proxyOf, type Upstream, upstreamWake } from './http_proxy';
import { PERSONALITIES, proxiedReply, type Reply } from './http_reply';

/** A connection of the daemon. */
interface HttpConn {
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
}

/** A running HTTP daemon. */
export class HttpDaemon implements Front {
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
  timerSet = false;
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

  /** The sites listening on a local port and address, in order of configuration. */
  private sitesOf(ip: number, port: number): HttpSite[] {
    const covers = (s: HttpSite, exact: boolean): boolean => s.listens.some((l) => (l.port === port || l.port === 0) && (exact ? l.ip === ip : l.ip === (isIp6(ip) ? IP6_BASE : 0)));
    const exact = this.config.sites.filter((s) => covers(s, true));
    const sites = exact.length > 0 ? exact : this.config.sites.filter((s) => covers(s, false));
    return sites.length > 0 ? sites : this.config.sites.slice(0, 1);
  }

  private site(ip: number, port: number, hostHeader: Bytes | undefined): HttpSite {
    const sites = this.sitesOf(ip, port);
    const name = (hostHeader ?? '').replace(/:\d*$/, '').toLowerCase();
    const named = sites.find((s) => s.names.some((n) => n.toLowerCase() === name));
    if (named !== undefined) return named;
    // Apache prefers virtual hosts to the main server; nginx its default_server.
    if (this.program === 'httpd') return sites.find((s) => s !== this.config.sites[0]) ?? sites[0]!;
    return sites.find((s) => s.listens.some((l) => l.port === port && l.isDefault)) ?? sites[0]!;
  }

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
    }
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
    let hit = this.remembered(host, port, lip, buf);
    let used = buf.length;
    if (hit === undefined) {
      const parsed = parseRequest(buf);
      if (parsed.kind === 'more') return false;
      const ok = parsed.kind === 'request';
      const request: HttpRequest = ok ? parsed.request : { method: 'GET', target: '/', version: 11, line: parsed.line, headers: new Map(), body: '' };
      used = ok ? parsed.used : buf.length;
      const asked: Asked = {
        host, config: this.config, site: this.site(lip, port, request.headers.get('host')?.[0]), worker: host.procs.get(this.workers[0] ?? 0) ?? null, request,
        localAddress: addressText(lip, host.world.ip6), localPort: port,
      };
      const logIno = this.logs.get(asked.site.accessLog) ?? -1;
      const to = ok && this.program === 'httpd' ? proxyOf(asked) : null;
      if (to !== null) {
        conn.buf = buf.slice(used);
        conn.upstream = handOn(host, this, asked, sock, to, logIno);
        return conn.upstream < 0 && this.conns.has(sock);
      }
      const who = PERSONALITIES[this.program];
      const reply = ok ? who.reply(asked) : who.bad(asked, parsed.status);
      hit = { reply, log: this.logTail(request, reply), logIno };
      if (reply.error !== '') this.logError(host, sock, asked, reply.error);
      else if (ok && used === buf.length && buf.length < 4096) this.remember(host, port, lip, buf, hit);
    }
    conn.buf = used === buf.length ? '' : buf.slice(used);
    return this.send(host, sock, conn, hit);
  }

  /** A backend has answered, or failed to. */
  fetched(host: Host, up: Upstream, got: Fetched): void {
    const conn = this.conns.get(up.client);
    if (conn === undefined) return;
    conn.upstream = -1;
    const reply = proxiedReply(this.config, up.request, got);
    if (this.send(host, up.client, conn, { reply, log: this.logTail(up.request, reply), logIno: up.logIno }) && this.answerAll(host, up.client, conn) && conn.buf === '') this.idle(host, up.client, conn);
  }

  /** Sends a reply and writes the log. False when the connection is closed by it. */
  private send(host: Host, sock: number, conn: HttpConn, hit: Cached): boolean {
    conn.served++;
    const { reply } = hit;
    this.tick(host);
    tcpSend(host.kernel, sock, reply.head === '' ? reply.rest : reply.head + this.httpDateText + reply.rest);
    if (hit.logIno >= 0) host.vfs.appendQuietly(hit.logIno, `${this.ipOf(host, tcpRemote(host.kernel, sock))} - - [${this.logDateText}] ${hit.log}`);
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

  /** Combined log format from the request line on. */
  private logTail(request: HttpRequest, reply: Reply): Bytes {
    const quoted = (s: Bytes | undefined): Bytes => (s === undefined || s === '' ? '-' : s.replace(/["\\\x00-\x1f\x7f-\xff]/g, (c) => (this.program === 'nginx' ? `\\x${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}` : c === '"' || c === '\\' ? `\\${c}` : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)));
    const bytes = this.program === 'httpd' && reply.bodyBytes === 0 ? '-' : String(reply.bodyBytes);
    // nginx had not read the headers of a bad request when it gave up.
    const bare = this.program === 'nginx' && (reply.status === 400 || reply.status === 505);
    const header = (name: string): Bytes => quoted(bare ? undefined : request.headers.get(name)?.[0]);
    return `"${request.line === '' ? (this.program === 'nginx' ? '' : '-') : quoted(request.line)}" ${reply.status} ${bytes} "${header('referer')}" "${header('user-agent')}"\n`;
  }

  private logError(host: Host, sock: number, a: Asked, text: Bytes): void {
    if (this.errorIno < 0) return;
    const client = this.ipOf(host, tcpRemote(host.kernel, sock));
    const pid = this.workers[0] ?? this.master;
    const now = host.vfs.now();
    if (this.program === 'nginx') {
      const named = a.request.headers.get('host')?.[0];
      host.vfs.appendQuietly(
        this.errorIno,
        `${nginxDate(now)} [error] ${pid}#${pid}: *${sock + 1} ${text}, client: ${client}, server: ${a.site.names[0] ?? ''}, request: "${a.request.line}"${named === undefined ? '' : `, host: "${named}"`}\n`,
      );
    } else {
      host.vfs.appendQuietly(this.errorIno, `[${apacheDate(now)}] [core:error] [pid ${pid}] [client ${client}:${host.kernel.tcp.ports[sock]! & 0xffff}] ${text}\n`);
    }
  }

  /** A kept-alive connection waits for its next request: one timer for all, as they fall idle in order. */
  private idle(host: Host, sock: number, conn: HttpConn): void {
    conn.idleAt = host.world.clock.now;
    this.conns.delete(sock);
    this.conns.set(sock, conn);
    if (this.timerSet) return;
    this.timerSet = true;
    host.world.clock.push(conn.idleAt + this.config.keepaliveSec * 1e6, Ev.unit, host.index, this.id, null);
  }

  /** Closes what has been idle for too long. */
  timer(host: Host): void {
    this.timerSet = false;
    const now = host.world.clock.now;
    const us = this.config.keepaliveSec * 1e6;
    for (const [sock, conn] of this.conns) {
      if (conn.idleAt === Number.POSITIVE_INFINITY) continue;
      if (conn.idleAt + us > now) {
        this.timerSet = true;
        host.world.clock.push(conn.idleAt + us, Ev.unit, host.index, this.id, null);
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
