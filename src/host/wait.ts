// Sleeping in a system call: until woken, until a time, or until a caught signal interrupts. Linux counterpart: wait_event_interruptible.
import { Interrupted, type Op, type Process } from './process';

/** Sleeps on wait queues until woken or `until`. Throws Interrupted when a caught signal is pending. */
export function* waitOn(p: Process, on: readonly number[], until = Number.POSITIVE_INFINITY): Op<void> {
  if (p.pending.length > 0 && takeable(p)) throw new Interrupted();
  yield { on, until };
  if (p.pending.length > 0 && takeable(p)) throw new Interrupted();
}

const takeable = (p: Process): boolean => p.pending.some((s) => p.caught.has(s));

/** Sleeps on queues until woken, signalled or `until` (us). */
export function* sleepOn(on: readonly number[], until = Number.POSITIVE_INFINITY): Op<void> {
  yield { on, until };
}
