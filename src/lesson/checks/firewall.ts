// Check `firewall`: rules and policies of a host, as iptables-save writes them, counters left out. Whether traffic passes is asked by `connect` and `http`.
import { later } from '../../lib/later';
import { z } from 'zod';
import type { Steps } from '../../lib/steps';
import { utf8Decode } from '../../lab/text';
import { type CheckContext, kind, list, msg, type Verdict } from './check_kind';

const schema = later(() => z.strictObject({
  on: z.string(),
  /** Rules that must be there, as iptables-save writes them ('-A INPUT -p tcp -m tcp --dport 80 -j DROP'). */
  has: z.array(z.string()).optional(),
  /** Words no rule may hold. */
  lacks: z.array(z.string()).optional(),
  /** Policies by chain of the filter table. */
  policy: z.record(z.string(), z.enum(['ACCEPT', 'DROP'])).optional(),
  /** No rule at all. */
  empty: z.boolean().optional(),
}));
type Args = z.infer<ReturnType<typeof schema>>;

export const firewall = kind({
  name: 'firewall',
  schema,
  hosts: (a: Args) => [a.on],
  *run(ctx: CheckContext, a: Args): Steps<Verdict> {
    const lines = utf8Decode((yield* ctx.lab.executing(a.on, 'iptables-save')).stdout).split('\n');
    const rules = lines.filter((l) => l.startsWith('-A '));
    const filter = lines.slice(lines.indexOf('*filter'));
    const policies = Object.fromEntries(filter.slice(0, filter.indexOf('COMMIT') + 1).flatMap((l) => (l.startsWith(':') ? [[l.slice(1).split(' ')[0]!, l.split(' ')[1]!]] : [])));
    const expected = msg('firewall.expect', { host: a.on, rules: list([...(a.has ?? []), ...Object.entries(a.policy ?? {}).map(([c, p]) => `${c} ${p}`)]) });
    const actual = msg('firewall.actual', { host: a.on, rules: list(rules) });
    const fail = (key: string, args: Record<string, string>): Verdict => ({ state: 'failed', expected, actual, host: a.on, explanation: msg(key, { host: a.on, ...args }) });
    if (a.empty && rules.length > 0) return fail('why.firewallRule', { rule: rules[0]! });
    for (const r of a.has ?? []) if (!rules.includes(r)) return fail('why.firewallMissing', { rule: r });
    for (const w of a.lacks ?? []) {
      const bad = rules.find((r) => r.includes(w));
      if (bad !== undefined) return fail('why.firewallRule', { rule: bad });
    }
    for (const [chain, p] of Object.entries(a.policy ?? {})) if ((policies[chain] ?? 'ACCEPT') !== p) return fail('why.firewallPolicy', { chain, policy: policies[chain] ?? 'ACCEPT', wanted: p });
    return { state: 'passed', expected, actual, host: a.on };
  },
});
