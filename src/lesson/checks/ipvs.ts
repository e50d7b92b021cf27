// Check `ipvs`: a virtual service and its real servers on the director: scheduler, method, weights, persistence.
import { later } from '../../lib/later';
import { z } from 'zod';
import type { ForwardName, ServiceView } from '../../lab/views';
import { addressesOfHost, type CheckContext, kind, list, msg, ownerOf, type Verdict } from './check_kind';

const FORWARD: Record<string, ForwardName> = { route: 'Route', dr: 'Route', masq: 'Masq', nat: 'Masq', tunnel: 'Tunnel', tun: 'Tunnel' };
/** A number, or its bounds. */
const range = later(() => z.union([z.number().int(), z.strictObject({ min: z.number().int().optional(), max: z.number().int().optional() })]));
type Range = z.infer<ReturnType<typeof range>>;
const within = (n: number, r: Range): boolean => (typeof r === 'number' ? n === r : n >= (r.min ?? 0) && n <= (r.max ?? Number.POSITIVE_INFINITY));
const shownRange = (r: Range): string => (typeof r === 'number' ? String(r) : `${r.min ?? 0}..${r.max ?? ''}`);

const schema = later(() => z.strictObject({
  on: z.string(),
  service: z.string().regex(/^(tcp|udp) \S+:(\d+|\{\{\w+\}\})$|^fwmark \d+$/, "'tcp ADDRESS:PORT' or 'fwmark N'"),
  scheduler: z.string().optional(),
  persistent: z.union([z.number().int(), z.string().regex(/^\{\{\w+\}\}$|^\d+$/, 'seconds')]).optional(),
  /** True: there must be no such service. */
  absent: z.boolean().default(false),
  /** Hosts that must not be among its real servers. */
  without: z.array(z.string()).optional(),
  /** 'HOST[:PORT] METHOD [weight N] [upper N] [lower N]' each, and no others. */
  servers: z.array(z.string().regex(/^\S+ (route|dr|masq|nat|tunnel|tun)( (weight|upper|lower) (\d+|\{\{\w+\}\}))*$/, "'HOST[:PORT] route|masq|tunnel [weight N] [upper N] [lower N]'")).optional(),
  /** Flags of the service as ipvsadm lists them ('ops', 'sh-port'), none besides. */
  flags: z.string().optional(),
  /** Counters of the service, or of one server. */
  counters: z.strictObject({ server: z.string().optional(), conns: range().optional(), inPkts: range().optional(), outPkts: range().optional(), inBytes: range().optional(), outBytes: range().optional() }).optional(),
  /** Connections in the table. */
  connections: z.strictObject({ state: z.string().optional(), server: z.string().optional(), count: range() }).optional(),
  /** Seconds, as `ipvsadm -l --timeout` says. */
  timeouts: z.strictObject({ tcp: z.number().optional(), tcpfin: z.number().optional(), udp: z.number().optional() }).optional(),
}));
type Args = z.infer<ReturnType<typeof schema>>;

const hostOf = (server: string): string => server.split(' ')[0]!.split(':')[0]!;

/** What an ipvs check says about the lesson's cluster. */
export function clusterOf(args: unknown): { director: string; vip: string; port: number; mode: 'route' | 'masq' | 'tunnel'; servers: string[]; persistent?: boolean; idle?: string[] } | null {
  const a = args as Args;
  const m = /^tcp (\S+):(\d+)$/.exec(a.service);
  const first = a.servers?.[0]?.split(' ')[1];
  if (m === null || first === undefined) return null;
  const mode = FORWARD[first] === 'Route' ? 'route' : FORWARD[first] === 'Masq' ? 'masq' : 'tunnel';
  const idle = a.servers!.filter((x) => / weight 0\b/.test(x)).map(hostOf);
  return { director: a.on, vip: m[1]!, port: Number(m[2]), mode, servers: a.servers!.map(hostOf), ...(a.persistent === undefined ? {} : { persistent: Number(a.persistent) > 0 }), ...(idle.length === 0 ? {} : { idle }) };
}

/** Counters, connections and timeouts; null when all is as wanted. */
function traffic(ctx: CheckContext, a: Args, svc: ServiceView): Verdict | null {
  const off = (what: string, value: string | number, wanted: string): Verdict => ({
    state: 'failed', host: a.on, expected: msg('ipvs.expectValue', { host: a.on, what, value: wanted }), actual: msg('ipvs.value', { host: a.on, what, value }), explanation: msg('why.ipvsValue', { host: a.on, what, value, wanted }),
  });
  const isServer = (name: string, address: string): boolean => address === name || addressesOfHost(ctx.hosts, name).includes(address);
  if (a.flags !== undefined && svc.flags !== a.flags) return off('flags', svc.flags || '-', a.flags || '-');
  if (a.counters !== undefined) {
    const { server, ...wanted } = a.counters;
    const of = server === undefined ? svc : svc.servers.find((s) => isServer(server, s.address));
    for (const key of ['conns', 'inPkts', 'outPkts', 'inBytes', 'outBytes'] as const) {
      const want = wanted[key];
      if (want !== undefined && !within(of?.[key] ?? 0, want)) return off(server === undefined ? key : `${server} ${key}`, of?.[key] ?? 0, shownRange(want));
    }
  }
  if (a.connections !== undefined) {
    const c = a.connections;
    const mine = ctx.lab.look(a.on).ipvs.connections.filter((x) => x.virtual === `${svc.address}:${svc.port}`);
    const n = mine.filter((x) => (c.state === undefined || x.state === c.state) && (c.server === undefined || isServer(c.server, x.server.slice(0, x.server.lastIndexOf(':'))))).length;
    if (!within(n, c.count)) return off(`connections${c.state === undefined ? '' : ` ${c.state}`}`, n, shownRange(c.count));
  }
  const timeouts = ctx.lab.look(a.on).ipvs.timeouts;
  for (const key of ['tcp', 'tcpfin', 'udp'] as const) {
    const want = a.timeouts?.[key];
    if (want !== undefined && timeouts?.[key] !== want) return off(`timeout ${key}`, timeouts?.[key] ?? '-', String(want));
  }
  return null;
}

