// Netfilter's hook numbers, verdicts and per-host state. Linux counterpart: include/uapi/linux/netfilter.h, struct netns_nf.
import type { ArpChain } from './arp_tables';
import type { ConntrackTable } from './nf_conntrack_tab';
import type { Table } from './x_tables';

export const HOOK = { PRE_ROUTING: 0, LOCAL_IN: 1, FORWARD: 2, LOCAL_OUT: 3, POST_ROUTING: 4 } as const;

export const NF_DROP = 0;
export const NF_ACCEPT = 1;
/** The hook has sent, queued or freed the packet itself. */
export const NF_STOLEN = 2;

/** `Packet.ctInfo`: how a packet stands to its connection (enum ip_conntrack_info). Replies are 3 higher than their originals. */
export const CT = { ESTABLISHED: 0, RELATED: 1, NEW: 2, ESTABLISHED_REPLY: 3, RELATED_REPLY: 4, UNTRACKED: 7 } as const;

/** Per-host netfilter state. */
export class Netfilter {
  static readonly blank = (): Netfilter => new Netfilter();
  /** Why the last hook said NF_DROP (index in DROP_REASONS); the caller drops with it and clears it. */
  dropReason = 0;
  /** Something of the below is in use; without it hooks cost one test. Kept by rulesChanged(). */
  rulesLoaded = false;
  /** Connection tracking is on: a rule or a service needs it (nf_ct_netns_get). */
  conntrack = false;
  /** IPVS services that need it. */
  trackers = 0;
  /** Bits of tables (TABLE_BIT) with something to do, by hook. */
  work: number[] = [0, 0, 0, 0, 0];
  /** Tables in order of creation. */
  tables: Table[] = [];
  /** Rules about ARP packets (INPUT, OUTPUT); null: none. */
  arp: ArpChain[] | null = null;
  /** Connections; null until tracking was first on. */
  ct: ConntrackTable | null = null;
}
