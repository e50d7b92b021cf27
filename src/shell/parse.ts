// From source text to the shell's own shapes (ast.ts), by way of the `unbash` parser; nothing else imports it. Linux counterpart: bash's parse.y.
// Results are cached by text: derived data, not state.
import type * as U from 'unbash';
import { parse as unbashParse } from 'unbash';
import type { Bytes } from '../lib/text';
import type { Assign, Cond, Element, Item, List, Node, Part, Redir, Unit, Word } from './ast';
import { unquote } from './token';
import { checkSyntax, lineAt, type SyntaxError_ } from './syntax_error';
import { compileParts, compileWord, headCuts } from './word';

/** A parsed text: the units that can run, and the error met after them. */
export interface Parsed {
  units: Unit[];
  error: SyntaxError_ | null;
}

const cache = new Map<string, Parsed>();
let cached = 0;

/** Parses a text whose first line has number `line`. Never throws. */
export function parseShell(src: Bytes, line = 1, extglob = false): Parsed {
  const key = `${extglob ? 'x' : ''}${line} ${src}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const parsed = parseNow(src, line, extglob);
  if (cached > 4_000_000) {
    cache.clear();
    cached = 0;
  }
  cached += src.length + 100;
  cache.set(key, parsed);
  return parsed;
}

function parseNow(src: Bytes, line: number, extglob: boolean): Parsed {
  const checked = checkSyntax(src, extglob);
  const error = checked.error;
  const good = error === null ? src : src.slice(0, error.goodUntil);
  const c = new Compiler(good, line, checked.unclosed.map((d) => ({ ...d, eof: lineAt(src, src.length) })));
  const units = c.units(checked.unitEnds);
  if (c.refused !== null && error === null) return { units: [], error: c.refused };
  return { units, error };
}

/** The one command a function's source text holds. */
export function parseBody(src: Bytes, line: number): Node | null {
  const list = parseShell(src, line, true).units[0]?.list;
  return list === undefined ? null : (list.items[0]?.node ?? null);
}

interface Doc {
  wanted: Bytes;
  pos: number;
  eof: number;
}

class Compiler {
  refused: SyntaxError_ | null = null;
  private lineStarts: number[] = [0];
  private docEnd = 0;

  constructor(
    private readonly src: Bytes,
    private readonly base: number,
    private readonly unclosed: Doc[],
  ) {
    for (let i = src.indexOf('\n'); i >= 0; i = src.indexOf('\n', i + 1)) this.lineStarts.push(i + 1);
  }

  units(ends: number[]): Unit[] {
    const script = unbashParse(this.src);
    if (script.errors !== undefined && script.errors.length > 0) {
      const pos = script.errors[0]!.pos;
      const line = lineAt(this.src, pos);
      const near = /^\S+/.exec(this.src.slice(pos))?.[0] ?? 'newline';
      this.refused = { incomplete: false, status: 2, goodUntil: 0, line, texts: [`syntax error near unexpected token \`${near}'`, `\`${this.src.split('\n')[line - 1] ?? ''}'`] };
      return [];
    }
    const units: Unit[] = [];
    let end = -1;
    let e = 0;
    for (const s of script.commands) {
      const item = this.item(s);
      if (s.pos >= end || units.length === 0) {
        const from = end < 0 ? 0 : end;
        while (e < ends.length && ends[e]! <= s.pos) e++;
        end = ends[e] ?? this.src.length;
        units.push({ list: { t: 'list', items: [] }, line: this.line(s.pos), text: this.src.slice(from, end) });
      }
      units.at(-1)!.list.items.push(item);
    }
    return units;
  }

  private line(pos: number): number {
    const at = this.lineStarts;
    let lo = 0;
    let hi = at.length - 1;
    while (lo < hi) {
      const mid = (lo + hi + 1) >> 1;
      if (at[mid]! <= pos) lo = mid;
      else hi = mid - 1;
    }
    return this.base + lo;
  }

  private text(n: { pos: number; end: number }): Bytes {
    return this.src.slice(n.pos, n.end);
  }

  private item(s: U.Statement): Item {
    const node = this.node(s.command);
    return { node, bg: s.background === true, text: this.text(s.command) };
  }

  private list(l: { commands: readonly U.Statement[] }): List {
    return { t: 'list', items: l.commands.map((s) => this.item(s)) };
  }

  private word(w: U.Word): Word {
    return compileWord(this.src.slice(w.pos, w.end), this.line(w.pos));
  }

  private arith(from: number, to: number): Part[] {
    return compileParts(this.src.slice(from, to), this.line(from), 'arith');
  }

  private node(n: U.PipelineNode | U.AndOr | U.CompoundList): Node {
    switch (n.type) {
      case 'Command':
        return this.simple(n);
      case 'Pipeline': {
        const texts = n.commands.map((c) => this.text(c));
        let time: '' | 'time' | 'posix' = '';
        let negate = false;
        for (const p of n.prefixes) {
          if (p.type === 'Negation') negate = !negate;
          else time = p.posix ? 'posix' : 'time';
        }
        return { t: 'pipe', negate, time, cmds: n.commands.map((c) => this.node(c)), both: n.operators.map((o) => o === '|&'), texts };
      }
      case 'AndOr':
        return { t: 'andor', cmds: n.commands.map((c) => this.node(c)), ops: [...n.operators] };
      case 'CompoundList':
        return this.list(n);
      case 'If':
        return {
          t: 'if',
          arms: [{ test: this.list(n.clause), body: this.list(n.then) }, ...n.elif.map((e) => ({ test: this.list(e.clause), body: this.list(e.then) }))],
          else: n.else === undefined ? null : this.list(n.else),
        };
      case 'While':
        return { t: 'while', until: n.kind === 'until', test: this.list(n.clause), body: this.list(n.body) };
      case 'For':
      case 'Select':
        return {
          t: n.type === 'For' ? 'for' : 'select',
          name: n.name.text,
          words: n.wordlist === undefined ? null : n.wordlist.map((w) => this.word(w)),
          body: this.list(n.body),
          line: this.line(n.pos),
          text: this.text(n),
        };
      case 'ArithmeticFor': {
        const open = this.src.indexOf('((', n.pos) + 2;
        const cuts = headCuts(this.src, open);
        const piece = (i: number): Bytes => this.src.slice(cuts[i]! + (i === 0 ? 0 : 1), cuts[i + 1]!);
        return {
          t: 'cfor',
          init: this.arith(cuts[0]!, cuts[1]!),
          test: this.arith(cuts[1]! + 1, cuts[2]!),
          step: this.arith(cuts[2]! + 1, cuts[3]!),
          body: this.list(n.body),
          line: this.line(n.pos),
          texts: [piece(0), piece(1), piece(2)],
        };
      }
      case 'Case':
        return {
          t: 'case',
          word: this.word(n.word),
          items: n.items.map((i) => ({ patterns: i.pattern.map((w) => this.word(w)), body: this.list(i.body), end: i.terminator ?? ';;' })),
          line: this.line(n.pos),
        };
      case 'Subshell':
        return { t: 'sub', body: this.list(n.body), text: this.text(n) };
      case 'BraceGroup':
        return { t: 'group', body: this.list(n.body) };
      case 'TestCommand':
        return { t: 'cond', expr: this.cond(n.expression), line: this.line(n.pos) };
      case 'ArithmeticCommand':
        return { t: 'arith', parts: this.arith(n.pos + 2, n.end - 2), line: this.line(n.pos), text: this.src.slice(n.pos + 2, n.end - 2) };
      case 'Redirected':
        return { t: 'redir', node: this.node(n.command), redirs: n.redirects.map((r) => this.redir(r)), line: this.line(n.pos) };
      case 'Function': {
        this.docEnd = 0;
        this.node(n.body); // finds here-documents that stand behind the body
        const end = Math.max(n.body.end, this.docEnd);
        return { t: 'func', name: unquote(n.name.text), src: this.src.slice(n.body.pos, end), line: this.line(n.body.pos) };
      }
      case 'Coproc':
        return { t: 'coproc', name: n.name?.text ?? 'COPROC', node: this.node(n.body), text: this.text(n.body) };
    }
  }

  private simple(n: U.Command): Node {
    const assigns: Assign[] = [];
    const words: (Word | Assign)[] = [];
    const redirs: Redir[] = [];
    if (n.name !== undefined) words.push(this.word(n.name));
    for (const p of n.prefix) {
      if (p.type === 'Assignment') assigns.push(this.assign(p));
      else redirs.push(this.redir(p));
    }
    for (const s of n.suffix) {
      if (s.type === 'Word') words.push(this.word(s));
      else if (s.type === 'Assignment') words.push(this.assign(s));
      else redirs.push(this.redir(s));
    }
    return { t: 'simple', line: this.line(n.pos), assigns, words, redirs, text: this.text(n) };
  }

  private assign(a: U.Assignment): Assign {
    const text = this.src.slice(a.pos, a.end);
    const line = this.line(a.pos);
    const m = /^[A-Za-z_]\w*/.exec(text);
    const name = m === null ? a.name : m[0];
    let rest = text.slice(name.length);
    let indexText = '';
    if (a.index !== undefined) {
      indexText = this.src.slice(a.index.pos, a.index.end);
      rest = rest.slice(rest.indexOf(indexText) + indexText.length).replace(/^\s*\]/, '');
    }
    const append = rest.startsWith('+=');
    const value = rest.slice(append ? 2 : 1);
    const array = a.value.type === 'ArrayValue';
    return {
      t: 'assign', name, append, text, indexText,
      index: a.index === undefined ? null : compileParts(indexText, line, 'word'),
      value: array ? null : compileWord(value, line),
      elements: a.value.type === 'ArrayValue' ? a.value.elements.map((w) => this.element(w)) : null,
    };
  }

  private element(w: U.Word): Element {
    const text = this.src.slice(w.pos, w.end);
    const line = this.line(w.pos);
    const m = /^\[((?:[^\]"'\\]|\\.|"[^"]*"|'[^']*')*)\](\+?)=/.exec(text);
    if (m === null) return { index: null, indexText: '', append: false, value: compileWord(text, line) };
    return { index: compileParts(m[1]!, line, 'word'), indexText: m[1]!, append: m[2] === '+', value: compileWord(text.slice(m[0].length), line) };
  }

  private redir(r: U.Redirection): Redir {
    const d = r.descriptor;
    const out: Redir = {
      op: r.operator,
      fd: d?.type === 'FileDescriptor' ? d.value : null,
      fdVar: d?.type === 'FileDescriptorVariable' ? d.name : null,
      target: null, body: null, bodyText: '', delimiter: '', unclosed: null,
    };
    if (r.type !== 'HereDoc') {
      if (r.target !== undefined) out.target = this.word(r.target);
      return out;
    }
    let body = this.src.slice(r.body.pos, r.body.end);
    if (r.operator === '<<-') body = body.replace(/^\t+/gm, '');
    const open = this.unclosed.find((u) => u.pos >= r.pos && u.pos < r.end);
    if (open !== undefined) {
      if (body !== '' && !body.endsWith('\n')) body += '\n';
      out.unclosed = { wanted: open.wanted, line: this.line(r.pos), eofLine: this.base - 1 + open.eof };
    }
    this.docEnd = Math.max(this.docEnd, r.closing?.end ?? r.body.end);
    out.bodyText = body;
    out.delimiter = r.delimiter?.text ?? '';
    out.body = r.delimiter?.quoted ? [{ t: 'lit', s: body, q: true }] : compileParts(body, this.line(r.body.pos), 'doc');
    return out;
  }

  private cond(e: U.TestExpression): Cond {
    switch (e.type) {
      case 'TestUnary':
        return { t: 'un', op: e.operator, a: this.word(e.operand) };
      case 'TestBinary':
        return { t: 'bin', op: e.operator, a: this.word(e.left), b: this.word(e.right) };
      case 'TestLogical':
        return { t: e.operator === '&&' ? 'and' : 'or', list: e.operands.map((o) => this.cond(o)) };
      case 'TestNot':
        return e.negations.length % 2 === 0 ? this.cond(e.operand) : { t: 'not', a: this.cond(e.operand) };
      case 'TestGroup':
        return { t: 'group', a: this.cond(e.expression) };
    }
  }
}
