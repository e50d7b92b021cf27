// Why a request failed, computed from the trace of the run: follow the request hop by hop, find where it or its answer died, and say so by key and arguments.
// Nothing here knows lessons; words live in the reader's language.
import type { Lab } from './lab';
import type { FrameView, StepView, TraceView } from './trace';

/** Words by key and arguments. */
export interface Reason {
  message: { key: string; args: Record<string, string | number> };
  /** The host where it went wrong. */
  host: string;
  /** Frames that show it, in order. */
  frames: number[];
}

export interface Asked {
  /** Host that asked. */
  from: string;
  /** The virtual address, or ''. */
  vip: string;
  director: string;
}

/** What a host decided about one frame, in words of keys, for a hop-by-hop account. */
export interface Hop {
  frame: number;
  host: string;
  decisions: { kind: StepView['kind']; args: StepView['args'] }[];
}

/** Every host a conversation passed and what each decided. */
export function hops(trace: TraceView, frames: readonly number[]): Hop[] {
  const out: Hop[] = [];
  for (const id of frames) {
    const byHost = new Map<string, Hop>();
    for (const s of trace.steps(id)) {
      let hop = byHost.get(s.host);
      if (hop === undefined) {
        hop = { frame: id, host: s.host, decisions: [] };
        byHost.set(s.host, hop);
        out.push(hop);
      }
      hop.decisions.push({ kind: s.kind, args: s.args });
    }
  }
  return out;
}

const isSyn = (f: FrameView): boolean => f.flags === 'SYN';
const isSynAck = (f: FrameView): boolean => f.flags === 'SYN, ACK';
const isRst = (f: FrameView): boolean => f.flags.includes('RST');

/** Why the request that began with frame `first` did not get its answer; null when the trace does not tell. */
export function explainRequest(lab: Lab, first: number, asked: Asked): Reason | null {
  const trace = lab.trace();
  const frames = trace.frames(first);
  const mine = (key: string, host: string, args: Record<string, string | number>, ids: readonly number[]): Reason => ({ message: { key, args: { host, ...args } }, host, frames: [...new Set(ids)].sort((a, b) => a - b) });
  const requests = frames.filter((f) => f.from === asked.from && (isSyn(f) || f.info.startsWith('Echo (ping) request')));
  if (requests.length === 0) {
    const asks = frames.filter((f) => f.proto === 'ARP' && f.from === asked.from && f.info.startsWith('Who has'));
    const target = asks.at(-1)?.dst;
    if (target !== undefined && !frames.some((f) => f.info.startsWith(`${target} is at`))) return mine('why.arpUnanswered', asked.from, { ip: target }, asks.map((f) => f.id));
    return mine('why.noRoute', asked.from, { ip: asked.vip }, []);
  }
  const syn = requests[0]!;
  const conversation = trace.flow(syn.id).filter((id) => id >= first);
  const views = conversation.map((id) => trace.frame(id)).filter((f) => f !== null);
  const account = hops(trace, conversation);

  // Someone said no.
  const icmp = frames.find((f) => f.proto === 'ICMP' && f.info.startsWith('Destination unreachable') && f.cause !== 0);
  const noDest = account.find((h) => h.decisions.some((d) => d.kind === 'ipvsNoDest'));
  if (noDest !== undefined) return mine('why.noDest', noDest.host, { ip: asked.vip }, [...conversation.slice(0, 2), ...(icmp === undefined ? [] : [icmp.id])]);
  const refusal = account.find((h) => h.decisions.some((d) => d.kind === 'noSocket'));
  const rst = views.find((f) => isRst(f) && f.from !== asked.from);
  if (refusal !== undefined && refusal.host !== asked.from) {
    const port = trace.frame(refusal.frame)?.dport ?? 0;
    const key = refusal.host === asked.director ? 'why.refusedByDirector' : 'why.refused';
    return mine(key, refusal.host, { port, ip: trace.frame(refusal.frame)?.dst ?? '' }, [...conversation.slice(0, 3), ...(rst === undefined ? [] : [rst.id])]);
  }

  // The request died on its way.
  const deaths = account.flatMap((h) => h.decisions.filter((d) => d.kind === 'drop').map((d) => ({ hop: h, reason: String(d.args['reason']), frame: trace.frame(h.frame) })));
  const synAcks = views.filter(isSynAck);
  if (synAcks.length === 0) {
    const death = deaths.find((d) => d.frame !== null && d.reason !== 'OTHERHOST');
    if (death !== undefined) return mine(deathKey(death.reason), death.hop.host || death.frame!.from, { reason: death.reason, src: death.frame!.src, dst: death.frame!.dst }, [...conversation.slice(0, 1), death.hop.frame]);
    const silent = unanswered(frames, (f) => f.from !== asked.from);
    if (silent !== null) return mine('why.arpUnanswered', silent.from, { ip: silent.dst }, [...conversation.slice(0, 1), silent.id]);
    const last = views.at(-1);
    if (last !== undefined) {
      const to = last.to.at(-1)?.host;
      const stopped = account.filter((h) => h.frame === last.id).at(-1);
      if (to !== undefined && stopped?.decisions.some((d) => d.kind === 'routeNone')) return mine('why.noRoute', to, { ip: last.dst }, [last.id]);
      return mine('why.noAnswer', to ?? last.from, { ip: last.dst }, [syn.id, last.id]);
    }
    return null;
  }

  // The server answered, but the answer did not come home, or not as the client expects it.
  const answer = synAcks[0]!;
  const home = synAcks.find((f) => f.to.some((t) => t.host === asked.from && t.accepted));
  if (home !== undefined) {
    if (home.src !== syn.dst) return mine('why.replyFromStranger', home.from, { src: home.src, wanted: syn.dst }, [syn.id, home.id]);
    const stranger = account.find((h) => h.host === asked.from && h.decisions.some((d) => d.kind === 'noSocket'));
    if (stranger !== undefined) return mine('why.replyFromStranger', home.from, { src: home.src, wanted: syn.dst }, [syn.id, home.id]);
    return null;
  }
  const death = deaths.find((d) => d.frame !== null && (isSynAck(d.frame) || d.frame.sport === answer.sport));
  if (death !== undefined) return mine(deathKey(death.reason), death.hop.host || death.frame!.from, { reason: death.reason, src: death.frame!.src, dst: death.frame!.dst }, [syn.id, answer.id, death.hop.frame]);
  const silent = unanswered(frames, (f) => f.from === answer.from);
  if (silent !== null) return mine('why.replyArp', answer.from, { ip: silent.dst }, [syn.id, silent.id]);
  const client = strangersReply(trace, frames, asked.from);
  if (client !== null) return client;
  return mine('why.replyLost', synAcks.at(-1)!.from, { dst: answer.dst }, [syn.id, answer.id]);
}

