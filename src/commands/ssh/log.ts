// What ssh says on standard error, by level. Lines end in CR LF, because the terminal may be raw. Counterpart: OpenSSH 7.4 log.c.
import type { Op, Process } from '../../host/process';
import { err } from '../../host/syscall';
import type { Bytes } from '../../lib/text';

export class Log {
  constructor(
    private readonly p: Process,
    readonly level: number,
  ) {}
  private *line(level: number, text: Bytes): Op<void> {
    if (this.level >= level) yield* err(this.p, `${text}\r\n`);
  }
  fatal(text: Bytes): Op<void> {
    return this.line(1, text);
  }
  error(text: Bytes): Op<void> {
    return this.line(2, text);
  }
  *errors(...lines: Bytes[]): Op<void> {
    for (const text of lines) yield* this.line(2, text);
  }
  info(text: Bytes): Op<void> {
    return this.line(3, text);
  }
  verbose(text: Bytes): Op<void> {
    return this.line(4, text);
  }
  debug(text: Bytes): Op<void> {
    return this.line(5, `debug1: ${text}`);
  }
  /** Text as it is, unless all is quiet. */
  *plain(text: Bytes): Op<void> {
    if (this.level > 0) yield* err(this.p, text);
  }
}
