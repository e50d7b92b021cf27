// UDP sockets of one host. Linux counterpart: struct udp_table.
import type { Ip } from '../../wire/packet';

/** One datagram received. */
export interface Datagram {
  src: Ip;
  sport: number;
  dst: Ip;
  data: string;
}

/** A UDP socket. */
export interface UdpSocket {
  lip: Ip;
  lport: number;
  /** Connected peer; 0 when none. */
  rip: Ip;
  rport: number;
  queue: Datagram[];
  /** Error to report on the next call ('' none): an ICMP error on a connected socket. */
  error: string;
  /** Wait queue woken on arrival; 0: nobody waits. */
  wait: number;
  /** Daemon that serves it; 0: a process. */
  owner: number;
  /** Its number, once somebody has asked for it (sock_gen_cookie). */
  cookie?: number;
}

/** All UDP sockets. */
export class Udp {
  sockets: (UdpSocket | null)[] = [];
  inDatagrams = 0;
  noPorts = 0;
  outDatagrams = 0;
}
