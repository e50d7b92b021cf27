// Starting, signalling and ending the HTTP daemon; what `nginx` and `httpd` do when typed. Counterpart: src/core/nginx.c, server/main.c and mpm_unix.c of httpd.
// Not modelled: worker threads, privilege separation beyond file access, binary upgrade.
import { errnoNumber, SysError, strerror } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { tcpClose, tcpListen } from '../../kernel/ipv4/tcp';
import { ipText } from '../../wire/ipv4';
import type { Host } from '../host';
import { type Op, type Process, SIG } from '../process';
import { err, out, sleep } from '../syscall';
import { addDaemon, daemonProcess } from './daemon';
import { apacheDate, HttpDaemon, nginxDate } from './httpd';
import { parseHttpd } from './httpd_conf';
import type { ConfigResult, HttpConfig } from './http_config';
import { parseNginx } from './nginx_conf';

const DEFAULT_CONFIG = { nginx: '/etc/nginx/nginx.conf', httpd: '/etc/httpd/conf/httpd.conf' } as const;

/** Backlog both servers ask for. */
const BACKLOG = 511;

export function readConfig(host: Host, program: 'nginx' | 'httpd', path: Bytes): ConfigResult {
  const files = { read: (f: Bytes) => host.vfs.read(f), names: (d: Bytes) => host.vfs.names(d) };
  return program === 'nginx' ? parseNginx(files, path) : parseHttpd(files, path, (d) => host.vfs.exists(d) && host.vfs.stat(null, d).type === 'dir');
}

/** The running daemon of a program, or null. */
export function httpDaemonOf(host: Host, program: 'nginx' | 'httpd'): HttpDaemon | null {
  for (const d of host.daemons.values()) if (d.kind === 'http' && (d as HttpDaemon).program === program) return d as HttpDaemon;
  return null;
}

/** Addresses to listen on, each once; a wildcard covers the others on its port. */
function listensOf(config: HttpConfig): { ip: number; port: number }[] {
  const found: { ip: number; port: number }[] = [];
  for (const s of config.sites) {
    for (const l of s.listens) if (l.port !== 0 && !found.some((f) => f.ip === l.ip && f.port === l.port)) found.push({ ip: l.ip, port: l.port });
  }
  return found.filter((f) => f.ip === 0 || !found.some((o) => o.ip === 0 && o.port === f.port));
}

/** Opens (creates) the logs. An errno with the path that failed. */
function openLogs(host: Host, d: HttpDaemon): { path: Bytes; error: SysError } | null {
  const open = (path: Bytes): number => {
    const f = host.vfs.open(null, path, { append: true, create: true }, 0o644);
    return f.kind === 'inode' ? f.ino : -1;
  };
  d.logs.clear();
  let at = d.config.errorLog;
  try {
    d.errorIno = at === '' || at === 'stderr' ? -1 : open(at);
    for (const s of d.config.sites) {
      at = s.accessLog;
      if (at !== '' && !d.logs.has(at)) d.logs.set(at, open(at));
    }
    return null;
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    return { path: at, error: e };
  }
}

const user = (host: Host, name: Bytes): { uid: number; gid: number } => {
  const row = (host.vfs.read('/etc/passwd') ?? '').split('\n').map((l) => l.split(':')).find((f) => f[0] === name);
  return { uid: Number(row?.[2] ?? 65534), gid: Number(row?.[3] ?? 65534) };
};

const errnoText = (e: SysError): Bytes => `(${errnoNumber(e.errno)}: ${strerror(e.errno)})`;

/** Keeps log files open in the master, as the real one does: a deleted log goes on being written. */
function holdLogs(host: Host, master: Process, d: HttpDaemon): void {
  let fd = 2;
  for (const [path, ino] of [[d.config.errorLog, d.errorIno] as const, ...d.logs]) {
    if (ino >= 0) master.fds.set(fd++, { kind: 'inode', refs: 1, readable: false, writable: true, path, ino, snapshot: null, pos: 0, append: true });
  }
  host.vfs.put(d.config.pidFile, `${master.pid}\n`);
}

function addWorker(host: Host, d: HttpDaemon): void {
  const who = user(host, d.config.user);
  const argv = d.program === 'nginx' ? ['nginx: worker process'] : (host.procs.get(d.master)?.argv ?? ['/usr/sbin/httpd']);
  const w = daemonProcess(host, d, argv, d.program, who.uid, who.gid, d.master);
  for (const s of [SIG.TERM, SIG.INT, SIG.QUIT, SIG.HUP, SIG.USR1, SIG.WINCH]) w.caught.add(s);
  d.workers.push(w.pid);
}

