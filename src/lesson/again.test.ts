// A check's run looked at again: at its end everything is as the run left it, at each packet as it was when that packet left; the lab never moves.
import { expect, test } from 'vitest';
import { Lab } from '../lab/lab';
import type { Topology } from '../lab/topology';
import { Again, runCheck } from './check';
import { checkSchema } from './checks/index';
import type { Lesson } from './schema';

const topology: Topology = {
  image: 'el',
  segments: [{ name: 'lan', subnet: '192.168.4.0/24' }],
  hosts: [
    { name: 'client50', role: 'client', interfaces: { eth0: { segment: 'lan', address: '192.168.4.50/24' } } },
    { name: 'web52', role: 'real-server', interfaces: { eth0: { segment: 'lan', address: '192.168.4.52/24' } }, services: [{ type: 'http', port: 80, body: 'web52\n' }] },
  ],
};
const lesson = { id: 'x', steps: [] } as unknown as Lesson;
const tables = (lab: Lab): string => lab.hostNames().map((h) => `${h} ${lab.hostView(h).arp.map((a) => `${a.ip} ${a.mac} ${a.state}`).join()} ${lab.hostView(h).interfaces.map((i) => `${i.rxPackets}/${i.txPackets}`).join()} ${lab.hostView(h).sockets.length}`).join('\n');

/** A lab with some past: commands, one of them still running. */
function worked(): Lab {
  const lab = Lab.create(topology, { seed: 3 });
  lab.type('client50', 0, 'ping -c 2 192.168.4.52\r');
  lab.advance(3_000_000);
  lab.type('web52', 0, 'iptables -A INPUT -p tcp --dport 80 -j DROP\r');
  lab.advance(40_000_000);
  lab.type('client50', 0, 'sleep 500\r');
  lab.advance(2_000_000);
  return lab;
}

test.each([
  { http: { from: 'client50', url: 'http://192.168.4.52/', times: 2 } },
  { survives: { reboot: ['web52'], then: [{ http: { from: 'client50', url: 'http://192.168.4.52/', served: { web52: 2 } } }] } },
])('%j, packet by packet', (spec) => {
  const lab = worked();
  const result = runCheck(lab, lesson, topology, 's', 0, checkSchema.parse(spec));
  const run = result.run!;
  lab.type('client50', 0, '\x03');
  lab.advance(1_000_000);
  const before = tables(lab);
  const again = new Again(lab, lesson, topology, result);
  expect(tables(again.at(run.now())!)).toBe(tables(run));
  const frames = run.trace().frames(1).filter((f) => f.at >= result.began.at);
  let last = '';
  for (const f of [frames[0]!, frames[1]!, frames[2]!, frames.at(-1)!]) {
    const then = again.at(f.at)!;
    expect(then.now()).toBe(f.at);
    expect(then.trace().frameCount()).toBe(run.trace().frameCount());
    const now = tables(then);
    expect(now).not.toBe(last);
    last = now;
  }
  expect(tables(lab)).toBe(before);
  expect(again.at(frames[0]!.at)!.fork().exec('client50', 'hostname').stdout).toBe('client50\n');
  lab.undo();
  expect(again.at(frames[0]!.at)).toBe(null);
});
