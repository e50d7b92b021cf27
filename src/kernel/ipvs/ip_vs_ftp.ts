// The FTP helper: reads a NAT control connection (port 21), makes the entry of the data connection it announces, and puts the virtual address into the
// server's answer. Linux counterpart: net/netfilter/ipvs/ip_vs_ftp.c, ip_vs_app.c; the sequence numbers after a change of length are nf_conntrack_seqadj.c's.
// Not modelled: the data connection's place as RELATED (it is tracked as NEW), EPRT.
import { type Ip, IPPROTO_TCP, type Packet } from '../../wire/packet';
import type { Kernel } from '../kernel';
import { AF_INET, AF_INET6, CONN_F, FTPPORT, type IpVs } from './ip_vs';
import { connNew, connPut, controlAdd } from './ip_vs_conn';
import { moduleUse } from './ip_vs_modules';
import { TCP_S } from './ip_vs_proto_tcp';

/** What the helper knows of one control connection. */
export interface FtpControl {
  /** What the client asked for last and the server has not answered. */
  mode: '' | 'pasv' | 'epsv' | 'active';
  /** The server's stream grew: sequence number of the last change, and by how much before and after it. */
  at: number;
  before: number;
  after: number;
}

/** ip_vs_bind_app: a NAT connection to port 21 has the helper, if it is loaded. */
export function ftpBind(k: Kernel, v: IpVs, s: number): void {
  const t = v.conns;
  if (t.proto[s] !== IPPROTO_TCP || t.vport[s] !== FTPPORT || (t.flags[s]! & CONN_F.FWD_MASK) !== CONN_F.MASQ || !k.modules.some((m) => m.name === 'ip_vs_ftp')) return;
  t.flags[s] = t.flags[s]! | CONN_F.NFCT; // mangling needs connection tracking
  v.ftp.set(s, { mode: '', at: 0, before: 0, after: 0 });
  moduleUse(k, 'ip_vs_ftp', 1);
}

/** ip_vs_unbind_app. */
export function ftpUnbind(k: Kernel, v: IpVs, s: number): void {
  if (v.ftp.delete(s)) moduleUse(k, 'ip_vs_ftp', -1);
}

const later = (a: number, b: number): boolean => ((a - b) | 0) > 0;

/** A request of the client: which way will the data go? With PORT the client listens, and the server's port 20 will call it. */
export function ftpIn(k: Kernel, v: IpVs, c: FtpControl, s: number, p: Packet): void {
  const t = v.conns;
  p.ack = (p.ack - (later(p.ack - c.before, c.at) ? c.after : c.before)) | 0;
  if (t.state[s] !== TCP_S.ESTABLISHED || p.data === '') return;
  const ipv6 = (t.flags[s]! & CONN_F.IPV6) !== 0;
  if (!ipv6 && /PASV\r\n/i.test(p.data)) c.mode = 'pasv';
  else if ((ipv6 ? /EPSV(?: 2)?\r/i : /EPSV(?: 1)?\r/i).test(p.data)) c.mode = 'epsv';
  else {
    const port = ipv6 ? null : addressIn(/^PORT +(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)[^\d,]/i.exec(p.data)?.slice(1));
    if (port === null) return;
    c.mode = 'active';
    let data = t.findIn(IPPROTO_TCP, port.addr, port.port, t.vaddr[s]!, t.vport[s]! - 1, 0);
    if (data < 0) {
      data = connNew(v, familyOf(v, s), IPPROTO_TCP, port.addr, port.port, t.vaddr[s]!, t.vport[s]! - 1, t.daddr[s]!, t.dport[s]! - 1, 0, v.dests[t.dest[s]!] ?? null, p.mark, true);
      controlAdd(t, data, s);
    }
    listen(k, v, data);
  }
}

/** An answer of the server: where it listens becomes where the client may call, and an entry waits for a client whose port is not known yet. */
export function ftpOut(k: Kernel, v: IpVs, c: FtpControl, s: number, p: Packet): void {
  const seq = p.seq;
  p.seq = (seq + (later(seq, c.at) ? c.after : c.before)) | 0;
  const t = v.conns;
  if (t.state[s] !== TCP_S.ESTABLISHED || (c.mode !== 'pasv' && c.mode !== 'epsv')) return;
  let m: RegExpExecArray | null;
  let where: { addr: Ip; port: number } | null;
  if (c.mode === 'pasv') {
    m = /^227 [^(\d]*\(*((\d+),(\d+),(\d+),(\d+),(\d+),(\d+))[^\d,]/i.exec(p.data);
    where = m === null ? null : addressIn(m.slice(2));
  } else {
    m = /^229 [^(]*\(+(([!-~])\2\2(\d+)\2)/i.exec(p.data);
    where = m === null || Number(m[3]) === 0 ? null : { addr: t.daddr[s]!, port: Number(m[3]) & 0xffff };
  }
  if (m === null || where === null) return;
  let data = t.findOut(IPPROTO_TCP, where.addr, where.port, t.caddr[s]!, 0, t.flags[s]! & CONN_F.IPV6);
  if (data < 0) {
    const flags = CONN_F.NO_CPORT;
    data = connNew(v, familyOf(v, s), IPPROTO_TCP, t.caddr[s]!, 0, t.vaddr[s]!, where.port, where.addr, where.port, flags, v.dests[t.dest[s]!] ?? null, p.mark, true);
    controlAdd(t, data, s);
  }
  const [va, vport] = [t.vaddr[data]!, t.vport[data]!];
  const text = c.mode === 'pasv' ? `${va >>> 24},${(va >>> 16) & 255},${(va >>> 8) & 255},${va & 255},${vport >> 8},${vport & 255}` : `|||${vport}|`;
  const old = m[1]!;
  const from = p.data.indexOf(old, 4);
  p.data = p.data.slice(0, from) + text + p.data.slice(from + old.length);
  p.len += text.length - old.length;
  if (text.length !== old.length) {
    c.at = seq;
    c.before = c.after;
    c.after += text.length - old.length;
  }
  c.mode = '';
  listen(k, v, data);
}

/** Six numbers of FTP as an address and a port. */
function addressIn(numbers: readonly string[] | undefined): { addr: Ip; port: number } | null {
  if (numbers === undefined) return null;
  const n = numbers.map((x) => Number(x) & 255);
  return { addr: (n[0]! << 24) | (n[1]! << 16) | (n[2]! << 8) | n[3]!, port: (n[4]! << 8) | n[5]! };
}

const familyOf = (v: IpVs, s: number): number => ((v.conns.flags[s]! & CONN_F.IPV6) !== 0 ? AF_INET6 : AF_INET);

/** ip_vs_tcp_conn_listen: the entry waits two minutes for the data connection. */
function listen(k: Kernel, v: IpVs, s: number): void {
  v.conns.state[s] = TCP_S.LISTEN;
  v.conns.timeout[s] = v.tcpTimeouts[TCP_S.LISTEN]!;
  connPut(k, v, s);
}
