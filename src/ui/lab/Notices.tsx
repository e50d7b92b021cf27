// Strips above the panes: work that is not kept, another tab, a record that could not be read, now or some other day.
import { type JSX, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { hasWords, words } from '../i18n/i18n';
import { Icon } from '../parts/icons';
import { asidesOf, download, dropAside } from '../persist';
import { type Notice, useLab } from '../store';
import { journalText, takeOver } from '../work';

/** Why a record cannot be read, in words; a mistake of our own in its own. */
const reason = (n: Notice): string => (typeof n.args['reason'] === 'string' && hasWords(`catalog.${n.args['reason']}`) ? words(`catalog.${n.args['reason']}`, n.args) : words('save.notRedone', { why: n.args['reason'] ?? '' }));

export function Notices(): JSX.Element {
  const { t } = useTranslation();
  const notices = useLab((s) => s.notices);
  const lessonId = useLab((s) => s.lessonId);
  const seed = useLab((s) => s.seed);
  const [aside, setAside] = useState<{ key: string; text: string }[]>([]);
  const fresh = notices.some((n) => n.raw !== undefined);
  useEffect(() => {
    let gone = false;
    if (!fresh) void asidesOf(lessonId, seed).then((found) => { if (!gone) setAside(found); });
    return () => { gone = true; };
    // biome-ignore lint/correctness/useExhaustiveDependencies: what is put aside while the lesson is open has its own strip
  }, [lessonId, seed]);
  const file = (text: string): void => download(`${lessonId}.lvslab.json`, text);
  return (
    <>
      {notices.map((n) => (
        <div key={n.key} className={`strip ${n.key === 'broken' ? 'bad' : ''}`} role="status" data-notice={n.key}>
          <Icon name="warn" /><span>{words(`save.${n.key}`, { ...n.args, reason: reason(n) })}</span><span className="sp" />
          {n.key === 'secondTab' ? <button type="button" className="btn sm" onClick={() => void takeOver()}>{t('save.takeOver')}</button> : <button type="button" className="btn sm" onClick={() => file(n.raw ?? journalText())}><Icon name="down2" small />{t('save.download')}</button>}
          {(n.key === 'broken' || n.key === 'otherEngine') && <button type="button" className="btn q sm" onClick={() => useLab.setState((s) => ({ notices: s.notices.filter((x) => x !== n) }))}>{t('save.discard')}</button>}
        </div>
      ))}
      {aside.map((a) => (
        <div key={a.key} className="strip" role="status" data-notice="aside">
          <Icon name="file" /><span>{t('save.aside')}</span><span className="sp" />
          <button type="button" className="btn sm" onClick={() => file(a.text)}><Icon name="down2" small />{t('save.download')}</button>
          <button type="button" className="btn q sm" onClick={() => void dropAside(a.key).then(() => setAside((all) => all.filter((x) => x !== a)))}>{t('save.throwAway')}</button>
        </div>
      ))}
    </>
  );
}
