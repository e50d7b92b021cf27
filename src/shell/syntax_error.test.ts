// bash's words for what it cannot parse, and what it only finds unfinished.
import { expect, test } from 'vitest';
import { checkSyntax } from './syntax_error';

const near = (token: string, line: string, n = 1): [number, string[]] => [n, [`syntax error near unexpected token \`${token}'`, `\`${line}'`]];
const eof = (n: number): [number, string[]] => [n, ['syntax error: unexpected end of file']];
const match = (c: string, n = 1): [number, string[]] => [n, [`unexpected EOF while looking for matching \`${c}'`]];

test.each<[string, [number, string[]] | null]>([
  ['echo hi; )', near(')', 'echo hi; )')],
  ['echo (hi)', near('hi', 'echo (hi)')],
  ['echo (', near('newline', 'echo (')],
  ['if; then echo; fi', near(';', 'if; then echo; fi')],
  ['f() { }', near('}', 'f() { }')],
  ['echo a && && echo b', near('&&', 'echo a && && echo b')],
  ['for i in 1 2 do echo $i; done', near('done', 'for i in 1 2 do echo $i; done')],
  ['case in a) echo a;; esac', near('a', 'case in a) echo a;; esac')],
  ['case $1 in\n  a) echo A\n  b) echo B;;\nesac', near(')', '  b) echo B;;', 3)],
  ['if true; then :; fi echo', near('echo', 'if true; then :; fi echo')],
  ['while true; do echo a', eof(2)],
  ['a\nfor i in 1\ndo\n  b\n', eof(5)],
  ['echo "a', match('"')],
  ['a\necho \'b\n\n', match("'", 2)],
  ['echo $(echo a', match(')', 2)],
  ['echo ${x', match('}')],
  ['a=(1 2; echo x', near(';', 'a=(1 2; echo x')],
  ['echo ok; echo } ; echo {', null],
  ['case x in (a|b) x;& c) ;; esac > f 2>&1 | { while :; do x=$(case y in y) echo;; esac); done; }', null],
  ['f() ( x ) ; function g { y; } 2>e\n[[ a =~ ^(b|c)$ && ! -f x ]] && (( 1 < 2 )) && for ((;;)) { z; }', null],
  ['cat <<A <<-"B"\n$(\nA\n\t)\n\tB\necho', null],
])('%s', (text, want) => {
  const { error } = checkSyntax(text, false);
  expect(error === null ? null : [error.line, error.texts]).toEqual(want);
});

test.each<[string, boolean]>([
  ['for i in 1 2\n', true], ['echo a |\n', true], ['echo "a\n', true], ['x=$(\n', true], ['{\n', true], ['f()\n', true], ['case a in\n', true], ['a &&\n', true],
  ['a=(1\n', true], ['echo (\n', false], ['fi\n', false],
])('more text could complete %j: %s', (text, incomplete) => {
  expect(checkSyntax(text, false).error?.incomplete).toBe(incomplete);
});

test('an unfinished here-document is known', () => {
  expect(checkSyntax('cat <<E\nx\n', false).unclosed.map((d) => d.wanted)).toEqual(['E']);
});
