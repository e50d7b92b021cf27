// What a command is: one record whose options are data. The data drive parsing (getopt), --help, completion, the page of what is
// modelled, and a test that feeds every command an unknown option. Counterpart: getopt_long(3).
import { helpText, languageOf } from './help';
import type { Op, Process, Program, Run } from '../host/process';
import { err, out } from '../host/syscall';
import type { Bytes } from '../lib/text';

/** One option of a command. Keys of the options record are '-x' or '--long'. */
export interface OptionSpec {
  /** flag: alone; value: needs an argument; optional: `--opt[=ARG]` / `-oARG` only when attached. */
  kind: 'flag' | 'value' | 'optional';
  says: string;
  /** Name of the argument in help, e.g. 'NUM'. */
  arg?: string;
  /** The canonical key it stands for, e.g. '--number' has alias of: '-n'. */
  of?: string;
  /** Exists on Linux, not here: saying it prints the uniform message and exits 64. */
  modelled?: false;
}

/** Options a user gave, in order. */
export class Options {
  readonly given: { key: string; value: Bytes | null }[] = [];
  has(key: string): boolean {
    return this.given.some((g) => g.key === key);
  }
  /** The last value of a value option, or null. */
  value(key: string): Bytes | null {
    for (let i = this.given.length - 1; i >= 0; i--) if (this.given[i]!.key === key) return this.given[i]!.value;
    return null;
  }
  all(key: string): Bytes[] {
    return this.given.filter((g) => g.key === key).map((g) => g.value ?? '');
  }
  count(key: string): number {
    return this.given.filter((g) => g.key === key).length;
  }
  /** The last given among several that override one another, or null. */
  last(...keys: string[]): string | null {
    for (let i = this.given.length - 1; i >= 0; i--) if (keys.includes(this.given[i]!.key)) return this.given[i]!.key;
    return null;
  }
}

/** How a command parses and words option errors. */
export interface Getopt {
  /** Exit status of an option error (coreutils 1, grep/ls/sort 2). */
  badExit: number;
  /** Stops at the first operand (POSIXLY_CORRECT, as `watch`, `env`, `xargs`, `timeout` do). */
  stopAtOperand?: boolean;
  /** Second line after an option error; default coreutils' "Try 'NAME --help' for more information.". '' for none. */
  tryHelp?: string | ((p: Process) => string);
  /** Rewrites old forms (`head -5`) before options are parsed. */
  prepare?: (argv: Bytes[]) => Bytes[];
  /** The name in messages when it is not the command's own: a script that calls another program. */
  speaksAs?: string;
  /** Knows no long options: the second dash of one is a letter like others (getopt(3)). */
  shortOnly?: boolean;
  /** The first line about an unknown option (`-x` or `--long`) where it is not getopt's; '' for none. */
  unknown?: (option: string) => string;
  /** Written to standard output after an option error (procps). */
  usage?: string;
}

/** One command. */
export interface Command extends Program {
  readonly summary: string;
  /** Absolute path of the executable in images that install it; null for a name that only exists as a shell builtin. */
  readonly path: string;
  /** Package that brings it, by the image's naming ('coreutils', 'net-tools', 'ipvsadm' ...). */
  readonly package: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Options follow getopt_long(3); false for a grammar of its own. */
  readonly usesGetopt: boolean;
}

export interface Given {
  name: string;
  summary: string;
  path: string;
  package: string;
  options: Record<string, OptionSpec>;
  /** Null: the command parses argv by itself (ip, ifconfig, ipvsadm); options are then for completion and the modelled page. */
  getopt: Getopt | null;
  /** Text of --help; none when the tool has none. One made from the options speaks the caller's language. */
  help?: string | ((p: Process) => string);
  /** Instead of `help`: what its first line says after the name; the rest is made from the options. */
  synopsis?: string;
  version?: string;
  run(p: Process, opts: Options, args: Bytes[]): Run;
}

/** Declares a command. With `getopt: null`, `run` gets all words after the name as `args`. */
export function command(said: Given): Command {
  const given: Given = said.synopsis === undefined ? said : { ...said, help: (p) => helpText(said, said.synopsis, languageOf(p)) };
  const help = (p: Process): string => (typeof given.help === 'function' ? given.help(p) : (given.help ?? ''));
  const { getopt } = given;
  return Object.freeze({
    name: given.name,
    summary: given.summary,
    path: given.path,
    package: given.package,
    options: given.options,
    usesGetopt: getopt !== null,
    *main(p: Process): Run {
      const argv = p.argv.slice(1);
      if (getopt === null && given.synopsis !== undefined && argv[0] === '--help') {
        yield* out(p, help(p));
        return 0;
      }
      if (getopt === null) return yield* given.run(p, new Options(), argv);
      const tryHelp = typeof getopt.tryHelp === 'function' ? getopt.tryHelp(p) : getopt.tryHelp;
      const parsed = parseOptions(given, getopt, tryHelp, getopt.prepare?.(argv) ?? argv, p.argv[0] ?? given.name);
      if (parsed.error !== null) {
        yield* err(p, parsed.error.text);
        if (getopt.usage !== undefined && parsed.error.exit !== EXIT_NOT_MODELLED) yield* out(p, getopt.usage);
        return parsed.error.exit;
      }
      if (given.help !== undefined && parsed.options.has('--help')) {
        yield* out(p, help(p));
        return 0;
      }
      if (given.version !== undefined && parsed.options.has('--version')) {
        yield* out(p, given.version);
        return 0;
      }
      return yield* given.run(p, parsed.options, parsed.args);
    },
  });
}

