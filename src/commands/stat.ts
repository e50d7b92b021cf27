// stat: what the kernel knows of a file. Counterpart: coreutils stat.c.
import { strerror } from '../lib/errno';
import { strftime } from '../lib/strftime';
import type { Bytes } from '../lib/text';
import type { Process } from '../host/process';
import { fileOf } from '../host/syscall';
import type { Stat } from '../host/vfs';
import { zoneOf } from './clock';
import { groupName, modeString, typeName, userName } from './files';
import { define, put, quote, say, tryCall, usageError } from './io';
import { table } from './options';
import { formatInteger, formatString, parseSpec, type Spec } from './printf_spec';

const DEFAULT = '  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\nDevice: %Hd,%Ld\tInode: %-10i  Links: %h\nAccess: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n Birth: %w\n';
const DEVICE = DEFAULT.replace('Links: %h\n', 'Links: %-5h Device type: %Hr,%Lr\n');

export const stat = define({
  name: 'stat',
  summary: 'Display file or file system status.',
  path: '/usr/bin/stat',
  package: 'coreutils',
  options: table(
    '-L --dereference: follow links', '-f --file-system: display file system status instead of file status', '--cached MODE: specify how to use cached attributes', '-c --format FORMAT: use the specified FORMAT instead of the default',
    '--printf FORMAT: like --format, but interpret backslash escapes', '-t --terse: print the information in terse form',
  ),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    if (args.length === 0) throw usageError('stat', 'missing operand');
    const which = opts.last('-c', '--printf');
    const given = which === null ? null : opts.value(which)!;
    let status = 0;
    for (const name of args) {
      if (opts.has('-f')) {
        const found = tryCall(() => p.host.vfs.stat(p, name));
        if (found.errno !== null) {
          status = 1;
          yield* say(p, 'stat', `cannot read file system information for ${quote(name)}: ${strerror(found.errno)}`);
          continue;
        }
        yield* put(p, given !== null ? `${given.replace(/%[-0-9]*([a-zA-Z%])/g, (_m, c: string) => ({ n: name, T: 'ext2/ext3', t: 'ef53', s: '4096', S: '4096', b: '65536', f: '60000', a: '56000', c: '65536', d: '64000', i: '0', l: '255', '%': '%' })[c] ?? '?')}\n` : `  File: "${name}"\n    ID: 0        Namelen: 255     Type: ext2/ext3\nBlock size: 4096       Fundamental block size: 4096\nBlocks: Total: 65536      Free: 60000      Available: 56000\nInodes: Total: 65536      Free: 64000\n`);
        continue;
      }
      const st = name === '-' ? tryCall(() => p.host.vfs.fstat(p, fileOf(p, 0))) : tryCall(() => (opts.has('-L') ? p.host.vfs.stat(p, name) : p.host.vfs.lstat(p, name)));
      if (st.errno !== null) {
        status = 1;
        yield* say(p, 'stat', name === '-' ? `cannot stat standard input: ${strerror(st.errno)}` : `cannot statx ${quote(name)}: ${strerror(st.errno)}`);
        continue;
      }
      if (given !== null) yield* put(p, expand(p, which === '--printf' ? unescape(given) : `${given}\n`, name, st.ok));
      else if (opts.has('-t')) yield* put(p, expand(p, '%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n', name, st.ok));
      else yield* put(p, expand(p, st.ok.type === 'chr' || st.ok.type === 'blk' ? DEVICE : DEFAULT, name, st.ok));
    }
    return status;
  },
});

const unescape = (f: Bytes): Bytes =>
  f.replace(/\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|.)/g, (_m, c: string) => {
    const named: Record<string, string> = { a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
    if (/^[0-7]/.test(c)) return String.fromCharCode(Number.parseInt(c, 8) & 255);
    if (/^x[0-9a-fA-F]/.test(c)) return String.fromCharCode(Number.parseInt(c.slice(1), 16));
    return named[c] ?? c;
  });

