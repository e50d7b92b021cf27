// iptables' own options and commands as data, and which go together. Counterpart: iptables/xshared.c (getopt tables, generic_opt_check), xtables.c of 1.8.9.
import type { Rule } from '../../kernel/netfilter/x_tables';
import type { Bytes } from '../../lib/text';
import { OTHER_TARGETS, TARGET_EXTENSIONS } from './extensions';
import type { AddressMask } from './names';
import { problem } from './problem';

/** A parsed line. */
export interface Line {
  /** The command's letter; '' none. */
  command: string;
  chain: Bytes | null;
  newName: Bytes | null;
  policy: Bytes | null;
  /** From 1; 0 when none was given. */
  number: number;
  table: Bytes;
  verbose: number;
  numeric: boolean;
  exact: boolean;
  lineNumbers: boolean;
  help: boolean;
  version: boolean;
  rule: Rule;
  sources: AddressMask[];
  destinations: AddressMask[];
  jump: Bytes | null;
}

/** Long options of the tool itself, with the short one each stands for. */
export const LONG: Readonly<Record<string, string>> = {
  append: 'A', delete: 'D', check: 'C', insert: 'I', replace: 'R', list: 'L', 'list-rules': 'S', flush: 'F', zero: 'Z', 'new-chain': 'N', 'delete-chain': 'X',
  'rename-chain': 'E', policy: 'P', source: 's', destination: 'd', src: 's', dst: 'd', protocol: 'p', 'in-interface': 'i', jump: 'j', table: 't', match: 'm',
  numeric: 'n', 'out-interface': 'o', verbose: 'v', wait: 'w', 'wait-interval': 'W', exact: 'x', fragments: 'f', version: 'V', help: 'h', 'line-numbers': '0',
  modprobe: 'M', 'set-counters': 'c', goto: 'g', ipv4: '4', ipv6: '6',
};
/** Short options with a required (r), optional (o) argument, or none. */
export const ARG: Readonly<Record<string, 'r' | 'o' | 'n'>> = {
  A: 'r', C: 'r', D: 'r', R: 'r', I: 'r', L: 'o', S: 'o', M: 'r', F: 'o', Z: 'o', N: 'r', X: 'o', E: 'r', P: 'r', V: 'n', h: 'o', o: 'r', p: 'r', s: 'r', d: 'r', j: 'r', i: 'r',
  f: 'n', b: 'n', v: 'n', w: 'o', W: 'r', n: 'n', t: 'r', m: 'r', x: 'n', c: 'r', g: 'r', '4': 'n', '6': 'n', '0': 'n',
};
export const COMMANDS = 'ACDIRLSFZNXEP';
/** Commands that take a rule. */
export const WITH_RULE = 'ACDIR';

export const blankRule = (): Rule => ({ src: 0, smask: 0, dst: 0, dmask: 0, iif: '', oif: '', proto: 0, frag: false, inv: 0, matches: [], target: null, packets: 0, bytes: 0 });

/** generic_opt_check: which options a command takes. */
export function checkLegal(command: string, given: ReadonlySet<string>): void {
  const illegal = (letter: string): boolean => {
    if (letter === 'v') return false;
    if ('psdijof'.includes(letter)) return !WITH_RULE.includes(command);
    if (letter === 'c') return !'AIRZP'.includes(command) && command !== 'S';
    if (letter === 'n' || letter === 'x' || letter === '0') return command !== 'L';
    return false;
  };
  for (const letter of 'nsdpjvxio0cf') if (given.has(letter) && illegal(letter)) throw problem(`Illegal option \`${letter === '0' ? '--line-numbers' : `-${letter}`}' with this command`);
}

/** May a chain of the user's have this name? Throws XtProblem. */
export function checkChainName(name: Bytes): void {
  if (name[0] === '-' || name[0] === '!') throw problem(`chain name not allowed to start with \`${name[0]}'`);
  if (TARGET_EXTENSIONS.has(name) || OTHER_TARGETS.has(name)) throw problem('chain name may not clash with target name');
  if (/\s/.test(name)) throw problem('Invalid chain name');
}
