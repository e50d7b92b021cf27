// Walks over the parts of an awk expression.
import type { Expr } from './tree';
import type { Scalar } from './value';

/** A value already computed, as an expression. */
export const constant = (v: Scalar): Expr => ({ t: 'number', value: v as number });

/** Parts that are evaluated before the expression itself. */
export function children(e: Expr): Expr[] {
  switch (e.t) {
    case 'field':
      return [e.index];
    case 'item':
    case 'in':
      return e.keys;
    case 'assign':
      return [e.value, ...(e.to.t === 'field' ? [e.to.index] : e.to.t === 'item' ? e.to.keys : [])];
    case 'binary':
    case 'match':
      return [e.a, e.b];
    case 'and':
    case 'or':
      return [e.a, e.b];
    case 'unary':
      return [e.a];
    case 'step':
      return e.to.t === 'field' ? [e.to.index] : e.to.t === 'item' ? e.to.keys : [];
    case 'cond':
      return [e.test, e.a, e.b];
    case 'builtin':
      return e.args;
    default:
      return [];
  }
}

/** The node with other children, in the order `children` gives them. */
export function withChildren(e: Expr, c: Expr[]): Expr {
  switch (e.t) {
    case 'field':
      return { ...e, index: c[0]! };
    case 'item':
    case 'in':
      return { ...e, keys: c };
    case 'assign':
      return { ...e, value: c[0]!, to: e.to.t === 'field' ? { ...e.to, index: c[1]! } : e.to.t === 'item' ? { ...e.to, keys: c.slice(1) } : e.to };
    case 'binary':
    case 'match':
      return { ...e, a: c[0]!, b: c[1]! };
    case 'unary':
      return { ...e, a: c[0]! };
    case 'step':
      return { ...e, to: e.to.t === 'field' ? { ...e.to, index: c[0]! } : e.to.t === 'item' ? { ...e.to, keys: c } : e.to };
    case 'builtin':
      return { ...e, args: c };
    default:
      return e;
  }
}
