// Ports and port ranges on iptables' command line. Counterpart: xtables_parse_port and parse_ports of the extensions.
import { serviceByName, serviceByPort } from '../../host/resolve';
import type { Process } from '../../host/process';
import type { Ports } from '../../kernel/netfilter/xt_tcpudp';
import type { Bytes } from '../../lib/text';
import { strtoui } from './extension';
import { problem } from './problem';

const PROTO_NAME: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp', 33: 'dccp', 136: 'udplite' };
export const protoOf = (number: number): string => PROTO_NAME[number] ?? 'tcp';

/** xtables_parse_port: a number or a service of `proto`. */
export function parsePort(p: Process, text: Bytes, proto: string): number {
  const n = strtoui(text, 65535) ?? serviceByName(p, text, proto);
  if (n === null) throw problem(`invalid port/service \`${text}' specified`);
  return n;
}

/** "80", "80:90", ":90", "80:". */
export function parsePorts(p: Process, text: Bytes, proto: string): Ports {
  const colon = text.indexOf(':');
  if (colon < 0) {
    const n = parsePort(p, text, proto);
    return [n, n];
  }
  const lo = colon === 0 ? 0 : parsePort(p, text.slice(0, colon), proto);
  const hi = colon === text.length - 1 ? 65535 : parsePort(p, text.slice(colon + 1), proto);
  if (lo > hi) throw problem('invalid portrange (min > max)');
  return [lo, hi];
}

export const portText = (p: Process, port: number, proto: string, numeric: boolean): Bytes => (numeric ? null : serviceByPort(p, port, proto)) ?? String(port);

/** " dpt:80", " spts:1:5", "" for any. */
export function printPorts(p: Process, name: string, r: Ports, inv: boolean, proto: string, numeric: boolean): Bytes {
  if (r[0] === 0 && r[1] === 65535 && !inv) return '';
  const bang = inv ? '!' : '';
  const port = (n: number): Bytes => portText(p, n, proto, numeric);
  return r[0] === r[1] ? ` ${name}:${bang}${port(r[0])}` : ` ${name}s:${bang}${port(r[0])}:${port(r[1])}`;
}

export function savePorts(name: string, r: Ports, inv: boolean): Bytes {
  if (r[0] === 0 && r[1] === 65535 && !inv) return '';
  return `${inv ? ' !' : ''} --${name} ${r[0] === r[1] ? r[0] : `${r[0]}:${r[1]}`}`;
}
