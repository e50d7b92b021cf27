// The sandbox beside its terminals: the commands of the course, each put on a command line by a click.
import { type JSX, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { REFERENCE } from '../../lesson/reference';
import { insertText } from '../actions';
import { Icon } from '../parts/icons';
import { toTry } from '../route';
import { maybeSession } from '../session';
import { toBytes } from '../terminal/xterm';
import { lesson } from '../work';
import { Blocks, Command } from './Blocks';
import css from './lesson.module.css';

/** Types what the address asks for, once, without entering it. */
export function Tried(): null {
  useEffect(() => {
    const put = (): void => {
      const asked = toTry(location.hash);
      const s = maybeSession();
      if (asked === null || s === null || !s.lab.hostNames().includes(asked.host)) return;
      history.replaceState(null, '', '#/sandbox');
      insertText(asked.host, toBytes(asked.line));
    };
    put();
    window.addEventListener('hashchange', put);
    return () => window.removeEventListener('hashchange', put);
  }, []);
  return null;
}

export function Sandbox(): JSX.Element {
  const { t, i18n } = useTranslation();
  const lang = i18n.language === 'zh' ? 'zh' : 'en';
  const words = lesson().words[lang];
  return (
    <div className="lesson">
      <h1>{words.title}</h1>
      <Blocks blocks={words.intro} mode={null} />
      <p style={{ marginTop: 6 }}>{t('catalog.sandboxUse')}</p>
      {REFERENCE.map((g, i) => (
        <details key={g.id} className={css['group']} open={i < 2}><summary><h2>{g.title[lang]}</h2><Icon name="down" small /></summary>
          {g.entries.map((e) => <div key={e.option} className={css['entry']}><code>{e.option}</code><p>{e.means[lang]}</p><Command host={e.host} line={e.example} /></div>)}
        </details>
      ))}
    </div>
  );
}
