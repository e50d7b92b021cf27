// Ethernet (IEEE 802.3): MAC addresses as interned ids, so that frames compare by one small number.
import type { ByteReader, ByteWriter } from './byte_io';
import type { Mac } from './packet';

export const MAC_ZERO: Mac = 0;
export const MAC_BROADCAST: Mac = 1;
/** Bytes of an Ethernet header; the shortest ARP frame counts 42 (fidelity: without padding). */
export const ETH_HLEN = 14;

/** All MAC addresses of a world; ids are given in order of first use, so they are deterministic. */
export class MacTable {
  private texts = ['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff'];
  private ids = new Map<string, Mac>([
    ['00:00:00:00:00:00', 0],
    ['ff:ff:ff:ff:ff:ff', 1],
  ]);

  /** Id of a MAC written as six lower-case hex pairs. */
  intern(text: string): Mac {
    let id = this.ids.get(text);
    if (id === undefined) {
      id = this.texts.length;
      this.texts.push(text);
      this.ids.set(text, id);
    }
    return id;
  }

  text(id: Mac): string {
    return this.texts[id]!;
  }

  /** True for broadcast and multicast addresses. */
  isGroup(id: Mac): boolean {
    return id === MAC_BROADCAST || isGroupMac(this.texts[id]!);
  }
}

/** Normal form of a MAC a person wrote (`:` or `-`, any case, single digits); null when it is none. */
export function parseMac(text: string): string | null {
  const parts = text.split(/[:-]/);
  if (parts.length !== 6 || !parts.every((p) => /^[0-9a-fA-F]{1,2}$/.test(p))) return null;
  return parts.map((p) => p.toLowerCase().padStart(2, '0')).join(':');
}

/** True for group addresses (broadcast and multicast): the lowest bit of the first byte is set. */
export function isGroupMac(text: string): boolean {
  return (Number.parseInt(text.slice(0, 2), 16) & 1) === 1;
}

/** Writes six bytes of a MAC. */
export function writeMac(w: ByteWriter, mac: Mac, macs: MacTable): void {
  for (const pair of macs.text(mac).split(':')) w.u8(Number.parseInt(pair, 16));
}

/** Reads six bytes of a MAC. */
export function readMac(r: ByteReader, macs: MacTable): Mac {
  const pairs: string[] = [];
  for (let i = 0; i < 6; i++) pairs.push(r.u8().toString(16).padStart(2, '0'));
  return macs.intern(pairs.join(':'));
}
