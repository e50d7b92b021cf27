// The clock of an exam as people read it, and what is left of it.
import { expect, test } from 'vitest';
import { clock, left, sealed } from './exam';

test('hours, minutes, seconds', () => expect([0, 1, 999, 61_000, 5_025_000, 5_400_000].map(clock)).toEqual(['0:00:00', '0:00:01', '0:00:01', '0:01:01', '1:23:45', '1:30:00']));

test('an exam that has not begun or is over has no time left to show, and only one that goes on is sealed', () => {
  const e = { startedAt: 0, ended: null, graded: false, passed: [] };
  expect([left(null, 5), left(e, 5), left({ ...e, startedAt: 1, ended: 4 }, 5)]).toEqual([null, null, null]);
  expect([sealed(null), sealed(e), sealed({ ...e, startedAt: 1 }), sealed({ ...e, ended: 4 })]).toEqual([false, true, true, false]);
});
