// TCP sockets of one host in columns, so that a hundred thousand of them are a few typed arrays. Linux counterpart: struct tcp_sock, inet_hashtables.c.
import { ETH_P_IPV6, type Ip, type Packet } from '../../wire/packet';

/** States with Linux's numbers (net/tcp_states.h). */
export const TCP = {
  ESTABLISHED: 1, SYN_SENT: 2, SYN_RECV: 3, FIN_WAIT1: 4, FIN_WAIT2: 5, TIME_WAIT: 6, CLOSE: 7, CLOSE_WAIT: 8, LAST_ACK: 9, LISTEN: 10, CLOSING: 11,
} as const;
export const TCP_STATE_NAMES = [
  '', 'ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT1', 'FIN_WAIT2', 'TIME_WAIT', 'CLOSE', 'CLOSE_WAIT', 'LAST_ACK', 'LISTEN', 'CLOSING',
] as const;

/** Bits of `flags`. */
export const TF = {
  /** The application has closed its side; FIN goes out after the data. */
  FIN_QUEUED: 1,
  FIN_SENT: 2,
  /** The peer's FIN is here: reads end. */
  EOF: 4,
  /** Interactive mode: ACKs wait 40 ms for data to ride on (icsk_ack.pingpong). */
  PINGPONG: 8,
  /** No application holds it any more. */
  ORPHAN: 16,
  /** The advertised window was closed; reading must tell the peer. */
  WINDOW_SHUT: 32,
  /** Its addresses are IPv6 ids; so equal numbers of the two families are never one address. */
  V6: 64,
  /** A listener of IPv6 that leaves IPv4 to others (IPV6_V6ONLY). */
  V6ONLY: 128,
  /** The peer has answered something new: the next segment tells the neighbour that it lives (sk_dst_pending_confirm). */
  CONFIRM: 256,
  /** Its port was chosen by the kernel. */
  CHOSEN: 512,
} as const;

/** TF.V6 for a packet of IPv6, else 0. */
export const familyOf = (p: Packet): number => (p.type === ETH_P_IPV6 ? TF.V6 : 0);

export const NEVER = Number.POSITIVE_INFINITY;
/** Few, and small enough for columns to lie in the engine's own heap: most hosts of most forks have a handful of sockets. */
const FIRST = 8;

/** All TCP sockets. A socket is a slot; the hash finds connections by their four numbers, listeners by port. */
export class Tcp {
  used = 0;
  live = 0;
  free: number[] = [];
  lip = new Int32Array(FIRST);
  rip = new Int32Array(FIRST);
  ports = new Int32Array(FIRST); // local << 16 | remote
  state = new Uint8Array(FIRST);
  flags = new Uint16Array(FIRST);
  backoff = new Uint8Array(FIRST);
  quick = new Uint8Array(FIRST);
  sndUna = new Int32Array(FIRST);
  sndNxt = new Int32Array(FIRST);
  sndMax = new Int32Array(FIRST);
  rcvNxt = new Int32Array(FIRST);
  peerWin = new Int32Array(FIRST);
  mss = new Int32Array(FIRST);
  cwnd = new Int32Array(FIRST);
  srtt = new Int32Array(FIRST); // us
  tsRecent = new Int32Array(FIRST);
  owner = new Int32Array(FIRST);
  wait = new Int32Array(FIRST);
  parent = new Int32Array(FIRST);
  /** Where the window we last offered ends: a window is never taken back. */
  rcvEdge = new Int32Array(FIRST);
  lastRcv = new Float64Array(FIRST);
  rtoAt = new Float64Array(FIRST);
  /** When the SYN last really left. */
  synAt = new Float64Array(FIRST);
  ackAt = new Float64Array(FIRST);
  endAt = new Float64Array(FIRST);
  /** When the next timer event queued for the slot comes; it outlives the connection, and the next one in the slot begins with it. */
  armed = new Float64Array(FIRST).fill(NEVER);
  /** Bytes not acknowledged yet (from sndUna on) and bytes received, not read yet. */
  snd: string[] = [];
  rcv: string[] = [];
  /** Error to report, by slot. */
  errors = new Map<number, string>();
  /** Listening slots by port, and their connections ready to accept. */
  listeners = new Map<number, number[]>();
  accept = new Map<number, number[]>();
  backlog = new Map<number, number>();
  /** Numbers of sockets somebody has asked for (sock_gen_cookie), and the last one given. */
  cookies = new Map<number, number>();
  lastCookie = 0;
  /** Sockets whose process wants them unread on a fork: none; kept for symmetry of the columns. */
  private table = new Int32Array(256);
  isn = 0x1e240;
  nextPort = 0;
  /** net.ipv4.ip_local_port_range as last read, and its two numbers. */
  portRange = '';
  lowPort = 0;
  highPort = 0;
  /** MIB counters (/proc/net/snmp Tcp:). */
  mib = { activeOpens: 0, passiveOpens: 0, attemptFails: 0, estabResets: 0, inSegs: 0, outSegs: 0, retransSegs: 0, inErrs: 0, outRsts: 0 };

  /** A clean slot. */
  alloc(): number {
    const s = this.free.pop() ?? this.used++;
    if (s >= this.state.length) this.grow(s + 1);
    this.live++;
    if (this.cookies.size > 0) this.cookies.delete(s);
    this.flags[s] = 0;
    this.backoff[s] = 0;
    this.quick[s] = 16;
    this.peerWin[s] = 65535;
    this.mss[s] = 536;
    this.cwnd[s] = 10;
    this.srtt[s] = 0;
    this.tsRecent[s] = 0;
    this.owner[s] = 0;
    this.wait[s] = 0;
    this.parent[s] = -1;
    this.lastRcv[s] = -1e15;
    this.rtoAt[s] = NEVER;
    this.ackAt[s] = NEVER;
    this.endAt[s] = NEVER;
    this.snd[s] = '';
    this.rcv[s] = '';
    return s;
  }

