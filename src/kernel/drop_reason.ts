// Why a packet died: the names of Linux's enum skb_drop_reason (include/net/dropreason.h), with the cases this engine meets.
// Names without a kernel counterpart (a cable, a switch) are marked.

/** Reasons in a fixed order; a reason is its index here. */
export const DROP_REASONS = [
  'NOT_SPECIFIED', 'NO_SOCKET', 'OTHERHOST', 'IP_INHDR', 'IP_RPFILTER', 'IP_INADDRERRORS', 'IP_INNOROUTES', 'IP_OUTNOROUTES', 'TTL_EXPIRED',
  'NETFILTER_DROP', 'NEIGH_FAILED', 'NEIGH_QUEUEFULL', 'IP_NOPROTO', 'UDP_CSUM', 'TCP_FLAGS', 'TCP_OLD_DATA', 'TCP_INVALID_SEQUENCE', 'TCP_RESET',
  'TCP_CLOSE', 'SOCKET_RCVBUFF', 'PKT_TOO_BIG', 'DEV_READY', 'FORWARDING_OFF', 'MARTIAN_SOURCE', 'ARP_NOT_FOR_US', 'ARP_IGNORED', 'IPVS_NO_DEST',
  'IPVS_DEST_UNAVAILABLE', 'IPVS_CONN_NEW_DROP', 'UNHANDLED_PROTO', 'LINK_DOWN', 'NO_CARRIER', 'LOST', 'ICMP_UNMATCHED', 'FRAG_REASM_TIMEOUT',
  'XT_REJECT', 'HOST_DOWN', 'IP_BLACKHOLE',
] as const;
export type DropReasonName = (typeof DROP_REASONS)[number];
export type DropReason = number;

/** Reason numbers by name. */
export const Drop = Object.freeze(Object.fromEntries(DROP_REASONS.map((n, i) => [n, i]))) as Readonly<Record<DropReasonName, DropReason>>;
