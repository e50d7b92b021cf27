// Every sentence a check can say exists in both languages and takes the same arguments.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import en from './messages.en.json';
import zh from './messages.zh.json';
import { misconceptions } from './misconceptions/index';

const words = { zh: zh as Record<string, string>, en: en as Record<string, string> };
const holes = (s: string): string => [...new Set([...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!))].sort().join(' ');

function* sources(folder: string): Generator<string> {
  for (const e of readdirSync(folder, { withFileTypes: true })) {
    if (e.isDirectory()) yield* sources(join(folder, e.name));
    else if (e.name.endsWith('.ts') && !e.name.endsWith('.test.ts')) yield readFileSync(join(folder, e.name), 'utf8');
  }
}

test('both languages have the same keys and arguments', () => {
  expect(Object.keys(words.zh)).toEqual(Object.keys(words.en));
  for (const k of Object.keys(words.en)) if (k !== 'quiz.why') expect(`${k}: ${holes(words.zh[k]!)}`).toBe(`${k}: ${holes(words.en[k]!)}`);
});

test('every key the code says exists, and every misconception has words', () => {
  const text = [...sources(import.meta.dirname), readFileSync(join(import.meta.dirname, '../lab/explain.ts'), 'utf8'), readFileSync(join(import.meta.dirname, '../lab/flow.ts'), 'utf8')].join('\n');
  const said = [...new Set([...text.matchAll(/'((?:why|http|arp|ipvs|address|route|sysctl|hostname|service|file|command|used|ping|connect|survives|check|path|neighbour|firewall|interface|resolve|flow|quiz)\.[a-zA-Z]+)'/g)].map((m) => m[1]!))];
  expect(said.length).toBeGreaterThan(60);
  expect(said.filter((k) => words.en[k] === undefined)).toEqual([]);
  expect(misconceptions.filter((m) => words.en[`misconception.${m.name}`] === undefined).map((m) => m.name)).toEqual([]);
});
