// type, command, builtin, hash, alias, unalias, enable, help. Linux counterpart: bash's builtins/type.def, command.def, hash.def, alias.def.
import type { Op } from '../../host/process';
import { byBytes, type Bytes } from '../../lib/text';
import { hashTable, findCommand, pathMatches } from '../files';
import { printFunction } from '../print_function';
import { shellQuote } from '../quote';
import { complain, print, raw } from '../say';
import { runFile } from '../simple';
import type { Shell } from '../shell';
import { type Builtin, BUILTINS, DECLARATIONS, options, usage, USAGE } from './builtin';

const KEYWORDS = new Set(['if', 'then', 'else', 'elif', 'fi', 'case', 'esac', 'for', 'select', 'while', 'until', 'do', 'done', 'in', 'function', 'time', '{', '}', '!', '[[', ']]', 'coproc']);

export const aliasesOn = (sh: Shell): boolean => sh.interactive || sh.shopts.has('expand_aliases');

export const type: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'afptP');
  if (o.bad !== null) return o.bad;
  let status = 0;
  for (const name of o.args) if (!(yield* describe(sh, 'type', name, o.opts))) status = 1;
  return status;
};

/** Says what a name is. False when it is nothing. */
function* describe(sh: Shell, who: string, name: Bytes, opts: Map<string, Bytes>): Op<boolean> {
  const all = opts.has('a');
  const word = opts.has('t');
  const paths = opts.has('p') || opts.has('P');
  let found = false;
  const say = function* (short: string, long: Bytes): Op<void> {
    found = true;
    if (paths) return;
    yield* print(sh, who, word ? `${short}\n` : long);
  };
  if (!opts.has('P')) {
    const alias = aliasesOn(sh) ? sh.aliases.get(name) : undefined;
    if (alias !== undefined) yield* say('alias', `${name} is aliased to \`${alias}'\n`);
    if ((!found || all) && KEYWORDS.has(name)) yield* say('keyword', `${name} is a shell keyword\n`);
    const fn = opts.has('f') ? undefined : sh.functions.get(name);
    if ((!found || all) && fn !== undefined) yield* say('function', `${name} is a function\n${printFunction(name, fn)}`);
    if ((!found || all) && BUILTINS.has(name) && !sh.disabled.has(name)) yield* say('builtin', `${name} is a shell builtin\n`);
  }
  if (!found || all) {
    const hashed = hashTable(sh).get(name);
    const files = all || hashed === undefined ? pathMatches(sh, name) : [hashed.path];
    for (const path of all ? files : files.slice(0, 1)) {
      found = true;
      if (paths) yield* print(sh, who, `${path}\n`);
      else if (word) yield* print(sh, who, 'file\n');
      else yield* print(sh, who, !all && hashed !== undefined ? `${name} is hashed (${path})\n` : `${name} is ${path}\n`);
    }
  }
  if (!found && !word && !paths) yield* complain(sh, `${who}: ${name}: not found`);
  return found;
}

export const command: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'pVv');
  if (o.bad !== null) return o.bad;
  if (o.args.length === 0) return 0;
  if (o.opts.has('V')) {
    let status = 0;
    for (const name of o.args) if (!(yield* describe(sh, 'command', name, new Map()))) status = 1;
    return status;
  }
  if (o.opts.has('v')) {
    let status = 1;
    for (const name of o.args) {
      const alias = aliasesOn(sh) ? sh.aliases.get(name) : undefined;
      const text = alias !== undefined ? `alias ${name}=${shellQuote(alias)}` : KEYWORDS.has(name) || sh.functions.has(name) || BUILTINS.has(name) ? name : pathMatches(sh, name)[0];
      if (text === undefined) continue;
      status = 0;
      yield* print(sh, 'command', `${text}\n`);
    }
    return status;
  }
  const builtin = BUILTINS.get(o.args[0]!);
  if (builtin !== undefined) return yield* builtin(sh, o.args, DECLARATIONS.has(o.args[0]!) ? o.args : null);
  return yield* runFile(sh, o.args, false, o.args.join(' '));
};

export const builtin: Builtin = function* (sh, argv) {
  const args = argv[1] === '--' ? argv.slice(2) : argv.slice(1);
  if (args.length === 0) return 0;
  const b = BUILTINS.get(args[0]!);
  if (b === undefined) {
    yield* complain(sh, `builtin: ${args[0]}: not a shell builtin`);
    return 1;
  }
  return yield* b(sh, args, DECLARATIONS.has(args[0]!) ? args : null);
};

