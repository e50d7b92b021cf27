// Parses an awk program. Counterpart: mawk 1.3.4 parse.y; POSIX awk grammar.
import type { Bytes } from '../../lib/text';
import { compilePosix, RegexError } from '../posix_regex';
import { AwkSyntax, lex, type Token } from './lex';
import type { Expr, Func, Program, Redirect, Rule, Stmt } from './tree';

/** Parses; throws AwkSyntax. */
export function parseAwk(source: Bytes): Program {
  return new AwkParser(lex(source)).program();
}

class AwkParser {
  private i = 0;
  private params: Bytes[] = [];
  private inFunction = false;
  private loops = 0;
  private inEnd = false;
  /** What must still be closed. */
  private readonly open: string[] = [];
  private readonly functions = new Map<Bytes, Func>();
  private readonly calls: { name: Bytes; line: number }[] = [];
  constructor(private readonly tokens: readonly Token[]) {}

  private get now(): Token {
    return this.tokens[this.i]!;
  }
  private is(value: string): boolean {
    const t = this.now;
    return (t.t === 'op' || t.t === 'keyword' || t.t === 'newline') && t.value === value;
  }
  private accept(value: string): boolean {
    if (!this.is(value)) return false;
    this.i++;
    return true;
  }
  private expect(value: string): void {
    if (!this.accept(value)) this.bad();
  }
  private bad(): never {
    const t = this.now;
    if (t.t === 'end' || (t.t === 'newline' && this.tokens[this.i + 1]?.t === 'end')) {
      const missing = this.open[this.open.length - 1];
      throw new AwkSyntax(t.t === 'end' ? t.line : t.line + 1, missing === undefined ? 'syntax error at or near end of file' : `missing ${missing} near end of file`);
    }
    if (t.t === 'newline') throw new AwkSyntax(t.line, 'syntax error at or near end of line');
    const text = t.t === 'string' ? `"${t.value}"` : t.t === 'regex' ? `/${t.value}/` : String(t.value);
    throw new AwkSyntax(t.line, `syntax error at or near ${text}`);
  }
  private newlines(): void {
    while (this.now.t === 'newline') this.i++;
  }
  private ends(): void {
    while (this.now.t === 'newline' || this.is(';')) this.i++;
  }

  program(): Program {
    const rules: Rule[] = [];
    this.ends();
    while (this.now.t !== 'end') {
      if (this.is('function')) this.func();
      else rules.push(this.rule());
      this.ends();
    }
    const last = this.tokens[this.tokens.length - 1]!.line;
    const undefinedCalls = this.calls.filter((c) => !this.functions.has(c.name));
    if (undefinedCalls.length > 0) throw new AwkSyntax(last, undefinedCalls.map((c) => `function ${c.name} never defined`).join(`\nawk: line ${last}: `));
    return { rules, functions: this.functions };
  }

  private rule(): Rule {
    if (this.is('BEGIN') || this.is('END')) {
      const kind = this.now.value as 'BEGIN';
      this.i++;
      if (!this.is('{')) this.bad();
      this.inEnd = true;
      const body = this.block();
      this.inEnd = false;
      return { kind, a: null, b: null, body };
    }
    if (this.is('{')) return { kind: 'pattern', a: null, b: null, body: this.block() };
    const a = this.expr();
    let b: Expr | null = null;
    if (this.accept(',')) {
      this.newlines();
      b = this.expr();
    }
    const body = this.is('{') ? this.block() : null;
    if (body === null && this.now.t !== 'newline' && this.now.t !== 'end' && !this.is(';')) this.bad();
    return { kind: b === null ? 'pattern' : 'range', a, b, body };
  }

  private func(): void {
    this.i++;
    const t = this.now;
    if (t.t !== 'call' && t.t !== 'name') this.bad();
    this.i++;
    this.expect('(');
    const params: Bytes[] = [];
    while (!this.is(')')) {
      const n = this.now;
      if (n.t !== 'name') this.bad();
      params.push(n.value);
      this.i++;
      if (!this.accept(',')) break;
      this.newlines();
    }
    this.expect(')');
    this.newlines();
    this.params = params;
    this.inFunction = true;
    const f: Func = { name: t.value, params, body: { t: 'block', list: [] } };
    this.functions.set(t.value, f);
    f.body = this.block();
    this.inFunction = false;
    this.params = [];
  }

