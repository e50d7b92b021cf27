// declare, typeset, local, export, readonly, unset, let. Linux counterpart: bash's builtins/declare.def, setattr.def, set.def, let.def.
import { notModelled } from '../../commands/command';
import type { Op } from '../../host/process';
import type { Bytes } from '../../lib/text';
import { assign, splitAssignment } from '../assign';
import type { Assign } from '../ast';
import { expandAssigned } from '../expand';
import { printFunction } from '../print_function';
import { declared } from '../quote';
import { complain, print } from '../say';
import type { Scope, Shell, Var } from '../shell';
import { findVar, getVar, localScope, newVar, rawVar } from '../vars';
import { compileParts, compileWord } from '../word';
import { type Builtin, isName, options, usage } from './builtin';

const LETTERS = 'aAfFgiIlnprtux';

interface Wanted {
  on: Set<string>;
  off: Set<string>;
}

/** Options of declare and its kin: -x sets, +x clears. */
function* flags(sh: Shell, who: string, args: (Bytes | Assign)[]): Op<{ w: Wanted; rest: (Bytes | Assign)[]; bad: number | null }> {
  const w: Wanted = { on: new Set(), off: new Set() };
  let i = 0;
  for (; i < args.length; i++) {
    const a = args[i]!;
    if (typeof a !== 'string' || !/^[-+]./.test(a)) break;
    if (a === '--') {
      i++;
      break;
    }
    for (const c of a.slice(1)) {
      if (!LETTERS.includes(c)) {
        return { w, rest: [], bad: yield* usage(sh, who, `${a[0]}${c}: invalid option`) };
      }
      if (c === 't' || c === 'I') return { w, rest: [], bad: yield* notModelled(sh.p, who, `option -${c}`) };
      (a[0] === '-' ? w.on : w.off).add(c);
    }
  }
  return { w, rest: args.slice(i), bad: null };
}

export const declare: Builtin = function* (sh, argv, given) {
  const who = argv[0]!;
  const local = who === 'local';
  const inFunction = sh.frames.some((f) => f.kind === 'fn');
  if (local && !inFunction) {
    yield* complain(sh, 'local: can only be used in a function');
    return 1;
  }
  const args = (given ?? argv).slice(1);
  if (local && args[0] === '-') return 0;
  const { w, rest, bad } = yield* flags(sh, who, args);
  if (bad !== null) return bad;
  if (w.on.has('f') || w.on.has('F')) return yield* functions(sh, who, w, rest);
  if (w.on.has('p') || rest.length === 0) return yield* show(sh, who, w, rest, local);
  const scope = inFunction && !w.on.has('g') ? localScope(sh) : sh.scopes[0]!;
  return yield* declareAll(sh, who, w, rest, inFunction && !w.on.has('g') ? scope : w.on.has('g') ? sh.scopes[0]! : null);
};