/** Binds all sockets a configuration wants; gives back the first failure. Sockets that a reload keeps stay open. */
function bind(host: Host, d: HttpDaemon): { ip: number; port: number; error: SysError } | null {
  const wanted = listensOf(d.config);
  for (const l of d.listeners) if (!wanted.some((w) => w.ip === l.ip && w.port === l.port)) tcpClose(host.kernel, l.sock);
  d.listeners = d.listeners.filter((l) => wanted.some((w) => w.ip === l.ip && w.port === l.port));
  for (const w of wanted) {
    if (d.listeners.some((l) => l.ip === w.ip && l.port === w.port)) continue;
    const sock = tcpListen(host.kernel, w.ip, w.port, BACKLOG, d.id);
    if (typeof sock !== 'number') return { ...w, error: new SysError(sock) };
    d.listeners.push({ sock, ip: w.ip, port: w.port });
  }
  return null;
}

/** Writes a message as nginx does: to its log, and to standard error while that is not the log. */
function* nginxSay(p: Process, config: HttpConfig | null, level: string, text: Bytes): Op<void> {
  const stamped = `${nginxDate(p.host.vfs.now())} [${level}] ${p.pid}#${p.pid}: ${text}\n`;
  if (config === null || config.errorLog === '' || config.errorLog === 'stderr') {
    yield* err(p, stamped);
    return;
  }
  p.host.vfs.put(config.errorLog, stamped, { append: true });
  yield* err(p, `nginx: [${level}] ${text}\n`);
}

/** Starts nginx from process `p`, which then ends; the daemon's processes belong to init. Returns the exit status. */
export function* startNginx(p: Process, configPath: Bytes = DEFAULT_CONFIG.nginx, test: { quiet: boolean } | null = null): Op<number> {
  const host = p.host;
  const result = readConfig(host, 'nginx', configPath);
  if ('error' in result) {
    if (result.notModelled) {
      yield* err(p, result.error);
      return 64;
    }
    yield* nginxSay(p, null, 'emerg', result.error);
    if (test !== null) yield* err(p, `nginx: configuration file ${configPath} test failed\n`);
    return 1;
  }
  const { config } = result;
  if (test !== null && !test.quiet) yield* err(p, `nginx: the configuration file ${configPath} syntax is ok\n`);
  const failed = function* (): Op<number> {
    if (test !== null) yield* err(p, `nginx: configuration file ${configPath} test failed\n`);
    return 1;
  };
  if (config.complaint !== '') {
    yield* nginxSay(p, null, 'emerg', config.complaint);
    return yield* failed();
  }
  const d = new HttpDaemon('nginx', 0, config, configPath);
  const log = openLogs(host, d);
  if (log !== null) {
    yield* nginxSay(p, null, 'emerg', `open() "${log.path}" failed ${errnoText(log.error)}`);
    return yield* failed();
  }
  addDaemon(host, d);
  for (let tries = 5; ; tries--) {
    const bad = bind(host, d);
    if (bad === null) break;
    const busy = bad.error.errno === 'EADDRINUSE';
    if (busy && test !== null) break;
    yield* nginxSay(p, config, 'emerg', `bind() to ${bad.ip === 0 ? '0.0.0.0' : ipText(bad.ip)}:${bad.port} failed ${errnoText(bad.error)}`);
    if (busy && tries > 1) {
      yield* sleep(p, 500_000);
      continue;
    }
    if (busy) yield* nginxSay(p, config, 'emerg', 'still could not bind()');
    discard(host, d);
    return yield* failed();
  }
  if (test !== null) {
    discard(host, d);
    if (!test.quiet) yield* err(p, `nginx: configuration file ${configPath} test is successful\n`);
    return 0;
  }
  launch(host, d, [`nginx: master process ${p.argv.join(' ')}`]);
  return 0;
}

function discard(host: Host, d: HttpDaemon): void {
  d.shut(host);
  host.daemons.delete(d.id);
}

function launch(host: Host, d: HttpDaemon, argv: string[]): void {
  const master = daemonProcess(host, d, argv, d.program, 0, 0, 1);
  (d as { master: number }).master = master.pid;
  for (const s of [SIG.HUP, SIG.INT, SIG.QUIT, SIG.TERM, SIG.USR1, SIG.USR2, SIG.WINCH, SIG.CHLD]) master.caught.add(s);
  for (let i = 0; i < d.config.workers; i++) addWorker(host, d);
  holdLogs(host, master, d);
}

