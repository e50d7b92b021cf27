// Parses an awk program. Counterpart: mawk 1.3.4 parse.y; POSIX awk grammar.
import type { Bytes } from '../../lib/text';
import { AwkSyntax, lex } from './lex';
import { ExprParser } from './parse_expr';
import type { Expr, Func, Program, Redirect, Rule, Stmt } from './tree';

/** Parses; throws AwkSyntax. */
export function parseAwk(source: Bytes): Program {
  return new AwkParser(lex(source)).program();
}

class AwkParser extends ExprParser {
  private inFunction = false;
  private loops = 0;
  private inEnd = false;

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
}
