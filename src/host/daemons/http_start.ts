// Starting the HTTP daemon; what `nginx` and `httpd` do when typed. Counterpart: nginx.c, server/main.c and mpm_unix.c of httpd.
// Not modelled: worker threads, privilege separation beyond file access, binary upgrade.
import { errnoNumber, strerror } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { ipText } from '../../wire/ipv4';
import { hostPart } from '../../wire/ipv6';
import type { Host } from '../host';
import { type Op, type Process, SIG } from '../process';
import { err, out, sleep } from '../syscall';
import { addDaemon } from './daemon';
import type { HttpConfig } from './http_config';
import { bind, DEFAULT_CONFIG, discard, errnoText, httpDaemonOf, httpdLog, launch, openLogs, readConfig } from './http_master';
import { nginxDate } from './http_dates';
import { HttpDaemon } from './httpd';

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
  for (const w of config.warnings) yield* nginxSay(p, null, 'warn', w);
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
    yield* nginxSay(p, config, 'emerg', `bind() to ${hostPart(bad.ip, p.host.world.ip6)}:${bad.port} failed ${errnoText(bad.error)}`);
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
    yield* err(p, `(${errnoNumber(bad.error.errno)})${strerror(bad.error.errno)}: AH00072: make_sock: could not bind to address ${hostPart(bad.ip, p.host.world.ip6)}:${bad.port}\nno listening sockets available, shutting down\nAH00015: Unable to open logs\n`);
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
  // a signaller never opens the configured log: all it says goes to standard error
  yield* nginxSay(p, null, 'notice', 'signal process started');
  const pidText = p.host.vfs.read(result.config.pidFile);
  if (pidText === null) {
    yield* nginxSay(p, null, 'error', `open() "${result.config.pidFile}" failed (2: No such file or directory)`);
    return 1;
  }
  const pid = Number(pidText.trim());
  const master = p.host.procs.get(pid);
  if (pidText.trim() === '' || Number.isNaN(pid)) {
    yield* nginxSay(p, null, 'error', `invalid PID number "${pidText.trim()}" in "${result.config.pidFile}"`);
    return 1;
  }
  if (master === undefined) {
    yield* nginxSay(p, null, 'alert', `kill(${pid}, ${number}) failed (3: No such process)`);
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
