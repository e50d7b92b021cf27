// ipvsadm -S: the table as command lines for -R. Counterpart: ipvsadm 1.31's FMT_RULE. Thresholds are not saved.
import type { Process } from '../../host/process';
import type { Bytes } from '../../lib/text';
import { IPPROTO_SCTP, IPPROTO_UDP } from '../../wire/packet';
import { type DestEntry, FORWARD, type Libipvs, type ServiceEntry, SVC } from './libipvs';
import { maskText, schedFlagNames, sorted } from './list';
import { Names } from './names';

/** The table as lines of ipvsadm; names instead of numbers unless `numeric`. */
export function saveAll(p: Process, l: Libipvs, numeric: boolean): Bytes {
  const names = new Names(p, numeric);
  const parts: Bytes[] = [];
  for (const { service, dests } of sorted(l, false)) {
    const id = serviceWords(service, names);
    parts.push(serviceLine(service, id));
    for (const d of dests) parts.push(destLine(service, id, d, names));
  }
  return parts.join('');
}

function serviceWords(s: ServiceEntry, names: Names): Bytes {
  if (s.fwmark !== 0) return `-f ${s.fwmark | 0}${s.af === 6 ? ' -6' : ''}`;
  const option = s.protocol === IPPROTO_UDP ? '-u' : s.protocol === IPPROTO_SCTP ? '--sctp-service' : '-t';
  return `${option} ${names.addrPort(s.ip, s.ip6, s.port, s.protocol)}`;
}

function serviceLine(s: ServiceEntry, id: Bytes): Bytes {
  let line = `-A ${id} -s ${s.sched}`;
  if ((s.flags & SVC.PERSISTENT) !== 0) line += ` -p ${s.timeout}${maskText(s, ' -M ')}`;
  if (s.pe !== '') line += ` --pe ${s.pe}`;
  if ((s.flags & SVC.ONEPACKET) !== 0) line += ' -o';
  const flags = schedFlagNames(s.sched, s.flags);
  if (flags !== null) line += ` -b ${flags}`;
  return `${line}\n`;
}

function destLine(s: ServiceEntry, id: Bytes, d: DestEntry, names: Names): Bytes {
  const how = d.forward === FORWARD.masq ? '-m' : d.forward === FORWARD.tunnel ? '-i' : '-g';
  const line = `-a ${id} -r ${names.addrPort(d.ip, d.ip6, d.port, s.fwmark !== 0 ? 0 : s.protocol)} ${how} -w ${d.weight}`;
  if (d.forward !== FORWARD.tunnel) return `${line}\n`;
  if (d.tunType === 'ipip') return `${line} --tun-type ipip\n`;
  const sum = (d.tunFlags & 2) !== 0 ? '--tun-remcsum' : (d.tunFlags & 1) !== 0 ? '--tun-csum' : '--tun-nocsum';
  return `${line} --tun-type ${d.tunType}${d.tunType === 'gue' ? ` --tun-port ${d.tunPort}` : ''} ${sum}\n`;
}