export const ipvs = kind({
  name: 'ipvs',
  schema,
  hosts: (a: Args) => [a.on, ...(a.without ?? []), ...(a.servers ?? []).map(hostOf).filter((h) => !/^\d/.test(h))],
  reads: () => true,
  run(ctx: CheckContext, a: Args): Verdict {
    const services = ctx.lab.look(a.on).ipvs.services;
    const [proto, rest] = a.service.split(' ') as [string, string];
    const expected = msg('ipvs.expect', { host: a.on, service: a.service, scheduler: a.scheduler ?? '', servers: list(a.servers ?? []) });
    const has = services.map((s) => (s.fwmark !== 0 ? `fwmark ${s.fwmark}` : `${s.proto.toLowerCase()} ${s.address}:${s.port}`));
    const svc = services.find((s) => (proto === 'fwmark' ? s.fwmark === Number(rest) : s.proto.toLowerCase() === proto && `${s.address}:${s.port}` === rest));
    const fail = (actual: Verdict['actual'], explanation: Verdict['explanation'], host = a.on): Verdict => ({ state: 'failed', expected, actual, host, ...(explanation === undefined ? {} : { explanation }) });
    if (a.absent) {
      const wanted = msg('ipvs.expectNot', { host: a.on, service: a.service });
      const found = services.length === 0 ? msg('ipvs.none', { host: a.on }) : msg('ipvs.others', { host: a.on, services: list(has) });
      if (svc === undefined) return { state: 'passed', expected: wanted, actual: found, host: a.on };
      return { ...fail(found, msg('why.serviceLeft', { host: a.on, service: a.service })), expected: wanted, about: 'left' };
    }
    if (svc === undefined) {
      return services.length === 0 ? fail(msg('ipvs.none', { host: a.on }), msg('why.noService', { host: a.on, service: a.service })) : fail(msg('ipvs.others', { host: a.on, services: list(has) }), msg('why.otherService', { host: a.on, service: a.service, services: list(has) }));
    }
    const servers = svc.servers.map((s) => `${ownerOf(ctx.hosts, s.address)} ${s.forward} ${s.weight}`);
    const actual = msg('ipvs.actual', { host: a.on, scheduler: svc.scheduler, servers: list(servers) });
    if (a.scheduler !== undefined && svc.scheduler !== a.scheduler) return fail(actual, msg('why.scheduler', { host: a.on, scheduler: svc.scheduler, wanted: a.scheduler }));
    if (a.persistent !== undefined && svc.persistent !== Number(a.persistent)) return fail(actual, msg('why.persistent', { host: a.on, seconds: svc.persistent, wanted: a.persistent }));
    const unwanted = svc.servers.find((x) => (a.without ?? []).some((h) => addressesOfHost(ctx.hosts, h).includes(x.address)));
    if (unwanted !== undefined) return fail(actual, msg('why.serverExtra', { host: a.on, server: ownerOf(ctx.hosts, unwanted.address), address: unwanted.address }));
    const wanted = a.servers ?? [];
    const met = new Set<number>();
    for (const w of wanted) {
      const [place, method, ...more] = w.split(' ') as [string, string, ...string[]];
      const number = (word: string): number | undefined => (more.includes(word) ? Number(more[more.indexOf(word) + 1]) : undefined);
      const [host, port] = place.split(':') as [string, string?];
      const addresses = /^\d/.test(host) ? [host] : addressesOfHost(ctx.hosts, host);
      const at = svc.servers.findIndex((s, n) => !met.has(n) && addresses.includes(s.address));
      if (at < 0) return fail(actual, msg('why.serverMissing', { host: a.on, server: host, service: a.service }));
      met.add(at);
      const s = svc.servers[at]!;
      if (s.forward !== FORWARD[method]) return fail(actual, msg('why.method', { host: a.on, server: host, method: s.forward, wanted: FORWARD[method]! }));
      if (port !== undefined && s.port !== Number(port)) return fail(actual, msg('why.serverPort', { host: a.on, server: host, port: s.port, wanted: Number(port) }));
      const weight = number('weight');
      if (weight !== undefined && s.weight !== weight) return fail(actual, msg('why.weight', { host: a.on, server: host, weight: s.weight, wanted: weight }));
      for (const bound of ['upper', 'lower'] as const) {
        const want = number(bound);
        if (want !== undefined && (s[bound] ?? 0) !== want) return fail(actual, msg('why.threshold', { host: a.on, server: host, bound, value: s[bound] ?? 0, wanted: want }));
      }
    }
    const extra = a.servers === undefined ? undefined : svc.servers.find((_, n) => !met.has(n));
    if (extra !== undefined) return fail(actual, msg('why.serverExtra', { host: a.on, server: ownerOf(ctx.hosts, extra.address), address: extra.address }));
    return traffic(ctx, a, svc) ?? { state: 'passed', expected, actual, host: a.on };
  },
});
