// hexdump: dumps files in hexadecimal. Counterpart: util-linux/bsdmainutils hexdump.c.
import type { Bytes } from '../lib/text';
import { SysError } from '../lib/errno';
import { ByteSource, closeInput, define, errnoText, openInput, put, say } from './io';
import { table } from './options';
import { parseSize } from './size_arg';

export const hexdump = define({
  name: 'hexdump',
  summary: 'Display file contents in hexadecimal, decimal, octal, or ascii.',
  path: '/usr/bin/hexdump',
  package: 'bsdextrautils',
  suite: 'from util-linux 2.38.1',
  options: table('-b --one-byte-octal: one-byte octal display', '-c --one-byte-char: one-byte character display', '-C --canonical: canonical hex+ASCII display', '-d --two-bytes-decimal: two-byte decimal display', '-o --two-bytes-octal: two-byte octal display', '-x --two-bytes-hex: two-byte hexadecimal display', '!-e --format FORMAT: format string to be used for displaying data', '!-f --format-file FILE: file that contains format strings', '-n --length LENGTH: interpret only length bytes of input', '-s --skip OFFSET: skip offset bytes from the beginning', '-v --no-squeezing: output identical lines'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    let data = '';
    let status = 0;
    for (const name of args.length > 0 ? args : ['-']) {
      try {
        const fd = openInput(p, name);
        data += yield* new ByteSource(p, fd).all();
        closeInput(p, fd);
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        status = 1;
        yield* say(p, 'hexdump', `${name}: ${errnoText(e)}`);
      }
    }
    if (status !== 0 && data === '') {
      yield* say(p, 'hexdump', 'all input file arguments failed');
      return status;
    }
    const skip = parseSize(opts.value('-s') ?? '0') ?? 0;
    const limit = opts.value('-n');
    const end = limit === null ? data.length : Math.min(data.length, skip + (parseSize(limit) ?? 0));
    const style = opts.last('-b', '-c', '-C', '-d', '-o', '-x');
    const word = (b: Bytes): number => b.charCodeAt(0) | ((b.charCodeAt(1) || 0) << 8);
    const address = (n: number): string => n.toString(16).padStart(style === '-C' ? 8 : 7, '0');
    let last = '';
    let star = false;
    let o = '';
    for (let at = skip; at < end; at += 16) {
      const block = data.slice(at, Math.min(end, at + 16));
      if (!opts.has('-v') && block.length === 16 && block === last) {
        if (!star) o += '*\n';
        star = true;
        continue;
      }
      star = false;
      last = block;
      const bytes = [...block];
      const words: Bytes[] = [];
      for (let i = 0; i < block.length; i += 2) words.push(block.slice(i, i + 2));
      const full = (cell: number, used: number, n: number): string => ' '.repeat(cell * (n - used));
      if (style === '-C') {
        const cell = (c: string): string => c.charCodeAt(0).toString(16).padStart(2, '0');
        const left = bytes.slice(0, 8).map(cell).join(' ');
        const right = bytes.slice(8).map(cell).join(' ');
        o += `${address(at)}  ${left.padEnd(23)}  ${right.padEnd(23)}  |${block.replace(/[^\x20-\x7e]/g, '.')}|\n`;
      } else if (style === '-b') o += `${address(at)}${bytes.map((c) => ` ${c.charCodeAt(0).toString(8).padStart(3, '0')}`).join('')}${full(4, bytes.length, 16)}\n`;
      else if (style === '-c') o += `${address(at)}${bytes.map((c) => { const n = c.charCodeAt(0); return ` ${(({ 0: '\\0', 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' } as Record<number, string>)[n] ?? (n < 32 || n > 126 ? n.toString(8).padStart(3, '0') : c)).padStart(3)}`; }).join('')}${full(4, bytes.length, 16)}\n`;
      else if (style === '-d') o += `${address(at)}${words.map((w) => `   ${String(word(w)).padStart(5, '0')}`).join('')}${full(8, words.length, 8)}\n`;
      else if (style === '-o') o += `${address(at)}${words.map((w) => `  ${word(w).toString(8).padStart(6, '0')}`).join('')}${full(8, words.length, 8)}\n`;
      else if (style === '-x') o += `${address(at)}${words.map((w) => `    ${word(w).toString(16).padStart(4, '0')}`).join('')}${full(8, words.length, 8)}\n`;
      else o += `${address(at)}${words.map((w) => ` ${word(w).toString(16).padStart(4, '0')}`).join('')}${full(5, words.length, 8)}\n`;
    }
    if (end > skip || data.length > 0) o += `${address(end)}\n`;
    yield* put(p, o);
    return status;
  },
});
