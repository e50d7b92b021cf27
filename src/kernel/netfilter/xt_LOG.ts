// Target LOG: a line about the packet in the kernel log. Linux counterpart: net/netfilter/xt_LOG.c, nf_log_syslog.c.
import { ipText } from '../../wire/ipv4';
import { ACK, FIN, IP_DF, IP_MF, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, type Packet, PSH, RST, SYN, URG } from '../../wire/packet';
import type { Kernel } from '../kernel';
import { XT_CONTINUE } from './x_tables';
import type { TargetKind } from './xt_list';

/** Bits of `flags`. */
export const LOG_FLAG = { TCPSEQ: 1, TCPOPT: 2, IPOPT: 4, UID: 8, MAC: 32 } as const;

export interface LogTarget {
  kind: 'LOG';
  /** Level of syslog, 0..7. */
  level: number;
  prefix: string;
  flags: number;
}

export const LOG: TargetKind<LogTarget> = {
  target(k, p, t, where) {
    const dev = where.in === '' ? undefined : k.devByName(where.in);
    const mac = dev === undefined ? '' : dev.kind === 'ether' ? ` MAC=${k.world.macs.text(p.dmac)}:${k.world.macs.text(p.smac)}:08:00` : ` MAC=${dev.kind === 'loopback' ? '00:00:00:00:00:00:00:00:00:00:00:00:08:00' : ''}`;
    // Where there is no device to have come in by, the word MAC stays away altogether.
    const marked = p.mark !== 0 ? `MARK=0x${(p.mark >>> 0).toString(16)} ` : '';
    k.printk(`${t.prefix}IN=${where.in} OUT=${where.out}${dev === undefined ? '' : mac} ${packetText(k, p, t.flags)}${marked}`, t.level);
    return XT_CONTINUE;
  },
};

function packetText(k: Kernel, p: Packet, flags: number): string {
  const hex = (n: number): string => n.toString(16).toUpperCase().padStart(2, '0');
  const off = p.frag & 0x1fff;
  let s = `SRC=${ipText(p.src)} DST=${ipText(p.dst)} LEN=${p.len} TOS=0x${hex(p.tos & 0x1e)} PREC=0x${hex(p.tos & 0xe0)} TTL=${p.ttl} ID=${p.id} `;
  if ((p.frag & IP_DF) !== 0) s += 'DF ';
  if ((p.frag & IP_MF) !== 0) s += 'MF ';
  if (off !== 0) s += `FRAG:${off} `;
  const name = p.proto === IPPROTO_TCP ? 'TCP' : p.proto === IPPROTO_UDP ? 'UDP' : p.proto === IPPROTO_ICMP ? 'ICMP' : String(p.proto);
  s += `PROTO=${name} `;
  if (off !== 0) return s;
  if (p.proto === IPPROTO_TCP) {
    s += `SPT=${p.sport} DPT=${p.dport} `;
    if ((flags & LOG_FLAG.TCPSEQ) !== 0) s += `SEQ=${p.seq >>> 0} ACK=${p.ack >>> 0} `;
    s += `WINDOW=${p.win} RES=0x00 `;
    for (const [bit, text] of [[URG, 'URG'], [ACK, 'ACK'], [PSH, 'PSH'], [RST, 'RST'], [SYN, 'SYN'], [FIN, 'FIN']] as const) if ((p.flags & bit) !== 0) s += `${text} `;
    return `${s}URGP=0 `;
  }
  if (p.proto === IPPROTO_UDP) return `${s}SPT=${p.sport} DPT=${p.dport} LEN=${p.len - 20} `;
  if (p.proto !== IPPROTO_ICMP) return s;
  s += `TYPE=${p.icmpType} CODE=${p.icmpCode} `;
  if (p.icmpType === 0 || p.icmpType === 8) s += `ID=${p.icmpRest >>> 16} SEQ=${p.icmpRest & 0xffff} `;
  else if (p.inner !== null) s += `[${packetText(k, p.inner, flags)}] `;
  if (p.icmpType === 3 && p.icmpCode === 4) s += `MTU=${p.icmpRest & 0xffff} `;
  return s;
}
