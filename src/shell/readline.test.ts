// The line editor: typed keys to a line and a cursor.
import { expect, test } from 'vitest';
import { utf8Decode, utf8Encode } from '../lib/text';
import { firstKey } from './keys';
import { type Edit, newEdit, reduce } from './readline';

const HISTORY = ['ls -l', 'ping 192.168.4.51', 'ipvsadm -Ln', 'echo done'];

function type(keys: string): { edit: Edit; what: string } {
  let edit = newEdit();
  let what = 'none';
  for (let bytes = utf8Encode(keys); bytes !== ''; ) {
    const k = firstKey(bytes)!;
    bytes = k.rest;
    ({ edit, what } = reduce(edit, k.key, HISTORY));
  }
  return { edit, what };
}

/** The line with the cursor shown as |. */
const shown = (e: Edit): string => utf8Decode(`${e.line.slice(0, e.point)}|${e.line.slice(e.point)}`);

test.each([
  ['abc\x01X', 'X|abc'], ['abc\x01\x05X', 'abcX|'], ['abc\x02\x02X', 'aX|bc'], ['abc\x1b[D\x1b[3~', 'ab|'], ['ab cd\x17', 'ab |'], ['ab cd\x17\x17\x19', 'ab cd|'],
  ['ab cd\x01\x0b\x19\x19', 'ab cdab cd|'], ['ab cd\x15x', 'x|'], ['a/b c\x1b\x7f', 'a/b |'], ['a/b\x1b\x7f', 'a/|'], ['one two\x1bb\x1bbX', 'X|one two'], ['one two\x01\x1bf\x1bd', 'one|'],
  ['ab\x14', 'ba|'], ['abc\x02\x14', 'acb|'], ['你好\x7f', '你|'], ['你好\x02\x02x', 'x|你好'], ['abc\x1f', '|'], ['\x1b[A', 'echo done|'], ['\x1b[A\x1b[A', 'ipvsadm -Ln|'],
  ['x\x1b[A\x1b[B', 'x|'], ['\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A', 'ls -l|'], ['\x12ping', '|ping 192.168.4.51'], ['\x12l\x12\x12', '|ls -l'], ['abc\x12zzz\x07', 'abc|'], ['\x12Ln\x05!', 'ipvsadm -Ln!|'],
  ['\x1b.', 'done|'], ['a\x16\x03', 'a\x03|'], ['\x1b[200~a\tb\x1b[201~c', 'a\tbc|'], ['foo bar\x01\x1bu', 'FOO| bar'],
])('%j', (keys, want) => {
  expect(shown(type(keys).edit)).toBe(want);
});

test.each([['\x04', 'eof'], ['a\x04', 'bell'], ['a\r', 'accept'], ['a\x03', 'interrupt'], ['a\t', 'complete'], ['a\t\t', 'list'], ['\x0c', 'clear'], ['\x1b[B', 'bell']])('%j does %s', (keys, want) => {
  expect(type(keys).what).toBe(want);
});
