// Match ipvs: what IPVS knows of a packet it has handled. Linux counterpart: net/netfilter/xt_ipvs.c.
import { ETH_P_IPV6, type Ip, type Packet } from '../../wire/packet';
import { CONN_F } from '../ipvs/ip_vs';
import type { Kernel } from '../kernel';
import { CT } from './hooks_state';
import type { MatchKind } from './xt_list';

/** Conditions that take part, and (in `inv`) those turned round. */
export const IPVS_HAS = { IPVS: 1, PROTO: 2, VADDR: 4, VPORT: 8, DIR: 16, METHOD: 32, VPORTCTL: 64 } as const;

export interface IpvsMatch {
  kind: 'ipvs';
  has: number;
  inv: number;
  proto: number;
  vaddr: Ip;
  vmask: Ip;
  vport: number;
  vportctl: number;
  /** CONN_F.MASQ, TUNNEL or DROUTE. */
  method: number;
}

/** The forwarding method within CONN_F. */
const FWD_MASK = 7;

function match(k: Kernel, p: Packet, m: IpvsMatch): boolean {
  const odd = (bit: number): boolean => (m.inv & bit) !== 0;
  if (m.has === IPVS_HAS.IPVS) return (p.ipvs !== 0) !== odd(IPVS_HAS.IPVS);
  if (p.ipvs === 0 || k.ipvs === null) return false;
  if ((m.has & IPVS_HAS.PROTO) !== 0 && (p.proto === m.proto) === odd(IPVS_HAS.PROTO)) return false;
  const t = k.ipvs.conns;
  // The packet as it goes to the server: its source is the client, its destination the server.
  const s = t.findOut(p.proto, p.dst, p.dport, p.src, p.sport, p.type === ETH_P_IPV6 ? CONN_F.IPV6 : 0);
  if (s < 0) return false;
  if ((m.has & IPVS_HAS.VPORT) !== 0 && (t.vport[s] === m.vport) === odd(IPVS_HAS.VPORT)) return false;
  const control = t.control[s]!;
  if ((m.has & IPVS_HAS.VPORTCTL) !== 0 && (control >= 0 && t.vport[control] === m.vportctl) === odd(IPVS_HAS.VPORTCTL)) return false;
  if ((m.has & IPVS_HAS.DIR) !== 0 && (p.ct <= 0 || (p.ctInfo >= CT.ESTABLISHED_REPLY) !== odd(IPVS_HAS.DIR))) return false;
  if ((m.has & IPVS_HAS.METHOD) !== 0 && ((t.flags[s]! & FWD_MASK) === m.method) === odd(IPVS_HAS.METHOD)) return false;
  return (m.has & IPVS_HAS.VADDR) === 0 || ((t.vaddr[s]! & m.vmask) === (m.vaddr & m.vmask)) !== odd(IPVS_HAS.VADDR);
}

export const ipvs: MatchKind<IpvsMatch> = { match, tracks: true };
