// --help and man made from option data, in English and Chinese: every word has its translation, and the layout is the same.
import { expect, test } from 'vitest';
import { utf8Decode } from '../lib/text';
import { helpText, inChinese } from './help';
import chinese from './help.zh.json';
import { commands } from './index';

const said = (): string[] => commands.flatMap((c) => [c.summary, ...Object.values(c.options ?? {}).map((o) => o.says)]).filter((x) => x !== '');

test('every summary and option has its Chinese, and no translation is left over', () => {
  const all = new Set(said());
  expect([...all].filter((x) => !(x in chinese))).toEqual([]);
  const own = ['display this help and exit', 'output version information and exit'];
  expect(Object.keys(chinese).filter((x) => !all.has(x) && !own.includes(x))).toEqual([]);
  // A name or a protocol may stay as it is; words may not.
  expect([...all].filter((x) => inChinese(x) === x && /[a-z]{2,}.* /.test(x))).toEqual([]);
});

test('one command in both languages', () => {
  const c = { name: 'tool', summary: 'Run COMMAND, ignoring hangup signals.', options: { '-f': { kind: 'value', says: 'use FILE', arg: 'FILE' }, '--file': { kind: 'value', of: '-f', says: 'use FILE', arg: 'FILE' }, '-x': { kind: 'flag', says: 'proxy', modelled: false } } } as const;
  expect(helpText(c)).toBe('Usage: tool [OPTION]... [FILE]...\nRun COMMAND, ignoring hangup signals.\n\n  -f, --file=FILE            use FILE\n  -x                         proxy (not modelled)\n      --help                 display this help and exit\n      --version              output version information and exit\n');
  expect(utf8Decode(helpText(c, 'WORDS', 'zh'))).toBe('用法：tool WORDS\n运行 COMMAND，忽略挂断信号\n\n  -f, --file=FILE            use FILE\n  -x                         代理（未模拟）\n      --help                 显示此帮助信息并退出\n');
});
