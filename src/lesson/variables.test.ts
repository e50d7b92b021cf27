// Variables of a lesson: those drawn along with another stay with it, for every seed.
import { expect, test } from 'vitest';
import { drawVariables, substitute } from './variables';

test('a variable drawn along with another takes the word at the same place', () => {
  const lesson = { id: 'x', variables: { bad: { oneOf: ['52', '53'] }, good: { oneOf: ['53', '52'], along: 'bad' }, n: { number: { from: 2, to: 4 } } } };
  const drawn = Array.from({ length: 12 }, (_, seed) => drawVariables(lesson, seed));
  expect(drawn[0]).toEqual({ bad: '52', good: '53', n: '3' });
  expect(new Set(drawn.map((d) => `${d['bad']} ${d['good']}`))).toEqual(new Set(['52 53', '53 52']));
  expect(substitute({ 'web{{bad}}': ['{{good}} {{ n }} {{other}}'] }, drawn[0]!)).toEqual({ web52: ['53 3 {{other}}'] });
});
