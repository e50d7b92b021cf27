// Messages in words: looks a key up in a language's table and puts the arguments in. Used by the CLI; the page has its own i18n over the same tables.
import type { Message } from './check';
import type { Language } from './load';
import en from './messages.en.json';
import zh from './messages.zh.json';

const TABLES: Readonly<Record<Language, Readonly<Record<string, string>>>> = { zh, en };

/** The sentence of a message. A drop reason without a sentence of its own gets the general one. */
export function render(m: Message, lang: Language): string {
  const table = TABLES[lang];
  const text = table[m.key] ?? (m.key.startsWith('why.drop.') ? table['why.drop.OTHER'] : undefined) ?? m.key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => m.args[name] ?? whole);
}