  private block(): Stmt {
    this.expect('{');
    this.open.push('}');
    const list: Stmt[] = [];
    this.ends();
    while (!this.is('}')) {
      if (this.now.t === 'end') this.bad();
      list.push(this.statement());
      this.ends();
    }
    this.expect('}');
    this.open.pop();
    return { t: 'block', list };
  }

  private endSimple(): void {
    if (this.now.t === 'newline' || this.is(';')) {
      this.i++;
      return;
    }
    if (this.is('}') || this.now.t === 'end') return;
    this.bad();
  }

  private body(): Stmt {
    this.newlines();
    if (this.accept(';')) return { t: 'block', list: [] };
    this.loops++;
    const s = this.statement();
    this.loops--;
    return s;
  }

  private statement(): Stmt {
    const t = this.now;
    if (this.is('{')) return this.block();
    if (t.t === 'keyword') {
      switch (t.value) {
        case 'if': {
          this.i++;
          this.expect('(');
          const test = this.expr();
          this.expect(')');
          this.newlines();
          const yes: Stmt = this.accept(';') ? { t: 'block', list: [] } : this.statement();
          const save = this.i;
          this.ends();
          if (this.accept('else')) {
            this.newlines();
            return { t: 'if', test, yes, no: this.accept(';') ? { t: 'block', list: [] } : this.statement() };
          }
          this.i = save;
          return { t: 'if', test, yes, no: null };
        }
        case 'while': {
          this.i++;
          this.expect('(');
          const test = this.expr();
          this.expect(')');
          return { t: 'while', test, body: this.body() };
        }
        case 'do': {
          this.i++;
          const body = this.body();
          this.ends();
          this.expect('while');
          this.expect('(');
          const test = this.expr();
          this.expect(')');
          this.endSimple();
          return { t: 'do', body, test };
        }
        case 'for':
          return this.forLoop();
        case 'break':
        case 'continue':
          this.i++;
          if (this.loops === 0) throw new AwkSyntax(t.line, `${t.value === 'break' ? 'break' : 'continue'} statement outside of loop`);
          this.endSimple();
          return { t: t.value };
        case 'next':
        case 'nextfile':
          this.i++;
          if (this.inEnd) throw new AwkSyntax(t.line, `improper use of ${t.value}`);
          this.endSimple();
          return { t: t.value };
        case 'exit':
        case 'return': {
          this.i++;
          if (t.value === 'return' && !this.inFunction) throw new AwkSyntax(t.line, 'return outside function body');
          const e = this.now.t === 'newline' || this.now.t === 'end' || this.is(';') || this.is('}') ? null : this.expr();
          this.endSimple();
          return t.value === 'exit' ? { t: 'exit', code: e } : { t: 'return', value: e };
        }
      }
    }
    const s = this.simple();
    this.endSimple();
    return s;
  }

  private forLoop(): Stmt {
    this.i++;
    this.expect('(');
    const a = this.tokens[this.i]!;
    const b = this.tokens[this.i + 1]!;
    const c = this.tokens[this.i + 2]!;
    const d = this.tokens[this.i + 3]!;
    if (a.t === 'name' && b.t === 'keyword' && b.value === 'in' && c.t === 'name' && d.t === 'op' && d.value === ')') {
      this.i += 4;
      return { t: 'forin', to: this.variable(a.value), array: this.variable(c.value), body: this.body() };
    }
    const init = this.is(';') ? null : this.simple();
    this.expect(';');
    this.newlines();
    const test = this.is(';') ? null : this.expr();
    this.expect(';');
    this.newlines();
    const step = this.is(')') ? null : this.simple();
    this.expect(')');
    return { t: 'for', init, test, step, body: this.body() };
  }

