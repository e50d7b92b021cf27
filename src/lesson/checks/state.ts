// Checks of a host's state: `address`, `route`, `sysctl`, `hostname`. `after: boot` asks what is left after a reboot of that host.
import { later } from '../../lib/later';
import { z } from 'zod';
import type { Steps } from '../../lib/steps';
import { rebooting } from '../labfile';
import { type CheckContext, kind, list, msg, type Verdict } from './check_kind';

const after = later(() => z.enum(['boot']).optional());

const addressSchema = later(() => z.strictObject({ on: z.string(), has: z.string().optional(), lacks: z.string().optional(), dev: z.string().optional(), prefix: z.number().int().optional(), after: after() }));
type AddressArgs = z.infer<ReturnType<typeof addressSchema>>;

export const address = kind({
  name: 'address',
  schema: addressSchema,
  hosts: (a: AddressArgs) => [a.on],
  reads: (a: AddressArgs) => a.after === undefined,
  *run(ctx: CheckContext, a: AddressArgs): Steps<Verdict> {
    if (a.after === 'boot') yield* rebooting(ctx.lab, [a.on]);
    const all = ctx.lab.look(a.on).interfaces.flatMap((i) => (i.up ? i.addresses.map((x) => ({ dev: i.name, ip: x.address.split('/')[0]!, prefix: Number(x.address.split('/')[1]) })) : []));
    const shown = list(all.filter((x) => x.ip !== '127.0.0.1').map((x) => `${x.dev} ${x.ip}/${x.prefix}`));
    const actual = msg('address.actual', { host: a.on, addresses: shown });
    if (a.has !== undefined) {
      const ip = a.has.split('/')[0]!;
      const expected = msg('address.expect', { host: a.on, ip: a.has, dev: a.dev ?? '' });
      const found = all.filter((x) => x.ip === ip);
      if (found.length === 0) return { state: 'failed', expected, actual, host: a.on, explanation: msg('why.addressMissing', { host: a.on, ip }) };
      if (a.dev !== undefined && !found.some((x) => x.dev === a.dev)) return { state: 'failed', expected, actual, host: a.on, explanation: msg('why.addressElsewhere', { host: a.on, ip, dev: found[0]!.dev, wanted: a.dev }) };
      if (a.prefix !== undefined && !found.some((x) => x.prefix === a.prefix)) return { state: 'failed', expected, actual, host: a.on, explanation: msg('why.addressPrefix', { host: a.on, ip, prefix: found[0]!.prefix, wanted: a.prefix }) };
      return { state: 'passed', expected, actual, host: a.on };
    }
    const ip = (a.lacks ?? '').split('/')[0]!;
    const there = all.find((x) => x.ip === ip && (a.dev === undefined || x.dev === a.dev));
    const expected = msg('address.expectNot', { host: a.on, ip });
    return there === undefined ? { state: 'passed', expected, actual, host: a.on } : { state: 'failed', expected, actual, host: a.on, explanation: msg('why.addressLeft', { host: a.on, ip, dev: there.dev }), about: 'left' };
  },
});

const routeSchema = later(() => z.strictObject({ on: z.string(), default: z.string().optional(), to: z.string().optional(), via: z.string().optional(), none: z.boolean().default(false), only: z.boolean().default(false), after: after() }));
type RouteArgs = z.infer<ReturnType<typeof routeSchema>>;

export const route = kind({
  name: 'route',
  schema: routeSchema,
  hosts: (a: RouteArgs) => [a.on],
  reads: (a: RouteArgs) => a.after === undefined,
  *run(ctx: CheckContext, a: RouteArgs): Steps<Verdict> {
    if (a.after === 'boot') yield* rebooting(ctx.lab, [a.on]);
    const dst = a.to ?? 'default';
    const via = a.default ?? a.via ?? '';
    const routes = ctx.lab.look(a.on).routes.filter((r) => r.table === 'main');
    const best = routes.find((r) => r.dst === dst);
    const expected = a.none ? msg('route.expectNone', { host: a.on, dst }) : msg('route.expect', { host: a.on, dst, via });
    const actual = best === undefined ? msg('route.none', { host: a.on, dst }) : msg('route.actual', { host: a.on, route: best.text });
    if (a.none) return best === undefined ? { state: 'passed', expected, actual, host: a.on } : { state: 'failed', expected, actual, host: a.on, explanation: msg('why.routeLeft', { host: a.on, route: best.text }), about: 'left' };
    if (best === undefined) return { state: 'failed', expected, actual, host: a.on, explanation: msg('why.routeMissing', { host: a.on, dst, via }) };
    if (best.gateway !== via) return { state: 'failed', expected, actual, host: a.on, explanation: msg('why.routeOther', { host: a.on, dst, gateway: best.gateway, wanted: via }) };
    // `only`: no second way stands behind it.
    const other = a.only ? routes.find((r) => r.dst === dst && r !== best) : undefined;
    if (other !== undefined) return { state: 'failed', expected, actual, host: a.on, explanation: msg('why.routeLeft', { host: a.on, route: other.text }) };
    return { state: 'passed', expected, actual, host: a.on };
  },
});

const sysctlSchema = later(() => z.strictObject({ on: z.string(), key: z.string(), value: z.union([z.string(), z.number()]), after: after() }));
type SysctlArgs = z.infer<ReturnType<typeof sysctlSchema>>;

export const sysctl = kind({
  name: 'sysctl',
  schema: sysctlSchema,
  hosts: (a: SysctlArgs) => [a.on],
  reads: (a: SysctlArgs) => a.after === undefined,
  *run(ctx: CheckContext, a: SysctlArgs): Steps<Verdict> {
    if (a.after === 'boot') yield* rebooting(ctx.lab, [a.on]);
    const value = (ctx.lab.readFile(a.on, `/proc/sys/${a.key.replace(/\./g, '/')}`) ?? '').trim();
    const expected = msg('sysctl.expect', { host: a.on, key: a.key, value: String(a.value) });
    const actual = msg('sysctl.actual', { host: a.on, key: a.key, value: value || '-' });
    if (value === String(a.value)) return { state: 'passed', expected, actual, host: a.on };
    return { state: 'failed', expected, actual, host: a.on, explanation: msg(a.after === 'boot' ? 'why.sysctlBoot' : 'why.sysctl', { host: a.on, key: a.key, value, wanted: String(a.value) }) };
  },
});

const hostnameSchema = later(() => z.strictObject({ on: z.string(), is: z.string() }));
type HostnameArgs = z.infer<ReturnType<typeof hostnameSchema>>;

export const hostname = kind({
  name: 'hostname',
  schema: hostnameSchema,
  hosts: (a: HostnameArgs) => [a.on],
  reads: () => true,
  run(ctx: CheckContext, a: HostnameArgs): Verdict {
    const now = ctx.lab.look(a.on).hostname;
    return { state: now === a.is ? 'passed' : 'failed', expected: msg('hostname.expect', { host: a.on, name: a.is }), actual: msg('hostname.actual', { host: a.on, name: now }), host: a.on };
  },
});
