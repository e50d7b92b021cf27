// The line scp draws on a terminal while a file travels. Counterpart: OpenSSH 7.4 progressmeter.c. Not modelled: "- stalled -".
import type { Op, Process } from '../../host/process';
import { nowUs, out } from '../../host/syscall';
import type { Bytes } from '../../lib/text';

const UNITS = ' KMGT';

function sizeText(given: number): string {
  let [n, i] = [given, 0];
  for (; n >= 10000 && UNITS[i] !== 'T'; i++) n = Math.floor((n + 512) / 1024);
  return `${String(n).padStart(4)}${UNITS[i]}${i > 0 ? 'B' : ' '}`;
}

function rateText(given: number): string {
  let [n, i] = [given * 100, 0];
  for (; n >= 100_000 && UNITS[i] !== 'T'; i++) n = Math.floor((n + 512) / 1024);
  if (i === 0) {
    i++;
    n = Math.floor((n + 512) / 1024);
  }
  return `${String(Math.floor(n / 100)).padStart(3)}.${Math.floor((n + 5) / 10) % 10}${UNITS[i]}B`;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** The meter of one file. */
export class Progress {
  private readonly started: number;
  private updated: number;
  private at = 0;
  private speed = 0;

  constructor(
    private readonly p: Process,
    private readonly name: Bytes,
    private readonly end: number,
    private readonly width: number,
  ) {
    this.started = this.updated = nowUs(p);
  }

  *draw(done: number): Op<void> {
    let moved = done - this.at;
    this.at = done;
    const now = nowUs(this.p);
    const left = this.end - done;
    let elapsed = (now - (left > 0 ? this.updated : this.started)) / 1e6;
    if (left <= 0) {
      moved = this.end;
      this.speed = 0;
    }
    const speed = Math.floor(elapsed > 0 ? moved / elapsed : moved);
    this.speed = this.speed === 0 ? speed : Math.floor(this.speed * 0.9 + speed * 0.1);
    let eta: string;
    if (this.speed === 0 && left > 0) eta = '  --:-- ETA';
    else {
      if (left > 0) elapsed = left / this.speed;
      const s = Math.floor(elapsed);
      eta = `${s >= 3600 ? `${String(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `  ${two(Math.floor(s / 60))}:${two(s % 60)}`}${left > 0 ? ' ETA' : '    '}`;
    }
    this.updated = now;
    const room = Math.max(0, this.width - 34);
    const percent = this.end === 0 || left === 0 ? 100 : Math.floor((done / this.end) * 100);
    yield* out(this.p, `\r${this.name.slice(0, Math.max(0, room - 1)).padEnd(Math.max(0, room - 1))} ${String(percent).padStart(3)}% ${sizeText(done)} ${rateText(this.speed)}/s ${eta}`);
  }

  /** Draws when a second has passed. */
  *tick(done: number): Op<void> {
    if (nowUs(this.p) - this.updated >= 1e6) yield* this.draw(done);
  }

  *stop(done: number): Op<void> {
    if (this.at !== this.end) yield* this.draw(done);
    yield* out(this.p, '\n');
  }
}
