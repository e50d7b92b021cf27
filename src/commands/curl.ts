// curl(1) 7.88: transfers over HTTP/1.x.
// Not modelled: TLS, other protocols, and the options that curl/options.ts names so.
import { type Op, type Process, type Run, SIG } from '../host/process';
import { closeFd, err, nowUs, out, readAll, readFile, sleep } from '../host/syscall';
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { command, EXIT_NOT_MODELLED, notModelled } from './command';
import { type Config, parseCommandLine } from './curl/options';
import { pauseUs, transient, warning } from './curl/retry';
import { CurlError } from './curl/screen';
import { Pool, SchemeNotModelled, type Session, transfer } from './curl/transfer';
import { globUrl } from './curl/url';
import { type Outcome, writeOut } from './curl/write_out';

const TRY = "curl: try 'curl --help' or 'curl --manual' for more information\n";
const VERSION =
  'curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.20 zlib/1.2.13 brotli/1.0.9 zstd/1.5.4 libidn2/2.3.3 libpsl/0.21.2 (+libidn2/2.3.3) libssh2/1.10.0 nghttp2/1.52.0 librtmp/2.3 OpenLDAP/2.5.13\n' +
  'Release-Date: 2023-02-20, security patched: 7.88.1-10+deb12u15\n' +
  'Protocols: dict file ftp ftps gopher gophers http https imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtsp scp sftp smb smbs smtp smtps telnet tftp\n' +
  'Features: alt-svc AsynchDNS brotli GSS-API HSTS HTTP2 HTTPS-proxy IDN IPv6 Kerberos Largefile libz NTLM NTLM_WB PSL SPNEGO SSL threadsafe TLS-SRP UnixSockets zstd\n';
const HELP = `Usage: curl [options...] <url>
 -d, --data <data>          HTTP POST data
 -f, --fail                 Fail fast with no output on HTTP errors
 -h, --help <category>      Get help for commands
 -i, --include              Include protocol response headers in the output
 -o, --output <file>        Write to file instead of stdout
 -O, --remote-name          Write output to a file named as the remote file
 -s, --silent               Silent mode
 -T, --upload-file <file>   Transfer local FILE to destination
 -u, --user <user:password> Server user and password
 -A, --user-agent <name>    Send User-Agent <name> to server
 -v, --verbose              Make the operation more talkative
 -V, --version              Show version number and quit

This is not the full help, this menu is stripped into categories.
Use "--help category" to get an overview of all categories.
For all options use the manual or "--help all".
`;

function blank(url: Bytes, index: number): Outcome {
  return {
    exit: 0, error: '', status: 0, url, effectiveUrl: url, method: '', scheme: '', contentType: '', localIp: '', localPort: 0, remoteIp: '', remotePort: 0, connects: 0,
    redirects: 0, redirectUrl: '', filename: '', sizeDownload: 0, sizeUpload: 0, sizeHeader: 0, sizeRequest: 0, headers: [], urlIndex: index, httpVersion: '0', lookup: 0,
    connect: 0, pretransfer: 0, startTransfer: 0, redirectTime: 0, total: 0,
  };
}

/** A file named by `@file` or -T ('-' is standard input). Throws SysError. */
function* fileOrStdin(p: Process, name: Bytes): Op<Bytes> {
  return name === '-' ? yield* readAll(p, 0) : readFile(p, name);
}

/** Body of -d: pieces joined by '&'; `@file` reads a file (-d drops its line ends). Null without -d. */
function* postBody(p: Process, c: Config): Op<Bytes | null | CurlError> {
  if (c.data.length === 0) return null;
  const parts: Bytes[] = [];
  for (const d of c.data) {
    if (d.how === 'data-raw' || !d.text.startsWith('@')) {
      parts.push(d.text);
      continue;
    }
    const name = d.text.slice(1);
    try {
      const text = yield* fileOrStdin(p, name);
      parts.push(d.how === 'data-binary' ? text : text.replace(/[\r\n]/g, ''));
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* err(p, `Warning: Couldn't read data from file "${name}", this makes an empty POST.\n`);
      parts.push('');
    }
  }
  return parts.join('&');
}

