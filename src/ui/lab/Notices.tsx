// Strips above the panes: work that is not kept, another tab, a record that could not be read.
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { words } from '../i18n/i18n';
import { Icon } from '../parts/icons';
import { download } from '../persist';
import { useLab } from '../store';
import { journalText, takeOver } from '../work';

export function Notices(): JSX.Element {
  const { t } = useTranslation();
  const notices = useLab((s) => s.notices);
  const lessonId = useLab((s) => s.lessonId);
  return (
    <>
      {notices.map((n) => (
        <div key={n.key} className={`strip ${n.key === 'broken' ? 'bad' : ''}`} role="status" data-notice={n.key}>
          <Icon name="warn" /><span>{words(`save.${n.key}`, n.args)}</span><span className="sp" />
          {n.key === 'secondTab' ? <button type="button" className="btn sm" onClick={() => void takeOver()}>{t('save.takeOver')}</button> : <button type="button" className="btn sm" onClick={() => download(`${lessonId}.lvslab.json`, n.raw ?? journalText())}><Icon name="down2" small />{t('save.download')}</button>}
          {(n.key === 'broken' || n.key === 'otherEngine') && <button type="button" className="btn q sm" onClick={() => useLab.setState((s) => ({ notices: s.notices.filter((x) => x !== n) }))}>{t('save.discard')}</button>}
        </div>
      ))}
    </>
  );
}
