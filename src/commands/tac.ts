// tac: lines in reverse. Counterpart: coreutils tac.c.
import { SysError } from '../lib/errno';
import { ByteSource, closeInput, define, errnoText, Fatal, openInput, put, quote, quoteIfNeeded, say } from './io';
import { table } from './options';

export const tac = define({
  name: 'tac',
  summary: 'Write each FILE to standard output, last line first.',
  path: '/usr/bin/tac',
  package: 'coreutils',
  options: table('-b --before: attach the separator before instead of after', '!-r --regex: interpret the separator as a regular expression', '-s --separator STRING: use STRING as the separator instead of newline'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    let status = 0;
    const sep = opts.value('-s') ?? '\n';
    if (sep === '') throw new Fatal('tac: separator cannot be empty\n', 1);
    for (const name of args.length > 0 ? args : ['-']) {
      let fd: number;
      try {
        fd = openInput(p, name);
      } catch (e) {
        status = 1;
        yield* say(p, 'tac', `failed to open ${quote(name)} for reading: ${errnoText(e)}`);
        continue;
      }
      try {
        const text = yield* new ByteSource(p, fd).all();
        const parts = text.split(sep);
        const lastPart = parts.pop()!;
        const out: string[] = [];
        if (opts.has('-b')) {
          const all = [...parts, lastPart];
          for (let i = all.length - 1; i >= 0; i--) out.push(i === 0 ? all[i]! : sep + all[i]!);
        } else {
          if (lastPart !== '') out.push(lastPart);
          for (let i = parts.length - 1; i >= 0; i--) out.push(parts[i]! + sep);
        }
        yield* put(p, out.join(''));
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        status = 1;
        yield* say(p, 'tac', `${quoteIfNeeded(name)}: read error: ${errnoText(e)}`);
      }
      closeInput(p, fd);
    }
    return status;
  },
});
