// zgrep: grep in compressed files. Counterpart: gzip 1.12's zgrep script, which pipes each file through gzip -cdfq to grep.
import { err, makePipe, readFile, spawn, waitpid, write } from '../host/syscall';
import { SysError } from '../lib/errno';
import { command } from './command';
import { gunzipBytes, GzipError, isGzip } from './gzip_format';

export const zgrep = command({
  name: 'zgrep',
  summary: 'search possibly compressed files for a regular expression',
  path: '/usr/bin/zgrep',
  package: 'gzip',
  options: {},
  getopt: null,
  *run(p, _opts, args) {
    const options: string[] = [];
    let pattern: string | null = null;
    const files: string[] = [];
    for (let i = 0; i < args.length; i++) {
      const a = args[i]!;
      if (a.startsWith('-') && a !== '-' && files.length === 0 && pattern === null) {
        options.push(a);
        if (/^-[efABCm]$/.test(a)) {
          options.push(args[++i] ?? '');
          if (a === '-e' || a === '-f') pattern = '';
        }
      } else if (pattern === null) pattern = a;
      else files.push(a);
    }
    if (pattern === null) {
      yield* err(p, "/usr/bin/zgrep: 188: 1: missing pattern; try `/usr/bin/zgrep --help' for help\n");
      return 2;
    }
    let result = 1;
    for (const f of files.length > 0 ? files : ['-']) {
      let data = '';
      try {
        data = f === '-' ? '' : readFile(p, f);
        if (isGzip(data)) data = gunzipBytes(data).data;
      } catch (e) {
        if (!(e instanceof SysError) && !(e instanceof GzipError)) throw e;
        yield* err(p, `gzip: ${f}: ${e.message}\n`);
        result = 2;
        continue;
      }
      const [r, w] = makePipe(p);
      const fds = new Map(p.fds);
      if (f !== '-') fds.set(0, r);
      const label = files.length > 1 ? ['-H', `--label=${f}`] : [];
      const child = spawn(p, { path: '/usr/bin/grep', argv: ['grep', ...options, ...label, ...(pattern === '' ? [] : ['--', pattern])], fds });
      p.fds.set(63, w);
      w.refs++;
      try {
        if (f !== '-') yield* write(p, 63, data);
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
      }
      p.fds.delete(63);
      w.refs--;
      if (w.kind === 'pipe') {
        w.pipe.writers--;
        p.host.wake(w.pipe.readQueue);
      }
      const s = (yield* waitpid(p, [child.pid]))!.status;
      if (s === 0 && result === 1) result = 0;
      if (s > 1) result = s;
    }
    return result;
  },
});
