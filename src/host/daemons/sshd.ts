// The SSH daemon's listener: plain data, so that it takes connections in a fork too. Each connection is a process of its own that runs `sshd -R`,
// as the real one executes itself again. Counterpart: OpenSSH 7.4 sshd.c (server_accept_loop). What a connection says is in commands/ssh/server.ts.
import { SysError, strerror } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { tcpAccept, tcpClose, tcpListen, tcpState } from '../../kernel/ipv4/tcp';
import { TCP } from '../../kernel/ipv4/tcp_state';
import { addressText, IP6_BASE } from '../../wire/ipv6';
import type { Host } from '../host';
import { log } from '../journal';
import type { SocketFile } from '../open_file';
import { type Process, SIG } from '../process';
import { type Daemon, daemonProcess } from './daemon';
import { readSshdConfig, type SshdConfig } from './sshd_config';

/** A running sshd. */
export interface SshDaemon extends Daemon {
  readonly kind: 'sshd';
  master: number;
  listeners: { sock: number; ip: number; port: number }[];
  readonly configPath: Bytes;
  /** Ports of the command line; they replace those of the file. */
  readonly ports: readonly number[];
  config: SshdConfig;
}

/** The running sshd, or null. */
export function sshDaemonOf(host: Host): SshDaemon | null {
  for (const d of host.daemons.values()) if (d.kind === 'sshd') return d as SshDaemon;
  return null;
}

/** What sshd and its sessions write: the journal of the unit, and /var/log/secure. */
export function sshLog(host: Host, pid: number, text: Bytes): void {
  log(host, 'sshd.service', 'sshd', pid, text, '/var/log/secure');
}

/** Says where it listens. */
function announce(host: Host, d: SshDaemon): void {
  for (const l of d.listeners) sshLog(host, d.master, `Server listening on ${addressText(l.ip, host.world.ip6)} port ${l.port}.`);
}

/** Opens the sockets the configuration wants; what went wrong is logged. False when not one could be opened. */
export function sshBind(host: Host, d: SshDaemon, say: (text: Bytes) => void): boolean {
  const ports = d.ports.length > 0 ? d.ports : d.config.ports;
  const wanted = d.config.listen.length > 0 ? d.config.listen.flatMap((l) => (l.port === 0 ? ports : [l.port]).map((port) => ({ ip: l.ip, port }))) : ports.flatMap((port) => [{ ip: 0, port }, { ip: IP6_BASE, port }]);
  for (const w of wanted) {
    const sock = tcpListen(host.kernel, w.ip, w.port, 128, d.id, true);
    const at = addressText(w.ip, host.world.ip6);
    if (typeof sock !== 'number') {
      say(`error: Bind to port ${w.port} on ${at} failed: ${strerror(new SysError(sock).errno)}.`);
      continue;
    }
    d.listeners.push({ sock, ...w });
  }
  return d.listeners.length > 0;
}

function unbind(host: Host, d: SshDaemon): void {
  for (const l of d.listeners) tcpClose(host.kernel, l.sock);
  d.listeners = [];
}

/** The daemon's own process. */
export function sshLaunch(host: Host, d: SshDaemon, argv: Bytes[]): void {
  const master = daemonProcess(host, d, argv, 'sshd', 0, 0, 1);
  d.master = master.pid;
  for (const s of [SIG.HUP, SIG.TERM, SIG.INT, SIG.QUIT]) master.caught.add(s);
  host.vfs.put('/run/sshd.pid', `${master.pid}\n`);
  announce(host, d);
}

/** A connection came: a process takes it over. */
export function sshWake(host: Host, d: SshDaemon, sock: number): void {
  const k = host.kernel;
  if (tcpState(k, sock) !== TCP.LISTEN) return;
  for (let c = tcpAccept(k, sock); c >= 0; c = tcpAccept(k, sock)) {
    const program = host.program('sshd');
    const master = host.procs.get(d.master);
    if (program === undefined || master === undefined) {
      tcpClose(k, c);
      continue;
    }
    const p = host.fork(null);
    p.ppid = master.pid;
    p.comm = 'sshd';
    p.argv = ['/usr/sbin/sshd', '-D', '-R', ...(d.configPath === DEFAULT_SSHD_CONFIG ? [] : ['-f', d.configPath])];
    const f: SocketFile = { kind: 'socket', refs: 1, readable: true, writable: true, family: 'tcp', sock: c, queue: host.newQueue() };
    p.fds.set(0, f);
    k.tcp.owner[c] = 0;
    k.tcp.wait[c] = f.queue;
    host.start(p, program.main(p));
  }
}

export const DEFAULT_SSHD_CONFIG = '/etc/ssh/sshd_config';

/** TERM ends the listener and leaves sessions alone; HUP reads the configuration again. */
export function sshSignal(host: Host, d: SshDaemon, p: Process, signal: number): void {
  if (signal === SIG.HUP) {
    sshLog(host, p.pid, 'Received SIGHUP; restarting.');
    const read = readSshdConfig(host, d.configPath);
    unbind(host, d);
    if ('error' in read) {
      // The real one executes itself again and dies of the bad file.
      sshLog(host, p.pid, read.error.split('\n')[0]!);
      end(host, d, p, 255);
      return;
    }
    d.config = read;
    if (sshBind(host, d, (text) => sshLog(host, p.pid, text))) announce(host, d);
    else {
      sshLog(host, p.pid, 'fatal: Cannot bind any address.');
      end(host, d, p, 255);
    }
    return;
  }
  sshLog(host, p.pid, `Received signal ${signal}; terminating.`);
  end(host, d, p, 0);
}

function end(host: Host, d: SshDaemon, p: Process, status: number): void {
  discardSshd(host, d);
  host.vfs.remove('/run/sshd.pid');
  host.exit(p, status);
}

/** Closes its sockets and forgets it. */
export function discardSshd(host: Host, d: SshDaemon): void {
  unbind(host, d);
  host.daemons.delete(d.id);
}

/** Its process was killed. */
export function sshEnded(host: Host, d: SshDaemon, pid: number): void {
  if (pid === d.master) discardSshd(host, d);
}
