// A lesson's words: paragraphs, figures, and command blocks that can be copied or put into a terminal.
import { type JSX, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { insertText } from '../actions';
import { DemoCard } from '../demo/DemoCard';
import { ModeGlyph } from '../parts/glyphs';
import { Icon } from '../parts/icons';
import { Prose, Words } from '../parts/Words';
import { maybeSession } from '../session';
import { useLab } from '../store';
import { toBytes } from '../terminal/xterm';
import css from './lesson.module.css';
import type { Block, Span } from './shown';

export function Spans({ spans }: { spans: Span[] }): JSX.Element {
  return (
    <>
      {spans.map((s, i) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: words never move
        const key = i;
        if (s.kind === 'code') return <code key={key}><Words text={s.text} /></code>;
        if (s.kind === 'strong') return <b key={key} style={{ color: 'var(--ink-1)', fontWeight: 600 }}><Prose text={s.text} /></b>;
        if (s.kind === 'em') return <em key={key}><Prose text={s.text} /></em>;
        return <Prose key={key} text={s.text} />;
      })}
    </>
  );
}

export function Blocks({ blocks, mode }: { blocks: Block[]; mode: 'nat' | 'dr' | 'tun' | null }): JSX.Element {
  return (
    <>
      {blocks.map((b, i) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: words never move
        const key = i;
        switch (b.kind) {
          case 'paragraph': return <p key={key} style={i > 0 ? { marginTop: 8 } : {}}><Spans spans={b.spans} /></p>;
          case 'quote': return <blockquote key={key} style={{ margin: '8px 0', paddingLeft: 10, borderLeft: '2px solid var(--line-2)', color: 'var(--ink-2)' }}><Spans spans={b.spans} /></blockquote>;
          case 'heading': return <h3 key={key} style={{ margin: '12px 0 2px', fontSize: 13 }}><Spans spans={b.spans} /></h3>;
          // biome-ignore lint/suspicious/noArrayIndexKey: words never move
          case 'list': return b.ordered ? <ol key={key} style={{ paddingLeft: 20, margin: '6px 0', color: 'var(--ink-2)' }}>{b.items.map((x, n) => <li key={n}><Spans spans={x} /></li>)}</ol> : <ul key={key} style={{ paddingLeft: 18, margin: '6px 0', color: 'var(--ink-2)' }}>{b.items.map((x, n) => <li key={n}><Spans spans={x} /></li>)}</ul>;
          case 'console': return <Commands key={key} host={b.host} lines={b.lines} />;
          case 'code': return <Shown key={key} text={b.text} />;
          case 'table': return (
            <div key={key} className={css['table']}><table className="dt auto">
              {/* biome-ignore lint/suspicious/noArrayIndexKey: words never move */}
              <thead><tr>{b.head.map((c, n) => <th key={n}><Spans spans={c} /></th>)}</tr></thead><tbody>{b.rows.map((r, n) => <tr key={n}>{r.map((c, k) => <td key={k}><Spans spans={c} /></td>)}</tr>)}</tbody></table></div>
          );
          case 'figure': return <Figure key={key} name={b.name} mode={mode} />;
          case 'demo': return <DemoCard key={key} demo={b.demo} />;
        }
      })}
    </>
  );
}

/** Output as it stands in a terminal. Lines are not broken: what is wider than the panel is scrolled, by the keyboard as well. */
function Shown({ text }: { text: string }): JSX.Element {
  const { t } = useTranslation();
  const pre = useRef<HTMLPreElement>(null);
  const [wide, setWide] = useState(false);
  useLayoutEffect(() => {
    const e = pre.current!;
    const watch = new ResizeObserver(() => setWide(e.scrollWidth > e.clientWidth + 1));
    watch.observe(e);
    return () => watch.disconnect();
  }, []);
  return <pre className={`mono ${css['shown']} ${wide ? css['wide'] : ''}`} ref={pre} {...(wide ? { tabIndex: 0, role: 'region', 'aria-label': t('lesson.output') } : {})}>{text}</pre>;
}

/** Figures a lesson may name: the three envelopes, with the lesson's own mode lit. */
function Figure({ name, mode }: { name: string; mode: 'nat' | 'dr' | 'tun' | null }): JSX.Element | null {
  const { t } = useTranslation();
  const lit = /nat/.test(name) ? 'nat' : /tun/.test(name) ? 'tun' : /dr/.test(name) ? 'dr' : mode;
  if (!/envelope|mode/.test(name)) return null;
  return (
    <div className="envs" role="group" aria-label={t('lesson.modes')}>{(['nat', 'dr', 'tun'] as const).map((m) => <div key={m} className={m === lit ? 'on' : ''} aria-current={m === lit ? 'true' : undefined} style={m === lit ? { borderColor: `var(--m-${m})` } : {}}><ModeGlyph mode={m} size={38} /><b>{m.toUpperCase()}</b><span>{t(`mode.${m}What`)}</span></div>)}</div>
  );
}

function Commands({ host, lines }: { host: string; lines: string[] }): JSX.Element {
  const { t } = useTranslation();
  return (
    <div style={{ marginTop: 8 }}>
      {host !== '' && <div style={{ fontSize: 12, color: 'var(--ink-3)' }}>{t('lesson.onHost', { host })}</div>}
      {/* biome-ignore lint/suspicious/noArrayIndexKey: words never move */}
      {lines.map((line, i) => <Command key={i} host={host} line={line} />)}
    </div>
  );
}

export function Command({ host, line }: { host: string; line: string }): JSX.Element {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const into = useLab((s) => (host !== '' && s.terms.some((x) => x.host === host) ? host : s.panes[s.focusPane]?.host ?? s.host));
  const copy = (): void => { void navigator.clipboard?.writeText(line); setCopied(true); setTimeout(() => setCopied(false), 1200); };
  return (
    <div className="cmd" role="group" aria-label={host === '' ? t('lesson.command') : t('lesson.onHost', { host })} style={{ marginTop: 4 }}>
      <span style={{ flex: 1, overflow: 'hidden', textOverflow: 'ellipsis' }} title={line}><Words text={line} /></span>
      <button type="button" className="ib sm" aria-label={t('keys.choice', { what: copied ? t('lesson.copied') : t('lesson.copy'), value: line })} title={copied ? t('lesson.copied') : t('lesson.copy')} onClick={copy}><Icon name={copied ? 'check' : 'copy'} small /></button>
      <button type="button" className="ib sm" aria-label={t('keys.choice', { what: t('lesson.insert', { host: into }), value: line })} title={t('lesson.insert', { host: into })} onClick={() => { if (maybeSession()) insertText(into, toBytes(line)); }}><Icon name="term" small /></button>
    </div>
  );
}
