// The index of a small course: cards in order, terms at their first place, and what is missing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { indexOf } from './course_index';
import { GLOSSARY } from './glossary';
import type { LessonText } from './instantiate';
import { loadCourse } from './load';
import { lessonSchema } from './schema';

const lesson = (id: string, zh: string): LessonText => ({
  data: { id, kind: 'guided', title: { zh: id, en: id }, minutes: 10, needs: [], track: 'optional', variables: { vip: { address: { in: '10.0.0.0/24', from: 9, to: 9 }, example: '10.0.0.9' } }, lab: { image: 'el', segments: {}, hosts: {}, start: [] }, steps: [{ id: 'one', points: 10, needs: [], checks: [] }, { id: 'two', points: 5, needs: [], checks: [] }] },
  markdown: { zh, en: '# E {{vip}}\n\nLead.\n\n## one One\n\n## two Two\n' },
});

test('cards, terms and problems', () => {
  const { index, problems } = indexOf('chapters: [ { id: c, title: { zh: 章, en: Chapter }, lessons: [a, b, gone] } ]', {
    a: lesson('a', '# 甲\n\n说说集群。\n\n## one 一\n\n用 ipvsadm。\n\n## two 二\n'), b: lesson('b', '# 乙 {{vip}}\n\n集群，还有 MTU。\n\n## one 一\n\n## two 二\n'),
  });
  expect(index.chapters).toEqual([{ id: 'c', zh: '章', en: 'Chapter' }]);
  expect(index.cards[0]).toEqual({ id: 'a', kind: 'guided', track: 'optional', minutes: 10, needs: [], points: 15, chapter: 'c', title: { zh: '甲', en: 'E 10.0.0.9' }, lead: { zh: '说说集群。', en: 'Lead.' }, steps: [{ id: 'one', zh: '一', en: 'One' }, { id: 'two', zh: '二', en: 'Two' }] });
  expect(index.cards.map((c) => c.title.zh)).toEqual(['甲', '乙 10.0.0.9']);
  expect([index.terms['cluster'], index.terms['ipvsadm'], index.terms['mtu'], index.terms['rst']]).toEqual([{ lesson: 'a', step: '' }, { lesson: 'a', step: 'one' }, { lesson: 'b', step: '' }, undefined]);
  expect(problems.map((p) => p.text)).toEqual(["lesson 'gone' is missing or has problems"]);
});

test('a term is explained where the glossary says, and only met elsewhere', () => {
  const { index } = indexOf('chapters: [ { id: c, title: { zh: 章, en: Chapter }, lessons: [a, what-is-a-cluster, b] } ]', {
    a: lesson('a', '# 甲\n\n说说集群。\n\n## one 一\n\n## two 二\n'), 'what-is-a-cluster': lesson('what-is-a-cluster', '# 什么\n\n先看。\n\n## one 一\n\n集群。\n\n## two 二\n\n集群。\n'), b: lesson('b', '# 乙\n\n集群。\n\n## one 一\n\n## two 二\n'),
  });
  expect(index.terms['cluster']).toEqual({ lesson: 'what-is-a-cluster', step: 'one' });
});

test.each([
  ['LVS 由三层组成：', 'LVS 由三层组成。'], ['先看 192.168.2.51。不用背，找出来：', '先看 192.168.2.51。'], ['访问 192.168.2.51：', '访问 192.168.2.51。'], ['一句话。', '一句话。'],
])('the first paragraph on a card: %s', (zh, want) => expect(indexOf('chapters: [ { id: c, title: { zh: 章, en: Chapter }, lessons: [a] } ]', { a: lesson('a', `# 甲\n\n${zh}\n\n## one 一\n\n## two 二\n`) }).index.cards[0]?.lead.zh).toBe(want));

test('each term names a lesson of the course', () => {
  const { course } = loadCourse(readFileSync(join(import.meta.dirname, '../../lessons/course.yaml'), 'utf8'));
  const ids = course!.chapters.flatMap((c) => c.lessons);
  expect(GLOSSARY.filter((g) => !ids.includes(g.lesson)).map((g) => g.id)).toEqual([]);
});

test('terms have one id each and words in both languages', () => {
  expect(new Set(GLOSSARY.map((t) => t.id)).size).toBe(GLOSSARY.length);
  expect(GLOSSARY.filter((t) => t.zh === '' || t.en === '' || t.means.zh === '' || t.means.en === '').map((t) => t.id)).toEqual([]);
});

test('the core track is eight sessions of ninety minutes, and needs nothing optional', () => {
  const folder = join(import.meta.dirname, '../../lessons');
  const { course } = loadCourse(readFileSync(join(folder, 'course.yaml'), 'utf8'));
  const ids = course!.chapters.flatMap((c) => c.lessons);
  const all = ids.map((id) => lessonSchema.parse(parse(readFileSync(join(folder, id, 'lesson.yaml'), 'utf8'))));
  const core = all.filter((l) => l.track === 'core');
  expect(core.flatMap((l) => l.needs.filter((n) => !core.some((c) => c.id === n)).map((n) => `${l.id} needs ${n}`))).toEqual([]);
  const sessions = core.reduce((sum, l) => sum + l.minutes, 0) / 90;
  expect([Math.round(sessions), ids.length >= 40]).toEqual([8, true]);
});
