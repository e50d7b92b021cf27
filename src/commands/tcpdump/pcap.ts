// Capture files in the classic libpcap format. Counterpart: pcap-savefile(5).
import type { Bytes } from '../../lib/text';

const MAGIC = 0xa1b2c3d4;
const LINKTYPE_ETHERNET = 1;

const le32 = (n: number): Bytes => String.fromCharCode(n & 255, (n >>> 8) & 255, (n >>> 16) & 255, n >>> 24);
const le16 = (n: number): Bytes => String.fromCharCode(n & 255, (n >>> 8) & 255);

/** Header of a capture file. */
export function pcapHead(snaplen: number): Bytes {
  return le32(MAGIC) + le16(2) + le16(4) + le32(0) + le32(0) + le32(snaplen) + le32(LINKTYPE_ETHERNET);
}

/** One record: seconds and microseconds since 1970, and the frame cut at `snaplen`. */
export function pcapRecord(seconds: number, micros: number, frame: Uint8Array, snaplen: number): Bytes {
  const kept = frame.length > snaplen ? frame.subarray(0, snaplen) : frame;
  let data = '';
  for (let i = 0; i < kept.length; i += 4096) data += String.fromCharCode(...kept.subarray(i, i + 4096));
  return le32(seconds) + le32(micros) + le32(kept.length) + le32(frame.length) + data;
}

/** Records of a capture file, or null when it is none. */
export function pcapRead(text: Bytes): { seconds: number; micros: number; frame: Uint8Array }[] | null {
  const u32 = (at: number): number => (text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8) | (text.charCodeAt(at + 2) << 16) | (text.charCodeAt(at + 3) << 24)) >>> 0;
  if (text.length < 24 || u32(0) !== MAGIC) return null;
  const found: { seconds: number; micros: number; frame: Uint8Array }[] = [];
  for (let at = 24; at + 16 <= text.length; ) {
    const size = u32(at + 8);
    const frame = Uint8Array.from(text.slice(at + 16, at + 16 + size), (c) => c.charCodeAt(0));
    found.push({ seconds: u32(at), micros: u32(at + 4), frame });
    at += 16 + size;
  }
  return found;
}
