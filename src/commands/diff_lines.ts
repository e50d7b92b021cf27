// The shortest edit script between two lists of lines. Counterpart: Myers' O(ND) algorithm, as diffutils' diffseq.h has it; changes are
// shifted down as far as they go, as its shift_boundaries does.
import type { Bytes } from '../lib/text';

/** One change: lines [a0, a1) of the first replaced by [b0, b1) of the second. */
export interface Hunk {
  a0: number;
  a1: number;
  b0: number;
  b1: number;
}

/** All changes in order. `same` compares lines by their keys (already folded). */
export function diffLines(a: readonly Bytes[], b: readonly Bytes[]): Hunk[] {
  const changedA = new Uint8Array(a.length + 1);
  const changedB = new Uint8Array(b.length + 1);
  let lo = 0;
  while (lo < a.length && lo < b.length && a[lo] === b[lo]) lo++;
  let ea = a.length;
  let eb = b.length;
  while (ea > lo && eb > lo && a[ea - 1] === b[eb - 1]) {
    ea--;
    eb--;
  }
  compareSeq(a, b, lo, ea, lo, eb, changedA, changedB);
  shift(a, changedA, changedB);
  shift(b, changedB, changedA);
  const out: Hunk[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (changedA[i] || changedB[j]) {
      const h: Hunk = { a0: i, a1: i, b0: j, b1: j };
      while (i < a.length && changedA[i]) i++;
      while (j < b.length && changedB[j]) j++;
      h.a1 = i;
      h.b1 = j;
      out.push(h);
    } else {
      i++;
      j++;
    }
  }
  return out;
}

function compareSeq(a: readonly Bytes[], b: readonly Bytes[], a0: number, a1: number, b0: number, b1: number, ca: Uint8Array, cb: Uint8Array): void {
  let [x0, x1, y0, y1] = [a0, a1, b0, b1];
  while (x0 < x1 && y0 < y1 && a[x0] === b[y0]) {
    x0++;
    y0++;
  }
  while (x0 < x1 && y0 < y1 && a[x1 - 1] === b[y1 - 1]) {
    x1--;
    y1--;
  }
  if (x0 === x1) for (let j = y0; j < y1; j++) cb[j] = 1;
  else if (y0 === y1) for (let i = x0; i < x1; i++) ca[i] = 1;
  else {
    const [xm, ym] = middle(a, b, x0, x1, y0, y1);
    compareSeq(a, b, x0, xm, y0, ym, ca, cb);
    compareSeq(a, b, xm, x1, ym, y1, ca, cb);
  }
}

/** The middle of an optimal path, searched from both ends at once. */
function middle(a: readonly Bytes[], b: readonly Bytes[], x0: number, x1: number, y0: number, y1: number): [number, number] {
  const dmin = x0 - y1;
  const dmax = x1 - y0;
  const fmid = x0 - y0;
  const bmid = x1 - y1;
  const odd = ((fmid - bmid) & 1) !== 0;
  const base = 1 - dmin;
  const fd = new Int32Array(dmax - dmin + 3).fill(-1);
  const bd = new Int32Array(dmax - dmin + 3).fill(0x7fffffff);
  let [fmin, fmax, bmin, bmax] = [fmid, fmid, bmid, bmid];
  fd[base + fmid] = x0;
  bd[base + bmid] = x1;
  for (;;) {
    if (fmin > dmin) fd[base + --fmin - 1] = -1;
    else fmin++;
    if (fmax < dmax) fd[base + ++fmax + 1] = -1;
    else fmax--;
    for (let d = fmax; d >= fmin; d -= 2) {
      const lo = fd[base + d - 1]!;
      const hi = fd[base + d + 1]!;
      let x = lo < hi ? hi : lo + 1;
      let y = x - d;
      while (x < x1 && y < y1 && a[x] === b[y]) {
        x++;
        y++;
      }
      fd[base + d] = x;
      if (odd && bmin <= d && d <= bmax && bd[base + d]! <= x) return [x, y];
    }
    if (bmin > dmin) bd[base + --bmin - 1] = 0x7fffffff;
    else bmin++;
    if (bmax < dmax) bd[base + ++bmax + 1] = 0x7fffffff;
    else bmax--;
    for (let d = bmax; d >= bmin; d -= 2) {
      const lo = bd[base + d - 1]!;
      const hi = bd[base + d + 1]!;
      let x = lo < hi ? lo : hi - 1;
      let y = x - d;
      while (x > x0 && y > y0 && a[x - 1] === b[y - 1]) {
        x--;
        y--;
      }
      bd[base + d] = x;
      if (!odd && fmin <= d && d <= fmax && x <= fd[base + d]!) return [x, y];
    }
  }
}

/** Moves runs of changed lines together and as far down as equal lines let them. */
function shift(lines: readonly Bytes[], changed: Uint8Array, other: Uint8Array): void {
  let i = 0;
  let j = 0;
  const end = lines.length;
  for (;;) {
    while (i < end && !changed[i]) {
      while (other[j++]) {
        // skip the other side's run
      }
      i++;
    }
    if (i === end) return;
    let start = i;
    while (changed[++i]) {
      // to the run's end
    }
    while (other[j]) j++;
    let runLength: number;
    let corresponding: number;
    do {
      runLength = i - start;
      while (start > 0 && lines[start - 1] === lines[i - 1]) {
        changed[--start] = 1;
        changed[--i] = 0;
        while (changed[start - 1]) start--;
        while (other[--j]) {
          // back over the other side's run
        }
      }
      corresponding = other[j - 1] ? i : end;
      while (i !== end && lines[start] === lines[i]) {
        changed[start++] = 0;
        changed[i++] = 1;
        while (changed[i]) i++;
        while (other[++j]) corresponding = i;
      }
    } while (runLength !== i - start);
    while (corresponding < i) {
      changed[--start] = 1;
      changed[--i] = 0;
      while (other[--j]) {
        // back over the other side's run
      }
    }
  }
}