const TYPE_BITS: Readonly<Record<Stat['type'], number>> = { file: 0o100000, dir: 0o40000, symlink: 0o120000, chr: 0o20000, blk: 0o60000, fifo: 0o10000, socket: 0o140000 };

function expand(p: Process, format: Bytes, name: Bytes, st: Stat): Bytes {
  const zone = zoneOf(p);
  const time = (t: number): string => strftime('%Y-%m-%d %H:%M:%S.%N %z', t, zone);
  const major = st.dev >> 8;
  const minor = st.dev & 255;
  let o = '';
  for (let i = 0; i < format.length; ) {
    const c = format[i]!;
    if (c !== '%') {
      o += c;
      i++;
      continue;
    }
    const high = /^%[-+ #0']*\d*(?:\.\d+)?([HL])([dr])/.exec(format.slice(i));
    const spec = parseSpec(high === null ? format : format.slice(0, i) + format.slice(i).replace(/([HL])(?=[dr])/, ''), i, false);
    if (spec === null) {
      o += '%';
      i++;
      continue;
    }
    const s: Spec = spec;
    i = spec.end + (high === null ? 0 : 1);
    const text = (v: string): void => {
      o += formatString({ ...s, flags: s.flags.replace('0', '') }, v);
    };
    const number = (v: number, conversion = 'd'): void => {
      o += formatInteger({ ...s, conversion }, BigInt(Math.floor(v)));
    };
    if (high !== null) {
      const dev = high[2] === 'd' ? [major, minor] : [st.rdevMajor, st.rdevMinor];
      number(high[1] === 'H' ? dev[0]! : dev[1]!);
      continue;
    }
    switch (s.conversion) {
      case '%':
        o += '%';
        break;
      case 'a':
        number(st.mode & 0o7777, 'o');
        break;
      case 'A':
        text(modeString(st));
        break;
      case 'b':
        number(st.blocks);
        break;
      case 'B':
        number(512);
        break;
      case 'C':
        text('?');
        break;
      case 'd':
        number(st.dev);
        break;
      case 'D':
        number(st.dev, 'x');
        break;
      case 'f':
        number(TYPE_BITS[st.type] | (st.mode & 0o7777), 'x');
        break;
      case 'F':
        text(typeName(st));
        break;
      case 'g':
        number(st.gid);
        break;
      case 'G':
        text(groupName(p, st.gid) ?? 'UNKNOWN');
        break;
      case 'h':
        number(st.nlink);
        break;
      case 'i':
        number(st.ino);
        break;
      case 'm':
        text('/');
        break;
      case 'n':
        text(name);
        break;
      case 'N': {
        const target = st.type === 'symlink' ? tryCall(() => p.host.vfs.readlink(p, name)).ok : null;
        text(quote(name) + (target === null ? '' : ` -> ${quote(target)}`));
        break;
      }
      case 'o':
        number(4096);
        break;
      case 'r':
        number(st.rdevMajor * 256 + st.rdevMinor);
        break;
      case 's':
        number(st.size);
        break;
      case 't':
        number(st.rdevMajor, 'x');
        break;
      case 'T':
        number(st.rdevMinor, 'x');
        break;
      case 'u':
        number(st.uid);
        break;
      case 'U':
        text(userName(p, st.uid) ?? 'UNKNOWN');
        break;
      case 'w':
        text(time(Math.min(st.mtime, st.ctime, st.atime)));
        break;
      case 'W':
        number(Math.min(st.mtime, st.ctime, st.atime));
        break;
      case 'x':
        text(time(st.atime));
        break;
      case 'y':
        text(time(st.mtime));
        break;
      case 'z':
        text(time(st.ctime));
        break;
      case 'X':
        number(st.atime);
        break;
      case 'Y':
        number(st.mtime);
        break;
      case 'Z':
        number(st.ctime);
        break;
      default:
        o += '?';
    }
  }
  return o;
}
