// rm: removes files and directories. Counterpart: coreutils rm.c, remove.c.
import { strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Op, Process } from '../host/process';
import { err } from '../host/syscall';
import type { Options } from './command';
import { joinPath, lastPart, typeName } from './files';
import { attempt, define, isTty, LineSource, put, quote, quoteIfNeeded, say, tryCall, usageError } from './io';
import { table } from './options';

export const rm = define({
  name: 'rm',
  summary: 'Remove (unlink) the FILE(s).',
  path: '/usr/bin/rm',
  package: 'coreutils',
  options: table(
    '-f --force: ignore nonexistent files and arguments, never prompt', '-i: prompt before every removal', '-I: prompt once before removing more than three files, or when removing recursively', '--interactive [WHEN]: prompt according to WHEN',
    '--one-file-system: skip directories on other file systems', '--no-preserve-root: do not treat / specially', '--preserve-root [all]: do not remove / (default)', '-r -R --recursive: remove directories and their contents recursively',
    '-d --dir: remove empty directories', '-v --verbose: explain what is being done',
  ),
  getopt: {
    badExit: 1,
    tryHelp: (p) => {
      const named = p.argv.slice(1).filter((a) => a.length > 1 && a.startsWith('-') && tryCall(() => p.host.vfs.lstat(p, a)).errno === null);
      const first = named[0];
      return `${first === undefined ? '' : `Try 'rm ./${quoteIfNeeded(first)}' to remove the file ${quote(first)}.\n`}Try 'rm --help' for more information.\n`;
    },
  },
  *run(p, opts, args) {
    if (args.length === 0) {
      if (opts.has('-f')) return 0;
      throw usageError('rm', 'missing operand');
    }
    const job = new Removal(p, opts);
    const once = opts.last('-I', '-i', '-f', '--interactive');
    if ((once === '-I' || (once === '--interactive' && opts.value('--interactive') === 'once')) && (args.length > 3 || opts.has('-r'))) {
      const n = args.length;
      if (!(yield* job.ask(`rm: remove ${n} argument${n === 1 ? '' : 's'}${opts.has('-r') ? ' recursively' : ''}? `))) return 0;
    }
    for (const name of args) {
      const base = lastPart(name);
      if ((base === '.' || base === '..') && opts.has('-r')) {
        job.status = 1;
        yield* say(p, 'rm', `refusing to remove '.' or '..' directory: skipping ${quote(name)}`);
        continue;
      }
      if (opts.has('-r') && !opts.has('--no-preserve-root') && tryCall(() => p.host.vfs.realpath(p, name)).ok === '/' && tryCall(() => p.host.vfs.lstat(p, name)).ok?.type === 'dir') {
        job.status = 1;
        yield* say(p, 'rm', name === '/' ? "it is dangerous to operate recursively on '/'" : `it is dangerous to operate recursively on ${quote(name)} (same as '/')`);
        yield* say(p, 'rm', 'use --no-preserve-root to override this failsafe');
        continue;
      }
      yield* job.remove(name);
    }
    return job.status;
  },
});

class Removal {
  status = 0;
  private readonly answers: LineSource;
  private readonly prompts: 'always' | 'never' | 'sometimes';
  constructor(
    private readonly p: Process,
    private readonly opts: Options,
  ) {
    this.answers = new LineSource(p, 0);
    const last = opts.last('-f', '-i', '-I', '--interactive');
    const when = opts.value('--interactive');
    this.prompts = last === '-f' || (last === '--interactive' && when === 'never') ? 'never' : last === '-i' || (last === '--interactive' && when !== 'once') ? 'always' : 'sometimes';
  }

  *ask(question: Bytes): Op<boolean> {
    yield* err(this.p, question);
    const lines = yield* this.answers.batch();
    return lines !== null && /^[yY]/.test(lines[0]!);
  }

  private *mayRemove(name: Bytes, what: string): Op<boolean> {
    const { p } = this;
    const writable = p.host.vfs.access(p, name, 2);
    if (this.prompts === 'never' || (this.prompts === 'sometimes' && (writable || !isTty(p, 0)))) return true;
    return yield* this.ask(`rm: remove ${writable ? '' : 'write-protected '}${what} ${quote(name)}? `);
  }

  /** True when the name is gone. */
  *remove(name: Bytes): Op<boolean> {
    const { p, opts } = this;
    const st = tryCall(() => p.host.vfs.lstat(p, name));
    if (st.errno !== null) {
      if (opts.has('-f') && (st.errno === 'ENOENT' || st.errno === 'ENOTDIR')) return true;
      return yield* this.failed(name, strerror(st.errno));
    }
    if (st.ok.type === 'dir') {
      if (!opts.has('-r') && !opts.has('-d')) return yield* this.failed(name, 'Is a directory');
      const names = tryCall(() => p.host.vfs.readdir(p, name));
      if (names.errno !== null) return yield* this.failed(name, strerror(names.errno));
      if (opts.has('-r') && names.ok.length > 0) {
        if (this.prompts === 'always' && !(yield* this.ask(`rm: descend into directory ${quote(name)}? `))) return false;
        let all = true;
        for (const n of [...names.ok]) if (!(yield* this.remove(joinPath(name, n)))) all = false;
        if (!all) return false;
      }
      if (!(yield* this.mayRemove(name, 'directory'))) return false;
      // A link with a slash behind it is walked like the directory it names, but is none to rmdir(2).
      const isLink = name.endsWith('/') && tryCall(() => p.host.vfs.lstat(p, name.replace(/\/+$/, ''))).ok?.type === 'symlink';
      const e = isLink ? 'ENOTDIR' : attempt(() => p.host.vfs.rmdir(p, name));
      if (e !== null) return yield* this.failed(name, strerror(e));
      if (opts.has('-v')) yield* put(p, `removed directory ${quote(name)}\n`);
      return true;
    }
    if (!(yield* this.mayRemove(name, typeName(st.ok)))) return false;
    const e = attempt(() => p.host.vfs.unlink(p, name));
    if (e !== null) return yield* this.failed(name, strerror(e));
    if (opts.has('-v')) yield* put(p, `removed ${quote(name)}\n`);
    return true;
  }

  private *failed(name: Bytes, text: string): Op<boolean> {
    this.status = 1;
    yield* say(this.p, 'rm', `cannot remove ${quote(name)}: ${text}`);
    return false;
  }
}
