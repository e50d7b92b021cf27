// What an exam's clock reads, and when steps are not judged.
import { expect, test } from 'vitest';
import { clock, clockOf, sealed } from './exam';

test('hours, minutes, seconds', () => expect([0, 1, 999, 61_000, 5_025_000, 5_400_000].map(clock)).toEqual(['0:00:00', '0:00:01', '0:00:01', '0:01:01', '1:23:45', '1:30:00']));

test('an exam that has not begun or is over has no clock, and only one that goes on is sealed', () => {
  const e = { startedAt: 0, ended: null, record: null };
  expect([clockOf(null, 5), clockOf(e, 5), clockOf({ ...e, startedAt: 1, ended: 4 }, 5)]).toEqual([null, null, null]);
  expect([sealed(null), sealed(e), sealed({ ...e, startedAt: 1 }), sealed({ ...e, ended: 4 })]).toEqual([false, true, true, false]);
});
