// dd: copies and converts a file block by block. Counterpart: coreutils dd.c.
// Not modelled: character set conversions (ascii, ebcdic, block, unblock), sparse output, progress, and the report at USR1 and INT.
import { strerror, SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Op, Process } from '../host/process';
import { err, fileOf, nowUs, open, read, spend, write } from '../host/syscall';
import { EXIT_NOT_MODELLED, notModelledText } from './command';
import { define, Fatal, quote, say, usageError } from './io';
import { table } from './options';

const UNITS: Readonly<Record<string, number>> = { c: 1, w: 2, b: 512 };
const CONVERSIONS = ['ucase', 'lcase', 'notrunc', 'sync', 'noerror', 'fsync', 'fdatasync', 'excl', 'nocreat', 'swab'];
const UNMODELLED_CONVERSIONS = ['ascii', 'ebcdic', 'ibm', 'block', 'unblock', 'sparse'];
const FLAGS = ['append', 'direct', 'directory', 'dsync', 'sync', 'fullblock', 'nonblock', 'noatime', 'nocache', 'noctty', 'nofollow', 'count_bytes', 'skip_bytes', 'seek_bytes', 'binary', 'text', 'nolinks'];

/** `4k`, `1M`, `2x512`; throws in dd's words. */
function size(text: Bytes): number {
  let n = 1;
  for (const part of text.split('x')) {
    const m = /^(\d+)(?:([cwb])|([kKMGTPE])(B|iB)?)?$/.exec(part);
    if (m === null) throw new Fatal(`dd: invalid number: ${quote(text)}\n`, 1);
    n *= Number(m[1]) * (m[2] !== undefined ? UNITS[m[2]]! : m[3] === undefined ? 1 : (m[4] === 'B' ? 1000 : 1024) ** ('KMGTPE'.indexOf(m[3].toUpperCase()) + 1));
  }
  return n;
}

function blockSize(text: Bytes): number {
  const n = size(text);
  if (n === 0) throw new Fatal(`dd: invalid number: ${quote(text)}\n`, 1);
  return n;
}

interface Plan {
  input: Bytes | null;
  output: Bytes | null;
  ibs: number;
  obs: number;
  /** bs= was given: each block read is written as it is. */
  direct: boolean;
  skip: number;
  seek: number;
  count: number;
  conv: Set<string>;
  iflag: Set<string>;
  oflag: Set<string>;
  status: Bytes;
}

function words(value: Bytes, known: readonly string[], what: string): Set<string> {
  const out = new Set<string>();
  for (const w of value.split(',')) {
    if (UNMODELLED_CONVERSIONS.includes(w) && known === CONVERSIONS) throw new Fatal(notModelledText('dd', `conv=${w}`), EXIT_NOT_MODELLED);
    if (!known.includes(w)) throw usageError('dd', `invalid ${what}: ${quote(w)}`);
    out.add(w);
  }
  return out;
}

function operands(args: readonly Bytes[]): Plan {
  const plan: Plan = { input: null, output: null, ibs: 512, obs: 512, direct: false, skip: 0, seek: 0, count: Number.POSITIVE_INFINITY, conv: new Set(), iflag: new Set(), oflag: new Set(), status: '' };
  for (const a of args) {
    const at = a.indexOf('=');
    const value = a.slice(at + 1);
    switch (at < 0 ? '' : a.slice(0, at)) {
      case 'if': plan.input = value; break;
      case 'of': plan.output = value; break;
      case 'bs':
        plan.ibs = plan.obs = blockSize(value);
        plan.direct = true;
        break;
      case 'ibs': plan.ibs = blockSize(value); break;
      case 'obs': plan.obs = blockSize(value); break;
      case 'cbs': size(value); break;
      case 'count': plan.count = size(value); break;
      case 'skip': case 'iseek': plan.skip = size(value); break;
      case 'seek': case 'oseek': plan.seek = size(value); break;
      case 'conv': plan.conv = words(value, CONVERSIONS, 'conversion'); break;
      case 'iflag': plan.iflag = words(value, FLAGS, 'input flag'); break;
      case 'oflag': plan.oflag = words(value, FLAGS, 'output flag'); break;
      case 'status':
        if (value === 'progress') throw new Fatal(notModelledText('dd', 'status=progress'), EXIT_NOT_MODELLED);
        if (value !== 'none' && value !== 'noxfer') throw usageError('dd', `invalid status level: ${quote(value)}`);
        plan.status = value;
        break;
      default:
        throw usageError('dd', `unrecognized operand ${quote(a)}`);
    }
  }
  return plan;
}

/** A number scaled until it is below the base: '3.1 kB', '20 KiB'. */
function scaled(n: number, base: 1000 | 1024): string {
  let v = n;
  let unit = -1;
  do {
    v /= base;
    unit++;
  } while (v >= base);
  const text = v.toFixed(1);
  const small = text.length <= 3;
  return `${small ? text : v.toFixed(0)} ${base === 1000 ? 'kMGTPE'[unit]! : `${'KMGTPE'[unit]!}i`}B`;
}

/** As printf's %g shows a number. */
function general(v: number): string {
  if (v === 0) return '0';
  const e = Number(v.toExponential(5).split('e')[1]);
  return e < -4 ? v.toExponential(5).replace(/\.?0+e/, 'e').replace(/e([-+])(\d)$/, 'e$10$2') : String(Number(v.toPrecision(6)));
}

/** The copy under way: counters, and what waits for a full output block. */
class Copy {
  private full = 0;
  private partial = 0;
  private outFull = 0;
  private outPartial = 0;
  private bytes = 0;
  private waiting = '';
  private readonly started: number;
  constructor(
    private readonly p: Process,
    private readonly plan: Plan,
    private readonly inFd: number,
    private readonly outFd: number,
  ) {
    this.started = nowUs(p);
  }

