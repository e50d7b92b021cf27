// Signal names and numbers on command lines. Counterpart: gnulib sig2str.c, procps signals.c.
import { SIG } from '../host/process';

const NAMES = new Map<number, string>(Object.entries(SIG).map(([k, v]) => [v, k]));

/** 'TERM' for 15; RTMIN names for 34..64. */
export function signalName(n: number): string {
  if (n === 0) return 'EXIT';
  const known = NAMES.get(n);
  if (known !== undefined) return known;
  if (n === 34) return 'RTMIN';
  if (n === 64) return 'RTMAX';
  if (n > 34 && n < 50) return `RTMIN+${n - 34}`;
  if (n >= 50 && n < 64) return `RTMAX-${64 - n}`;
  return String(n);
}

/** Number of '9', 'KILL', 'SIGKILL', 'kill'; null when there is none. */
export function parseSignal(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text) <= 64 ? Number(text) : null;
  const name = text.toUpperCase().replace(/^SIG/, '');
  if (name === 'EXIT') return 0;
  if (name === 'CLD') return SIG.CHLD;
  if (name === 'POLL') return SIG.IO;
  if (name === 'IOT') return SIG.ABRT;
  for (const [n, s] of NAMES) if (s === name) return n;
  const rt = /^RT(MIN|MAX)(?:([+-])(\d+))?$/.exec(name);
  if (rt === null) return null;
  return (rt[1] === 'MIN' ? 34 : 64) + (rt[2] === '-' ? -1 : 1) * Number(rt[3] ?? '0');
}
