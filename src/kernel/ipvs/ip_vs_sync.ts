// The synchronisation daemons: a master multicasts its connections, a backup learns them. Linux counterpart: net/netfilter/ipvs/ip_vs_sync.c (message version 1).
// Not modelled: several sync ports, IPv6 connections, IGMP reports of the backup.
import type { Errno } from '../../lib/errno';
import { ByteReader, ByteWriter } from '../../wire/byte_io';
import { type Ip, IPPROTO_TCP, IPPROTO_UDP, type Packet } from '../../wire/packet';
import { PROTO, routeOf, SCOPE } from '../ipv4/fib';
import { selectSource } from '../ipv4/source';
import { ipLocalOut } from '../ipv4/ip_output';
import { udpFreePort } from '../ipv4/udp';
import type { Kernel } from '../kernel';
import { Ev } from '../world';
import { AF_INET, CONN_F, type Dest, type IpVs, type SyncDaemon } from './ip_vs';
import { bindDest, connExpireNow, connNew, connPut } from './ip_vs_conn';
import { findService } from './ip_vs_service';
import { lookupDest } from './ip_vs_dest';
import { TCP_S, TCP_STATES } from './ip_vs_proto_tcp';
import { Vs } from './ip_vs_settings';
import { IPVS_TIMER } from './ip_vs_timer_ids';

/** What a start asks for; 0 and '' mean the kernel's default. */
export interface SyncConf { mcastIfn: string; syncid: number; maxlen: number; group: Ip; port: number; ttl: number }
export const SYNC_PORT = 8848;
export const SYNC_GROUP: Ip = (224 << 24) | 81;
const UDP_HLEN = 28;
/** Message header and one IPv4 connection, bytes. */
const MESG_HLEN = 8;
const CONN_BYTES = 36;
/** A message that is not full leaves this long after its first connection, us. */
const FLUSH_US = 2_000_000;
/** Flags a backup takes over from a message, and those it updates on a known connection. */
const BACKUP_MASK = CONN_F.FWD_MASK | CONN_F.NOOUTPUT | CONN_F.INACTIVE | CONN_F.NO_CPORT | CONN_F.TEMPLATE;
const UPDATE_MASK = CONN_F.INACTIVE;
/** States worth telling. */
const told = (s: number): boolean =>
  s === TCP_S.ESTABLISHED || s === TCP_S.FIN_WAIT || s === TCP_S.CLOSE || s === TCP_S.CLOSE_WAIT || s === TCP_S.TIME_WAIT;

/** start_sync_thread: EEXIST when it runs, ENODEV without the interface, EADDRNOTAVAIL for a group that is none. */
export function syncStart(k: Kernel, v: IpVs, role: 'master' | 'backup', c: SyncConf): Errno | null {
  if (v[role] !== null) return 'EEXIST';
  const dev = k.devByName(c.mcastIfn);
  if (dev === undefined) return 'ENODEV';
  const group = c.group === 0 ? SYNC_GROUP : c.group;
  if ((group & 0xf0000000) !== (0xe0000000 | 0)) return 'EADDRNOTAVAIL';
  // What a backup takes depends on its interface; what a master sends fits Ethernet, whatever its own says.
  const backup = role === 'backup';
  const usual = (backup ? Math.min(Math.max(dev.mtu, 1500), 65535) : 1500) - UDP_HLEN;
  const maxlen = c.maxlen === 0 ? usual : Math.min(Math.max(c.maxlen, backup ? 1024 : 1), 65535 - UDP_HLEN);
  const d: SyncDaemon = { mcastIfn: c.mcastIfn, syncid: c.syncid, maxlen, group, port: c.port || SYNC_PORT, ttl: c.ttl || 1, sport: role === 'master' ? udpFreePort(k) : 0 };
  v[role] = d;
  k.printk(`IPVS: sync thread started: state = ${role.toUpperCase()}, mcast_ifn = ${d.mcastIfn}, syncid = ${d.syncid}, id = 0`);
  return null;
}

/** stop_sync_thread: ESRCH when none runs. What a master had not sent yet is lost. */
export function syncStop(v: IpVs, role: 'master' | 'backup'): Errno | null {
  if (v[role] === null) return 'ESRCH';
  v[role] = null;
  if (role === 'master') {
    v.syncQueue = '';
    v.syncCount = 0;
  }
  return null;
}

/** Jiffies of 4 ms since boot; the low two bits of a connection's `syncEnd` count repeated messages. */
const HZ = 250;

/**
 * ip_vs_sync_conn_needed: a change of state (except to ESTABLISHED) at once; else the threshold's packet and then every period.
 * With sync_refresh_period nothing is told twice while its end moves by less, but for sync_retries repetitions soon after.
 */
