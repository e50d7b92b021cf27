// Questions as a page shows them: nothing gives the answer away, and the seed decides the order.
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { questionsOf } from './question';
import { lessonSchema } from './schema';

const lesson = lessonSchema.parse(parse(`
id: q
kind: quiz
title: { zh: 题, en: Q }
minutes: 5
lab: { segments: { lan: 10.0.0.0/24 }, hosts: { lvs51: { role: director, interfaces: { eth0: lan 10.0.0.1/24 } }, web52: { role: real-server, interfaces: { eth0: lan 10.0.0.2/24 } } } }
steps:
  - id: one
    checks:
      - choice: { id: a, ask: { zh: 哪个, en: Which }, answer: y, options: [x, { id: y, zh: 乙, en: B }], explain: { x: { zh: 不对, en: no } } }
      - all: [ { choice: { id: b, answer: [x, z], options: [x, y, z] } }, { text: { id: c, accept: [80] } } ]
      - order: { id: o, items: [arp, syn, http] }
      - match: { id: m, pairs: { VIP: lvs51, RIP: web52 }, extra: [client50], words: { lvs51: { zh: 调度器, en: director } } }
      - predict: { id: p, served: { from: web52, url: 'http://10.0.0.1/', times: 3 } }
      - predict: { id: n, prints: { on: lvs51, run: 'ipvsadm -Ln' } }
  - { id: two, checks: [ ping: { from: lvs51, to: web52 } ] }
`)) as never;

test('each kind of question', () => {
  const q = questionsOf(lesson, 'one', 1);
  expect(q.map((x) => [x.key, x.id, x.form.kind, x.predict])).toEqual([
    ['one/0', 'a', 'choice', false], ['one/1', 'b', 'choice', false], ['one/1', 'c', 'text', false], ['one/2', 'o', 'order', false], ['one/3', 'm', 'match', false], ['one/4', 'p', 'slots', true], ['one/5', 'n', 'prints', true],
  ]);
  expect(q[0]).toEqual({
    key: 'one/0', id: 'a', ask: { zh: '哪个', en: 'Which' }, predict: false, explain: { x: { zh: '不对', en: 'no' } },
    form: { kind: 'choice', many: false, options: [{ id: 'x', zh: 'x', en: 'x' }, { id: 'y', zh: '乙', en: 'B' }] },
  });
  expect(q[1]!.form).toMatchObject({ many: true });
  expect(q[4]!.form).toMatchObject({ left: [{ id: 'VIP' }, { id: 'RIP' }] });
  expect(q[5]!.form).toMatchObject({ slots: 3, options: [{ id: 'lvs51' }, { id: 'web52' }, { id: 'none' }] });
  expect(questionsOf(lesson, 'two', 1)).toEqual([]);
});

test('what is to be ordered never comes in the right order, and comes the same way again', () => {
  const orders = Array.from({ length: 40 }, (_, seed) => {
    const f = questionsOf(lesson, 'one', seed)[3]!.form;
    return f.kind === 'order' ? f.items.map((i) => i.id).join() : '';
  });
  expect(new Set(orders)).not.toContain('arp,syn,http');
  expect(new Set(orders).size).toBeGreaterThan(2);
  expect(questionsOf(lesson, 'one', 7)).toEqual(questionsOf(lesson, 'one', 7));
});