  private simple(): Stmt {
    const t = this.now;
    if (t.t === 'keyword' && t.value === 'delete') {
      this.i++;
      const n = this.now;
      if (n.t !== 'name') this.bad();
      this.i++;
      const array = this.variable(n.value);
      if (!this.accept('[')) return { t: 'delete', array, keys: null };
      const keys = this.list(']');
      return { t: 'delete', array, keys };
    }
    if (t.t === 'keyword' && (t.value === 'print' || t.value === 'printf')) {
      this.i++;
      let args: Expr[] = [];
      if (!this.printEnd()) {
        // A parenthesised list is the arguments only when nothing but the end or a redirection follows.
        const save = this.i;
        let whole = false;
        if (this.accept('(')) {
          const list = this.listUntil(')');
          if (list !== null && this.printEnd()) {
            args = list;
            whole = true;
          }
        }
        if (!whole) {
          this.i = save;
          do {
            this.newlines();
            args.push(this.expr(true));
          } while (this.accept(','));
        }
      }
      let redirect: Redirect | null = null;
      if (this.is('>') || this.is('>>') || this.is('|')) {
        const op = this.now.value as Redirect['op'];
        this.i++;
        redirect = { op, to: op === '|' ? this.concatenation(true) : this.ternary(true) };
      }
      if (t.value === 'printf' && args.length === 0) this.bad();
      return { t: t.value, args, redirect };
    }
    return { t: 'expr', e: this.expr() };
  }

  private printEnd(): boolean {
    return this.now.t === 'newline' || this.now.t === 'end' || this.is(';') || this.is('}') || this.is('>') || this.is('>>') || this.is('|');
  }

  private listUntil(close: string): Expr[] | null {
    const out: Expr[] = [];
    try {
      do {
        this.newlines();
        out.push(this.expr());
        this.newlines();
      } while (this.accept(','));
    } catch (e) {
      if (e instanceof AwkSyntax) return null;
      throw e;
    }
    return this.accept(close) ? out : null;
  }

  private list(close: string): Expr[] {
    const out: Expr[] = [];
    this.newlines();
    if (this.accept(close)) return out;
    do {
      this.newlines();
      out.push(this.expr());
      this.newlines();
    } while (this.accept(','));
    this.expect(close);
    return out;
  }

  private variable(name: Bytes): Expr {
    const slot = this.params.indexOf(name);
    return slot >= 0 ? { t: 'local', slot, name } : { t: 'var', name };
  }

  private lvalue(e: Expr): boolean {
    return e.t === 'var' || e.t === 'local' || e.t === 'field' || e.t === 'item';
  }

  /** Assignment and below. `noGreater`: > is a redirection here. */
  expr(noGreater = false): Expr {
    const a = this.ternary(noGreater);
    const t = this.now;
    if (t.t === 'op' && ['=', '+=', '-=', '*=', '/=', '%=', '^='].includes(t.value) && this.lvalue(a)) {
      this.i++;
      this.newlines();
      return { t: 'assign', op: t.value, to: a, value: this.expr(noGreater) };
    }
    return a;
  }

  private ternary(ng: boolean): Expr {
    const test = this.or(ng);
    if (!this.accept('?')) return test;
    this.newlines();
    const a = this.expr(ng);
    this.newlines();
    this.expect(':');
    this.newlines();
    return { t: 'cond', test, a, b: this.expr(ng) };
  }

  private or(ng: boolean): Expr {
    let a = this.and(ng);
    while (this.accept('||')) {
      this.newlines();
      a = { t: 'or', a, b: this.assignable(this.and(ng), ng) };
    }
    return a;
  }

  private and(ng: boolean): Expr {
    let a = this.membership(ng);
    while (this.accept('&&')) {
      this.newlines();
      a = { t: 'and', a, b: this.assignable(this.membership(ng), ng) };
    }
    return a;
  }

