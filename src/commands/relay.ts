// Waiting for whichever of several descriptors has something to read, and carrying bytes both ways between two of them.
// Linux counterpart: poll(2); the relay is the loop of socat and nc.
import type { OpenFile } from '../host/open_file';
import type { Op, Process } from '../host/process';
import { shutdownSocket, socketReadable } from '../host/socket';
import { closeFd, fileOf, nowUs, read, waitOn, write } from '../host/syscall';
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';

/** True when read(2) would not sleep. */
export function readable(p: Process, f: OpenFile): boolean {
  if (f.kind === 'pipe') return f.pipe.data !== '' || f.pipe.writers === 0;
  if (f.kind === 'socket') return socketReadable(p, f);
  if (f.kind === 'tty') {
    const tty = p.host.ttys[f.tty]!;
    return tty.input !== '' || tty.eof;
  }
  return true;
}

/** The queues that are woken when it can be read. */
export function queueOf(p: Process, f: OpenFile): number[] {
  if (f.kind === 'pipe') return [f.pipe.readQueue];
  if (f.kind === 'socket') return [f.queue];
  return f.kind === 'tty' ? [p.host.ttys[f.tty]!.readQueue] : [];
}

/** Descriptors among `fds` that can be read now; sleeps until there is one or `deadline` has passed (then: none). */
export function* poll(p: Process, fds: readonly number[], deadline = Number.POSITIVE_INFINITY): Op<number[]> {
  for (;;) {
    const files = fds.map((fd) => fileOf(p, fd));
    const ready = fds.filter((_, i) => readable(p, files[i]!));
    if (ready.length > 0 || nowUs(p) >= deadline) return ready;
    yield* waitOn(p, files.flatMap((f) => queueOf(p, f)), deadline);
  }
}

/** One end of a relay. */
export interface End {
  /** Descriptor to read from; -1 when nothing is read. */
  in: number;
  /** Descriptor to write to. */
  out: number;
}

/** No more will be written: FIN for a socket, end of file for a pipe. */
export function finish(p: Process, e: End): void {
  const f = p.fds.get(e.out);
  if (f?.kind === 'socket') shutdownSocket(p, f);
  else if (f?.kind === 'pipe' && e.out > 2) closeFd(p, e.out);
}

/** How a relay ends. */
export interface RelayLimits {
  /** After one side has ended, the other gets this long, us (Infinity: as long as it wants). */
  afterEndUs: number;
  /** Gives up when nothing passes for this long, us. */
  idleUs: number;
  /** At the end of the left side nothing is said to the right one (nc without -N). */
  keepOpen?: boolean;
  /** Ends when the right side has ended, whatever the left does (nc). */
  rightEnds?: boolean;
  /** Bytes go one way only: 0 from left to right, 1 from right to left. */
  only?: 0 | 1;
}

/** Carries bytes between two ends until both (or as `limits` say) have ended. Throws SysError of a failed read or write. */
export function* relay(p: Process, a: End, b: End, limits: RelayLimits): Op<void> {
  const ends = [a, b] as const;
  const open = [a.in >= 0 && limits.only !== 1, b.in >= 0 && limits.only !== 0];
  let stopAt = Number.POSITIVE_INFINITY;
  while (open[0] || open[1]) {
    const deadline = Math.min(stopAt, nowUs(p) + limits.idleUs);
    const fds = [0, 1].filter((i) => open[i]).map((i) => ends[i]!.in);
    const ready = yield* poll(p, fds, deadline);
    if (ready.length === 0) return;
    for (const i of [0, 1] as const) {
      if (!open[i] || !ready.includes(ends[i].in)) continue;
      const f = p.fds.get(ends[i].in);
      const data: Bytes = yield* read(p, ends[i].in);
      const other = ends[i === 0 ? 1 : 0];
      if (data === '' && !(f?.kind === 'socket' && f.family === 'udp')) {
        open[i] = false;
        if (i === 1 && limits.rightEnds) return;
        if (!(i === 0 && limits.keepOpen)) finish(p, other);
        stopAt = Math.min(stopAt, nowUs(p) + limits.afterEndUs);
        continue;
      }
      if (p.fds.has(other.out)) {
        try {
          yield* write(p, other.out, data);
        } catch (e) {
          if (!(e instanceof SysError) || e.errno !== 'EPIPE') throw e;
          open[i] = false;
        }
      }
    }
  }
}
