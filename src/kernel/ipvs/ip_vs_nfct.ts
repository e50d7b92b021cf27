// IPVS and connection tracking: without net.ipv4.vs.conntrack a balanced packet is untracked, so that no NAT rule touches it; with it,
// the tracked connection learns where replies will come from. Linux counterpart: net/netfilter/ipvs/ip_vs_nfct.c.
// Not modelled: tracked connections that end together with IPVS's, expectations of ip_vs_ftp (its data connections are NEW, not RELATED).
import type { Packet } from '../../wire/packet';
import type { Kernel } from '../kernel';
import { ctDir, notrack } from '../netfilter/nf_conntrack';
import { STATUS } from '../netfilter/nf_conntrack_tab';
import { CONN_F, type IpVs } from './ip_vs';

/** ip_vs_notrack unless the connection is tied to conntrack. */
export function trackOrNot(v: IpVs, s: number, p: Packet): void {
  if ((v.conns.flags[s]! & CONN_F.NFCT) === 0) notrack(p);
}

/**
 * ip_vs_update_conntrack, of a packet that NAT is about to send: replies to a request will carry the server's address; replies to what a server
 * began itself (`outward`: an FTP data connection) go to the virtual address.
 */
export function updateConntrack(k: Kernel, v: IpVs, s: number, p: Packet, outward = false): void {
  trackOrNot(v, s, p);
  const ct = k.netfilter.ct;
  if (ct === null || p.ct <= 0 || ctDir(p) !== 0) return;
  const t = v.conns;
  const slot = p.ct - 1;
  if ((ct.status[slot]! & STATUS.CONFIRMED) !== 0 || (t.flags[s]! & CONN_F.ONE_PACKET) !== 0) return;
  const reply = slot * 2 + 1;
  if (outward) {
    ct.dst[reply] = t.vaddr[s]!;
    ct.dport[reply] = t.vport[s]!;
  } else {
    ct.src[reply] = t.daddr[s]!;
    ct.sport[reply] = t.dport[s]!;
  }
}
