// What became of one packet and its reply, hop by hop: every host's decisions, what the asker waited for and what it got, the way the reply should have
// gone, and the whole in sentences. Computed from the trace and the tables; words live with the reader's language.
import { deathKey } from './explain';
import type { Lab } from './lab';
import type { FrameView, StepView, TraceView } from './trace';
import type { HostView, RouteView } from './views';

/** One host's part: the frame that came in (0: it began here), those that went out, and what was decided between. */
export interface FlowHop { host: string; in: number; out: number[]; at: number; steps: StepView[]; /** The line of its routing table that what went out follows, as the tables stand. */ route: string; /** Where things went another way than meant, and where they ended badly. */ tone: 'plain' | 'odd' | 'bad' }
export interface FlowSentence { key: string; args: Record<string, string | number> }
export interface FlowAccount {
  /** Request and reply, oldest first. */
  frames: number[];
  hops: FlowHop[];
  /** Who waited for an answer from where, and what came instead. */
  mismatch: { host: string; frame: number; waiting: { ip: string; port: number }; received: { ip: string; port: number }; at: number } | null;
  /** The way the reply should have gone: hosts in order. */
  instead: { path: string[]; frame: number } | null;
  /** The routing table that sent the reply its way, the line used first. */
  routes: { host: string; lines: { text: string; used: boolean }[] } | null;
  words: FlowSentence[];
}

const LIMIT = 24;
const isRst = (f: FrameView): boolean => f.flags.includes('RST');
const isTcp = (f: FrameView): boolean => f.flags !== '';
const QUIET = new Set(['OTHERHOST', 'ARP_NOT_FOR_US', 'ARP_IGNORED']);

/** The journey a frame belongs to and its answer; null when the trace has lost it. */
export function flowAccount(lab: Lab, id: number): FlowAccount | null {
  const trace = lab.trace();
  const at = trace.frame(id);
  if (at === null) return null;
  const round = roundOf(trace, at);
  const hops = hopsOf(trace, round);
  const start = round[0]!;
  for (const h of hops) {
    const sent = round.find((f) => f.id === h.out[0]);
    const next = h.steps.find((s) => s.kind === 'ipvsDr');
    if (sent !== undefined && sent.proto !== 'ARP') h.route = routeTo(lab.hostView(h.host), next === undefined ? sent.dst : String(next.args['a']))?.text ?? '';
  }
  const mismatch = mismatchOf(hops, start, trace);
  const reply = strayReply(lab, round, hops);
  for (const h of hops) if (h.tone === 'plain' && reply !== null && h.out.includes(reply.frame.id)) h.tone = 'odd';
  return {
    frames: round.map((f) => f.id), hops, mismatch,
    instead: reply === null ? null : { path: [reply.frame.from, reply.director, start.from], frame: reply.frame.id },
    routes: reply === null ? null : { host: reply.frame.from, lines: reply.lines },
    words: sentences(lab, trace, round, hops, mismatch, reply),
  };
}

/** Request and reply around a frame: from the asker's packet to what comes home, with the RST that says it is unwelcome. */
function roundOf(trace: TraceView, at: FrameView): FrameView[] {
  const flow = trace.flow(at.id).map((n) => trace.frame(n)).filter((f) => f !== null);
  const arp = at.proto === 'ARP';
  const mine = flow.filter((f) => (f.proto === 'ARP') === arp);
  const byId = new Map(mine.map((f) => [f.id, f]));
  const asker = mine[0]?.from ?? at.from;
  let start = at;
  for (let up = byId.get(start.cause); up !== undefined && (start.from !== asker || isRst(start)); up = byId.get(start.cause)) start = up;
  const out = [start];
  const inside = new Set([start.id]);
  for (const f of mine) {
    if (out.length >= LIMIT || f.id <= start.id || !inside.has(f.cause)) continue;
    const unwelcome = isRst(f) && f.from === asker;
    if (f.from === asker && !unwelcome) continue;
    out.push(f);
    if (!unwelcome) inside.add(f.id);
  }
  return out;
}

