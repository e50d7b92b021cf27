// Files of the selected host: walk, read, edit. Reading runs `ls` and `cat` on a copy of the lab, so the learner's clock does not move.
import { type JSX, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { utf8Decode } from '../../lab/text';
import { Icon } from '../parts/icons';
import { maybeSession, session } from '../session';
import { useLab } from '../store';
import { act, ask } from '../work';
import css from './inspector.module.css';

const PLACES = ['/etc/sysctl.conf', '/etc/rc.local', '/etc/rc.d/rc.local', '/etc/sysconfig/ipvsadm', '/etc/hosts', '/var/www/html/test.html'];
const quote = (s: string): string => `'${s.replace(/'/g, `'\\''`)}'`;

export default function Files({ host }: { host: string }): JSX.Element {
  const { t } = useTranslation();
  const [dir, setDir] = useState('/etc');
  const [entries, setEntries] = useState<string[]>([]);
  const [path, setPath] = useState('');
  const [text, setText] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const readOnly = useLab((s) => s.readOnly || s.shown !== 'mine');
  useEffect(() => {
    if (maybeSession() === null) return;
    setEntries(ask(host, `ls -1Ap ${quote(dir)} 2>/dev/null`).split('\n').filter(Boolean));
  }, [host, dir]);
  const open = (p: string): void => {
    setPath(p);
    const bytes = session().lab.readFile(host, p);
    setSaid(bytes === null ? t('inspect.notFile', { path: p }) : '');
    setText(bytes === null ? null : utf8Decode(bytes));
  };
  const up = dir === '/' ? null : dir.replace(/\/[^/]+\/?$/, '') || '/';
  return (
    <div className={css['files']}>
      <div className={css['flist']}>
        <h3>{t('inspect.places')}</h3>
        {PLACES.map((p) => <button key={p} type="button" aria-current={p === path} onClick={() => open(p)}><Icon name="file" small />{p}</button>)}
        <h3 className="mono">{dir}</h3>
        {up !== null && <button type="button" onClick={() => setDir(up)}><Icon name="folder" small />..</button>}
        {entries.map((e) => <button key={e} type="button" aria-current={`${dir === '/' ? '' : dir}/${e}` === path} onClick={() => (e.endsWith('/') ? setDir(`${dir === '/' ? '' : dir}/${e.slice(0, -1)}`) : open(`${dir === '/' ? '' : dir}/${e.replace(/[@*]$/, '')}`))}><Icon name={e.endsWith('/') ? 'folder' : 'file'} small />{e}</button>)}
      </div>
      <div style={{ display: 'grid', gridTemplateRows: 'auto 1fr', gap: 6, minWidth: 0 }}>
        <div className="row"><span className={path === '' ? 'dim' : 'mono'} style={{ fontSize: 12 }}>{path || t('inspect.pickFile')}</span><span className="sp" /><span className="dim" role="status" style={{ fontSize: 12 }}>{said}</span>
          {text !== null && <button type="button" className="btn sm" disabled={readOnly} onClick={() => { act({ do: 'editFile', host, path, text: text.endsWith('\n') || text === '' ? text : `${text}\n` }); setSaid(t('inspect.fileSaved', { path })); }}>{t('inspect.save')}</button>}</div>
        {text !== null && <textarea className={css['text']} value={text} spellCheck={false} readOnly={readOnly} aria-label={path} onChange={(e) => setText(e.target.value)} />}
      </div>
    </div>
  );
}
