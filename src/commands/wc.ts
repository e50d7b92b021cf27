// wc: counts lines, words, bytes. Counterpart: coreutils wc.c.
import { SysError } from '../lib/errno';
import { fileOf } from '../host/syscall';
import { ByteSource, closeInput, define, errnoText, openInput, put, quoteIfNeeded, say, tryCall } from './io';
import { table } from './options';

export const wc = define({
  name: 'wc',
  summary: 'Print newline, word, and byte counts for each FILE, and a total line if more than one FILE is specified.',
  path: '/usr/bin/wc',
  package: 'coreutils',
  options: table(
    '-c --bytes: print the byte counts', '-m --chars: print the character counts', '-l --lines: print the newline counts', '!--files0-from F: read input from the files named in F',
    '-L --max-line-length: print the maximum display width', '-w --words: print the word counts',
  ),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const any = ['-c', '-m', '-l', '-w', '-L'].some((k) => opts.has(k));
    const show = { l: !any || opts.has('-l'), w: !any || opts.has('-w'), m: opts.has('-m'), c: !any || opts.has('-c'), L: opts.has('-L') };
    const shownCount = Number(show.l) + Number(show.w) + Number(show.m) + Number(show.c) + Number(show.L);
    const files = args.length > 0 ? args : ['-'];
    // The width of all columns comes from the sizes of regular files, before anything is read.
    let width = 1;
    if (!(files.length === 1 && shownCount === 1)) {
      let total = 0;
      let minimum = 1;
      for (const name of files) {
        const st = name === '-' ? tryCall(() => p.host.vfs.fstat(p, fileOf(p, 0))) : tryCall(() => p.host.vfs.stat(p, name));
        if (st.errno !== null) continue;
        if (st.ok.type === 'file') total += st.ok.size;
        else minimum = 7;
      }
      width = Math.max(minimum, String(total).length);
    }
    let status = 0;
    const totals = { l: 0, w: 0, m: 0, c: 0, L: 0 };
    const row = (n: typeof totals, name: string | null): string => {
      const cells: string[] = [];
      for (const k of ['l', 'w', 'm', 'c', 'L'] as const) if (show[k]) cells.push(String(n[k]).padStart(width));
      return `${cells.join(' ')}${name === null ? '' : ` ${name}`}\n`;
    };
    for (const name of files) {
      const n = { l: 0, w: 0, m: 0, c: 0, L: 0 };
      let fd = -1;
      let failed = false;
      try {
        fd = openInput(p, name);
        const src = new ByteSource(p, fd);
        let inWord = false;
        let column = 0;
        for (;;) {
          const piece = yield* src.next();
          if (piece === '') break;
          n.c += piece.length;
          n.m += piece.length;
          for (let i = 0; i < piece.length; i++) {
            const c = piece.charCodeAt(i);
            if (c === 10) n.l++;
            if (c === 10 || c === 13 || c === 12) {
              if (column > n.L) n.L = column;
              column = 0;
              inWord = false;
            } else if (c === 9) {
              column += 8 - (column % 8);
              inWord = false;
            } else if (c === 32) {
              column++;
              inWord = false;
            } else if (c === 11) inWord = false;
            else if (c > 32 && c < 127) {
              column++;
              if (!inWord) {
                n.w++;
                inWord = true;
              }
            }
          }
        }
        if (column > n.L) n.L = column;
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        yield* say(p, 'wc', name === '' ? 'invalid zero-length file name' : `${quoteIfNeeded(name)}: ${errnoText(e)}`);
        status = 1;
        failed = fd < 0;
      }
      if (fd >= 0) closeInput(p, fd);
      if (failed) continue;
      for (const k of ['l', 'w', 'm', 'c'] as const) totals[k] += n[k];
      totals.L = Math.max(totals.L, n.L);
      yield* put(p, row(n, args.length > 0 ? name : null));
    }
    if (files.length > 1) yield* put(p, row(totals, 'total'));
    return status;
  },
});
