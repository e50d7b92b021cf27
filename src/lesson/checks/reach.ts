// Checks of reachability: `ping` and `connect` (open, refused or silent).
import { later } from '../../lib/later';
import { z } from 'zod';
import type { Steps } from '../../lib/steps';
import { explainRequest } from '../../lab/explain';
import { utf8Decode } from '../../lab/text';
import { addressIn, type CheckContext, kind, msg, type Verdict } from './check_kind';

const pingSchema = later(() => z.strictObject({ from: z.string(), to: z.string(), answers: z.boolean().default(true) }));
type PingArgs = z.infer<ReturnType<typeof pingSchema>>;

function explained(ctx: CheckContext, first: number, from: string, to: string): Pick<Verdict, 'explanation' | 'frames'> {
  const why = explainRequest(ctx.lab, first, { from, vip: addressIn(to), director: ctx.cluster?.director ?? '' });
  return why === null ? {} : { explanation: why.message, frames: why.frames };
}

export const ping = kind({
  name: 'ping',
  schema: pingSchema,
  hosts: (a: PingArgs) => [a.from],
  *run(ctx: CheckContext, a: PingArgs): Steps<Verdict> {
    const first = ctx.lab.trace().frameCount() + 1;
    const r = yield* ctx.lab.executing(a.from, `ping -c 2 -W 2 ${a.to}`, { timeoutUs: 10_000_000 });
    const answered = r.status === 0;
    const expected = msg(a.answers ? 'ping.expect' : 'ping.expectNot', { host: a.from, ip: a.to });
    const actual = msg(answered ? 'ping.yes' : 'ping.no', { host: a.from, ip: a.to, text: utf8Decode(r.stdout + r.stderr).trim().split('\n')[1] ?? '' });
    if (answered === a.answers) return { state: 'passed', expected, actual, host: a.from };
    return { state: 'failed', expected, actual, host: a.from, ...explained(ctx, first, a.from, a.to) };
  },
});

const connectSchema = later(() => z.strictObject({ from: z.string(), to: z.string().regex(/^\S+:\d+$/), result: z.enum(['open', 'refused', 'silent']).default('open') }));
type ConnectArgs = z.infer<ReturnType<typeof connectSchema>>;

export const connect = kind({
  name: 'connect',
  schema: connectSchema,
  hosts: (a: ConnectArgs) => [a.from],
  *run(ctx: CheckContext, a: ConnectArgs): Steps<Verdict> {
    const [ip, port] = a.to.split(':') as [string, string];
    const first = ctx.lab.trace().frameCount() + 1;
    const r = yield* ctx.lab.executing(a.from, `exec 3<>/dev/tcp/${ip}/${port}`, { timeoutUs: 5_000_000 });
    const got = r.timedOut ? 'silent' : r.status === 0 ? 'open' : /refused/.test(r.stderr) ? 'refused' : 'silent';
    const expected = msg(`connect.${a.result}`, { host: a.from, to: a.to });
    const actual = msg(`connect.${got}`, { host: a.from, to: a.to });
    if (got === a.result) return { state: 'passed', expected, actual, host: a.from };
    return { state: 'failed', expected, actual, host: a.from, ...explained(ctx, first, a.from, a.to) };
  },
});
