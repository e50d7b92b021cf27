// Matches a parsed POSIX regular expression at one place: the longest way. Counterpart: glibc posix/regexec.c.
// A small backtracking machine that visits each (instruction, position) once, so time is bounded by their product.
import type { Bytes } from '../lib/text';
import type { Assertion, Node } from './posix_ast';
import { isWordByte } from './posix_class';

const OP = { CHAR: 0, SET: 1, ANY: 2, SPLIT: 3, JUMP: 4, SAVE: 5, ASSERT: 6, BACKREF: 7, MATCH: 8, MARK: 9, MOVED: 10 } as const;

/** A compiled tree for the machine. */
export class Machine {
  private op: number[] = [];
  private x: number[] = [];
  private y: number[] = [];
  private sets: Uint8Array[] = [];
  private asserts: Assertion[] = [];
  private slots: number;
  private seen = new Int32Array(0);
  private stamp = 0;

  constructor(
    root: Node,
    private readonly groups: number,
    private readonly multiline: boolean,
    private readonly hasBackref: boolean,
  ) {
    this.slots = (groups + 1) * 2;
    this.emit(root);
    this.put(OP.MATCH, 0, 0);
  }

  private put(op: number, x: number, y: number): number {
    this.op.push(op);
    this.x.push(x);
    this.y.push(y);
    return this.op.length - 1;
  }

  private emit(n: Node): void {
    switch (n.t) {
      case 'char':
        this.put(OP.CHAR, n.c, 0);
        return;
      case 'any':
        this.put(OP.ANY, 0, 0);
        return;
      case 'set':
        this.put(OP.SET, this.sets.push(n.set) - 1, 0);
        return;
      case 'assert':
        this.put(OP.ASSERT, this.asserts.push(n.kind) - 1, 0);
        return;
      case 'backref':
        this.put(OP.BACKREF, n.n, 0);
        return;
      case 'group':
        this.put(OP.SAVE, n.n * 2, 0);
        this.emit(n.body);
        this.put(OP.SAVE, n.n * 2 + 1, 0);
        return;
      case 'cat':
        for (const x of n.list) this.emit(x);
        return;
      case 'alt': {
        const ends: number[] = [];
        n.list.forEach((x, i) => {
          if (i === n.list.length - 1) {
            this.emit(x);
            return;
          }
          const split = this.put(OP.SPLIT, 0, 0);
          this.x[split] = this.op.length;
          this.emit(x);
          ends.push(this.put(OP.JUMP, 0, 0));
          this.y[split] = this.op.length;
        });
        for (const e of ends) this.x[e] = this.op.length;
        return;
      }
      case 'rep': {
        for (let i = 0; i < n.min; i++) this.emit(n.body);
        if (n.max < 0) {
          const split = this.put(OP.SPLIT, 0, 0);
          this.x[split] = this.op.length;
          const slot = this.slots++;
          this.put(OP.MARK, slot, 0);
          this.emit(n.body);
          this.put(OP.MOVED, slot, 0);
          this.put(OP.JUMP, split, 0);
          this.y[split] = this.op.length;
        } else {
          const splits: number[] = [];
          for (let i = n.min; i < n.max; i++) {
            const split = this.put(OP.SPLIT, 0, 0);
            this.x[split] = this.op.length;
            splits.push(split);
            this.emit(n.body);
          }
          for (const s of splits) this.y[s] = this.op.length;
        }
      }
    }
  }

  private holds(kind: Assertion, s: Bytes, at: number): boolean {
    const before = at > 0 && isWordByte(s.charCodeAt(at - 1));
    const after = at < s.length && isWordByte(s.charCodeAt(at));
    switch (kind) {
      case 'bol':
        return at === 0 || (this.multiline && s[at - 1] === '\n');
      case 'eol':
        return at === s.length || (this.multiline && s[at] === '\n');
      case 'bufStart':
        return at === 0;
      case 'bufEnd':
        return at === s.length;
      case 'wordEdge':
        return before !== after;
      case 'notWordEdge':
        return before === after;
      case 'wordStart':
        return !before && after;
      case 'wordEnd':
        return before && !after;
    }
  }

  /** The longest match that starts at `from`: positions of the groups (-1 for none), or null. */
  longestAt(s: Bytes, from: number): number[] | null {
    const { op, x, y } = this;
    const width = s.length + 1;
    const memo = !this.hasBackref;
    if (memo) {
      if (this.seen.length < op.length * width) this.seen = new Int32Array(op.length * width * 2);
      this.stamp++;
    }
    const caps: number[] = new Array(this.slots).fill(-1);
    let best: number[] | null = null;
    let bestEnd = -1;
    const stack: number[] = [0, from];
    while (stack.length > 0) {
      let at = stack.pop()!;
      let pc = stack.pop()!;
      if (pc < 0) {
        caps[-1 - pc] = at;
        continue;
      }
      for (;;) {
        if (memo) {
          const key = pc * width + at;
          if (this.seen[key] === this.stamp) break;
          this.seen[key] = this.stamp;
        }
        const o = op[pc]!;
        if (o === OP.CHAR) {
          if (s.charCodeAt(at) !== x[pc]) break;
          at++;
          pc++;
        } else if (o === OP.SET) {
          if (at >= s.length || !this.sets[x[pc]!]![s.charCodeAt(at)]) break;
          at++;
          pc++;
        } else if (o === OP.ANY) {
          if (at >= s.length) break;
          at++;
          pc++;
        } else if (o === OP.SPLIT) {
          stack.push(y[pc]!, at);
          pc = x[pc]!;
        } else if (o === OP.JUMP) pc = x[pc]!;
        else if (o === OP.SAVE || o === OP.MARK) {
          stack.push(-1 - x[pc]!, caps[x[pc]!]!);
          caps[x[pc]!] = at;
          pc++;
        } else if (o === OP.MOVED) {
          if (caps[x[pc]!] === at) break;
          pc++;
        } else if (o === OP.ASSERT) {
          if (!this.holds(this.asserts[x[pc]!]!, s, at)) break;
          pc++;
        } else if (o === OP.BACKREF) {
          const a = caps[x[pc]! * 2]!;
          const b = caps[x[pc]! * 2 + 1]!;
          if (a < 0 || b < 0 || !s.startsWith(s.slice(a, b), at)) break;
          at += b - a;
          pc++;
        } else {
          if (at > bestEnd) {
            bestEnd = at;
            best = caps.slice(0, (this.groups + 1) * 2);
            best[0] = from;
            best[1] = at;
          }
          break;
        }
      }
      if (bestEnd === s.length) break;
    }
    return best;
  }
}
