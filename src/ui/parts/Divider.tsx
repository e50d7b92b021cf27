// A hairline between panes that drags: 8 px to grab, arrow keys, double click resets (by react-resizable-panels).
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Separator } from 'react-resizable-panels';
import css from './parts.module.css';

export function Divider({ vertical = false }: { vertical?: boolean }): JSX.Element {
  const { t } = useTranslation();
  return <Separator aria-label={t('layout.divider')} className={vertical ? css['dv']! : css['dh']!} />;
}
