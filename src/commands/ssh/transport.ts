// SSH messages on a TCP connection. RFC 4253. What travels after the keys are known looks like noise to everybody on the way, as it should.
// Not modelled: the real key exchange (its messages have the real sizes, about), MACs, compression, rekeying.
import type { SocketFile } from '../../host/open_file';
import type { Op, Process } from '../../host/process';
import { nowUs, waitOn } from '../../host/syscall';
import { tcpEof, tcpRead, tcpSend, tcpTakeError, tcpUnsent } from '../../kernel/ipv4/tcp';
import { SNDBUF } from '../../kernel/ipv4/tcp_output';
import { TCP } from '../../kernel/ipv4/tcp_state';
import type { Errno } from '../../lib/errno';
import { hash32 } from '../../lib/rng';
import type { Bytes } from '../../lib/text';

export const VERSION = 'SSH-2.0-OpenSSH_7.4';

/** Message numbers; those of RFC 4250, channel requests have numbers of their own. */
export const M = {
  DISCONNECT: 1, KEXINIT: 20, NEWKEYS: 21, KEXDH_INIT: 30, KEXDH_REPLY: 31, AUTH: 50, AUTH_FAILURE: 51, AUTH_SUCCESS: 52, BANNER: 53, KEEPALIVE: 80, KEEPALIVE_REPLY: 82,
  DATA: 94, STDERR: 95, EOF: 96, CLOSE: 97, PTY: 192, SHELL: 193, EXEC: 194, WINDOW: 195, EXIT: 196,
} as const;

export interface Message {
  type: number;
  fields: Bytes[];
}

/** The connection is gone: the other side closed it, or an error came. */
export class Lost extends Error {
  constructor(readonly errno: Errno | 'EOF') {
    super(errno);
  }
}

