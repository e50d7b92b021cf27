// -m tcp and -m udp. Counterpart: extensions/libxt_tcp.c, libxt_udp.c.
// Not modelled: --tcp-option.
import { ANY_PORT, TCP_INV, type TcpMatch, type UdpMatch } from '../../kernel/netfilter/xt_tcpudp';
import { INV } from '../../kernel/netfilter/x_tables';
import type { Bytes } from '../../lib/text';
import type { Extension, ExtOption } from './extension';
import { parsePorts, printPorts, savePorts } from './ports';
import { NotModelled, problem } from './problem';

const PORTS: readonly ExtOption[] = [
  { name: 'source-port', invert: true },
  { name: 'sport', of: 'source-port', invert: true },
  { name: 'destination-port', invert: true },
  { name: 'dport', of: 'destination-port', invert: true },
];
const FLAG_BITS: readonly (readonly [string, number])[] = [['FIN', 1], ['SYN', 2], ['RST', 4], ['PSH', 8], ['ACK', 16], ['URG', 32]];

function flagsOf(text: Bytes): number {
  let bits = 0;
  for (const name of text.split(',').filter((x) => x !== '')) {
    const up = name.toUpperCase();
    if (up === 'ALL') bits |= 63;
    else if (up !== 'NONE') {
      const f = FLAG_BITS.find(([n]) => n === up);
      if (f === undefined) throw problem(`Unknown TCP flag \`${name}'`);
      bits |= f[1];
    }
  }
  return bits;
}
const flagNames = (bits: number): Bytes => (bits === 0 ? 'NONE' : FLAG_BITS.filter(([, b]) => (bits & b) !== 0).map(([n]) => n).join(','));
const hex2 = (n: number): string => `0x${n.toString(16).toUpperCase().padStart(2, '0')}`;

export const tcpExt: Extension<TcpMatch> = {
  name: 'tcp',
  old: true,
  options: [...PORTS, { name: 'syn', flag: true, invert: true }, { name: 'tcp-flags', invert: true }, { name: 'tcp-option', invert: true }],
  init: () => ({ kind: 'tcp', spts: ANY_PORT, dpts: ANY_PORT, flagsMask: 0, flagsCmp: 0, inv: 0 }),
  parse(m, option, value, inv, around) {
    const once = (taken: boolean, what: string): void => {
      if (taken) throw problem(`Only one \`${what}' allowed`);
    };
    if (option === 'source-port') {
      once(m.spts !== ANY_PORT, '--source-port');
      m.spts = parsePorts(around.p, value, 'tcp');
      if (inv) m.inv |= TCP_INV.SPORT;
    } else if (option === 'destination-port') {
      once(m.dpts !== ANY_PORT, '--destination-port');
      m.dpts = parsePorts(around.p, value, 'tcp');
      if (inv) m.inv |= TCP_INV.DPORT;
    } else if (option === 'tcp-option') throw new NotModelled('option --tcp-option');
    else {
      once(m.flagsMask !== 0, "--syn' or `--tcp-flags");
      if (option === 'syn') {
        m.flagsMask = 0x17;
        m.flagsCmp = 2;
      } else {
        const second = around.next?.() ?? null;
        if (second === null) throw problem('--tcp-flags requires two args.');
        m.flagsMask = flagsOf(value);
        m.flagsCmp = flagsOf(second);
      }
      if (inv) m.inv |= TCP_INV.FLAGS;
    }
  },
  check(_m, _seen, { rule }) {
    if (rule.proto !== 6 && (rule.inv & INV.PROTO) === 0) throw problem("TCP match requires '-p tcp'");
  },
  print(m, { p, numeric }) {
    const flags = m.flagsMask === 0 && (m.inv & TCP_INV.FLAGS) === 0 ? '' : ` flags:${(m.inv & TCP_INV.FLAGS) !== 0 ? '!' : ''}${numeric ? `${hex2(m.flagsMask)}/${hex2(m.flagsCmp)}` : `${flagNames(m.flagsMask)}/${flagNames(m.flagsCmp)}`}`;
    return ` tcp${printPorts(p, 'spt', m.spts, (m.inv & TCP_INV.SPORT) !== 0, 'tcp', numeric)}${printPorts(p, 'dpt', m.dpts, (m.inv & TCP_INV.DPORT) !== 0, 'tcp', numeric)}${flags}`;
  },
  save(m) {
    const flags = m.flagsMask === 0 && (m.inv & TCP_INV.FLAGS) === 0 ? '' : `${(m.inv & TCP_INV.FLAGS) !== 0 ? ' !' : ''} --tcp-flags ${flagNames(m.flagsMask)} ${flagNames(m.flagsCmp)}`;
    return `${savePorts('sport', m.spts, (m.inv & TCP_INV.SPORT) !== 0)}${savePorts('dport', m.dpts, (m.inv & TCP_INV.DPORT) !== 0)}${flags}`;
  },
};

export const udpExt: Extension<UdpMatch> = {
  name: 'udp',
  options: PORTS,
  init: () => ({ kind: 'udp', spts: ANY_PORT, dpts: ANY_PORT, inv: 0 }),
  parse(m, option, value, inv, { p }) {
    const r = parsePorts(p, value, 'udp');
    if (option === 'source-port') m.spts = r;
    else m.dpts = r;
    if (inv) m.inv |= option === 'source-port' ? TCP_INV.SPORT : TCP_INV.DPORT;
  },
  check(_m, _seen, { rule }) {
    if (rule.proto !== 17 && (rule.inv & INV.PROTO) === 0) throw problem("UDP match requires '-p udp'");
  },
  print: (m, { p, numeric }) => ` udp${printPorts(p, 'spt', m.spts, (m.inv & TCP_INV.SPORT) !== 0, 'udp', numeric)}${printPorts(p, 'dpt', m.dpts, (m.inv & TCP_INV.DPORT) !== 0, 'udp', numeric)}`,
  save: (m) => `${savePorts('sport', m.spts, (m.inv & TCP_INV.SPORT) !== 0)}${savePorts('dport', m.dpts, (m.inv & TCP_INV.DPORT) !== 0)}`,
};
