// Exec lines whose programs the host itself stands for, and how the main process of a daemon is found. Linux counterpart: initscripts' and systemd's helpers.
import type { Bytes } from '../lib/text';
import { httpDaemonOf } from './daemons/http_master';
import { firewalldOf } from './daemons/firewalld';
import { sshDaemonOf } from './daemons/sshd';
import type { Host } from './host';
import { networkStart, networkStop } from './network_scripts';
import { rpcDaemonOf, type RpcService } from './nfs/portmap';
import { SIG } from './process';
import { applySysctls } from './sysctl_conf';
import { type UnitFile, unitValue } from './unit_file';

export interface Built {
  status: number;
  text: Bytes;
}

/** Runs an Exec line that needs no process; null when it does. */
export function builtinExec(host: Host, u: UnitFile, words: readonly Bytes[]): Built | null {
  const [path, ...args] = words;
  switch (path) {
    case '/usr/lib/systemd/systemd-sysctl':
      applySysctls(host);
      return { status: 0, text: '' };
    case '/etc/rc.d/init.d/network':
      return args[0] === 'stop' ? networkStop(host) : networkStart(host);
    case '/bin/kill':
    case '/usr/bin/kill': {
      const m = /^-(?:SIG)?([A-Z0-9]+)$/.exec(args[0] ?? '');
      const signal = m === null ? SIG.TERM : /^\d+$/.test(m[1]!) ? Number(m[1]) : SIG[m[1] as keyof typeof SIG];
      const target = host.procs.get(Number(args[m === null ? 0 : 1]));
      if (signal === undefined || target === undefined) return { status: 1, text: 'kill: sending signal failed: No such process' };
      host.kill(target, signal);
      return { status: 0, text: '' };
    }
    case '/sbin/start-stop-daemon': {
      const file = args[args.indexOf('--pidfile') + 1] ?? '';
      const target = host.procs.get(Number((host.vfs.read(file) ?? '').trim()));
      if (target !== undefined) host.kill(target, SIG.QUIT);
      return { status: target === undefined ? 1 : 0, text: '' };
    }
  }
  return u.name === '' ? { status: 0, text: '' } : null;
}

/** Daemons that are only a row in the process table. */
const PLACEHOLDERS = new Set(['/usr/sbin/NetworkManager', '/usr/sbin/crond', '/usr/sbin/rsyslogd', '/usr/sbin/chronyd']);

export const isPlaceholder = (_host: Host, path: Bytes): boolean => PLACEHOLDERS.has(path);

/** Main process of a unit whose program made itself a daemon; 0 when there is none. */
export function daemonPid(host: Host, u: UnitFile): number {
  const file = unitValue(u, 'Service.PIDFile');
  if (file !== '') {
    const pid = Number((host.vfs.read(file) ?? '').trim());
    return host.procs.has(pid) ? pid : 0;
  }
  const start = unitValue(u, 'Service.ExecStart');
  if (/\/httpd\b/.test(start)) return httpDaemonOf(host, 'httpd')?.master ?? 0;
  if (/\/sshd\b/.test(start)) return sshDaemonOf(host)?.master ?? 0;
  if (/\/firewalld\b/.test(start)) return firewalldOf(host)?.master ?? 0;
  const rpc = /\/(rpcbind|rpc\.mountd)\b/.exec(start);
  if (rpc !== null) return rpcDaemonOf(host, rpc[1] as RpcService)?.pid ?? 0;
  if (/\/nginx\b/.test(start)) return httpDaemonOf(host, 'nginx')?.master ?? 0;
  return 0;
}