/** Line for Apache's error log. */
function httpdLog(host: Host, d: HttpDaemon, module: string, level: string, text: Bytes): void {
  if (d.errorIno >= 0) host.vfs.appendQuietly(d.errorIno, `[${apacheDate(host.vfs.now())}] [${module}:${level}] [pid ${d.master}] ${text}\n`);
}

/** The address Apache calls itself by when ServerName is not set. */
function ownAddress(host: Host): Bytes {
  for (const dev of host.kernel.devs) for (const a of dev.addresses) if (dev.kind !== 'loopback' && dev.up) return ipText(a.local);
  return '127.0.0.1';
}

/** Starts Apache httpd from process `p`, which then ends. Returns the exit status. */
export function* startHttpd(p: Process, configPath: Bytes = DEFAULT_CONFIG.httpd, testOnly = false): Op<number> {
  const host = p.host;
  const result = readConfig(host, 'httpd', configPath);
  if ('error' in result) {
    yield* err(p, result.error);
    return result.notModelled ? 64 : 1;
  }
  const { config } = result;
  if (config.serverName === '') {
    yield* err(p, `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${ownAddress(host)}. Set the 'ServerName' directive globally to suppress this message\n`);
  }
  if (testOnly) {
    yield* err(p, 'Syntax OK\n');
    return 0;
  }
  const d = new HttpDaemon('httpd', 0, config, configPath);
  addDaemon(host, d);
  const bad = bind(host, d);
  if (bad !== null) {
    yield* err(p, `(${errnoNumber(bad.error.errno)})${strerror(bad.error.errno)}: AH00072: make_sock: could not bind to address ${bad.ip === 0 ? '0.0.0.0' : ipText(bad.ip)}:${bad.port}\nno listening sockets available, shutting down\nAH00015: Unable to open logs\n`);
    discard(host, d);
    return 1;
  }
  if (d.listeners.length === 0) {
    yield* err(p, 'no listening sockets available, shutting down\nAH00015: Unable to open logs\n');
    discard(host, d);
    return 1;
  }
  const log = openLogs(host, d);
  if (log !== null) {
    yield* err(p, `(${errnoNumber(log.error.errno)})${strerror(log.error.errno)}: AH00091: httpd: could not open error log file ${log.path}.\nAH00015: Unable to open logs\n`);
    discard(host, d);
    return 1;
  }
  const argv = p.argv.includes('-DFOREGROUND') ? ['/usr/sbin/httpd', '-DFOREGROUND'] : ['/usr/sbin/httpd', ...p.argv.slice(1)];
  launch(host, d, argv);
  httpdLog(host, d, 'mpm_prefork', 'notice', 'AH00163: Apache/2.4.6 (CentOS) configured -- resuming normal operations');
  httpdLog(host, d, 'core', 'notice', `AH00094: Command line: '/usr/sbin/httpd${argv.includes('-DFOREGROUND') ? ' -D FOREGROUND' : ''}'`);
  return 0;
}

/** Ends the daemon and its processes. */
export function stopHttp(host: Host, d: HttpDaemon): void {
  discard(host, d);
  host.vfs.remove(d.config.pidFile);
  for (const pid of [...d.workers, d.master]) {
    const p = host.procs.get(pid);
    if (p !== undefined && p.state !== 'Z') host.exit(p, 0);
  }
}

/** Reads the configuration again and serves by it; a bad one is logged and the old one stays. */
export function reloadHttp(host: Host, d: HttpDaemon): void {
  const result = readConfig(host, d.program, d.configPath);
  if ('error' in result) {
    if (d.errorIno >= 0 && d.program === 'nginx') host.vfs.appendQuietly(d.errorIno, `${nginxDate(host.vfs.now())} [emerg] ${d.master}#${d.master}: ${result.error}\n`);
    if (d.program === 'httpd') {
      httpdLog(host, d, 'core', 'error', result.error.trimEnd());
      stopHttp(host, d);
    }
    return;
  }
  const old = d.config;
  d.config = result.config;
  d.forget();
  const bad = bind(host, d);
  if (bad !== null && d.program === 'nginx') {
    if (d.errorIno >= 0) host.vfs.appendQuietly(d.errorIno, `${nginxDate(host.vfs.now())} [emerg] ${d.master}#${d.master}: bind() to ${bad.ip === 0 ? '0.0.0.0' : ipText(bad.ip)}:${bad.port} failed ${errnoText(bad.error)}\n`);
    d.config = old;
    bind(host, d);
  }
  openLogs(host, d);
  const master = host.procs.get(d.master);
  if (master !== undefined) {
    master.fds.clear();
    holdLogs(host, master, d);
  }
  const workers = d.workers;
  d.workers = [];
  for (let i = 0; i < d.config.workers; i++) addWorker(host, d);
  for (const pid of workers) {
    const w = host.procs.get(pid);
    if (w !== undefined && w.state !== 'Z') host.exit(w, 0);
  }
  if (d.program === 'httpd') httpdLog(host, d, 'mpm_prefork', 'notice', 'AH00163: Apache/2.4.6 (CentOS) configured -- resuming normal operations');
}