export const hash: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'dlrtp:');
  if (o.bad !== null) return o.bad;
  if (o.opts.has('r')) hashTable(sh).clear();
  if (o.args.length === 0) {
    if (o.opts.has('r')) return 0;
    if (hashTable(sh).size === 0) {
      yield* print(sh, 'hash', 'hash: hash table empty\n');
      return 0;
    }
    let out = o.opts.has('l') ? '' : 'hits\tcommand\n';
    for (const [n, h] of hashTable(sh)) out += o.opts.has('l') ? `builtin hash -p ${h.path} ${n}\n` : `${String(h.hits).padStart(4)}\t${h.path}\n`;
    yield* print(sh, 'hash', out);
    return 0;
  }
  let status = 0;
  for (const n of o.args) {
    if (o.opts.has('d')) {
      if (!hashTable(sh).delete(n)) {
        yield* complain(sh, `hash: ${n}: not found`);
        status = 1;
      }
    } else if (o.opts.has('t')) {
      const h = hashTable(sh).get(n);
      if (h === undefined) {
        yield* complain(sh, `hash: ${n}: not found`);
        status = 1;
      } else yield* print(sh, 'hash', o.args.length > 1 ? `${n}\t${h.path}\n` : `${h.path}\n`);
    } else if (o.opts.has('p')) hashTable(sh).set(n, { path: o.opts.get('p')!, hits: 0 });
    else if (!n.includes('/') && !BUILTINS.has(n) && !sh.functions.has(n)) {
      hashTable(sh).delete(n);
      if (findCommand(sh, n) === null) {
        yield* complain(sh, `hash: ${n}: not found`);
        status = 1;
      } else if (hashTable(sh).has(n)) hashTable(sh).get(n)!.hits = 0;
    }
  }
  return status;
};

export const alias: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'p');
  if (o.bad !== null) return o.bad;
  if (o.args.length === 0 || o.opts.has('p')) yield* print(sh, 'alias', [...sh.aliases].sort((a, b) => byBytes(a[0], b[0])).map(([n, v]) => `alias ${n}=${shellQuote(v)}\n`).join(''));
  let status = 0;
  for (const a of o.args) {
    const eq = a.indexOf('=');
    if (eq > 0) {
      const name = a.slice(0, eq);
      if (/[\s/$`"'\\;&|<>()]/.test(name)) {
        yield* complain(sh, `alias: \`${name}': invalid alias name`);
        status = 1;
      } else sh.aliases.set(name, a.slice(eq + 1));
      continue;
    }
    const v = sh.aliases.get(a);
    if (v === undefined) {
      yield* complain(sh, `alias: ${a}: not found`);
      status = 1;
    } else yield* print(sh, 'alias', `alias ${a}=${shellQuote(v)}\n`);
  }
  return status;
};

export const unalias: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'a');
  if (o.bad !== null) return o.bad;
  if (o.opts.has('a')) {
    sh.aliases.clear();
    return 0;
  }
  if (o.args.length === 0) return yield* usage(sh, 'unalias', null);
  let status = 0;
  for (const a of o.args) {
    if (sh.aliases.delete(a)) continue;
    yield* complain(sh, `unalias: ${a}: not found`);
    status = 1;
  }
  return status;
};

export const enable: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'anps', 'fd');
  if (o.bad !== null) return o.bad;
  let status = 0;
  for (const n of o.args) {
    if (!BUILTINS.has(n)) {
      yield* complain(sh, `enable: ${n}: not a shell builtin`);
      status = 1;
    } else if (o.opts.has('n')) sh.disabled.add(n);
    else sh.disabled.delete(n);
  }
  if (o.args.length > 0) return status;
  yield* print(sh, 'enable', [...BUILTINS.keys()].sort().filter((n) => o.opts.has('a') || sh.disabled.has(n) === o.opts.has('n')).map((n) => `enable ${sh.disabled.has(n) ? '-n ' : ''}${n}\n`).join(''));
  return 0;
};

export const help: Builtin = function* (sh, argv) {
  const names = argv.slice(1).filter((a) => !a.startsWith('-'));
  if (names.length === 0) {
    yield* print(sh, 'help', `GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\nThese shell commands are defined internally.  Type \`help name' to find out more\nabout the function \`name'.\n\n${Object.values(USAGE).sort().map((u) => ` ${u}\n`).join('')}`);
    return 0;
  }
  let status = 0;
  for (const n of names) {
    if (USAGE[n] !== undefined) yield* print(sh, 'help', `${n}: ${USAGE[n]}\n`);
    else {
      yield* raw(sh, `${sh.prefix()}help: no help topics match \`${n}'.  Try \`help help' or \`man -k ${n}' or \`info ${n}'.\n`);
      status = 1;
    }
  }
  return status;
};
