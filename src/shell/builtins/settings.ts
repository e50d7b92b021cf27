// set, shopt. Linux counterpart: bash's builtins/set.def, shopt.def.
import type { Op } from '../../host/process';
import type { Bytes } from '../../lib/text';
import { printFunction } from '../print_function';
import { declared, setQuote } from '../quote';
import { complain, print } from '../say';
import type { Shell } from '../shell';
import { SET_LETTERS } from '../dynamic_vars';
import { type Builtin, options, usage } from './builtin';

const OTHER = ['emacs', 'history', 'ignoreeof', 'interactive-comments', 'nolog', 'pipefail', 'posix', 'vi'];
const SHOPTS = [
  'autocd', 'assoc_expand_once', 'cdable_vars', 'cdspell', 'checkhash', 'checkjobs', 'checkwinsize', 'cmdhist', 'compat31', 'compat32', 'compat40', 'compat41',
  'compat42', 'compat43', 'compat44', 'complete_fullquote', 'direxpand', 'dirspell', 'dotglob', 'execfail', 'expand_aliases', 'extdebug', 'extglob', 'extquote',
  'failglob', 'force_fignore', 'globasciiranges', 'globskipdots', 'globstar', 'gnu_errfmt', 'histappend', 'histreedit', 'histverify', 'hostcomplete', 'huponexit',
  'inherit_errexit', 'interactive_comments', 'lastpipe', 'lithist', 'localvar_inherit', 'localvar_unset', 'login_shell', 'mailwarn', 'no_empty_cmd_completion',
  'nocaseglob', 'nocasematch', 'noexpand_translation', 'nullglob', 'patsub_replacement', 'progcomp', 'progcomp_alias', 'promptvars', 'restricted_shell',
  'shift_verbose', 'sourcepath', 'varredir_close', 'xpg_echo',
];

function isOn(sh: Shell, name: string): boolean {
  const letter = SET_LETTERS[name];
  if (letter !== undefined) return sh.flags.has(letter);
  if (name === 'pipefail') return sh.pipefail;
  if (name === 'interactive-comments') return true;
  return sh.setOpts.has(name);
}

/** Switches a `set -o` option. False when there is none of that name. */
export function setOption(sh: Shell, name: string, on: boolean): boolean {
  const letter = SET_LETTERS[name];
  if (letter !== undefined) {
    if (on) sh.flags.add(letter);
    else sh.flags.delete(letter);
  } else if (name === 'pipefail') sh.pipefail = on;
  else if (OTHER.includes(name)) {
    if (on) sh.setOpts.add(name);
    else sh.setOpts.delete(name);
  } else return false;
  return true;
}

function* showOptions(sh: Shell, plus: boolean): Op<number> {
  const names = [...Object.keys(SET_LETTERS), ...OTHER].sort();
  const text = names.map((n) => (plus ? `set ${isOn(sh, n) ? '-' : '+'}o ${n}\n` : `${n.padEnd(15)}\t${isOn(sh, n) ? 'on' : 'off'}\n`)).join('');
  yield* print(sh, 'set', text);
  return 0;
}

export const set: Builtin = function* (sh, argv) {
  if (argv.length === 1) {
    let out = '';
    const names = new Set(sh.scopes.flatMap((s) => [...s.vars.keys()]));
    for (const n of [...names].sort()) {
      const v = sh.scopes.findLast((s) => s.vars.has(n))!.vars.get(n)!;
      if (v.arr !== null || v.map !== null) out += `${declared(n, v).replace(/^declare -\S+ /, '')}\n`;
      else if (v.v !== null) out += `${n}=${setQuote(v.v)}\n`;
    }
    for (const n of [...sh.functions.keys()].sort()) out += printFunction(n, sh.functions.get(n)!);
    yield* print(sh, 'set', out);
    return 0;
  }
  let i = 1;
  for (; i < argv.length; i++) {
    const a = argv[i]!;
    if (a === '--') {
      sh.args = argv.slice(i + 1);
      return 0;
    }
    if (a === '-') {
      sh.flags.delete('x');
      sh.flags.delete('v');
      if (i + 1 < argv.length) sh.args = argv.slice(i + 1);
      return 0;
    }
    if (!/^[-+]./.test(a)) break;
    const on = a[0] === '-';
    for (const c of a.slice(1)) {
      if (c === 'o') {
        const name = argv[i + 1];
        if (name === undefined) return yield* showOptions(sh, !on);
        i++;
        if (!setOption(sh, name, on)) {
          yield* complain(sh, `set: ${name}: invalid option name`);
          return 2;
        }
      } else if ('abefhkmnptuvxBCEHPT'.includes(c)) {
        if (on) sh.flags.add(c);
        else sh.flags.delete(c);
      } else return yield* usage(sh, 'set', `${a[0]}${c}: invalid option`);
    }
  }
  if (i < argv.length) sh.args = argv.slice(i);
  return 0;
};

export const shopt: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'psuqo');
  if (o.bad !== null) return o.bad;
  const set_ = o.opts.has('s');
  const unset_ = o.opts.has('u');
  const viaSet = o.opts.has('o');
  const all = viaSet ? [...Object.keys(SET_LETTERS), ...OTHER].sort() : SHOPTS;
  const on = (n: string): boolean => (viaSet ? isOn(sh, n) : sh.shopts.has(n));
  if (set_ && unset_) {
    yield* complain(sh, 'shopt: cannot set and unset shell options simultaneously');
    return 1;
  }
  const line = (n: string): Bytes => (o.opts.has('p') ? (viaSet ? `set ${on(n) ? '-' : '+'}o ${n}\n` : `shopt ${on(n) ? '-s' : '-u'} ${n}\n`) : `${n.padEnd(15)}\t${on(n) ? 'on' : 'off'}\n`);
  if (o.args.length === 0) {
    const names = set_ ? all.filter(on) : unset_ ? all.filter((n) => !on(n)) : all;
    if (!o.opts.has('q')) yield* print(sh, 'shopt', names.map(line).join(''));
    return 0;
  }
  let status = 0;
  for (const n of o.args) {
    if (!all.includes(n)) {
      yield* complain(sh, `shopt: ${n}: invalid shell option name`);
      status = 1;
      continue;
    }
    if (set_ || unset_) {
      if (viaSet) setOption(sh, n, set_);
      else if (set_) sh.shopts.add(n);
      else sh.shopts.delete(n);
    } else {
      if (!on(n)) status = 1;
      if (!o.opts.has('q')) yield* print(sh, 'shopt', line(n));
    }
  }
  return status;
};
