// A downloaded record comes back whole: the journal, the other ways the work went, hints; a bare journal works too, and a broken file says where.
import { expect, test } from 'vitest';
import { newJournal, parseJournal, printJournal } from '../lab/journal';
import { readRecord, recordText, workText } from './record';

const topology = { image: 'el', segments: [], hosts: [] } as unknown as Parameters<typeof newJournal>[0];
const journal = { ...newJournal(topology, 7, 1_767_225_600, 'Asia/Shanghai', 'dr-cluster'), end: 5_000_000 };
const other = { ...journal, end: 9_000_000 };
const page = { seed: 7, passed: ['vip'], steps: 6, hints: { vip: 2 }, current: 'service', branches: [{ journal: printJournal(other), left: 9_000_000, commands: 3, last: 'ipvsadm -Ln' }] };

test('there and back', () => {
  const text = recordText(printJournal(journal), page);
  expect(parseJournal(text)).toEqual(journal);
  const { seed, ...kept } = page;
  expect(readRecord(text, 42)).toEqual({ lesson: 'dr-cluster', seed, work: { journal: printJournal(journal), ...kept, savedAt: 42 } });
  const read = readRecord(text, 42);
  expect('work' in read && workText(read.seed, read.work)).toBe(text);
});

test.each([[7, 7], [1, 0]])('a bare journal of seed %i belongs to seed %i of its lesson', (made, seed) => {
  const text = printJournal({ ...journal, seed: made });
  expect(readRecord(text, 0)).toEqual({ lesson: 'dr-cluster', seed, work: { journal: text, passed: [], steps: 0, hints: {}, current: '', branches: [], savedAt: 0 } });
});

test.each([
  ['{', { key: 'journal.notJson' }],
  ['{"version":1}', { key: 'journal.shape', args: { where: '/seed' } }],
  [recordText(printJournal(journal), { ...page, branches: [{ ...page.branches[0]!, journal: '{}' }] }), { key: 'journal.shape', args: { where: '/page/branches' } }],
])('%s is refused', (text, problem) => {
  expect(readRecord(text, 0)).toMatchObject(problem);
});
