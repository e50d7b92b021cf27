// File modes on command lines: octal and symbolic. Counterpart: gnulib modechange.c.

export interface ModeChange {
  op: '+' | '-' | '=';
  /** Who: bits of u g o; 0 when none was named (then the umask counts). */
  who: number;
  /** Permission bits for all three, or which class to copy. */
  bits: number;
  copy: 'u' | 'g' | 'o' | null;
  /** X: execute only for directories and files that have it somewhere. */
  conditionalX: boolean;
  /** An octal number: sets everything (for directories it keeps set-id bits unless they are named). */
  absolute: number | null;
}

const WHO: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };
const BITS: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111, s: 0o6000, t: 0o1000 };

/** Parses `u+x,go=r` or `0644`; null when invalid. */
export function parseMode(text: string): ModeChange[] | null {
  if (/^[0-7]+$/.test(text)) {
    const n = Number.parseInt(text, 8);
    return n > 0o7777 ? null : [{ op: '=', who: 0o7777, bits: 0, copy: null, conditionalX: false, absolute: n }];
  }
  const changes: ModeChange[] = [];
  for (const clause of text.split(',')) {
    const m = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]|[0-7]+))+)$/.exec(clause);
    if (m === null) return null;
    let who = 0;
    for (const c of m[1]!) who |= WHO[c]!;
    for (const a of m[2]!.matchAll(/([-+=])([rwxXst]*|[ugo]|[0-7]+)(?=[-+=]|$)/g)) {
      const perms = a[2]!;
      const change: ModeChange = { op: a[1] as '+', who, bits: 0, copy: null, conditionalX: false, absolute: null };
      if (/^[ugo]$/.test(perms)) change.copy = perms as 'u';
      else if (/^[0-7]+$/.test(perms)) {
        change.bits = Number.parseInt(perms, 8);
        change.who = 0o7777;
      } else
        for (const c of perms) {
          if (c === 'X') change.conditionalX = true;
          else change.bits |= BITS[c]!;
        }
      changes.push(change);
    }
  }
  return changes;
}

/** The mode after the changes. `umask` counts where no class was named. */
export function applyMode(mode: number, isDir: boolean, changes: readonly ModeChange[], umask: number): number {
  let m = mode & 0o7777;
  for (const c of changes) {
    if (c.absolute !== null) {
      m = isDir && c.absolute <= 0o777 ? c.absolute | (m & 0o6000) : c.absolute;
      continue;
    }
    let bits = c.bits;
    if (c.conditionalX && (isDir || (m & 0o111) !== 0)) bits |= 0o111;
    if (c.copy !== null) {
      const three = (m >> { u: 6, g: 3, o: 0 }[c.copy]) & 7;
      bits = (three << 6) | (three << 3) | three;
    }
    const mask = c.who === 0 ? 0o7777 & ~umask : c.who;
    bits &= mask;
    if (c.op === '+') m |= bits;
    else if (c.op === '-') m &= ~bits;
    else m = (m & ~((c.who === 0 ? 0o7777 : c.who) & (isDir ? 0o1777 : 0o7777))) | bits;
  }
  return m;
}