function hopsOf(trace: TraceView, round: readonly FrameView[]): FlowHop[] {
  const hops: FlowHop[] = [];
  const known = new Map<string, FlowHop>();
  const inside = new Set(round.map((f) => f.id));
  const hop = (host: string, into: number, at: number): FlowHop => {
    const key = `${host} ${into}`;
    let h = known.get(key);
    if (h === undefined) {
      h = { host, in: into, out: [], at, steps: into === 0 ? [] : trace.steps(into).filter((s) => s.host === host), route: '', tone: 'plain' };
      known.set(key, h);
      hops.push(h);
    }
    return h;
  };
  for (const f of round) {
    const h = hop(f.from, inside.has(f.cause) ? f.cause : 0, f.at);
    h.out.push(f.id);
    for (const s of trace.steps(f.id)) if (s.host === f.from && s.kind !== 'receive' && s.at <= f.at && !h.steps.includes(s)) h.steps.push(s);
    for (const to of f.to) if (to.accepted) hop(to.host, f.id, to.at);
    const died = trace.steps(f.id).find((s) => s.kind === 'drop' && s.host === '');
    if (died !== undefined && f.to.length === 0) {
      const h2 = hop('', f.id, died.at);
      h2.tone = 'bad';
    }
  }
  for (const h of hops) {
    if (h.steps.some((s) => s.kind === 'noSocket' || s.kind === 'ipvsNoDest' || s.kind === 'routeNone' || s.kind === 'martian' || s.kind === 'rpFilter' || (s.kind === 'drop' && !QUIET.has(String(s.args['reason']))))) h.tone = 'bad';
  }
  for (const h of hops) {
    // What a host does next with a packet that it keeps is another packet's story.
    const kept = h.out.length > 0 ? -1 : h.steps.findIndex((s) => s.kind === 'socket');
    if (kept >= 0) h.steps = h.steps.slice(0, kept + 1);
  }
  return hops.sort((a, b) => a.at - b.at || a.in - b.in);
}

/** The asker's kernel knows no socket for what came, because it comes from an address it never asked. */
function mismatchOf(hops: readonly FlowHop[], start: FrameView, trace: TraceView): FlowAccount['mismatch'] {
  for (const h of hops) {
    const came = h.in === 0 ? null : trace.frame(h.in);
    if (h.host !== start.from || came === null || !isTcp(came) || !h.steps.some((s) => s.kind === 'noSocket')) continue;
    if (came.src === start.dst && came.sport === start.dport) continue;
    return { host: h.host, frame: came.id, waiting: { ip: start.dst, port: start.dport }, received: { ip: came.src, port: came.sport }, at: start.sport };
  }
  return null;
}

interface Stray { frame: FrameView; director: string; before: string; network: RouteView | null; gateway: string; lines: { text: string; used: boolean }[] }

/** In NAT: the reply that its sender did not give back to the host that rewrote the request. */
function strayReply(lab: Lab, round: readonly FrameView[], hops: readonly FlowHop[]): Stray | null {
  const rewritten = round.find((f) => f.mode === 'DNAT');
  if (rewritten === undefined) return null;
  const server = rewritten.to.find((t) => t.accepted)?.host;
  if (server === undefined) return null;
  const frame = round.find((f) => f.from === server && f.id > rewritten.id && !isRstOfServer(f, hops));
  if (frame === undefined || frame.to.length === 0 || frame.to.some((t) => t.host === rewritten.from && t.accepted)) return null;
  const view = lab.hostView(server);
  const network = routeTo(view, frame.dst);
  const main = view.routes.filter((r) => r.table === 'main');
  return {
    frame, director: rewritten.from, before: rewritten.changed.find((c) => c.field === 'dst')?.before ?? '', network, gateway: main.find((r) => r.dst === 'default')?.gateway ?? '',
    lines: main.filter((r) => r === network || r.dst === 'default').concat(main.filter((r) => r !== network && r.dst !== 'default')).map((r) => ({ text: r.text, used: r === network })),
  };
}

const isRstOfServer = (f: FrameView, hops: readonly FlowHop[]): boolean => isRst(f) && hops.some((h) => h.host === f.from && h.steps.some((s) => s.kind === 'noSocket'));

/** The line of the main table that wins for an address. */
function routeTo(v: HostView, ip: string): RouteView | null {
  const number = (t: string): number => t.split('.').reduce((n, x) => n * 256 + Number(x), 0);
  let best: RouteView | null = null;
  let bits = -1;
  for (const r of v.routes) {
    if (r.table !== 'main' || r.dst.includes(':')) continue;
    const [net, prefix] = r.dst === 'default' ? ['0.0.0.0', '0'] : r.dst.split('/');
    const n = Number(prefix ?? 32);
    const size = 2 ** (32 - n);
    if (n > bits && Math.floor(number(net!) / size) === Math.floor(number(ip) / size)) {
      best = r;
      bits = n;
    }
  }
  return best;
}