  /** `a && b = 1` assigns to b, as yacc's grammar lets it. */
  private assignable(e: Expr, ng: boolean): Expr {
    const t = this.now;
    if (t.t === 'op' && ['=', '+=', '-=', '*=', '/=', '%=', '^='].includes(t.value) && this.lvalue(e)) {
      this.i++;
      this.newlines();
      return { t: 'assign', op: t.value, to: e, value: this.expr(ng) };
    }
    return e;
  }

  private membership(ng: boolean): Expr {
    let a = this.matching(ng);
    while (this.is('in')) {
      this.i++;
      const n = this.now;
      if (n.t !== 'name') this.bad();
      this.i++;
      a = { t: 'in', keys: a.t === 'group' ? a.list : [a], array: this.variable(n.value) };
    }
    return a;
  }

  private matching(ng: boolean): Expr {
    let a = this.comparison(ng);
    while (this.is('~') || this.is('!~')) {
      const negate = this.now.value === '!~';
      this.i++;
      a = { t: 'match', negate, a, b: this.comparison(ng) };
    }
    return a;
  }

  private comparison(ng: boolean): Expr {
    let a = this.concatenation(ng);
    for (;;) {
      const t = this.now;
      if (t.t !== 'op' || !['<', '<=', '==', '!=', '>=', '>'].includes(t.value) || (t.value === '>' && ng)) break;
      this.i++;
      a = { t: 'binary', op: t.value, a, b: this.concatenation(ng) };
    }
    // expr | getline
    while (this.is('|') && this.tokens[this.i + 1]?.t === 'keyword' && this.tokens[this.i + 1]!.value === 'getline') {
      this.i += 2;
      a = { t: 'getline', to: this.getlineTarget(), file: null, command: a };
    }
    return a;
  }

  private startsOperand(): boolean {
    const t = this.now;
    if (t.t === 'number' || t.t === 'string' || t.t === 'regex' || t.t === 'name' || t.t === 'call' || t.t === 'builtin') return true;
    if (t.t === 'op') return ['$', '!', '(', '-', '+', '++', '--'].includes(t.value);
    return false;
  }

  private concatenation(ng: boolean): Expr {
    let a = this.additive(ng);
    while (this.startsOperand() && !this.is('!') ) {
      // After an operand + and - are binary; additive() has taken them already.
      a = { t: 'binary', op: ' ', a, b: this.additive(ng) };
    }
    return a;
  }

  private additive(ng: boolean): Expr {
    let a = this.multiplicative(ng);
    while (this.is('+') || this.is('-')) {
      const op = this.now.value as string;
      this.i++;
      a = { t: 'binary', op, a, b: this.multiplicative(ng) };
    }
    return a;
  }

  private multiplicative(ng: boolean): Expr {
    let a = this.unary(ng);
    while (this.is('*') || this.is('/') || this.is('%')) {
      const op = this.now.value as string;
      this.i++;
      a = { t: 'binary', op, a, b: this.unary(ng) };
    }
    return a;
  }

  private unary(ng: boolean): Expr {
    if (this.is('!') || this.is('-') || this.is('+')) {
      const op = this.now.value as '!';
      this.i++;
      const a = this.unary(ng);
      // ! binds looser than comparison's operands but tighter than && in practice: !x ~ y is (!x) ~ y in mawk.
      return { t: 'unary', op, a };
    }
    return this.power(ng);
  }

  private power(ng: boolean): Expr {
    const a = this.postfix(ng);
    if (this.accept('^')) {
      // Right associative; the exponent may carry a sign.
      const b = this.is('-') || this.is('+') || this.is('!') ? this.unaryPower(ng) : this.power(ng);
      return { t: 'binary', op: '^', a, b };
    }
    return a;
  }

  private unaryPower(ng: boolean): Expr {
    const op = this.now.value as '-';
    this.i++;
    return { t: 'unary', op, a: this.is('-') || this.is('+') ? this.unaryPower(ng) : this.power(ng) };
  }

  private postfix(ng: boolean): Expr {
    const a = this.primary(ng);
    if ((this.is('++') || this.is('--')) && this.lvalue(a)) {
      const op = this.now.value as '++';
      this.i++;
      return { t: 'step', op, prefix: false, to: a };
    }
    return a;
  }

