// Over the terminals while an instant before now is shown: which one, and that dimmed output came later.
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../parts/icons';
import { instant, useView } from '../session';
import { useLab } from '../store';

export function LaterPill(): JSX.Element | null {
  const { t } = useTranslation();
  const past = useLab((s) => instant(s) !== '');
  const now = useView((lab) => lab.now(), [past]);
  return past ? <span className="pill stale" style={{ marginLeft: 8, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis' }}><Icon name="clock" small />{t('time.later', { seconds: (now / 1e6).toFixed(6) })}</span> : null;
}
