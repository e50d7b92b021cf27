// Takes a downloaded record back: reads the file, keeps it as this browser's work on its lesson, and opens the lesson.
import { type JSX, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { words } from '../i18n/i18n';
import { Icon } from '../parts/icons';
import { download, loadWork, saveWork } from '../persist';
import { readRecord, workText } from '../record';
import { lessonHash, SANDBOX } from '../route';
import css from './catalogue.module.css';

export function OpenRecord({ lessons }: { lessons: readonly string[] }): JSX.Element {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [trouble, setTrouble] = useState('');
  const take = async (file: File): Promise<void> => {
    const read = readRecord(await file.text(), Date.now());
    if (!('work' in read)) { setTrouble(t('catalog.recordBroken', { name: file.name, reason: words(`catalog.${read.key}`, read.args) })); return; }
    const { lesson, seed, work } = read;
    if (lesson !== SANDBOX && !lessons.includes(lesson)) { setTrouble(t('catalog.recordOther', { name: file.name, lesson })); return; }
    const had = await loadWork(lesson, seed);
    if (had !== null && had.journal !== work.journal) {
      if (!window.confirm(t('catalog.recordReplace'))) return;
      download(`${lesson}.before.lvslab.json`, workText(seed, had));
    }
    if (await saveWork(lesson, seed, work)) location.hash = lessonHash(lesson, seed);
    else setTrouble(t('save.refused'));
  };
  return (
    <div className={css['strip']} data-testid="open-record">
      <span className={css['sic']}><Icon name="file" /></span>
      <span><b>{t('catalog.record')}</b><span role="status" className={trouble === '' ? '' : 'fail'}>{trouble || t('catalog.recordLead')}</span></span>
      <input ref={input} type="file" accept=".json,application/json" hidden onChange={(e) => { const file = e.target.files?.[0]; e.target.value = ''; if (file) void take(file).catch((x: unknown) => setTrouble(String(x))); }} />
      <button type="button" className="btn sm" onClick={() => { setTrouble(''); input.current?.click(); }}>{t('catalog.choose')}</button>
    </div>
  );
}