  private getlineTarget(): Expr | null {
    const t = this.now;
    if (t.t !== 'name' && !this.is('$')) return null;
    return this.primary(false);
  }

  private primary(ng: boolean): Expr {
    const t = this.now;
    switch (t.t) {
      case 'number':
        this.i++;
        return { t: 'number', value: t.value };
      case 'string':
        this.i++;
        return { t: 'string', value: t.value };
      case 'regex':
        this.i++;
        return { t: 'regex', re: this.regex(t.value, t.line) };
      case 'name': {
        this.i++;
        const v = this.variable(t.value);
        if (this.accept('[')) return { t: 'item', array: v, keys: this.list(']') };
        return v;
      }
      case 'call': {
        this.i += 2;
        this.calls.push({ name: t.value, line: t.line });
        return { t: 'call', name: t.value, args: this.list(')'), line: t.line };
      }
      case 'builtin':
        return this.builtin(t.value, t.line);
      case 'keyword':
        if (t.value === 'getline') {
          this.i++;
          const to = this.getlineTarget();
          if (this.accept('<')) return { t: 'getline', to, file: this.postfix(ng), command: null };
          return { t: 'getline', to, file: null, command: null };
        }
        return this.bad();
      case 'op': {
        if (t.value === '$') {
          this.i++;
          if (this.is('++') || this.is('--')) {
            const op = this.now.value as '++';
            this.i++;
            return { t: 'field', index: { t: 'step', op, prefix: true, to: this.primary(ng) } };
          }
          if (this.is('-') || this.is('+') || this.is('!')) return { t: 'field', index: this.unary(ng) };
          return { t: 'field', index: this.primary(ng) };
        }
        if (t.value === '++' || t.value === '--') {
          this.i++;
          const to = this.primary(ng);
          if (!this.lvalue(to)) this.bad();
          return { t: 'step', op: t.value, prefix: true, to };
        }
        if (t.value === '(') {
          this.i++;
          const list = this.list(')');
          if (list.length === 0) this.bad();
          if (list.length === 1) {
            const e = list[0]!;
            return e.t === 'group' ? e : this.lvalue(e) ? { t: 'binary', op: '(', a: e, b: e } : e;
          }
          if (!this.is('in')) this.bad();
          return { t: 'group', list };
        }
        return this.bad();
      }
      default:
        return this.bad();
    }
  }

  private regex(source: Bytes, line: number) {
    try {
      return compilePosix(source, { extended: true, dialect: 'awk' });
    } catch (e) {
      if (!(e instanceof RegexError)) throw e;
      throw new AwkSyntax(line, `regular expression compile failed (${/Unmatched \(/.test(e.message) ? 'missing \')\'' : /Unmatched \[/.test(e.message) ? "bad class -- [], [^] or [" : 'syntax error'})\n${source}`);
    }
  }

  private builtin(name: Bytes, line: number): Expr {
    this.i++;
    let args: Expr[] = [];
    if (this.is('(')) {
      this.i++;
      args = this.list(')');
    } else if (name !== 'length') this.bad();
    const counts: Record<string, [number, number]> = {
      length: [0, 1], substr: [2, 3], index: [2, 2], split: [2, 3], sub: [2, 3], gsub: [2, 3], match: [2, 2], sprintf: [1, 999], sin: [1, 1], cos: [1, 1], atan2: [2, 2], exp: [1, 1], log: [1, 1], sqrt: [1, 1], int: [1, 1], rand: [0, 0],
      srand: [0, 1], tolower: [1, 1], toupper: [1, 1], system: [1, 1], close: [1, 1], fflush: [0, 1], systime: [0, 0], strftime: [0, 3], mktime: [1, 1],
    };
    const [min, max] = counts[name]!;
    if (args.length < min || args.length > max) throw new AwkSyntax(line, `wrong number of arguments in call to ${name}`);
    return { t: 'builtin', name, args, line };
  }
}
