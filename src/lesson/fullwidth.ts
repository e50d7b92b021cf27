// Full-width characters in a typed command: bash (like any shell) gives meaning to the ASCII ones only, so these become plain text. Which ones matter, and why.

/** What bash does not see because of a character. */
export type Wide = 'space' | 'redirect' | 'pipe' | 'separator' | 'dash' | 'quote' | 'colon' | 'slash' | 'bracket' | 'comment' | 'letter';
export interface Mark { at: number; char: string; ascii: string; wide: Wide }

const QUOTES: Record<string, string> = { '“': '"', '”': '"', '‘': "'", '’': "'", '＂': '"', '＇': "'", '「': '"', '」': '"' };
const KINDS: Record<string, Wide> = {
  '>': 'redirect', '<': 'redirect', '|': 'pipe', ';': 'separator', '&': 'separator', '-': 'dash', ':': 'colon', '/': 'slash', '(': 'bracket', ')': 'bracket', '{': 'bracket', '}': 'bracket', '$': 'letter', '#': 'comment', '=': 'letter',
  '.': 'letter', '*': 'letter', '_': 'letter', '@': 'letter', '%': 'letter', '+': 'letter', '~': 'letter',
};

/** The ASCII character a full-width one is meant to be; null when it is none. */
function asciiOf(c: string): string | null {
  if (c === '\u3000' || c === '\u00a0') return ' ';
  if (QUOTES[c] !== undefined) return QUOTES[c];
  if (c === '。') return '.';
  if (c === '—' || c === '–' || c === '−') return '-';
  const n = c.codePointAt(0)!;
  return n >= 0xff01 && n <= 0xff5e ? String.fromCharCode(n - 0xfee0) : null;
}

const HAN = /[\u3400-\u9fff]/;

/** Marks in a command line. What stands in ASCII quotes or behind # is text anyway; punctuation between Chinese words is text meant as such. */
export function fullWidth(line: string): Mark[] {
  const out: Mark[] = [];
  const chars = [...line];
  let quote = '';
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!;
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"') at++;
      continue;
    }
    if (char === '"' || char === "'") { quote = char; continue; }
    if (char === '#' && (at === 0 || chars[at - 1] === ' ')) break;
    const ascii = asciiOf(char);
    if (ascii === null) continue;
    const wide: Wide | undefined = ascii === ' ' ? 'space' : ascii === '"' || ascii === "'" ? 'quote' : /[0-9A-Za-z]/.test(ascii) ? 'letter' : KINDS[ascii];
    if (wide === undefined) continue;
    const sentence = (wide === 'colon' || wide === 'separator' || wide === 'bracket' || char === '。' || char === '—') && (HAN.test(chars[at - 1] ?? '') || HAN.test(chars[at + 1] ?? ''));
    if (!sentence) out.push({ at, char, ascii, wide });
  }
  return out;
}

/** The line with its marks typed as ASCII. */
export function halved(line: string, marks: readonly Mark[]): string {
  const chars = [...line];
  for (const m of marks) chars[m.at] = m.ascii;
  return chars.join('');
}
