// When our own program breaks: the learner's record is shown and can be downloaded; opening again restores it.
import { Component, type ErrorInfo, type JSX, type ReactNode, useEffect } from 'react';
import i18next from 'i18next';
import { leaveFirst } from '../first/page';
import { download } from '../persist';
import { useLab } from '../store';
import css from './parts.module.css';

let record = (): string => '';
/** Who knows the record of the open lab. */
export const keepRecord = (f: () => string): void => { record = f; };

/** A file of the page did not come: the network, or a newer version has taken its place. */
const missing = (e: unknown): boolean => e instanceof Error && /dynamically imported module|importing a module script|Unable to preload/i.test(e.message);

const text = (e: unknown): string => (e instanceof Error ? `${e.message}\n${e.stack ?? ''}` : String(e));

export function CrashPage({ error }: { error: unknown }): JSX.Element {
  useEffect(() => void leaveFirst(), []);
  let journal = '';
  try { journal = record(); } catch { /* the lab itself is what broke */ }
  const lost = missing(error);
  return (
    <main className={css['crash']}>
      <div role="alert"><h1>{i18next.t(lost ? 'crash.missing' : 'crash.title')}</h1><p className="muted">{i18next.t(lost ? 'crash.missingBody' : journal === '' ? 'crash.bodyNone' : 'crash.body')}</p></div>
      <div className="row"><button type="button" className="btn p" onClick={() => location.reload()}>{i18next.t('crash.reload')}</button>{journal !== '' && <button type="button" className="btn" onClick={() => download(`${useLab.getState().lessonId || 'lab'}.lvslab.json`, journal)}>{i18next.t('save.download')}</button>}<a className="btn q" href="#/" onClick={() => setTimeout(() => location.reload(), 0)}>{i18next.t('app.backToCourse')}</a></div>
      <details open={!lost}><summary>{i18next.t('crash.details')}</summary><pre className="mono">{text(error)}</pre></details>
      {journal !== '' && <details><summary>{i18next.t('crash.journal')}</summary><textarea readOnly value={journal} aria-label={i18next.t('crash.journal')} style={{ width: '100%', height: 200, font: '400 11px var(--font-mono)', background: 'var(--bg-term)', color: 'var(--t-fg)' }} /></details>}
    </main>
  );
}

export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };
  static getDerivedStateFromError(error: unknown): { error: unknown } { return { error }; }
  override componentDidCatch(error: unknown, info: ErrorInfo): void { console.error(error, info.componentStack); }
  override render(): ReactNode { return this.state.error !== null ? <CrashPage error={this.state.error} /> : this.props.children; }
}
