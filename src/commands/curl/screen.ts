// What a transfer of curl shows and where its body goes: the meter, the notes of -v, the output file. Counterpart: curl's src/tool_cb_prg.c, tool_cb_dbg.c, tool_cb_wrt.c.
import type { Op, Process } from '../../host/process';
import { closeFd, err, nowUs, open, out, write } from '../../host/syscall';
import { type Errno, strerror, SysError } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { BAR_DONE, type Figures, METER_HEAD, meterLine } from './progress';

/** Ends a transfer: curl's exit code and its words. */
export class CurlError extends Error {
  constructor(
    readonly exit: number,
    readonly words: string,
    /** What the system said, where that was the cause. */
    readonly errno: Errno | null = null,
  ) {
    super(words);
  }
}

/** Standard error of one transfer: meter, notes of -v, and where its line stands. */
export class Screen {
  private metered = false;
  private started = 0;
  readonly figures: Figures = { total: -1, received: 0, upTotal: -1, uploaded: 0, elapsedUs: 0 };
  private second = 0;
  constructor(
    private readonly p: Process,
    private readonly kind: 'none' | 'meter' | 'bar',
    private readonly verbose: boolean,
    /** -v shows how many bytes of body pass, unless the body goes to the same terminal. */
    private readonly showData: boolean,
    /** Another try: the head of the meter stands already. */
    private readonly again: boolean,
  ) {}

  *note(text: string): Op<void> {
    if (this.verbose) yield* err(this.p, `* ${text}\n`);
  }
  *lines(mark: string, raw: Bytes): Op<void> {
    if (!this.verbose) return;
    yield* err(this.p, raw.split('\n').slice(0, -1).map((l) => `${mark} ${l}\n`).join(''));
  }
  *data(mark: string, n: number): Op<void> {
    if (this.verbose && this.showData) yield* err(this.p, `${mark} [${n} bytes data]\n`);
  }

  *begin(started: number): Op<void> {
    this.started = started;
    if (this.kind !== 'meter') return;
    this.metered = true;
    yield* err(this.p, (this.again ? '' : METER_HEAD) + meterLine({ ...this.figures, elapsedUs: 0 }));
  }
  /** Called as data comes: a line a second. */
  *tick(): Op<void> {
    const elapsed = nowUs(this.p) - this.started;
    const second = Math.floor(elapsed / 1e6);
    if (this.kind !== 'meter' || second === this.second) return;
    this.second = second;
    yield* err(this.p, meterLine({ ...this.figures, elapsedUs: elapsed }));
  }
  /** The last line, when the connection is done with. */
  *done(): Op<void> {
    this.figures.elapsedUs = nowUs(this.p) - this.started;
    if (this.metered) yield* err(this.p, `${meterLine(this.figures)}\n`);
    else if (this.kind === 'bar' && this.figures.received > 0) yield* err(this.p, `${BAR_DONE}\n`);
    this.metered = false;
  }
}

/** Where the body goes: standard output, or a file made when the first byte comes. */
export class Sink {
  private fd = -1;
  failed = '';
  constructor(
    private readonly p: Process,
    readonly path: Bytes | null,
  ) {}
  *put(data: Bytes): Op<void> {
    try {
      if (this.path === null) yield* out(this.p, data);
      else {
        if (this.fd < 0) this.fd = open(this.p, this.path, { write: true, create: true, truncate: true });
        yield* write(this.p, this.fd, data);
      }
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      if (this.path !== null && this.fd < 0) this.failed = `Warning: Failed to open the file ${this.path}: ${strerror(e.errno)}\n`;
      throw new CurlError(23, 'Failure writing output to destination');
    }
  }
  close(): void {
    if (this.fd >= 0) closeFd(this.p, this.fd);
    this.fd = -1;
  }
}
