// Check `arp`: who answers for an address. Every answer counts, never only the winner.
import { z } from 'zod';
import type { Lab } from '../../lab/lab';
import { type CheckKind, type Finding, message } from '../check';

const schema = z.strictObject({ ask: z.string(), target: z.string(), answered_by: z.array(z.string()) });
type Args = z.infer<typeof schema>;

function* run(lab: Lab, a: Args): Generator<void, Finding> {
  const asker = lab.hostView(a.ask);
  const net = (x: string): string => x.split('.').slice(0, 3).join('.');
  const dev = asker.interfaces.find((i) => i.running && i.segment !== null && i.addresses.some((x) => net(x.address) === net(a.target)));
  const expected = message('arp.expected', { target: a.target, hosts: a.answered_by.join(', ') || '-' });
  if (dev === undefined) return { state: 'blocked', host: a.ask, expected, actual: message('arp.notOnLink', { host: a.ask, target: a.target }) };
  // Each host first sends something, so that what a host announces about itself shows too.
  const since = lab.trace().frameCount() + 1;
  const r = lab.exec(a.ask, `arping -q -c 2 -w 2 -I ${dev.name} ${a.target}`, { timeoutUs: 6_000_000 });
  yield;
  const answers = lab.trace().frames(since).filter((f) => f.proto === 'ARP' && f.info.startsWith(`${a.target} is at`));
  const hosts = [...new Set(answers.map((f) => f.from))].sort();
  const wanted = [...a.answered_by].sort();
  const actual = message(hosts.length === 0 ? 'arp.nobody' : 'arp.actual', { target: a.target, hosts: hosts.join(', ') });
  if (lab.trace().frameCount() < since) return { state: 'blocked', host: a.ask, expected, actual: message('arp.notAsked', { host: a.ask, status: r.status }) };
  const wrong = hosts.find((h) => !wanted.includes(h));
  return {
    state: hosts.join() === wanted.join() ? 'passed' : 'failed', host: wrong ?? a.ask, expected, actual, frames: answers.map((f) => f.id),
    explanation: wrong === undefined ? null : message('why.answersVip', { host: wrong, target: a.target }),
  };
}

/** Who answers ARP for an address. */
export const arp: CheckKind<Args> = { name: 'arp', schema: () => schema, run };