function needed(k: Kernel, v: IpVs, s: number, pkts: number): boolean {
  const t = v.conns;
  const template = (t.flags[s]! & CONN_F.TEMPLATE) !== 0;
  const state = t.state[s]!;
  const now = Math.floor((k.world.clock.now - k.bootedAt) / 4000) + 300 * HZ; // jiffies begin five minutes before they wrap
  const timeout = (t.timeout[s]! * HZ) / 1000;
  let end = Math.floor((now + timeout) / 4) * 4;
  if (!template) {
    if (v.vs[Vs.sync_persist_mode] !== 0 && t.control[s]! >= 0) return false;
    if (t.proto[s] === IPPROTO_TCP) {
      if (!told(state)) return false;
      if (state !== t.oldState[s] && state !== TCP_S.ESTABLISHED) {
        t.syncEnd[s] = end;
        return true;
      }
    }
  }
  const refresh = (v.vs[Vs.sync_refresh_period]! * HZ) >>> 0;
  if (refresh > 0) {
    const before = t.syncEnd[s]!;
    if (Math.abs(end - before) < Math.min(refresh, Math.max(timeout / 2, 10 * HZ))) {
      const retries = before % 4;
      if (retries >= v.vs[Vs.sync_retries]! || now < before - timeout + refresh / 8) return false;
      end += retries + 1;
    }
  }
  const [at, every] = [v.syncThreshold[0]!, v.syncThreshold[1]!];
  if (every > 0 ? !template && pkts % every !== at : refresh <= 0 && pkts !== at) return false;
  t.syncEnd[s] = end;
  return true;
}

/** ip_vs_sync_conn: tells the other director about a connection that has now `pkts` packets, and then about its template. */
export function syncConn(k: Kernel, v: IpVs, slot: number, pkts: number): void {
  const t = v.conns;
  for (let s = slot, n = pkts; s >= 0; ) {
    if ((t.flags[s]! & (CONN_F.ONE_PACKET | CONN_F.IPV6)) === 0 && needed(k, v, s, n)) {
      t.oldState[s] = t.state[s]!;
      append(k, v, s);
    }
    s = t.control[s]!;
    if (s < 0) return;
    if ((t.flags[s]! & CONN_F.TEMPLATE) !== 0) {
      n = t.inPkts[s]! + 1;
      t.inPkts[s] = n;
    } else n = v.syncThreshold[0]!;
  }
}

const asText = (b: Uint8Array): string => String.fromCharCode(...b);

function append(k: Kernel, v: IpVs, s: number): void {
  const t = v.conns;
  if (v.syncCount > 0 && MESG_HLEN + v.syncQueue.length + CONN_BYTES > v.master!.maxlen) send(k, v, v.master!);
  const w = new ByteWriter();
  w.u8(0);
  w.u8(t.proto[s]!);
  w.u16(CONN_BYTES);
  w.u32(t.flags[s]! & ~CONN_F.HASHED);
  w.u16(t.state[s]!);
  w.u16(t.cport[s]!);
  w.u16(t.vport[s]!);
  w.u16(t.dport[s]!);
  w.u32(t.fwmark[s]!);
  w.u32(Math.floor(t.timeout[s]! / 1000));
  w.u32(t.caddr[s]!);
  w.u32(t.vaddr[s]!);
  w.u32(t.daddr[s]!);
  if (v.syncCount === 0) {
    v.syncAt = k.world.clock.now + FLUSH_US;
    k.world.clock.push(v.syncAt, Ev.ipvsEstimator, k.index, IPVS_TIMER.sync, null);
  }
  v.syncQueue += asText(w.take());
  v.syncCount++;
}

/** The master's flush timer; one that belongs to a message already sent does nothing. */
export function syncTimer(k: Kernel, v: IpVs): void {
  if (v.master !== null && v.syncCount > 0 && v.syncAt === k.world.clock.now) send(k, v, v.master);
}

/** sync_thread_master: one UDP datagram to the group, out of the daemon's interface. */
function send(k: Kernel, v: IpVs, d: SyncDaemon): void {
  const w = new ByteWriter();
  w.u8(0);
  w.u8(d.syncid);
  w.u16(MESG_HLEN + v.syncQueue.length);
  w.u8(v.syncCount);
  w.u8(1);
  w.u16(0);
  const data = asText(w.take()) + v.syncQueue;
  v.syncQueue = '';
  v.syncCount = 0;
  const dev = k.devByName(d.mcastIfn);
  if (dev === undefined) return;
  const p = k.world.alloc();
  p.src = selectSource(k, dev, d.group);
  p.dst = d.group;
  p.proto = IPPROTO_UDP;
  p.sport = d.sport;
  p.dport = d.port;
  p.hlen = 8;
  p.ttl = d.ttl;
  p.id = k.ipId++ & 0xffff; // may be cut where the MTU is smaller: no DF
  p.data = data;
  p.len = UDP_HLEN + data.length;
  ipLocalOut(k, p, routeOf({ dst: d.group, prefix: 32, dev: dev.index, src: p.src, scope: SCOPE.LINK, proto: PROTO.UNSPEC }));
}

