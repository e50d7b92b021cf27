// wget(1) 1.21: fetches files over HTTP/1.1.
// Not modelled: TLS, FTP, recursion, continuing, cookies and most of its options.
import type { Op, Process, Run } from '../host/process';
import { gethostbyname } from '../host/resolve';
import { openTcp, socketWrite } from '../host/socket';
import { closeFd, err, installFd, nowUs, open, out, sleep, wallSeconds, write } from '../host/syscall';
import { civil, two } from '../lib/calendar';
import { type Errno, strerror, SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { ipText } from '../wire/ipv4';
import { command, notModelled } from './command';
import { bodyLength, header, HttpReader, type ResponseHead, ShortResponse } from './curl/http_client';
import { parseUrl, resolveUrl, type Url } from './curl/url';
import { MISSING, readOptions, type Wish } from './curl/wget_options';

/** Exit statuses: 1 other, 3 files, 4 network, 8 the server said so. */
const EXIT = { OTHER: 1, FILE: 3, NETWORK: 4, SERVER: 8 } as const;
const FINAL: readonly Errno[] = ['ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'EACCES', 'EINVAL', 'EADDRNOTAVAIL'];

const stamp = (p: Process): string => {
  const c = civil(Math.floor(wallSeconds(p)));
  return `${c.year}-${two(c.month)}-${two(c.day)} ${two(c.hour)}:${two(c.minute)}:${two(c.second)}`;
};

class Failed extends Error {
  constructor(readonly status: number) {
    super('failed');
  }
}

function* say(p: Process, w: Wish, text: string): Op<void> {
  if (!w.quiet && !w.brief) yield* err(p, text);
}

/** Speed as wget rounds it: three figures and a unit. */
function speedText(bytes: number, us: number): string {
  let rate = us > 0 ? (bytes * 1e6) / us : bytes * 1e6;
  const units = ['B/s', 'KB/s', 'MB/s', 'GB/s'];
  let i = 0;
  while (rate >= 1024 && i < 3) {
    rate /= 1024;
    i++;
  }
  return `${rate >= 99.95 ? rate.toFixed(0) : rate >= 9.995 ? rate.toFixed(1) : rate.toFixed(2)} ${units[i]!}`;
}

function humanSize(n: number): string {
  if (n < 1024) return '';
  let value = n;
  let i = -1;
  while (value >= 1024) {
    value /= 1024;
    i++;
  }
  return ` (${value >= 10 ? value.toFixed(0) : value.toFixed(1)}${'KMG'[i]!})`;
}

function* connect(p: Process, w: Wish, url: Url): Op<{ fd: number; reader: HttpReader }> {
  const ip = gethostbyname(p, url.host);
  const numeric = ip !== null && ipText(ip) === url.host;
  if (!numeric) {
    yield* say(p, w, `Resolving ${url.host} (${url.host})... `);
    if (ip === null) {
      yield* say(p, w, 'failed: Temporary failure in name resolution.\n');
      if (!w.quiet) yield* err(p, `wget: unable to resolve host address '${url.host}'\n`);
      throw new Failed(EXIT.NETWORK);
    }
    yield* say(p, w, `${ipText(ip)}\n`);
  }
  yield* say(p, w, `Connecting to ${url.host}${numeric ? '' : ` (${url.host})|${ipText(ip!)}|`}:${url.port}... `);
  const sock = yield* openTcp(p, ip!, url.port, w.timeoutUs > 0 ? { deadline: nowUs(p) + w.timeoutUs } : {});
  const fd = installFd(p, sock, 3);
  yield* say(p, w, 'connected.\n');
  return { fd, reader: new HttpReader(p, sock) };
}

function fileFor(p: Process, w: Wish, url: Url): Bytes {
  if (w.output !== null) return w.output;
  const name = url.path.replace(/\?.*$/, '').split('/').pop()!;
  const query = /\?.*$/.exec(url.path)?.[0] ?? '';
  const base = `${w.dir === '' ? '' : `${w.dir.replace(/\/$/, '')}/`}${name === '' ? 'index.html' : name}${query}`;
  const exists = (path: Bytes): boolean => p.host.vfs.access(p, path, 0);
  if (!exists(base)) return base;
  let n = 1;
  while (exists(`${base}.${n}`)) n++;
  return `${base}.${n}`;
}

/** The dots of a transfer that does not go to a terminal: 1 KiB a dot, 50 a line. */
function dots(total: number, us: number, known: boolean): string {
  let text = '';
  const speed = speedText(total, us).replace(' ', '').replace('B/s', '').padStart(5);
  for (let at = 0; at === 0 || at < total; at += 51200) {
    const here = Math.min(50, Math.floor((total - at) / 1024));
    let row = '';
    for (let i = 0; i < 50; i++) row += `${i % 10 === 0 ? ' ' : ''}${i < here ? '.' : ' '}`;
    const percent = known ? ` ${String(total === 0 ? 100 : Math.min(100, Math.floor(((Math.min(at + 51200, total)) * 100) / total))).padStart(3)}%` : '';
    text += `\n${String(at / 1024).padStart(6)}K${row}${percent} ${speed}${at + 51200 >= total ? `=${us < 500 ? '0' : (us / 1e6).toFixed(us < 1e5 ? 3 : 1)}s` : ''}`;
  }
  return `${text}\n\n`;
}

function* fetch(p: Process, w: Wish, text: Bytes, attempt: number, hops: number): Op<void> {
  const url = parseUrl(text);
  if (url === 'bad' || 'unknown' in url) {
    yield* err(p, `${text}: ${url === 'bad' ? 'Invalid host name' : 'Unsupported scheme'}.\n`);
    throw new Failed(EXIT.OTHER);
  }
  const shown = `${url.scheme}://${url.host}${url.port === 80 ? '' : `:${url.port}`}${url.path}`;
  if (w.spider) yield* say(p, w, 'Spider mode enabled. Check if remote file exists.\n');
  yield* say(p, w, `--${stamp(p)}--  ${attempt > 1 ? `(try:${String(attempt).padStart(2)})  ` : ''}${shown}\n`);
  if (url.scheme === 'https') throw new NotHere('TLS (https)');
  let conn: { fd: number; reader: HttpReader };
  try {
    conn = yield* connect(p, w, url);
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    yield* say(p, w, `failed: ${strerror(e.errno)}.\n`);
    throw FINAL.includes(e.errno) ? new Failed(EXIT.NETWORK) : new Again();
  }
  try {
    yield* talk(p, w, url, conn, shown, hops);
  } finally {
    closeFd(p, conn.fd);
  }
}

/** The attempt failed in a way that is tried again. */
class Again extends Error {}
class NotHere extends Error {}

function* talk(p: Process, w: Wish, url: Url, conn: { fd: number; reader: HttpReader }, shown: Bytes, hops: number): Op<void> {
  const method = w.spider ? 'HEAD' : w.post !== null ? 'POST' : 'GET';
  const host = `${url.host}${url.port === 80 ? '' : `:${url.port}`}`;
  let request = `${method} ${url.path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: ${w.agent}\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: Keep-Alive\r\n`;
  for (const h of w.headers) request += `${h}\r\n`;
  if (w.post !== null) request += `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${w.post.length}\r\n`;
  const deadline = (): number => (w.timeoutUs > 0 ? nowUs(p) + w.timeoutUs : Number.POSITIVE_INFINITY);
  yield* say(p, w, 'HTTP request sent, awaiting response... ');
  let head: ResponseHead;
  try {
    yield* socketWrite(p, conn.reader.sock, `${request}\r\n${w.post ?? ''}`);
    head = yield* conn.reader.head(deadline());
  } catch (e) {
    if (e instanceof ShortResponse) yield* say(p, w, 'No data received.\n');
    else if (e instanceof SysError) yield* say(p, w, `Read error (${e.errno === 'EAGAIN' ? 'Connection timed out' : strerror(e.errno)}) in headers.\n`);
    else throw e;
    throw new Again();
  }
  if (w.serverHead) yield* say(p, w, `\n${head.raw.replace(/\r/g, '').trimEnd().split('\n').map((l) => `  ${l}\n`).join('')}`);
  else yield* say(p, w, `${head.status} ${head.reason}\n`);
  const location = head.status >= 300 && head.status < 400 ? header(head, 'location') : null;
  if (location !== null) {
    const next = resolveUrl(url, location);
    yield* say(p, w, `Location: ${location} [following]\n`);
    if (hops >= 20) {
      yield* say(p, w, '20 redirections exceeded.\n');
      throw new Failed(EXIT.SERVER);
    }
    yield* fetch(p, w, next, 1, hops + 1);
    return;
  }
  if (head.status >= 400) {
    const words = `${stamp(p)} ERROR ${head.status}: ${head.reason}.\n`;
    if (w.brief && !w.quiet) yield* err(p, `${shown}:\n${words}`);
    else yield* say(p, w, w.spider ? 'Remote file does not exist -- broken link!!!\n\n' : `${words}\n`);
    throw new Failed(EXIT.SERVER);
  }
  const type = header(head, 'content-type')?.replace(/;.*/, '') ?? '';
  const length = bodyLength(head, method);
  if (w.spider) {
    yield* say(p, w, `Length: ${header(head, 'content-length') ?? 'unspecified'}${type === '' ? '' : ` [${type}]`}\n${type === 'text/html' ? 'Remote file exists and could contain further links,\nbut recursion is disabled -- not retrieving.' : 'Remote file exists.'}\n\n`);
    if (w.brief && !w.quiet) yield* err(p, `${stamp(p)} URL: ${shown} ${head.status} ${head.reason}\n`);
    return;
  }
  yield* say(p, w, `Length: ${typeof length === 'number' && length >= 0 ? `${length}${humanSize(length)}` : 'unspecified'}${type === '' ? '' : ` [${type}]`}\n`);
  yield* save(p, w, url, conn, shown, length, deadline);
}

function* save(p: Process, w: Wish, url: Url, conn: { reader: HttpReader }, shown: Bytes, length: number | 'chunked', deadline: () => number): Op<void> {
  const path = fileFor(p, w, url);
  const stdout = path === '-';
  let fd = 1;
  if (!stdout) {
    try {
      if (w.dir !== '') p.host.vfs.mkdirs(w.dir.startsWith('/') ? w.dir : `${p.cwd}/${w.dir}`);
      fd = open(p, path, { write: true, create: true, truncate: true });
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* say(p, w, `${path}: ${strerror(e.errno)}\n\nCannot write to '${path}' (${strerror(e.errno)}).\n`);
      throw new Failed(EXIT.FILE);
    }
  }
  yield* say(p, w, `Saving to: '${stdout ? 'STDOUT' : path}'\n`);
  const began = nowUs(p);
  let got = 0;
  try {
    for (;;) {
      const piece: Bytes = length === 'chunked' ? yield* conn.reader.chunk(deadline()) : yield* conn.reader.body(length < 0 ? -1 : length - got, deadline());
      if (piece === '') break;
      got += piece.length;
      yield* write(p, fd, piece);
    }
  } catch (e) {
    if (!(e instanceof SysError) && !(e instanceof ShortResponse)) throw e;
    yield* say(p, w, `\n${stamp(p)} (${speedText(got, nowUs(p) - began)}) - Read error at byte ${got}${typeof length === 'number' && length > 0 ? `/${length}` : ''}. Retrying.\n\n`);
    throw new Again();
  } finally {
    if (!stdout) closeFd(p, fd);
  }
  const us = nowUs(p) - began;
  const known = typeof length === 'number' && length >= 0;
  const of = known ? `[${got}/${length as number}]` : `[${got}]`;
  if (w.brief && !w.quiet) yield* err(p, `${stamp(p)} URL:${shown} ${of} -> "${stdout ? '-' : path}" [1]\n`);
  const tty = p.fds.get(2)?.kind === 'tty';
  if (tty) {
    const name = (stdout ? '-' : path).split('/').pop()!.slice(0, 19).padEnd(20);
    yield* say(p, w, `\n\r${name}100%[===================>] ${String(got).padStart(7)}  --.-KB/s    in ${(us / 1e6).toFixed(us < 1000 ? 0 : 3)}s    \n\n`);
  } else yield* say(p, w, dots(got, us, known));
  yield* say(p, w, `${stamp(p)} (${speedText(got, us)}) - ${stdout ? 'written to stdout' : `'${path}' saved`} ${of}\n\n`);
}

export const wget = command({
  name: 'wget',
  summary: 'fetch files over HTTP',
  path: '/usr/bin/wget',
  package: 'wget',
  options: {
    '-q': { kind: 'flag', says: 'quiet' },
    '-O': { kind: 'value', says: 'write to a file', arg: 'FILE' },
    '-t': { kind: 'value', says: 'tries', arg: 'NUMBER' },
    '-T': { kind: 'value', says: 'timeout', arg: 'SECONDS' },
    '-S': { kind: 'flag', says: 'show response headers' },
    '-U': { kind: 'value', says: 'user agent', arg: 'NAME' },
    '-P': { kind: 'value', says: 'directory to save in', arg: 'DIR' },
    '--header': { kind: 'value', says: 'a request header', arg: 'HEADER' },
    '--spider': { kind: 'flag', says: 'do not download' },
    '-r': { kind: 'flag', says: 'recursive', modelled: false },
    '-c': { kind: 'flag', says: 'continue', modelled: false },
    '-b': { kind: 'flag', says: 'background', modelled: false },
  },
  getopt: null,
  synopsis: '[OPTION]... [URL]...',
  *run(p, _opts, args): Run {
    const c = readOptions(args);
    if (c.other !== '') return yield* notModelled(p, 'wget', c.other);
    if (c.text !== '') {
      yield* c.status === 0 ? out(p, c.text) : err(p, c.text);
      return c.status;
    }
    const { w, urls } = c;
    if (urls.length === 0) {
      yield* err(p, MISSING);
      return 1;
    }
    let status = 0;
    for (const url of urls) {
      try {
        const s = yield* tries(p, w, url);
        if (s !== 0) status = s;
      } catch (e) {
        if (e instanceof NotHere) return yield* notModelled(p, 'wget', e.message);
        throw e;
      }
    }
    return status;
  },
});

function* tries(p: Process, w: Wish, url: Bytes): Op<number> {
  for (let n = 1; ; n++) {
    try {
      yield* fetch(p, w, url, n, 0);
      return 0;
    } catch (e) {
      if (e instanceof Failed) return e.status;
      if (!(e instanceof Again)) throw e;
      if (n >= w.tries) {
        yield* say(p, w, 'Giving up.\n\n');
        return EXIT.NETWORK;
      }
      yield* say(p, w, 'Retrying.\n\n');
      yield* sleep(p, Math.min(n, 10) * 1e6);
    }
  }
}