/** The first ARP question nobody answered, by hosts that `who` selects. */
function unanswered(frames: readonly FrameView[], who: (f: FrameView) => boolean): FrameView | null {
  for (const f of frames) {
    if (f.proto !== 'ARP' || !f.info.startsWith('Who has') || !who(f)) continue;
    if (!frames.some((g) => g.proto === 'ARP' && g.info.includes(' is at ') && g.src === f.dst)) return f;
  }
  return null;
}

/** A SYN-ACK that reached the client from an address it never asked: its kernel resets it. */
function strangersReply(trace: TraceView, frames: readonly FrameView[], client: string): Reason | null {
  for (const f of frames) {
    if (!isSynAck(f) || !f.to.some((t) => t.host === client)) continue;
    if (trace.steps(f.id).some((s) => s.host === client && s.kind === 'noSocket')) {
      return { message: { key: 'why.replyFromStranger', args: { host: f.from, src: f.src, wanted: '' } }, host: f.from, frames: [f.id] };
    }
  }
  return null;
}

const DEATHS: Record<string, string> = {
  FORWARDING_OFF: 'why.forwardingOff', IP_INNOROUTES: 'why.noRouteBack', IP_OUTNOROUTES: 'why.noRouteBack', NO_SOCKET: 'why.refused', IP_RPFILTER: 'why.rpFilter', MARTIAN_SOURCE: 'why.martian',
  TTL_EXPIRED: 'why.ttl', NEIGH_FAILED: 'why.neighFailed', NETFILTER_DROP: 'why.firewall', IP_INADDRERRORS: 'why.notForUs', LINK_DOWN: 'why.linkDown', NO_CARRIER: 'why.linkDown', DEV_READY: 'why.linkDown',
  IPVS_NO_DEST: 'why.noDest', IPVS_DEST_UNAVAILABLE: 'why.destGone',
};
/** Key of the words for a drop reason. */
export const deathKey = (reason: string): string => DEATHS[reason] ?? 'why.drop';
