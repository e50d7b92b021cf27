// chmod: changes file modes. Counterpart: coreutils chmod.c.
import { strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Op } from '../host/process';
import type { Stat } from '../host/vfs';
import { joinPath, modeString } from './files';
import { attempt, define, Fatal, put, quote, say, tryCall, usageError } from './io';
import { applyMode, type ModeChange, parseMode } from './mode';
import { table } from './options';

const octal = (m: number): string => m.toString(8).padStart(4, '0');

export const chmod = define({
  name: 'chmod',
  summary: 'Change the mode of each FILE to MODE.',
  path: '/usr/bin/chmod',
  package: 'coreutils',
  options: table(
    '-c --changes: like verbose but report only when a change is made', '-f --silent --quiet: suppress most error messages', '-v --verbose: output a diagnostic for every file processed',
    '--no-preserve-root: do not treat / specially', '--preserve-root: fail to operate recursively on /', '--reference RFILE: use RFILE\'s mode instead of MODE values', '-R --recursive: change files and directories recursively',
  ),
  getopt: {
    badExit: 1,
    // -x, -rw and the like are modes, not options.
    prepare: (argv) => {
      const out: Bytes[] = [];
      let mode = false;
      let end = false;
      for (const a of argv) {
        if (!end && !mode && /^-[rwxXstugoa0-7]/.test(a) && !/^-[cfvR]+$/.test(a)) {
          mode = true;
          out.push(`\0${a}`);
          continue;
        }
        if (a === '--') end = true;
        out.push(a);
      }
      return out;
    },
  },
  *run(p, opts, rawArgs) {
    const args = rawArgs.map((a) => (a.startsWith('\0') ? a.slice(1) : a));
    const minus = rawArgs.findIndex((a) => a.startsWith('\0'));
    if (minus > 0) args.unshift(...args.splice(minus, 1));
    let changes: ModeChange[] | null;
    const reference = opts.value('--reference');
    let files = args;
    if (reference !== null) {
      const st = tryCall(() => p.host.vfs.stat(p, reference));
      if (st.errno !== null) throw new Fatal(`chmod: failed to get attributes of ${quote(reference)}: ${strerror(st.errno)}\n`, 1);
      changes = [{ op: '=', who: 0o7777, bits: 0, copy: null, conditionalX: false, absolute: st.ok.mode & 0o7777 }];
      if (files.length === 0) throw usageError('chmod', 'missing operand');
    } else {
      if (args.length === 0) throw usageError('chmod', 'missing operand');
      files = args.slice(1);
      if (files.length === 0) throw usageError('chmod', `missing operand after ${quote(args[0]!)}`);
      changes = parseMode(args[0]!);
      if (changes === null) throw usageError('chmod', `invalid mode: ${quote(args[0]!)}`);
    }
    const quiet = opts.has('-f');
    let status = 0;
    function* one(name: Bytes, top: boolean): Op<void> {
      const st = tryCall<Stat>(() => (top ? p.host.vfs.stat(p, name) : p.host.vfs.lstat(p, name)));
      if (st.errno !== null) {
        status = 1;
        if (!quiet) yield* say(p, 'chmod', top && tryCall(() => p.host.vfs.lstat(p, name)).errno === null ? `cannot operate on dangling symlink ${quote(name)}` : `cannot access ${quote(name)}: ${strerror(st.errno)}`);
        return;
      }
      if (st.ok.type === 'symlink') return;
      const isDir = st.ok.type === 'dir';
      if (isDir && opts.has('-R') && name === '/' && opts.has('--preserve-root')) {
        yield* say(p, 'chmod', "it is dangerous to operate recursively on '/'\nchmod: use --no-preserve-root to override this failsafe");
        status = 1;
        return;
      }
      const old = st.ok.mode & 0o7777;
      const mode = applyMode(old, isDir, changes!, p.umask);
      const e = attempt(() => p.host.vfs.chmod(p, name, mode));
      if (e !== null) {
        status = 1;
        if (!quiet) yield* say(p, 'chmod', `changing permissions of ${quote(name)}: ${strerror(e)}`);
      } else if (opts.has('-v') || opts.has('-c')) {
        const rwx = (m: number): string => modeString({ ...st.ok, mode: m }).slice(1);
        if (mode !== old) yield* put(p, `mode of ${quote(name)} changed from ${octal(old)} (${rwx(old)}) to ${octal(mode)} (${rwx(mode)})\n`);
        else if (opts.last('-v', '-c') === '-v') yield* put(p, `mode of ${quote(name)} retained as ${octal(mode)} (${rwx(mode)})\n`);
      }
      if (e === null && !opts.has('--reference')) {
        // A minus mode cut by the umask is said, as POSIX asks.
        const wished = changes!.some((c) => c.who === 0 && c.op === '-' && c.absolute === null) ? applyMode(old, isDir, changes!.map((c) => ({ ...c, who: c.who === 0 ? 0o7777 : c.who })), 0) : mode;
        if (wished !== mode && minus >= 0) {
          status = 1;
          yield* say(p, 'chmod', `${name}: new permissions are ${modeString({ ...st.ok, mode }).slice(1)}, not ${modeString({ ...st.ok, mode: wished }).slice(1)}`);
        }
      }
      if (isDir && opts.has('-R')) {
        const names = tryCall(() => p.host.vfs.readdir(p, name));
        if (names.errno !== null) {
          status = 1;
          if (!quiet) yield* say(p, 'chmod', `cannot read directory ${quote(name)}: ${strerror(names.errno)}`);
          return;
        }
        for (const n of names.ok) yield* one(joinPath(name, n), false);
      }
    }
    for (const f of files) yield* one(f, true);
    return status;
  },
});

