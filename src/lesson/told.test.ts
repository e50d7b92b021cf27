// What may be said about a failed check: a table of lesson kinds, checks and hints given.
import { expect, test } from 'vitest';
import type { Form } from './question';
import { causeTold, nextTold, told } from './told';

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

const step = (given: number, total: number, passed = false) => ({ given, total, passed });

test.each([
  ['guided', [step(0, 3)], false, true],
  ['quiz', [step(0, 0)], false, true],
  ['sandbox', [], false, true],
  ['breakfix', [step(0, 3), step(0, 0)], false, false],
  ['breakfix', [step(2, 3), step(0, 0)], false, false],
  ['breakfix', [step(2, 3, true), step(0, 0)], false, false],
  ['breakfix', [step(3, 3), step(0, 0)], false, true],
  ['breakfix', [step(0, 3, true), step(0, 0, true)], false, true],
  ['exam', [step(0, 0, true)], false, false],
  ['exam', [step(0, 0)], true, true],
] as const)('%s with steps %j (ended: %s) shows causes: %s', (kind, steps, ended, want) => {
  expect(causeTold(kind, steps, ended)).toBe(want);
});

const choice: Form = { kind: 'choice', many: false, options: [] };
const prints: Form = { kind: 'prints', on: 'lvs51', run: 'ipvsadm' };
const slots: Form = { kind: 'slots', slots: 2, options: [] };
test.each([
  ['none asked', [], {}, true],
  ['a prediction of servers', [{ id: 'a', predict: true, form: slots }], {}, false],
  ['answered, rightly or not', [{ id: 'a', predict: true, form: slots }], { a: 'web52,web53' }, true],
  ['another one is open', [{ id: 'a', predict: true, form: slots }, { id: 'b', predict: true, form: slots }], { a: 'web52' }, false],
  ['a choice', [{ id: 'a', predict: false, form: choice }], {}, true],
  ['what a command prints', [{ id: 'a', predict: true, form: prints }], {}, true],
] as const)('who comes next: %s', (_name, asked, answers, want) => {
  expect(nextTold(asked, answers)).toBe(want);
});
