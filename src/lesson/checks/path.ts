// Check `path`: the hosts a request and its reply pass, in order, and what was rewritten on the way (MAC, DNAT, SNAT, IPIP).
import { later } from '../../lib/later';
import { z } from 'zod';
import type { Steps } from '../../lib/steps';
import { explainRequest } from '../../lab/explain';
import type { FrameView } from '../../lab/trace';
import { addressIn, type CheckContext, kind, msg, type Verdict } from './check_kind';

const schema = later(() => z.strictObject({
  from: z.string(),
  /** 'http://...' asks by curl, an address by ping. */
  to: z.string(),
  /** Hosts from the asker on; '*' is any one host, 'web52|web53' one of them. */
  request: z.array(z.string()).min(2).optional(),
  reply: z.array(z.string()).min(2).optional(),
  /** 'HOST mac|dnat|snat|ipip' each. */
  rewritten: z.array(z.string().regex(/^\S+ (mac|dnat|snat|ipip)$/, "'HOST mac|dnat|snat|ipip'")).optional(),
}));
type Args = z.infer<ReturnType<typeof schema>>;

/** The hosts a chain of frames connects, and what each did to it. */
interface Way { hosts: string[]; rewritten: string[]; frames: number[] }

function wayOf(frames: readonly FrameView[], from: string): Way {
  const way: Way = { hosts: [from], rewritten: [], frames: [] };
  for (const f of frames) {
    if (f.from !== way.hosts.at(-1)) continue; // a copy sent again
    way.frames.push(f.id);
    if (f.mode !== null) way.rewritten.push(`${f.from} ${f.mode.toLowerCase()}`);
    const to = f.to.find((t) => t.accepted);
    if (to === undefined) break;
    way.hosts.push(to.host);
  }
  return way;
}

const arrow = (hosts: readonly string[]): string => hosts.join(' → ');
const fits = (way: readonly string[], want: readonly string[]): boolean => way.length === want.length && want.every((w, i) => w === '*' || w.split('|').includes(way[i]!));

/** Ways of the first request and its reply among a run's frames; null when nothing was sent. */
export function waysOf(frames: readonly FrameView[], flow: (id: number) => readonly number[], from: string): { request: Way; reply: Way | null } | null {
  const echo = (f: FrameView, what: string): boolean => f.info.startsWith(`Echo (ping) ${what}`);
  const start = frames.find((f) => f.from === from && (f.flags === 'SYN' || echo(f, 'request')));
  if (start === undefined) return null;
  const ids = new Set(flow(start.id));
  const mine = frames.filter((f) => f.proto !== 'ARP' && (ids.has(f.id) || f.id === start.id));
  const back = mine.findIndex((f) => f.flags === 'SYN, ACK' || echo(f, 'reply'));
  const there = (back < 0 ? mine : mine.slice(0, back)).filter((f) => f.flags === 'SYN' || echo(f, 'request') || f.proto === 'IPIP');
  const reply = back < 0 ? null : wayOf(mine.slice(back).filter((f) => f.flags === 'SYN, ACK' || echo(f, 'reply')), mine[back]!.from);
  return { request: wayOf(there, from), reply };
}

export const path = kind({
  name: 'path',
  schema,
  hosts: (a: Args) => [a.from, ...[...(a.request ?? []), ...(a.reply ?? [])].flatMap((h) => (h === '*' ? [] : h.split('|'))), ...(a.rewritten ?? []).map((r) => r.split(' ')[0]!)],
  *run(ctx: CheckContext, a: Args): Steps<Verdict> {
    const first = ctx.lab.trace().frameCount() + 1;
    yield* ctx.lab.executing(a.from, a.to.startsWith('http') ? `curl -s -o /dev/null -m 5 '${a.to}'` : `ping -c 1 -W 2 ${a.to}`, { timeoutUs: 8_000_000 });
    const frames = ctx.lab.trace().frames(first);
    const ways = waysOf(frames, (id) => ctx.lab.trace().flow(id), a.from);
    const expected = msg('path.expect', { request: arrow(a.request ?? ['*']), reply: arrow(a.reply ?? ['*']) });
    if (ways === null) return { state: 'blocked', expected, actual: msg('path.nothing', { host: a.from, to: a.to }), host: a.from };
    const actual = msg('path.actual', { request: arrow(ways.request.hosts), reply: ways.reply === null ? '-' : arrow(ways.reply.hosts) });
    const all = [...ways.request.frames, ...(ways.reply?.frames ?? [])];
    const fail = (key: string, args: Record<string, string>, host: string, ids = all): Verdict => ({ state: 'failed', expected, actual, host, explanation: msg(key, args), frames: ids });
    if (a.reply !== undefined && ways.reply === null) {
      const why = explainRequest(ctx.lab, first, { from: a.from, vip: addressIn(a.to), director: ctx.cluster?.director ?? '' });
      if (why !== null) return { state: 'failed', expected, actual, host: why.host, explanation: why.message, frames: why.frames };
    }
    if (a.request !== undefined && !fits(ways.request.hosts, a.request)) return fail('why.pathRequest', { way: arrow(ways.request.hosts), wanted: arrow(a.request) }, ways.request.hosts.at(-1)!, ways.request.frames);
    if (a.reply !== undefined && !fits(ways.reply?.hosts ?? [], a.reply)) return fail('why.pathReply', { way: arrow(ways.reply?.hosts ?? ['-']), wanted: arrow(a.reply) }, ways.reply?.hosts.at(-1) ?? a.from, ways.reply?.frames ?? all);
    const done = [...ways.request.rewritten, ...(ways.reply?.rewritten ?? [])];
    const missing = a.rewritten?.find((r) => !done.includes(r));
    if (missing !== undefined) return fail('why.pathRewrite', { wanted: missing, done: done.join(', ') || '-' }, missing.split(' ')[0]!);
    return { state: 'passed', expected, actual, host: a.from, frames: all };
  },
});
