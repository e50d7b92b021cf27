// Check `http`: requests from a host; who served them, in what share, and which way the answers came back.
import { later } from '../../lib/later';
import { z } from 'zod';
import type { Steps } from '../../lib/steps';
import { explainRequest } from '../../lab/explain';
import { utf8Decode } from '../../lab/text';
import type { FrameView } from '../../lab/trace';
import { addressIn, addressesOfHost, type CheckContext, kind, list, msg, type Verdict } from './check_kind';

const schema = later(() => z.strictObject({
  from: z.string(),
  url: z.string(),
  times: z.number().int().min(1).max(100).default(1),
  status: z.number().int().default(200),
  /** Hosts that must serve, with their share when given. */
  served: z.union([z.array(z.string()), z.record(z.string(), z.number().int())]).optional(),
  /** Part of the requests each host serves, 0..1, give or take `tolerance`. */
  share: z.record(z.string(), z.number().min(0).max(1)).optional(),
  tolerance: z.number().min(0).max(1).default(0.1),
  /** Keeps every connection open until all are made, so that schedulers that count connections have something to count. */
  hold: z.boolean().default(false),
  same_server: z.boolean().default(false),
  reply: z.enum(['direct']).optional(),
  via: z.string().optional(),
  body: z.string().optional(),
  failures: z.number().int().default(0),
  /** Forgets the client's neighbours first. */
  fresh: z.boolean().default(false),
}));
type Args = z.infer<ReturnType<typeof schema>>;

interface Request { ok: boolean; status: number; body: string; server: string; repliedBy: string[]; first: number; stderr: string; exit: number }

/** Opens a connection that stays open; gives the frames that answered it. */
export function* holdOpen(lab: CheckContext['lab'], from: string, url: string): Steps<FrameView[]> {
  const first = lab.trace().frameCount() + 1;
  const m = new RegExp('^http://([^/:]+)(?::(\\d+))?').exec(url);
  yield* lab.executing(from, `sleep 60 3<>/dev/tcp/${m?.[1] ?? ''}/${m?.[2] ?? '80'} &`, { timeoutUs: 3_000_000 });
  yield* lab.passing(50_000);
  return lab.trace().frames(first).filter((f) => f.flags === 'SYN, ACK');
}

/** One connection that stays open; who took it is read from the trace. Nothing is asked on it, so status and body are not looked at. */
function* hold(ctx: CheckContext, a: Args): Steps<Request> {
  const first = ctx.lab.trace().frameCount() + 1;
  const answers = yield* holdOpen(ctx.lab, a.from, a.url);
  const ok = answers.some((f) => f.to.some((t) => t.host === a.from && t.accepted));
  return { ok, status: 0, body: '', server: answers[0]?.from ?? '', repliedBy: [...new Set(answers.map((f) => f.from))], first, stderr: '', exit: ok ? 0 : 7 };
}

/** One request by the client's own curl; who answered is read from the trace. */
function* request(ctx: CheckContext, a: Args): Steps<Request> {
  const trace = ctx.lab.trace();
  const first = trace.frameCount() + 1;
  const r = yield* ctx.lab.executing(a.from, `curl -s -S -m 5 -w '\\n%{http_code}' '${a.url}'`, { timeoutUs: 8_000_000 });
  const out = utf8Decode(r.stdout);
  const nl = out.lastIndexOf('\n');
  const status = Number(out.slice(nl + 1)) || 0;
  // A server may itself ask another for the page: the answer is what is addressed to the client.
  const mine = addressesOfHost(ctx.hosts, a.from);
  const answers = trace.framesSaying('HTTP/1.', first).filter((f) => mine.includes(f.dst) || f.from === a.from);
  return {
    ok: r.status === 0 && status === a.status, status, body: out.slice(0, Math.max(0, nl)), server: answers[0]?.from ?? '', repliedBy: [...new Set(answers.map((f) => f.from))], first,
    stderr: utf8Decode(r.stderr).trim(), exit: r.status,
  };
}

