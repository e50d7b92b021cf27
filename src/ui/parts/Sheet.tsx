// A dialog above the page: the browser keeps the focus in it and everything behind it still; whoever had the focus before gets it back.
import { type JSX, type ReactNode, useLayoutEffect, useRef } from 'react';
import css from './parts.module.css';

export function Sheet({ label, close, wide = false, children }: { label: string; close(): void; wide?: boolean; children: ReactNode }): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const e = box.current!;
    if (!e.open) e.showModal();
    return () => {
      e.close();
      before?.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog className={`${css['sheet']} ${wide ? css['wide'] : ''}`} ref={box} aria-label={label} onCancel={(e) => { e.preventDefault(); close(); }} onKeyDown={(e) => { if (e.key === 'Escape') { e.preventDefault(); close(); } e.stopPropagation(); }} onPointerDown={(e) => { if (e.target === e.currentTarget) close(); }}>
      <div className={css['inside']}>{children}</div>
    </dialog>
  );
}