/** Declares names in `scope` (null: where they are, else global). */
function* declareAll(sh: Shell, who: string, w: Wanted, rest: (Bytes | Assign)[], scope: Scope | null): Op<number> {
  let status = 0;
  for (const arg of rest) {
    const a = typeof arg === 'string' ? fromText(sh, arg) : arg;
    const name = a === null ? String(arg).replace(/\[.*\]$/, '') : a.name;
    if (!isName(name)) {
      yield* complain(sh, `${who}: \`${typeof arg === 'string' ? arg : arg.text}': not a valid identifier`);
      status = 1;
      continue;
    }
    let v: Var;
    if (scope !== null) {
      const known = scope.vars.get(name);
      if (known === undefined) {
        const outer = rawVar(sh, name);
        if (outer?.readonly && scope !== sh.scopes[0]) {
          yield* complain(sh, `${who}: ${name}: readonly variable`);
          status = 1;
          continue;
        }
        v = newVar();
        // A temporary assignment to the same name gives the local its value.
        const temp = sh.scopes.at(-1)!;
        if (!temp.fn && temp !== scope && temp.vars.has(name)) v.v = temp.vars.get(name)!.v;
        scope.vars.set(name, v);
      } else v = known;
    } else {
      const known = w.on.has('n') || w.off.has('n') ? rawVar(sh, name) : findVar(sh, name);
      if (known === undefined) {
        v = newVar();
        sh.scopes[0]!.vars.set(name, v);
      } else v = known;
    }
    if (v.readonly && (a !== null || w.off.has('r') || w.on.has('i'))) {
      yield* complain(sh, `${who}: ${name}: readonly variable`);
      status = 1;
      continue;
    }
    if (w.on.has('A') && v.map === null) {
      if (v.arr !== null) {
        yield* complain(sh, `${who}: ${name}: cannot convert indexed to associative array`);
        status = 1;
        continue;
      }
      v.map = new Map();
      if (v.v !== null) v.map.set('0', v.v);
      v.v = null;
    } else if (w.on.has('a') && v.arr === null && v.map === null) {
      v.arr = new Map(v.v === null ? [] : [[0, v.v]]);
      v.v = null;
    } else if (w.on.has('a') && v.map !== null) {
      yield* complain(sh, `${who}: ${name}: cannot convert associative to indexed array`);
      status = 1;
      continue;
    }
    attributes(v, w);
    if (a !== null) {
      const depth = sh.scopes.length;
      if (scope !== null && scope === sh.scopes[0] && depth > 1) {
        const inner = sh.scopes.splice(1);
        try {
          yield* assign(sh, a, false);
        } finally {
          sh.scopes.push(...inner);
        }
      } else if (w.on.has('n')) v.v = a.value === null ? '' : yield* expandAssigned(sh, a.value!);
      else yield* assign(sh, a, false);
    }
    if (w.on.has('r')) v.readonly = true;
    if (w.on.has('n')) v.nameref = true;
  }
  return status;
}

function attributes(v: Var, w: Wanted): void {
  for (const [on, set] of [[true, w.on], [false, w.off]] as const) {
    if (set.has('x')) v.export = on;
    if (set.has('i')) v.integer = on;
    if (set.has('l')) {
      v.lower = on;
      if (on) v.upper = false;
    }
    if (set.has('u')) {
      v.upper = on;
      if (on) v.lower = false;
    }
    if (set.has('n') && !on) v.nameref = false;
  }
}

/** An assignment that came out of an expansion: its value is taken as it is. */
function fromText(sh: Shell, text: Bytes): Assign | null {
  const s = splitAssignment(text);
  if (s === null) return null;
  const array = s.value.startsWith('(') && s.value.endsWith(')') && s.sub === null;
  return {
    t: 'assign', name: s.name, append: s.append, text, indexText: s.sub ?? '',
    index: s.sub === null ? null : compileParts(s.sub, sh.line, 'word'),
    value: array ? null : { text: s.value, parts: [{ t: 'lit', s: s.value, q: true }], lit: null, brace: false },
    elements: array ? s.value.slice(1, -1).split(/\s+/).filter((x) => x !== '').map((x) => element(x, sh.line)) : null,
  };
}

function element(text: Bytes, line: number): NonNullable<Assign['elements']>[number] {
  const m = /^\[([^\]]*)\](\+?)=([\s\S]*)$/.exec(text);
  if (m === null) return { index: null, indexText: '', append: false, value: compileWord(text, line) };
  return { index: compileParts(m[1]!, line, 'word'), indexText: m[1]!, append: m[2] === '+', value: compileWord(m[3]!, line) };
}

function* functions(sh: Shell, who: string, w: Wanted, rest: (Bytes | Assign)[]): Op<number> {
  const names = rest.length === 0 ? [...sh.functions.keys()].sort() : rest.map((r) => (typeof r === 'string' ? r : r.text));
  let status = 0;
  for (const name of names) {
    const fn = sh.functions.get(name);
    if (fn === undefined) {
      status = 1;
      continue;
    }
    if (w.on.has('x')) fn.export = true;
    else if (w.on.has('F')) yield* print(sh, who, rest.length === 0 ? `declare -f ${name}\n` : `${name}\n`);
    else yield* print(sh, who, printFunction(name, fn));
  }
  return status;
}

