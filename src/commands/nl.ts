// nl: numbers lines. Counterpart: coreutils nl.c.
import type { Bytes } from '../lib/text';
import { define, Fatal, quote } from './io';
import { filterLines } from './line_filter';
import { table } from './options';
import { compilePosix, type PosixRegex, RegexError } from './posix_regex';

export const nl = define({
  name: 'nl',
  summary: 'Write each FILE to standard output, with line numbers added.',
  path: '/usr/bin/nl',
  package: 'coreutils',
  options: table(
    '-b --body-numbering STYLE: use STYLE for numbering body lines', '-d --section-delimiter CC: use CC for logical page delimiters', '-f --footer-numbering STYLE: use STYLE for numbering footer lines', '-h --header-numbering STYLE: use STYLE for numbering header lines',
    '-i --line-increment NUMBER: line number increment at each line', '-l --join-blank-lines NUMBER: group of NUMBER empty lines counted as one', '-n --number-format FORMAT: insert line numbers according to FORMAT', '-p --no-renumber: do not reset line numbers for each section',
    '-s --number-separator STRING: add STRING after (possible) line number', '-v --starting-line-number NUMBER: first line number for each section', '-w --number-width NUMBER: use NUMBER columns for line numbers',
  ),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const number = (key: string, fallback: number, what: string): number => {
      const v = opts.value(key);
      if (v === null) return fallback;
      if (!/^-?\d+$/.test(v)) throw new Fatal(`nl: invalid ${what}: ${quote(v)}\n`, 1);
      if (key !== '-v' && key !== '-i' && Number(v) < 1) throw new Fatal(`nl: invalid ${what}: ${quote(v)}: Numerical result out of range\n`, 1);
      return Number(v);
    };
    const start = number('-v', 1, 'starting line number');
    const step = number('-i', 1, 'line number increment');
    const width = number('-w', 6, 'line number field width');
    const join = number('-l', 1, 'line number of blank lines');
    const separator = opts.value('-s') ?? '\t';
    const format = opts.value('-n') ?? 'rn';
    if (!['ln', 'rn', 'rz'].includes(format)) throw new Fatal(`nl: invalid line numbering format: ${quote(format)}\nTry 'nl --help' for more information.\n`, 1);
    const styleOf = (key: string, fallback: string): { style: string; re: PosixRegex | null } => {
      const v = opts.value(key) ?? fallback;
      if (!/^[atnp]/.test(v) || (v.length > 1 && v[0] !== 'p')) throw new Fatal(`nl: invalid ${key === '-b' ? 'body' : key === '-h' ? 'header' : 'footer'} numbering style: ${quote(v)}\nTry 'nl --help' for more information.\n`, 1);
      try {
        return { style: v[0]!, re: v[0] === 'p' ? compilePosix(v.slice(1)) : null };
      } catch (e) {
        if (e instanceof RegexError) throw new Fatal(`nl: ${e.message}\n`, 1);
        throw e;
      }
    };
    const styles = { h: styleOf('-h', 'n'), b: styleOf('-b', 't'), f: styleOf('-f', 'n') };
    const d = opts.value('-d') ?? '\\:';
    const cc = d.length === 1 ? `${d}:` : d;
    let section: 'h' | 'b' | 'f' = 'b';
    let n = start;
    let blanks = 0;
    const show = (text: Bytes): Bytes => {
      const digits = String(Math.abs(n));
      const sign = n < 0 ? '-' : '';
      const cell = format === 'ln' ? (sign + digits).padEnd(width) : format === 'rz' ? sign + digits.padStart(width - sign.length, '0') : (sign + digits).padStart(width);
      n += step;
      return `${cell}${separator}${text}\n`;
    };
    return yield* filterLines(p, args, {
      name: 'nl',
      line: (text) => {
        const part = text === cc.repeat(3) ? 'h' : text === cc.repeat(2) ? 'b' : text === cc ? 'f' : null;
        if (part !== null && cc !== '') {
          section = part;
          if (!opts.has('-p')) n = start;
          return '\n';
        }
        const { style, re } = styles[section];
        const plain = `${' '.repeat(width + separator.length)}${text}\n`;
        if (style === 'n') return plain;
        if (style === 'p') return re!.test(text) ? show(text) : plain;
        if (text === '') {
          if (style === 't') return plain;
          blanks++;
          if (blanks < join) return plain;
          blanks = 0;
          return show(text);
        }
        blanks = 0;
        return show(text);
      },
    });
  },
});
