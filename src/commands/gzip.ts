// gzip, gunzip, zcat: compress files. Counterpart: gzip 1.12. Not modelled: levels change nothing but are accepted; .Z and .bz2.
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { err, LineReader, readFile, writeFile } from '../host/syscall';
import { lastPart } from './files';
import { gunzipBytes, gzipBytes, GzipError } from './gzip_format';
import { attempt, ByteSource, define, errnoText, Fatal, isTty, put, say, tryCall } from './io';
import { table } from './options';

export function gzipNamed(name: 'gzip' | 'gunzip' | 'zcat') {
  return define({
    name,
    summary: name === 'gzip' ? 'Compress or uncompress FILEs (by default, compress FILES in-place).' : 'Uncompress FILEs.',
    path: `/usr/bin/${name}`,
    package: 'gzip',
    suite: '1.12',
    options: table(
      '-c --stdout --to-stdout: write on standard output, keep original files unchanged', '-d --decompress --uncompress: decompress', '-f --force: force overwrite of output file and compress links', '-k --keep: keep (don\'t delete) input files', '-l --list: list compressed file contents', '-n --no-name: do not save or restore the original name and timestamp', '-N --name: save or restore the original name and timestamp', '-q --quiet: suppress all warnings',
      '!-r --recursive: operate recursively on directories', '-S --suffix SUF: use suffix SUF on compressed files', '-t --test: test compressed file integrity', '-v --verbose: verbose mode', '-1 --fast: compress faster', '-2: level', '-3: level', '-4: level', '-5: level', '-6: level', '-7: level', '-8: level', '-9 --best: compress better', '--rsyncable: make rsync-friendly archive', '-a --ascii: ascii text', '-V: version', '-h: help',
    ),
    getopt: { badExit: 1, speaksAs: 'gzip', tryHelp: "Try `gzip --help' for more information.\n" },
    *run(p, opts, args) {
      const { vfs } = p.host;
      const list = opts.has('-l');
      const test = opts.has('-t');
      const expand = name !== 'gzip' || opts.has('-d') || test || list;
      const stdout = name === 'zcat' || opts.has('-c');
      const suffix = opts.value('-S') ?? '.gz';
      let status = 0;
      const warn = (n: number): void => {
        status = status === 1 ? 1 : n;
      };
      if (list) yield* put(p, '         compressed        uncompressed  ratio uncompressed_name\n');
      for (const given of args.length > 0 ? args : ['-']) {
        if (given === '-') {
          if (!expand && isTty(p, 1) && !opts.has('-f')) throw new Fatal('gzip: compressed data not written to a terminal. Use -f to force compression.\nFor help, type: gzip -h\n', 1);
          const data = yield* new ByteSource(p, 0).all();
          if (!expand) yield* put(p, gzipBytes(data, '', 0));
          else {
            try {
              const r = gunzipBytes(data);
              if (!test && !list) yield* put(p, r.data);
            } catch (e) {
              if (!(e instanceof GzipError)) throw e;
              yield* err(p, data === '' || e.message.startsWith('unexpected') ? '\ngzip: stdin: unexpected end of file\n' : `\ngzip: stdin: ${e.message}\n`);
              status = 1;
            }
          }
          continue;
        }
        let path = given;
        let st = tryCall(() => vfs.stat(p, path));
        if (st.errno === 'ENOENT' && expand && !path.endsWith(suffix)) {
          path = `${given}${suffix}`;
          st = tryCall(() => vfs.stat(p, path));
        }
        if (st.errno !== null) {
          yield* say(p, 'gzip', `${path}: ${new SysError(st.errno).message}`);
          status = 1;
          continue;
        }
        if (st.ok.type === 'dir') {
          yield* say(p, 'gzip', `${path} is a directory -- ignored`);
          warn(2);
          continue;
        }
        const m = /^(.+)(\.gz|-gz|\.z|\.Z|\.tgz|\.taz)$/.exec(path);
        if (expand && m === null && !stdout && !list && !test && !path.endsWith(suffix)) {
          yield* say(p, 'gzip', `${path}: unknown suffix -- ignored`);
          warn(2);
          continue;
        }
        if (!expand && m !== null && !stdout) {
          yield* say(p, 'gzip', `${path} already has ${m[2]} suffix -- unchanged`);
          warn(2);
          continue;
        }
        let data: Bytes;
        try {
          data = readFile(p, path);
        } catch (e) {
          yield* say(p, 'gzip', `${path}: ${errnoText(e)}`);
          status = 1;
          continue;
        }
        let result: Bytes;
        let info: ReturnType<typeof gunzipBytes> | null = null;
        try {
          if (expand) info = gunzipBytes(data);
          result = info !== null ? info.data : gzipBytes(data, opts.has('-n') ? '' : lastPart(path), opts.has('-n') ? 0 : st.ok.mtime);
        } catch (e) {
          if (!(e instanceof GzipError)) throw e;
          yield* err(p, `\ngzip: ${path}: ${e.message}\n`);
          status = 1;
          continue;
        }
        const ratio = (from: number, to: number): string => `${(to === 0 ? 0 : 100 - (100 * (from - 18 - (info?.name.length ?? 0))) / to).toFixed(1).padStart(5)}%`;
        if (list) {
          yield* put(p, `${String(data.length).padStart(19)} ${String(result.length).padStart(19)} ${ratio(data.length, result.length)} ${m === null ? path : m[1]}\n`);
          continue;
        }
        if (test) {
          if (opts.has('-v')) yield* err(p, `${path}:\t OK\n`);
          continue;
        }
        if (stdout) {
          yield* put(p, result);
          continue;
        }
        const target = expand ? (m === null ? path.slice(0, -suffix.length) : m[2] === '.tgz' || m[2] === '.taz' ? `${m[1]}.tar` : m[1]!) : `${path}${suffix}`;
        if (tryCall(() => vfs.lstat(p, target)).errno === null && !opts.has('-f')) {
          if (!isTty(p, 0)) {
            yield* err(p, `gzip: ${target} already exists;\tnot overwritten\n`);
            warn(2);
            continue;
          }
          yield* err(p, `gzip: ${target} already exists; do you wish to overwrite (y or n)? `);
          const answer = yield* new LineReader(p, 0).next();
          if (answer === null || !/^[yY]/.test(answer)) {
            yield* err(p, '\tnot overwritten\n');
            warn(2);
            continue;
          }
        }
        const e = attempt(() => writeFile(p, target, result, false, st.ok!.mode & 0o777));
        if (e !== null) {
          yield* say(p, 'gzip', `${target}: ${new SysError(e).message}`);
          status = 1;
          continue;
        }
        const { mode, uid, gid, atime, mtime } = st.ok;
        attempt(() => vfs.utimes(p, target, atime, mtime));
        attempt(() => vfs.chown(p, target, uid, gid, true));
        attempt(() => vfs.chmod(p, target, mode & 0o7777));
        if (!opts.has('-k')) attempt(() => vfs.unlink(p, path));
        if (opts.has('-v')) yield* err(p, `${path}:\t${expand ? ratio(data.length, result.length) : `${(100 - (100 * (result.length - 18 - lastPart(path).length)) / Math.max(1, data.length)).toFixed(1).padStart(5)}%`} -- ${opts.has('-k') ? 'created' : 'replaced with'} ${target}\n`);
      }
      return status;
    },
  });
}

export const gzip = gzipNamed('gzip');
