// popt's way through argv: clusters, attached and optional values, leftovers, and its messages. Counterpart: popt 1.19, poptGetNextOpt(3).
// It differs from getopt: long options are never abbreviated, a value swallows the next word even when that starts with '-' (an optional one does not),
// and an error names the whole word last taken.
import type { Bytes } from '../../lib/text';
import { POPT_TABLE, type PoptOption } from './options';

/** popt's texts for what went wrong. */
export type PoptError = 'unknown option' | 'missing argument' | 'option does not take an argument';

export type PoptNext = { kind: 'option'; option: PoptOption; arg: Bytes | null } | { kind: 'error'; error: PoptError } | { kind: 'end' };

/** One walk through argv (without the program's name). */
export class Popt {
  private at = 0;
  /** Letters of a cluster not looked at yet. */
  private cluster: Bytes | null = null;
  private allLeft = false;
  private readonly left: Bytes[] = [];
  private leftAt = 0;

  constructor(private readonly argv: readonly Bytes[]) {}

  /** The next option; 'end' when only leftovers remain. */
  next(): PoptNext {
    let option: PoptOption | undefined;
    let long: Bytes | null = null;
    while (option === undefined) {
      if (this.cluster === null) {
        const word = this.argv[this.at];
        if (word === undefined) return { kind: 'end' };
        this.at++;
        if (this.allLeft || word[0] !== '-' || word === '-') {
          this.left.push(word);
          continue;
        }
        if (word === '--') {
          this.allLeft = true;
          continue;
        }
        if (word[1] === '-') {
          const eq = word.indexOf('=', 2);
          const name = word.slice(2, eq < 0 ? undefined : eq);
          option = POPT_TABLE.find((x) => x.long === name);
          if (option === undefined) return { kind: 'error', error: 'unknown option' };
          if (eq >= 0) long = word.slice(eq + 1);
          break;
        }
        this.cluster = word.slice(1);
      }
      const letter = this.cluster[0]!;
      const rest: Bytes = this.cluster.slice(1);
      this.cluster = null;
      option = POPT_TABLE.find((x) => x.short === letter);
      if (option === undefined) return { kind: 'error', error: 'unknown option' };
      if (rest !== '') this.cluster = rest;
    }
    return this.withArgument(option, long);
  }

  private withArgument(option: PoptOption, long: Bytes | null): PoptNext {
    if (option.arg === 'none') {
      if (long !== null || this.cluster?.[0] === '=') return { kind: 'error', error: 'option does not take an argument' };
      return { kind: 'option', option, arg: null };
    }
    if (long !== null) return { kind: 'option', option, arg: long };
    if (this.cluster !== null) {
      const arg: Bytes = this.cluster[0] === '=' ? this.cluster.slice(1) : this.cluster;
      this.cluster = null;
      return { kind: 'option', option, arg };
    }
    const word = this.argv[this.at];
    if (word === undefined) return option.arg === 'optional' ? { kind: 'option', option, arg: null } : { kind: 'error', error: 'missing argument' };
    if (option.arg === 'optional' && word[0] === '-') return { kind: 'option', option, arg: null };
    this.at++;
    return { kind: 'option', option, arg: word };
  }

  /** The word last taken, which popt blames (poptBadOption). */
  get bad(): Bytes {
    return this.argv[this.at - 1] ?? '';
  }

  /** The next word that is no option (poptGetArg), or null. Meaningful after 'end'. */
  arg(): Bytes | null {
    return this.left[this.leftAt++] ?? null;
  }
}
