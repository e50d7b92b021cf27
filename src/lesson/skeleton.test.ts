// `lesson new` gives a lesson without problems that proves itself; the JSON Schema knows every kind of check; a solution becomes a scenario.
import { expect, test } from 'vitest';
import { unknownKeys } from '../lab/scenario';
import { kinds } from './checks/index';
import { exportScenario } from './export_scenario';
import { jsonSchema } from './json_schema';
import { loadLesson } from './load';
import { prove } from './prove';
import { skeleton } from './skeleton';

const { lesson, problems } = loadLesson(skeleton('my-lesson'));

test('a new lesson proves itself, mutants included', () => {
  expect(problems).toEqual([]);
  const proofs = [...prove(lesson!, 0)];
  expect(proofs.flatMap((p) => p.details)).toEqual([]);
  expect(proofs.map((p) => p.what).filter((w) => w.startsWith('mutants'))).toEqual(['mutants short', 'mutants long']);
});

test('JSON Schema', () => {
  const text = JSON.stringify(jsonSchema());
  const schema = JSON.parse(text) as { $defs: Record<string, unknown> };
  expect(kinds.map((k) => `check-${k.name}`).filter((k) => schema.$defs[k] === undefined)).toEqual([]);
  const refs = [...new Set([...text.matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].map((m) => m[1]!))];
  expect(refs.length).toBeGreaterThan(kinds.length);
  expect(refs.filter((r) => schema.$defs[r] === undefined)).toEqual([]);
});

test('a scenario', () => {
  const made = exportScenario(lesson!, 'short')!;
  expect([made.skipped, unknownKeys(made.scenario)]).toEqual([[], []]);
  expect(made.scenario.steps).toEqual([
    { host: 'lvs51', run: 'ipvsadm -A -t 192.168.4.253:80 -s rr' },
    { host: 'lvs51', run: 'ipvsadm -a -t 192.168.4.253:80 -r 192.168.4.52:80 -m' },
    { host: 'lvs51', run: 'ipvsadm -Ln' },
  ]);
  expect(made.scenario.hosts[2]!.services).toEqual([{ type: 'http', port: 80, body: 'web52', pages: { 'test.html': 'web52\n' } }]);
});
