// Time that passes fast is the same time: slices, records and what programs print agree with a lab that waited.
import { expect, test } from 'vitest';
import { effective, parseJournal, type Journal } from '../../lab/journal';
import { Lab } from '../../lab/lab';
import { sandbox } from '../../lesson/sandbox';
import { instantiate } from '../../lesson/instantiate';
import { topologyOfLesson } from '../../lesson/topology_of';
import { LONGEST_US, Passing } from './pass';

const topology = topologyOfLesson(instantiate(sandbox, 0).lesson)!;
const made = (): Lab => Lab.create(topology, { seed: 1 });
const host = made().hostNames()[0]!;
const said = (lab: Lab): string => lab.terminalOutput(host, 0, 0).bytes;
/** Runs it to its end; a break after every `slice` looks at the budget. */
function all(p: Passing, lab: Lab, slice: number): number {
  for (let n = 0; ; ) {
    const r = p.run(lab, () => ++n % slice === 0);
    if (r !== null) return r;
  }
}

test.each([[1, 10e6, 0], [3, 60e6, 10e6], [1000, 120e6, 0]])('in slices of %i, %i + %i us pass as they would by themselves, and the record says so', (slice, first, second) => {
  const waited = made();
  const passed = made();
  for (const lab of [waited, passed]) lab.type(host, 0, 'sleep 7; date; ip -s neigh\r');
  waited.advance(first + second);
  const p = new Passing();
  p.more(passed, first);
  if (second > 0) p.more(passed, second);
  expect(all(p, passed, slice)).toBe(first + second);
  expect(p.active).toBe(false);
  expect([passed.now(), said(passed), passed.relevant()]).toEqual([waited.now(), said(waited), waited.relevant()]);
  for (const lab of [waited, passed]) { lab.type(host, 0, 'date\r'); lab.advance(1e6); }
  expect(said(passed)).toBe(said(waited));
  const again = Lab.restore(topology, parseJournal(passed.snapshot()) as Journal);
  expect([again.now(), said(again), again.differences]).toEqual([passed.now(), said(passed), []]);
  expect(effective(passed.journal).length).toBe(2);
});

test('until the commands have ended: a short one, one that never ends, and none', () => {
  const lab = made();
  const p = new Passing();
  const terms = [{ host, tty: 0 }];
  p.untilIdle(lab, terms);
  expect(p.active).toBe(false);
  lab.type(host, 0, 'sleep 90\r');
  lab.advance(1e6);
  p.untilIdle(lab, terms);
  const took = all(p, lab, 5);
  expect([lab.terminalBusy(host, 0), Math.round(took / 1e6)]).toEqual([false, 89]);
  lab.type(host, 0, 'sleep 1d\r');
  lab.advance(1e6);
  p.untilIdle(lab, terms);
  expect([all(p, lab, 1000), lab.terminalBusy(host, 0)]).toEqual([LONGEST_US, true]);
});
