// Calls from the lower parts of the shell up to the executor and the expander, bound once when those modules load: words hold commands,
// and commands hold words. Static behaviour, no state. Linux counterpart: the forward declarations of bash's execute_cmd.h and subst.h.
import type { Op } from '../host/process';
import type { Bytes } from '../lib/text';
import type { List, Node, Part, Word } from './ast';
import type { Out } from './fields';
import type { Shell } from './shell';

const unbound = (): never => {
  throw new Error('the shell is not loaded');
};

interface Late {
  /** Runs a command (run.ts). */
  exec: (sh: Shell, n: Node, tail?: boolean) => Op<number>;
  execList: (sh: Shell, list: List, tail: boolean) => Op<number>;
  /** Runs a command substitution's text (units.ts). */
  substitute: (sh: Shell, src: Bytes, line: number, tail: boolean) => Op<number>;
  /** Runs a trap's action (units.ts). */
  action: (sh: Shell, src: Bytes, what: string) => Op<number>;
  /** Runs a script's text in this shell (script.ts). */
  script: (sh: Shell, name: Bytes, args: readonly Bytes[], text: Bytes) => Op<number>;
  /** Walks a word's pieces (expand.ts). */
  parts: (sh: Shell, parts: readonly Part[], o: Out, dq: boolean) => Op<void>;
  string: (sh: Shell, parts: readonly Part[]) => Op<Bytes>;
  pattern: (sh: Shell, w: Word) => Op<Bytes>;
  arith: (sh: Shell, parts: readonly Part[]) => Op<bigint>;
}

export const late: Late = { exec: unbound, execList: unbound, substitute: unbound, action: unbound, script: unbound, parts: unbound, string: unbound, pattern: unbound, arith: unbound };
