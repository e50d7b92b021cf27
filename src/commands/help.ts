// The text of --help made from a command's option data. Not modelled: the wording of the real texts.
import type { OptionSpec } from './command';

interface Described {
  name: string;
  summary: string;
  options: Readonly<Record<string, OptionSpec>>;
}

const FILES = '[OPTION]... [FILE]...';

/** A help text in GNU's layout; options that are not modelled say so. `synopsis`: what the first line says after the name. */
export function helpText(given: Described, synopsis = FILES): string {
  const lines = [`Usage: ${given.name} ${synopsis}`, given.summary, ''];
  const rows = new Map<string, { names: string[]; spec: OptionSpec }>();
  for (const [key, spec] of Object.entries(given.options)) {
    const canonical = spec.of ?? key;
    const row = rows.get(canonical) ?? { names: [], spec };
    row.names.push(key);
    if (spec.of === undefined) row.spec = spec;
    rows.set(canonical, row);
  }
  for (const { names, spec } of rows.values()) {
    const shorts = names.filter((n) => !n.startsWith('--'));
    const longs = names.filter((n) => n.startsWith('--'));
    const arg = spec.arg ?? 'ARG';
    const tail = spec.kind === 'flag' ? '' : longs.length > 0 ? (spec.kind === 'optional' ? `[=${arg}]` : `=${arg}`) : ` ${arg}`;
    const left = `${shorts.length > 0 ? `  ${shorts.join(', ')}` : '    '}${shorts.length > 0 && longs.length > 0 ? ', ' : shorts.length > 0 ? '' : '  '}${longs.join(', ')}${tail}`;
    const says = spec.modelled === false ? `${spec.says} (not modelled)` : spec.says;
    lines.push(left.length < 29 ? `${left.padEnd(29)}${says}` : `${left}\n${' '.repeat(29)}${says}`);
  }
  if (given.options['--help'] === undefined) lines.push('      --help                 display this help and exit');
  if (synopsis === FILES && given.options['--version'] === undefined) lines.push('      --version              output version information and exit');
  return `${lines.join('\n')}\n`;
}
