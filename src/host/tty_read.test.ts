// The line discipline: echo, erasing, signals and end of file on a terminal.
import { expect, test } from 'vitest';
import { el } from './images/el';
import { type Run, SIG } from './process';
import { hosts } from './test_host';
import { readCooked, ttyTyped } from './tty_read';
import { sleep } from './syscall';

const n = hosts(el, { lan: { box: '192.168.4.60/24' } });
const host = n.host('box');
const tty = host.newTty();

test.each([
  ['a line', 'ls\r', 'ls\n', 'ls\r\n'],
  ['erase', 'lsx\x7f\r', 'ls\n', 'lsx\b \b\r\n'],
  ['erase a wide character', '中\x08a\r'.replace('中', '\xe4\xb8\xad'), 'a\n', '\xe4\xb8\xad\b \b\b \ba\r\n'],
  ['erase a word', 'cat  foo \x17x\r', 'cat  x\n', `cat  foo ${'\b \b'.repeat(4)}x\r\n`],
  ['kill the line', 'abc\x15d\r', 'd\n', `abc${'\b \b'.repeat(3)}d\r\n`],
  ['control characters', 'a\x01\x7f\r', 'a\n', 'a^A\b \b\b \b\r\n'],
  ['^D pushes what is there', 'ab\x04', 'ab', 'ab'],
])('%s', (_name, typed, read, shown) => {
  const from = tty.shown;
  tty.foreground = 1;
  ttyTyped(host, tty, typed);
  expect([tty.input, tty.since(from)]).toEqual([read, shown]);
  tty.input = '';
});

test('reading: a line at a time, then end of file; ^C ends the foreground group', () => {
  const got: string[] = [];
  const p = host.fork(null);
  p.tty = tty.index;
  tty.foreground = p.pgid;
  host.start(p, (function* (): Run {
    for (let i = 0; i < 3; i++) got.push(yield* readCooked(p, tty.index, 100));
    yield* sleep(p, 1e9);
    return 0;
  })());
  ttyTyped(host, tty, 'one\rtwo\r');
  n.run(1);
  ttyTyped(host, tty, '\x04');
  n.run(1);
  const from = tty.shown;
  ttyTyped(host, tty, '\x03');
  n.run(1);
  expect([got, tty.since(from), p.state, p.signal]).toEqual([['one\n', 'two\n', ''], '^C', 'Z', SIG.INT]);
});
