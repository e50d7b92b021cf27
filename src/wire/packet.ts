// One frame in flight with every header's fields flat, so that packets are one shape (fast) and plain data (forked, compared).
// Linux counterpart: struct sk_buff. The files beside this one own each header's meaning, printing and bytes.

/** IPv4 addresses are 32-bit patterns held as int32, as bitwise operators yield them: one machine word in V8. */
export type Ip = number;
/** MAC addresses are small ids interned in the world's `MacTable` (wire/ether.ts); 0 is 00:00:00:00:00:00, 1 is broadcast. */
export type Mac = number;

export const ETH_P_IP = 0x0800;
export const ETH_P_ARP = 0x0806;
export const ETH_P_IPV6 = 0x86dd;

export const IPPROTO_IP = 0;
export const IPPROTO_ICMP = 1;
export const IPPROTO_IPIP = 4;
export const IPPROTO_TCP = 6;
export const IPPROTO_UDP = 17;
export const IPPROTO_GRE = 47;
export const IPPROTO_ICMPV6 = 58;
export const IPPROTO_VRRP = 112;
export const IPPROTO_SCTP = 132;

/** TCP flag bits as on the wire. */
export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;
export const URG = 32;

/** IP flag bits kept in `Packet.frag` beside the offset: don't fragment, more fragments. */
export const IP_DF = 0x4000;
export const IP_MF = 0x2000;

/** A frame. Fields of layers that a packet does not have are 0. */
export class Packet {
  // Ethernet
  smac: Mac = 0;
  dmac: Mac = 0;
  /** EtherType. */
  type = ETH_P_IP;
  // ARP (RFC 826): op 1 request, 2 reply; sender and target
  arpOp = 0;
  sha: Mac = 0;
  spa: Ip = 0;
  tha: Mac = 0;
  tpa: Ip = 0;
  // IP
  src: Ip = 0;
  dst: Ip = 0;
  proto = 0;
  ttl = 0;
  tos = 0;
  /** Identification; only meaningful without DF. */
  id = 0;
  /** IP_DF | IP_MF | offset in 8-byte units. */
  frag = 0;
  /** Whole IP length in bytes, header included. */
  len = 0;
  // TCP, UDP
  sport = 0;
  dport = 0;
  seq = 0;
  ack = 0;
  flags = 0;
  win = 0;
  /** Bytes of transport header (TCP with its options 20..60, UDP 8, ICMP 8). */
  hlen = 0;
  /** TCP timestamp option (ms) and its echo; 0 when hlen has no room for it. */
  tsVal = 0;
  tsEcr = 0;
  /** TCP MSS option of a SYN. */
  mss = 0;
  // ICMP: type, code, and the 32 bits after the checksum (id << 16 | seq, MTU, or gateway)
  icmpType = 0;
  icmpCode = 0;
  icmpRest = 0;
  /** Payload bytes (a byte string) above the transport header, or above IP for unknown protocols. */
  data = '';
  /** The packet quoted by an ICMP error, or carried by IPIP. */
  inner: Packet | null = null;

  // What the kernel notes on a packet (struct sk_buff's control fields); reset when it leaves a host.
  /** 0 for us, 1 broadcast, 2 multicast, 3 other host (PACKET_HOST and so on). */
  pktType = 0;
  /** Netfilter mark. */
  mark = 0;
  /** IPVS has handled this packet (skb->ipvs_property). */
  ipvs = 0;
  /** Index of the conntrack entry + 1, or 0; and its direction/state (ip_conntrack_info). */
  ct = 0;
  ctInfo = 0;
  /** Sent on the strength of an answer: whoever sends it on knows that the next hop lives (skb_get_dst_pending_confirm; over veth it goes along). */
  confirm = 0;
  /** ifindex of the device it came in on; 0 for locally made. */
  iif = 0;
  /** Trace: number of the frame this packet last travelled as, and of the one that caused it. */
  frame = 0;
  cause = 0;

  /** Copies every field of `from`; `inner` is shared, because nobody changes a quoted packet. */
  set(from: Packet): void {
    this.smac = from.smac;
    this.dmac = from.dmac;
    this.type = from.type;
    this.arpOp = from.arpOp;
    this.sha = from.sha;
    this.spa = from.spa;
    this.tha = from.tha;
    this.tpa = from.tpa;
    this.src = from.src;
    this.dst = from.dst;
    this.proto = from.proto;
    this.ttl = from.ttl;
    this.tos = from.tos;
    this.id = from.id;
    this.frag = from.frag;
    this.len = from.len;
    this.sport = from.sport;
    this.dport = from.dport;
    this.seq = from.seq;
    this.ack = from.ack;
    this.flags = from.flags;
    this.win = from.win;
    this.hlen = from.hlen;
    this.tsVal = from.tsVal;
    this.tsEcr = from.tsEcr;
    this.mss = from.mss;
    this.icmpType = from.icmpType;
    this.icmpCode = from.icmpCode;
    this.icmpRest = from.icmpRest;
    this.data = from.data;
    this.inner = from.inner;
    this.pktType = from.pktType;
    this.mark = from.mark;
    this.ipvs = from.ipvs;
    this.ct = from.ct;
    this.ctInfo = from.ctInfo;
    this.confirm = from.confirm;
    this.iif = from.iif;
    this.frame = from.frame;
    this.cause = from.cause;
  }

  /** Forgets everything, so that a pooled packet starts clean. Constants, because every packet passes here. */
  clear(): void {
    this.smac = 0;
    this.dmac = 0;
    this.type = ETH_P_IP;
    this.arpOp = 0;
    this.sha = 0;
    this.spa = 0;
    this.tha = 0;
    this.tpa = 0;
    this.src = 0;
    this.dst = 0;
    this.proto = 0;
    this.ttl = 0;
    this.tos = 0;
    this.id = 0;
    this.frag = 0;
    this.len = 0;
    this.sport = 0;
    this.dport = 0;
    this.seq = 0;
    this.ack = 0;
    this.flags = 0;
    this.win = 0;
    this.hlen = 0;
    this.tsVal = 0;
    this.tsEcr = 0;
    this.mss = 0;
    this.icmpType = 0;
    this.icmpCode = 0;
    this.icmpRest = 0;
    this.data = '';
    this.inner = null;
    this.pktType = 0;
    this.mark = 0;
    this.ipvs = 0;
    this.ct = 0;
    this.ctInfo = 0;
    this.confirm = 0;
    this.iif = 0;
    this.frame = 0;
    this.cause = 0;
  }
}
