// In place of explanations while a broken cluster or an exam keeps its causes.
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../parts/icons';
import { useLab } from '../store';

export function NotYet(): JSX.Element {
  const { t } = useTranslation();
  const exam = useLab((s) => s.exam !== null);
  return <section data-pane="why" style={{ padding: '10px 14px' }}><p className="muted row" style={{ fontSize: 12.5, lineHeight: 1.6, gap: 8, alignItems: 'flex-start' }} data-testid="not-yet"><Icon name="search" small />{t(exam ? 'flow.notInExam' : 'flow.findFirst')}</p></section>;
}
