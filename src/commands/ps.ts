// ps: lists processes. Counterpart: procps-ng 4.0.2 ps (sortformat.c, select.c, output.c).
import { err, readFile, spend } from '../host/syscall';
import type { Process } from '../host/process';
import type { Bytes } from '../lib/text';
import { command } from './command';
import { users } from './files';
import { columns, isTty, put, tryCall } from './io';
import { table } from './options';
import { type Column, COLUMNS } from './ps_columns';
import { allProcesses, ttyName } from './procps';

const USAGE = `
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
`;

const BASIC = ['pid', 'tname', 'time', 'ucmd'];
const BSD = ['pid', 'tname', 'stat', 'bsdtime', 'args'];
const BSD_U = ['user', 'pid', '%cpu', '%mem', 'vsz', 'rss', 'tname', 'stat', 'start_time', 'bsdtime', 'args'];
const FULL = ['uidname', 'pid', 'ppid', 'c', 'stime', 'tname', 'time', 'cmd'];
const LONG = ['f', 's', 'uid', 'pid', 'ppid', 'c', 'pri', 'ni', 'addr', 'sz', 'wchan', 'tname', 'time', 'ucmd'];
const BSD_L = ['f', 'uid', 'pid', 'ppid', 'pri', 'ni', 'vsz', 'rss', 'wchan', 'stat', 'tname', 'bsdtime', 'args'];

