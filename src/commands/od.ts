// od: dumps files in octal and other formats. Counterpart: coreutils od.c.
import type { Bytes } from '../lib/text';
import { SysError } from '../lib/errno';
import { ByteSource, closeInput, define, errnoText, Fatal, openInput, put, quote, quoteIfNeeded, say } from './io';
import { table } from './options';
import { parseSize } from './size_arg';

interface Format {
  size: number;
  width: number;
  trail: boolean;
  show(bytes: Bytes): string;
}

const NAMES = ['nul', 'soh', 'stx', 'etx', 'eot', 'enq', 'ack', 'bel', 'bs', 'ht', 'nl', 'vt', 'ff', 'cr', 'so', 'si', 'dle', 'dc1', 'dc2', 'dc3', 'dc4', 'nak', 'syn', 'etb', 'can', 'em', 'sub', 'esc', 'fs', 'gs', 'rs', 'us', 'sp'];

function little(bytes: Bytes): bigint {
  let n = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) n = (n << 8n) | BigInt(bytes.charCodeAt(i));
  return n;
}

function formatOf(type: string): Format[] {
  const out: Format[] = [];
  let rest = type;
  while (rest !== '') {
    const m = /^([acdfoux])([CSILFD]|\d+)?(z)?/.exec(rest);
    if (m === null) throw new Fatal(`od: invalid character '${rest[0]}' in type string ${quote(type)}\n`, 1);
    rest = rest.slice(m[0].length);
    const trail = m[3] !== undefined;
    const sizes: Record<string, number> = { C: 1, S: 2, I: 4, L: 8, F: 4, D: 8 };
    const size = m[1] === 'a' || m[1] === 'c' ? 1 : m[2] === undefined ? (m[1] === 'f' ? 8 : 4) : (sizes[m[2]] ?? Number(m[2]));
    if (![1, 2, 4, 8].includes(size)) throw new Fatal(`od: invalid type string ${quote(type)};\nthis system doesn't provide a ${size}-byte integral type\n`, 1);
    switch (m[1]) {
      case 'a':
        out.push({ size: 1, width: 4, trail, show: (b) => { const c = b.charCodeAt(0) & 127; return c === 127 ? 'del' : (NAMES[c] ?? String.fromCharCode(c)); } });
        break;
      case 'c':
        out.push({ size: 1, width: 4, trail, show: (b) => { const c = b.charCodeAt(0); return ({ 0: '\\0', 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' } as Record<number, string>)[c] ?? (c < 32 || c > 126 ? c.toString(8).padStart(3, '0') : b); } });
        break;
      case 'o':
        out.push({ size, width: [0, 4, 7, 0, 12, 0, 0, 0, 23][size]!, trail, show: (b) => little(b).toString(8).padStart([0, 3, 6, 0, 11, 0, 0, 0, 22][size]!, '0') });
        break;
      case 'x':
        out.push({ size, width: size * 2 + 1, trail, show: (b) => little(b).toString(16).padStart(size * 2, '0') });
        break;
      case 'u':
        out.push({ size, width: [0, 4, 6, 0, 11, 0, 0, 0, 21][size]!, trail, show: (b) => little(b).toString() });
        break;
      case 'd':
        out.push({ size, width: [0, 5, 7, 0, 12, 0, 0, 0, 21][size]!, trail, show: (b) => BigInt.asIntN(size * 8, little(b)).toString() });
        break;
      default: {
        const float = (b: Bytes): string => {
          const view = new DataView(new ArrayBuffer(8));
          for (let i = 0; i < size; i++) view.setUint8(i, b.charCodeAt(i));
          const v = size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
          return String(size === 4 ? Number(v.toPrecision(8)) : v);
        };
        out.push({ size, width: size === 4 ? 16 : 25, trail, show: float });
      }
    }
  }
  return out;
}

const OLD: Readonly<Record<string, string>> = { '-a': 'a', '-b': 'o1', '-c': 'c', '-d': 'u2', '-f': 'fF', '-i': 'dI', '-l': 'dL', '-o': 'o2', '-s': 'd2', '-x': 'x2' };

export const od = define({
  name: 'od',
  summary: 'Write an unambiguous representation, octal bytes by default, of FILE to standard output.',
  path: '/usr/bin/od',
  package: 'coreutils',
  options: table(
    '-A --address-radix RADIX: output format for file offsets: d, o, x or n', '!--endian ORDER: swap input bytes according to the specified order', '-j --skip-bytes BYTES: skip BYTES input bytes first', '-N --read-bytes BYTES: limit dump to BYTES input bytes', '!-S --strings [BYTES]: show only NUL terminated strings',
    '-t --format TYPE: select output format or formats', '-v --output-duplicates: do not use * to mark line suppression', '-w [BYTES]: output BYTES bytes per output line', '--width [BYTES]: output BYTES bytes per output line',
    '-a: same as -t a', '-b: same as -t o1', '-c: same as -t c', '-d: same as -t u2', '-f: same as -t fF', '-i: same as -t dI', '-l: same as -t dL', '-o: same as -t o2', '-s: same as -t d2', '-x: same as -t x2',
  ),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const formats: Format[] = [];
    for (const g of opts.given) {
      if (g.key === '-t') formats.push(...formatOf(g.value!));
      else if (OLD[g.key] !== undefined) formats.push(...formatOf(OLD[g.key]!));
    }
    if (formats.length === 0) formats.push(...formatOf('o2'));
    const radix = opts.value('-A') ?? 'o';
    if (!/^[doxn]$/.test(radix)) throw new Fatal(`od: invalid output address radix '${radix[0]}'; it must be one character from [doxn]\n`, 1);
    const address = (n: number): string => (radix === 'n' ? '' : radix === 'o' ? n.toString(8).padStart(7, '0') : radix === 'd' ? String(n).padStart(7, '0') : n.toString(16).padStart(6, '0'));
    const sizeArg = (key: string): number | null => {
      const v = opts.value(key);
      if (v === null) return null;
      const n = /^0x[0-9a-f]+$/i.test(v) ? Number(v) : parseSize(v);
      if (n === null) throw new Fatal(`od: invalid ${key} argument ${quote(v)}\n`, 1);
      return n;
    };
    const skip = sizeArg('-j') ?? 0;
    const limit = sizeArg('-N');
    const common = formats.reduce((a, f) => Math.max(a, f.size), 1);
    const w = opts.has('-w') ? (opts.value('-w') ?? '32') : opts.has('--width') ? (opts.value('--width') ?? '32') : null;
    const width = w === null ? 16 : Number(w) % common === 0 && Number(w) > 0 ? Number(w) : common;
    let status = 0;
    let data = '';
    let done = false;
    const wanted = limit === null ? Number.POSITIVE_INFINITY : skip + limit;
    let at = 0;
    let last: Bytes | null = null;
    let starred = false;
    // All columns of a block are as wide as the widest format needs.
    const perByte = Math.max(...formats.map((f) => f.width / f.size));
    const flush = function* (final: boolean) {
      let o = '';
      while (data.length >= width || (final && data !== '')) {
        const block = data.slice(0, width);
        data = data.slice(width);
        if (!opts.has('-v') && block === last && block.length === width) {
          if (!starred) o += '*\n';
          starred = true;
          at += block.length;
          continue;
        }
        starred = false;
        last = block;
        formats.forEach((f, k) => {
          o += k === 0 ? address(at) : ' '.repeat(radix === 'n' ? 0 : address(at).length);
          const cell = Math.ceil(perByte * f.size);
          for (let i = 0; i < block.length; i += f.size) o += f.show(block.slice(i, i + f.size).padEnd(f.size, '\0')).padStart(cell);
          if (f.trail) o += `${' '.repeat(Math.max(0, (width / f.size - Math.ceil(block.length / f.size)) * cell))}  >${block.replace(/[^\x20-\x7e]/g, '.')}<`;
          o += '\n';
        });
        at += block.length;
      }
      yield* put(p, o);
    };
    let seen = 0;
    at = skip;
    for (const name of args.length > 0 ? args : ['-']) {
      if (done) break;
      let fd = -1;
      try {
        fd = openInput(p, name);
        const src = new ByteSource(p, fd);
        for (let piece = yield* src.next(); piece !== ''; piece = yield* src.next()) {
          const from = Math.max(0, skip - seen);
          data += piece.slice(from, wanted === Number.POSITIVE_INFINITY ? undefined : Math.max(from, wanted - seen));
          seen += piece.length;
          yield* flush(false);
          if (seen >= wanted) {
            done = true;
            break;
          }
        }
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        status = 1;
        yield* say(p, 'od', `${quoteIfNeeded(name)}: ${errnoText(e)}`);
      }
      if (fd >= 0) closeInput(p, fd);
    }
    if (seen < skip && status === 0) throw new Fatal('od: cannot skip past end of combined input\n', 1);
    yield* flush(true);
    if (radix !== 'n' && (status === 0 || seen > 0)) yield* put(p, `${address(at)}\n`);
    return status;
  },
});
