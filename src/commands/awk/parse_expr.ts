// Parses awk expressions by precedence, lowest first. Counterpart: mawk 1.3.4 parse.y.
import type { Bytes } from '../../lib/text';
import { compilePosix, RegexError } from '../posix_regex';
import { AwkSyntax, type Token } from './lex';
import type { Expr, Func } from './tree';

export class ExprParser {
  protected i = 0;
  protected params: Bytes[] = [];
  /** What must still be closed. */
  protected readonly open: string[] = [];
  protected readonly functions = new Map<Bytes, Func>();
  protected readonly calls: { name: Bytes; line: number }[] = [];
  constructor(protected readonly tokens: readonly Token[]) {}

  protected get now(): Token {
    return this.tokens[this.i]!;
  }
  protected is(value: string): boolean {
    const t = this.now;
    return (t.t === 'op' || t.t === 'keyword' || t.t === 'newline') && t.value === value;
  }
  protected accept(value: string): boolean {
    if (!this.is(value)) return false;
    this.i++;
    return true;
  }
  protected expect(value: string): void {
    if (!this.accept(value)) this.bad();
  }
  protected bad(): never {
    const t = this.now;
    if (t.t === 'end' || (t.t === 'newline' && this.tokens[this.i + 1]?.t === 'end')) {
      const missing = this.open[this.open.length - 1];
      throw new AwkSyntax(t.t === 'end' ? t.line : t.line + 1, missing === undefined ? 'syntax error at or near end of file' : `missing ${missing} near end of file`);
    }
    if (t.t === 'newline') throw new AwkSyntax(t.line, 'syntax error at or near end of line');
    const text = t.t === 'string' ? `"${t.value}"` : t.t === 'regex' ? `/${t.value}/` : String(t.value);
    throw new AwkSyntax(t.line, `syntax error at or near ${text}`);
  }
  protected newlines(): void {
    while (this.now.t === 'newline') this.i++;
  }
  protected ends(): void {
    while (this.now.t === 'newline' || this.is(';')) this.i++;
  }

  protected list(close: string): Expr[] {
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

  protected variable(name: Bytes): Expr {
    const slot = this.params.indexOf(name);
    return slot >= 0 ? { t: 'local', slot, name } : { t: 'var', name };
  }

  protected lvalue(e: Expr): boolean {
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

  protected ternary(ng: boolean): Expr {
    const test = this.or(ng);
    if (!this.accept('?')) return test;
    this.newlines();
    const a = this.expr(ng);
    this.newlines();
    this.expect(':');
    this.newlines();
    return { t: 'cond', test, a, b: this.expr(ng) };
  }

  protected or(ng: boolean): Expr {
    let a = this.and(ng);
    while (this.accept('||')) {
      this.newlines();
      a = { t: 'or', a, b: this.assignable(this.and(ng), ng) };
    }
    return a;
  }

  protected and(ng: boolean): Expr {
    let a = this.membership(ng);
    while (this.accept('&&')) {
      this.newlines();
      a = { t: 'and', a, b: this.assignable(this.membership(ng), ng) };
    }
    return a;
  }

  /** `a && b = 1` assigns to b, as yacc's grammar lets it. */
  protected assignable(e: Expr, ng: boolean): Expr {
    const t = this.now;
    if (t.t === 'op' && ['=', '+=', '-=', '*=', '/=', '%=', '^='].includes(t.value) && this.lvalue(e)) {
      this.i++;
      this.newlines();
      return { t: 'assign', op: t.value, to: e, value: this.expr(ng) };
    }
    return e;
  }

  protected membership(ng: boolean): Expr {
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

  protected matching(ng: boolean): Expr {
    let a = this.comparison(ng);
    while (this.is('~') || this.is('!~')) {
      const negate = this.now.value === '!~';
      this.i++;
      a = { t: 'match', negate, a, b: this.comparison(ng) };
    }
    return a;
  }

  protected comparison(ng: boolean): Expr {
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

  protected startsOperand(): boolean {
    const t = this.now;
    if (t.t === 'number' || t.t === 'string' || t.t === 'regex' || t.t === 'name' || t.t === 'call' || t.t === 'builtin') return true;
    if (t.t === 'op') return ['$', '!', '(', '-', '+', '++', '--'].includes(t.value);
    return false;
  }

  protected concatenation(ng: boolean): Expr {
    let a = this.additive(ng);
    while (this.startsOperand() && !this.is('!') ) {
      // After an operand + and - are binary; additive() has taken them already.
      a = { t: 'binary', op: ' ', a, b: this.additive(ng) };
    }
    return a;
  }

  protected additive(ng: boolean): Expr {
    let a = this.multiplicative(ng);
    while (this.is('+') || this.is('-')) {
      const op = this.now.value as string;
      this.i++;
      a = { t: 'binary', op, a, b: this.multiplicative(ng) };
    }
    return a;
  }

  protected multiplicative(ng: boolean): Expr {
    let a = this.unary(ng);
    while (this.is('*') || this.is('/') || this.is('%')) {
      const op = this.now.value as string;
      this.i++;
      a = { t: 'binary', op, a, b: this.unary(ng) };
    }
    return a;
  }

  protected unary(ng: boolean): Expr {
    if (this.is('!') || this.is('-') || this.is('+')) {
      const op = this.now.value as '!';
      this.i++;
      const a = this.unary(ng);
      // ! binds looser than comparison's operands but tighter than && in practice: !x ~ y is (!x) ~ y in mawk.
      return { t: 'unary', op, a };
    }
    return this.power(ng);
  }

  protected power(ng: boolean): Expr {
    const a = this.postfix(ng);
    if (this.accept('^')) {
      // Right associative; the exponent may carry a sign.
      const b = this.is('-') || this.is('+') || this.is('!') ? this.unaryPower(ng) : this.power(ng);
      return { t: 'binary', op: '^', a, b };
    }
    return a;
  }

  protected unaryPower(ng: boolean): Expr {
    const op = this.now.value as '-';
    this.i++;
    return { t: 'unary', op, a: this.is('-') || this.is('+') ? this.unaryPower(ng) : this.power(ng) };
  }

  protected postfix(ng: boolean): Expr {
    const a = this.primary(ng);
    if ((this.is('++') || this.is('--')) && this.lvalue(a)) {
      const op = this.now.value as '++';
      this.i++;
      return { t: 'step', op, prefix: false, to: a };
    }
    return a;
  }

  protected getlineTarget(): Expr | null {
    const t = this.now;
    if (t.t !== 'name' && !this.is('$')) return null;
    return this.primary(false);
  }

  protected primary(ng: boolean): Expr {
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

  protected regex(source: Bytes, line: number) {
    try {
      return compilePosix(source, { extended: true, dialect: 'awk' });
    } catch (e) {
      if (!(e instanceof RegexError)) throw e;
      throw new AwkSyntax(line, `regular expression compile failed (${/Unmatched \(/.test(e.message) ? 'missing \')\'' : /Unmatched \[/.test(e.message) ? "bad class -- [], [^] or [" : 'syntax error'})\n${source}`);
    }
  }

  protected builtin(name: Bytes, line: number): Expr {
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
