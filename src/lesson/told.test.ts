// What may be said about a failed check: a table of lesson kinds, checks and hints given.
import { expect, test } from 'vitest';
import { told } from './told';

const check = (kind: string) => ({ kind, args: null });

test.each([
  ['guided', 'ipvs', 0, false, 'state expected actual why'],
  ['quiz', 'choice', 0, false, 'state expected actual why'],
  ['breakfix', 'http', 0, false, 'state expected actual'],
  ['breakfix', 'ipvs', 0, false, 'state expected'],
  ['breakfix', 'survives', 1, false, 'state expected'],
  ['breakfix', 'arp', 2, false, 'state expected actual'],
  ['breakfix', 'ipvs', 3, false, 'state expected actual why'],
  ['breakfix', 'choice', 0, false, 'state expected actual why'],
  ['exam', 'http', 0, false, ''],
  ['exam', 'choice', 0, false, ''],
  ['exam', 'choice', 0, true, 'state expected actual why'],
] as const)('%s: a failed %s check with %i hints (ended: %s)', (kind, name, given, ended, want) => {
  const t = told(kind, check(name), { given, total: kind === 'exam' ? 0 : 3 }, ended);
  expect(Object.entries(t).filter(([, yes]) => yes).map(([k]) => k).join(' ')).toBe(want);
});
