// truncate: sets the size of files. Counterpart: coreutils truncate.c.
import { strerror } from '../lib/errno';
import { closeFd, open } from '../host/syscall';
import { attempt, define, Fatal, quote, say, tryCall, usageError } from './io';
import { table } from './options';
import { parseSize } from './size_arg';

export const truncate = define({
  name: 'truncate',
  summary: 'Shrink or extend the size of each FILE to the specified size.',
  path: '/usr/bin/truncate',
  package: 'coreutils',
  options: table('-c --no-create: do not create any files', '!-o --io-blocks: treat SIZE as number of IO blocks', '-r --reference RFILE: base size on RFILE', '-s --size SIZE: set or adjust the file size by SIZE bytes'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const s = opts.value('-s');
    const r = opts.value('-r');
    if (s === null && r === null) throw usageError('truncate', `you must specify either '--size' or '--reference'`);
    if (args.length === 0) throw usageError('truncate', 'missing file operand');
    const m = s === null ? null : /^\s*([-+<>/%]?)(.*)$/.exec(s)!;
    const n = m === null ? 0 : parseSize(m[2]!);
    if (n === null) throw new Fatal(`truncate: Invalid number: ${quote(s!)}\n`, 1);
    let base: number | null = null;
    if (r !== null) {
      const st = tryCall(() => p.host.vfs.stat(p, r));
      if (st.errno !== null) throw new Fatal(`truncate: cannot stat ${quote(r)}: ${strerror(st.errno)}\n`, 1);
      base = st.ok.size;
    }
    let status = 0;
    for (const name of args) {
      if (opts.has('-c') && tryCall(() => p.host.vfs.stat(p, name)).errno === 'ENOENT') continue;
      const e = attempt(() => closeFd(p, open(p, name, { write: true, create: !opts.has('-c') })));
      if (e !== null) {
        status = 1;
        yield* say(p, 'truncate', `cannot open ${quote(name)} for writing: ${strerror(e)}`);
        continue;
      }
      const old = base ?? p.host.vfs.stat(p, name).size;
      const size = m === null ? old : m[1] === '+' ? old + n : m[1] === '-' ? Math.max(0, old - n) : m[1] === '<' ? Math.min(old, n) : m[1] === '>' ? Math.max(old, n) : m[1] === '/' ? Math.floor(old / n) * n : m[1] === '%' ? Math.ceil(old / n) * n : n;
      const f = attempt(() => p.host.vfs.truncate(p, name, size));
      if (f !== null) {
        status = 1;
        yield* say(p, 'truncate', `failed to truncate ${quote(name)} at ${size} bytes: ${strerror(f)}`);
      }
    }
    return status;
  },
});
