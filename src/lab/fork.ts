// Forking a world: everything is copied but what is frozen; generators stay behind, so their processes are marked.
import type { Host } from '../host/host';
import { cloneState } from '../lib/clone';
import type { World } from '../kernel/world';

/** True while a program runs (anywhere): its generator could not be copied. */
export function generatorsLive(w: World): boolean {
  return (w.hosts as Host[]).some((h) => [...h.procs.values()].some((p) => p.run !== null && p.state !== 'Z'));
}

/** A copy of a world and what it weighs. Its trace keeps counting but holds nothing of the past. */
export class WorldCopy {
  readonly world: World;
  /** What was copied. */
  private readonly seen = new Map<object, unknown>();

  constructor(w: World) {
    this.world = cloneState(w, this.seen);
    (w.hosts as Host[]).forEach((h, n) => {
      for (const p of h.procs.values()) if (p.run !== null && p.state !== 'Z') (this.world.hosts[n] as Host).procs.get(p.pid)!.frozen = true;
    });
  }

  /** Estimated memory: columns to the byte, objects at what they take on average. */
  bytes(): number {
    let bytes = this.world.clock.size * 40;
    for (const x of this.seen.values()) {
      if (ArrayBuffer.isView(x)) bytes += x.byteLength;
      else if (Array.isArray(x)) bytes += 32 + 8 * x.length;
      else if (x instanceof Map || x instanceof Set) bytes += 80 + 24 * x.size;
      else bytes += 160;
    }
    return bytes;
  }
}

/** A copy of a world. Its trace keeps counting but holds nothing of the past. */
export const worldFork = (w: World): World => new WorldCopy(w).world;
