// "Which command broke it": looks back through the journal for the command after which a check failed, and shows it.
import { type JSX, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '../../lesson/bisect';
import { rewindTo, setPreset } from '../actions';
import { hasWords, words } from '../i18n/i18n';
import { Icon } from '../parts/icons';
import { broke, breaking } from '../work';
import css from './time.module.css';

const SLICE_MS = 8;

export function WhoBroke({ check }: { check: string }): JSX.Element {
  const { t } = useTranslation();
  const [tried, setTried] = useState(0);
  const [found, setFound] = useState<Finding | null>(null);
  const [busy, setBusy] = useState(false);
  const gone = useRef(false);
  useEffect(() => { gone.current = false; return () => { gone.current = true; }; }, []);
  const look = async (): Promise<void> => {
    const search = breaking(check);
    if (search === null) return;
    setBusy(true);
    setFound(null);
    for (let end = performance.now() + SLICE_MS; !gone.current; ) {
      const r = search.next();
      if (r.done) {
        setFound(r.value);
        setBusy(false);
        return;
      }
      setTried(r.value);
      if (performance.now() < end) continue;
      await new Promise((next) => setTimeout(next, 0));
      end = performance.now() + SLICE_MS;
    }
  };
  const what = (text: string): string => (hasWords(`time.do.${text}`) ? words(`time.do.${text}`) : text);
  return (
    <>
      <button type="button" className="btn sm" disabled={busy} onClick={() => void look().catch(broke)}><Icon name="search" small />{busy ? t('time.looking', { n: tried }) : t('time.whoBroke')}</button>
      {found !== null && (
        <div className={css['found']} role="status">
          {found.kind === 'broke' ? (
            <>
              <p>{t('time.broke', { host: found.culprit.host, n: found.culprit.number })}</p>
              <code>{what(found.culprit.text)}</code>
              <button type="button" className="btn sm" onClick={() => rewindTo(found.culprit.before)}><Icon name="clock" small />{t('time.lookBefore')}</button>
            </>
          ) : <p>{t(found.kind === 'never' ? 'time.neverPassed' : 'time.passesNow')}</p>}
        </div>
      )}
    </>
  );
}

/** Opens the layout that shows a run hop by hop. */
export function ShowWhy({ show }: { show(): void }): JSX.Element {
  const { t } = useTranslation();
  return <button type="button" className="btn sm" onClick={() => { show(); setPreset('trace'); }}><Icon name="pulse" small />{t('time.why')}</button>;
}
