// /proc/net/nf_conntrack: one line a connection. Linux counterpart: net/netfilter/nf_conntrack_standalone.c.
// Not modelled: the kernel's order (hashed; here the oldest slot first).
import type { Bytes } from '../../lib/text';
import { ipText } from '../../wire/ipv4';
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP } from '../../wire/packet';
import type { Kernel } from '../kernel';
import { TCP_CT } from './nf_conntrack_proto';
import { STATUS } from './nf_conntrack_tab';

const NAMES: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 47: 'gre', 132: 'sctp' };
const protoName = (proto: number): string => NAMES[proto] ?? 'unknown';

/** Entries of one connection as conntrack(8) and /proc word them; `l3`: with the family's columns first, and zone and use last. */
export function conntrackLine(k: Kernel, s: number, l3: boolean): Bytes {
  const t = k.netfilter.ct!;
  const proto = t.proto[s]!;
  const tuple = (n: number): Bytes => {
    const ends = `src=${ipText(t.src[n]!)} dst=${ipText(t.dst[n]!)}`;
    if (proto === IPPROTO_TCP || proto === IPPROTO_UDP) return `${ends} sport=${t.sport[n]!} dport=${t.dport[n]!}`;
    return proto === IPPROTO_ICMP ? `${ends} type=${t.dport[n]! >> 8} code=${t.dport[n]! & 255} id=${t.sport[n]!}` : ends;
  };
  const seconds = Math.max(0, Math.floor((t.expires[s]! - k.world.clock.now) / 1_000_000));
  const status = t.status[s]!;
  const state = proto === IPPROTO_TCP ? `${TCP_CT[t.state[s]!]} ` : '';
  const unreplied = (status & STATUS.SEEN_REPLY) === 0 ? ' [UNREPLIED]' : '';
  const assured = (status & STATUS.ASSURED) !== 0 ? ' [ASSURED]' : '';
  return `${l3 ? 'ipv4     2 ' : ''}${protoName(proto).padEnd(8)} ${proto} ${seconds} ${state}${tuple(s * 2)}${unreplied} ${tuple(s * 2 + 1)}${assured} mark=${t.mark[s]! >>> 0}${l3 ? ' zone=0' : ''} use=${l3 ? 2 : 1}\n`;
}

export const conntrackProc = (k: Kernel): Bytes => (k.netfilter.ct?.entries(k.world.clock.now) ?? []).map((s) => conntrackLine(k, s, true)).join('');
