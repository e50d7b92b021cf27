// Every example of the reference runs in the sandbox, in the order given, and names a lesson of the course.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { instantiate } from './instantiate';
import { loadCourse } from './load';
import { REFERENCE } from './reference';
import { sandbox } from './sandbox';
import { startLesson } from './topology_of';

test('the examples run', () => {
  const lab = startLesson(instantiate(sandbox, 0).lesson, 1, { terminals: false });
  expect(lab.complaints).toEqual([]);
  const bad = REFERENCE.flatMap((g) => g.entries).flatMap((e) => {
    const r = lab.exec(e.host, e.example);
    return r.status === 0 ? [] : [`${e.host}# ${e.example}: ${r.status} ${r.stderr}`];
  });
  expect(bad).toEqual([]);
});

test('each names a lesson of the course', () => {
  const { course } = loadCourse(readFileSync(join(import.meta.dirname, '../../lessons/course.yaml'), 'utf8'));
  const ids = course!.chapters.flatMap((c) => c.lessons);
  expect(REFERENCE.flatMap((g) => g.entries).filter((e) => !ids.includes(e.lesson)).map((e) => e.lesson)).toEqual([]);
});
