// Check `neighbour`: what a host's ARP table says about an address: whose MAC, or nothing.
import { later } from '../../lib/later';
import { z } from 'zod';
import { type CheckContext, kind, msg, type Verdict } from './check_kind';

const schema = later(() => z.strictObject({ on: z.string(), ip: z.string(), host: z.string().optional(), mac: z.string().optional(), permanent: z.boolean().optional(), none: z.boolean().default(false) }));
type Args = z.infer<ReturnType<typeof schema>>;

export const neighbour = kind({
  name: 'neighbour',
  schema,
  hosts: (a: Args) => [a.on, ...(a.host === undefined ? [] : [a.host])],
  reads: () => true,
  run(ctx: CheckContext, a: Args): Verdict {
    const entry = ctx.lab.look(a.on).arp.find((n) => n.ip === a.ip && n.mac !== '');
    const owner = entry === undefined ? '' : (ctx.hosts.find((h) => ctx.lab.look(h.name).interfaces.some((i) => i.segment !== null && i.mac === entry.mac))?.name ?? entry.mac);
    const wanted = a.none ? '-' : (a.host ?? a.mac ?? '*');
    const expected = msg('neighbour.expect', { host: a.on, ip: a.ip, owner: wanted });
    const actual = msg('neighbour.actual', { host: a.on, ip: a.ip, owner: owner || '-', mac: entry?.mac ?? '-' });
    const fail = (key: string): Verdict => ({ state: 'failed', expected, actual, host: a.on, explanation: msg(key, { host: a.on, ip: a.ip, owner: owner || '-', wanted }) });
    if (a.none) return entry === undefined ? { state: 'passed', expected, actual, host: a.on } : fail('why.neighbourThere');
    if (entry === undefined) return { state: 'blocked', expected, actual, host: a.on, explanation: msg('why.neighbourMissing', { host: a.on, ip: a.ip }) };
    if ((a.host !== undefined && owner !== a.host) || (a.mac !== undefined && entry.mac.toLowerCase() !== a.mac.toLowerCase())) return fail('why.neighbourOther');
    if (a.permanent !== undefined && (entry.state === 'PERMANENT') !== a.permanent) return fail(a.permanent ? 'why.neighbourDynamic' : 'why.neighbourStatic');
    return { state: 'passed', expected, actual, host: a.on };
  },
});
