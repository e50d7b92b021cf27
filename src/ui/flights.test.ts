// Which packets hold the clock at Slow and Normal: all but those of a session somebody types into.
import { expect, test } from 'vitest';
import { Lab } from '../lab/lab';
import { instantiate } from '../lesson/instantiate';
import { sandbox } from '../lesson/sandbox';
import { topologyOfLesson } from '../lesson/topology_of';
import { AFTER_MS, Flights } from './flights';

test('keys typed into ssh hold no clock and are drawn after the fact; its handshake, a curl and a line typed into a connection do', () => {
  const lab = Lab.create(topologyOfLesson(instantiate(sandbox, 0).lesson)!, { seed: 1 });
  let wall = 1000;
  const air = new Flights(lab, () => wall);
  /** Types, runs what is due at once as the page does, and tells what is in the air: how many hold the clock, how many are drawn after the fact. */
  const type = (bytes: string, tty = 0): [number, number, boolean] => {
    const before = lab.trace().frameCount();
    lab.type('lvs51', tty, bytes);
    lab.advanceSlice(lab.now(), () => false);
    if (!/[\r\n]/.test(bytes)) air.key('lvs51', before);
    air.collect(true);
    return [air.short, air.list.filter((f) => f.after > 0).length, air.typing];
  };
  const rest = (): void => { for (let i = 0; i < 100; i++) { lab.advance(50_000); wall += 50; air.collect(true); } };
  const held = (): number => { let most = 0; for (let i = 0; i < 40_000; i++) { lab.advance(50); wall += 1; air.collect(true); most = Math.max(most, air.short); } return most; };

  expect(type('ssh -o StrictHostKeyChecking=no root@192.168.4.52\r')).toEqual([0, 0, false]);
  expect(held()).toBeGreaterThan(0); // the handshake flies
  rest();
  expect(type('e')).toEqual([0, 1, true]);
  lab.advance(100);
  air.collect(true);
  expect([air.short, air.list.length, air.typing]).toEqual([0, 2, true]); // the echo comes back
  lab.advance(200);
  air.collect(true);
  expect([air.short, air.typing]).toEqual([0, false]);
  wall += AFTER_MS;
  air.expire();
  expect(air.list).toEqual([]);

  const tty = lab.openTerminal('lvs51');
  rest();
  type('cat > /dev/tcp/192.168.4.52/22\r', tty);
  rest();
  expect(type('G', tty)).toEqual([0, 0, false]);
  expect(type('\r', tty)[0]).toBe(1);
});