/** A signal to one of the daemon's processes. */
export function httpSignal(host: Host, d: HttpDaemon, p: Process, signal: number): void {
  if (signal === SIG.CHLD || signal === SIG.USR2) return;
  if (p.pid !== d.master) {
    if (signal === SIG.TERM || signal === SIG.INT || signal === SIG.QUIT) host.exit(p, 0);
    return;
  }
  const nginx = d.program === 'nginx';
  if (signal === SIG.TERM || signal === SIG.INT || (nginx && signal === SIG.QUIT)) {
    if (!nginx) httpdLog(host, d, 'mpm_prefork', 'notice', 'AH00169: caught SIGTERM, shutting down');
    stopHttp(host, d);
  } else if (!nginx && signal === SIG.WINCH) {
    httpdLog(host, d, 'mpm_prefork', 'notice', 'AH00170: caught SIGWINCH, shutting down gracefully');
    stopHttp(host, d);
  } else if (signal === SIG.HUP || (!nginx && signal === SIG.USR1)) {
    if (!nginx) httpdLog(host, d, 'mpm_prefork', 'notice', signal === SIG.HUP ? 'AH00173: SIGHUP received.  Attempting to restart' : 'AH00171: Graceful restart requested, doing restart');
    reloadHttp(host, d);
  } else if (nginx && signal === SIG.USR1) openLogs(host, d);
}

/** One of the daemon's processes has ended: the master replaces a worker; without processes nothing serves. */
export function httpEnded(host: Host, d: HttpDaemon, p: Process): void {
  d.workers = d.workers.filter((w) => w !== p.pid);
  if (p.pid === d.master) {
    // Orphaned workers of a killed master go on serving, as they do on Linux.
    if (d.workers.length === 0) discard(host, d);
    return;
  }
  const master = host.procs.get(d.master);
  if (master !== undefined && master.state !== 'Z') addWorker(host, d);
  else if (d.workers.length === 0) discard(host, d);
}

const NGINX_HELP =
  'Usage: nginx [-?hvVtTq] [-s signal] [-p prefix]\n             [-e filename] [-c filename] [-g directives]\n\nOptions:\n  -?,-h         : this help\n  -v            : show version and exit\n' +
  '  -V            : show version and configure options then exit\n  -t            : test configuration and exit\n  -T            : test configuration, dump it and exit\n' +
  '  -q            : suppress non-error messages during configuration testing\n  -s signal     : send signal to a master process: stop, quit, reopen, reload\n' +
  '  -p prefix     : set prefix path (default: /usr/share/nginx/)\n  -e filename   : set error log file (default: stderr)\n  -c filename   : set configuration file (default: /etc/nginx/nginx.conf)\n' +
  '  -g directives : set global directives out of configuration file\n\n';

const NGINX_SIGNALS: Readonly<Record<string, number>> = { stop: SIG.TERM, quit: SIG.QUIT, reload: SIG.HUP, reopen: SIG.USR1 };