export const http = kind({
  name: 'http',
  schema,
  hosts: (a: Args) => [a.from, ...(a.via === undefined ? [] : [a.via]), ...(Array.isArray(a.served) ? a.served : Object.keys(a.served ?? {})), ...Object.keys(a.share ?? {})],
  *run(ctx: CheckContext, a: Args): Steps<Verdict> {
    if (a.fresh) yield* ctx.lab.executing(a.from, 'ip neigh flush all');
    const requests: Request[] = [];
    for (let bad = 0; requests.length < a.times && !(ctx.quick && bad > a.failures); bad += requests.at(-1)!.ok ? 0 : 1) requests.push(yield* a.hold ? hold(ctx, a) : request(ctx, a));
    const shares: Record<string, number> = {};
    for (const r of requests) if (r.server !== '') shares[r.server] = (shares[r.server] ?? 0) + 1;
    const shown = Object.entries(shares).sort(([x], [y]) => (x < y ? -1 : 1)).map(([h, n]) => `${h} ${n}`);
    const wanted = Array.isArray(a.served) ? a.served : a.served === undefined ? [] : Object.entries(a.served).map(([h, n]) => `${h} ${n}`);
    const expected = wanted.length === 0 ? msg('http.expect', { n: a.times, url: a.url }) : msg('http.expectServed', { n: a.times, url: a.url, served: list(wanted) });
    const failed = requests.filter((r) => !r.ok);
    const actual = msg('http.actual', { ok: requests.length - failed.length, n: requests.length, served: list(shown) });
    const about = ctx.cluster !== null && a.url.includes(ctx.cluster.vip) ? 'http' : 'page';
    const fail = (why: Verdict['explanation'], r: Request | undefined, host = a.from): Verdict => ({
      state: 'failed', expected, actual, host, about, frames: r === undefined ? [] : ctx.lab.trace().frames(r.first, r.first + 59).map((f) => f.id), ...(why === undefined ? {} : { explanation: why }),
    });
    if (failed.length > a.failures) {
      const r = failed[0]!;
      if (ctx.quick) return fail(undefined, undefined);
      if (r.status !== 0 && r.status !== a.status) return fail(msg('why.status', { status: r.status, wanted: a.status, host: r.server || a.from, url: a.url }), r, r.server || a.from);
      const why = explainRequest(ctx.lab, r.first, { from: a.from, vip: addressIn(a.url), director: ctx.cluster?.director ?? '' });
      return { ...fail(why === null ? msg('why.unknown', { text: r.stderr }) : why.message, r, why?.host ?? a.from), ...(why === null || why.frames.length === 0 ? {} : { frames: why.frames }) };
    }
    const names = Array.isArray(a.served) ? a.served : Object.keys(a.served ?? {});
    for (const h of names) {
      const share = Array.isArray(a.served) ? undefined : a.served?.[h];
      if ((shares[h] ?? 0) === 0) return fail(msg('why.neverServed', { host: h }), requests[0], h);
      if (share !== undefined && shares[h] !== share) return fail(msg('why.share', { host: h, n: shares[h]!, wanted: share }), requests[0], h);
    }
    if (names.length > 0) {
      const stranger = Object.keys(shares).find((h) => !names.includes(h));
      if (stranger !== undefined) return fail(msg('why.strangerServed', { host: stranger }), requests.find((r) => r.server === stranger), stranger);
    }
    for (const [h, part] of Object.entries(a.share ?? {})) {
      const got = (shares[h] ?? 0) / requests.length;
      if (Math.abs(got - part) > a.tolerance) return fail(msg('why.share', { host: h, n: `${Math.round(got * 100)}%`, wanted: `${Math.round(part * 100)}%` }), requests[0], h);
    }
    if (a.same_server && Object.keys(shares).length > 1) return fail(msg('why.notSame', { served: list(shown) }), requests[0]);
    if (a.body !== undefined && requests.some((r) => r.body.trim() !== a.body!.trim())) return fail(msg('why.body', { body: requests[0]!.body.slice(0, 60), wanted: a.body }), requests[0]);
    const director = ctx.cluster?.director;
    for (const r of requests) {
      if (a.reply === 'direct' && director !== undefined && r.server !== director && r.repliedBy.includes(director)) return fail(msg('why.replyNotDirect', { host: director }), r, director);
      if (a.via !== undefined && !r.repliedBy.includes(a.via)) return fail(msg('why.replyNotVia', { host: a.via }), r, a.via);
    }
    return { state: 'passed', expected, actual, host: a.from, frames: ctx.lab.trace().frames(requests[0]!.first, requests[0]!.first + 59).map((f) => f.id) };
  },
});
