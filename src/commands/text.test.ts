// Text tools against what the real ones printed (Debian 12: coreutils 9.1, grep 3.8, sed 4.9, mawk 1.3.4, findutils 4.9), whole output and status.
import { expect, test } from 'vitest';
import type { Command } from './command';
import { commands } from './index';
import { Rig } from './test_rig';

/** Words, standard input, then standard output, standard error and exit status. */
const ROWS: readonly (readonly [string[], string, string, string, number])[] = [
  [['grep', '-n', '-A1', '-E', 'lvs|spare'], 'a\nlvs51\nb\nc\nspare\nd\n', '2:lvs51\n3-b\n--\n5:spare\n6-d\n', '', 0],
  [['grep', '-o', '[0-9.]*\\.5[0-9]'], '192.168.4.51 lvs\nx\n', '192.168.4.51\n', '', 0],
  [['grep', '-w', 'web5'], 'web52\nweb5 x\n', 'web5 x\n', '', 0],
  [['grep', '\\(a\\|ab\\)\\(c\\|bcd\\)$', '-o'], 'xabcd\n', 'abcd\n', '', 0],
  [['grep', '['], 'x\n', '', 'grep: Invalid regular expression\n', 2],
  [['grep', '-E', '('], 'x\n', '', 'grep: Unmatched ( or \\(\n', 2],
  [['grep', '-A', 'x', 'y'], '', '', 'grep: x: invalid context length argument\n', 2],
  [['sed', '-E', 's/(a|ab)(c|bcd)(d*)/[\\1][\\2][\\3]/'], 'abcd\n', '[a][bcd][]\n', '', 0],
  [['sed', '-n', '/2/,/4/{/3/!p}'], '1\n2\n3\n4\n5\n', '2\n4\n', '', 0],
  [['sed', '$!N;s/\\n/-/;P;D'], 'a\nb\nc\n', 'a-b\nc\n', '', 0],
  [['sed', ':x;N;$!bx;s/\\n/ /g'], 'a\nb\nc\n', 'a b c\n', '', 0],
  [['sed', 's/\\w\\+/\\u&/g;s/b*/<&>/2'], 'foo abc\n', 'F<>oo Abc\n', '', 0],
  [['sed', '2q;s/1/one/'], '1\n2\n3\n', 'one\n2\n', '', 0],
  [['sed', 's/a/b'], 'x\n', '', 'sed: -e expression #1, char 5: unterminated `s\' command\n', 1],
  [['sed', 'y/abc/de/'], 'x\n', '', 'sed: -e expression #1, char 9: strings for `y\' command are different lengths\n', 1],
  [['sed', '{p'], 'x\n', '', 'sed: -e expression #1, char 0: unmatched `{\'\n', 1],
  [['awk', '/->/ && NR>1 {s+=$3; c[$2]++} END {for (k in c) print k, c[k]; printf "%5.1f|%-4s|%03d\\n", s/2, "ab", 7}'], 'x\n-> a 3\n-> b 4\n-> a 5\n', 'b 1\na 2\n  6.0|ab  |007\n', '', 0],
  [['awk', '-F:', '-v', 'OFS=-', '{$1=$1; $5="e"; print; print NF}'], 'a:b:c\n', 'a-b-c--e\n5\n', '', 0],
  [['awk', 'function f(n){return n<=1?1:n*f(n-1)} BEGIN{print f(10), substr("hello",2,3), index("abc","c"), 1e6, 2^31, 0.1+0.2; x="aaa"; print gsub(/a/,"[&]",x) x}'], '', '3628800 ell 3 1000000 2.14748e+09 0.3\n3[a][a][a]\n', '', 0],
  [['awk', 'BEGIN{RS=""}{print NR": "$1; for(i=NF;i>0;i--) printf "%s ", $i; print ""}'], 'a b\nc\n\n\nd e\n', '1: a\nc b a \n2: d\ne d \n', '', 0],
  [['awk', 'BEGIN{print 1'], '', '', 'awk: line 2: missing } near end of file\n', 2],
  [['awk', '{print $-1}'], 'x\n', '', 'awk: run time error: negative field index $-1\n\tFILENAME="-" FNR=1 NR=1\n', 2],
  [['awk', 'BEGIN{printf "%d %s\\n", 1}'], '', '1 ', 'awk: run time error: not enough arguments passed to printf("%d %s\n")\n\tFILENAME="" FNR=0 NR=0\n', 2],
  [['sort', '-t.', '-k4n'], '10.0.0.20\n10.0.0.3\n10.0.0.100\n', '10.0.0.3\n10.0.0.20\n10.0.0.100\n', '', 0],
  [['sort', '-k2,2nr', '-k1,1'], 'b 2\na 2\nc 10\n', 'c 10\na 2\nb 2\n', '', 0],
  [['sort', '-c'], '2\n1\n', '', 'sort: -:2: disorder: 1\n', 1],
  [['sort', '-h'], '1M\n2K\n3\n', '3\n2K\n1M\n', '', 0],
  [['cut', '-d:', '-f1,3-', '--output-delimiter=+'], 'a:b:c:d\nx\n', 'a+c+d\nx\n', '', 0],
  [['cut', '-f0'], 'x\n', '', 'cut: fields are numbered from 1\nTry \'cut --help\' for more information.\n', 1],
  [['tr', '-s', 'a-z', 'A-Z'], 'aabbc\n', 'ABC\n', '', 0],
  [['tr', '-cd', '0-9\\n'], 'a1b2\n', '12\n', '', 0],
  [['tr', 'z-a', 'x'], '', '', 'tr: range-endpoints of \'z-a\' are in reverse collating sequence order\n', 1],
  [['uniq', '-c'], 'a\na\nb\n', '      2 a\n      1 b\n', '', 0],
  [['head', '-n', '-1'], 'a\nb\nc\n', 'a\nb\n', '', 0],
  [['tail', '-n', '+2'], 'a\nb\nc\n', 'b\nc\n', '', 0],
  [['tail', '-n', 'x'], '', '', 'tail: invalid number of lines: \'x\'\n', 1],
  [['wc'], 'a b\nc\n', '      2       3       6\n', '', 0],
  [['nl'], 'a\n\nb\n', '     1\ta\n       \n     2\tb\n', '', 0],
  [['od', '-c'], 'a\tb\n\x01', '0000000   a  \\t   b  \\n 001\n0000005\n', '', 0],
  [['od', '-An', '-tx1'], 'AB', ' 41 42\n', '', 0],
  [['base64', '-w', '8'], 'hello world', 'aGVsbG8g\nd29ybGQ=\n', '', 0],
  [['md5sum'], 'abc', '900150983cd24fb0d6963f7d28e17f72  -\n', '', 0],
  [['sha256sum'], 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\n', '', 0],
  [['cksum'], 'abc', '1219131554 3\n', '', 0],
  [['expr', 'abc12', ':', '[a-z]*\\([0-9]*\\)'], '', '12\n', '', 0],
  [['expr', '7', '/', '0'], '', '', 'expr: division by zero\n', 2],
  [['seq', '-w', '8', '11'], '', '08\n09\n10\n11\n', '', 0],
  [['seq', '1', '0.5', '2'], '', '1.0\n1.5\n2.0\n', '', 0],
  [['xargs', '-n2', 'echo', 'x'], 'a b c\n', 'x a b\nx c\n', '', 0],
  [['xargs', '-I{}', 'echo', '<{}>'], 'a b\nc\n', '<a b>\n<c>\n', '', 0],
  [['date', '-u', '-d', '2024-02-28 +2 days', '+%F %a %j'], '', '2024-03-01 Fri 061\n', '', 0],
  [['date', '-d', 'nonsense'], '', '', 'date: invalid date \'nonsense\'\n', 1],
  [['column', '-t'], 'a 1\nbbb 22\nc\n', 'a    1\nbbb  22\nc    \n', '', 0],
  [['fold', '-s', '-w', '8'], 'hello world foo\n', 'hello \nworld \nfoo\n', '', 0],
  [['paste', '-s', '-d+'], '1\n2\n3\n', '1+2+3\n', '', 0],
  [['timeout', '1', 'sleep', '5'], '', '', '', 124],
  [['sleep', '1x'], '', '', 'sleep: invalid time interval \'1x\'\nTry \'sleep --help\' for more information.\n', 1],
];

const named = (name: string): Command => commands.find((c) => c.name === name)!;
const rig = new Rig();

test.each(ROWS.map((r) => [r[0].join(' '), r] as const))('%s', (_label, [argv, input, out, err, status]) => {
  expect(rig.run(named(argv[0]!), argv.slice(1), input)).toEqual({ out, err, status });
});

test('an endless program can be stopped, and endless output does not stop the clock', () => {
  expect(rig.run(named('awk'), ['BEGIN { while (1) x++ }'], '', 2e6).status).toBe(-1);
  expect(rig.run(named('sed'), [':a;ba'], 'x\n', 2e6).status).toBe(-1);
  expect(rig.run(named('cat'), ['/dev/zero'], '', 1e5).status).toBe(-1);
  expect(rig.run(named('yes'), [], '', 1e4).status).toBe(-1);
});

test('files: what is asked happens, and refusals are worded', () => {
  rig.file('f', 'one\ntwo\n');
  const run = (...argv: string[]) => rig.run(named(argv[0]!), argv.slice(1));
  expect(run('cp', 'f', 'g')).toEqual({ out: '', err: '', status: 0 });
  expect(run('chattr', '+i', 'g').status).toBe(0);
  expect(run('rm', '-f', 'g')).toEqual({ out: '', err: "rm: cannot remove 'g': Operation not permitted\n", status: 1 });
  expect(run('sed', '-i', 's/one/1/', 'f').status).toBe(0);
  expect(run('diff', 'f', 'g')).toEqual({ out: '1c1\n< 1\n---\n> one\n', err: '', status: 1 });
  expect(run('chmod', '640', 'f').status).toBe(0);
  expect(run('stat', '-c', '%a %A %s %h %n', 'f')).toEqual({ out: '640 -rw-r----- 6 1 f\n', err: '', status: 0 });
  expect(run('ln', '-s', 'f', 'l').status).toBe(0);
  expect(run('ls', '-F')).toEqual({ out: 'f\ng\nl@\n', err: '', status: 0 });
  expect(run('tar', 'czf', 'a.tgz', 'f', 'l').status).toBe(0);
  expect(run('mkdir', 'x').status).toBe(0);
  expect(run('tar', 'xzvf', 'a.tgz', '-C', 'x')).toEqual({ out: 'f\nl\n', err: '', status: 0 });
  expect(run('cat', 'x/l').out).toBe('1\ntwo\n');
  expect(run('find', '.', '-name', 'l', '-o', '-size', '-2c', '-type', 'f').out.split('\n').sort()).toEqual(['', './l', './x/l']);
  expect(run('mv', 'nosuch', 'x')).toEqual({ out: '', err: "mv: cannot stat 'nosuch': No such file or directory\n", status: 1 });
});
