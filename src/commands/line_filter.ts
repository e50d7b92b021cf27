// The shape of tools that turn each line of each file into text: open, read, word errors, close.
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Op, Process } from '../host/process';
import { closeInput, errnoText, LineSource, openInput, put, quoteIfNeeded, say } from './io';

export interface LineFilter {
  name: string;
  separator?: string;
  /** Text for one line; `ended` tells whether the separator followed. */
  line(text: Bytes, ended: boolean): Bytes;
  /** After each file. */
  endFile?(): Bytes;
  openError?(name: Bytes, text: string): Bytes;
}

/** Runs the filter over files ('-' or none: standard input); exit status 1 when one failed. */
export function* filterLines(p: Process, files: readonly Bytes[], f: LineFilter): Op<number> {
  let status = 0;
  const z = f.separator ?? '\n';
  for (const name of files.length > 0 ? files : ['-']) {
    let fd = -1;
    try {
      fd = openInput(p, name);
      const src = new LineSource(p, fd, z);
      for (let lines = yield* src.batch(); lines !== null; lines = yield* src.batch()) {
        let o = '';
        for (const raw of lines) {
          const ended = raw.endsWith(z);
          o += f.line(ended ? raw.slice(0, -1) : raw, ended);
        }
        yield* put(p, o);
      }
      if (f.endFile !== undefined) yield* put(p, f.endFile());
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      status = 1;
      yield* say(p, f.name, fd < 0 && f.openError !== undefined ? f.openError(name, errnoText(e)) : `${quoteIfNeeded(name)}: ${errnoText(e)}`);
    }
    if (fd >= 0) closeInput(p, fd);
  }
  return status;
}
