// Check `ipvs`: a virtual service and its real servers: scheduler, persistence, forwarding method, weights.
import { z } from 'zod';
import type { Lab } from '../../lab/lab';
import { type CheckKind, type Finding, message } from '../check';
import { addressesOfHost, FORWARD_NAMES } from '../situation';

const schema = z.strictObject({
  on: z.string(),
  service: z.string().regex(/^(tcp|udp) \S+:\d+$/, 'tcp ADDRESS:PORT'),
  scheduler: z.string().optional(),
  persistent: z.number().int().optional(),
  /** `HOST METHOD [WEIGHT]`, method masq, route or tunnel. */
  servers: z.array(z.string().regex(/^\S+(:\d+)? (masq|nat|route|dr|tunnel|tun)( \d+)?$/, 'HOST masq|route|tunnel [WEIGHT]')).optional(),
  /** Other services may exist beside it. */
  others: z.boolean().default(true),
});
type Args = z.infer<typeof schema>;

function* run(lab: Lab, a: Args): Generator<void, Finding> {
  yield;
  const [proto, where] = a.service.split(' ') as [string, string];
  const colon = where.lastIndexOf(':');
  const services = lab.hostView(a.on).ipvs.services;
  const expected = message('ipvs.expected', { service: a.service, scheduler: a.scheduler ?? '*', servers: a.servers?.join(', ') ?? '*' });
  const fail = (key: string, args: Record<string, string | number>): Finding => ({ state: 'failed', host: a.on, expected, actual: message(key, { on: a.on, ...args }) });
  const s = services.find((x) => x.proto.toLowerCase() === proto && x.address === where.slice(0, colon) && x.port === Number(where.slice(colon + 1)));
  if (s === undefined) return services.length === 0 ? fail('ipvs.noService', { service: a.service }) : fail('ipvs.otherService', { service: a.service, found: services.map((x) => `${x.address}:${x.port}`).join(', ') });
  if (a.scheduler !== undefined && s.scheduler !== a.scheduler) return fail('ipvs.scheduler', { found: s.scheduler, want: a.scheduler });
  if (a.persistent !== undefined && s.persistent !== a.persistent) return fail('ipvs.persistent', { found: s.persistent, want: a.persistent });
  const known = new Set<string>();
  for (const text of a.servers ?? []) {
    const [hostPort, mode, weight] = text.split(' ') as [string, string, string | undefined];
    const [host, port] = hostPort.split(':') as [string, string | undefined];
    const addresses = lab.hostNames().includes(host) ? addressesOfHost(lab.hostView(host)) : [host];
    const server = s.servers.find((d) => addresses.includes(d.address) && d.port === Number(port ?? s.port));
    if (server === undefined) return fail('ipvs.noServer', { host, port: port ?? s.port });
    known.add(`${server.address}:${server.port}`);
    if (server.forward !== FORWARD_NAMES[mode]) return fail('ipvs.forward', { host, found: server.forward, want: FORWARD_NAMES[mode]! });
    if (weight !== undefined && server.weight !== Number(weight)) return fail('ipvs.weight', { host, found: server.weight, want: weight });
  }
  const extra = a.servers === undefined ? undefined : s.servers.find((d) => !known.has(`${d.address}:${d.port}`));
  if (extra !== undefined) return fail('ipvs.extraServer', { server: `${extra.address}:${extra.port}` });
  if (!a.others && services.length > 1) return fail('ipvs.leftover', { found: services.filter((x) => x !== s).map((x) => `${x.address}:${x.port}`).join(', ') });
  return { state: 'passed', host: a.on, expected, actual: message('ipvs.ok', { service: a.service }) };
}

/** A virtual service as it should be. */
export const ipvs: CheckKind<Args> = { name: 'ipvs', schema: () => schema, run };
