// paste: joins lines of files side by side. Counterpart: coreutils paste.c.
import type { Bytes } from '../lib/text';
import { closeInput, define, errnoText, Fatal, LineSource, openInput, put, quoteIfNeeded } from './io';
import { table } from './options';

export const paste = define({
  name: 'paste',
  summary: 'Write lines consisting of the sequentially corresponding lines from each FILE, separated by TABs, to standard output.',
  path: '/usr/bin/paste',
  package: 'coreutils',
  options: table('-d --delimiters LIST: reuse characters from LIST instead of TABs', '-s --serial: paste one file at a time instead of in parallel', '-z --zero-terminated: line delimiter is NUL, not newline'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const delimiters = [...(opts.value('-d') ?? '\t').matchAll(/\\(.)|([\s\S])/g)].map((m) => (m[1] === undefined ? m[2]! : ({ n: '\n', t: '\t', '\\': '\\', '0': '', b: '\b', f: '\f', r: '\r', v: '\v' } as Record<string, string>)[m[1]] ?? m[1]));
    if (delimiters.length === 0) delimiters.push('');
    const z = opts.has('-z') ? '\0' : '\n';
    const names = args.length > 0 ? args : ['-'];
    const fds = new Map<Bytes, LineReaderState>();
    const files: LineReaderState[] = [];
    for (const name of names) {
      // All '-' share standard input line by line.
      const shared = name === '-' ? fds.get('-') : undefined;
      if (shared !== undefined) {
        files.push(shared);
        continue;
      }
      try {
        const fd = openInput(p, name);
        const f = { src: new LineSource(p, fd, z), queue: [], fd };
        files.push(f);
        if (name === '-') fds.set('-', f);
      } catch (e) {
        throw new Fatal(`paste: ${quoteIfNeeded(name)}: ${errnoText(e)}\n`, 1);
      }
    }
    const next = function* (f: LineReaderState) {
      while (f.queue.length === 0) {
        const batch: Bytes[] | null = yield* f.src.batch();
        if (batch === null) return null;
        f.queue = batch;
      }
      const raw = f.queue.shift()!;
      return raw.endsWith(z) ? raw.slice(0, -1) : raw;
    };
    if (opts.has('-s')) {
      for (const f of files) {
        let o = '';
        let n = 0;
        for (let line = yield* next(f); line !== null; line = yield* next(f)) {
          o += (n > 0 ? delimiters[(n - 1) % delimiters.length] : '') + line;
          n++;
        }
        yield* put(p, o + z);
      }
    } else {
      for (;;) {
        const row: (Bytes | null)[] = [];
        for (const f of files) row.push(yield* next(f));
        if (row.every((c) => c === null)) break;
        yield* put(p, row.map((c, i) => (c ?? '') + (i < row.length - 1 ? delimiters[i % delimiters.length] : '')).join('') + z);
      }
    }
    for (const f of files) closeInput(p, f.fd);
    return 0;
  },
});

interface LineReaderState {
  src: LineSource;
  queue: Bytes[];
  fd: number;
}
