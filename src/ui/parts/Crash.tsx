// When our own program breaks: the learner's record is shown and can be downloaded; opening again restores it.
import { Component, type ErrorInfo, type JSX, type ReactNode } from 'react';
import i18next from 'i18next';
import { download } from '../persist';
import { useLab } from '../store';

let record = (): string => '';
/** Who knows the record of the open lab. */
export const keepRecord = (f: () => string): void => { record = f; };

const text = (e: unknown): string => (e instanceof Error ? `${e.message}\n${e.stack ?? ''}` : String(e));

export function CrashPage({ error }: { error: unknown }): JSX.Element {
  let journal = '';
  try { journal = record(); } catch { /* the lab itself is what broke */ }
  return (
    <main style={{ maxWidth: 760, margin: '8vh auto', padding: '0 24px', overflow: 'auto', display: 'grid', gap: 14 }} role="alert">
      <h1 style={{ fontSize: 19, fontWeight: 650 }}>{i18next.t('crash.title')}</h1>
      <p className="muted">{i18next.t('crash.body')}</p>
      <div className="row"><button type="button" className="btn p" onClick={() => location.reload()}>{i18next.t('crash.reload')}</button><button type="button" className="btn" onClick={() => download(`${useLab.getState().lessonId || 'lab'}.lvslab.json`, journal)}>{i18next.t('save.download')}</button></div>
      <details open><summary>{i18next.t('crash.details')}</summary><pre className="mono" style={{ fontSize: 11.5, whiteSpace: 'pre-wrap' }}>{text(error)}</pre></details>
      <details><summary>{i18next.t('crash.journal')}</summary><textarea readOnly value={journal} aria-label={i18next.t('crash.journal')} style={{ width: '100%', height: 200, font: '400 11px var(--font-mono)', background: 'var(--bg-term)', color: 'var(--t-fg)' }} /></details>
    </main>
  );
}

export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };
  static getDerivedStateFromError(error: unknown): { error: unknown } { return { error }; }
  override componentDidCatch(error: unknown, info: ErrorInfo): void { console.error(error, info.componentStack); }
  override render(): ReactNode { return this.state.error !== null ? <CrashPage error={this.state.error} /> : this.props.children; }
}
