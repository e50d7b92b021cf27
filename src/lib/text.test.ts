// Byte strings: UTF-8 in and out, whole characters, terminal widths.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from './rng';
import { textWidth, utf8Chars, utf8Decode, utf8Encode } from './text';

describe('utf8', () => {
  it('decodes what it encodes', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (s) => utf8Decode(utf8Encode(s)) === s));
  });
  it.each([
    ['网页', '\xe7\xbd\x91\xe9\xa1\xb5', 4],
    ['＞', '\xef\xbc\x9e', 2],
    ['é', '\xc3\xa9', 1],
    ['a', 'a', 1],
  ])('%s has its bytes and columns', (text, bytes, columns) => {
    expect(utf8Encode(text)).toBe(bytes);
    expect(textWidth(text)).toBe(columns);
  });
  it('keeps broken sequences as single bytes', () => expect(utf8Chars('a\xe7\xbdb\xff')).toEqual(['a', '\xe7', '\xbd', 'b', '\xff']));
});

describe('named random streams', () => {
  it('do not shift one another', () => {
    const a = new Rng(7);
    const b = new Rng(7);
    b.next('other');
    expect([a.next('x'), a.next('x')]).toEqual([b.next('x'), b.next('x')]);
    expect(new Rng(8).next('x')).not.toBe(new Rng(7).next('x'));
  });
  it('are even over a small range', () => {
    const r = new Rng(1);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 6000; i++) counts[r.below('die', 6)]!++;
    for (const c of counts) expect(c).toBeGreaterThan(850);
  });
});
