// Marks that carry meaning: packet shapes by protocol, envelopes by forwarding mode, states of a step. Shape first, colour repeats it.
import type { JSX } from 'react';
import type { FrameView } from '../engine';

export type ShapeKind = 'syn' | 'synack' | 'tcp' | 'http' | 'arp' | 'icmp' | 'udp' | 'vrrp' | 'rst';
export type Mode = 'nat' | 'dr' | 'tun';
export type StepState = 'idle' | 'running' | 'passed' | 'failed' | 'stale' | 'blocked';

/** Which shape a frame is drawn with. */
export function shapeOf(f: Pick<FrameView, 'proto' | 'flags' | 'drop' | 'len'>): ShapeKind {
  if (f.proto === 'ARP') return 'arp';
  if (f.proto.startsWith('ICMP')) return 'icmp';
  if (f.proto === 'UDP') return 'udp';
  if (f.proto === 'VRRP') return 'vrrp';
  const flags = f.flags.toUpperCase();
  if (flags.includes('RST')) return 'rst';
  if (f.proto === 'HTTP') return 'http';
  if (flags.includes('SYN')) return flags.includes('ACK') ? 'synack' : 'syn';
  return 'tcp';
}

/** The token that colours a shape. */
export const SHAPE_COLOR: Record<ShapeKind, string> = {
  syn: 'var(--p-tcp)', synack: 'var(--p-tcp)', tcp: 'var(--p-tcp)', http: 'var(--p-http)', arp: 'var(--p-arp)',
  icmp: 'var(--p-icmp)', udp: 'var(--p-udp)', vrrp: 'var(--p-vrrp)', rst: 'var(--p-rst)',
};

/** A part of a shape: a path around the origin in units of its own, and what it is filled or drawn with (the protocol's colour, or the ground). */
export interface Piece { d: string; fill?: 'own' | 'ground'; stroke?: 'own' | 'ground'; /** Of the stroke, px at any size. */ width?: number }

const disc = (r: number): string => `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0z`;
const RING: Piece = { d: disc(4.2), fill: 'ground', stroke: 'own', width: 1.8 };
/** The shapes, about 10 units wide; SVG and canvas draw the same. */
export const PIECES: Record<ShapeKind, readonly Piece[]> = {
  arp: [{ d: 'M0 -6L6 0 0 6 -6 0z', fill: 'own' }],
  icmp: [{ d: 'M0 -5.6L5.6 4.6H-5.6z', fill: 'own' }],
  udp: [{ d: 'M-4.5 -4.5H4.5V4.5H-4.5z', fill: 'own' }],
  vrrp: [{ d: 'M0 -5.8L5 -2.9V2.9L0 5.8 -5 2.9V-2.9z', fill: 'own' }],
  http: [{ d: disc(5), fill: 'own' }, { d: disc(1.8), fill: 'ground' }],
  rst: [{ d: disc(5), fill: 'own' }, { d: 'M-2.1 -2.1L2.1 2.1M2.1 -2.1L-2.1 2.1', stroke: 'ground', width: 1.6 }],
  syn: [RING],
  synack: [RING, { d: 'M0 -4.2A4.2 4.2 0 0 1 0 4.2z', fill: 'own' }],
  tcp: [{ d: disc(5), fill: 'own' }],
};

/** What the numbers after a path's command are: x, y, a length (l) or something that is not scaled. */
const NUMBERS: Record<string, string> = { M: 'xy', L: 'xy', H: 'x', V: 'y', A: 'll...xy', z: '' };

/** A path of PIECES `k` times its size around (x, y). A transform would do the same, but the browser makes a layer of each. */
function placed(d: string, k: number, x: number, y: number): string {
  return d.replace(/([MLHVAz])([^MLHVAz]*)/g, (_, c: string, rest: string) => {
    const kinds = NUMBERS[c]!;
    return c + (rest.match(/-?[\d.]+/g) ?? []).map((n, i) => { const what = kinds[i % kinds.length]; return what === '.' ? n : Number((Number(n) * k + (what === 'x' ? x : what === 'y' ? y : 0)).toFixed(2)); }).join(' ');
  });
}

/** SVG markup of a shape around (x, y), `k` times its size. */
export function shapeMarkup(kind: ShapeKind, k = 1, x = 0, y = 0): string {
  const paint = (what: Piece['fill']): string => (what === undefined ? 'none' : what === 'own' ? SHAPE_COLOR[kind] : 'var(--bg-1)');
  return PIECES[kind].map((p) => `<path d="${placed(p.d, k, x, y)}" fill="${paint(p.fill)}"${p.stroke ? ` stroke="${paint(p.stroke)}" stroke-width="${p.width ?? 1}"` : ''}/>`).join('');
}

