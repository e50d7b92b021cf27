// What a kernel can decide about a packet: the codes of the trace's decisions. `lab/trace.ts` gives them names, the page words.

/** What a kernel decided about a packet (one row of the decision ring); args are given per code. */
export const Step = {
  /** A frame was accepted by device a. */
  receive: 0,
  /** Routed to this host; a = matching local route's dst, b = its prefix length. */
  routeLocal: 1,
  /** Routed onward; a = gateway or 0, b = output device index, c = prefix length of the route used. */
  routeForward: 2,
  /** Output route; a = gateway or 0, b = device, c = prefix length. */
  routeOutput: 3,
  /** No route to a. */
  routeNone: 4,
  /** Next hop a resolved to MAC b, state c. */
  neighbour: 5,
  /** Waits for ARP of a. */
  neighbourWait: 6,
  /** IPVS scheduled a new connection; a = dest address, b = dest port, c = conn slot. */
  ipvsSchedule: 7,
  /** IPVS found a known connection; a = dest address, b = dest port, c = conn slot. */
  ipvsConn: 8,
  /** IPVS has a service here but no server to give; a = vip, b = port. */
  ipvsNoDest: 9,
  /** Destination rewritten from a:b to what the packet now has. */
  ipvsDnat: 10,
  /** Source rewritten from a:b. */
  ipvsSnat: 11,
  /** Direct routing: next hop a, only the frame changes. */
  ipvsDr: 12,
  /** Tunnelled to a. */
  ipvsTun: 13,
  /** A socket took it; a = socket slot, b = its state before. */
  socket: 14,
  /** No socket; a = address, b = port. */
  noSocket: 15,
  /** A netfilter rule decided; a = hook, b = verdict, c = rule number. */
  netfilter: 16,
  /** Died; a = drop reason. */
  drop: 17,
  /** Sent an ICMP error; a = type, b = code. */
  icmpError: 18,
  /** Answered ARP for a on device b. */
  arpAnswer: 19,
  /** Did not answer ARP for a; b = why (1 not local, 2 arp_ignore, 3 martian sender, 4 proxy off), c = arp_ignore in force. */
  arpSilent: 20,
  /** Learned that a is at MAC b; c = 1 when it replaced another MAC. */
  arpLearn: 21,
  /** Connection tracking / NAT rewrote; a = old address, b = old port, c = 1 source 0 destination. */
  nfNat: 22,
  /** Decapsulated from tunnel device a. */
  decap: 23,
  /** A packet with an address of our own as its source (a) was refused; b = device. */
  martian: 24,
  /** Reverse path filter refused source a; b = device, c = rp_filter in force. */
  rpFilter: 25,
} as const;
