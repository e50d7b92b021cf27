// An exam's clock, points and end; and what the reader of lessons says about exams.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StepResult } from './check';
import { endExam, examClock, examScore } from './exam';
import { loadLesson } from './load';
import { advice, skeleton } from './skeleton';
import { parseWords } from './words';

const MINUTE = 60_000;
const START = 1_700_000_000_000;
const step = (id: string, points: number) => ({ id, points, needs: [], checks: [] });
const exam = { id: 'exam', minutes: 90, pass: 70, steps: [step('a', 20), step('b', 50), step('c', 30)] };
const found = (...states: StepResult['state'][]): StepResult[] => states.map((state, i) => ({ step: 'abc'[i]!, state, checks: [] }));

test.each([
  ['at once', 0, 90, 'running'],
  ['after an hour and a quarter', 75, 15, 'running'],
  ['ten minutes before the end', 80, 10, 'soon'],
  ['at the end', 90, 0, 'over'],
  ['the next day', 1440, 0, 'over'],
  ['when the clock was set back an hour', -60, 90, 'running'],
] as const)('the clock %s', (_, minute, left, phase) => {
  const c = examClock(exam, START, START + minute * MINUTE);
  expect([c.leftMs / MINUTE, c.phase, (c.deadline - START) / MINUTE]).toEqual([left, phase, 90]);
});

test('a step gives all its points or none, and one that waits gives none', () => {
  expect(examScore(exam, found('passed', 'passed', 'failed'))).toEqual({
    got: 70, total: 100, percent: 70, passed: true,
    steps: [{ step: 'a', points: 20, got: 20, state: 'passed' }, { step: 'b', points: 50, got: 50, state: 'passed' }, { step: 'c', points: 30, got: 0, state: 'failed' }],
  });
  expect(examScore(exam, found('passed', 'blocked', 'passed'))).toMatchObject({ got: 50, percent: 50, passed: false });
  expect(examScore(exam, [])).toMatchObject({ got: 0, passed: false });
});

test('percent is rounded down; without a word sixty is enough', () => {
  const odd = { steps: [step('a', 599), step('b', 401)] };
  expect(examScore(odd, found('passed', 'failed'))).toMatchObject({ percent: 59, passed: false });
  expect(examScore({ steps: [step('a', 3), step('b', 2)] }, found('passed', 'failed'))).toMatchObject({ percent: 60, passed: true });
});

test('handed in, and out of time', () => {
  const results = found('passed', 'passed', 'passed');
  expect(endExam(exam, 7, START, START + 30 * MINUTE, results)).toMatchObject({ lesson: 'exam', seed: 7, endedAt: START + 30 * MINUTE, ended: 'submitted', score: { got: 100, passed: true } });
  expect(endExam(exam, 7, START, START + 200 * MINUTE, results)).toMatchObject({ endedAt: START + 90 * MINUTE, ended: 'time' });
});

const files = (change: (yaml: string) => string, words = (text: string): string => text): Record<string, string> => {
  const made = skeleton('my-exam');
  return { ...made, 'lesson.yaml': change(made['lesson.yaml']!), 'zh.md': words(made['zh.md']!), 'en.md': words(made['en.md']!) };
};
const noHints = (text: string): string => text.replace(/^> hint:.*\n/gm, '');
const said = (f: Record<string, string>): string[] => loadLesson(f).problems.map((p) => `${p.file}:${p.line} ${p.text}`);

test('an exam has points and no hints; only an exam has pass', () => {
  const asExam = (yaml: string): string => yaml.replace('kind: guided', 'kind: exam\npass: 70');
  expect(said(files(asExam, noHints))).toEqual([]);
  expect(said(files(asExam))).toEqual(["zh.md:5 an exam gives no hints, but step 'service' has some", "en.md:5 an exam gives no hints, but step 'service' has some"]);
  expect(said(files((y) => asExam(y).replace('points: 10', 'points: 0'), noHints))).toEqual(['lesson.yaml:16 an exam needs steps with points']);
  expect(said(files((y) => y.replace('kind: guided', 'kind: guided\npass: 70')))).toEqual(['lesson.yaml:3 only an exam has pass']);
});

test('nobody is told to add hints to an exam', () => {
  const lesson = { solutions: { a: '', b: '' }, wrong: { a: '', b: '', c: '' }, detours: { a: '', b: '', c: '' }, words: [parseWords('# x\n## one 1\n').words] };
  expect([advice(lesson, 'exam'), advice(lesson, 'guided').length]).toEqual([[], 1]);
});

test('the exam of the course lasts ninety minutes and has a hundred points', () => {
  const folder = join(import.meta.dirname, '../../lessons/exam');
  const read = (f: string): string => readFileSync(join(folder, f), 'utf8');
  const { lesson } = loadLesson({ 'lesson.yaml': read('lesson.yaml'), 'zh.md': read('zh.md'), 'en.md': read('en.md') });
  expect([lesson?.data.kind, lesson?.data.minutes, examScore(lesson!.data, []).total]).toEqual(['exam', 90, 100]);
});