/** declare -p and its kin. */
function* show(sh: Shell, who: string, w: Wanted, rest: (Bytes | Assign)[], local: boolean): Op<number> {
  let out = '';
  let status = 0;
  if (rest.length > 0) {
    for (const r of rest) {
      const name = typeof r === 'string' ? r : r.text;
      const v = rawVar(sh, name);
      if (v === undefined) {
        const special = isName(name) ? getVar(sh, name) : null;
        if (special !== null) out += `declare -${/^\d+$/.test(special) ? 'i' : '-'} ${name}="${special}"\n`;
        else {
          yield* print(sh, who, out);
          out = '';
          yield* complain(sh, `${who}: ${name}: not found`);
          status = 1;
        }
      } else out += `${declared(name, v)}\n`;
    }
  } else {
    const scope = local ? localScope(sh) : null;
    const names = new Set(scope === null ? sh.scopes.flatMap((s) => [...s.vars.keys()]) : scope.vars.keys());
    for (const name of [...names].sort()) {
      const v = rawVar(sh, name)!;
      if ([...w.on].some((c) => !hasFlag(v, c))) continue;
      if (v.v === null && v.arr === null && v.map === null && !w.on.has('p')) continue;
      if (local || (who !== 'declare' && who !== 'typeset') || w.on.size > 0) out += local && w.on.size === 0 ? `${name}=${v.v ?? ''}\n` : `${declared(name, v)}\n`;
      else out += `${declared(name, v)}\n`;
    }
  }
  yield* print(sh, who, out);
  return status;
}

function hasFlag(v: Var, c: string): boolean {
  switch (c) {
    case 'a': return v.arr !== null;
    case 'A': return v.map !== null;
    case 'i': return v.integer;
    case 'l': return v.lower;
    case 'u': return v.upper;
    case 'n': return v.nameref;
    case 'r': return v.readonly;
    case 'x': return v.export;
    default: return true;
  }
}

/** export and readonly. */
export const setAttribute: Builtin = function* (sh, argv, given) {
  const who = argv[0]!;
  const { w, rest, bad } = yield* attributeFlags(sh, who, (given ?? argv).slice(1));
  if (bad !== null) return bad;
  const letter = who === 'export' ? 'x' : 'r';
  if (w.on.has('f')) {
    let status = 0;
    for (const r of rest) {
      const fn = sh.functions.get(typeof r === 'string' ? r : r.text);
      if (fn === undefined) {
        yield* complain(sh, `${who}: ${typeof r === 'string' ? r : r.text}: not a function`);
        status = 1;
      } else if (letter === 'x') fn.export = !w.on.has('n');
    }
    return status;
  }
  if (rest.length === 0) return yield* show(sh, who, { on: new Set([letter]), off: new Set() }, [], false);
  const wanted: Wanted = w.on.has('n') ? { on: new Set(), off: new Set([letter]) } : { on: new Set([letter, ...w.on]), off: new Set() };
  wanted.on.delete('n');
  wanted.on.delete('p');
  return yield* declareAll(sh, who, wanted, rest, null);
};

function* attributeFlags(sh: Shell, who: string, args: (Bytes | Assign)[]): Op<{ w: Wanted; rest: (Bytes | Assign)[]; bad: number | null }> {
  const words = args.map((a) => (typeof a === 'string' ? a : '='));
  const o = yield* options(sh, [who, ...words], who === 'export' ? 'fnp' : 'aAfp');
  const w: Wanted = { on: new Set(o.opts.keys()), off: new Set() };
  return { w, rest: args.slice(args.length - o.args.length), bad: o.bad };
}