  /** Gives a slot back. It must be out of the hash. */
  release(s: number): void {
    this.state[s] = 0;
    this.snd[s] = '';
    this.rcv[s] = '';
    if (this.errors.size > 0) this.errors.delete(s);
    this.rtoAt[s] = NEVER;
    this.ackAt[s] = NEVER;
    this.endAt[s] = NEVER;
    this.free.push(s);
    this.live--;
  }

  /** Slot of the connection lip:lport <-> rip:rport, or -1. `v6`: TF.V6 for IPv6 ids, else 0. */
  find(lip: Ip, lport: number, rip: Ip, rport: number, v6 = 0): number {
    const ports = (lport << 16) | rport;
    const table = this.table;
    const mask = table.length - 1;
    let i = hash(lip, rip, ports) & mask;
    for (;;) {
      const s = table[i]! - 1;
      if (s < 0) return -1;
      if (this.ports[s] === ports && this.rip[s] === rip && this.lip[s] === lip && (this.flags[s]! & TF.V6) === v6) return s;
      i = (i + 1) & mask;
    }
  }

  /** Enters a slot under its four numbers. */
  insert(s: number): void {
    if (this.hashed * 2 >= this.table.length) this.rehash(this.table.length * 2);
    const mask = this.table.length - 1;
    let i = hash(this.lip[s]!, this.rip[s]!, this.ports[s]!) & mask;
    while (this.table[i] !== 0) i = (i + 1) & mask;
    this.table[i] = s + 1;
    this.hashed++;
  }
  private hashed = 0;

  /** Takes a slot out of the hash (linear probing, backward shift). */
  remove(s: number): void {
    const table = this.table;
    const mask = table.length - 1;
    let i = hash(this.lip[s]!, this.rip[s]!, this.ports[s]!) & mask;
    while (table[i] !== s + 1) {
      if (table[i] === 0) return;
      i = (i + 1) & mask;
    }
    let hole = i;
    for (let j = (i + 1) & mask; table[j] !== 0; j = (j + 1) & mask) {
      const t = table[j]! - 1;
      const home = hash(this.lip[t]!, this.rip[t]!, this.ports[t]!) & mask;
      if (((j - home) & mask) >= ((j - hole) & mask)) {
        table[hole] = t + 1;
        hole = j;
      }
    }
    table[hole] = 0;
    this.hashed--;
  }

  /** The listener for lip:lport: an exact address beats the wildcard, the own family IPv6's wildcard, which takes IPv4 too. -1: none. */
  listener(lip: Ip, lport: number, v6 = 0): number {
    const slots = this.listeners.get(lport);
    if (slots === undefined) return -1;
    let any = -1;
    let dual = -1;
    for (const s of slots) {
      const family = this.flags[s]! & (TF.V6 | TF.V6ONLY);
      if ((family & TF.V6) !== v6) {
        if (family === TF.V6 && this.lip[s] === 0) dual = s;
        continue;
      }
      if (this.lip[s] === lip) return s;
      if (this.lip[s] === 0) any = s;
    }
    return any >= 0 ? any : dual;
  }

  private rehash(size: number): void {
    const old = this.table;
    this.table = new Int32Array(size);
    const mask = size - 1;
    for (const e of old) {
      if (e === 0) continue;
      const s = e - 1;
      let i = hash(this.lip[s]!, this.rip[s]!, this.ports[s]!) & mask;
      while (this.table[i] !== 0) i = (i + 1) & mask;
      this.table[i] = e;
    }
  }

  private grow(need: number): void {
    const size = Math.max(need, this.state.length * 2);
    const self = this as unknown as Record<string, unknown>;
    for (const key of COLUMNS) {
      const old = self[key] as Int32Array;
      const next = new (old.constructor as Int32ArrayConstructor)(size);
      next.set(old);
      self[key] = next;
    }
    this.armed.fill(NEVER, need - 1);
  }

  /** A copy for a fork: only the used part of each column. */
  cloneWith(copy: <T>(x: T) => T): Tcp {
    const c = Object.assign(new Tcp(), this) as unknown as Record<string, unknown>;
    const size = Math.max(FIRST, this.used);
    for (const key of COLUMNS) c[key] = (c[key] as Int32Array).slice(0, size);
    for (const key of ['snd', 'rcv', 'free']) c[key] = (c[key] as string[]).slice();
    for (const key of ['errors', 'listeners', 'accept', 'backlog', 'table', 'mib']) c[key] = copy(c[key]);
    return c as unknown as Tcp;
  }
}

const COLUMNS: readonly string[] = [
  'lip', 'rip', 'ports', 'state', 'flags', 'backoff', 'quick', 'sndUna', 'sndNxt', 'sndMax', 'rcvNxt', 'peerWin', 'mss', 'cwnd', 'srtt', 'tsRecent',
  'owner', 'wait', 'parent', 'rcvEdge', 'lastRcv', 'rtoAt', 'synAt', 'ackAt', 'endAt', 'armed',
];

function hash(lip: Ip, rip: Ip, ports: number): number {
  const h = Math.imul(ports ^ Math.imul(rip, 0x85ebca6b) ^ Math.imul(lip, 0xc2b2ae35), 0x9e3779b1);
  return h ^ (h >>> 15);
}
