// A small browser on a host: asks for a page by HTTP/1.1 over a real connection of that host, and keeps the connection for the next page when told to,
// as browsers do. Not modelled: pictures and scripts of a page, a cache, several connections at a time, redirects (the answer is shown as it came).
import { bodyLength, header, HttpReader, ShortResponse } from '../commands/curl/http_client';
import { parseUrl } from '../commands/curl/url';
import type { Host } from '../host/host';
import type { SocketFile } from '../host/open_file';
import type { Browser } from '../host/page';
import { type Op, type Process, type Run, SIG } from '../host/process';
import { lookupAny } from '../host/resolve';
import { openTcp, socketNames, socketReadable, socketWrite } from '../host/socket';
import { closeFd, installFd, nowUs } from '../host/syscall';
import { SysError } from '../lib/errno';
import { utf8Encode } from '../lib/text';

/** Browsers give up a connection after this long. */
const PATIENCE_US = 90_000_000;

/** Asks for `url` (Unicode) on a host: the journalled action behind the address bar and the reload button. */
export function browse(host: Host, url: string, keepAlive: boolean): void {
  if (!host.running) return;
  const was = host.browser;
  let p = was === null ? undefined : host.procs.get(was.pid);
  // A page that is still under way is given up, with its connection.
  if (p !== undefined && (p.run !== null || p.state === 'Z')) {
    host.kill(p, SIG.KILL);
    p = undefined;
  }
  const fresh = p === undefined;
  p ??= host.fork(null);
  p.comm = 'browser';
  p.argv = ['browser'];
  p.cwd = '/';
  const b: Browser = {
    pid: p.pid, kept: fresh ? null : (was?.kept ?? null),
    page: { url: utf8Encode(url.trim()), state: 'loading', status: 0, reason: '', body: '', type: '', reused: false, keepAlive, localPort: 0, error: '', begunAt: host.world.clock.now, endedAt: 0, loads: (was?.page.loads ?? 0) + 1 },
  };
  host.browser = b;
  host.start(p, load(p, b), 0);
}

/** Loads the page of `b`, then puts its generator away and lives on with the connection it keeps. */
function* load(p: Process, b: Browser): Run {
  const { page } = b;
  try {
    yield* fetchPage(p, b);
    page.state = 'shown';
  } catch (e) {
    if (e instanceof SysError) page.error = e.errno;
    else if (e instanceof ShortResponse) page.error = 'short';
    else if (e instanceof PageError) page.error = e.key;
    else throw e;
    drop(p, b);
  } finally {
    if (page.state === 'loading') page.state = 'failed';
    page.endedAt = nowUs(p);
  }
  p.run = null;
  p.state = 'S';
  return 0;
}

class PageError extends Error {
  constructor(readonly key: 'url' | 'name') {
    super(key);
  }
}

function drop(p: Process, b: Browser): void {
  if (b.kept === null) return;
  closeFd(p, b.kept.fd);
  b.kept = null;
}

function* fetchPage(p: Process, b: Browser): Op<void> {
  const { page } = b;
  const url = parseUrl(page.url);
  if (url === 'bad' || 'unknown' in url || url.scheme !== 'http') throw new PageError('url');
  const key = `${url.host}:${url.port}`;
  // A connection to elsewhere, one the server has closed meanwhile, or one that is not wanted any more.
  if (b.kept !== null && (b.kept.key !== key || !page.keepAlive || socketReadable(p, b.kept.sock))) drop(p, b);
  const request = `GET ${url.path} HTTP/1.1\r\nHost: ${url.host}${url.port === 80 ? '' : `:${url.port}`}\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: text/html,*/*\r\nConnection: ${page.keepAlive ? 'keep-alive' : 'close'}\r\n\r\n`;
  for (;;) {
    page.reused = b.kept !== null;
    const sock: SocketFile = b.kept?.sock ?? (yield* connect(p, b, url.host.replace(/^\[(.*)\]$/, '$1'), url.port, key));
    page.localPort = socketNames(p, sock)[1];
    try {
      yield* socketWrite(p, sock, request);
      const deadline = nowUs(p) + PATIENCE_US;
      const reader = new HttpReader(p, sock);
      const head = yield* reader.head(deadline);
      const length = bodyLength(head, 'GET');
      let body = '';
      for (let piece = ' '; piece !== ''; body += piece) piece = length === 'chunked' ? yield* reader.chunk(deadline) : yield* reader.body(length < 0 ? -1 : length - body.length, deadline);
      page.status = head.status;
      page.reason = head.reason;
      page.type = header(head, 'content-type') ?? '';
      page.body = body;
      if (!page.keepAlive || length === -1 || head.version !== '1.1' || /close/i.test(header(head, 'connection') ?? '')) drop(p, b);
      return;
    } catch (e) {
      // Closed in the very moment it was used again: once more on a fresh one.
      const gone = (e instanceof ShortResponse && e.empty) || (e instanceof SysError && (e.errno === 'ECONNRESET' || e.errno === 'EPIPE'));
      if (!page.reused || !gone) throw e;
      drop(p, b);
    }
  }
}

function* connect(p: Process, b: Browser, name: string, port: number, key: string): Op<SocketFile> {
  const ip = lookupAny(p, name);
  if (ip === null) throw new PageError('name');
  const sock = yield* openTcp(p, ip, port, { deadline: nowUs(p) + PATIENCE_US });
  b.kept = { key, fd: installFd(p, sock, 3), sock };
  return sock;
}
