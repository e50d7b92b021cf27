// Reads one line from a descriptor without taking more than it needs. Linux counterpart: zreadc and the read builtin's loop in bash.
import type { Op } from '../host/process';
import { fileOf, read } from '../host/syscall';
import type { Bytes } from '../lib/text';
import type { Shell } from './shell';

export interface Line {
  text: Bytes;
  /** Ended without its delimiter. */
  eof: boolean;
  /** A deadline passed. */
  timedOut: boolean;
}

/** A line up to `delimiter` (not included), or at most `max` bytes. Leaves the rest unread. Throws SysError, Interrupted. */
export function* readLine(sh: Shell, fd: number, delimiter: Bytes = '\n', max = Number.POSITIVE_INFINITY): Op<Line> {
  const f = fileOf(sh.p, fd);
  let text = '';
  // A file can be read in pieces and its position moved back; of a pipe or socket only what is there is looked at.
  for (;;) {
    if (text.length >= max) return { text, eof: false, timedOut: false };
    if (f.kind === 'inode') {
      const from = f.pos;
      const piece = yield* read(sh.p, fd, 4096);
      if (piece === '') return { text, eof: true, timedOut: false };
      const at = piece.indexOf(delimiter);
      const room = max - text.length;
      const take = at >= 0 && at < room ? at : Math.min(piece.length, room);
      text += piece.slice(0, take);
      f.pos = from + take + (at >= 0 && at < room ? 1 : 0);
      if (at >= 0 && at < room) return { text, eof: false, timedOut: false };
      continue;
    }
    if (f.kind === 'pipe' && f.pipe.data !== '') {
      const at = f.pipe.data.indexOf(delimiter);
      const room = Math.min(max - text.length, f.pipe.data.length);
      if (at >= 0 && at < room) {
        text += (yield* read(sh.p, fd, at + 1)).slice(0, -1);
        return { text, eof: false, timedOut: false };
      }
      text += yield* read(sh.p, fd, room);
      continue;
    }
    const c = yield* read(sh.p, fd, 1);
    if (c === '') return { text, eof: true, timedOut: false };
    if (c === delimiter) return { text, eof: false, timedOut: false };
    text += c;
  }
}

