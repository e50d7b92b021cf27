// Copies of a lab's world to go back to: as many as memory allows, thinned so that doing the rest again stays short wherever one jumps.
import { WorldCopy } from './fork';
import type { TypedEntry } from './journal';
import type { World } from '../kernel/world';

/** A command whose output is not complete: its entry and where on the terminal it begins. */
export interface Open { entry: TypedEntry; from: number }

/** The world before entry `seq` + 1 of the journal. Nobody runs it: it is copied once more by whoever goes back. */
export interface Checkpoint { seq: number; world: World; open: ReadonlyMap<string, Open>; bytes: number }

const KEEP = 160;
/** Of all checkpoints together, bytes. */
const BUDGET = 96e6;
/** Events between two checkpoints when a journal is done again. */
const STRIDE = 150;

export class Checkpoints {
  private list: Checkpoint[] = [];

  get count(): number {
    return this.list.length;
  }
  /** Estimated memory of all, bytes. */
  get bytes(): number {
    return this.list.reduce((n, c) => n + c.bytes, 0);
  }

  /** Keeps a copy of `world` as it is. */
  add(seq: number, world: World, open: ReadonlyMap<string, Open>): void {
    const copy = new WorldCopy(world);
    this.list.push({ seq, world: copy.world, open: new Map(open), bytes: copy.bytes() });
    while (this.list.length > 4 && (this.list.length > KEEP || this.bytes > BUDGET)) this.thin();
  }

  /** Has enough happened since the last one? */
  due(world: World): boolean {
    const last = this.list.at(-1);
    return last !== undefined && world.clock.set - last.world.clock.set > STRIDE;
  }

  /** Drops the one whose neighbours lie nearest to each other; the first and the newest three stay. */
  private thin(): void {
    let best = 1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 1; i < this.list.length - 3; i++) {
      const gap = this.list[i + 1]!.world.clock.set - this.list[i - 1]!.world.clock.set;
      if (gap < least) {
        least = gap;
        best = i;
      }
    }
    this.list.splice(best, 1);
  }

  /** Forgets those that hold entry `seq` or a later one. The first, of the lab as made, always stays. */
  cut(seq: number): void {
    while (this.list.length > 1 && this.list.at(-1)!.seq >= seq) this.list.pop();
  }

  newest(): Checkpoint | undefined {
    return this.list.at(-1);
  }

  /** The newest one that is not later than `at` and holds no entry after number `seq`. */
  before(at: number, seq: number): Checkpoint | undefined {
    return this.list.findLast((c) => c.world.clock.now <= at && c.seq <= seq) ?? this.list[0];
  }

  /** Those up to a time, for a branch: `renumber` gives an entry's number there. */
  upTo(at: number, renumber: (seq: number) => number): Checkpoints {
    const out = new Checkpoints();
    out.list = this.list.filter((c) => c.world.clock.now <= at).map((c) => ({ ...c, seq: renumber(c.seq) }));
    return out;
  }
}
