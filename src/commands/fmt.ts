// fmt: refills paragraphs. Counterpart: coreutils fmt.c. Not modelled: its optimal breaking; lines are filled greedily.
import { SysError } from '../lib/errno';
import { ByteSource, closeInput, define, errnoText, Fatal, openInput, put, quote, say } from './io';
import { table } from './options';

export const fmt = define({
  name: 'fmt',
  summary: 'Reformat each paragraph in the FILE(s), writing to standard output.',
  path: '/usr/bin/fmt',
  package: 'coreutils',
  options: table('!-c --crown-margin: preserve indentation of first two lines', '!-p --prefix STRING: reformat only lines beginning with STRING', '-s --split-only: split long lines, but do not refill', '!-t --tagged-paragraph: indentation of first line different from second', '-u --uniform-spacing: one space between words', '-w --width WIDTH: maximum line width', '!-g --goal WIDTH: goal width'),
  getopt: { badExit: 1, prepare: (argv) => argv.map((a, i) => (i === 0 && /^-\d+$/.test(a) ? `-w${a.slice(1)}` : a)) },
  *run(p, opts, args) {
    const text = opts.value('-w') ?? '75';
    if (!/^\d+$/.test(text)) throw new Fatal(`fmt: invalid width: ${quote(text)}\n`, 1);
    const width = Number(text);
    let status = 0;
    for (const name of args.length > 0 ? args : ['-']) {
      let data: string;
      try {
        const fd = openInput(p, name);
        data = yield* new ByteSource(p, fd).all();
        closeInput(p, fd);
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        status = 1;
        yield* say(p, 'fmt', `cannot open ${quote(name)} for reading: ${errnoText(e)}`);
        continue;
      }
      const lines = data.split('\n');
      if (lines[lines.length - 1] === '') lines.pop();
      let o = '';
      let words: string[] = [];
      let indent = '';
      const flush = (): void => {
        let line = '';
        for (const w of words) {
          if (line !== '' && indent.length + line.length + 1 + w.length > width) {
            o += `${indent}${line}\n`;
            line = w;
          } else line = line === '' ? w : `${line} ${w}`;
        }
        if (line !== '') o += `${indent}${line}\n`;
        words = [];
      };
      for (const l of lines) {
        const lead = /^[ \t]*/.exec(l)![0];
        if (l.trim() === '') {
          flush();
          o += '\n';
          continue;
        }
        if (words.length > 0 && (lead !== indent || opts.has('-s'))) flush();
        indent = lead;
        words.push(...l.trim().split(/[ \t]+/));
      }
      flush();
      yield* put(p, o);
    }
    return status;
  },
});
