// Check `resolve`: what a host makes of a name (getent hosts: /etc/hosts and DNS as nsswitch says).
import { later } from '../../lib/later';
import { z } from 'zod';
import type { Steps } from '../../lib/steps';
import { utf8Decode } from '../../lab/text';
import { type CheckContext, kind, list, msg, type Verdict } from './check_kind';

const schema = later(() => z.strictObject({ on: z.string(), name: z.string().regex(/^[\w.-]+$/, 'a host name'), to: z.string().optional(), fails: z.boolean().default(false) }));
type Args = z.infer<ReturnType<typeof schema>>;

export const resolve = kind({
  name: 'resolve',
  schema,
  hosts: (a: Args) => [a.on],
  *run(ctx: CheckContext, a: Args): Steps<Verdict> {
    const r = yield* ctx.lab.executing(a.on, `getent hosts ${a.name}`, { timeoutUs: 20_000_000 });
    const found = utf8Decode(r.stdout).split('\n').flatMap((l) => (l.trim() === '' ? [] : [l.trim().split(/\s+/)[0]!]));
    const expected = msg('resolve.expect', { host: a.on, name: a.name, ip: a.fails ? '-' : (a.to ?? '*') });
    const actual = msg('resolve.actual', { host: a.on, name: a.name, ip: list(found) });
    const ok = a.fails ? found.length === 0 : a.to === undefined ? found.length > 0 : found.includes(a.to);
    if (ok) return { state: 'passed', expected, actual, host: a.on };
    return { state: 'failed', expected, actual, host: a.on, explanation: msg(found.length === 0 ? 'why.nameUnknown' : 'why.nameOther', { host: a.on, name: a.name, ip: list(found), wanted: a.to ?? '-' }) };
  },
});