/** A packet's shape as a small inline mark. */
export function Shape({ kind, size = 13 }: { kind: ShapeKind; size?: number }): JSX.Element {
  return <svg className="g" width={size} height={size} viewBox="-7 -7 14 14" aria-hidden="true" dangerouslySetInnerHTML={{ __html: shapeMarkup(kind) }} />;
}

/** Nested envelopes: which of them a forwarding mode touches. */
export function ModeGlyph({ mode, size = 18 }: { mode: Mode; size?: number }): JSX.Element {
  const base = { className: 'g', width: size, height: size, viewBox: '0 0 20 20', fill: 'none', strokeWidth: 1.7, strokeLinejoin: 'round', strokeLinecap: 'round', 'aria-hidden': true } as const;
  if (mode === 'nat') return <svg {...base}><rect x="2" y="3.5" width="16" height="13" rx="3" stroke="var(--line-3)" /><rect x="5.2" y="6.7" width="9.6" height="6.6" rx="1.6" fill="var(--m-nat)" stroke="none" /></svg>;
  if (mode === 'dr') return <svg {...base}><rect x="2" y="3.5" width="16" height="13" rx="3" stroke="var(--m-dr)" strokeWidth="2.6" /><rect x="6.4" y="7.9" width="7.2" height="4.2" rx="1.2" stroke="var(--line-3)" /></svg>;
  return <svg {...base}><rect x="1" y="2" width="18" height="16" rx="3.5" stroke="var(--m-tun)" strokeDasharray="3 2" /><rect x="4" y="5" width="12" height="10" rx="2.4" fill="var(--m-tun)" stroke="none" /><rect x="7" y="8" width="6" height="4" rx="1.2" fill="var(--bg-1)" stroke="none" /></svg>;
}

/** The forwarding mode behind a frame's badge, an IPVS server's method or a lesson's id. */
export function modeOf(word: string | null | undefined): Mode | null {
  if (!word) return null;
  const w = word.toLowerCase();
  if (w === 'mac' || w === 'route' || w === 'droute' || /(^|-)dr(-|$)/.test(w)) return 'dr';
  if (w === 'dnat' || w === 'snat' || w === 'masq' || /(^|-)nat(-|$)/.test(w)) return 'nat';
  if (w === 'ipip' || w === 'tunnel' || /(^|-)tun(-|$)/.test(w)) return 'tun';
  return null;
}

/** State of a step or a check. */
export function StateGlyph({ state, size = 20, label }: { state: StepState; size?: number; label?: string }): JSX.Element {
  const aria = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true as const };
  const base = { className: `sg g st-${state}`, width: size, height: size, viewBox: '0 0 20 20', ...aria } as const;
  switch (state) {
    case 'passed': return <svg {...base}><circle cx="10" cy="10" r="8" fill="var(--ok)" /><path className="tick" d="M6.3 10.3l2.5 2.5 5-5.3" fill="none" stroke="var(--bg-1)" strokeWidth="1.9" strokeLinecap="round" strokeLinejoin="round" /></svg>;
    case 'failed': return <svg {...base}><circle cx="10" cy="10" r="8" fill="var(--fail)" /><path d="M7.2 7.2l5.6 5.6M12.8 7.2l-5.6 5.6" stroke="var(--bg-1)" strokeWidth="1.9" strokeLinecap="round" /></svg>;
    case 'stale': return <svg {...base}><circle cx="10" cy="10" r="7.2" fill="none" stroke="var(--stale)" strokeWidth="1.8" strokeDasharray="3 2.6" /><path d="M7 10.3l2.1 2.1 4-4.3" fill="none" stroke="var(--stale)" strokeWidth="1.7" strokeLinecap="round" /></svg>;
    case 'running': return <svg {...base}><circle cx="10" cy="10" r="7.2" fill="none" stroke="var(--line-2)" strokeWidth="2" /><path className="sweep" d="M10 2.8a7.2 7.2 0 016.2 10.8" fill="none" stroke="var(--run)" strokeWidth="2" strokeLinecap="round" /><circle cx="10" cy="10" r="2.4" fill="var(--run)" /></svg>;
    case 'blocked': return <svg {...base}><circle cx="10" cy="10" r="7.2" fill="none" stroke="var(--line-3)" strokeWidth="1.6" strokeDasharray="1.5 2.6" /><path d="M7 10h6" stroke="var(--line-3)" strokeWidth="1.8" strokeLinecap="round" /></svg>;
    default: return <svg {...base}><circle cx="10" cy="10" r="7.2" fill="none" stroke="var(--line-3)" strokeWidth="1.6" /></svg>;
  }
}
