// A message in words: the key's text with its {arguments} filled in.
import type { Message } from './checks/check_kind';
import en from './messages.en.json';
import zh from './messages.zh.json';

const words: Record<'zh' | 'en', Record<string, string>> = { zh, en };

/** The sentence of a message in a language; the key itself when there are no words. */
export function sentence(lang: 'zh' | 'en', m: Message | null): string {
  if (m === null) return '';
  return (words[lang][m.key] ?? m.key).replace(/\{(\w+)\}/g, (_, name: string) => String(m.args[name] ?? ''));
}
