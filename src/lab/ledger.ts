// The ledger of frame copies: created = consumed + dropped + queued + in flight, or the engine has lost one.
import { Ev, type World } from '../kernel/world';

export interface Ledger {
  created: number;
  consumed: number;
  dropped: Record<string, number>;
  /** Waiting in neighbour queues and for missing fragments. */
  queued: number;
  inFlight: number;
  balanced: boolean;
}

export function ledgerOf(w: World, reasons: readonly string[]): Ledger {
  let inFlight = 0;
  w.clock.forEach((kind, _a, _b, ref) => {
    if ((kind === Ev.deviceReceive || kind === Ev.segmentFlood || kind === Ev.arpReply) && ref !== null) inFlight++;
  });
  let queued = 0;
  for (const k of w.kernels) {
    for (const n of k.neighbours) queued += n?.queue.length ?? 0;
    for (const f of k.fragments.values()) queued += f.first === null ? 0 : 1;
  }
  const dropped: Record<string, number> = {};
  reasons.forEach((name, n) => {
    if (w.droppedBy[n]! > 0) dropped[name] = w.droppedBy[n]!;
  });
  return { created: w.created, consumed: w.consumed, dropped, queued, inFlight, balanced: w.created === w.consumed + w.dropped + queued + inFlight };
}
