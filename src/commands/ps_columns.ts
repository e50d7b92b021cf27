// The columns ps can show. Counterpart: procps-ng 4.0.2 ps/output.c.
import type { Process } from '../host/process';
import { strftime } from '../lib/strftime';
import { zoneOf } from './clock';
import { userName } from './files';
import { commandLine, rssKb, startText, statText, ttyName, vszKb } from './procps';

export interface Column {
  title: string;
  width: number;
  right: boolean;
  show(q: Process, p: Process): string;
}

const MEM_TOTAL = 2_014_528;
const started = (q: Process): number => q.host.world.epoch + q.startedAt / 1e6;
const elapsed = (q: Process): number => Math.floor((q.host.world.clock.now - q.startedAt) / 1e6);
const two = (n: number): string => String(n).padStart(2, '0');
const etime = (s: number): string => {
  const d = Math.floor(s / 86400);
  const h = Math.floor(s / 3600) % 24;
  return `${d > 0 ? `${d}-` : ''}${d > 0 || h > 0 ? `${two(h)}:` : ''}${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
};
const user8 = (p: Process, uid: number): string => {
  const name = userName(p, uid) ?? String(uid);
  return name.length > 8 ? `${name.slice(0, 7)}+` : name;
};

const left = (title: string, width: number, show: Column['show']): Column => ({ title, width, right: false, show });
const right = (title: string, width: number, show: Column['show']): Column => ({ title, width, right: true, show });

export const COLUMNS: Readonly<Record<string, Column>> = {
  pid: right('PID', 5, (q) => String(q.pid)), tgid: right('TGID', 5, (q) => String(q.pid)), ppid: right('PPID', 5, (q) => String(q.ppid)), pgid: right('PGID', 5, (q) => String(q.pgid)), pgrp: right('PGRP', 5, (q) => String(q.pgid)), sid: right('SID', 5, (q) => String(q.sid)), sess: right('SESS', 5, (q) => String(q.sid)), tpgid: right('TPGID', 5, (q) => String(q.tty < 0 ? -1 : (q.host.ttys[q.tty]?.foreground ?? -1))),
  tty: left('TT', 8, ttyName), tname: left('TTY', 8, ttyName), tt: left('TT', 8, ttyName),
  stat: left('STAT', 4, statText), s: left('S', 1, (q) => q.letter), state: left('S', 1, (q) => q.letter),
  time: right('TIME', 8, () => '00:00:00'), bsdtime: right('TIME', 6, () => '0:00'), cputime: right('TIME', 8, () => '00:00:00'), etime: right('ELAPSED', 11, (q) => etime(elapsed(q))), etimes: right('ELAPSED', 7, (q) => String(elapsed(q))),
  comm: left('COMMAND', 15, (q) => (q.state === 'Z' ? `${q.comm} <defunct>` : q.comm)), ucmd: left('CMD', 15, (q) => (q.state === 'Z' ? `${q.comm} <defunct>` : q.comm)), ucomm: left('COMMAND', 15, (q) => q.comm), args: left('COMMAND', 27, commandLine), cmd: left('CMD', 27, commandLine), command: left('COMMAND', 27, commandLine),
  user: left('USER', 8, (q, p) => user8(p, q.uid)), uname: left('USER', 8, (q, p) => user8(p, q.uid)), euser: left('EUSER', 8, (q, p) => user8(p, q.uid)), ruser: left('RUSER', 8, (q, p) => user8(p, q.uid)), uid: right('UID', 5, (q) => String(q.uid)), euid: right('EUID', 5, (q) => String(q.uid)), uidname: left('UID', 8, (q, p) => user8(p, q.uid)), gid: right('GID', 5, (q) => String(q.gid)), group: left('GROUP', 8, (q, p) => user8(p, q.gid)),
  '%cpu': right('%CPU', 4, () => '0.0'), pcpu: right('%CPU', 4, () => '0.0'), c: right('C', 2, () => '0'), '%mem': right('%MEM', 4, (q) => ((rssKb(q) * 100) / MEM_TOTAL).toFixed(1)), pmem: right('%MEM', 4, (q) => ((rssKb(q) * 100) / MEM_TOTAL).toFixed(1)), vsz: right('VSZ', 6, (q) => String(vszKb(q))), vsize: right('VSZ', 6, (q) => String(vszKb(q))), rss: right('RSS', 5, (q) => String(rssKb(q))), rssize: right('RSS', 5, (q) => String(rssKb(q))), sz: right('SZ', 5, (q) => String(Math.floor(vszKb(q) / 4))),
  start_time: left('START', 5, (q, p) => startText(q, zoneOf(p))), bsdstart: right('START', 6, (q, p) => startText(q, zoneOf(p))), stime: left('STIME', 5, (q, p) => startText(q, zoneOf(p))), start: right('STARTED', 8, (q, p) => strftime('%H:%M:%S', started(q), zoneOf(p))), lstart: right('STARTED', 24, (q, p) => strftime('%a %b %e %H:%M:%S %Y', started(q), zoneOf(p))),
  ni: right('NI', 3, () => '0'), nice: right('NI', 3, () => '0'), pri: right('PRI', 3, () => '19'), f: right('F', 1, (q) => (q.uid === 0 ? '4' : '0')), flags: right('F', 1, () => '4'), addr: left('ADDR', 4, () => '-'), wchan: left('WCHAN', 6, (q) => (q.state === 'R' ? '-' : 'do_wai')), psr: right('PSR', 3, () => '0'), nlwp: right('NLWP', 4, () => '1'), lwp: right('LWP', 5, (q) => String(q.pid)), cls: left('CLS', 3, () => 'TS'),
};
