// The columns of ss(8): as wide as their content; on a terminal the space that is left is shared out, and what does not fit begins a line of its own.
// Counterpart: render() of iproute2's misc/ss.c.

/** Number of the last column, for what stands after the addresses. */
export const EXTRA = 8;
interface Column {
  head: string;
  /** What stands before it when it is not the first. */
  before: string;
  right: boolean;
}
const COLUMNS: readonly Column[] = [
  { head: 'Netid', before: '', right: false }, { head: 'State', before: ' ', right: false }, { head: 'Recv-Q', before: ' ', right: false }, { head: 'Send-Q', before: ' ', right: false },
  { head: 'Local Address:', before: ' ', right: true }, { head: 'Port', before: '', right: false }, { head: 'Peer Address:', before: ' ', right: true },
  { head: 'Port', before: '', right: false }, { head: 'Process', before: '', right: false },
];

/** Rows as lines. `used`: the columns that are shown; `screen`: width of the terminal, 0 for none. */
export function renderColumns(rows: readonly (readonly string[])[], used: readonly number[], header: boolean, screen: number): string {
  const lines = header ? [COLUMNS.map((c) => c.head), ...rows] : rows;
  // A field is measured when the next one begins: what stands last of all is not.
  const measured = (line: number, i: number): number => (line === lines.length - 1 && i === EXTRA && line > 0 ? 0 : lines[line]![i]!.length);
  const content = COLUMNS.map((_, i) => (used.includes(i) ? lines.reduce((n, _l, line) => Math.max(n, measured(line, i)), 0) : 0));
  const shown = used.filter((i) => content[i]! > 0);
  const before = (i: number): string => (i === shown[0] ? '' : COLUMNS[i]!.before);
  const width = COLUMNS.map((_, i) => (content[i] === 0 ? 0 : content[i]! + before(i).length));
  if (screen > 0) shareOut(width, shown, screen);
  let text = '';
  for (const l of lines) {
    for (const i of used) {
      if (width[i] === 0 && l[i] === '') continue;
      const space = Math.max(0, width[i]! - before(i).length);
      text += before(i) + (COLUMNS[i]!.right ? l[i]!.padStart(space) : l[i]!.padEnd(space));
    }
    text += '\n';
  }
  return text;
}

/** Columns that fit on a line get what is left of it; the first that does not begins the next. */
function shareOut(width: number[], shown: readonly number[], screen: number): void {
  let first = 0;
  for (let at = 0; at < shown.length; at++) {
    width[shown[at]!] = Math.min(width[shown[at]!]!, screen);
    const of = (n: number): number => shown.slice(first, n).reduce((sum, i) => sum + width[i]!, 0);
    let end = at + 1;
    if (of(end) < screen && end < shown.length) continue;
    if (of(end) > screen && end - 1 > first) end--;
    const line = shown.slice(first, end);
    const space = screen - of(end);
    let rest = space % line.length;
    for (const i of [...line].reverse()) {
      width[i] = width[i]! + Math.floor(space / line.length) + (rest > 0 ? 1 : 0);
      if (rest > 0) rest--;
    }
    first = end;
    at = end - 1;
  }
}
