// The window's title: what is on the screen, then the product. Whoever hears pages knows by it that another one has come.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

export function useTitle(text: string): void {
  const { t, i18n } = useTranslation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of language has set the bare name
  useEffect(() => { document.title = text === '' ? t('app.name') : `${text} · ${t('app.name')}`; }, [text, t, i18n.language]);
}
