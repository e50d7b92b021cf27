// Short ways to write option data. Counterpart: struct option tables of getopt_long(3).
import type { OptionSpec } from './command';

/** A table from rows `'-n --number NUM: says'`; `[NUM]` marks an optional argument, a leading `!` what is not modelled. */
export function table(...rows: string[]): Record<string, OptionSpec> {
  const out: Record<string, OptionSpec> = {};
  for (const row of rows) {
    const missing = row.startsWith('!');
    const colon = row.indexOf(': ');
    const head = (colon < 0 ? row : row.slice(0, colon)).slice(missing ? 1 : 0);
    const says = colon < 0 ? '' : row.slice(colon + 2);
    const words = head.split(' ').filter((w) => w !== '');
    const names = words.filter((w) => w.startsWith('-'));
    const arg = words.find((w) => !w.startsWith('-'));
    const kind: OptionSpec['kind'] = arg === undefined ? 'flag' : /^\[.*\]$/.test(arg) ? 'optional' : 'value';
    names.forEach((name, i) => {
      const spec: OptionSpec = { kind, says };
      if (arg !== undefined) spec.arg = arg.replace(/[[\]]/g, '');
      if (i > 0) spec.of = names[0]!;
      if (missing) spec.modelled = false;
      out[name] = spec;
    });
  }
  return out;
}

/** The same, with `-h` for --help. */
export const withHelp = (...rows: string[]): Record<string, OptionSpec> => ({ ...table(...rows), '-h': { kind: 'flag', says: 'display this help and exit', of: '--help' } });
