// Check `interface`: a network card or tunnel: is it there, up, plugged in, with which MTU and MAC.
import { later } from '../../lib/later';
import { z } from 'zod';
import type { Steps } from '../../lib/steps';
import { type CheckContext, kind, msg, type Verdict } from './check_kind';
import { rebooting } from '../labfile';

const schema = later(() => z.strictObject({
  on: z.string(), dev: z.string(), exists: z.boolean().default(true), up: z.boolean().optional(), plugged: z.boolean().optional(), mtu: z.number().int().optional(), mac: z.string().optional(), after: z.enum(['boot']).optional(),
}));
type Args = z.infer<ReturnType<typeof schema>>;

export const interfaceCheck = kind({
  name: 'interface',
  schema,
  hosts: (a: Args) => [a.on],
  reads: (a: Args) => a.after === undefined,
  *run(ctx: CheckContext, a: Args): Steps<Verdict> {
    if (a.after === 'boot') yield* rebooting(ctx.lab, [a.on]);
    const i = ctx.lab.look(a.on).interfaces.find((x) => x.name === a.dev);
    const words = (up: boolean | undefined, plugged: boolean | undefined, mtu: number | undefined): string =>
      [up === undefined ? '' : up ? 'UP' : 'DOWN', plugged === undefined ? '' : plugged ? 'LOWER_UP' : 'NO-CARRIER', mtu === undefined ? '' : `mtu ${mtu}`].filter((w) => w !== '').join(' ') || '-';
    const expected = a.exists ? msg('interface.expect', { host: a.on, dev: a.dev, state: words(a.up, a.plugged, a.mtu) }) : msg('interface.expectNot', { host: a.on, dev: a.dev });
    const actual = i === undefined ? msg('interface.none', { host: a.on, dev: a.dev }) : msg('interface.actual', { host: a.on, dev: a.dev, state: words(i.up, i.carrier, i.mtu) });
    const fail = (key: string, args: Record<string, string | number> = {}): Verdict => ({ state: 'failed', expected, actual, host: a.on, explanation: msg(key, { host: a.on, dev: a.dev, ...args }) });
    if ((i !== undefined) !== a.exists) return fail(a.exists ? 'why.deviceMissing' : 'why.deviceThere');
    if (i === undefined) return { state: 'passed', expected, actual, host: a.on };
    if (a.up !== undefined && i.up !== a.up) return fail(a.up ? 'why.deviceDown' : 'why.deviceUp');
    if (a.plugged !== undefined && i.carrier !== a.plugged) return fail(a.plugged ? 'why.cableOut' : 'why.cableIn');
    if (a.mtu !== undefined && i.mtu !== a.mtu) return fail('why.deviceMtu', { mtu: i.mtu, wanted: a.mtu });
    if (a.mac !== undefined && i.mac.toLowerCase() !== a.mac.toLowerCase()) return fail('why.deviceMac', { mac: i.mac, wanted: a.mac });
    return { state: 'passed', expected, actual, host: a.on };
  },
});