/** sync_thread_backup: takes a datagram for the running backup daemon. False: it is not one. */
export function syncReceive(k: Kernel, p: Packet): boolean {
  const v = k.ipvs;
  const d = v?.backup;
  if (v === null || d === null || d === undefined || p.dst !== d.group || p.dport !== d.port || p.iif !== (k.devByName(d.mcastIfn)?.index ?? 0)) return false;
  const r = new ByteReader(Uint8Array.from(p.data, (c) => c.charCodeAt(0)));
  if (r.left >= MESG_HLEN) {
    r.u8();
    const syncid = r.u8();
    r.u16();
    const count = r.u8();
    const version = r.u8();
    r.u16();
    if (version === 1 && (d.syncid === 0 || syncid === d.syncid)) for (let i = 0; i < count && r.left >= CONN_BYTES; i++) learn(k, v, r);
  }
  k.world.consume(p);
  return true;
}

/** ip_vs_proc_conn: one connection of a message. */
function learn(k: Kernel, v: IpVs, r: ByteReader): void {
  const t = v.conns;
  r.u8();
  const proto = r.u8();
  r.u16();
  const flags = (r.u32() & BACKUP_MASK) | CONN_F.SYNC;
  const state = r.u16();
  const [cport, vport, dport] = [r.u16(), r.u16(), r.u16()];
  const fwmark = r.u32();
  const timeout = r.u32() >>> 0;
  const [caddr, vaddr, daddr] = [r.u32(), r.u32(), r.u32()];
  const template = (flags & CONN_F.TEMPLATE) !== 0;
  if (!template && proto === IPPROTO_TCP && state >= TCP_STATES.length) return;
  let s = template ? t.findTemplate(proto, caddr, vaddr, vport, 0) : t.findIn(proto, caddr, cport, vaddr, vport, 0);
  if (s >= 0 && !template && (t.dport[s] !== dport || t.daddr[s] !== daddr)) {
    if ((flags & CONN_F.INACTIVE) !== 0) return; // the end of a connection that was replaced already
    connExpireNow(k, v, s);
    s = -1;
  }
  if (s >= 0) update(k, v, s, flags);
  else s = connNew(v, AF_INET, proto, caddr, cport, vaddr, vport, daddr, dport, flags, destOf(k, v, fwmark, proto, vaddr, vport, daddr, dport, flags), fwmark);
  t.inPkts[s] = v.syncThreshold[0]!;
  t.state[s] = state;
  t.oldState[s] = state;
  t.timeout[s] = timeout === 0 ? (!template && proto === IPPROTO_TCP ? v.tcpTimeouts[state]! : 180_000) : Math.min(timeout, 4_294_967) * 1000;
  connPut(k, v, s);
}

/** A known connection: it may have become active or inactive, and its server may exist by now. */
function update(k: Kernel, v: IpVs, s: number, flags: number): void {
  const t = v.conns;
  const dest = v.dests[t.dest[s]!] ?? null;
  const old = t.flags[s]!;
  if (((old ^ flags) & CONN_F.INACTIVE) !== 0 && (flags & CONN_F.TEMPLATE) === 0 && dest !== null) {
    const by = (flags & CONN_F.INACTIVE) !== 0 ? 1 : -1;
    dest.inactConns += by;
    dest.activeConns -= by;
  }
  t.flags[s] = (flags & UPDATE_MASK) | (old & ~UPDATE_MASK);
  if (dest === null) {
    const found = destOf(k, v, t.fwmark[s]!, t.proto[s]!, t.vaddr[s]!, t.vport[s]!, t.daddr[s]!, t.dport[s]!, t.flags[s]!);
    if (found !== null) bindDest(t, s, found);
  }
}

/** ip_vs_find_dest: this director's own record of the server; without one the connection is kept unbound. */
function destOf(k: Kernel, v: IpVs, fwmark: number, proto: number, vaddr: Ip, vport: number, daddr: Ip, dport: number, flags: number): Dest | null {
  const svc = findService(k, v, AF_INET, fwmark, proto, vaddr, vport);
  if (svc === null) return null;
  const port = fwmark !== 0 && (flags & CONN_F.FWD_MASK) !== CONN_F.MASQ ? 0 : dport;
  return lookupDest(svc, AF_INET, daddr, port) ?? lookupDest(svc, AF_INET, daddr, port ^ dport);
}
