// Which screen the address names. The course comes first and small; a lab's screen, engine and terminals load with the first lesson.
import { type JSX, lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CrashPage } from './parts/Crash';
import { TopBar } from './parts/TopBar';
import { parseRoute } from './route';
import { useLab } from './store';

const Catalogue = lazy(() => import('./catalogue/Catalogue').then((m) => ({ default: m.Catalogue })));
const Reference = lazy(() => import('./catalogue/Reference').then((m) => ({ default: m.Reference })));
const Glossary = lazy(() => import('./catalogue/Glossary').then((m) => ({ default: m.Glossary })));
const LessonPage = lazy(() => import('./lesson_page'));
const NoSuchPage = lazy(() => import('./parts/Trouble').then((m) => ({ default: m.NoSuchPage })));
const Palette = lazy(() => import('./parts/Palette').then((m) => ({ default: m.Palette })));

export function App(): JSX.Element {
  const { t } = useTranslation();
  const [hash, setHash] = useState(location.hash);
  const [error, setError] = useState<unknown>(null);
  const dialog = useLab((s) => s.palette || s.help);
  const route = parseRoute(hash);
  useEffect(() => {
    const on = (): void => setHash(location.hash);
    window.addEventListener('hashchange', on);
    return () => window.removeEventListener('hashchange', on);
  }, []);
  const lesson = route.screen === 'lesson';
  useEffect(() => {
    if (lesson) return; // a lab has its own keys
    const key = (e: KeyboardEvent): void => {
      if ((e.target as HTMLElement).closest('input,textarea')) return;
      if (e.ctrlKey && e.code === 'KeyK') useLab.setState({ palette: true });
      else if (e.key === '?') useLab.setState({ help: true });
      else return;
      e.preventDefault();
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, [lesson]);
  if (error !== null) return <CrashPage error={error} />;
  const wait = <><TopBar><span className="sp" /></TopBar><main style={{ padding: 40 }}><p className="dim" role="status">{t('app.loading')}</p></main></>;
  const dialogs = dialog && <Suspense fallback={null}><Palette /></Suspense>;
  if (route.screen === 'catalogue') return <><Suspense fallback={wait}><Catalogue /></Suspense>{dialogs}</>;
  if (route.screen === 'reference' || route.screen === 'glossary') return <><Suspense fallback={wait}>{route.screen === 'reference' ? <Reference key={route.q ?? ''} q={route.q ?? ''} /> : <Glossary key={route.q ?? ''} q={route.q ?? ''} />}</Suspense>{dialogs}</>;
  if (route.screen === 'unknown') return <><Suspense fallback={wait}><NoSuchPage address={route.hash} /></Suspense>{dialogs}</>;
  return <><Suspense fallback={wait}><LessonPage key={`${route.id}#${route.seed}`} id={route.id} seed={route.seed} broken={setError} /></Suspense>{dialogs}</>;
}
