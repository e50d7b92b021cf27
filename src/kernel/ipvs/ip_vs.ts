// IPVS: the nouns. A host's virtual services, their real servers, counters and settings. Linux counterpart: include/net/ip_vs.h, include/uapi/linux/ip_vs.h.
import type { Ip } from '../../wire/packet';
import type { ConnTable } from './ip_vs_conn_tab';
import type { FtpControl } from './ip_vs_ftp';
import type { Scheduler } from './ip_vs_sched';

export const AF_INET = 2;
export const AF_INET6 = 10;
export const FTPPORT = 21;
export const FTPDATA = 20;
/** Shown as `size=` in listings; the real table here grows. */
export const CONN_TAB_SIZE = 4096;

/** Service flags. SCHED1..3 mean fallback and port to sh and mh. */
export const SVC_F = { PERSISTENT: 1, HASHED: 2, ONEPACKET: 4, SCHED1: 8, SCHED2: 16, SCHED3: 32 } as const;

/** Connection flags; the low three bits are the forwarding method, which a server's `connFlags` also hold. */
export const CONN_F = {
  MASQ: 0, LOCALNODE: 1, TUNNEL: 2, DROUTE: 3, BYPASS: 4, FWD_MASK: 7,
  SYNC: 0x20, HASHED: 0x40, NOOUTPUT: 0x80, INACTIVE: 0x100, TEMPLATE: 0x1000, ONE_PACKET: 0x2000, NO_CPORT: 0x800, NFCT: 1 << 16, IPV6: 1 << 20,
} as const;

/** Server flags: AVAILABLE while it belongs to a service, OVERLOAD above its upper threshold. */
export const DEST_F = { AVAILABLE: 1, OVERLOAD: 2 } as const;

/** Kinds of tunnel and how they are written. */
export const TUN_TYPES = ['ipip', 'gue', 'gre'] as const;
/** Tunnel checksum flags (IP_VS_TUNNEL_ENCAP_FLAG_*). */
export const TUN_F = { NOCSUM: 0, CSUM: 1, REMCSUM: 2 } as const;

/**
 * Counters of a service, a server or the whole. The five counters run with each packet; what tools see is their sum at
 * the last estimator tick minus the zero point (ip_vs_est.ts).
 */
export class Stats {
  static readonly blank = (): Stats => new Stats();
  conns = 0;
  inPkts = 0;
  outPkts = 0;
  inBytes = 0;
  outBytes = 0;
  /** Four rows of five (conns, inPkts, outPkts, inBytes, outBytes): sum at last tick, zero point, estimator's last value, scaled rate. */
  readonly est = new Float64Array(20);
}

/** A real server of one service (struct ip_vs_dest). */
export class Dest {
  static readonly blank = (d: Dest): Dest => new Dest(d.af, d.addr, d.port, d.protocol, d.vaddr, d.vport, d.vfwmark);
  /** Number in `IpVs.dests`; connections name their server by it. */
  slot = -1;
  /** The service it was last in; also while it lies in the trash (then it is not available). */
  svc: Service | null = null;
  weight = 0;
  /** Last weight that was not 0 (mh keeps its table while a server is quiesced). */
  lastWeight = 0;
  /** Forwarding method | INACTIVE | NOOUTPUT, given to new connections. */
  connFlags = 0;
  /** DEST_F bits. */
  flags = 0;
  uThreshold = 0;
  lThreshold = 0;
  tunType = 0;
  tunPort = 0;
  tunFlags = 0;
  activeConns = 0;
  inactConns = 0;
  persistConns = 0;
  /** Connections and trash that hold it. */
  refs = 0;
  /** When the trash first saw it unused, us; 0: not yet. */
  idleStart = 0;
  readonly stats = new Stats();

  constructor(
    readonly af: number,
    readonly addr: Ip,
    readonly port: number,
    /** Of the service it was made for: what the trash compares. */
    readonly protocol: number,
    readonly vaddr: Ip,
    readonly vport: number,
    readonly vfwmark: number,
  ) {}

  get overloaded(): boolean {
    return (this.flags & DEST_F.OVERLOAD) !== 0;
  }
  get available(): boolean {
    return (this.flags & DEST_F.AVAILABLE) !== 0;
  }
  /** Forwarding method: CONN_F.MASQ, TUNNEL, DROUTE or LOCALNODE. */
  get forward(): number {
    return this.connFlags & CONN_F.FWD_MASK;
  }
}

