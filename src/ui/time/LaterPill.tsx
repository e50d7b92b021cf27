// Over the terminals while an instant before now is shown: which one, and that dimmed output came later.
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../parts/icons';
import { instant, useView } from '../session';
import { useLab } from '../store';

export function LaterPill(): JSX.Element | null {
  const { t } = useTranslation();
  const past = useLab((s) => instant(s) !== '');
  const mine = useLab((s) => s.shown === 'mine');
  const now = useView((lab) => lab.now(), [past]);
  const said = t(mine ? 'time.later' : 'time.run', { seconds: (now / 1e6).toFixed(6) });
  return past ? <span className="pill stale" style={{ margin: '0 4px', flex: 'none' }} title={said}><Icon name={mine ? 'clock' : 'replay'} small />{mine ? `${(now / 1e6).toFixed(6)} s` : t('dock.checker')}<span className="vh">{said}</span></span> : null;
}
