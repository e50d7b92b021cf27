// Frames as a capture file: the classic pcap format (draft-ietf-opsawg-pcap), microseconds, Ethernet. Wireshark and tcpdump read it.

const MAGIC = 0xa1b2c3d4;
const SNAPLEN = 262_144;
const LINKTYPE_ETHERNET = 1;

/** A captured frame: virtual us, and its bytes. */
export interface CapturedFrame { at: number; bytes: Uint8Array }

/** The file's bytes. `epoch` is the wall clock at virtual time 0, seconds since 1970. */
export function pcapOf(frames: readonly CapturedFrame[], epoch: number): Uint8Array {
  const size = frames.reduce((n, f) => n + 16 + f.bytes.length, 24);
  const out = new Uint8Array(size);
  const v = new DataView(out.buffer);
  v.setUint32(0, MAGIC, true);
  v.setUint16(4, 2, true);
  v.setUint16(6, 4, true);
  v.setUint32(16, SNAPLEN, true);
  v.setUint32(20, LINKTYPE_ETHERNET, true);
  let at = 24;
  for (const f of frames) {
    v.setUint32(at, epoch + Math.floor(f.at / 1e6), true);
    v.setUint32(at + 4, f.at % 1e6, true);
    v.setUint32(at + 8, f.bytes.length, true);
    v.setUint32(at + 12, f.bytes.length, true);
    out.set(f.bytes, at + 16);
    at += 16 + f.bytes.length;
  }
  return out;
}
