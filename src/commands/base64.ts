// base64: encodes and decodes. Counterpart: coreutils basenc.c; RFC 4648.
import type { Bytes } from '../lib/text';
import { ByteSource, closeInput, define, errnoText, Fatal, openInput, put, quote, quoteIfNeeded, usageError } from './io';
import { table } from './options';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648 text of bytes, without line breaks. */
export function encodeBase64(data: Bytes): Bytes {
  let o = '';
  for (let i = 0; i < data.length; i += 3) {
    const n = (data.charCodeAt(i) << 16) | ((data.charCodeAt(i + 1) || 0) << 8) | (data.charCodeAt(i + 2) || 0);
    o += ALPHABET[n >> 18]! + ALPHABET[(n >> 12) & 63]! + (i + 1 < data.length ? ALPHABET[(n >> 6) & 63]! : '=') + (i + 2 < data.length ? ALPHABET[n & 63]! : '=');
  }
  return o;
}

/** Decodes; `bad` when something that is no base64 was met (what came before is given). */
export function decodeBase64(text: Bytes): { data: Bytes; bad: boolean } {
  let data = '';
  for (let i = 0; i < text.length; i += 4) {
    const m = /^(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/.exec(text.slice(i, i + 4));
    const q = text.slice(i, i + 4);
    const v = (k: number): number => Math.max(0, ALPHABET.indexOf(q[k] ?? 'A'));
    if (m === null) {
      const good = /^[A-Za-z0-9+/]*/.exec(q)![0].length;
      if (good >= 2) data += String.fromCharCode((v(0) << 2) | (v(1) >> 4));
      if (good >= 3) data += String.fromCharCode(((v(1) & 15) << 4) | (v(2) >> 2));
      return { data, bad: true };
    }
    data += String.fromCharCode((v(0) << 2) | (v(1) >> 4));
    if (q[2] !== '=') data += String.fromCharCode(((v(1) & 15) << 4) | (v(2) >> 2));
    if (q[3] !== '=') data += String.fromCharCode(((v(2) & 3) << 6) | v(3));
  }
  return { data, bad: false };
}

export const base64 = define({
  name: 'base64',
  summary: 'Base64 encode or decode FILE, or standard input, to standard output.',
  path: '/usr/bin/base64',
  package: 'coreutils',
  options: table('-d --decode: decode data', '-i --ignore-garbage: when decoding, ignore non-alphabet characters', '-w --wrap COLS: wrap encoded lines after COLS characters (default 76)'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    if (args.length > 1) throw usageError('base64', `extra operand ${quote(args[1]!)}`);
    const w = opts.value('-w') ?? '76';
    if (!/^\d+$/.test(w)) throw new Fatal(`base64: invalid wrap size: ${quote(w)}\n`, 1);
    let data: Bytes;
    const name = args[0] ?? '-';
    try {
      const fd = openInput(p, name);
      data = yield* new ByteSource(p, fd).all();
      closeInput(p, fd);
    } catch (e) {
      throw new Fatal(`base64: ${quoteIfNeeded(name)}: ${errnoText(e)}\n`, 1);
    }
    if (opts.has('-d')) {
      const r = decodeBase64(opts.has('-i') ? data.replace(/[^A-Za-z0-9+/=]/g, '') : data.replaceAll('\n', ''));
      yield* put(p, r.data);
      if (r.bad) throw new Fatal('base64: invalid input\n', 1);
      return 0;
    }
    const text = encodeBase64(data);
    if (w === '0') yield* put(p, text);
    else {
      let o = '';
      for (let i = 0; i < text.length; i += Number(w)) o += `${text.slice(i, i + Number(w))}\n`;
      yield* put(p, o);
    }
    return 0;
  },
});