const u32 = (n: number): Bytes => String.fromCharCode((n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
const readU32 = (s: Bytes, at: number): number => ((s.charCodeAt(at) << 24) | (s.charCodeAt(at + 1) << 16) | (s.charCodeAt(at + 2) << 8) | s.charCodeAt(at + 3)) >>> 0;
/** Longer is no packet of ours. */
const MAX_PACKET = 1 << 20;

/** One direction's key stream. */
class Cipher {
  private state: number;
  private word = 0;
  private left = 0;
  constructor(key: Bytes) {
    this.state = hash32(key);
  }
  apply(data: Bytes): Bytes {
    const out: string[] = [];
    for (let i = 0; i < data.length; i += 4096) {
      const n = Math.min(4096, data.length - i);
      const codes = new Uint8Array(n);
      for (let j = 0; j < n; j++) {
        if (this.left === 0) {
          this.state = (this.state + 0x9e3779b9) | 0;
          let z = this.state;
          z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
          z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
          this.word = z ^ (z >>> 15);
          this.left = 4;
        }
        codes[j] = data.charCodeAt(i + j) ^ (this.word & 255);
        this.word >>>= 8;
        this.left--;
      }
      out.push(String.fromCharCode.apply(null, codes as unknown as number[]));
    }
    return out.join('');
  }
}

/** One end of an SSH connection. */
export class Transport {
  private buf: Bytes = '';
  private incoming: Cipher | null = null;
  private outgoing: Cipher | null = null;
  /** What `next` met after the last whole message. */
  private lost: Errno | 'EOF' | null = null;

  constructor(
    readonly p: Process,
    readonly file: SocketFile,
  ) {}

  get queue(): number {
    return this.file.queue;
  }
  /** Room to send more; else the writer waits for `queue`. */
  get roomy(): boolean {
    return tcpUnsent(this.p.host.kernel, this.file.sock) < SNDBUF;
  }

  /** From now on both directions are under the keys the two random texts give. */
  useKeys(client: Bytes, server: Bytes, isServer: boolean): void {
    const [c2s, s2c] = [new Cipher(`A/${client}/${server}`), new Cipher(`B/${client}/${server}`)];
    this.incoming = isServer ? c2s : s2c;
    this.outgoing = isServer ? s2c : c2s;
    this.buf = this.incoming.apply(this.buf);
  }

  /** Sends bytes as they are. Throws Lost. */
  raw(bytes: Bytes): void {
    const e = tcpSend(this.p.host.kernel, this.file.sock, bytes);
    if (e !== null) throw new Lost(e);
  }

  send(type: number, ...fields: Bytes[]): void {
    const body = String.fromCharCode(type) + fields.map((f) => u32(f.length) + f).join('');
    const packet = u32(body.length) + body;
    this.raw(this.outgoing === null ? packet : this.outgoing.apply(packet));
  }

  /** Takes what has arrived. */
  private pull(): void {
    const k = this.p.host.kernel;
    const { sock } = this.file;
    const data = tcpRead(k, sock);
    if (data !== '') {
      this.buf += this.incoming === null ? data : this.incoming.apply(data);
      return;
    }
    const e = tcpTakeError(k, sock);
    if (e !== null) this.lost = e;
    else if (this.lost === null && (tcpEof(k, sock) || k.tcp.state[sock] === TCP.CLOSE || k.tcp.state[sock] === 0)) this.lost = 'EOF';
  }

  /** A line of plain text (the versions); null when it is not complete. Throws Lost. */
  line(): Bytes | null {
    this.pull();
    const nl = this.buf.indexOf('\n');
    if (nl < 0) {
      if (this.lost !== null) throw new Lost(this.lost);
      return null;
    }
    const text = this.buf.slice(0, nl);
    this.buf = this.buf.slice(nl + 1);
    return text.replace(/\r$/, '');
  }

  /** The next message; null when none is complete. Throws Lost when none will come. */
  next(): Message | null {
    if (this.buf.length < 4 || this.buf.length < 4 + readU32(this.buf, 0)) this.pull();
    const size = this.buf.length < 4 ? 0 : readU32(this.buf, 0);
    if (size > MAX_PACKET) throw new Lost('EPROTO');
    if (this.buf.length < 4 || this.buf.length < 4 + size) {
      if (this.lost !== null) throw new Lost(this.lost);
      return null;
    }
    const body = this.buf.slice(4, 4 + size);
    this.buf = this.buf.slice(4 + size);
    const fields: Bytes[] = [];
    for (let at = 1; at < body.length; ) {
      const n = readU32(body, at);
      fields.push(body.slice(at + 4, at + 4 + n));
      at += 4 + n;
    }
    return { type: body.charCodeAt(0), fields };
  }

  /** Sleeps until a message is there. Throws Lost; with a deadline ETIMEDOUT. */
  *receive(deadline = Number.POSITIVE_INFINITY): Op<Message> {
    for (;;) {
      const m = this.next();
      if (m !== null) return m;
      if (nowUs(this.p) >= deadline) throw new Lost('ETIMEDOUT');
      yield* waitOn(this.p, [this.queue], deadline);
    }
  }

  /** Sleeps until a line is there. */
  *receiveLine(deadline = Number.POSITIVE_INFINITY): Op<Bytes> {
    for (;;) {
      const text = this.line();
      if (text !== null) return text;
      if (nowUs(this.p) >= deadline) throw new Lost('ETIMEDOUT');
      yield* waitOn(this.p, [this.queue], deadline);
    }
  }
}

/** Sixteen random bytes for a key exchange. */
export function cookie(p: Process): Bytes {
  let out = '';
  for (let i = 0; i < 4; i++) out += u32(p.host.world.rng.next(`ssh/${p.host.name}`));
  return out;
}

/** Names of algorithms fill a real KEXINIT to this size; a path that drops full frames shows here first. */
const KEXINIT_SIZE = 1360;
export const kexinit = (random: Bytes): Bytes[] => [random, 'curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group14-sha1'.padEnd(KEXINIT_SIZE, ' ')];
