// Reading HTTP/1.x responses from a socket, for curl, wget and ab. RFC 9112.
import type { SocketFile } from '../../host/open_file';
import type { Op, Process } from '../../host/process';
import { socketRead } from '../../host/socket';
import type { Bytes } from '../../lib/text';

/** Status line and headers of a response. */
export interface ResponseHead {
  /** Everything up to and with the empty line. */
  raw: Bytes;
  version: string;
  status: number;
  reason: Bytes;
  headers: (readonly [Bytes, Bytes])[];
}

/** Value of a header, or null. */
export function header(head: ResponseHead, name: string): Bytes | null {
  return head.headers.find(([n]) => n.toLowerCase() === name)?.[1] ?? null;
}

/** How a response can end before its time. */
export class ShortResponse extends Error {
  constructor(
    /** Nothing at all came, or `missing` bytes of the body. */
    readonly empty: boolean,
    readonly missing: number,
  ) {
    super('short response');
  }
}

/** One connection's incoming side. */
export class HttpReader {
  private rest: Bytes = '';
  constructor(
    private readonly p: Process,
    readonly sock: SocketFile,
  ) {}

  private *more(deadline: number): Op<boolean> {
    const piece = yield* socketRead(this.p, this.sock, 65536, deadline);
    this.rest += piece;
    return piece !== '';
  }

  /** The next response head (100 Continue is skipped). Throws SysError, or ShortResponse when the peer closed first. */
  *head(deadline: number): Op<ResponseHead> {
    for (;;) {
      let end = this.rest.indexOf('\r\n\r\n');
      let skip = 4;
      if (end < 0) {
        end = this.rest.indexOf('\n\n');
        skip = 2;
      }
      if (end >= 0) {
        const raw = this.rest.slice(0, end + skip);
        this.rest = this.rest.slice(end + skip);
        const head = parseHead(raw);
        if (head.status >= 100 && head.status < 200) continue;
        return head;
      }
      if (!(yield* this.more(deadline))) throw new ShortResponse(this.rest === '', 0);
    }
  }

  /** The next piece of a body of `left` bytes (-1: until the peer closes); '' at its end. Throws SysError, ShortResponse. */
  *body(left: number, deadline: number): Op<Bytes> {
    if (left === 0) return '';
    if (this.rest === '' && !(yield* this.more(deadline))) {
      if (left > 0) throw new ShortResponse(false, left);
      return '';
    }
    const piece = left < 0 ? this.rest : this.rest.slice(0, left);
    this.rest = this.rest.slice(piece.length);
    return piece;
  }

  /** One chunk of a chunked body; '' after the last. */
  *chunk(deadline: number): Op<Bytes> {
    const line = yield* this.line(deadline);
    const size = Number.parseInt(line, 16);
    if (Number.isNaN(size) || size === 0) {
      while ((yield* this.line(deadline)) !== '') continue;
      return '';
    }
    let data = '';
    while (data.length < size) data += yield* this.body(size - data.length, deadline);
    yield* this.line(deadline);
    return data;
  }

  private *line(deadline: number): Op<Bytes> {
    for (;;) {
      const nl = this.rest.indexOf('\n');
      if (nl >= 0) {
        const line = this.rest.slice(0, nl).replace(/\r$/, '');
        this.rest = this.rest.slice(nl + 1);
        return line;
      }
      if (!(yield* this.more(deadline))) throw new ShortResponse(false, 1);
    }
  }
}

function parseHead(raw: Bytes): ResponseHead {
  const [first = '', ...rest] = raw.split(/\r?\n/);
  const m = /^HTTP\/(\d(?:\.\d)?) +(\d{3})(?: (.*))?$/.exec(first);
  const headers: (readonly [Bytes, Bytes])[] = [];
  for (const line of rest) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
  }
  return { raw, version: m?.[1] ?? '0.9', status: Number(m?.[2] ?? 0), reason: m?.[3] ?? '', headers };
}

/** Bytes of the body a head announces: a number, -1 until close, or 'chunked'. */
export function bodyLength(head: ResponseHead, method: string): number | 'chunked' {
  if (method === 'HEAD' || head.status === 204 || head.status === 304) return 0;
  if (/chunked/i.test(header(head, 'transfer-encoding') ?? '')) return 'chunked';
  const length = header(head, 'content-length');
  return length !== null && /^\d+$/.test(length) ? Number(length) : -1;
}

/** Base64 (RFC 4648) of bytes. */
export function base64(bytes: Bytes): Bytes {
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const n = (bytes.charCodeAt(i) << 16) | ((bytes.charCodeAt(i + 1) || 0) << 8) | (bytes.charCodeAt(i + 2) || 0);
    const have = Math.min(3, bytes.length - i);
    for (let j = 0; j < 4; j++) out += j <= have ? ALPHABET[(n >> (18 - 6 * j)) & 63]! : '=';
  }
  return out;
}
