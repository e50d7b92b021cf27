// A lesson's words: Markdown of zh.md and en.md as blocks a page or a terminal can show. A small part of GitHub-flavoured Markdown; no raw HTML, no remote content.
import { type Demo, parseDemo } from './demo';

export type Span = { kind: 'text' | 'code' | 'strong' | 'em' | 'link'; text: string; href?: string };
export type Block =
  | { kind: 'paragraph' | 'quote'; spans: Span[] }
  | { kind: 'heading'; spans: Span[] }
  | { kind: 'list'; ordered: boolean; items: Span[][] }
  | { kind: 'console'; host: string; lines: string[] }
  | { kind: 'code'; text: string }
  | { kind: 'figure'; name: string }
  | { kind: 'demo'; demo: Demo }
  | { kind: 'table'; head: Span[][]; rows: Span[][][] };

export interface StepWords {
  title: string;
  blocks: Block[];
  /** A question, a place to look, the answer. */
  hints: Block[][];
  /** Line of its heading, for messages. */
  line: number;
}
export interface Words {
  title: string;
  intro: Block[];
  steps: Record<string, StepWords>;
}

/** A complaint about a Markdown file. */
export interface WordsProblem {
  line: number;
  key: string;
  args: Record<string, string>;
}

/** Reads `# Title`, an intro and one `## id title` section a step. */
export function parseWords(markdown: string): { words: Words; problems: WordsProblem[] } {
  const lines = markdown.replace(/\r\n/g, '\n').split('\n');
  const words: Words = { title: '', intro: [], steps: {} };
  const problems: WordsProblem[] = [];
  let step: StepWords | null = null;
  let chunk: string[] = [];
  let chunkLine = 1;
  let fence = false;
  const flush = (): void => {
    const blocks = parseBlocks(chunk, chunkLine, problems);
    if (step === null) words.intro.push(...blocks.blocks);
    else {
      step.blocks.push(...blocks.blocks);
      step.hints.push(...blocks.hints);
    }
    chunk = [];
  };
  lines.forEach((line, n) => {
    if (/^```/.test(line)) fence = !fence;
    const h = fence ? null : /^(#{1,2})\s+(.*)$/.exec(line);
    if (h === null) {
      if (chunk.length === 0) chunkLine = n + 1;
      chunk.push(line);
      return;
    }
    flush();
    if (h[1] === '#') {
      words.title = h[2]!.trim();
      return;
    }
    const m = /^([a-z0-9-]+)\s+(.*)$/.exec(h[2]!.trim());
    if (m === null) {
      problems.push({ line: n + 1, key: 'words.heading', args: { text: line } });
      return;
    }
    step = { title: m[2]!, blocks: [], hints: [], line: n + 1 };
    if (words.steps[m[1]!] !== undefined) problems.push({ line: n + 1, key: 'words.stepTwice', args: { step: m[1]! } });
    words.steps[m[1]!] = step;
  });
  flush();
  if (words.title === '') problems.push({ line: 1, key: 'words.noTitle', args: {} });
  if (fence) problems.push({ line: lines.length, key: 'words.openFence', args: {} });
  return { words, problems };
}

function parseBlocks(lines: readonly string[], first: number, problems: WordsProblem[]): { blocks: Block[]; hints: Block[][] } {
  const blocks: Block[] = [];
  const hints: Block[][] = [];
  let i = 0;
  const take = (test: (l: string) => boolean): string[] => {
    const out: string[] = [];
    while (i < lines.length && test(lines[i]!)) out.push(lines[i++]!);
    return out;
  };
  while (i < lines.length) {
    const line = lines[i]!;
    if (line.trim() === '') {
      i++;
      continue;
    }
    const fence = /^```(\S*)\s*(.*)$/.exec(line);
    if (fence !== null) {
      i++;
      const body = take((l) => !/^```/.test(l));
      i++;
      const host = /host=(\S+)/.exec(fence[2]!)?.[1] ?? '';
      if (fence[1] === 'console') blocks.push({ kind: 'console', host, lines: body.filter((l) => l.trim() !== '') });
      else if (fence[1] === 'demo') {
        const demo = parseDemo(body, first + i - body.length - 1);
        problems.push(...demo.problems);
        blocks.push({ kind: 'demo', demo });
      } else blocks.push({ kind: 'code', text: body.join('\n') });
      continue;
    }
    const figure = /^!\[[^\]]*\]\(([^)]*)\)\s*$/.exec(line);
    if (figure !== null) {
      const name = figure[1]!;
      if (name.startsWith('figure:')) blocks.push({ kind: 'figure', name: name.slice(7) });
      else problems.push({ line: first + i, key: 'words.remote', args: { link: name } });
      i++;
      continue;
    }
    if (/^>/.test(line)) {
      const quote = take((l) => /^>/.test(l)).map((l) => l.replace(/^>\s?/, ''));
      let current: string[] | null = null;
      const plain: string[] = [];
      for (const q of quote) {
        const h = /^hint:\s*(.*)$/.exec(q);
        if (h !== null) {
          if (current !== null) hints.push(parseBlocks(current, first, problems).blocks);
          current = [h[1]!];
        } else if (current !== null) current.push(q);
        else plain.push(q);
      }
      if (current !== null) hints.push(parseBlocks(current, first, problems).blocks);
      if (plain.length > 0) blocks.push({ kind: 'quote', spans: parseSpans(plain.join(' ')) });
      continue;
    }
    if (/^###+\s/.test(line)) {
      blocks.push({ kind: 'heading', spans: parseSpans(line.replace(/^#+\s+/, '')) });
      i++;
      continue;
    }
    if (/^\|/.test(line)) {
      const rows = take((l) => /^\|/.test(l)).map((l) => l.trim().replace(/^\||\|$/g, '').split('|').map((c) => parseSpans(c.trim())));
      blocks.push({ kind: 'table', head: rows[0] ?? [], rows: rows.slice(2) });
      continue;
    }
    const item = /^\s*([-*]|\d+\.)\s+/;
    if (item.test(line)) {
      const ordered = /^\s*\d/.test(line);
      const items: string[] = [];
      for (const l of take((x) => item.test(x) || /^\s{2,}\S/.test(x))) {
        if (item.test(l)) items.push(l.replace(item, ''));
        else items[items.length - 1] += ` ${l.trim()}`;
      }
      blocks.push({ kind: 'list', ordered, items: items.map(parseSpans) });
      continue;
    }
    const para = take((l) => l.trim() !== '' && !/^(```|>|\||#|!\[)/.test(l) && !item.test(l));
    if (para.length === 0) {
      i++;
      continue;
    }
    blocks.push({ kind: 'paragraph', spans: parseSpans(joinLines(para)) });
  }
  return { blocks, hints };
}

/** Lines of a paragraph: joined without a space between two Chinese characters. */
function joinLines(lines: readonly string[]): string {
  return lines.map((l) => l.trim()).reduce((a, b) => (/[\u3000-\u9fff\uff00-\uffef]$/.test(a) && /^[\u3000-\u9fff\uff00-\uffef]/.test(b) ? a + b : `${a} ${b}`));
}

/** `code`, **strong**, *em* and [links](https://...). */
export function parseSpans(text: string): Span[] {
  const out: Span[] = [];
  const re = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https?:[^)\s]+)\)/g;
  let at = 0;
  for (const m of text.matchAll(re)) {
    if (m.index > at) out.push({ kind: 'text', text: text.slice(at, m.index) });
    if (m[1] !== undefined) out.push({ kind: 'code', text: m[1] });
    else if (m[2] !== undefined) out.push({ kind: 'strong', text: m[2] });
    else if (m[3] !== undefined) out.push({ kind: 'em', text: m[3] });
    else out.push({ kind: 'link', text: m[4]!, href: m[5]! });
    at = m.index + m[0].length;
  }
  if (at < text.length) out.push({ kind: 'text', text: text.slice(at) });
  return out;
}

/** {{tokens}} used in a text, sorted. */
export const tokensOf = (text: string): string[] => [...new Set([...text.matchAll(/\{\{\s*([\w.]+)\s*\}\}/g)].map((m) => m[1]!))].sort();

/** Every demonstration in these words, in their order. */
export const demosOf = (w: Words): Demo[] => [...w.intro, ...Object.values(w.steps).flatMap((s) => s.blocks)].flatMap((b) => (b.kind === 'demo' ? [b.demo] : []));
