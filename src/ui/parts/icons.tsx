// The line icons of the design, drawn on a 20 px grid with a 1.6 px stroke.
import type { JSX } from 'react';

const PATHS = {
  laptop: '<rect x="4" y="4" width="12" height="9" rx="1.5"/><path d="M2 16h16"/>',
  director: '<path d="M10 2l7 4v8l-7 4-7-4V6z"/><path d="M6.5 10h3.2l3.3-2.8M9.7 10l3.3 2.8"/>',
  server: '<rect x="3" y="3.5" width="14" height="5.5" rx="1.5"/><rect x="3" y="11" width="14" height="5.5" rx="1.5"/><path d="M6 6.2h.01M6 13.8h.01M9.5 6.2H14M9.5 13.8H14"/>',
  router: '<circle cx="10" cy="10" r="7"/><path d="M6 8h7l-2-2M14 12H7l2 2"/>',
  storage: '<ellipse cx="10" cy="5" rx="6" ry="2.4"/><path d="M4 5v10c0 1.3 2.7 2.4 6 2.4s6-1.1 6-2.4V5M4 10c0 1.3 2.7 2.4 6 2.4s6-1.1 6-2.4"/>',
  speaker: '<path d="M3 8v4h3l4 3.5v-11L6 8z"/><path d="M13 7.5a4 4 0 010 5M15.5 5a7.5 7.5 0 010 10"/>',
  muted: '<path d="M3 8v4h3l4 3.5v-11L6 8z"/><path d="M13 8l4 4M17 8l-4 4"/>',
  gateway: '<circle cx="5" cy="10" r="2"/><circle cx="15" cy="10" r="2"/><path d="M7 10h6"/>',
  globe: '<circle cx="10" cy="10" r="7"/><path d="M3 10h14M10 3c2.500 2 3.500 4.500 3.500 7s-1 5-3.500 7c-2.500-2-3.500-4.500-3.500-7s1-5 3.500-7z"/>',
  pin: '<path d="M8 3h4l-.5 5 3 3h-9l3-3zM10 11v6"/>',
  plus: '<path d="M10 4v12M4 10h12"/>', minus: '<path d="M4 10h12"/>',
  expand: '<path d="M12 4h4v4M8 16H4v-4M16 4l-5 5M4 16l5-5"/>',
  rows: '<rect x="3" y="4" width="14" height="12" rx="2"/><path d="M3 10h14"/>',
  cols: '<rect x="3" y="4" width="14" height="12" rx="2"/><path d="M10 4v12"/>',
  single: '<rect x="3" y="4" width="14" height="12" rx="2"/>',
  grid: '<rect x="3" y="4" width="14" height="12" rx="2"/><path d="M10 4v12M3 10h14"/>',
  close: '<path d="M5 5l10 10M15 5L5 15"/>',
  copy: '<rect x="7" y="7" width="9" height="9" rx="2"/><path d="M4 13V6a2 2 0 012-2h7"/>',
  term: '<rect x="3" y="4" width="14" height="12" rx="2"/><path d="M6 8l2.500 2L6 12M10.500 12.500H14"/>',
  start: '<path d="M16 4l-6 6 6 6M10 4l-6 6 6 6"/>',
  back: '<path d="M15 4l-7 6 7 6zM5 4v12"/>', next: '<path d="M5 4l7 6-7 6zM15 4v12"/>',
  ahead: '<path d="M3 5l6 5-6 5zM10.500 5l6 5-6 5z"/>',
  pause: '<path d="M6 4v12M13.5 4v12" stroke-width="2.6"/>',
  play: '<path d="M6 4l10 6-10 6z" fill="currentColor" stroke="none"/>',
  filter: '<path d="M3 5h14l-5.5 6.5V16l-3 1.5v-6z"/>',
  check: '<path d="M4 10.500l4 4 8-9"/>',
  search: '<circle cx="9" cy="9" r="5"/><path d="M13 13l4 4"/>',
  right: '<path d="M8 5l5 5-5 5"/>', down: '<path d="M5 8l5 5 5-5"/>',
  sun: '<circle cx="10" cy="10" r="3.4"/><path d="M10 2v2M10 16v2M2 10h2M16 10h2M4.4 4.4l1.4 1.4M14.2 14.2l1.4 1.4M4.4 15.6l1.4-1.4M14.2 5.8l1.4-1.4"/>',
  list: '<path d="M7 5h10M7 10h10M7 15h10M3 5h.01M3 10h.01M3 15h.01"/>',
  sidebar: '<rect x="3" y="4" width="14" height="12" rx="2"/><path d="M8 4v12"/>',
  bulb: '<path d="M7.5 15.5h5M8.5 18h3M6.8 12.6A5.2 5.2 0 1113.2 12.6c-.5.5-.7 1-.7 1.7h-5c0-.7-.2-1.2-.7-1.7z"/>',
  undo: '<path d="M4 8h8a4.5 4.5 0 010 9H8M4 8l4-4M4 8l4 4"/>',
  replay: '<path d="M4 10a6 6 0 106-6c-2 0-3.600 1-4.700 2.400M5 3v4h4"/><path d="M9 8l3.500 2L9 12z" fill="currentColor" stroke="none"/>',
  clock: '<circle cx="10" cy="10" r="7"/><path d="M10 6v4l2.500 2"/>',
  menu: '<path d="M3 6h14M3 10h14M3 14h14"/>',
  book: '<path d="M10 5.500C8.500 4 6 3.700 3 4v11.500c3-.3 5.500 0 7 1.500 1.500-1.500 4-1.800 7-1.500V4c-3-.3-5.500 0-7 1.500zM10 5.500V17"/>',
  reset: '<path d="M4 10a6 6 0 106-6c-2 0-3.600 1-4.700 2.400M5 3v4h4"/>',
  file: '<path d="M6 3h6l4 4v10H6z"/><path d="M12 3v4h4"/>', folder: '<path d="M3 6h5l1.5 2H17v8H3z"/>',
  branch: '<circle cx="4" cy="10" r="2"/><circle cx="16" cy="4" r="2"/><circle cx="16" cy="10" r="2"/><circle cx="16" cy="16" r="2"/><path d="M6 10h8M6 10c4 0 4-6 8-6M6 10c4 0 4 6 8 6"/>',
  wave: '<circle cx="3.500" cy="12" r="1.500"/><circle cx="16.500" cy="8" r="1.500"/><path d="M5 12c3 0 2.500-5 5-5s2 6 5 1.500"/>',
  pulse: '<path d="M2 11h4l2-5 3 9 2-6 1 2h4"/>', flag: '<path d="M5 17V3h10l-2.500 3.500L15 10H5"/>',
  warn: '<path d="M10 3l7.500 13.500h-15z"/><path d="M10 8v4M10 14.500h.01"/>',
  flask: '<path d="M7.500 3h5M8.500 3v5.200L4.300 15a1.400 1.400 0 001.200 2h9a1.400 1.400 0 001.200-2L11.500 8.200V3M6.700 12.500h6.600"/>',
  send: '<path d="M17 3L9 11M17 3l-5 14-3-6-6-3z"/>', packet: '<rect x="2.500" y="4.500" width="15" height="11" rx="3"/><rect x="6" y="7.800" width="8" height="4.400" rx="1.200"/>',
  hosts: '<rect x="7" y="2.500" width="6" height="4.500" rx="1.200"/><rect x="2" y="13" width="6" height="4.500" rx="1.200"/><rect x="12" y="13" width="6" height="4.500" rx="1.200"/><path d="M10 7v3M5 13v-3h10v3"/>',
  meter: '<path d="M3 17h14M5 17v-5M10 17V4M15 17V8"/>', power: '<path d="M10 3v7M6 5.500a6 6 0 108 0"/>', lock: '<rect x="4" y="9" width="12" height="8" rx="2"/><path d="M6.500 9V6.500a3.500 3.500 0 017 0V9"/>',
  down2: '<path d="M10 3v10M5.500 9l4.500 4.500L14.500 9M4 17h12"/>',
} as const;
export type IconName = keyof typeof PATHS;

