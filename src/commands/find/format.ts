// What find prints of a file: -ls and -printf. Counterpart: findutils find/print.c.
import type { Process } from '../../host/process';
import { wallSeconds } from '../../host/syscall';
import type { Stat } from '../../host/vfs';
import { strftime } from '../../lib/strftime';
import type { Bytes } from '../../lib/text';
import { zoneOf } from '../clock';
import { groupName, lastPart, modeString, userName } from '../files';
import { tryCall } from '../io';
import { formatInteger, formatString, parseSpec } from '../printf_spec';

/** A file met on the walk. */
export interface Visit {
  path: Bytes;
  st: Stat;
  depth: number;
  start: Bytes;
}

/** -ls: one line as `ls -dils` gives it. */
export function listing(p: Process, v: Visit): Bytes {
  const { st } = v;
  const recent = st.mtime > wallSeconds(p) - 15778476 && st.mtime <= wallSeconds(p);
  return `${String(st.ino).padStart(9)} ${String(Math.ceil(st.blocks / 2)).padStart(6)} ${modeString(st)} ${String(st.nlink).padStart(3)} ${(userName(p, st.uid) ?? String(st.uid)).padEnd(8)} ${(groupName(p, st.gid) ?? String(st.gid)).padEnd(8)} ${String(st.size).padStart(8)} ${strftime(recent ? '%b %e %H:%M' : '%b %e  %Y', st.mtime, zoneOf(p))} ${v.path}${st.type === 'symlink' ? ` -> ${tryCall(() => p.host.vfs.readlink(p, v.path)).ok ?? ''}` : ''}\n`;
}

/** -printf. */
export function formatVisit(p: Process, format: Bytes, v: Visit): Bytes {
  const { st, path } = v;
  const zone = zoneOf(p);
  let o = '';
  for (let i = 0; i < format.length; ) {
    const c = format[i]!;
    if (c === '\\') {
      const octal = /^[0-7]{1,3}/.exec(format.slice(i + 1))?.[0];
      if (octal !== undefined) {
        o += String.fromCharCode(Number.parseInt(octal, 8) & 255);
        i += 1 + octal.length;
        continue;
      }
      const n = format[i + 1] ?? '';
      if (n === 'c') return o;
      o += { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' }[n] ?? `\\${n}`;
      i += 2;
      continue;
    }
    if (c !== '%') {
      o += c;
      i++;
      continue;
    }
    const spec = parseSpec(format, i, false);
    if (spec === null) {
      o += '%';
      break;
    }
    i = spec.end;
    const text = (t: string): void => {
      o += formatString(spec, t);
    };
    const number = (n: number, conversion = 'd'): void => {
      o += formatInteger({ ...spec, conversion }, BigInt(Math.floor(n)));
    };
    switch (spec.conversion) {
      case '%':
        o += '%';
        break;
      case 'p':
        text(path);
        break;
      case 'f':
        text(v.depth === 0 && !path.includes('/') ? path : lastPart(path));
        break;
      case 'h':
        text(path.includes('/') ? path.replace(/\/+[^/]*\/*$/, '') : '.');
        break;
      case 'H':
        text(v.start);
        break;
      case 'P':
        text(v.depth === 0 ? '' : path.slice(v.start.endsWith('/') ? v.start.length : v.start.length + 1));
        break;
      case 'd':
        number(v.depth);
        break;
      case 's':
        number(st.size);
        break;
      case 'k':
        number(Math.ceil(st.blocks / 2));
        break;
      case 'b':
        number(st.blocks);
        break;
      case 'm':
        number(st.mode & 0o7777, 'o');
        break;
      case 'M':
        text(modeString(st));
        break;
      case 'n':
        number(st.nlink);
        break;
      case 'i':
        number(st.ino);
        break;
      case 'D':
        number(st.dev);
        break;
      case 'u':
        text(userName(p, st.uid) ?? String(st.uid));
        break;
      case 'U':
        number(st.uid);
        break;
      case 'g':
        text(groupName(p, st.gid) ?? String(st.gid));
        break;
      case 'G':
        number(st.gid);
        break;
      case 'l':
        text(st.type === 'symlink' ? (tryCall(() => p.host.vfs.readlink(p, path)).ok ?? '') : '');
        break;
      case 'y':
      case 'Y':
        text({ file: 'f', dir: 'd', symlink: 'l', chr: 'c', blk: 'b', fifo: 'p', socket: 's' }[spec.conversion === 'Y' ? (tryCall(() => p.host.vfs.stat(p, path)).ok?.type ?? 'symlink') : st.type]);
        break;
      case 'F':
        text('ext4');
        break;
      case 't':
      case 'a':
      case 'c': {
        const t = spec.conversion === 't' ? st.mtime : spec.conversion === 'a' ? st.atime : st.ctime;
        text(strftime('%a %b %e %H:%M:%S.%N0 %Y', t, zone));
        break;
      }
      case 'T':
      case 'A':
      case 'C': {
        const t = spec.conversion === 'T' ? st.mtime : spec.conversion === 'A' ? st.atime : st.ctime;
        const k = format[i++] ?? '';
        text(k === '@' ? strftime('%s.%N0', t, zone) : k === '+' ? strftime('%Y-%m-%d+%H:%M:%S.%N0', t, zone) : k === 'S' ? strftime('%S.%N0', t, zone) : k === 'T' ? strftime('%H:%M:%S.%N0', t, zone) : strftime(`%${k}`, t, zone));
        break;
      }
      default:
        o += `%${spec.conversion}`;
    }
  }
  return o;
}
