// The text of --help made from a command's option data, in English or Chinese. Not modelled: the wording of the real texts.
import type { Process } from '../host/process';
import { utf8Encode } from '../lib/text';
import type { OptionSpec } from './command';
import chinese from './help.zh.json';

interface Described {
  name: string;
  summary: string;
  options: Readonly<Record<string, OptionSpec>>;
}

export const HELP = 'display this help and exit';
export const VERSION = 'output version information and exit';
const FILES = '[OPTION]... [FILE]...';

/** What a process speaks, as setlocale(3) finds it for messages. */
export const languageOf = (p: Process): 'zh' | 'en' => (/^zh/.test(p.env.get('LC_ALL') || p.env.get('LC_MESSAGES') || p.env.get('LANG') || '') ? 'zh' : 'en');

/** A description in Chinese; the English where there is none (a test wants all). */
export const inChinese = (says: string): string => (chinese as Readonly<Record<string, string>>)[says] ?? says;

/** A help text in GNU's layout, as bytes; options that are not modelled say so. `synopsis`: what the first line says after the name. */
export function helpText(given: Described, synopsis = FILES, language: 'zh' | 'en' = 'en'): string {
  const zh = language === 'zh';
  const text = zh ? inChinese : (x: string): string => x;
  const lines = [`${zh ? '用法：' : 'Usage: '}${given.name} ${synopsis}`, text(given.summary), ''];
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
    const says = spec.modelled === false ? `${text(spec.says)}${zh ? '（未模拟）' : ' (not modelled)'}` : text(spec.says);
    lines.push(left.length < 29 ? `${left.padEnd(29)}${says}` : `${left}\n${' '.repeat(29)}${says}`);
  }
  if (given.options['--help'] === undefined) lines.push(`      --help                 ${text(HELP)}`);
  if (synopsis === FILES && given.options['--version'] === undefined) lines.push(`      --version              ${text(VERSION)}`);
  return utf8Encode(`${lines.join('\n')}\n`);
}
