// unset, let. Linux counterpart: bash's builtins/set.def (unset_builtin), let.def.
import { arithFailed } from '../expand';
import { complain } from '../say';
import { evalArith } from '../arith';
import { type Builtin, isName, options } from './builtin';
import { findVar, rawVar, ReadonlyError, unsetVar } from '../vars';
export const unset: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'fvn');
  if (o.bad !== null) return o.bad;
  let status = 0;
  for (const name of o.args) {
    if (o.opts.has('f')) {
      sh.functions.delete(name);
      continue;
    }
    const m = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(name);
    try {
      if (m !== null) {
        const v = findVar(sh, m[1]!);
        if (v === undefined) continue;
        if (v.readonly) throw new ReadonlyError(m[1]!);
        const key = m[2]!;
        if (v.map !== null) v.map.delete(key.replace(/^(["'])(.*)\1$/s, '$2'));
        else if (v.arr !== null) {
          if (key === '@' || key === '*') v.arr.clear();
          else {
            let k = Number(evalArith(sh, key));
            if (k < 0) k += Math.max(-1, ...v.arr.keys()) + 1;
            if (k < 0) {
              yield* complain(sh, `unset: [${key}]: bad array subscript`);
              status = 1;
            }
            v.arr.delete(k);
          }
        } else if (key === '0') v.v = null;
        continue;
      }
      if (!isName(name)) {
        if (o.opts.has('v')) {
          yield* complain(sh, `unset: \`${name}': not a valid identifier`);
          status = 1;
        } else if (sh.functions.has(name)) sh.functions.delete(name);
        continue;
      }
      const raw = rawVar(sh, name);
      if (raw?.nameref && !o.opts.has('n') && raw.v !== null && raw.v !== '') unsetVar(sh, raw.v);
      else if (!unsetVar(sh, name) && !o.opts.has('v')) sh.functions.delete(name);
    } catch (e) {
      if (!(e instanceof ReadonlyError)) throw e;
      yield* complain(sh, `unset: ${e.varName}: cannot unset: readonly variable`);
      status = 1;
    }
  }
  return status;
};

export const let_: Builtin = function* (sh, argv) {
  const args = argv[1] === '--' ? argv.slice(2) : argv.slice(1);
  if (args.length === 0) {
    yield* complain(sh, 'let: expression expected');
    return 1;
  }
  let last = 0n;
  for (const a of args) {
    try {
      last = evalArith(sh, a);
    } catch (e) {
      yield* arithFailed(sh, e, 'let: ');
      return 1;
    }
  }
  return last === 0n ? 1 : 0;
};
