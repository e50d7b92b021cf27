// cat: concatenates files. Counterpart: coreutils cat.c.
import { PIPE_SIZE } from '../host/open_file';
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { ByteSource, closeInput, define, errnoText, openInput, put, quoteIfNeeded, say } from './io';
import { table } from './options';

/** A byte as cat -v shows it. */
export function showByte(code: number): string {
  if (code >= 128) return `M-${showByte(code - 128)}`;
  if (code === 127) return '^?';
  return code < 32 ? `^${String.fromCharCode(code + 64)}` : String.fromCharCode(code);
}

export const cat = define({
  name: 'cat',
  summary: 'Concatenate FILE(s) to standard output.',
  path: '/usr/bin/cat',
  package: 'coreutils',
  options: table(
    '-A --show-all: equivalent to -vET', '-b --number-nonblank: number nonempty output lines, overrides -n', '-e: equivalent to -vE',
    '-E --show-ends: display $ at end of each line', '-n --number: number all output lines', '-s --squeeze-blank: suppress repeated empty output lines',
    '-t: equivalent to -vT', '-T --show-tabs: display TAB characters as ^I', '-u: (ignored)', '-v --show-nonprinting: use ^ and M- notation, except for LFD and TAB',
  ),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const all = opts.has('-A');
    const ends = all || opts.has('-E') || opts.has('-e');
    const tabs = all || opts.has('-T') || opts.has('-t');
    const visible = all || opts.has('-v') || opts.has('-e') || opts.has('-t');
    const nonblank = opts.has('-b');
    const number = opts.has('-n') || nonblank;
    const squeeze = opts.has('-s');
    const plain = !(ends || tabs || visible || number || squeeze);
    let status = 0;
    let line = 0;
    let newlines = 1;
    /** Formats a piece; state (line start, count) goes on over pieces and files. */
    const dress = (piece: Bytes): Bytes => {
      let o = '';
      for (const c of piece) {
        if (c === '\n') {
          newlines++;
          if (newlines >= 2) {
            if (newlines > 2) {
              if (squeeze && newlines > 3) continue;
              if (squeeze) newlines = 3;
            }
            if (number && !nonblank && newlines >= 2) o += `${String(++line).padStart(6)}\t`;
          }
          o += ends ? '$\n' : '\n';
          continue;
        }
        if (newlines > 0 && number) o += `${String(++line).padStart(6)}\t`;
        newlines = 0;
        const code = c.charCodeAt(0);
        if (c === '\t') o += tabs ? '^I' : '\t';
        else o += visible ? showByte(code) : c;
      }
      return o;
    };
    for (const name of args.length > 0 ? args : ['-']) {
      let fd = -1;
      try {
        fd = openInput(p, name);
        const input = p.fds.get(fd);
        const output = p.fds.get(1);
        if (input?.kind === 'inode' && output?.kind === 'inode' && input.ino === output.ino && input.snapshot === null && (output.append ? p.host.vfs.data(input.ino) !== '' : input.pos < output.pos)) {
          yield* say(p, 'cat', `${quoteIfNeeded(name)}: input file is output file`);
          status = 1;
          closeInput(p, fd);
          continue;
        }
        const src = new ByteSource(p, fd);
        for (;;) {
          const piece = yield* src.next();
          if (piece === '') break;
          const text = plain ? piece : dress(piece);
          for (let i = 0; i < text.length; i += PIPE_SIZE) yield* put(p, text.slice(i, i + PIPE_SIZE));
        }
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        yield* say(p, 'cat', `${quoteIfNeeded(name)}: ${errnoText(e)}`);
        status = 1;
      }
      if (fd >= 0) closeInput(p, fd);
    }
    return status;
  },
});