/** A virtual service (struct ip_vs_service). */
export class Service {
  static readonly blank = (s: Service): Service => new Service(s.af, s.protocol, s.addr, s.port, s.fwmark);
  /** SVC_F bits. */
  flags = 0;
  /** Persistence timeout, s. */
  timeout = 0;
  /** IPv4: mask bits; IPv6: prefix length. */
  netmask = -1;
  /** Servers; the newest is first, as list_add puts it at the head. */
  dests: Dest[] = [];
  /** Null is the scheduler named "none". */
  scheduler: Scheduler | null = null;
  /** What the scheduler remembers; its own shape, plain data. */
  schedData: object | null = null;
  /** Persistence engine: '' or 'sip'. */
  pe = '';
  /** Connection tracking is on for its sake (FTP through NAT). */
  tracks = false;
  /** Order of creation: newer services come first in a hash chain. */
  born = 0;
  readonly stats = new Stats();

  constructor(
    readonly af: number,
    readonly protocol: number,
    readonly addr: Ip,
    readonly port: number,
    readonly fwmark: number,
  ) {}

  get persistent(): boolean {
    return (this.flags & SVC_F.PERSISTENT) !== 0;
  }
  get schedName(): string {
    return this.scheduler === null ? 'none' : this.scheduler.name;
  }
}

/** A running synchronisation daemon (struct ipvs_sync_daemon_cfg). */
export interface SyncDaemon {
  mcastIfn: string;
  syncid: number;
  maxlen: number;
  /** IPv4 group. */
  group: Ip;
  port: number;
  ttl: number;
  /** Source port of the master's datagrams. */
  sport: number;
}

/** IPVS of one host (struct netns_ipvs). Created by `ipVsLoad`. */
export class IpVs {
  static readonly blank = (v: IpVs): IpVs => new IpVs(v.conns, v.tcpTimeouts, v.vs);
  /** Services by address and port (`serviceKey`) and by firewall mark; a list holds what shares the number (TCP, UDP, IPv6). */
  services = new Map<number, Service[]>();
  fwmServices = new Map<number, Service[]>();
  numServices = 0;
  born = 0;
  /** Services on port 21 and on port 0: only when some exist are those looked up. */
  ftpServices = 0;
  nullServices = 0;
  /** Services of each family (hooks_afmask): with the last one of a family its hooks go, and what is left of its connections meets the host's own stack. */
  served4 = 0;
  served6 = 0;
  /** All servers that live, by slot, those in the trash included. */
  dests: (Dest | null)[] = [];
  freeDests: number[] = [];
  trash: Dest[] = [];
  /** When the trash is looked through next, us; Infinity: empty. */
  trashAt = Number.POSITIVE_INFINITY;
  conns: ConnTable;
  /** Control connections the FTP helper reads, by slot. */
  ftp = new Map<number, FtpControl>();
  stats = new Stats();
  /** All counters the estimator walks: whole, services, servers in use. */
  estimated: Stats[] = [];
  /** Next estimator tick, us. */
  estNext = 0;
  /** Timeouts by TCP state, ms, and of UDP and SCTP. */
  tcpTimeouts: Float64Array;
  udpTimeout = 300_000;
  /** Settings net.ipv4.vs.*, by position in VS (ip_vs_sysctl.ts). */
  vs: Int32Array;
  syncThreshold = [3, 50];
  /** drop_packet: every n-th new connection is refused; 0 off. */
  dropRate = 0;
  dropCounter = 0;
  /** The one-second defence timer is queued. */
  defending = false;
  todropCounter = new Int32Array(9);
  master: SyncDaemon | null = null;
  backup: SyncDaemon | null = null;
  /** The master's message being filled: connections as bytes, how many, and when it leaves, us. */
  syncQueue = '';
  syncCount = 0;
  syncAt = 0;

  constructor(conns: ConnTable, tcpTimeouts: Float64Array, vs: Int32Array) {
    this.conns = conns;
    this.tcpTimeouts = tcpTimeouts;
    this.vs = vs;
    this.estimated.push(this.stats);
  }
}

/** Key of a service in `IpVs.services`. */
export const serviceKey = (addr: Ip, port: number): number => (addr >>> 0) * 65536 + port;

/** Active and inactive connections: what thresholds count. */
export const totalConns = (d: Dest): number => d.activeConns + d.inactConns;
