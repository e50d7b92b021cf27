// A new connection: which service, which server, with or without persistence, and what the client hears when nobody can serve.
// Linux counterpart: ip_vs_schedule, ip_vs_sched_persist, ip_vs_leave in net/netfilter/ipvs/ip_vs_core.c; tcp_conn_schedule, udp_conn_schedule.
// Not modelled: the persistence engine's own keys (--pe sip balances by address).
import { type Ip, IPPROTO_IP, IPPROTO_TCP, IPPROTO_UDP, Packet, RST, SYN } from '../../wire/packet';
import { Drop } from '../drop_reason';
import type { Kernel } from '../kernel';
import { addressType, isLocal } from '../ipv4/fib';
import { isLocal6 } from '../ipv6/ip6_fib';
import { HOOK, NF_ACCEPT, NF_DROP } from '../netfilter/hooks_state';
import { Step } from '../trace_step';
import { AF_INET, AF_INET6, CONN_F, type Dest, FTPDATA, FTPPORT, type IpVs, type Service, SVC_F } from './ip_vs';
import { connNew, connPut, controlAdd } from './ip_vs_conn';
import { destUnicast } from './ip_vs_dest';
import { ftpBind } from './ip_vs_ftp';
import { portUnreachable } from './ip_vs_icmp6';
import { DIR, tcpStateTransition } from './ip_vs_proto_tcp';
import { udpStateTransition } from './ip_vs_proto_udp';
import { inStats } from './ip_vs_stats';
import { connXmit } from './ip_vs_xmit';
import { findService } from './ip_vs_service';
import { toDrop } from './ip_vs_defence';
import { Vs } from './ip_vs_settings';

/** Port a template without one of its own got when its server went away. */
const INVALID_PORT = 0xffff;
/** Verdict of a packet that made no connection; set together with a slot of -1. */
export const scheduled = { verdict: NF_ACCEPT };

/**
 * conn_schedule: a packet without a connection. Slot of the new connection, or -1 with `scheduled.verdict`.
 * `quoted`: the packet is one that an ICMP error quotes, turned round (schedule_icmp); its flags say nothing.
 */
export function trySchedule(k: Kernel, v: IpVs, p: Packet, v6: number, quoted = false): number {
  scheduled.verdict = NF_ACCEPT;
  if (!quoted && p.proto === IPPROTO_TCP && ((p.flags & RST) !== 0 || ((p.flags & SYN) === 0 && v.vs[Vs.sloppy_tcp] === 0))) return -1;
  const svc = findService(k, v, v6 !== 0 ? AF_INET6 : AF_INET, p.mark, p.proto, p.dst, p.dport);
  if (svc === null) return -1;
  if (toDrop(v)) {
    scheduled.verdict = drop(k, Drop.IPVS_CONN_NEW_DROP);
    return -1;
  }
  return schedule(k, v, svc, p, v6, quoted);
}

/** schedule_icmp: the flow that an ICMP error quotes, as its client would have begun it; for `trySchedule`. */
export function flowOfError(p: Packet, q: Packet): Packet {
  const flow = new Packet();
  flow.set(q);
  flow.src = q.dst;
  flow.sport = q.dport;
  flow.dst = q.src;
  flow.dport = q.sport;
  flow.mark = p.mark;
  flow.iif = p.iif;
  flow.frame = p.frame;
  return flow;
}

function drop(k: Kernel, reason: number): number {
  k.netfilter.dropReason = reason;
  return NF_DROP;
}

/** ip_vs_schedule. */
function schedule(k: Kernel, v: IpVs, svc: Service, p: Packet, v6: number, quoted: boolean): number {
  if (p.sport === FTPDATA) return -1; // active FTP comes from the server
  if ((p.iif === 0 || k.devByIndex(p.iif)?.kind === 'loopback') && v.conns.findOut(p.proto, p.src, p.sport, p.dst, p.dport, v6) >= 0) {
    return -1; // a reply of a local server is no request
  }
  if (svc.persistent) return schedulePersistent(k, v, svc, p, quoted);
  let dest: Dest | null = null;
  if (svc.fwmark === 0 && p.dport !== svc.port) {
    if (svc.port === 0) k.printk('IPVS: Schedule: port zero only supported in persistent services, check your ipvs configuration', 3);
  } else dest = svc.scheduler === null ? null : svc.scheduler.schedule(k, svc, p);
  if (dest === null) {
    scheduled.verdict = leave(k, v, svc, p, quoted);
    return -1;
  }
  return connect(k, v, svc, p, dest, dest.port !== 0 ? dest.port : p.dport);
}

/** The connection itself, counted for its server, service and the whole. */
function connect(k: Kernel, v: IpVs, svc: Service, p: Packet, dest: Dest, dport: number): number {
  const onePacket = (svc.flags & SVC_F.ONEPACKET) !== 0 && p.proto === IPPROTO_UDP ? CONN_F.ONE_PACKET : 0;
  const s = connNew(v, svc.af, p.proto, p.src, p.sport, p.dst, p.dport, dest.addr, dport, onePacket, dest, p.mark);
  ftpBind(k, v, s);
  dest.stats.conns++;
  svc.stats.conns++;
  v.stats.conns++;
  const w = k.world;
  w.trace.step(w.clock.now, k.index, p.frame !== 0 ? p.frame : p.cause, Step.ipvsSchedule, dest.addr, dport, s);
  return s;
}

