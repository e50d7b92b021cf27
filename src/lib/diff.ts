// Unified diff of two texts, by lines (longest common subsequence). Counterpart: diff -u.

/** Lines of a unified diff from `want` to `got`, without file headers; a missing newline at the end shows as `\`. Empty when equal. */
export function unifiedDiff(want: string, got: string, context = 3): string[] {
  if (want === got) return [];
  const a = lines(want);
  const b = lines(got);
  const ops = a.length * b.length > 4_000_000 ? [...a.map((x): Op => ['-', x]), ...b.map((x): Op => ['+', x])] : script(a, b);
  const out: string[] = [];
  let shown = -1;
  for (let i = 0; i < ops.length; i++) {
    const near = ops.slice(Math.max(0, i - context), i + context + 1).some(([k]) => k !== ' ');
    if (!near) continue;
    if (i !== shown + 1) out.push('@@');
    shown = i;
    out.push(`${ops[i]![0]}${ops[i]![1]}`);
  }
  return out;
}

type Op = [' ' | '-' | '+', string];

function lines(text: string): string[] {
  if (text === '') return [];
  const l = text.split('\n');
  if (l.at(-1) === '') l.pop();
  else l[l.length - 1] += '\\';
  return l;
}

function script(a: string[], b: string[]): Op[] {
  const w = b.length + 1;
  const len = new Int32Array((a.length + 1) * w);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) len[i * w + j] = a[i] === b[j] ? len[(i + 1) * w + j + 1]! + 1 : Math.max(len[(i + 1) * w + j]!, len[i * w + j + 1]!);
  }
  const ops: Op[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      ops.push([' ', a[i]!]);
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && len[(i + 1) * w + j]! >= len[i * w + j + 1]!)) ops.push(['-', a[i++]!]);
    else ops.push(['+', b[j++]!]);
  }
  return ops;
}
