// sysctl: reads and writes the settings below /proc/sys. Linux counterpart: procps 4.0.2, sysctl(8), sysctl.conf(5).
import type { Op, Process } from '../host/process';
import { err, out } from '../host/syscall';
import { sysctlChildren, sysctlList, sysctlMode, sysctlRead, sysctlWrite } from '../kernel/core/sysctl';
import { strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { command, type OptionSpec } from './command';
import { globMatch } from './glob';
import { compilePosix, type PosixRegex } from './posix_regex';
import { load, loadSystem, parseLine, type Setting, swap, toKey, toPath, warn } from './procps/sysctl_conf';

const USAGE: Bytes = `
Usage:
 sysctl [options] [variable[=value] ...]

Options:
  -a, --all            display all variables
  -A                   alias of -a
  -X                   alias of -a
      --deprecated     include deprecated parameters to listing
      --dry-run        Print the key and values but do not write
  -b, --binary         print value without new line
  -e, --ignore         ignore unknown variables errors
  -N, --names          print variable names without values
  -n, --values         print only values of the given variable(s)
  -p, --load[=<file>]  read values from file
  -f                   alias of -p
      --system         read values from all system directories
  -r, --pattern <expression>
                       select setting that match expression
  -q, --quiet          do not echo variable set
  -w, --write          enable writing a value to variable
  -o                   does nothing
  -x                   does nothing
  -d                   alias of -h

 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see sysctl(8).
`;

const OPTIONS: Record<string, OptionSpec> = {
  '-a': { kind: 'flag', says: 'display all variables' }, '--all': { kind: 'flag', of: '-a', says: 'display all variables' },
  '-A': { kind: 'flag', of: '-a', says: 'alias of -a' }, '-X': { kind: 'flag', of: '-a', says: 'alias of -a' },
  '--deprecated': { kind: 'flag', says: 'include deprecated parameters to listing' },
  '--dry-run': { kind: 'flag', says: 'print the key and values but do not write' },
  '-b': { kind: 'flag', says: 'print value without new line' }, '--binary': { kind: 'flag', of: '-b', says: 'print value without new line' },
  '-e': { kind: 'flag', says: 'ignore unknown variables errors' }, '--ignore': { kind: 'flag', of: '-e', says: 'ignore unknown variables errors' },
  '-N': { kind: 'flag', says: 'print variable names without values' }, '--names': { kind: 'flag', of: '-N', says: 'print variable names without values' },
  '-n': { kind: 'flag', says: 'print only values' }, '--values': { kind: 'flag', of: '-n', says: 'print only values' },
  '-p': { kind: 'optional', arg: 'FILE', says: 'read values from file' }, '--load': { kind: 'optional', of: '-p', arg: 'FILE', says: 'read values from file' },
  '-f': { kind: 'flag', of: '-p', says: 'alias of -p' },
  '--system': { kind: 'flag', says: 'read values from all system directories' },
  '-r': { kind: 'value', arg: 'EXPRESSION', says: 'select settings that match' }, '--pattern': { kind: 'value', of: '-r', arg: 'EXPRESSION', says: 'select settings that match' },
  '-q': { kind: 'flag', says: 'do not echo variable set' }, '--quiet': { kind: 'flag', of: '-q', says: 'do not echo variable set' },
  '-w': { kind: 'flag', says: 'enable writing a value' }, '--write': { kind: 'flag', of: '-w', says: 'enable writing a value' },
  '-o': { kind: 'flag', says: 'does nothing' }, '-x': { kind: 'flag', says: 'does nothing' },
  '-d': { kind: 'flag', of: '-h', says: 'alias of -h' }, '-h': { kind: 'flag', says: 'display help' }, '--help': { kind: 'flag', of: '-h', says: 'display help' },
  '-V': { kind: 'flag', says: 'output version' }, '--version': { kind: 'flag', of: '-V', says: 'output version' },
};

/** How to show and what to forgive. */
interface How {
  names: boolean;
  values: boolean;
  newline: boolean;
  ignore: boolean;
  quiet: boolean;
  dry: boolean;
  pattern: PosixRegex | null;
}

const isDir = (p: Process, path: Bytes): boolean => sysctlChildren(p.host.kernel, path.replace(/\/+$/, '')) !== null;

/** Shows one setting, or all of a directory. */
function* show(p: Process, name: Bytes, how: How): Op<number> {
  if (name === '') {
    yield* warn(p, '"" is an unknown key');
    return 255;
  }
  const path = toPath(name);
  const mode = sysctlMode(p.host.kernel, path);
  if (mode === null && isDir(p, path)) {
    yield* showAll(p, path.replace(/\/+$/, ''), how);
    return 0;
  }
  if (mode === null) {
    if (how.ignore) return 0;
    yield* warn(p, `cannot stat /proc/sys/${path}: No such file or directory`);
    return 1;
  }
  const key = swap(name, '/', '.');
  if (how.pattern !== null && !how.pattern.test(key)) return 0;
  yield* out(p, line(key, sysctlRead(p.host.kernel, path), how));
  return 0;
}

function line(key: Bytes, text: Bytes | null, how: How): Bytes {
  if (text === null) return '';
  if (how.names) return `${key}\n`;
  const value = text.replace(/\n$/, '');
  return `${how.values ? '' : `${key} = `}${value}${how.newline ? '\n' : ''}`;
}

function* showAll(p: Process, dir: Bytes, how: How): Op<void> {
  const parts: Bytes[] = [];
  for (const path of sysctlList(p.host.kernel, dir)) {
    const key = toKey(path);
    if (how.pattern === null || how.pattern.test(key)) parts.push(line(key, sysctlRead(p.host.kernel, path), how));
  }
  yield* out(p, parts.join(''));
}

/** Writes one setting and shows it. */
function* put(p: Process, path: Bytes, value: Bytes, how: How): Op<number> {
  const k = p.host.kernel;
  const key = toKey(path);
  const mode = sysctlMode(k, path);
  if (mode === null && !isDir(p, path)) {
    if (how.ignore) return 0;
    yield* warn(p, `cannot stat /proc/sys/${path}: No such file or directory`);
    return 1;
  }
  // What has no write bit, directories too, is only complained about.
  if (mode === null || (mode & 0o200) === 0) {
    yield* warn(p, `setting key "${key}": Invalid argument`);
    return 0;
  }
  if (!how.dry) {
    if (p.uid !== 0) {
      yield* warn(p, `permission denied on key "${key}"`);
      return 1;
    }
    const e = sysctlWrite(k, path, `${value}\n`);
    if (e !== null) {
      yield* warn(p, `setting key "${key}": ${strerror(e)}`);
      return 1;
    }
  }
  if (how.quiet && !how.dry) return 0;
  yield* out(p, `${how.values || how.names ? '' : `${key} = `}${value}${how.newline ? '\n' : ''}`);
  return 0;
}

const wild = (path: Bytes): boolean => /[*?[]/.test(path);

/** Writes what was read, in order; a pattern stands for all it matches but what is named or excluded elsewhere. */
function* putAll(p: Process, list: readonly Setting[], how: How): Op<number> {
  let status = 0;
  const excluded = (path: Bytes): boolean => list.some((s) => s.value === null && globMatch(s.path, path));
  for (const s of list) {
    if (s.value === null) continue;
    if (!wild(s.path)) {
      status |= yield* put(p, s.path, s.value, how);
      continue;
    }
    const depth = s.path.split('/').length;
    for (const path of sysctlList(p.host.kernel)) {
      if (path.split('/').length !== depth || !globMatch(s.path, path) || excluded(path) || list.some((o) => o.path === path)) continue;
      status |= yield* put(p, path, s.value, how);
    }
  }
  return status;
}

export const sysctl = command({
  name: 'sysctl',
  summary: 'configure kernel parameters at runtime',
  path: '/sbin/sysctl',
  package: 'procps',
  options: OPTIONS,
  getopt: { badExit: 0, tryHelp: '', usage: USAGE },
  *run(p, opts, args) {
    if (p.argv.length < 2) {
      yield* err(p, USAGE);
      return 1;
    }
    if (opts.has('-h') || opts.has('-V')) {
      yield* out(p, opts.last('-h', '-V') === '-h' ? USAGE : 'sysctl from procps-ng 4.0.2\n');
      return 0;
    }
    const pattern = opts.value('-r');
    const how: How = {
      names: opts.has('-N'), values: opts.has('-n') || opts.has('-b'), newline: !opts.has('-b'), ignore: opts.has('-e'), quiet: opts.has('-q'), dry: opts.has('--dry-run'),
      pattern: pattern === null ? null : compilePosix(pattern, { extended: true }),
    };
    const list: Setting[] = [];
    if (opts.has('--system')) {
      how.ignore = true;
      return (yield* loadSystem(p, list, how.quiet)) | (yield* putAll(p, list, how));
    }
    if (opts.has('-a')) {
      yield* showAll(p, '', how);
      return 0;
    }
    if (opts.has('-p')) {
      let status = 0;
      const attached = opts.all('-p').filter((f) => f !== '');
      const files = [...attached.slice(-1), ...args];
      for (const file of files.length === 0 ? ['/etc/sysctl.conf'] : files) status |= yield* load(p, file, list);
      return status | (yield* putAll(p, list, how));
    }
    if (args.length === 0) {
      yield* warn(p, "no variables specified\nTry `sysctl --help' for more information.");
      return 1;
    }
    if (how.names && how.quiet) {
      yield* warn(p, "options -N and -q cannot coexist\nTry `sysctl --help' for more information.");
      return 1;
    }
    let status = 0;
    for (const word of args) {
      if (!opts.has('-w') && !word.includes('=')) {
        status |= yield* show(p, word, how);
        continue;
      }
      const s = parseLine(word, 'command line', 0);
      if (s === null) continue;
      if ('complaint' in s) {
        yield* warn(p, s.complaint);
        status |= 1;
      } else if (s.value !== null) status |= yield* put(p, s.path, s.value, how);
    }
    return status;
  },
});