/** ip_vs_sched_persist: a template ties the client's network to a server; the scheduler is asked only when there is none. */
function schedulePersistent(k: Kernel, v: IpVs, svc: Service, p: Packet, quoted: boolean): number {
  const t = v.conns;
  const v6 = svc.af === AF_INET6 ? CONN_F.IPV6 : 0;
  const net: Ip = v6 !== 0 ? k.world.ip6.masked(p.src, svc.netmask) : p.src & svc.netmask;
  // The service's own port ties port to port; FTP, port 0 and firewall marks tie all ports to one server.
  const ownPort = p.dport === svc.port;
  const proto = !ownPort && svc.fwmark !== 0 ? IPPROTO_IP : p.proto;
  const vaddr = proto === IPPROTO_IP ? svc.fwmark : p.dst;
  const vport = ownPort && svc.port !== FTPPORT ? p.dport : 0;
  let template = t.findTemplate(proto, net, vaddr, vport, v6);
  let dest: Dest | null;
  if (template >= 0 && templateValid(v, template)) dest = v.dests[t.dest[template]!]!;
  else {
    dest = svc.scheduler === null ? null : svc.scheduler.schedule(k, svc, p);
    if (dest === null) {
      scheduled.verdict = leave(k, v, svc, p, quoted);
      return -1;
    }
    const dport = ownPort && svc.port !== FTPPORT ? dest.port : 0;
    template = connNew(v, svc.af, proto, net, 0, vaddr, vport, dest.addr, dport, CONN_F.TEMPLATE, dest, p.mark);
    t.timeout[template] = svc.timeout * 1000;
  }
  const s = connect(k, v, svc, p, dest, ownPort && dest.port !== 0 ? dest.port : p.dport);
  controlAdd(t, s, template);
  connPut(k, v, template);
  return s;
}

/** ip_vs_check_template: one whose server is gone (or quiesced, if so set) is moved out of the way and left to its timer. */
function templateValid(v: IpVs, s: number): boolean {
  const t = v.conns;
  const dest = v.dests[t.dest[s]!];
  if (dest !== undefined && dest !== null && dest.available && !(v.vs[Vs.expire_quiescent_template] !== 0 && dest.weight === 0)) return true;
  if (t.vport[s] !== INVALID_PORT) {
    t.unhash(s);
    t.dport[s] = INVALID_PORT;
    t.vport[s] = INVALID_PORT;
    t.cport[s] = 0;
    t.hash(s);
  }
  return false;
}

/** ip_vs_leave: no server. The client gets ICMP port unreachable; other ports beside an FTP service are none of our business. */
function leave(k: Kernel, v: IpVs, svc: Service, p: Packet, quoted: boolean): number {
  if (v.vs[Vs.cache_bypass] !== 0 && svc.fwmark !== 0 && !quoted && addressUnicast(k, svc.af, p.dst)) return bypass(k, v, svc, p);
  if (svc.port === FTPPORT && p.dport !== FTPPORT) return NF_ACCEPT;
  const w = k.world;
  w.trace.step(w.clock.now, k.index, p.frame !== 0 ? p.frame : p.cause, Step.ipvsNoDest, p.dst, p.dport, 0);
  // What a policy route brought here under another's address cannot be answered: nobody sends with a source that is not his own.
  const ours = v6Of(svc) ? isLocal6(k, p.dst) : isLocal(k, p.dst);
  if (!quoted && (ours || p.iif === 0)) portUnreachable(k, p);
  return drop(k, Drop.IPVS_NO_DEST);
}

const v6Of = (svc: Service): boolean => svc.af === AF_INET6;

/** ip_vs_addr_is_unicast: somewhere else, not here. */
function addressUnicast(k: Kernel, af: number, addr: Ip): boolean {
  return af === AF_INET6 ? destUnicast(k, af, addr) && !isLocal6(k, addr) : addressType(k, addr) === 'unicast';
}

/** cache_bypass: what was marked for caches that are gone goes to its origin, by a connection without a server. */
function bypass(k: Kernel, v: IpVs, svc: Service, p: Packet): number {
  const onePacket = (svc.flags & SVC_F.ONEPACKET) !== 0 && p.proto === IPPROTO_UDP ? CONN_F.ONE_PACKET : 0;
  const s = connNew(v, svc.af, p.proto, p.src, p.sport, p.dst, p.dport, 0, 0, CONN_F.BYPASS | onePacket, null, p.mark);
  inStats(v, s, p.len);
  if (p.proto === IPPROTO_TCP) tcpStateTransition(v, s, DIR.INPUT, p.flags);
  else udpStateTransition(v, s, DIR.INPUT);
  const verdict = connXmit(k, v, p, s, HOOK.LOCAL_IN);
  v.conns.inPkts[s] = v.conns.inPkts[s]! + 1;
  connPut(k, v, s);
  return verdict;
}
