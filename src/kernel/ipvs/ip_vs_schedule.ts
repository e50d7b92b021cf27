// A new connection: which service, which server, with or without persistence, and what the client hears when nobody can serve.
// Linux counterpart: ip_vs_schedule, ip_vs_sched_persist, ip_vs_leave in net/netfilter/ipvs/ip_vs_core.c; tcp_conn_schedule, udp_conn_schedule.
// Not modelled: ip_vs_ftp (data connections of FTP through NAT), cache_bypass entries, the persistence engine's own keys.
import { type Ip, IPPROTO_IP, IPPROTO_TCP, IPPROTO_UDP, type Packet, RST, SYN } from '../../wire/packet';
import { Drop } from '../drop_reason';
import type { Kernel } from '../kernel';
import { NF_ACCEPT, NF_DROP } from '../netfilter/hooks_state';
import { Step } from '../trace';
import { AF_INET, AF_INET6, CONN_F, type Dest, FTPDATA, FTPPORT, type IpVs, type Service, SVC_F } from './ip_vs';
import { connNew, connPut, controlAdd } from './ip_vs_conn';
import { portUnreachable } from './ip_vs_icmp6';
import { findService } from './ip_vs_service';
import { toDrop } from './ip_vs_defence';
import { Vs } from './ip_vs_settings';

/** Port a template without one of its own got when its server went away. */
const INVALID_PORT = 0xffff;
/** Verdict of a packet that made no connection; set together with a slot of -1. */
export const scheduled = { verdict: NF_ACCEPT };

/** conn_schedule: a packet without a connection. Slot of the new connection, or -1 with `scheduled.verdict`. */
export function trySchedule(k: Kernel, v: IpVs, p: Packet, v6: number): number {
  scheduled.verdict = NF_ACCEPT;
  if (p.proto === IPPROTO_TCP && ((p.flags & RST) !== 0 || ((p.flags & SYN) === 0 && v.vs[Vs.sloppy_tcp] === 0))) return -1;
  const svc = findService(k, v, v6 !== 0 ? AF_INET6 : AF_INET, p.mark, p.proto, p.dst, p.dport);
  if (svc === null) return -1;
  if (toDrop(v)) {
    scheduled.verdict = drop(k, Drop.IPVS_CONN_NEW_DROP);
    return -1;
  }
  return schedule(k, v, svc, p, v6);
}

function drop(k: Kernel, reason: number): number {
  k.netfilter.dropReason = reason;
  return NF_DROP;
}

/** ip_vs_schedule. */
function schedule(k: Kernel, v: IpVs, svc: Service, p: Packet, v6: number): number {
  if (p.sport === FTPDATA) return -1; // active FTP comes from the server
  if ((p.iif === 0 || k.devByIndex(p.iif)?.kind === 'loopback') && v.conns.findOut(p.proto, p.src, p.sport, p.dst, p.dport, v6) >= 0) {
    return -1; // a reply of a local server is no request
  }
  if (svc.persistent) return schedulePersistent(k, v, svc, p);
  let dest: Dest | null = null;
  if (svc.fwmark === 0 && p.dport !== svc.port) {
    if (svc.port === 0) k.printk('IPVS: Schedule: port zero only supported in persistent services, check your ipvs configuration', 3);
  } else dest = svc.scheduler === null ? null : svc.scheduler.schedule(k, svc, p);
  if (dest === null) {
    scheduled.verdict = leave(k, svc, p);
    return -1;
  }
  return connect(k, v, svc, p, dest, dest.port !== 0 ? dest.port : p.dport);
}

/** The connection itself, counted for its server, service and the whole. */
function connect(k: Kernel, v: IpVs, svc: Service, p: Packet, dest: Dest, dport: number): number {
  const onePacket = (svc.flags & SVC_F.ONEPACKET) !== 0 && p.proto === IPPROTO_UDP ? CONN_F.ONE_PACKET : 0;
  const s = connNew(v, svc.af, p.proto, p.src, p.sport, p.dst, p.dport, dest.addr, dport, onePacket, dest, p.mark);
  dest.stats.conns++;
  svc.stats.conns++;
  v.stats.conns++;
  const w = k.world;
  w.trace.step(w.clock.now, k.index, p.frame !== 0 ? p.frame : p.cause, Step.ipvsSchedule, dest.addr, dport, s);
  return s;
}

/** ip_vs_sched_persist: a template ties the client's network to a server; the scheduler is asked only when there is none. */
function schedulePersistent(k: Kernel, v: IpVs, svc: Service, p: Packet): number {
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
      scheduled.verdict = leave(k, svc, p);
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
function leave(k: Kernel, svc: Service, p: Packet): number {
  if (svc.port === FTPPORT && p.dport !== FTPPORT) return NF_ACCEPT;
  const w = k.world;
  w.trace.step(w.clock.now, k.index, p.frame !== 0 ? p.frame : p.cause, Step.ipvsNoDest, p.dst, p.dport, 0);
  portUnreachable(k, p);
  return drop(k, Drop.IPVS_NO_DEST);
}