export const curl = command({
  name: 'curl',
  summary: 'transfer a URL',
  path: '/usr/bin/curl',
  package: 'curl',
  options: {
    '-s': { kind: 'flag', says: 'silent' },
    '-S': { kind: 'flag', says: 'show errors even when silent' },
    '-o': { kind: 'value', says: 'write to a file', arg: 'FILE' },
    '-O': { kind: 'flag', says: 'write to a file named as the remote one' },
    '-I': { kind: 'flag', says: 'headers only' },
    '-i': { kind: 'flag', says: 'headers too' },
    '-v': { kind: 'flag', says: 'talk' },
    '-L': { kind: 'flag', says: 'follow redirects' },
    '-m': { kind: 'value', says: 'seconds a transfer may take', arg: 'SECONDS' },
    '--connect-timeout': { kind: 'value', says: 'seconds connecting may take', arg: 'SECONDS' },
    '-w': { kind: 'value', says: 'print figures afterwards', arg: 'FORMAT' },
    '-H': { kind: 'value', says: 'a request header', arg: 'HEADER' },
    '-d': { kind: 'value', says: 'POST data', arg: 'DATA' },
    '-X': { kind: 'value', says: 'request method', arg: 'METHOD' },
    '-f': { kind: 'flag', says: 'fail on HTTP errors' },
    '-A': { kind: 'value', says: 'user agent', arg: 'NAME' },
    '-u': { kind: 'value', says: 'user and password', arg: 'USER:PASSWORD' },
    '-T': { kind: 'value', says: 'upload a file', arg: 'FILE' },
    '-r': { kind: 'value', says: 'byte range', arg: 'RANGE' },
    '-k': { kind: 'flag', says: 'insecure TLS (TLS is not modelled)' },
    '--resolve': { kind: 'value', says: 'HOST:PORT:ADDRESS', arg: 'HOST:PORT:ADDRESS' },
    '--interface': { kind: 'value', says: 'source interface or address', arg: 'NAME' },
    '--local-port': { kind: 'value', says: 'source port or range', arg: 'PORT' },
    '-#': { kind: 'flag', says: 'a bar for progress' },
    '-x': { kind: 'value', says: 'proxy', modelled: false },
    '-F': { kind: 'value', says: 'multipart form', modelled: false },
    '--retry': { kind: 'value', says: 'tries again after errors that may pass', arg: 'TIMES' },
    '--retry-delay': { kind: 'value', says: 'seconds between tries', arg: 'SECONDS' },
    '--retry-max-time': { kind: 'value', says: 'no new try after so many seconds', arg: 'SECONDS' },
    '--retry-connrefused': { kind: 'flag', says: 'a refused connection is worth another try' },
    '--retry-all-errors': { kind: 'flag', says: 'so is every error' },
    '--limit-rate': { kind: 'value', says: 'bytes a second, with K, M or G; what comes at once (64 KiB) is not held back', arg: 'RATE' },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    p.ignored.add(SIG.PIPE);
    const c = parseCommandLine(args);
    if ('words' in c) {
      if (c.notModelled) return yield* notModelled(p, 'curl', c.words);
      yield* err(p, `${c.before ?? ''}curl: ${c.words}\n${TRY}`);
      return 2;
    }
    if (c.flags.has('help') || c.flags.has('version')) {
      if (c.flags.has('help') && c.urls.length > 0) return yield* notModelled(p, 'curl', `--help ${c.urls[0]}`);
      yield* out(p, c.flags.has('help') ? HELP : VERSION);
      return 0;
    }
    if (c.flags.has('manual')) return yield* notModelled(p, 'curl', '--manual');
    if (c.urls.length === 0) {
      yield* err(p, args.length === 0 ? TRY : `curl: no URL specified!\n${TRY}`);
      return 2;
    }
    return yield* transfers(p, c);
  },
});

