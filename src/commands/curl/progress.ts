// curl's progress meter: twelve figures on one line of standard error. Counterpart: curl's lib/progress.c.

export const METER_HEAD =
  '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n';

/** A size in five columns (max5data). */
export function max5(n: number): string {
  const k = 1024;
  const pad = (v: number, w: number): string => String(v).padStart(w);
  if (n < 100000) return pad(n, 5);
  if (n < 10000 * k) return `${pad(Math.floor(n / k), 4)}k`;
  const m = k * k;
  if (n < 100 * m) return `${pad(Math.floor(n / m), 2)}.${Math.floor((n % m) / (m / 10))}M`;
  if (n < 10000 * m) return `${pad(Math.floor(n / m), 4)}M`;
  const g = m * k;
  if (n < 100 * g) return `${pad(Math.floor(n / g), 2)}.${Math.floor((n % g) / (g / 10))}G`;
  return `${pad(Math.floor(n / g), 4)}G`;
}

/** Seconds in eight columns (time2str). */
export function clockText(seconds: number): string {
  if (seconds <= 0) return '--:--:--';
  const h = Math.floor(seconds / 3600);
  const two = (n: number): string => String(n).padStart(2, '0');
  if (h <= 99) return `${String(h).padStart(2)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const d = Math.floor(seconds / 86400);
  return d <= 999 ? `${String(d).padStart(3)}d ${two(h % 24)}h` : `${String(d).padStart(7)}d`;
}

/** Figures of one transfer. */
export interface Figures {
  /** Bytes expected, or -1 when unknown. */
  total: number;
  received: number;
  upTotal: number;
  uploaded: number;
  elapsedUs: number;
}

/** One meter line, beginning with its carriage return. */
export function meterLine(f: Figures): string {
  const seconds = Math.floor(f.elapsedUs / 1e6);
  const speed = (bytes: number): number => (f.elapsedUs > 0 ? Math.floor((bytes * 1e6) / f.elapsedUs) : 0);
  const percent = (done: number, all: number): string => String(all > 0 ? Math.floor((done * 100) / all) : 0).padStart(3);
  const down = speed(f.received);
  const up = speed(f.uploaded);
  const all = (f.total < 0 ? f.received : f.total) + (f.upTotal > 0 ? f.upTotal : f.uploaded);
  const wanted = f.total > 0 && down > 0 ? Math.floor(f.total / down) : f.upTotal > 0 && up > 0 ? Math.floor(f.upTotal / up) : 0;
  const left = wanted > 0 ? wanted - seconds : 0;
  const known = f.total > 0 || f.upTotal > 0;
  return (
    `\r${known ? percent(f.received + f.uploaded, all) : '  0'} ${max5(all)}  ${percent(f.received, f.total)} ${max5(f.received)}  ${percent(f.uploaded, f.upTotal)} ${max5(f.uploaded)}  ` +
    `${max5(down)}  ${max5(up)} ${clockText(wanted)} ${clockText(seconds)} ${clockText(left)} ${max5(down + up)}`
  );
}

/** The bar of -#, finished. */
export const BAR_DONE = `\r${'#'.repeat(73)} 100.0%`;
