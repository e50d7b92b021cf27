// The frame of md5sum, sha1sum, sha256sum: printing and checking. Counterpart: coreutils digest.c (md5sum.c).
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { err } from '../host/syscall';
import type { Op } from '../host/process';
import { ByteSource, closeInput, define, errnoText, LineSource, openInput, put, quoteIfNeeded, say } from './io';
import { table } from './options';

/** Declares a checksum command. */
export function digestCommand(name: string, label: string, digits: number, digest: (data: Bytes) => string) {
  return define({
    name,
    summary: `Print or check ${label} checksums.`,
    path: `/usr/bin/${name}`,
    package: 'coreutils',
    options: table(
      '-b --binary: read in binary mode', '-c --check: read checksums from the FILEs and check them', '--tag: create a BSD-style checksum', '-t --text: read in text mode (default)', '-z --zero: end each output line with NUL, not newline',
      '--ignore-missing: don\'t fail or report status for missing files', '--quiet: don\'t print OK for each successfully verified file', '--status: don\'t output anything, status code shows success', '--strict: exit non-zero for improperly formatted checksum lines', '-w --warn: warn about improperly formatted checksum lines',
    ),
    getopt: { badExit: 1 },
    *run(p, opts, args) {
      let status = 0;
      const sum = function* (file: Bytes): Op<string | null> {
        let fd = -1;
        try {
          fd = openInput(p, file);
          const data = yield* new ByteSource(p, fd).all();
          closeInput(p, fd);
          return digest(data);
        } catch (e) {
          if (!(e instanceof SysError)) throw e;
          if (fd > 0) closeInput(p, fd);
          if (opts.has('-c') && opts.has('--ignore-missing') && e.errno === 'ENOENT') return '';
          yield* say(p, name, `${quoteIfNeeded(file)}: ${errnoText(e)}`);
          return null;
        }
      };
      for (const file of args.length > 0 ? args : ['-']) {
        if (!opts.has('-c')) {
          const s = yield* sum(file);
          if (s === null) {
            status = 1;
            continue;
          }
          const escaped = /[\\\n]/.test(file);
          const shown = file.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
          yield* put(p, `${opts.has('--tag') ? `${escaped ? '\\' : ''}${label} (${shown}) = ${s}` : `${escaped ? '\\' : ''}${s} ${opts.last('-b', '-t') === '-b' ? '*' : ' '}${shown}`}${opts.has('-z') ? '\0' : '\n'}`);
          continue;
        }
        let fd: number;
        try {
          fd = openInput(p, file);
        } catch (e) {
          status = 1;
          yield* say(p, name, `${quoteIfNeeded(file)}: ${errnoText(e)}`);
          continue;
        }
        let bad = 0;
        let unread = 0;
        let at = 0;
        let malformed = 0;
        let good = 0;
        let skipped = 0;
        const src = new LineSource(p, fd);
        for (let lines = yield* src.batch(); lines !== null; lines = yield* src.batch()) {
          for (const raw of lines) {
            at++;
            const line = raw.replace(/\n$/, '');
            const m = new RegExp(`^\\\\?([0-9a-fA-F]{${digits}}) [ *](.+)$`).exec(line) ?? null;
            const tag = new RegExp(`^${label} \\((.*)\\) = ([0-9a-fA-F]{${digits}})$`).exec(line);
            if (m === null && tag === null) {
              if (line === '' || line.startsWith('#')) continue;
              malformed++;
              if (opts.has('-w')) yield* say(p, name, `${quoteIfNeeded(file)}: ${at}: improperly formatted ${label} checksum line`);
              continue;
            }
            const target = m !== null ? m[2]! : tag![1]!;
            const want = (m !== null ? m[1]! : tag![2]!).toLowerCase();
            const have = yield* sum(target);
            if (have === '') {
              skipped++;
              continue;
            }
            if (have === null) {
              unread++;
              if (!opts.has('--status')) yield* put(p, `${target}: FAILED open or read\n`);
            } else if (have !== want) {
              bad++;
              if (!opts.has('--status')) yield* put(p, `${target}: FAILED\n`);
            } else {
              good++;
              if (!opts.has('--status') && !opts.has('--quiet')) yield* put(p, `${target}: OK\n`);
            }
          }
        }
        closeInput(p, fd);
        if (good + bad + unread === 0) {
          status = 1;
          yield* say(p, name, `${file === '-' ? "'standard input'" : quoteIfNeeded(file)}: ${skipped > 0 ? 'no file was verified' : 'no properly formatted checksum lines found'}`);
          continue;
        }
        const warn = function* (n: number, one: string, many: string): Op<void> {
          if (n > 0 && !opts.has('--status')) yield* err(p, `${name}: WARNING: ${n} ${n === 1 ? one : many}\n`);
        };
        yield* warn(malformed, 'line is improperly formatted', 'lines are improperly formatted');
        yield* warn(unread, 'listed file could not be read', 'listed files could not be read');
        yield* warn(bad, 'computed checksum did NOT match', 'computed checksums did NOT match');
        if (bad > 0 || unread > 0 || (opts.has('--strict') && malformed > 0)) status = 1;
      }
      return status;
    },
  });
}
