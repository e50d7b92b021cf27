// fold: wraps lines. Counterpart: coreutils fold.c.
import { define, Fatal, quote } from './io';
import { filterLines } from './line_filter';
import { table } from './options';

export const fold = define({
  name: 'fold',
  summary: 'Wrap input lines in each FILE, writing to standard output.',
  path: '/usr/bin/fold',
  package: 'coreutils',
  options: table('-b --bytes: count bytes rather than columns', '-s --spaces: break at spaces', '-w --width WIDTH: use WIDTH columns instead of 80'),
  getopt: { badExit: 1, prepare: (argv) => argv.map((a) => a.replace(/^-([bs]*)(\d+)$/, '-$1w$2')) },
  *run(p, opts, args) {
    const text = opts.value('-w') ?? '80';
    if (!/^\d+$/.test(text) || Number(text) === 0) throw new Fatal(`fold: invalid number of columns: ${quote(text)}\n`, 1);
    const width = Number(text);
    const advance = (column: number, c: string): number => (opts.has('-b') ? column + 1 : c === '\b' ? Math.max(0, column - 1) : c === '\r' ? 0 : c === '\t' ? column + 8 - (column % 8) : column + 1);
    return yield* filterLines(p, args, {
      name: 'fold',
      line: (line, ended) => {
        let o = '';
        let piece = '';
        let column = 0;
        for (const c of line) {
          let next = advance(column, c);
          if (next > width) {
            const space = opts.has('-s') ? Math.max(piece.lastIndexOf(' '), piece.lastIndexOf('\t')) : -1;
            if (space >= 0) {
              o += `${piece.slice(0, space + 1)}\n`;
              piece = piece.slice(space + 1);
              column = 0;
              for (const x of piece) column = advance(column, x);
              next = advance(column, c);
            } else if (piece !== '') {
              o += `${piece}\n`;
              piece = '';
              next = advance(0, c);
            }
          }
          piece += c;
          column = next;
        }
        return o + piece + (ended ? '\n' : '');
      },
    });
  },
});
