// Replays every transcript the project keeps and holds the result to the recorded floor: no area may lose a step, and what fails is listed.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { areaOf, type StepOutcome, stepLine, summary, tally } from './conformance';
import { replayByAccidents } from './conformance_accidents';
import type { Scenario, Transcript } from './scenario';

const dir = join(import.meta.dirname, '../../e2e/conformance');

function* files(folder: string): Generator<string> {
  for (const e of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (e.isDirectory()) yield* files(join(folder, e.name));
    else if (e.name.endsWith('.json')) yield join(folder, e.name);
  }
}

test('conformance keeps its floor', { timeout: 180_000 }, () => {
  const outcomes: StepOutcome[] = [];
  for (const path of files(join(dir, 'transcripts'))) {
    const name = relative(join(dir, 'transcripts'), path).replace(/\\/g, '/').replace(/\.json$/, '');
    const scenario = JSON.parse(readFileSync(join(dir, 'scenarios', `${name}.json`), 'utf8')) as Scenario;
    outcomes.push(...replayByAccidents(name, scenario, JSON.parse(readFileSync(path, 'utf8')) as Transcript).outcomes);
  }
  console.log(summary(outcomes));
  expect(outcomes.length).toBeGreaterThan(4000);
  const floor = JSON.parse(readFileSync(join(dir, 'floor.json'), 'utf8')) as Record<string, number>;
  const now = tally(outcomes, (o) => areaOf(o.scenario));
  const lost = Object.entries(floor).filter(([area, passed]) => (now.get(area)?.passed ?? 0) < passed).map(([area, passed]) => `${area}: ${now.get(area)?.passed ?? 0} of the floor's ${passed}`);
  const known = new Set(readFileSync(join(dir, 'failing.txt'), 'utf8').split('\n'));
  const fresh = outcomes.filter((o) => !o.passed && o.volatile === '' && !known.has(stepLine(o))).map(stepLine);
  expect(lost, `areas that lost steps; newly failing:\n${fresh.slice(0, 40).join('\n')}`).toEqual([]);
});
