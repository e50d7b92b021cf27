// Things to put in order: dragged, or moved by their buttons and by Alt with the arrow keys.
import { type JSX, type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../parts/icons';
import { Prose } from '../parts/Words';
import css from './question.module.css';

export function Order({ items, ids, set }: { items: { id: string; text: string }[]; ids: string[]; set(ids: string[]): void }): JSX.Element {
  const { t } = useTranslation();
  const [drag, setDrag] = useState<string | null>(null);
  const [said, say] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const text = (id: string): string => items.find((i) => i.id === id)?.text ?? id;
  const move = (id: string, to: number): void => {
    const at = ids.indexOf(id);
    if (to < 0 || to >= ids.length || to === at) return;
    const next = ids.filter((x) => x !== id);
    next.splice(to, 0, id);
    set(next);
    say(t('quiz.moved', { what: text(id), n: to + 1 }));
  };
  const keep = (id: string, which: 'up' | 'down'): void => { requestAnimationFrame(() => list.current?.querySelector<HTMLButtonElement>(`[data-item="${CSS.escape(id)}"] [data-move=${which}]`)?.focus()); };
  const onKey = (e: KeyboardEvent, id: string): void => {
    if (!e.altKey || (e.key !== 'ArrowUp' && e.key !== 'ArrowDown')) return;
    e.preventDefault();
    move(id, ids.indexOf(id) + (e.key === 'ArrowUp' ? -1 : 1));
    keep(id, e.key === 'ArrowUp' ? 'up' : 'down');
  };
  return (
    <>
      <ol className={css['order']} ref={list}>{ids.map((id, i) => (
        <li key={id} data-item={id} className={drag === id ? css['drag'] : ''} draggable
          onDragStart={(e) => { setDrag(id); e.dataTransfer.effectAllowed = 'move'; e.dataTransfer.setData('text/plain', id); }} onDragEnd={() => setDrag(null)}
          onDragOver={(e) => { e.preventDefault(); if (drag !== null && drag !== id) move(drag, i); }} onDrop={(e) => { e.preventDefault(); setDrag(null); }} onKeyDown={(e) => onKey(e, id)}>
          <span className="dim mono" aria-hidden="true">{i + 1}</span><span><Prose text={text(id)} /></span>
          <button type="button" className="ib sm" data-move="up" disabled={i === 0} aria-label={t('quiz.up', { what: text(id) })} onClick={() => { move(id, i - 1); keep(id, i > 1 ? 'up' : 'down'); }}><span className={css['flip']}><Icon name="down" small /></span></button>
          <button type="button" className="ib sm" data-move="down" disabled={i === ids.length - 1} aria-label={t('quiz.down', { what: text(id) })} onClick={() => { move(id, i + 1); keep(id, i < ids.length - 2 ? 'down' : 'up'); }}><Icon name="down" small /></button>
        </li>
      ))}</ol>
      <span className="vh" aria-live="polite">{said}</span>
    </>
  );
}
