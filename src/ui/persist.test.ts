// What lay in the browser's store is taken as work whatever it is: no part of it can break the page, and its text is not lost.
import { expect, test } from 'vitest';
import { soundWork } from './persist';

const none = { passed: [], steps: 0, hints: {}, current: '', branches: [], savedAt: 0 };
const branch = { journal: '{}', left: 1, commands: 2, last: 'ls' };
const exam = { startedAt: 5, ended: null, record: null };
test.each<[string, unknown, unknown]>([
  ['a text', 'abc', { ...none, journal: '"abc"' }],
  ['nothing', null, { ...none, journal: 'null' }],
  ['parts of other kinds', { journal: '{', passed: null, hints: 7, steps: 'x', current: {}, branches: [branch, 3, { journal: 1 }], savedAt: '', exam: { startedAt: 'a' } }, { ...none, journal: '{', branches: [branch] }],
  ['a journal that is no text', { journal: { a: 1 }, passed: ['one', 2] }, { ...none, journal: '{"journal":{"a":1},"passed":["one",2]}', passed: ['one'] }],
  ['sound work', { journal: '{}', passed: ['one'], steps: 3, hints: { one: 2 }, current: 'two', branches: [branch], savedAt: 9, exam }, { journal: '{}', passed: ['one'], steps: 3, hints: { one: 2 }, current: 'two', branches: [branch], savedAt: 9, exam }],
])('%s', (_, kept, want) => expect(soundWork(kept)).toEqual(want));
