// "Did you mean": the known word nearest to a mistyped one.

/** Edit distance, for "did you mean". */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

/** The nearest known word; null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const best = known.map((k) => [distance(word, k), k] as const).sort((a, b) => a[0] - b[0])[0];
  return best !== undefined && best[0] <= Math.max(1, Math.floor(word.length / 3)) ? best[1] : null;
}
