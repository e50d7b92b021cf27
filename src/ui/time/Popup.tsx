// A button of the transport that opens a menu above it. Arrow keys walk it; Escape, Tab or a press elsewhere closes it.
import { type JSX, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import css from './time.module.css';

export function Popup({ className, label, title, face, width = 340, disabled = false, children }: { className: string; label: string; title: string; face: ReactNode; width?: number; disabled?: boolean; children(close: () => void): ReactNode }): JSX.Element {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (e: Event): void => { if (!menu.current?.contains(e.target as Node) && !button.current?.contains(e.target as Node)) setOpen(false); };
    menu.current?.querySelector<HTMLElement>('[role^=menuitem]')?.focus();
    window.addEventListener('pointerdown', away);
    return () => window.removeEventListener('pointerdown', away);
  }, [open]);
  const keys = (e: KeyboardEvent): void => {
    const all = [...(menu.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (e.key === 'Escape' || e.key === 'Tab') { setOpen(false); button.current?.focus(); }
    else if (e.key === 'ArrowDown' || e.key === 'ArrowUp') all[(at + (e.key === 'ArrowDown' ? 1 : -1) + all.length) % all.length]?.focus();
    else if (e.key === 'Home') all[0]?.focus();
    else if (e.key === 'End') all.at(-1)?.focus();
    else { if (!e.ctrlKey && !e.altKey) e.stopPropagation(); return; }
    e.preventDefault();
    e.stopPropagation();
  };
  const place = button.current?.getBoundingClientRect();
  return (
    <>
      <button ref={button} type="button" className={className} style={{ flex: 'none' }} aria-haspopup="menu" aria-expanded={open} aria-label={label} title={title} disabled={disabled} onClick={() => setOpen(!open)}>{face}</button>
      {open && place !== undefined && createPortal(
        // Over everything: panes cut off what leaves them.
        <div ref={menu} className={css['menu']} style={{ width, left: Math.max(6, Math.min(place.left, window.innerWidth - width - 6)), bottom: window.innerHeight - place.top + 4, maxHeight: place.top - 12 }} role="menu" aria-label={label} onKeyDown={keys}>{children(() => { setOpen(false); button.current?.focus(); })}</div>, document.body,
      )}
    </>
  );
}