/** The whole in sentences, in the order things happened. */
function sentences(lab: Lab, trace: TraceView, round: readonly FrameView[], hops: readonly FlowHop[], mismatch: FlowAccount['mismatch'], stray: Stray | null): FlowSentence[] {
  const start = round[0]!;
  const out: FlowSentence[] = [];
  const say = (key: string, args: FlowSentence['args']): void => void out.push({ key, args });
  if (start.proto === 'ARP') {
    const replies = round.filter((f) => f.id !== start.id);
    if (replies.length === 0) say('flow.arpSilence', { host: start.from, ip: start.dst });
    else say(replies.length === 1 ? 'flow.arpAnswer' : 'flow.arpAnswers', { host: start.from, ip: start.dst, owner: [...new Set(replies.map((f) => f.from))].join(', '), mac: replies.at(-1)!.smac });
    return out;
  }
  const sent = isTcp(start) ? start.flags : start.proto;
  say(isTcp(start) || start.dport !== 0 ? 'flow.sent' : 'flow.sentPlain', { host: start.from, what: sent, ip: start.dst, port: start.dport });
  let director = '';
  for (const f of round) {
    if (f.mode === null || f.mode === 'SNAT') continue;
    const steps = hops.find((h) => h.out.includes(f.id))?.steps ?? [];
    const pick = steps.find((s) => s.kind === 'ipvsSchedule' || s.kind === 'ipvsConn');
    if (pick === undefined) continue;
    director = f.from;
    const vip = { DNAT: start.dst, MAC: f.dst, IPIP: start.dst }[f.mode];
    const service = lab.hostView(director).ipvs.services.find((s) => s.address === vip && (s.port === start.dport || s.port === 0));
    const server = ownerOf(lab, String(pick.args['a']));
    const how = { DNAT: 'Nat', MAC: 'Dr', IPIP: 'Tun' }[f.mode];
    say(`flow.${pick.kind === 'ipvsSchedule' ? 'picked' : 'known'}${how}`, { director, server, scheduler: service?.scheduler ?? '', before: `${start.dst}:${start.dport}`, after: `${f.dst}:${f.dport}`, vip: start.dst });
  }
  const refused = hops.find((h) => h.host !== start.from && h.steps.some((s) => s.kind === 'noSocket'));
  const dead = hops.flatMap((h) => h.steps.filter((s) => s.kind === 'drop' && !QUIET.has(String(s.args['reason'])) && s.args['reason'] !== 'NO_SOCKET').map((s) => ({ h, s })))[0];
  if (hops.some((h) => h.steps.some((s) => s.kind === 'ipvsNoDest'))) say('why.noDest', { host: hops.find((h) => h.steps.some((s) => s.kind === 'ipvsNoDest'))!.host, ip: start.dst });
  else if (refused !== undefined) {
    const f = trace.frame(refused.in)!;
    say(lab.hostView(refused.host).role === 'director' && director === '' ? 'why.refusedByDirector' : 'why.refused', { host: refused.host, port: f.dport, ip: f.dst });
  }
  if (stray !== null) {
    const client = start.from;
    const base = { server: stray.frame.from, director: stray.director, client, ip: stray.frame.dst, src: stray.frame.src, gateway: stray.gateway || '-', route: stray.network?.text ?? '' };
    say(stray.network?.gateway === '' ? 'flow.replyBypass' : 'flow.replyElsewhere', base);
  } else {
    const home = round.findLast((f) => f.id !== start.id && f.to.some((t) => t.host === start.from && t.accepted));
    const restored = round.find((f) => f.mode === 'SNAT');
    if (home !== undefined && mismatch === null && refused === undefined && director !== '') {
      if (restored !== undefined) say('flow.replyThrough', { server: ownerOf(lab, restored.changed.find((c) => c.field === 'src')?.before ?? ''), director: restored.from, before: restored.changed.find((c) => c.field === 'src')?.before ?? '', ip: restored.src, client: start.from });
      else if (home.from !== director) say('flow.replyStraight', { server: home.from, client: start.from, ip: home.src, director });
    } else if (home !== undefined && director === '' && mismatch === null && refused === undefined && !isRst(home)) say('flow.answered', { server: home.from, client: start.from });
  }
  if (dead !== undefined) {
    const f = trace.frame(dead.h.in) ?? start;
    say(deathKey(String(dead.s.args['reason'])), { host: dead.h.host || f.from, reason: String(dead.s.args['reason']), src: f.src, dst: f.dst, ip: f.dst, port: f.dport });
  }
  if (mismatch !== null) say('flow.stranger', { host: mismatch.host, waiting: `${mismatch.waiting.ip}:${mismatch.waiting.port}`, received: `${mismatch.received.ip}:${mismatch.received.port}` });
  const waits = hops.findLast((h) => h.out.length === 0 && h.steps.some((s) => s.kind === 'neighbourWait'));
  if (waits !== undefined && dead === undefined) say('flow.waitsArp', { host: waits.host, ip: String(waits.steps.find((s) => s.kind === 'neighbourWait')!.args['a']) });
  if (director !== '' && (mismatch !== null || stray !== null)) {
    const entry = lab.hostView(director).ipvs.connections.find((c) => c.client === `${start.src}:${start.sport}`);
    if (entry !== undefined) say('flow.entryStays', { director, state: entry.state, seconds: Math.round(entry.expiresMs / 1000) });
  }
  return out;
}

/** The host that holds an address on a card; the address itself when nobody does. */
function ownerOf(lab: Lab, ip: string): string {
  for (const name of lab.hostNames()) for (const i of lab.hostView(name).interfaces) if (i.segment !== null && i.addresses.some((a) => a.address.split('/')[0] === ip)) return name;
  return ip;
}