export const ps = command({
  name: 'ps',
  summary: 'report a snapshot of the current processes',
  path: '/usr/bin/ps',
  package: 'procps',
  options: table(
    '-e: every process', '-A: every process', '-a: all with a terminal except session leaders', '-d: all except session leaders', '-f: full format', '-F: extra full format', '-l: long format', '-j: jobs format', '-o FORMAT: user-defined format', '-C NAME: by command name', '-p PIDS: by process id', '-u USERS: by user', '-U USERS: by real user',
    '-t TTYS: by terminal', '-g IDS: by session', '-s IDS: by session', '--sort KEYS: specify sorting order', '--no-headers: print no header line', '--no-heading: print no header line', '--pid PIDS: by process id', '--ppid PIDS: by parent', '--forest: process tree (drawn as a list)', '-H: process tree (drawn as a list)', '-w: wide output', '!-L: show threads', '!-T: show threads', '!-m: show threads after processes', '!-Z: security data', '--help: help', '--version: version', '-V: version', '-q PIDS: quick mode', '--format FORMAT: user-defined format', '--user USERS: by user', '--tty TTYS: by terminal', '--cols N: screen width', '--columns N: screen width', '--width N: screen width',
  ),
  getopt: null,
  *run(p, _opts, args) {
    const self = p.uid;
    let selectAll = false;
    let allTty = false;
    let noTty = false;
    let exceptLeaders = false;
    let terminals = false;
    let bsd = false;
    let wide = 0;
    let header = true;
    let format: Column[] | null = null;
    let style: string[] | null = null;
    let sortKeys: string[] = [];
    let width: number | null = null;
    const pick: ((q: Process) => boolean)[] = [];
    const fail = function* (text: string, usage = true) {
      yield* err(p, `error: ${text}\n${usage ? USAGE : ''}`);
      return 1;
    };
    const words = (v: string): string[] => v.split(/[, ]+/).filter((x) => x !== '');
    const uidOf = (v: string): number => users(p).find((u) => u.name === v)?.uid ?? (/^\d+$/.test(v) ? Number(v) : -1);
    const addFormat = (text: string): string | null => {
      for (const item of text.split(/[, ]+(?![^=]*$)|,/).flatMap((x) => (x.includes('=') ? [x] : x.split(/ +/))).filter((x) => x !== '')) {
        const eq = item.indexOf('=');
        const name = (eq < 0 ? item : item.slice(0, eq)).trim();
        const m = /^(.*?)(?::(\d+))?$/.exec(name)!;
        const c = COLUMNS[m[1]!];
        if (c === undefined) return m[1]!;
        const title = eq < 0 ? c.title : item.slice(eq + 1);
        (format ??= []).push({ ...c, title, width: m[2] !== undefined ? Number(m[2]) : Math.max(eq < 0 ? c.width : title === '' ? c.width : c.width, title.length) });
      }
      return null;
    };
    for (let i = 0; i < args.length; i++) {
      const a = args[i]!;
      if (a.startsWith('--')) {
        const eq = a.indexOf('=');
        const name = eq < 0 ? a : a.slice(0, eq);
        const needs = ['--pid', '--ppid', '--sort', '--format', '--user', '--User', '--tty', '--cols', '--columns', '--width', '--sid', '--group'].includes(name);
        const value = eq >= 0 ? a.slice(eq + 1) : needs ? (args[++i] ?? '') : '';
        if (name === '--help') {
          yield* put(p, USAGE);
          return 0;
        }
        if (name === '--version') {
          yield* put(p, 'ps from procps-ng 4.0.2\n');
          return 0;
        }
        if (name === '--no-headers' || name === '--no-heading' || name === '--noheaders') header = false;
        else if (name === '--sort') sortKeys = words(value);
        else if (name === '--pid') pick.push((q) => words(value).includes(String(q.pid)));
        else if (name === '--ppid') pick.push((q) => words(value).includes(String(q.ppid)));
        else if (name === '--user' || name === '--User') pick.push((q) => words(value).map(uidOf).includes(q.uid));
        else if (name === '--tty') pick.push((q) => words(value).includes(ttyName(q)));
        else if (name === '--forest' || name === '--headers') continue;
        else if (name === '--cols' || name === '--columns' || name === '--width') width = Number(value);
        else if (name === '--format') {
          const bad = addFormat(value);
          if (bad !== null) return yield* fail(`unknown user-defined format specifier "${bad}"`);
        } else return yield* fail('unknown gnu long option');
        continue;
      }
      const isBsd = !a.startsWith('-');
      if (isBsd && /^\d+([, ]\d+)*$/.test(a)) {
        bsd = true;
        const list = words(a);
        pick.push((q) => list.includes(String(q.pid)));
        continue;
      }
      const letters = isBsd ? a : a.slice(1);
      for (let k = 0; k < letters.length; k++) {
        const c = letters[k]!;
        const take = (): string => {
          const rest = letters.slice(k + 1);
          k = letters.length;
          return rest !== '' ? rest : (args[++i] ?? '');
        };
        if (isBsd) {
          bsd = true;
          if (c === 'a') allTty = true;
          else if (c === 'x') noTty = true;
          else if (c === 'u') style = BSD_U;
          else if (c === 'l') style = BSD_L;
          else if (c === 'j') style = ['ppid', 'pid', 'pgid', 'sid', 'tname', 'tpgid', 'stat', 'uid', 'bsdtime', 'args'];
          else if (c === 'w') wide++;
          else if (c === 'h') header = false;
          else if (c === 'f' || c === 'e' || c === 'c') continue;
          else if (c === 'o') {
            const bad = addFormat(take());
            if (bad !== null) return yield* fail(`unknown user-defined format specifier "${bad}"`);
          } else if (c === 'p') {
            const list = words(take());
            pick.push((q) => list.includes(String(q.pid)));
          } else if (c === 't') {
            const list = words(take());
            pick.push((q) => list.includes(ttyName(q)));
          } else if (c === 'U') {
            const list = words(take()).map(uidOf);
            pick.push((q) => list.includes(q.uid));
          } else if (c === 'k') sortKeys = words(take());
          else return yield* fail('unsupported option (BSD syntax)');
          continue;
        }
        switch (c) {
          case 'e':
          case 'A':
            selectAll = true;
            break;
          case 'a':
            terminals = true;
            break;
          case 'd':
            exceptLeaders = true;
            break;
          case 'f':
            style = FULL;
            break;
          case 'F':
            style = ['uidname', 'pid', 'ppid', 'c', 'sz', 'rss', 'psr', 'stime', 'tname', 'time', 'cmd'];
            break;
          case 'l':
            style = LONG;
            break;
          case 'j':
            style = ['pid', 'pgid', 'sid', 'tname', 'time', 'ucmd'];
            break;
          case 'w':
            wide++;
            break;
          case 'H':
          case 'y':
          case 'c':
          case 'N':
            break;
          case 'V':
            yield* put(p, 'ps from procps-ng 4.0.2\n');
            return 0;
          case 'o':
          case 'O': {
            const v = take();
            if (v === '') return yield* fail('format specification must follow -o');
            const bad = addFormat(v);
            if (bad !== null) return yield* fail(`unknown user-defined format specifier "${bad}"`);
            break;
          }
          case 'C': {
            const v = take();
            if (v === '') return yield* fail('list of command names must follow -C');
            const list = v.split(/[, ]/).map((n) => n.slice(0, 15));
            pick.push((q) => list.includes(q.comm));
            break;
          }
          case 'p':
          case 'q': {
            const v = take();
            if (v === '') return yield* fail(`${c === 'q' ? 'List' : 'list'} of process IDs must follow -${c}${c === 'q' ? '.' : ''}`);
            const list = words(v);
            if (list.some((x) => !/^\d+$/.test(x))) return yield* fail('process ID list syntax error');
            pick.push((q) => list.includes(String(q.pid)));
            break;
          }
          case 'u':
          case 'U': {
            const list = words(take());
            if (list.length === 0) return yield* fail(`list of users must follow -${c}`);
            if (list.some((x) => uidOf(x) < 0)) return yield* fail('user name does not exist');
            pick.push((q) => list.map(uidOf).includes(q.uid));
            break;
          }
          case 't': {
            const list = words(take());
            pick.push((q) => list.includes(ttyName(q)) || list.map((x) => x.replace(/^\/dev\//, '')).includes(ttyName(q)));
            break;
          }
          case 'g':
          case 's': {
            const list = words(take());
            pick.push((q) => list.includes(String(q.sid)));
            break;
          }
          case 'L':
          case 'T':
          case 'm':
          case 'Z':
          case 'M':
            yield* err(p, `ps: option -${c} exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n`);
            return 64;
          default:
            return yield* fail(/[A-Za-z]/.test(c) ? 'unsupported SysV option' : 'garbage option');
        }
      }
    }
    // Loading and sorting out terminals takes a while; the rest of a pipeline has started by then.
    yield* spend(p, 8_000);
    let list = allProcesses(p.host).filter((q) => {
      if (selectAll) return true;
      if (pick.length > 0 || terminals || exceptLeaders) return pick.some((f) => f(q)) || (terminals && q.tty >= 0 && q.sid !== q.pid) || (exceptLeaders && q.sid !== q.pid);
      if (allTty && noTty) return true;
      if (allTty) return q.tty >= 0;
      if (noTty) return q.uid === self;
      return q.tty === p.tty && q.uid === self;
    });
    if (sortKeys.length > 0) {
      const keys = sortKeys.map((k) => ({ minus: k.startsWith('-'), name: k.replace(/^[-+]/, '') }));
      list = list.map((q) => q);
      list.sort((x, y) => {
        for (const k of keys) {
          const c = COLUMNS[k.name];
          if (c === undefined) continue;
          const [u, v] = [c.show(x, p), c.show(y, p)];
          const d = /^[\d.]+$/.test(u) && /^[\d.]+$/.test(v) ? Number(u) - Number(v) : u < v ? -1 : u > v ? 1 : 0;
          if (d !== 0) return k.minus ? -d : d;
        }
        return x.pid - y.pid;
      });
    }
    const shown: Column[] = format ?? (style ?? (bsd ? BSD : BASIC)).map((n) => ({ ...COLUMNS[n]! }));
    // Process ids get as many columns as the largest one may need.
    const digits = (tryCall(() => readFile(p, '/proc/sys/kernel/pid_max')).ok ?? '32768').trim().length;
    for (const c of shown) if (['PID', 'PPID', 'PGID', 'SID', 'SESS', 'PGRP', 'TPGID', 'TGID', 'LWP'].includes(c.title)) c.width = Math.max(c.width, digits);
    const limit = width ?? (wide >= 2 || (!isTty(p, 1) && !p.env.has('COLUMNS')) ? Number.POSITIVE_INFINITY : wide === 1 ? 132 : columns(p));
    const rows: Bytes[] = [];
    const line = (cells: string[]): Bytes => {
      let o = '';
      cells.forEach((cell, i) => {
        const c = shown[i]!;
        const lastOne = i === shown.length - 1;
        o += c.right ? cell.padStart(c.width) : lastOne ? cell : cell.padEnd(c.width);
        if (!lastOne) o += ' ';
      });
      return o.slice(0, limit);
    };
    if (header && shown.some((c) => c.title !== '')) rows.push(line(shown.map((c) => c.title)));
    for (const q of list) rows.push(line(shown.map((c) => c.show(q, p))));
    yield* put(p, rows.map((r) => `${r}\n`).join(''));
    return list.length === 0 ? 1 : 0;
  },
});
