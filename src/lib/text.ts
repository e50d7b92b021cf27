// Bytes as strings. Everything userland reads and writes is a byte string: one character a byte, 0..255, as Linux sees it.
// Unicode exists only at the edges (a screen, a keyboard, a lesson file), which convert here.

/** A byte string: every char code is 0..255. */
export type Bytes = string;

/** UTF-8 bytes of a Unicode string; lone surrogates become U+FFFD. */
export function utf8Encode(text: string): Bytes {
  let plain = true;
  for (let i = 0; i < text.length && plain; i++) plain = text.charCodeAt(i) < 0x80;
  if (plain) return text;
  const parts: string[] = [];
  for (const ch of text) {
    let c = ch.codePointAt(0)!;
    if (c >= 0xd800 && c <= 0xdfff) c = 0xfffd;
    if (c < 0x80) parts.push(String.fromCharCode(c));
    else if (c < 0x800) parts.push(String.fromCharCode(0xc0 | (c >> 6), 0x80 | (c & 63)));
    else if (c < 0x10000) parts.push(String.fromCharCode(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63)));
    else parts.push(String.fromCharCode(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63)));
  }
  return parts.join('');
}

/** How many bytes the UTF-8 character starting with byte `lead` has (1 for a stray byte). */
export function utf8Length(lead: number): number {
  return lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
}

/** Splits bytes into characters: whole UTF-8 sequences, or single stray bytes. */
export function utf8Chars(bytes: Bytes): Bytes[] {
  const out: Bytes[] = [];
  for (let i = 0; i < bytes.length; ) {
    const n = utf8Length(bytes.charCodeAt(i));
    let whole = i + n <= bytes.length;
    for (let j = 1; j < n && whole; j++) whole = (bytes.charCodeAt(i + j) & 0xc0) === 0x80;
    out.push(bytes.slice(i, i + (whole ? n : 1)));
    i += whole ? n : 1;
  }
  return out;
}

/** Unicode text of UTF-8 bytes; bytes that are none become U+FFFD. */
export function utf8Decode(bytes: Bytes): string {
  let plain = true;
  for (let i = 0; i < bytes.length && plain; i++) plain = bytes.charCodeAt(i) < 0x80;
  if (plain) return bytes;
  const out: string[] = [];
  for (const ch of utf8Chars(bytes)) {
    const a = ch.charCodeAt(0);
    const b = ch.charCodeAt(1) & 63;
    const c = ch.charCodeAt(2) & 63;
    if (ch.length === 1) out.push(a < 0x80 ? ch : '\ufffd');
    else if (ch.length === 2) out.push(String.fromCharCode(((a & 31) << 6) | b));
    else if (ch.length === 3) out.push(String.fromCharCode(((a & 15) << 12) | (b << 6) | c));
    else out.push(String.fromCodePoint(((a & 7) << 18) | (b << 12) | (c << 6) | (ch.charCodeAt(3) & 63)));
  }
  return out.join('');
}

/** Columns a Unicode character takes on a terminal: 0, 1 or 2 (East Asian wide and emoji). */
export function charWidth(code: number): number {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return 0;
  if (code < 0x300) return 1;
  if (code <= 0x36f || (code >= 0x200b && code <= 0x200f) || (code >= 0xfe00 && code <= 0xfe0f)) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0x303e) || (code >= 0x3041 && code <= 0x33ff) ||
    (code >= 0x3400 && code <= 0x4dbf) || (code >= 0x4e00 && code <= 0x9fff) || (code >= 0xa000 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) || (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) || (code >= 0xffe0 && code <= 0xffe6) || (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}

/** Columns a Unicode string takes on a terminal. */
export function textWidth(text: string): number {
  let n = 0;
  for (const ch of text) n += charWidth(ch.codePointAt(0)!);
  return n;
}

/** Orders byte strings as memcmp does (LANG=C). */
export function byBytes(a: Bytes, b: Bytes): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