/** The program `nginx` with its words after the name. */
export function* nginxMain(p: Process, args: readonly Bytes[]): Op<number> {
  const version = 'nginx version: nginx/1.22.1\n';
  let config: Bytes = DEFAULT_CONFIG.nginx;
  let signal = '';
  let test = false;
  let quiet = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (!arg.startsWith('-')) {
      yield* err(p, `nginx: invalid option: "${arg}"\n`);
      return 1;
    }
    for (let j = 1; j < arg.length; j++) {
      const ch = arg[j]!;
      if (ch === '?' || ch === 'h') {
        yield* err(p, version + NGINX_HELP);
        return 0;
      }
      if (ch === 'v') {
        yield* err(p, version);
        return 0;
      }
      if (ch === 't') test = true;
      else if (ch === 'q') quiet = true;
      else if ('cgs'.includes(ch)) {
        const value = j + 1 < arg.length ? arg.slice(j + 1) : args[++i];
        if (value === undefined) {
          yield* err(p, ch === 'c' ? 'nginx: option "-c" requires file name\n' : `nginx: option "-${ch}" requires parameter\n`);
          return 1;
        }
        if (ch === 'c') config = value.startsWith('/') ? value : `/usr/share/nginx/${value}`;
        if (ch === 's') signal = value;
        break;
      } else if ('VTpe'.includes(ch)) {
        yield* err(p, `nginx: option -${ch} exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n`);
        return 64;
      } else {
        yield* err(p, `nginx: invalid option: "${ch}"\n`);
        return 1;
      }
    }
  }
  if (signal === '') return yield* startNginx(p, config, test ? { quiet } : null);
  const number = NGINX_SIGNALS[signal];
  if (number === undefined) {
    yield* err(p, `nginx: invalid option: "-s ${signal}"\n`);
    return 1;
  }
  const result = readConfig(p.host, 'nginx', config);
  if ('error' in result) {
    yield* nginxSay(p, null, 'emerg', result.error);
    return 1;
  }
  const pidText = p.host.vfs.read(result.config.pidFile);
  if (pidText === null) {
    yield* nginxSay(p, result.config, 'error', `open() "${result.config.pidFile}" failed (2: No such file or directory)`);
    return 1;
  }
  const pid = Number(pidText.trim());
  const master = p.host.procs.get(pid);
  if (pidText.trim() === '' || Number.isNaN(pid)) {
    yield* nginxSay(p, result.config, 'error', `invalid PID number "${pidText.trim()}" in "${result.config.pidFile}"`);
    return 1;
  }
  if (master === undefined) {
    yield* nginxSay(p, result.config, 'alert', `kill(${pid}, ${number}) failed (3: No such process)`);
    return 1;
  }
  p.host.kill(master, number);
  return 0;
}

const HTTPD_SIGNALS: Readonly<Record<string, number>> = { stop: SIG.TERM, 'graceful-stop': SIG.WINCH, restart: SIG.HUP, graceful: SIG.USR1 };

/** The program `httpd` with its words after the name. */
export function* httpdMain(p: Process, args: readonly Bytes[]): Op<number> {
  let config: Bytes = DEFAULT_CONFIG.httpd;
  let verb = 'start';
  let test = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '-v') {
      yield* out(p, 'Server version: Apache/2.4.6 (CentOS)\nServer built:   May 30 2023 14:01:11\n');
      return 0;
    }
    if (arg === '-t') test = true;
    else if (arg === '-k') verb = args[++i] ?? '';
    else if (arg === '-f') config = args[++i] ?? config;
    else if (arg.startsWith('-D')) {
      if (arg === '-D') i++;
    } else {
      const known = /^-[CcdSMVlLTeExX?h]/.test(arg);
      yield* err(p, known ? `httpd: option ${arg.slice(0, 2)} exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n` : `httpd: illegal option -- ${arg.replace(/^-+/, '')[0] ?? '?'}\nUsage: httpd [-D name] [-d directory] [-f file]\n             [-C "directive"] [-c "directive"]\n             [-k start|restart|graceful|graceful-stop|stop]\n             [-v] [-V] [-h] [-l] [-L] [-t] [-T] [-S] [-X]\n`);
      return known ? 64 : 1;
    }
  }
  if (test) return yield* startHttpd(p, config, true);
  const d = httpDaemonOf(p.host, 'httpd');
  if (verb === 'start') {
    if (d !== null && args.includes('-k')) {
      yield* out(p, `httpd (pid ${d.master}) already running\n`);
      return 0;
    }
    return yield* startHttpd(p, config);
  }
  const signal = HTTPD_SIGNALS[verb];
  if (signal === undefined) {
    yield* err(p, 'Usage: httpd [-k start|restart|graceful|graceful-stop|stop]\n');
    return 1;
  }
  if (d === null) {
    if (verb === 'stop' || verb === 'graceful-stop') {
      yield* out(p, 'httpd (no pid file) not running\n');
      return 0;
    }
    yield* out(p, 'httpd not running, trying to start\n');
    return yield* startHttpd(p, config);
  }
  const master = p.host.procs.get(d.master);
  if (master !== undefined) p.host.kill(master, signal);
  return 0;
}
