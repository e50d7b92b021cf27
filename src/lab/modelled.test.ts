// MODELLED.md is what the commands' records say now.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { modelledPage } from './modelled';

it('MODELLED.md is up to date (npm run lvslab -- modelled --write)', () => {
  expect(readFileSync(new URL('../../MODELLED.md', import.meta.url), 'utf8')).toBe(modelledPage());
});
