// Rules about ARP packets: INPUT for what arrives, OUTPUT for what is about to leave. Linux counterpart: net/ipv4/netfilter/arp_tables.c, arpt_mangle.c.
// Not modelled: user chains, FORWARD, hardware and protocol types, counters per chain policy.
import type { Ip, Mac, Packet } from '../../wire/packet';
import { Drop } from '../drop_reason';
import type { Kernel } from '../kernel';
import { fitsInterface } from './x_tables';

/** One rule. 0, '' and null are any. */
export interface ArpRule {
  src: Ip;
  smask: Ip;
  dst: Ip;
  dmask: Ip;
  srcMac: Mac | null;
  dstMac: Mac | null;
  iif: string;
  oif: string;
  opcode: number;
  /** Bits of ARP_INV. */
  inv: number;
  /** mangle: addresses to put in (null: as they are). */
  target: { kind: 'ACCEPT' } | { kind: 'DROP' } | { kind: 'mangle'; ipSource: Ip | null; ipTarget: Ip | null; macSource: Mac | null; macTarget: Mac | null } | null;
  packets: number;
  bytes: number;
}
export const ARP_INV = { SRC: 1, DST: 2, SMAC: 4, DMAC: 8, IIF: 16, OIF: 32, OP: 64 } as const;

export interface ArpChain {
  name: 'INPUT' | 'OUTPUT';
  policy: 'ACCEPT' | 'DROP';
  rules: ArpRule[];
}

export const arpChains = (): ArpChain[] => [{ name: 'INPUT', policy: 'ACCEPT', rules: [] }, { name: 'OUTPUT', policy: 'ACCEPT', rules: [] }];

const ARP_BYTES = 28;

/** May this ARP packet go on? When not, it has been dropped. `dev`: the device it came by (INPUT) or leaves by (OUTPUT). */
export function arpHook(k: Kernel, chain: 'INPUT' | 'OUTPUT', dev: string, p: Packet): boolean {
  const chains = k.netfilter.arp;
  if (chains === null) return true;
  const c = chains[chain === 'INPUT' ? 0 : 1]!;
  let passes = c.policy === 'ACCEPT';
  for (const r of c.rules) {
    if (!matches(r, chain === 'INPUT' ? dev : '', chain === 'OUTPUT' ? dev : '', p)) continue;
    r.packets++;
    r.bytes += ARP_BYTES;
    if (r.target === null) continue;
    if (r.target.kind === 'mangle') {
      const { ipSource, ipTarget, macSource, macTarget } = r.target;
      if (ipSource !== null) p.spa = ipSource;
      if (ipTarget !== null) p.tpa = ipTarget;
      if (macSource !== null) p.sha = macSource;
      if (macTarget !== null) p.tha = macTarget;
    }
    passes = r.target.kind !== 'DROP';
    break;
  }
  if (!passes) k.world.drop(k, p, Drop.NETFILTER_DROP);
  return passes;
}

function matches(r: ArpRule, iif: string, oif: string, p: Packet): boolean {
  const not = (bit: number): boolean => (r.inv & bit) !== 0;
  if (((p.spa & r.smask) === r.src) === not(ARP_INV.SRC) || ((p.tpa & r.dmask) === r.dst) === not(ARP_INV.DST)) return false;
  if (r.srcMac !== null && (p.sha === r.srcMac) === not(ARP_INV.SMAC)) return false;
  if (r.dstMac !== null && (p.tha === r.dstMac) === not(ARP_INV.DMAC)) return false;
  if (r.iif !== '' && fitsInterface(r.iif, iif) === not(ARP_INV.IIF)) return false;
  if (r.oif !== '' && fitsInterface(r.oif, oif) === not(ARP_INV.OIF)) return false;
  return r.opcode === 0 || (p.arpOp === r.opcode) !== not(ARP_INV.OP);
}