/** Exit status of everything that exists on Linux and is not modelled here. */
export const EXIT_NOT_MODELLED = 64;

/** The uniform message for what exists on Linux and is not modelled. */
export function notModelledText(command: string, what: string): Bytes {
  return `${command}: ${what} exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n`;
}

/** Says that `what` is not modelled; gives the exit status to return. */
export function* notModelled(p: Process, command: string, what: string): Op<number> {
  yield* err(p, notModelledText(command, what));
  return EXIT_NOT_MODELLED;
}

interface Parsed {
  options: Options;
  args: Bytes[];
  error: { text: Bytes; exit: number } | null;
}

/** getopt_long(3) with permutation, clusters, attached values and unambiguous abbreviations of long options. */
function parseOptions(given: Given, getopt: Getopt, tryText: string | undefined, argv: Bytes[], name: Bytes): Parsed {
  const options = new Options();
  const args: Bytes[] = [];
  const specs: Record<string, OptionSpec> = { ...given.options };
  if (given.help !== undefined) specs['--help'] = { kind: 'flag', says: 'display this help and exit' };
  if (given.version !== undefined) specs['--version'] = { kind: 'flag', says: 'output version information and exit' };
  // getopt names the program as it was called, with its path if it was called by one.
  const shown = getopt.speaksAs ?? name;
  const tryHelp = tryText ?? `Try '${shown} --help' for more information.\n`;
  const fail = (text: string): Parsed => ({ options, args, error: { text: `${shown}: ${text}\n${tryHelp}`, exit: getopt.badExit } });
  const unknown = (option: string): Parsed => {
    const own = getopt.unknown?.(option);
    if (own !== undefined) return { options, args, error: { text: `${own === '' ? '' : `${own}\n`}${tryHelp}`, exit: getopt.badExit } };
    return option.startsWith('--') && getopt.shortOnly !== true ? fail(`unrecognized option '${option}'`) : fail(`invalid option -- '${option[1]}'`);
  };
  const add = (key: string, value: Bytes | null): Parsed | null => {
    const spec = specs[key]!;
    if (spec.modelled === false) {
      return { options, args, error: { text: notModelledText(given.name, `option ${key}`), exit: EXIT_NOT_MODELLED } };
    }
    options.given.push({ key: spec.of ?? key, value });
    return null;
  };
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === '--') {
      args.push(...argv.slice(i + 1));
      break;
    }
    if (word.startsWith('--')) {
      const eq = word.indexOf('=');
      const typed = eq < 0 ? word : word.slice(0, eq);
      const longs = Object.keys(specs).filter((k) => k.startsWith('--') && k.startsWith(typed));
      const exact = longs.includes(typed) ? [typed] : longs;
      const meant = new Set(exact.map((k) => specs[k]!.of ?? k));
      if (exact.length === 0) return unknown(word);
      if (meant.size > 1) return fail(`option '${word}' is ambiguous; possibilities: ${exact.map((k) => `'${k}'`).join(' ')}`);
      const key = exact[0]!;
      const spec = specs[key]!;
      let value: Bytes | null = eq < 0 ? null : word.slice(eq + 1);
      if (spec.kind === 'flag' && value !== null) return fail(`option '${key}' doesn't allow an argument`);
      if (spec.kind === 'value' && value === null) {
        if (i + 1 >= argv.length) return fail(`option '${key}' requires an argument`);
        value = argv[++i]!;
      }
      const bad = add(key, value);
      if (bad !== null) return bad;
      continue;
    }
    if (word.length > 1 && word[0] === '-') {
      for (let j = 1; j < word.length; j++) {
        const key = `-${word[j]}`;
        const spec = specs[key];
        if (spec === undefined) return unknown(`-${word[j]}`);
        let value: Bytes | null = null;
        if (spec.kind === 'value') {
          if (j + 1 < word.length) value = word.slice(j + 1);
          else if (i + 1 < argv.length) value = argv[++i]!;
          else return fail(`option requires an argument -- '${word[j]}'`);
        } else if (spec.kind === 'optional' && j + 1 < word.length) value = word.slice(j + 1);
        const bad = add(key, value);
        if (bad !== null) return bad;
        if (value !== null) break;
      }
      continue;
    }
    args.push(word);
    if (getopt.stopAtOperand) {
      args.push(...argv.slice(i + 1));
      break;
    }
  }
  return { options, args, error: null };
}
