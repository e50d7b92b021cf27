// The small picture of a cluster on the first card: the same envelope, in the lesson's mode.
import type { JSX } from 'react';
import type { Mode } from '../parts/glyphs';
import { Icon } from '../parts/icons';

export function Mini({ mode }: { mode: Mode }): JSX.Element {
  const back = mode === 'nat' ? 'M370 91C326 91 326 135 250 135Q246 135 246 126V70M226 70V126Q226 132 218 132H96' : 'M370 91C326 91 326 135 256 135H96';
  return (
    <svg width="100%" height="100%" viewBox="0 0 470 214" aria-hidden="true">
      <g fill="none" stroke="var(--line-2)" strokeWidth="2"><path d="M92 128H200M236 110V70M254 128C320 128 320 84 370 84M254 128C320 128 320 172 370 172" /></g>
      <g fill="none" stroke="var(--p-tcp)" strokeWidth="2.5" strokeLinecap="round"><path d="M92 124H222Q231 124 231 115V70M241 70V115Q241 124 250 124C300 124 310 100 330 88" /><path d={back} strokeDasharray="2 6" /></g>
      <g fill="var(--bg-2)" stroke="var(--line-3)" strokeWidth="1.5"><rect x="36" y="108" width="56" height="40" rx="9" /><path d="M236 26l22 12v24l-22 12-22-12V38z" /><rect x="370" y="64" width="56" height="40" rx="9" /><rect x="370" y="152" width="56" height="40" rx="9" /></g>
      {([['laptop', 54, 118], ['director', 226, 40], ['server', 388, 74], ['server', 388, 162]] as const).map(([n, x, y]) => <svg key={`${x}${y}`} x={x} y={y} width="20" height="20" color="var(--ink-2)"><Icon name={n} size={20} /></svg>)}
      <rect x="206" y="118" width="60" height="20" rx="10" fill="var(--bg-1)" stroke="var(--line-2)" />
      <g fontFamily="var(--font-mono)" fontSize="11.5" fill="var(--ink-2)" textAnchor="middle"><text x="64" y="166">client50</text><text x="236" y="18">lvs51</text><text x="398" y="56">web52</text><text x="398" y="208">web53</text></g>
      <circle cx="330" cy="88" r="20" fill="var(--p-tcp)" opacity=".15" />
      <g transform="translate(316 78)"><rect width="28" height="20" rx="5" fill="var(--bg-1)" stroke={mode === 'nat' ? 'var(--line-3)' : `var(--m-${mode})`} strokeWidth="2.6" strokeDasharray={mode === 'tun' ? '3 2' : undefined} /><rect x="8" y="6" width="12" height="8" rx="2" fill={mode === 'nat' ? 'var(--m-nat)' : 'var(--p-tcp)'} /></g>
    </svg>
  );
}
