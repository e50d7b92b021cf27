// -m multiport. Counterpart: extensions/libxt_multiport.c ("expection" is its own spelling).
import { INV } from '../../kernel/netfilter/x_tables';
import type { MultiportMatch } from '../../kernel/netfilter/xt_multiport';
import type { Ports } from '../../kernel/netfilter/xt_tcpudp';
import type { Bytes } from '../../lib/text';
import type { Around, Extension } from './extension';
import { parsePort, portText, protoOf } from './ports';
import { problem } from './problem';

function needsProto({ rule }: Around): void {
  if ((rule.inv & INV.PROTO) !== 0) throw problem('multiport only works with TCP, UDP, UDPLITE, SCTP and DCCP');
  if (rule.proto === 0) throw problem("multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'");
  if (![6, 17, 33, 132, 136].includes(rule.proto)) throw problem('multiport only works with TCP, UDP, UDPLITE, SCTP and DCCP');
}
const WHICH: Readonly<Record<string, MultiportMatch['which']>> = { 'source-ports': 'sports', 'destination-ports': 'dports', ports: 'ports' };
const ranges = (m: MultiportMatch, port: (n: number) => Bytes): Bytes => m.ranges.map((r) => (r[0] === r[1] ? port(r[0]) : `${port(r[0])}:${port(r[1])}`)).join(',');

export const multiportExt: Extension<MultiportMatch> = {
  name: 'multiport',
  options: [
    { name: 'source-ports', invert: true, not: ['destination-ports', 'ports'] },
    { name: 'sports', of: 'source-ports', invert: true },
    { name: 'destination-ports', invert: true, not: ['source-ports', 'ports'] },
    { name: 'dports', of: 'destination-ports', invert: true },
    { name: 'ports', invert: true, not: ['source-ports', 'destination-ports'] },
  ],
  init: () => ({ kind: 'multiport', which: 'ports', ranges: [], inv: false }),
  parse(m, option, value, inv, around) {
    needsProto(around);
    const proto = protoOf(around.rule.proto);
    let slots = 0;
    const found: Ports[] = [];
    for (const part of value.split(',')) {
      const colon = part.indexOf(':');
      slots += colon < 0 ? 1 : 2;
      if (slots > 15) throw problem('too many ports specified');
      const lo = parsePort(around.p, colon < 0 ? part : part.slice(0, colon), proto);
      const hi = colon < 0 ? lo : parsePort(around.p, part.slice(colon + 1), proto);
      if (hi < lo || (colon >= 0 && hi === lo)) throw problem('invalid portrange specified');
      found.push([lo, hi]);
    }
    m.which = WHICH[option]!;
    m.ranges = found;
    m.inv = inv;
  },
  check(_m, seen) {
    if (seen.size === 0) throw problem('multiport expection an option');
  },
  print: (m, { p, rule, numeric }) => ` multiport ${m.which} ${m.inv ? ' !' : ''}${ranges(m, (n) => portText(p, n, protoOf(rule.proto), numeric))}`,
  save: (m) => `${m.inv ? ' !' : ''} --${m.which} ${ranges(m, String)}`,
};
