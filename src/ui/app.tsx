// Which screen the address names.
import { type JSX, lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Catalogue } from './catalogue/Catalogue';
import { freeKey, pageKey } from './keys';
import { loadMessages } from './lessons';
import { CrashPage } from './parts/Crash';
import { Palette } from './parts/Palette';
import { TopBar } from './parts/TopBar';
import { parseRoute } from './route';
import { useLab } from './store';
import { closeWork, onBroken, onPageKey, openWork } from './work';

const LabScreen = lazy(() => import('./lab/LabScreen').then((m) => ({ default: m.LabScreen })));

export function App(): JSX.Element {
  const { t, i18n } = useTranslation();
  const [hash, setHash] = useState(location.hash);
  const [error, setError] = useState<unknown>(null);
  const status = useLab((s) => s.status);
  const problems = useLab((s) => s.problems);
  const lessonId = useLab((s) => s.lessonId);
  const route = parseRoute(hash);
  const [messages, setMessages] = useState('');
  useEffect(() => { void loadMessages(i18n.language).then(() => setMessages(i18n.language)); }, [i18n.language]);
  useEffect(() => {
    const on = (): void => setHash(location.hash);
    window.addEventListener('hashchange', on);
    window.addEventListener('keydown', freeKey);
    onBroken(setError);
    onPageKey(pageKey);
    return () => { window.removeEventListener('hashchange', on); window.removeEventListener('keydown', freeKey); };
  }, []);
  const id = route.screen === 'lesson' ? route.id : '';
  const seed = route.screen === 'lesson' ? route.seed : 0;
  useEffect(() => {
    if (id === '') return;
    let gone = false;
    openWork(id, seed).catch((e: unknown) => { if (!gone) setError(e); });
    return () => { gone = true; closeWork(); };
  }, [id, seed]);
  if (error !== null) return <CrashPage error={error} />;
  if (route.screen === 'catalogue') return <><Catalogue /><Palette /></>;
  if (route.screen === 'unknown') return <><TopBar><span className="sp" /></TopBar><p style={{ padding: 40 }}>{t('app.notFound', { id: route.hash })} <a href="#/">{t('app.backToCourse')}</a></p></>;
  if (status === 'problem') return <><TopBar><span className="sp" /></TopBar><main style={{ padding: 40, overflow: 'auto' }} role="alert">{problems.map((p) => <pre key={p} className="mono" style={{ fontSize: 12.5, whiteSpace: 'pre-wrap' }}>{p}</pre>)}<p style={{ marginTop: 16 }}><a href="#/">{t('app.backToCourse')}</a></p></main></>;
  const wait = <><TopBar><span className="sp" /></TopBar><p className="dim" style={{ padding: 40 }} role="status">{t('app.loading')}</p></>;
  if (status !== 'ready' || lessonId !== id || messages === '') return wait;
  return <Suspense fallback={wait}><LabScreen key={messages} /><Palette /></Suspense>;
}
