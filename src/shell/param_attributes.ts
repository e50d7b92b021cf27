// ${x@Q} and its kin. Linux counterpart: parameter_brace_transform in bash's subst.c.
import type { Out } from './fields';
import type { Value } from './fields';
import { one } from './fields';
import { emit } from './fields';
import type { Shell } from './shell';
import type { Op } from '../host/process';
import { promptString } from './prompt';
import type { Bytes } from '../lib/text';
import { ansiQuote, declared, declaredFlags, shellQuote } from './quote';
import { findVar, getElement, keysOf } from './vars';
import { lower, upper } from './param_ops';
import { ansiC } from './word';
import type { Param } from './ast';
/** ${x@Q} and its kin. */
export function* attributes(sh: Shell, par: Param, value: Value, o: Out, dq: boolean): Op<void> {
  const how = par.a!.text;
  const v = findVar(sh, par.name);
  if (how === 'A' || how === 'a') {
    const text = v === undefined ? '' : how === 'A' ? (v.arr === null && v.map === null && v.v !== null ? `${declared(par.name, v).startsWith('declare -- ') ? '' : `declare -${declaredFlags(v)} `}${par.name}=${shellQuote(v.v)}` : declared(par.name, v)) : declared(par.name, v).replace(/^declare -(-|\w+).*$/s, '$1').replace('-', '');
    emit(o, one(text), dq, sh);
    return;
  }
  if (how === 'K' || how === 'k') {
    const list = keysOf(sh, par.name).flatMap((k) => [k, getElement(sh, par.name, k) ?? '']);
    emit(o, how === 'k' ? { one: null, list, star: false } : one(list.map((s, i) => (i % 2 ? `"${s}"` : s)).join(' ')), dq, sh);
    return;
  }
  if (value.list === null && value.one === null) {
    emit(o, one(''), dq, sh);
    return;
  }
  const results: Bytes[] = [];
  for (const s of value.list ?? [value.one!]) {
    switch (how) {
      case 'Q':
        results.push(/[\x00-\x1f\x7f]/.test(s) ? ansiQuote(s) : shellQuote(s));
        break;
      case 'U':
        results.push([...s].map(upper).join(''));
        break;
      case 'u':
        results.push(s === '' ? s : upper(s[0]!) + s.slice(1));
        break;
      case 'L':
        results.push([...s].map(lower).join(''));
        break;
      case 'P':
        results.push(yield* promptString(sh, s));
        break;
      default:
        results.push(ansiC(s));
    }
  }
  emit(o, value.list === null ? one(results[0]!) : { ...value, list: results }, dq, sh);
}
