// Check `predict`: the learner says what will happen; the engine does it on a fork and the two are compared. `before` sets the stage, so that what the
// learner tried meanwhile does not change the right answer.
import { later } from '../../lib/later';
import { z } from 'zod';
import type { Steps } from '../../lib/steps';
import { utf8Decode } from '../../lab/text';
import { judge, parts, plain, question } from './answer';
import { type CheckContext, kind, list, msg, ownerOf, type Verdict } from './check_kind';
import { holdOpen } from './http';

const schema = later(() => z.strictObject({
  ...question(),
  /** 'HOST# command' lines run on the fork first. */
  before: z.array(z.string().regex(/^\S+# ./, "'HOST# command'")).default([]),
  /** Hosts that serve these requests, in order; `hold` keeps every connection open. */
  served: z.strictObject({ from: z.string(), url: z.string(), times: z.number().int().min(1).max(20).default(1), hold: z.boolean().default(false) }).optional(),
  /** The server the next connection of a service gets. */
  next: z.strictObject({ on: z.string(), service: z.string() }).optional(),
  /** What a command prints: the first group of `field`, or all of it. */
  prints: z.strictObject({ on: z.string(), run: z.string(), field: z.string().optional() }).optional(),
}));
type Args = z.infer<ReturnType<typeof schema>>;

/** What the engine does. */
function* truth(ctx: CheckContext, a: Args): Steps<string> {
  for (const line of a.before) yield* ctx.lab.executing(line.slice(0, line.indexOf('#')), line.slice(line.indexOf('#') + 1).trim(), { timeoutUs: 20_000_000 });
  if (a.served !== undefined) {
    const out: string[] = [];
    for (let n = 0; n < a.served.times; n++) {
      if (a.served.hold) {
        out.push((yield* holdOpen(ctx.lab, a.served.from, a.served.url))[0]?.from ?? 'none');
        continue;
      }
      const first = ctx.lab.trace().frameCount() + 1;
      yield* ctx.lab.executing(a.served.from, `curl -s -o /dev/null -m 5 '${a.served.url}'`, { timeoutUs: 8_000_000 });
      out.push(ctx.lab.trace().frames(first).find((f) => f.data.startsWith('HTTP/1.'))?.from ?? 'none');
    }
    return out.join(',');
  }
  if (a.next !== undefined) {
    const want = a.next.service;
    const s = ctx.lab.look(a.next.on).ipvs.services.find((x) => `${x.proto.toLowerCase()} ${x.address}:${x.port}` === want || `fwmark ${x.fwmark}` === want);
    return s?.next == null ? 'none' : ownerOf(ctx.hosts, s.next.address);
  }
  const p = a.prints!;
  const out = utf8Decode((yield* ctx.lab.executing(p.on, p.run, { timeoutUs: 20_000_000 })).stdout).trim();
  return p.field === undefined ? out : (new RegExp(p.field, 'm').exec(out)?.[1] ?? '');
}

export const predict = kind({
  name: 'predict',
  schema: later(() => schema().refine((a) => [a.served, a.next, a.prints].filter((x) => x !== undefined).length === 1, 'one of served, next, prints')),
  hosts: (a: Args) => [...a.before.map((l) => l.slice(0, l.indexOf('#'))), ...(a.served === undefined ? [] : [a.served.from]), ...(a.next === undefined ? [] : [a.next.on]), ...(a.prints === undefined ? [] : [a.prints.on])],
  *run(ctx: CheckContext, a: Args): Steps<Verdict> {
    if (ctx.answers[a.id] === undefined) return judge(ctx, a, () => false);
    const first = ctx.lab.trace().frameCount() + 1;
    const real = yield* truth(ctx, a);
    // People type full-width commas and spaces between names.
    const words = (x: string): string => plain(x).split(/[,、;\s]+/).filter((w) => w !== '').join();
    const same = (given: string): boolean => words(given) === words(real);
    const frames = ctx.lab.trace().frames(first).slice(0, 60).map((f) => f.id);
    return { ...judge(ctx, a, same, () => msg('why.predicted', { real: list(parts(real)) })), frames };
  },
});