/** A line icon; decorative, so hidden from the accessibility tree. */
export function Icon({ name, small, size }: { name: IconName; small?: boolean; size?: number }): JSX.Element {
  return <svg className={small ? 'i s' : 'i'} viewBox="0 0 20 20" aria-hidden="true" {...(size ? { width: size, height: size, style: { width: size, height: size } } : {})} dangerouslySetInnerHTML={{ __html: PATHS[name] }} />;
}

/** The product's mark. */
export function Logo(): JSX.Element {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" fill="none" aria-hidden="true">
      <rect x="1" y="1" width="22" height="22" rx="6.5" fill="var(--ink-1)" />
      <path d="M5 12h5M10 12c3 0 3-4.5 6-4.5M10 12c3 0 3 4.5 6 4.5" stroke="var(--on-ink)" strokeWidth="1.7" strokeLinecap="round" />
      <circle cx="6" cy="12" r="2" fill="var(--on-ink)" /><circle cx="17.2" cy="7.5" r="2" fill="var(--on-ink)" /><circle cx="17.2" cy="16.5" r="2" fill="var(--on-ink)" />
    </svg>
  );
}

/** The icon of a lesson without a forwarding mode of its own, by its id and kind. */
export function lessonIcon(id: string, kind = ''): IconName {
  if (/exam/.test(id)) return 'flag';
  if (kind === 'breakfix' || /^method$|fix|break|fault|debug/.test(id)) return 'pulse';
  if (/homework/.test(id)) return 'send';
  if (/persist|timeout|drain/.test(id)) return 'wave';
  if (/three-tiers|shared-storage|save|restore|backup/.test(id)) return 'storage';
  if (/(^|-)(rr|wrr|lc|wlc|sh|dh|sed|nq|mh|lblc|fo)(-|$)|sched|weight/.test(id)) return 'branch';
  if (/cluster/.test(id)) return 'hosts';
  if (/packet|arp|alias|mtu/.test(id)) return 'packet';
  if (/network|forward|route|http|may-test|mode/.test(id)) return 'router';
  if (/stats|listing|threshold/.test(id)) return 'meter';
  if (/boot|reboot/.test(id)) return 'power';
  if (/chattr/.test(id)) return 'lock';
  if (/terms/.test(id)) return 'book';
  if (/pages/.test(id)) return 'file';
  return 'term';
}

/** The icon of a host by its role. */
export function roleIcon(role: string | undefined): IconName {
  if (role === 'director') return 'director';
  if (role === 'real-server') return 'server';
  if (role === 'router') return 'router';
  if (role === 'storage') return 'storage';
  return 'laptop';
}
