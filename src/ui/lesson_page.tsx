// One lesson's page: opens the work (with a line that says how far an old record is done again), then shows the lab.
import { type ComponentType, type JSX, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { freeKey, pageKey } from './keys';
import { ExamEnd } from './lesson/Exam';
import { FullWidth } from './lesson/FullWidth';
import { Tried } from './lesson/Sandbox';
import { loadMessages } from './lessons';
import { keepRecord } from './parts/Crash';
import { BrokenLesson, NoSuchPage } from './parts/Trouble';
import { TopBar } from './parts/TopBar';
import { useLab } from './store';
import { useTitle } from './title';
import { closeWork, journalText, lesson, onBroken, onPageKey, openWork } from './work';

const screen = import('./lab/LabScreen');
let LabScreen: ComponentType | null = null;
void screen.then((m) => { LabScreen = m.LabScreen; });

export default function LessonPage({ id, seed, broken }: { id: string; seed: number; broken(e: unknown): void }): JSX.Element {
  const { t, i18n } = useTranslation();
  const status = useLab((s) => s.status);
  const problems = useLab((s) => s.problems);
  const replayed = useLab((s) => s.replayed);
  const lessonId = useLab((s) => s.lessonId);
  const [messages, setMessages] = useState('');
  useEffect(() => { void loadMessages(i18n.language).then(() => setMessages(i18n.language)); }, [i18n.language]);
  useEffect(() => {
    window.addEventListener('keydown', freeKey);
    onBroken(broken);
    onPageKey(pageKey);
    keepRecord(journalText);
    return () => window.removeEventListener('keydown', freeKey);
  }, [broken]);
  useEffect(() => {
    let gone = false;
    Promise.all([loadMessages(i18n.language), screen]).then(() => (gone ? undefined : openWork(id, seed))).catch((e: unknown) => { if (!gone) broken(e); });
    return () => { gone = true; closeWork(); };
    // biome-ignore lint/correctness/useExhaustiveDependencies: a change of language does not open the work anew
  }, [id, seed, broken]);
  useTitle(status === 'ready' && lessonId === id ? lesson().words[i18n.language === 'zh' ? 'zh' : 'en'].title : '');
  if (status === 'problem') return problems.length > 0 ? <BrokenLesson problems={problems} /> : <NoSuchPage address={location.hash} lesson={id} />;
  const { n, total } = replayed;
  const wait = (
    <><TopBar><span className="sp" /></TopBar>
      <main style={{ padding: 40, maxWidth: 420 }}>
        <p className="dim" role="status">{status === 'replaying' && total > 0 ? t('save.replaying', { n, total }) : t('app.loading')}</p>
        {status === 'replaying' && total > 0 && <div className="bar" style={{ marginTop: 12 }}><i style={{ width: `${(n / total) * 100}%` }} /></div>}
      </main></>
  );
  if (status !== 'ready' || lessonId !== id || messages === '' || LabScreen === null) return wait;
  return <><LabScreen key={messages} /><ExamEnd /><FullWidth /><Tried /></>;
}
