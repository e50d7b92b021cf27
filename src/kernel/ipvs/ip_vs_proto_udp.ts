// UDP as IPVS sees it: one state, one timeout. Linux counterpart: net/netfilter/ipvs/ip_vs_proto_udp.c.
import type { IpVs } from './ip_vs';
import { assureTemplate } from './ip_vs_conn';
import { DIR } from './ip_vs_proto_tcp';

/** udp_state_transition: an answer makes the connection's template assured. */
export function udpStateTransition(v: IpVs, s: number, dir: number): void {
  v.conns.timeout[s] = v.udpTimeout;
  if (dir === DIR.OUTPUT) assureTemplate(v.conns, s);
}
