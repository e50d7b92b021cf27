// Check `http`: requests from a host; who served them, in what share, by which way the replies came.
import { z } from 'zod';
import { explainRequest } from '../../lab/explain';
import type { Lab } from '../../lab/lab';
import { utf8Decode } from '../../lab/text';
import { type CheckKind, type Finding, message } from '../check';
import type { Lesson } from '../load';

const schema = z.strictObject({
  from: z.string(),
  url: z.string().regex(/^http:\/\//, 'http://ADDRESS/PATH'),
  times: z.number().int().min(1).max(200).default(1),
  /** Hosts that must each serve at least once, or how often each must serve. */
  served: z.union([z.array(z.string()), z.record(z.string(), z.number().int())]).optional(),
  /** The replies reach the client without passing any director ('direct'), or pass this host. */
  reply: z.literal('direct').optional(),
  via: z.string().optional(),
  status: z.number().int().default(200),
  body: z.string().optional(),
  same_server: z.boolean().optional(),
  failures: z.number().int().default(0),
  /** Forgets the client's ARP entries first. */
  fresh: z.boolean().default(false),
});
type Args = z.infer<typeof schema>;

interface Answer {
  host: string;
  ok: boolean;
  frame: number;
  passed: Set<string>;
  body: string;
}

/** One request; who answered is read from the trace: the first host that sent bytes of a response. */
function ask(lab: Lab, a: Args): Answer {
  const since = lab.trace().frameCount() + 1;
  const r = lab.exec(a.from, `curl -s -m 4 -w '\\n%{http_code}' '${a.url.replace(/'/g, '')}'`, { timeoutUs: 8_000_000 });
  const out = utf8Decode(r.stdout);
  const cut = out.lastIndexOf('\n');
  const replies = lab.trace().frames(since).filter((f) => f.data.startsWith('HTTP/1.'));
  return {
    host: replies[0]?.from ?? '', ok: r.status === 0 && out.slice(cut + 1) === String(a.status), frame: replies[0]?.id ?? since,
    passed: new Set(replies.slice(1).map((f) => f.from)), body: out.slice(0, cut),
  };
}

const shares = (count: Map<string, number>): string => [...count].map(([h, n]) => `${h} × ${n}`).join(', ') || '-';

function* run(lab: Lab, a: Args, lesson: Lesson): Generator<void, Finding> {
  if (a.fresh) lab.exec(a.from, 'ip neigh flush all');
  const target = /^http:\/\/([^/:]+)/.exec(a.url)![1]!;
  const since = lab.trace().frameCount() + 1;
  const count = new Map<string, number>();
  const answers: Answer[] = [];
  const wanted = a.served === undefined ? [] : Array.isArray(a.served) ? a.served : Object.keys(a.served);
  const expected = message('http.expected', {
    times: a.times, url: a.url, from: a.from, served: a.served === undefined ? '-' : Array.isArray(a.served) ? a.served.join(', ') : shares(new Map(Object.entries(a.served))),
  });
  for (let i = 0; i < a.times; i++) {
    const answer = ask(lab, a);
    answers.push(answer);
    if (answer.ok) count.set(answer.host, (count.get(answer.host) ?? 0) + 1);
    else if (answers.filter((x) => !x.ok).length > a.failures) {
      const why = explainRequest(lab.trace(), since, a.from, target);
      return {
        state: 'failed', host: a.from, expected, actual: message('http.failed', { n: i + 1, url: a.url, from: a.from }), explanation: why === null ? message('why.notSent', { client: a.from }) : message(why.key, why.args),
        frames: why === null ? [] : [why.frame],
      };
    }
    yield;
  }
  const frames = answers.map((x) => x.frame);
  const actual = message('http.served', { served: shares(count), from: a.from });
  const fail = (key: string, args: Record<string, string | number>, frame = frames[0] ?? 0): Finding => ({ state: 'failed', host: a.from, expected, actual, explanation: message(key, args), frames: [frame] });
  for (const [host, n] of count) if (wanted.length > 0 && !wanted.includes(host)) return fail('http.servedBy', { host, n });
  for (const host of wanted) {
    const n = count.get(host) ?? 0;
    const want = Array.isArray(a.served) ? 0 : (a.served as Record<string, number>)[host]!;
    if (Array.isArray(a.served) ? n === 0 : n !== want) return fail(n === 0 ? 'http.neverServed' : 'http.wrongShare', { host, n, want });
  }
  if (a.same_server && count.size > 1) return fail('http.severalServers', { served: shares(count) });
  const wrongBody = a.body === undefined ? undefined : answers.find((x) => x.ok && !x.body.includes(a.body!));
  if (wrongBody !== undefined) return fail('http.wrongBody', { body: wrongBody.body.trim().slice(0, 60), want: a.body! }, wrongBody.frame);
  const directors = lesson.topology.hosts.filter((h) => h.role === 'director').map((h) => h.name);
  const detour = a.reply === 'direct' ? answers.find((x) => directors.some((d) => x.passed.has(d))) : undefined;
  if (detour !== undefined) return fail('http.replyNotDirect', { host: detour.host, director: directors.find((d) => detour.passed.has(d))! }, detour.frame);
  const via = a.via;
  const past = via === undefined ? undefined : answers.find((x) => x.ok && x.host !== via && !x.passed.has(via));
  if (past !== undefined) return fail('http.replyNotVia', { host: past.host, via: via! }, past.frame);
  return { state: 'passed', host: a.from, expected, actual, frames };
}

/** Requests and who served them. */
export const http: CheckKind<Args> = { name: 'http', schema: () => schema, run };
