// POSIX regular expressions on byte strings, for grep, sed, awk, expr, find and the shell's [[ =~ ]]. Counterpart: regcomp(3), regexec(3).
import type { Bytes } from '../lib/text';
import { type Dialect, parsePosix } from './posix_ast';
import { Machine } from './posix_machine';
import { nativeSource, strategy } from './posix_plan';

export { RegexError } from './posix_ast';

export interface PosixOptions {
  /** Extended syntax (ERE); basic when absent. */
  extended?: boolean;
  icase?: boolean;
  /** ^ and $ also match at newlines (sed's M, REG_NEWLINE's anchors). */
  multiline?: boolean;
  /** Whose leniency and words; glibc's regcomp when absent. */
  dialect?: Dialect;
}

/** One match. */
export interface PosixMatch {
  /** Where it starts and ends (exclusive). */
  index: number;
  end: number;
  /** Whole match, then groups; null for a group that took no part. */
  groups: (Bytes | null)[];
}

/** A compiled pattern. */
export class PosixRegex {
  private readonly how: 'native' | 'start' | 'machine';
  private readonly native: RegExp;
  private readonly machine: Machine | null;

  constructor(
    root: Parameters<typeof nativeSource>[0],
    readonly groups: number,
    hasBackref: boolean,
    multiline: boolean,
    /** What grep warns about, e.g. '* at start of expression'. */
    readonly warnings: readonly string[],
  ) {
    this.how = strategy(root, hasBackref);
    this.native = new RegExp(nativeSource(root, multiline), 'g');
    this.machine = this.how === 'native' ? null : new Machine(root, groups, multiline, hasBackref);
  }

  /** Whether it matches anywhere. */
  test(s: Bytes): boolean {
    if (this.how === 'machine') return this.exec(s) !== null;
    this.native.lastIndex = 0;
    return this.native.test(s);
  }

  /** The leftmost longest match at or after `from`; anchors see the whole of `s`. */
  exec(s: Bytes, from = 0): PosixMatch | null {
    if (this.how === 'machine') {
      for (let i = from; i <= s.length; i++) {
        const caps = this.machine!.longestAt(s, i);
        if (caps !== null) return toMatch(s, caps);
      }
      return null;
    }
    this.native.lastIndex = from;
    const m = this.native.exec(s);
    if (m === null) return null;
    if (this.how === 'start') return toMatch(s, this.machine!.longestAt(s, m.index)!);
    return { index: m.index, end: m.index + m[0].length, groups: Array.from(m, (g) => g ?? null) };
  }

  /** The longest match starting exactly at `at`, or null. */
  execAt(s: Bytes, at: number): PosixMatch | null {
    const m = this.exec(s, at);
    return m !== null && m.index === at ? m : null;
  }
}

function toMatch(s: Bytes, caps: number[]): PosixMatch {
  const groups: (Bytes | null)[] = [];
  for (let i = 0; i < caps.length; i += 2) groups.push(caps[i]! < 0 || caps[i + 1]! < 0 ? null : s.slice(caps[i]!, caps[i + 1]!));
  return { index: caps[0]!, end: caps[1]!, groups };
}

/** Compiles a pattern. Throws RegexError with glibc's text. */
export function compilePosix(pattern: Bytes, options: PosixOptions = {}): PosixRegex {
  const parsed = parsePosix(pattern, options.extended ?? false, options.icase ?? false, options.dialect ?? 'glibc');
  return new PosixRegex(parsed.root, parsed.groups, parsed.hasBackref, options.multiline ?? false, parsed.warnings);
}