function* transfers(p: Process, c: Config): Op<number> {
  const loud = !c.flags.has('silent') || c.flags.has('show-error');
  const body = yield* postBody(p, c);
  if (body instanceof CurlError) return body.exit;
  let upload: Bytes | null = null;
  const uploadName = c.values.get('upload-file');
  if (uploadName !== undefined) {
    try {
      upload = yield* fileOrStdin(p, uploadName);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* err(p, `curl: Can't open '${uploadName}'!\n${TRY}`);
      return 26;
    }
  }
  const s: Session = { p, c, pool: new Pool(), body, upload, tries: 0 };
  if (c.flags.has('verbose')) for (const r of c.resolve) yield* err(p, `* Added ${r.replace(/^\+/, '')} to DNS cache\n`);
  let exit = 0;
  let index = 0;
  for (let i = 0; i < c.urls.length; i++) {
    const expanded = c.flags.has('globoff') ? [c.urls[i]!] : globUrl(c.urls[i]!);
    if (expanded === null) {
      yield* err(p, `curl: (3) ${c.urls[i]!.includes('[') ? 'bad range specification' : 'unmatched brace'} in URL position ${Math.max(1, c.urls[i]!.search(/[{[]/) + 1)}:\n${c.urls[i]}\n`);
      return 3;
    }
    for (const url of expanded) exit = yield* one(s, url, c.outputs[i], index++, loud);
  }
  for (const conn of s.pool.open.values()) closeFd(p, conn.fd);
  return exit;
}

function* one(s: Session, url: Bytes, output: Bytes | null | undefined, index: number, loud: boolean): Op<number> {
  const { p, c } = s;
  let path: Bytes | null = output === undefined || output === '-' ? null : output;
  if (output === null) {
    path = url.replace(/[?#].*$/, '').replace(/^[a-zA-Z]+:\/\//, '').replace(/^[^/]*\/?/, '').split('/').pop() ?? '';
    if (path === '') {
      yield* err(p, 'curl: Remote file name has no length!\ncurl: (23) Failed writing received data to disk/application\n');
      return 23;
    }
  }
  const retries = Number(c.values.get('retry') ?? 0);
  const latest = Number(c.values.get('retry-max-time') ?? 0) * 1e6;
  const began = nowUs(p);
  let o: Outcome;
  for (s.tries = 0; ; s.tries++) {
    o = blank(url, index);
    o.filename = path ?? '';
    const started = nowUs(p);
    let error: CurlError | null = null;
    try {
      yield* transfer(s, url, path, o);
    } catch (e) {
      if (e instanceof SchemeNotModelled) {
        yield* notModelled(p, 'curl', e.message);
        return EXIT_NOT_MODELLED;
      }
      if (!(e instanceof CurlError)) throw e;
      error = e;
      o.exit = e.exit;
      o.error = e.words;
    }
    o.total = nowUs(p) - started;
    if (o.exit !== 0 && loud) yield* err(p, `curl: (${o.exit}) ${o.error}\n`);
    const left = retries - s.tries;
    const why = left > 0 && (latest === 0 || nowUs(p) - began < latest) ? transient(c.flags, error, o.status) : null;
    if (why === null) break;
    const pause = pauseUs(s.tries, Number(c.values.get('retry-delay') ?? 0));
    if (!c.flags.has('silent')) yield* err(p, warning(`Problem : ${why}. Will retry in ${pause / 1e6} seconds. ${left} retries left.`));
    yield* sleep(p, pause);
  }
  const format = c.values.get('write-out');
  if (format !== undefined) {
    const text = format.startsWith('@') ? readFile(p, format.slice(1)) : format;
    for (const part of writeOut(text, o)) yield* part.fd === 1 ? out(p, part.text) : err(p, part.text);
  }
  return o.exit;
}
