// Numbers with multiplier suffixes on command lines. Counterpart: gnulib xstrtoumax, xdectoumax; coreutils human.c.

const POWERS = 'KMGTPEZY';

/** `10`, `2K`, `1kB`, `3b`; null when it is none. */
export function parseSize(text: string): number | null {
  const m = /^(\d+)(?:(b)|([kKmMGTPEZY])(iB|B)?|(w))?$/.exec(text);
  if (m === null) return null;
  const n = Number(m[1]);
  if (m[2] !== undefined) return n * 512;
  if (m[5] !== undefined) return n * 2;
  if (m[3] === undefined) return n;
  return n * (m[4] === 'B' ? 1000 : 1024) ** (POWERS.indexOf(m[3].toUpperCase()) + 1);
}

/** A size as ls -h and du -h show it: rounded up, one decimal below 10. `base` 1024 or 1000 (--si). */
export function humanSize(bytes: number, base = 1024): string {
  if (bytes < base) return String(bytes);
  let n = bytes;
  let unit = -1;
  while (n >= base && unit < POWERS.length - 1) {
    n /= base;
    unit++;
  }
  let tenths = Math.ceil(n * 10 - 1e-9);
  if (tenths >= 100) {
    let whole = Math.ceil(n - 1e-9);
    if (whole >= base && unit < POWERS.length - 1) {
      whole = 1;
      unit++;
      return `1.0${letter(unit, base)}`;
    }
    return `${whole}${letter(unit, base)}`;
  }
  if (tenths < 10) tenths = 10;
  return `${Math.floor(tenths / 10)}.${tenths % 10}${letter(unit, base)}`;
}

const letter = (unit: number, base: number): string => (base === 1000 && unit === 0 ? 'k' : POWERS[unit]!);
