// Why a request failed, computed from the trace: who was asked, which way it went, where it died and which table entry decided.
import type { FrameView, StepView, TraceView } from './trace';

/** One sentence by key and arguments; `frame` shows it. */
export interface Why {
  key: string;
  args: Record<string, string>;
  frame: number;
}

/** Explains the last try of `client` to reach `dst` among frames from number `from` on. Null when nothing of it was sent. */
export function explainRequest(trace: TraceView, from: number, client: string, dst: string): Why | null {
  const frames = trace.frames(from);
  const tries = frames.filter((f) => f.from === client && f.dst === dst && f.proto !== 'ARP' && f.cause === 0);
  const last = tries[tries.length - 1];
  if (last === undefined) return unansweredArp(frames, client) ?? null;
  const flow = frames.filter((f) => f.id >= last.id && f.proto !== 'ARP' && (f.stream === last.stream || related(f, last)));
  return (
    wrongSource(flow, last, client) ?? dropped(trace, frames, flow) ?? refused(trace, flow, client) ?? unansweredArp(frames.filter((f) => f.id >= last.id), '') ?? {
      key: 'why.silent', args: { client, dst, last: flow[flow.length - 1]?.from ?? client }, frame: last.id,
    }
  );
}

const related = (f: FrameView, first: FrameView): boolean => f.sport === first.sport || f.dport === first.sport || f.proto === 'ICMP';

/** The answer came from another address than the one that was asked, so the client has no socket for it. */
function wrongSource(flow: readonly FrameView[], first: FrameView, client: string): Why | null {
  const reply = flow.find((f) => f.dport === first.sport && f.flags.includes('SYN') && f.src !== first.dst && f.to.some((t) => t.host === client && t.accepted));
  if (reply === undefined) return null;
  return { key: 'why.wrongSource', args: { host: reply.from, got: reply.src, expected: first.dst, client }, frame: reply.id };
}

const QUIET = new Set(['OTHERHOST', 'ARP_NOT_FOR_US', 'TCP_OLD_DATA', 'TCP_INVALID_SEQUENCE', 'NEIGH_FAILED']);

/** A packet of the flow died in some kernel: the reason names the sentence. */
function dropped(trace: TraceView, frames: readonly FrameView[], flow: readonly FrameView[]): Why | null {
  for (const f of [...flow].reverse()) {
    for (const s of trace.steps(f.id)) {
      if (s.kind !== 'drop') continue;
      const reason = String(s.args.reason ?? '');
      if (QUIET.has(reason) || reason === 'NO_SOCKET' || reason === 'IPVS_NO_DEST') continue;
      return { key: `why.drop.${reason}`, args: { host: s.host, src: f.src, dst: f.dst, from: f.from }, frame: f.id };
    }
    const none = trace.steps(f.id).find((s: StepView) => s.kind === 'ipvsNoDest');
    if (none !== undefined) return { key: 'why.noDest', args: { host: none.host, dst: f.dst, port: String(f.dport) }, frame: f.id };
  }
  const unanswered = unansweredArp(frames.filter((f) => f.id >= (flow[0]?.id ?? 0)), '');
  return unanswered;
}

/** Somebody asked three times who has an address and nobody said so. */
function unansweredArp(frames: readonly FrameView[], asker: string): Why | null {
  const asked = new Map<string, { count: number; frame: FrameView }>();
  for (const f of frames) {
    if (f.proto !== 'ARP') continue;
    const question = /^Who has (\S+?)\? Tell/.exec(f.info);
    if (question !== null) {
      const key = `${f.from} ${question[1]}`;
      const known = asked.get(key);
      if (known === undefined) asked.set(key, { count: 1, frame: f });
      else known.count++;
    } else {
      const answer = /^(\S+) is at/.exec(f.info);
      for (const t of f.to) if (answer !== null) asked.delete(`${t.host} ${answer[1]}`);
    }
  }
  for (const [key, { count, frame }] of asked) {
    const [host, target] = key.split(' ') as [string, string];
    if (count >= 3 && (asker === '' || host === asker)) return { key: 'why.arpUnanswered', args: { host, target }, frame: frame.id };
  }
  return null;
}

/** Somebody refused the connection with RST, or with ICMP. */
function refused(trace: TraceView, flow: readonly FrameView[], client: string): Why | null {
  const rst = flow.find((f) => f.flags.includes('RST') && f.from !== client);
  if (rst !== undefined) {
    const asked = trace.frame(rst.cause);
    return { key: 'why.rst', args: { host: rst.from, port: String(asked?.dport ?? rst.sport), dst: asked?.dst ?? rst.src }, frame: rst.id };
  }
  const icmp = flow.find((f) => f.proto === 'ICMP' && f.to.some((t) => t.host === client));
  return icmp === undefined ? null : { key: 'why.icmp', args: { host: icmp.from, says: icmp.info }, frame: icmp.id };
}
