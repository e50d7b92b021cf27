// MODELLED.md is what the commands' records say now, and every recorded step that differs has its reason there.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { knownDifferences, type Reason } from './known_differences';
import { gaps, modelledPage } from './modelled';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const known = knownDifferences(read('e2e/conformance/failing.txt'), JSON.parse(read('e2e/conformance/reasons.json')) as Reason[]);

it('MODELLED.md is up to date (npm run lvslab -- modelled --write)', () => {
  const sources = ['src/kernel', 'src/host'].flatMap((dir) => readdirSync(new URL(`../../${dir}`, import.meta.url), { recursive: true, encoding: 'utf8' }).map((name) => `${dir}/${name}`)).filter((path) => /(?<!\.test)\.ts$/.test(path));
  expect(read('MODELLED.md')).toBe(modelledPage(known.page, gaps(sources.map((path) => ({ path, text: read(path) })))));
});

it('reads what a file leaves out from its head alone', () => {
  const text = '// One thing. Linux counterpart: x.c.\n// Not modelled: the rest.\nimport x;\n// Not modelled: elsewhere.\n';
  expect(gaps([{ path: 'b.ts', text }, { path: 'a.ts', text: '// All of it.\nimport x;\n' }])).toBe('## Kernel and daemons\n\nWhat a file leaves out of its Linux counterpart:\n\n- `b.ts`: the rest.\n\n');
});

it('every failing step has a reason, and every reason a failing step', () => {
  expect(known.unexplained).toEqual([]);
  expect(known.stale).toEqual([]);
});

it('a step without a reason and a reason without a step are found', () => {
  const k = knownDifferences('a/b #1 h: ls\na/b #10 h: ls\nc #2 h: id\n', [{ why: 'because', steps: ['a/b #1', 'gone'] }]);
  expect([k.unexplained, k.stale]).toEqual([['a/b #10 h: ls', 'c #2 h: id'], ['gone']]);
});
