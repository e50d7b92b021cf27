// The master of the HTTP daemon: configuration, sockets, logs, workers, signals. Counterpart: nginx's ngx_process_cycle.c, Apache's prefork.c.
import { errnoNumber, SysError, strerror } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { tcpClose, tcpListen } from '../../kernel/ipv4/tcp';
import { hostPart, IP6_BASE, isIp6 } from '../../wire/ipv6';
import type { Ended, Host } from '../host';
import { type Process, SIG } from '../process';
import { daemonProcess } from './daemon';
import { apacheDate, nginxDate } from './http_dates';
import type { HttpDaemon } from './httpd';
import { parseHttpd } from './httpd_conf';
import type { ConfigResult, HttpConfig } from './http_config';
import { parseNginx } from './nginx_conf';

export const DEFAULT_CONFIG = { nginx: '/etc/nginx/nginx.conf', httpd: '/etc/httpd/conf/httpd.conf' } as const;

/** Backlog both servers ask for. */
const BACKLOG = 511;

/** An IPv6 address as sockets name it, or null. */
function ip6Address(host: Host, text: Bytes): number | null {
  const id = host.world.ip6.intern(text);
  return id === null ? null : IP6_BASE + id;
}

export function readConfig(host: Host, program: 'nginx' | 'httpd', path: Bytes): ConfigResult {
  const files = { read: (f: Bytes) => host.vfs.read(f), names: (d: Bytes) => host.vfs.names(d), ip6: (text: Bytes) => ip6Address(host, text) };
  return program === 'nginx' ? parseNginx(files, path) : parseHttpd(files, path, (d) => host.vfs.exists(d) && host.vfs.stat(null, d).type === 'dir');
}

/** The running daemon of a program, or null. */
export function httpDaemonOf(host: Host, program: 'nginx' | 'httpd'): HttpDaemon | null {
  for (const d of host.daemons.values()) if (d.kind === 'http' && (d as HttpDaemon).program === program) return d as HttpDaemon;
  return null;
}

/** Addresses to listen on, each once; a wildcard covers the others on its port. */
function listensOf(config: HttpConfig, nginx: boolean): { ip: number; port: number; dual: boolean }[] {
  const found: { ip: number; port: number; dual: boolean }[] = [];
  for (const s of config.sites) {
    for (const l of s.listens) if (l.port !== 0 && !found.some((f) => f.ip === l.ip && f.port === l.port)) found.push({ ip: l.ip, port: l.port, dual: l.dual === true });
  }
  // nginx lets one socket of all addresses stand for the others on that port; httpd tries them all, and the second bind fails.
  if (!nginx) return found;
  const any = (ip: number): number => (isIp6(ip) ? IP6_BASE : 0);
  return found.filter((f) => f.ip === any(f.ip) || !found.some((o) => o.ip === any(f.ip) && o.port === f.port));
}

/** Opens (creates) the logs. An errno with the path that failed. */
export function openLogs(host: Host, d: HttpDaemon): { path: Bytes; error: SysError } | null {
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

export const errnoText = (e: SysError): Bytes => `(${errnoNumber(e.errno)}: ${strerror(e.errno)})`;

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
export function bind(host: Host, d: HttpDaemon): { ip: number; port: number; error: SysError } | null {
  const wanted = listensOf(d.config, d.program === 'nginx');
  for (const l of d.listeners) if (!wanted.some((w) => w.ip === l.ip && w.port === l.port)) tcpClose(host.kernel, l.sock);
  d.listeners = d.listeners.filter((l) => wanted.some((w) => w.ip === l.ip && w.port === l.port));
  for (const w of wanted) {
    if (d.listeners.some((l) => l.ip === w.ip && l.port === w.port)) continue;
    const sock = tcpListen(host.kernel, w.ip, w.port, BACKLOG, d.id, !w.dual);
    if (typeof sock !== 'number') return { ...w, error: new SysError(sock) };
    d.listeners.push({ sock, ip: w.ip, port: w.port });
  }
  return null;
}

export function discard(host: Host, d: HttpDaemon): void {
  d.shut(host);
  host.daemons.delete(d.id);
}

export function launch(host: Host, d: HttpDaemon, argv: string[]): void {
  const master = daemonProcess(host, d, argv, d.program, 0, 0, 1);
  (d as { master: number }).master = master.pid;
  for (const s of [SIG.HUP, SIG.INT, SIG.QUIT, SIG.TERM, SIG.USR1, SIG.USR2, SIG.WINCH, SIG.CHLD]) master.caught.add(s);
  for (let i = 0; i < d.config.workers; i++) addWorker(host, d);
  holdLogs(host, master, d);
}

/** Line for Apache's error log. */
export function httpdLog(host: Host, d: HttpDaemon, module: string, level: string, text: Bytes): void {
  if (d.errorIno >= 0) host.vfs.appendQuietly(d.errorIno, `[${apacheDate(host.vfs.now())}] [${module}:${level}] [pid ${d.master}] ${text}\n`);
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
    if (d.errorIno >= 0) host.vfs.appendQuietly(d.errorIno, `${nginxDate(host.vfs.now())} [emerg] ${d.master}#${d.master}: bind() to ${hostPart(bad.ip, host.world.ip6)}:${bad.port} failed ${errnoText(bad.error)}\n`);
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
export function httpEnded(host: Host, d: HttpDaemon, pid: number, _how: Ended): void {
  d.workers = d.workers.filter((w) => w !== pid);
  if (pid === d.master) {
    // Orphaned workers of a killed master go on serving, as they do on Linux.
    if (d.workers.length === 0) discard(host, d);
    return;
  }
  const master = host.procs.get(d.master);
  if (master !== undefined && master.state !== 'Z') addWorker(host, d);
  else if (d.workers.length === 0) discard(host, d);
}
