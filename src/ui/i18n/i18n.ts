// Words of the screen in the learner's language. Only the active language is loaded; keys are typed from the English file.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type en from './en.json';

declare module 'i18next' {
  interface CustomTypeOptions { defaultNS: 'ui'; resources: { ui: typeof en } }
}

export type Language = 'zh' | 'en';

/** Words by a key known only when running (a step's kind, a drop reason); the key itself when there are none. */
export function words(key: string, args: Record<string, unknown> = {}): string {
  return (i18next.t as unknown as (k: string, o: Record<string, unknown>) => string)(key, args);
}
/** Whether there are words for a key. */
export const hasWords = (key: string): boolean => i18next.exists(key);

const FILES = {
  zh: (): Promise<{ default: unknown }> => import('./zh.json'),
  en: (): Promise<{ default: unknown }> => import('./en.json'),
};

/** The remembered language, else the browser's. */
export function firstLanguage(): Language {
  let kept: string | null = null;
  try { kept = localStorage.getItem('lvslab.lang'); } catch { /* private mode */ }
  return (kept ?? navigator.language).startsWith('zh') ? 'zh' : 'en';
}

async function load(lang: Language): Promise<void> {
  if (!i18next.hasResourceBundle(lang, 'ui')) i18next.addResourceBundle(lang, 'ui', (await FILES[lang]()).default);
}

/** Starts i18next with one language. */
export async function startI18n(lang: Language): Promise<void> {
  await i18next.use(initReactI18next).init({ lng: lang, ns: ['ui'], defaultNS: 'ui', resources: {}, interpolation: { escapeValue: false }, react: { useSuspense: false }, showSupportNotice: false } as never);
  await setLanguage(lang);
}

/** Switches the language, remembers it and marks the document. */
export async function setLanguage(lang: Language): Promise<void> {
  await load(lang);
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
  document.title = i18next.getFixedT(lang)('app.name'); // a screen that has a name of its own puts it before this
  await i18next.changeLanguage(lang);
  try { localStorage.setItem('lvslab.lang', lang); } catch { /* private mode */ }
}
