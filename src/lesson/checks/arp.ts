// Check `arp`: who answers for an address: every answer counts, not only the winner; and what the asker's entry ends with after each host has sent traffic.
import { later } from '../../lib/later';
import { z } from 'zod';
import type { Steps } from '../../lib/steps';
import { type CheckContext, kind, list, msg, type Verdict } from './check_kind';

const schema = later(() => z.strictObject({ ask: z.string(), target: z.string(), answered_by: z.array(z.string()), traffic: z.boolean().default(true) }));
type Args = z.infer<ReturnType<typeof schema>>;

/** The interface of `host` whose neighbour entry names `ip`, and the MAC there. */
function entry(ctx: CheckContext, host: string, ip: string): string {
  return ctx.lab.look(host).arp.find((n) => n.ip === ip)?.mac ?? '';
}

export const arp = kind({
  name: 'arp',
  schema,
  hosts: (a: Args) => [a.ask, ...a.answered_by],
  *run(ctx: CheckContext, a: Args): Steps<Verdict> {
    const { lab } = ctx;
    const expected = msg('arp.expect', { ip: a.target, hosts: list(a.answered_by) });
    yield* lab.executing(a.ask, 'ip neigh flush all');
    const first = lab.trace().frameCount() + 1;
    yield* lab.executing(a.ask, `ping -c 1 -W 1 ${a.target}`, { timeoutUs: 5_000_000 });
    const frames = lab.trace().frames(first).filter((f) => f.proto === 'ARP');
    const asked = frames.filter((f) => f.info.startsWith('Who has') && f.dst === a.target);
    const answers = frames.filter((f) => f.info.includes(' is at ') && f.src === a.target);
    const who = [...new Set(answers.map((f) => f.from))].sort();
    const actual = msg('arp.actual', { ip: a.target, hosts: list(who) });
    const ids = [...asked, ...answers].map((f) => f.id).sort((x, y) => x - y);
    // A static entry hides who really answers, so it is no cure.
    const fixed = lab.look(a.ask).arp.find((n) => n.ip === a.target && n.state === 'PERMANENT');
    if (asked.length === 0 && fixed !== undefined) return { state: 'failed', expected, actual: msg('arp.noQuestion', { host: a.ask, ip: a.target }), host: a.ask, explanation: msg('why.neighbourStatic', { host: a.ask, ip: a.target }) };
    if (asked.length === 0) return { state: 'blocked', expected, actual: msg('arp.noQuestion', { host: a.ask, ip: a.target }), host: a.ask };
    // The answer that should not be comes first: it is the packet that shows it.
    const stranger = who.find((h) => !a.answered_by.includes(h));
    if (stranger !== undefined) return { state: 'failed', expected, actual, host: stranger, explanation: msg('why.arpStranger', { host: stranger, ip: a.target }), frames: [...answers.filter((f) => !a.answered_by.includes(f.from)).map((f) => f.id), ...ids.filter((id) => !answers.some((f) => f.id === id && !a.answered_by.includes(f.from)))] };
    const silent = a.answered_by.find((h) => !who.includes(h));
    if (silent !== undefined) return { state: 'failed', expected, actual, host: silent, explanation: msg('why.arpSilent', { host: silent, ip: a.target }), frames: ids };
    if (!a.traffic || a.answered_by.length !== 1) return { state: 'passed', expected, actual, host: a.ask, frames: ids };
    // Each other owner of the address asks for the client in its turn; what it writes into its question decides what the client learns.
    const good = entry(ctx, a.ask, a.target);
    for (const h of ctx.hosts) {
      if (h.name === a.ask || a.answered_by.includes(h.name)) continue;
      const owns = lab.look(h.name).interfaces.some((i) => i.addresses.some((x) => x.address.split('/')[0] === a.target));
      if (!owns) continue;
      yield* lab.executing(h.name, 'ip neigh flush all');
      const from = lab.trace().frameCount() + 1;
      for (const i of ctx.hosts.find((x) => x.name === a.ask) === undefined ? [] : Object.values(ctx.hosts.find((x) => x.name === a.ask)!.interfaces)) {
        const ip = i.address?.split('/')[0];
        if (ip !== undefined) yield* lab.executing(h.name, `ping -c 1 -W 1 -I ${a.target} ${ip}`, { timeoutUs: 3_000_000 });
      }
      const now = entry(ctx, a.ask, a.target);
      if (now === good || now === '') continue;
      const told = lab.trace().frames(from).filter((f) => f.proto === 'ARP' && f.from === h.name && f.src === a.target).map((f) => f.id);
      return { state: 'failed', expected, actual: msg('arp.ends', { host: a.ask, ip: a.target, mac: now, owner: h.name }), host: h.name, explanation: msg('why.arpAnnounced', { host: h.name, ip: a.target, client: a.ask }), frames: told };
    }
    return { state: 'passed', expected, actual, host: a.ask, frames: ids };
  },
});
