// Writing and reading header bytes in network order, and the Internet checksum (RFC 1071).

/** Grows as it is written. */
export class ByteWriter {
  private buf = new Uint8Array(128);
  length = 0;
  u8(v: number): void {
    if (this.length === this.buf.length) {
      const next = new Uint8Array(this.buf.length * 2);
      next.set(this.buf);
      this.buf = next;
    }
    this.buf[this.length++] = v;
  }
  u16(v: number): void {
    this.u8((v >>> 8) & 255);
    this.u8(v & 255);
  }
  u32(v: number): void {
    this.u16(v >>> 16);
    this.u16(v & 0xffff);
  }
  /** Appends a byte string. */
  text(s: string): void {
    for (let i = 0; i < s.length; i++) this.u8(s.charCodeAt(i) & 255);
  }
  /** Appends other bytes. */
  bytes(b: Uint8Array): void {
    for (const v of b) this.u8(v);
  }
  /** Overwrites 16 bits written before. */
  patch16(at: number, v: number): void {
    this.buf[at] = (v >>> 8) & 255;
    this.buf[at + 1] = v & 255;
  }
  /** Ones' complement sum over [from, to), folded with `start`. */
  checksum(from: number, to: number, start = 0): number {
    let sum = start;
    for (let i = from; i < to; i += 2) sum += (this.buf[i]! << 8) | (i + 1 < to ? this.buf[i + 1]! : 0);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    return ~sum & 0xffff;
  }
  take(): Uint8Array {
    return this.buf.slice(0, this.length);
  }
}

/** Reads network-order fields; reading past the end throws RangeError. */
export class ByteReader {
  at = 0;
  constructor(readonly buf: Uint8Array) {}
  get left(): number {
    return this.buf.length - this.at;
  }
  u8(): number {
    if (this.at >= this.buf.length) throw new RangeError(`header cut short at byte ${this.at}`);
    return this.buf[this.at++]!;
  }
  u16(): number {
    const high = this.u8();
    return (high << 8) | this.u8();
  }
  /** 32 bits as int32. */
  u32(): number {
    const high = this.u16();
    return (high << 16) | this.u16();
  }
  text(n: number): string {
    let s = '';
    for (let i = 0; i < n; i++) s += String.fromCharCode(this.u8());
    return s;
  }
}
