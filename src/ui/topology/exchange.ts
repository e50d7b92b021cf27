// Which frames belong to the exchange around one frame: the request's hops, then the reply's, so that they can be numbered and drawn.
import type { FrameView, TraceView } from '../engine';

export interface Hop { frame: FrameView; n: number; reply: boolean; /** Not yet sent at the shown instant. */ ahead: boolean }

const samePacket = (a: FrameView, b: FrameView): boolean =>
  a.proto === b.proto && a.flags === b.flags && a.len === b.len && (isTcp(a) ? a.seq === b.seq : a.proto === 'ARP' ? false : a.info.split(', ttl')[0] === b.info.split(', ttl')[0]);

/** Frames of the request and reply journey that `at` is part of, oldest first. */
export function exchange(trace: TraceView, at: FrameView): Hop[] {
  const flow = trace.flow(at.id);
  const wide = flow.length > 400 ? flow.filter((id) => Math.abs(id - at.id) < 200) : flow;
  const frames = new Map<number, FrameView>();
  const get = (id: number): FrameView | null => {
    const seen = frames.get(id) ?? trace.frame(id);
    if (seen !== null) frames.set(id, seen);
    return seen;
  };
  const journey = (f: FrameView): FrameView[] => {
    const list = [f];
    for (let c = get(f.cause); c !== null && samePacket(c, list[0]!); c = get(c.cause)) list.unshift(c);
    for (let grew = true; grew; ) {
      grew = false;
      const end = list[list.length - 1]!;
      for (const id of wide) {
        const n = id > end.id ? get(id) : null;
        if (n !== null && n.cause === end.id && samePacket(n, end)) { list.push(n); grew = true; break; }
      }
    }
    return list;
  };
  const mine = journey(at);
  const first = mine[0]!;
  const last = mine[mine.length - 1]!;
  const opposite = (a: FrameView, b: FrameView): boolean => b.proto === a.proto || (isTcp(a) && isTcp(b)) ? (a.proto === 'ARP' ? a.from !== b.from : b.from === last.to[0]?.host || b.cause === last.id || a.cause === b.id) : false;
  const before = first.cause > 0 ? get(first.cause) : null;
  // A reply shows the request it answers; a request shows its answer once it exists.
  if (before !== null && answers(before, first)) return number(journey(before), mine, at.id);
  for (const id of wide) {
    const n = id > last.id ? get(id) : null;
    if (n !== null && n.cause === last.id && opposite(last, n) && answers(last, n)) return number(mine, journey(n), at.id);
  }
  return number(mine, [], at.id);
}

const isTcp = (f: FrameView): boolean => f.proto === 'TCP' || f.proto === 'HTTP' || f.proto === 'NFS';

function answers(request: FrameView, reply: FrameView): boolean {
  if (request.proto === 'ARP' || reply.proto === 'ARP') return request.proto === reply.proto && request.from !== reply.from;
  if (isTcp(request) !== isTcp(reply)) return false;
  return isTcp(request) ? reply.dport === request.sport || reply.sport === request.dport : reply.src === request.dst || reply.dst === request.src;
}

function number(request: FrameView[], reply: FrameView[], at: number): Hop[] {
  return [...request.map((frame) => ({ frame, reply: false })), ...reply.map((frame) => ({ frame, reply: true }))].map((h, i) => ({ ...h, n: i + 1, ahead: h.frame.id > at }));
}