  /** Reads one input block; with fullblock, until it is full. */
  private *block(want: number): Op<Bytes> {
    let data = yield* read(this.p, this.inFd, want);
    while (this.plan.iflag.has('fullblock') && data !== '' && data.length < want) {
      const more = yield* read(this.p, this.inFd, want - data.length);
      if (more === '') break;
      data += more;
    }
    return data;
  }

  private *send(data: Bytes): Op<void> {
    yield* write(this.p, this.outFd, data);
    this.bytes += data.length;
    if (data.length === this.plan.obs) this.outFull++;
    else this.outPartial++;
  }

  private convert(data: Bytes): Bytes {
    const { conv } = this.plan;
    let s = data;
    if (conv.has('sync') && s.length < this.plan.ibs) s += '\0'.repeat(this.plan.ibs - s.length);
    if (conv.has('swab')) s = s.replace(/([\s\S])([\s\S])/g, '$2$1');
    if (conv.has('ucase')) s = s.replace(/[a-z]/g, (c) => c.toUpperCase());
    if (conv.has('lcase')) s = s.replace(/[A-Z]/g, (c) => c.toLowerCase());
    return s;
  }

  /** Leaves out what skip= names: by moving in a file, by reading otherwise. */
  private *skip(): Op<void> {
    const bytes = this.plan.iflag.has('skip_bytes') ? this.plan.skip : this.plan.skip * this.plan.ibs;
    const f = fileOf(this.p, this.inFd);
    if (f.kind === 'inode') f.pos += bytes;
    else for (let left = bytes; left > 0; ) {
      const got = yield* read(this.p, this.inFd, Math.min(left, 65536));
      if (got === '') return;
      left -= got.length;
    }
  }

  *run(): Op<number> {
    const { p, plan } = this;
    let status = 0;
    yield* this.skip();
    const limit = plan.iflag.has('count_bytes') ? plan.count : Number.POSITIVE_INFINITY;
    let taken = 0;
    while (plan.iflag.has('count_bytes') ? taken < limit : this.full + this.partial < plan.count) {
      let data: Bytes;
      try {
        data = yield* this.block(Math.min(plan.ibs, limit - taken));
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        yield* say(p, 'dd', `error reading ${plan.input === null ? "'standard input'" : quote(plan.input)}: ${e.message}`);
        status = 1;
        break;
      }
      if (data === '') break;
      yield* spend(p, Math.ceil(data.length / 512));
      taken += data.length;
      if (data.length === plan.ibs) this.full++;
      else this.partial++;
      try {
        const s = this.convert(data);
        if (plan.direct) yield* this.send(s);
        else {
          this.waiting += s;
          while (this.waiting.length >= plan.obs) {
            yield* this.send(this.waiting.slice(0, plan.obs));
            this.waiting = this.waiting.slice(plan.obs);
          }
        }
      } catch (e) {
        return yield* this.writeFailed(e);
      }
    }
    try {
      if (this.waiting !== '') yield* this.send(this.waiting);
    } catch (e) {
      return yield* this.writeFailed(e);
    }
    yield* this.report();
    return status;
  }

  private *writeFailed(e: unknown): Op<number> {
    if (!(e instanceof SysError)) throw e;
    yield* say(this.p, 'dd', `error writing ${this.plan.output === null ? "'standard output'" : quote(this.plan.output)}: ${e.message}`);
    yield* this.report();
    return 1;
  }

  private *report(): Op<void> {
    const { plan, bytes } = this;
    if (plan.status === 'none') return;
    yield* err(this.p, `${this.full}+${this.partial} records in\n${this.outFull}+${this.outPartial} records out\n`);
    if (plan.status === 'noxfer') return;
    const seconds = (nowUs(this.p) - this.started) / 1e6;
    const sizes = bytes < 1000 ? '' : bytes < 1024 ? ` (${scaled(bytes, 1000)})` : ` (${scaled(bytes, 1000)}, ${scaled(bytes, 1024)})`;
    const rate = seconds === 0 ? 'Infinity B' : scaled(bytes / seconds, 1000);
    yield* err(this.p, `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}${sizes} copied, ${general(seconds)} s, ${rate}/s\n`);
  }
}

export const dd = define({
  name: 'dd',
  summary: 'Copy a file, converting and formatting according to the operands.',
  path: '/usr/bin/dd',
  package: 'coreutils',
  options: table(),
  getopt: { badExit: 1 },
  *run(p, _opts, args) {
    const plan = operands(args);
    const opened = (name: Bytes, how: () => number): number => {
      try {
        return how();
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        throw new Fatal(`dd: failed to open ${quote(name)}: ${strerror(e.errno)}\n`, 1);
      }
    };
    const { input, output, conv } = plan;
    const inFd = input === null ? 0 : opened(input, () => open(p, input, { read: true }));
    let outFd = 1;
    if (output !== null) {
      const append = plan.oflag.has('append');
      outFd = opened(output, () => open(p, output, { write: true, create: !conv.has('nocreat'), exclusive: conv.has('excl'), append, truncate: !conv.has('notrunc') && plan.seek === 0 }));
    }
    const at = plan.oflag.has('seek_bytes') ? plan.seek : plan.seek * plan.obs;
    const target = fileOf(p, outFd);
    if (at > 0) {
      if (target.kind !== 'inode') throw new Fatal(`dd: ${output === null ? "'standard output'" : quote(output)}: cannot seek: Illegal seek\n`, 1);
      if (output !== null && !conv.has('notrunc')) p.host.vfs.truncate(p, output, at);
      target.pos = at;
    }
    return yield* new Copy(p, plan, inFd, outFd).run();
  },
});
