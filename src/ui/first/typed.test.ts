// What is typed before the lab stands: bytes of keys and their echo, case by case.
import { expect, test } from 'vitest';
import { echoed, keyBytes, textBytes } from './typed';

const key = (k: string, code = '', held: Partial<Record<'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey', boolean>> = {}): string | null =>
  keyBytes({ key: k, code, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...held });

test.each([
  ['Enter', key('Enter', 'Enter'), '\r'],
  ['Backspace', key('Backspace', 'Backspace'), '\x7f'],
  ['Tab completes', key('Tab', 'Tab'), '\t'],
  ['Shift Tab leaves', key('Tab', 'Tab', { shiftKey: true }), null],
  ['arrow', key('ArrowUp', 'ArrowUp'), '\x1b[A'],
  ['^C', key('c', 'KeyC', { ctrlKey: true }), '\x03'],
  ['copying', key('C', 'KeyC', { ctrlKey: true, shiftKey: true }), null],
  ['Alt B', key('b', 'KeyB', { altKey: true }), '\x1bb'],
  ['a letter is the field’s', key('a', 'KeyA'), null],
  ['the system’s', key('r', 'KeyR', { metaKey: true }), null],
])('%s', (_name, got, want) => expect(got).toBe(want));

test.each([
  ['ascii', 'ls -l', 'ls -l'],
  ['Chinese is UTF-8', '你', '\xe4\xbd\xa0'],
  ['pasted lines are entered', 'a\r\nb\nc', 'a\rb\rc'],
])('bytes: %s', (_name, text, want) => expect(textBytes(text)).toBe(want));

test.each([
  ['letters and erasing', ['l', 'x', '\x7f', 's'], { done: '', line: 'ls' }],
  ['a wide character is erased whole', ['网', '𝄞', '\x7f'], { done: '', line: '网' }],
  ['entered lines stay', ['ls', '\r', 'x', '\x7f', '\x7f'], { done: 'ls\n', line: '' }],
  ['^C is shown', ['sl', '\x03'], { done: '', line: 'sl^C' }],
  ['^U kills the line', ['rm x', '\x15', 'ls'], { done: '', line: 'ls' }],
  ['keys that move show nothing', ['a', '\x1b[D', '\x1bb'], { done: '', line: 'a' }],
])('echo: %s', (_name, texts, want) => expect(texts.reduce(echoed, { done: '', line: '' })).toEqual(want));
