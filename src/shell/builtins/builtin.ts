// What a builtin is, and how builtins read their options. Linux counterpart: bash's builtins/bashgetopt.c.
import { notModelled } from '../../commands/command';
import type { Op } from '../../host/process';
import type { Bytes } from '../../lib/text';
import type { Assign } from '../ast';
import { complain, raw } from '../say';
import type { Shell } from '../shell';

/** A builtin: argv with its name first; `given` keeps assignments as such for declare and its kin. Returns the exit status. */
export type Builtin = (sh: Shell, argv: Bytes[], given: (Bytes | Assign)[] | null) => Op<number>;

/** Builtins whose assignment arguments are assignments. */
export const DECLARATIONS: ReadonlySet<string> = new Set(['declare', 'typeset', 'local', 'export', 'readonly']);

/** The builtins by name; table.ts fills it (they call the executor, which looks them up here). Never changes afterwards. */
export const BUILTINS = new Map<string, Builtin>();

/** Usage lines, printed after an option error (also what `help` shows). */
export const USAGE: Readonly<Record<string, string>> = {
  alias: 'alias [-p] [name[=value] ... ]', bg: 'bg [job_spec ...]', break: 'break [n]', builtin: 'builtin [shell-builtin [arg ...]]',
  caller: 'caller [expr]', cd: 'cd [-L|[-P [-e]] [-@]] [dir]', command: 'command [-pVv] command [arg ...]', continue: 'continue [n]',
  declare: 'declare [-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]', dirs: 'dirs [-clpv] [+N] [-N]',
  disown: 'disown [-h] [-ar] [jobspec ... | pid ...]', echo: 'echo [-neE] [arg ...]', enable: 'enable [-a] [-dnps] [-f filename] [name ...]',
  eval: 'eval [arg ...]', exec: 'exec [-cl] [-a name] [command [argument ...]] [redirection ...]', exit: 'exit [n]',
  export: 'export [-fn] [name[=value] ...] or export -p', false: 'false', fg: 'fg [job_spec]', getopts: 'getopts optstring name [arg ...]',
  hash: 'hash [-lr] [-p pathname] [-dt] [name ...]', help: 'help [-dms] [pattern ...]',
  history: 'history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]', jobs: 'jobs [-lnprs] [jobspec ...] or jobs -x command [args]',
  kill: 'kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]', let: 'let arg [arg ...]', local: 'local [option] name[=value] ...',
  logout: 'logout [n]', mapfile: 'mapfile [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]',
  popd: 'popd [-n] [+N | -N]', printf: 'printf [-v var] format [arguments]', pushd: 'pushd [-n] [+N | -N | dir]', pwd: 'pwd [-LP]',
  read: 'read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]',
  readarray: 'readarray [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]',
  readonly: 'readonly [-aAf] [name[=value] ...] or readonly -p', return: 'return [n]', set: 'set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]',
  shift: 'shift [n]', shopt: 'shopt [-pqsu] [-o] [optname ...]', source: 'source filename [arguments]', '.': '. filename [arguments]', suspend: 'suspend [-f]',
  test: 'test [expr]', times: 'times', trap: 'trap [-lp] [[arg] signal_spec ...]', true: 'true', type: 'type [-afptP] name [name ...]',
  typeset: 'typeset [-aAfFgiIlnrtux] name[=value] ... or typeset -p [-aAfFilnrtux] [name ...]', ulimit: 'ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]',
  umask: 'umask [-p] [-S] [mode]', unalias: 'unalias [-a] name [name ...]', unset: 'unset [-f] [-v] [-n] [name ...]',
  wait: 'wait [-fn] [-p var] [id ...]', fc: 'fc [-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]', ':': ':', '[': '[ arg... ]',
};

export interface Opts {
  /** Options given, by letter; a value option's value, '' for flags. */
  opts: Map<string, Bytes>;
  args: Bytes[];
  /** Status to return at once: the options were wrong. */
  bad: number | null;
}

/** Reads options: `letters` as in getopt ('ab:'); `absent`: letters that exist in bash and are not modelled. */
export function* options(sh: Shell, argv: readonly Bytes[], letters: string, absent = ''): Op<Opts> {
  const opts = new Map<string, Bytes>();
  const who = argv[0]!;
  let i = 1;
  for (; i < argv.length; i++) {
    const a = argv[i]!;
    if (a === '--') {
      i++;
      break;
    }
    if (a === '--help') {
      yield* raw(sh, `${who}: ${USAGE[who] ?? who}\n`);
      return { opts, args: [], bad: 2 };
    }
    if (a.length < 2 || a[0] !== '-') break;
    for (let j = 1; j < a.length; j++) {
      const c = a[j]!;
      if (absent.includes(c)) return { opts, args: [], bad: yield* notModelled(sh.p, who, `option -${c}`) };
      const at = c === ':' ? -1 : letters.indexOf(c);
      if (at < 0) {
        yield* usage(sh, who, `-${c}: invalid option`);
        return { opts, args: [], bad: 2 };
      }
      if (letters[at + 1] !== ':') {
        opts.set(c, '');
        continue;
      }
      if (j + 1 < a.length) opts.set(c, a.slice(j + 1));
      else if (i + 1 < argv.length) opts.set(c, argv[++i]!);
      else {
        yield* usage(sh, who, `-${c}: option requires an argument`);
        return { opts, args: [], bad: 2 };
      }
      break;
    }
  }
  return { opts, args: argv.slice(i), bad: null };
}

/** An error and the usage line. */
export function* usage(sh: Shell, who: string, text: Bytes | null): Op<number> {
  if (text !== null) yield* complain(sh, `${who}: ${text}`);
  yield* raw(sh, `${who}: usage: ${USAGE[who] ?? who}\n`);
  return 2;
}

/** A number argument of break, shift, exit and the like; null after wording what is wrong. */
export function* numeric(sh: Shell, who: string, text: Bytes): Op<number | null> {
  if (/^\s*[-+]?\d+\s*$/.test(text)) return Number(text);
  yield* complain(sh, `${who}: ${text}: numeric argument required`);
  return null;
}

export const isName = (s: Bytes): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(s);
