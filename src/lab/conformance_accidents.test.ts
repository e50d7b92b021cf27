// What the replay may take from a recording: one accident that explains all of a host's listings, and nothing when none does.
import { expect, test } from 'vitest';
import { replay } from './conformance';
import { replayByAccidents } from './conformance_accidents';
import type { Scenario, Transcript } from './scenario';

const SERVICES = [1, 2, 3, 4, 7, 9].map((n) => `ipvsadm -A -t 10.0.0.${n}:80`).join('; ');
const scenario: Scenario = {
  name: 'orders',
  hosts: [{ name: 'lvs', interfaces: [{ name: 'eth0', addresses: ['10.0.0.5/24'] }] }],
  steps: [{ host: 'lvs', run: SERVICES }, { host: 'lvs', run: 'cat /proc/net/ip_vs' }, { host: 'lvs', run: 'ipvsadm -L -n --nosort' }],
};

/** What a machine with this hash prints. */
function recorded(hash: number): Transcript {
  const { replayed } = replay('orders', scenario, { name: 'orders', steps: scenario.steps.map((s) => ({ ...s, stdout: '', stderr: '', exitCode: 0 })), captures: [] } as Transcript, { serviceHash: new Map([['lvs', hash]]) });
  return { name: 'orders', steps: replayed.steps, captures: [] };
}

test('one accident that explains every listing is found and named', () => {
  const orders = new Set<string>();
  for (const hash of [0, 5, 130, 255]) {
    const transcript = recorded(hash);
    orders.add(transcript.steps[1]!.stdout!);
    const r = replayByAccidents('orders', scenario, transcript);
    expect(r.outcomes.map((o) => o.passed)).toEqual([true, true, true]);
  }
  expect(orders.size).toBe(4);
});

test('listings that no single accident explains stay failing', () => {
  const [one, other] = [recorded(0), recorded(5)];
  const r = replayByAccidents('orders', scenario, { ...one, steps: [one.steps[0]!, one.steps[1]!, other.steps[2]!] });
  expect(r.accidents).toEqual([]);
  expect(r.outcomes.every((o) => o.passed)).toBe(false);
});
