// Draws the first page of every lesson in both languages, for the build of the app (vite.config.ts runs this).
import i18next from 'i18next';
import { renderToStaticMarkup } from 'react-dom/server';
import { initReactI18next } from 'react-i18next';
import type { FirstScreen } from '../../lesson/first_screen';
import en from '../i18n/en.json';
import zh from '../i18n/zh.json';
import { FirstPage } from './FirstPage';

/** HTML by `LESSON.LANGUAGE`. */
export async function firstPages(screens: Record<string, FirstScreen>): Promise<Record<string, string>> {
  const out: Record<string, string> = {};
  await i18next.use(initReactI18next).init({ lng: 'zh', ns: ['ui'], defaultNS: 'ui', resources: { zh: { ui: zh }, en: { ui: en } }, interpolation: { escapeValue: false }, react: { useSuspense: false }, showSupportNotice: false } as never);
  for (const lang of ['zh', 'en']) {
    await i18next.changeLanguage(lang);
    for (const [id, first] of Object.entries(screens)) out[`${id}.${lang}`] = renderToStaticMarkup(<FirstPage first={first} />);
  }
  return out;
}
