// ab(1), ApacheBench 2.3: many requests to one URL, some at a time.
// Not modelled: TLS, POST and PUT, cookies, authentication, output files, time limits.
import { AB_USAGE } from './ab_usage';
import { type Op, type Process, type Run, SIG } from '../host/process';
import { gethostbyname } from '../host/resolve';
import { openTcp, socketWrite } from '../host/socket';
import { closeFd, err, forkRun, installFd, nowUs, out, waitpid } from '../host/syscall';
import { strerror, SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { command, notModelled } from './command';
import { bodyLength, header, HttpReader, ShortResponse } from './curl/http_client';
import { parseUrl, type Url } from './curl/url';

const BANNER = 'This is ApacheBench, Version 2.3 <$Revision: 1903618 $>\nCopyright 1996 Adam Twiss, Zeus Technology Ltd, http://www.zeustech.net/\nLicensed to The Apache Software Foundation, http://www.apache.org/\n\n';

/** What all workers of one run share. */
interface Bench {
  url: Url;
  ip: number;
  wanted: number;
  started: number;
  keepAlive: boolean;
  headers: Bytes[];
  server: Bytes;
  length: number;
  totalBytes: number;
  htmlBytes: number;
  non2xx: number;
  failedLength: number;
  keptAlive: number;
  refused: SysError | null;
  /** Microseconds of each request: connecting, until the first byte, all. */
  samples: { connect: number; wait: number; total: number }[];
}

/** Takes requests from the common count until none is left. */
function* worker(p: Process, b: Bench): Run {
  let fd = -1;
  let reader: HttpReader | null = null;
  while (b.started < b.wanted && b.refused === null) {
    b.started++;
    const from = nowUs(p);
    let connected = from;
    try {
      if (reader === null) {
        const sock = yield* openTcp(p, b.ip, b.url.port);
        fd = installFd(p, sock, 3);
        reader = new HttpReader(p, sock);
        connected = nowUs(p);
      } else b.keptAlive++;
      const port = b.url.port === 80 ? '' : `:${b.url.port}`;
      yield* socketWrite(p, reader.sock, `GET ${b.url.path} HTTP/1.0\r\n${b.keepAlive ? 'Connection: Keep-Alive\r\n' : ''}Host: ${b.url.host}${port}\r\nUser-Agent: ApacheBench/2.3\r\nAccept: */*\r\n${b.headers.map((h) => `${h}\r\n`).join('')}\r\n`);
      const head = yield* reader.head(Number.POSITIVE_INFINITY);
      const waited = nowUs(p);
      const length = bodyLength(head, 'GET');
      let got = 0;
      for (;;) {
        const piece: Bytes = length === 'chunked' ? yield* reader.chunk(Number.POSITIVE_INFINITY) : yield* reader.body(length < 0 ? -1 : length - got, Number.POSITIVE_INFINITY);
        if (piece === '') break;
        got += piece.length;
      }
      if (b.samples.length === 0) {
        b.server = header(head, 'server') ?? '';
        b.length = got;
      } else if (got !== b.length) b.failedLength++;
      if (head.status < 200 || head.status > 299) b.non2xx++;
      b.totalBytes += head.raw.length + got;
      b.htmlBytes += got;
      b.samples.push({ connect: connected - from, wait: waited - connected, total: nowUs(p) - from });
      if (!b.keepAlive || !/keep-alive/i.test(header(head, 'connection') ?? '')) {
        closeFd(p, fd);
        reader = null;
      }
    } catch (e) {
      if (e instanceof SysError && reader === null) b.refused = e;
      else if (!(e instanceof SysError) && !(e instanceof ShortResponse)) throw e;
      else {
        b.failedLength++;
        closeFd(p, fd);
        reader = null;
      }
    }
  }
  if (reader !== null) closeFd(p, fd);
  return 0;
}

const ms = (us: number): number => Math.floor((us + 500) / 1000);

function times(name: string, values: number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
  const deviation = sorted.length > 1 ? Math.sqrt(sorted.reduce((a, b) => a + (b - mean) ** 2, 0) / (sorted.length - 1)) : 0;
  const mid = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[mid]! : (sorted[mid]! + sorted[mid - 1]!) / 2;
  const cell = (us: number, width: number): string => String(ms(us)).padStart(width);
  return `${`${name}:`.padEnd(11)}${cell(sorted[0]!, 6)} ${cell(mean, 4)} ${(deviation / 1000).toFixed(1).padStart(5)} ${cell(median, 6)} ${cell(sorted.at(-1)!, 7)}\n`;
}

function report(b: Bench, concurrency: number, us: number): string {
  const n = b.samples.length;
  const row = (name: string, value: string): string => `${`${name}:`.padEnd(24)}${value}\n`;
  const seconds = us / 1e6;
  let text = `\n\n${row('Server Software', b.server)}${row('Server Hostname', b.url.host)}${row('Server Port', String(b.url.port))}\n${row('Document Path', b.url.path)}${row('Document Length', `${b.length} bytes`)}\n`;
  text += row('Concurrency Level', String(concurrency)) + row('Time taken for tests', `${seconds.toFixed(3)} seconds`) + row('Complete requests', String(n)) + row('Failed requests', String(b.failedLength));
  if (b.failedLength > 0) text += `   (Connect: 0, Receive: 0, Length: ${b.failedLength}, Exceptions: 0)\n`;
  if (b.non2xx > 0) text += row('Non-2xx responses', String(b.non2xx));
  if (b.keepAlive) text += row('Keep-Alive requests', String(b.keptAlive));
  text += row('Total transferred', `${b.totalBytes} bytes`) + row('HTML transferred', `${b.htmlBytes} bytes`);
  if (n === 0 || us <= 0) return text;
  text += row('Requests per second', `${(n / seconds).toFixed(2)} [#/sec] (mean)`) + row('Time per request', `${((concurrency * us) / 1000 / n).toFixed(3)} [ms] (mean)`);
  text += row('Time per request', `${(us / 1000 / n).toFixed(3)} [ms] (mean, across all concurrent requests)`) + row('Transfer rate', `${(b.totalBytes / 1024 / seconds).toFixed(2)} [Kbytes/sec] received`);
  text += '\nConnection Times (ms)\n              min  mean[+/-sd] median   max\n';
  text += times('Connect', b.samples.map((s) => s.connect)) + times('Processing', b.samples.map((s) => s.total - s.connect)) + times('Waiting', b.samples.map((s) => s.wait)) + times('Total', b.samples.map((s) => s.total));
  if (n < 2) return text;
  const totals = b.samples.map((s) => s.total).sort((x, y) => x - y);
  text += '\nPercentage of the requests served within a certain time (ms)\n';
  for (const q of [50, 66, 75, 80, 90, 95, 98, 99]) text += `  ${q}%  ${String(ms(totals[Math.floor((n * q) / 100)]!)).padStart(5)}\n`;
  return `${text} 100%  ${String(ms(totals[n - 1]!)).padStart(5)} (longest request)\n`;
}

export const ab = command({
  name: 'ab',
  summary: 'HTTP server benchmark',
  path: '/usr/bin/ab',
  package: 'apache2-utils',
  options: {
    '-n': { kind: 'value', says: 'requests', arg: 'REQUESTS' },
    '-c': { kind: 'value', says: 'how many at a time', arg: 'CONCURRENCY' },
    '-k': { kind: 'flag', says: 'keep connections' },
    '-H': { kind: 'value', says: 'a request header', arg: 'HEADER' },
    '-q': { kind: 'flag', says: 'no progress' },
    '-t': { kind: 'value', says: 'seconds', modelled: false },
    '-p': { kind: 'value', says: 'POST a file', modelled: false },
  },
  getopt: { badExit: 22, tryHelp: AB_USAGE, unknown: (option) => `${option.startsWith('--') ? '' : `ab: illegal option -- ${option[1]}\n`}ab: wrong number of arguments` },
  *run(p, opts, args): Run {
    const wanted = Number(opts.value('-n') ?? 1);
    const concurrency = Number(opts.value('-c') ?? 1);
    const url = parseUrl(args[0] ?? '');
    if (args.length !== 1 || url === 'bad' || 'unknown' in url || !/^[^/]*(\/\/[^/]+)?\//.test(args[0]!)) {
      yield* err(p, args.length === 0 ? 'ab: wrong number of arguments\nUsage: ab [options] [http[s]://]hostname[:port]/path\n' : `ab: invalid URL\nUsage: ab [options] [http[s]://]hostname[:port]/path\n`);
      return 22;
    }
    if (url.scheme === 'https') return yield* notModelled(p, 'ab', 'TLS (https)');
    if (!(wanted > 0) || !(concurrency > 0) || concurrency > 20000) {
      yield* err(p, 'ab: Invalid number of requests\n');
      return 22;
    }
    if (concurrency > wanted) {
      yield* err(p, 'ab: Cannot use concurrency level greater than total number of requests\n');
      return 22;
    }
    return yield* bench(p, url, wanted, concurrency, opts.has('-k'), opts.all('-H'));
  },
});

function* bench(p: Process, url: Url, wanted: number, concurrency: number, keepAlive: boolean, headers: Bytes[]): Op<number> {
  yield* out(p, `${BANNER}Benchmarking ${url.host} (be patient)`);
  const ip = gethostbyname(p, url.host);
  if (ip === null) {
    yield* err(p, `\nab: Could not resolve hostname: ${url.host}\n`);
    return 1;
  }
  yield* out(p, wanted > 150 ? '\n' : '...');
  const b: Bench = {
    url, ip, wanted, started: 0, keepAlive, headers, server: '', length: 0, totalBytes: 0, htmlBytes: 0, non2xx: 0, failedLength: 0, keptAlive: 0, refused: null, samples: [],
  };
  p.ignored.add(SIG.PIPE);
  const began = nowUs(p);
  const children = Array.from({ length: concurrency }, () => forkRun(p, {}, (q) => worker(q, b), 0).pid);
  for (const pid of children) yield* waitpid(p, [pid]);
  if (b.refused !== null) {
    yield* err(p, `apr_socket_recv: ${strerror(b.refused.errno)} (${b.refused.errno === 'ECONNREFUSED' ? 111 : 104})\n${b.samples.length > 0 ? `Total of ${b.samples.length} requests completed\n` : ''}`);
    return 104;
  }
  yield* out(p, wanted > 150 ? `Finished ${b.samples.length} requests\n` : '..done\n');
  yield* out(p, report(b, concurrency, nowUs(p) - began));
  return 0;
}
