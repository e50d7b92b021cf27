// column: arranges lists in columns. Counterpart: util-linux column.c.
import type { Bytes } from '../lib/text';
import { SysError } from '../lib/errno';
import { textWidth, utf8Decode } from '../lib/text';
import { ByteSource, closeInput, columns, define, errnoText, openInput, put, say } from './io';
import { table } from './options';

export const column = define({
  name: 'column',
  summary: 'Columnate lists.',
  path: '/usr/bin/column',
  package: 'bsdextrautils',
  suite: 'from util-linux 2.38.1',
  options: table('-t --table: create a table', '!-n --table-name NAME: table name for JSON output', '!-O --table-order COLUMNS: specify order of output columns', '-N --table-columns NAMES: comma separated columns names', '!-l --table-columns-limit NUM: maximal number of input columns', '!-E --table-noextreme COLUMNS: don\'t count long text', '-d --table-noheadings: don\'t print header', '!-e --table-header-repeat: repeat header for each page', '!-H --table-hide COLUMNS: don\'t print the columns', '-R --table-right COLUMNS: right align text in these columns', '!-T --table-truncate COLUMNS: truncate text in the columns when necessary', '!-W --table-wrap COLUMNS: wrap text in the columns when necessary', '-L --keep-empty-lines: don\'t ignore empty lines', '!-J --json: use JSON output format for table', '!-r --tree COLUMN: column to use tree-like output', '-c --output-width WIDTH: width of output in number of characters', '-o --output-separator STRING: columns separator for table output', '-s --separator STRING: possible table delimiters', '-x --fillrows: fill rows before columns'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    let text = '';
    let status = 0;
    for (const name of args.length > 0 ? args : ['-']) {
      try {
        const fd = openInput(p, name);
        text += yield* new ByteSource(p, fd).all();
        closeInput(p, fd);
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        status = 1;
        yield* say(p, 'column', `${name}: ${errnoText(e)}`);
      }
    }
    let lines = text.split('\n');
    if (lines[lines.length - 1] === '') lines.pop();
    if (!opts.has('-L')) lines = lines.filter((l) => /[^ \t\r\f\v]/.test(l));
    const width = (s: Bytes): number => textWidth(utf8Decode(s));
    const pad = (s: Bytes, w: number): Bytes => s + ' '.repeat(Math.max(0, w - width(s)));
    if (opts.has('-t')) {
      const s = opts.value('-s');
      const gap = opts.value('-o') ?? '  ';
      const rows = lines.map((l) => (s === null ? (l.match(/[^ \t]+/g) ?? []) : l.split(new RegExp(`[${s.replace(/[\]\\^-]/g, '\\$&')}]`))));
      const names = opts.value('-N');
      if (names !== null && !opts.has('-d')) rows.unshift(names.split(','));
      const right = new Set((opts.value('-R') ?? '').split(',').filter((x) => x !== '').map((x) => (/^\d+$/.test(x) ? Number(x) - 1 : (names ?? '').split(',').indexOf(x))));
      const n = Math.max(0, ...rows.map((r) => r.length));
      const widths = Array.from({ length: n }, (_x, i) => Math.max(0, ...rows.map((r) => width(r[i] ?? ''))));
      let o = '';
      for (const r of rows) {
        let row = '';
        // All cells but the last column's are padded, missing ones too.
        for (let i = 0; i < n; i++) row += (right.has(i) ? ' '.repeat(widths[i]! - width(r[i] ?? '')) + (r[i] ?? '') : i < n - 1 ? pad(r[i] ?? '', widths[i]!) : (r[i] ?? '')) + (i < n - 1 ? gap : '');
        o += `${row}\n`;
      }
      yield* put(p, o);
      return status;
    }
    const total = opts.value('-c') === null ? columns(p) : Number(opts.value('-c'));
    const cells = lines.flatMap((l) => [l.trimEnd() === '' ? l : l]);
    const longest = Math.max(0, ...cells.map(width));
    const cell = (Math.floor(longest / 8) + 1) * 8;
    if (cells.length === 0) return status;
    if (longest >= total) {
      yield* put(p, cells.map((c) => `${c}\n`).join(''));
      return status;
    }
    const perRow = Math.max(1, Math.floor(total / cell));
    const rows = Math.ceil(cells.length / perRow);
    let o = '';
    for (let r = 0; r < rows; r++) {
      let at = 0;
      for (let c = 0; ; c++) {
        const i = opts.has('-x') ? r * perRow + c : c * rows + r;
        if (i >= cells.length || c >= (opts.has('-x') ? perRow : Math.ceil(cells.length / rows))) break;
        const target = c * cell;
        while (at < target) {
          o += '\t';
          at += 8 - (at % 8);
        }
        o += cells[i]!;
        at += width(cells[i]!);
      }
      o += '\n';
    }
    yield* put(p, o);
    return status;
  },
});
