// Forking a world: everything is copied but what is frozen; generators stay behind, so their processes are marked.
import type { Host } from '../host/host';
import { cloneState } from '../lib/clone';
import type { World } from '../kernel/world';

/** True while a program runs (anywhere): its generator could not be copied. */
export function generatorsLive(w: World): boolean {
  return (w.hosts as Host[]).some((h) => [...h.procs.values()].some((p) => p.run !== null && p.state !== 'Z'));
}

/** A copy of a world. Its trace keeps counting but holds nothing of the past. */
export function worldFork(w: World): World {
  const copy = cloneState(w);
  (w.hosts as Host[]).forEach((h, n) => {
    for (const p of h.procs.values()) if (p.run !== null && p.state !== 'Z') (copy.hosts[n] as Host).procs.get(p.pid)!.frozen = true;
  });
  return copy;
}
