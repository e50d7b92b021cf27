// Lines of sysctl.conf files and of sysctl's command line. Linux counterpart: procps 4.0.2, sysctl.conf(5), sysctl.d(5).
import type { Op, Process } from '../../host/process';
import { err, out, readAll, readFile } from '../../host/syscall';
import { SysError } from '../../lib/errno';
import { type Bytes, byBytes } from '../../lib/text';

/** Swaps dots and slashes, unless the first of them is `to` already: eth0.100 is eth0/100 between dots. */
export function swap(name: Bytes, from: string, to: string): Bytes {
  if (!name.includes(to)) return name.replaceAll(from, to);
  if (/[./]/.exec(name)?.[0] !== from) return name;
  return name.replace(/[./]/g, (c) => (c === from ? to : from));
}
export const toPath = (key: Bytes): Bytes => swap(key, '.', '/');
export const toKey = (path: Bytes): Bytes => swap(path, '/', '.');

/** A complaint of sysctl's. */
export function* warn(p: Process, text: Bytes): Op<void> {
  yield* err(p, `sysctl: ${text}\n`);
}

/** One line of a file or word of the command line. `value` null: an exclusion (`-pattern`). */
export interface Setting {
  path: Bytes;
  value: Bytes | null;
}

/** A setting, null for nothing to do, or the complaint. */
export function parseLine(text: Bytes, from: Bytes, number: number): Setting | null | { complaint: Bytes } {
  const body = text.replace(/^[ \t\n\v\f\r]+/, '').replace(/[ \t\n\v\f\r]+$/, '');
  if (body === '' || body[0] === '#' || body[0] === ';') return null;
  if (body.length < 2) return null;
  const minus = body[0] === '-';
  const eq = body.indexOf('=');
  if (eq < 0) return minus ? { path: toPath(body.slice(1)), value: null } : { complaint: `${from}(${number}): invalid syntax, continuing...` };
  const key = body.slice(minus ? 1 : 0, eq).replace(/[ \t]+$/, '');
  if (key === '') return { complaint: 'Path is not under /proc/sys/: /proc/sys/' };
  return { path: toPath(key), value: body.slice(eq + 1).replace(/^[ \t]+/, '') };
}

/** Reads the settings of one file into `into`. */
export function* load(p: Process, file: Bytes, into: Setting[]): Op<number> {
  let data: Bytes;
  try {
    data = file === '-' ? yield* readAll(p, 0) : readFile(p, file);
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    yield* warn(p, `cannot open "${file}": ${e.message}`);
    return 1;
  }
  let number = 0;
  for (const text of data.split('\n')) {
    number++;
    const s = parseLine(text, file, number);
    if (s === null) continue;
    if ('complaint' in s) yield* warn(p, s.complaint);
    else into.push(s);
  }
  return 0;
}

const DIRS = ['/run/sysctl.d', '/etc/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d'];

/** --system: files by name, an earlier directory wins; then /etc/sysctl.conf. */
export function* loadSystem(p: Process, into: Setting[], quiet: boolean): Op<number> {
  const files = new Map<Bytes, Bytes>();
  for (const dir of DIRS) {
    let names: Bytes[] = [];
    try {
      names = p.host.vfs.readdir(p, dir);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
    }
    for (const name of names) if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${dir}/${name}`);
  }
  let status = 0;
  const ordered = [...files.keys()].sort(byBytes).map((name) => files.get(name)!);
  for (const file of [...ordered, '/etc/sysctl.conf']) {
    if (!exists(p, file)) continue;
    if (!quiet) yield* out(p, `* Applying ${file} ...\n`);
    status |= yield* load(p, file, into);
  }
  return status;
}

function exists(p: Process, file: Bytes): boolean {
  try {
    readFile(p, file);
    return true;
  } catch {
    return false;
  }
}

