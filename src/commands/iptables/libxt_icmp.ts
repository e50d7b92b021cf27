// -m icmp. Counterpart: extensions/libipt_icmp.c.
import type { IcmpMatch } from '../../kernel/netfilter/ipt_icmp';
import type { Bytes } from '../../lib/text';
import { type Extension, strtoui } from './extension';
import { problem } from './problem';

/** Name, type, code (-1: every code). Aliases come after the name that is printed. */
const TYPES: readonly (readonly [string, number, number])[] = [
  ['any', 255, -1], ['echo-reply', 0, -1], ['pong', 0, -1], ['destination-unreachable', 3, -1], ['network-unreachable', 3, 0], ['host-unreachable', 3, 1],
  ['protocol-unreachable', 3, 2], ['port-unreachable', 3, 3], ['fragmentation-needed', 3, 4], ['source-route-failed', 3, 5], ['network-unknown', 3, 6],
  ['host-unknown', 3, 7], ['network-prohibited', 3, 9], ['host-prohibited', 3, 10], ['TOS-network-unreachable', 3, 11], ['TOS-host-unreachable', 3, 12],
  ['communication-prohibited', 3, 13], ['host-precedence-violation', 3, 14], ['precedence-cutoff', 3, 15], ['source-quench', 4, -1], ['redirect', 5, -1],
  ['network-redirect', 5, 0], ['host-redirect', 5, 1], ['TOS-network-redirect', 5, 2], ['TOS-host-redirect', 5, 3], ['echo-request', 8, -1], ['ping', 8, -1],
  ['router-advertisement', 9, -1], ['router-solicitation', 10, -1], ['time-exceeded', 11, -1], ['ttl-exceeded', 11, -1], ['ttl-zero-during-transit', 11, 0],
  ['ttl-zero-during-reassembly', 11, 1], ['parameter-problem', 12, -1], ['ip-header-bad', 12, 0], ['required-option-missing', 12, 1], ['timestamp-request', 13, -1],
  ['timestamp-reply', 14, -1], ['address-mask-request', 17, -1], ['address-mask-reply', 18, -1],
];
const codes = (code: number): readonly [number, number] => (code < 0 ? [0, 255] : [code, code]);

function parseType(m: IcmpMatch, text: Bytes): void {
  const low = text.toLowerCase();
  const fits = TYPES.filter(([n]) => n.toLowerCase().startsWith(low));
  const exact = fits.find(([n]) => n.toLowerCase() === low);
  if (exact === undefined && fits.length > 1) throw problem(`Ambiguous ICMP type \`${text}': \`${fits[0]![0]}' or \`${fits[1]![0]}'?`);
  const named = exact ?? fits[0];
  if (named !== undefined && text !== '') {
    m.type = named[1];
    m.codes = codes(named[2]);
    return;
  }
  const [type, code] = text.split('/', 2) as [string, string?];
  const n = strtoui(type, 255);
  if (n === null) throw problem(`Unknown ICMP type \`${type}'`);
  const c = code === undefined ? -1 : strtoui(code, 255);
  if (c === null) throw problem(`Unknown ICMP code \`${text}'`);
  m.type = n;
  m.codes = codes(c);
}

export const icmpExt: Extension<IcmpMatch> = {
  name: 'icmp',
  options: [{ name: 'icmp-type', must: true, invert: true }],
  init: () => ({ kind: 'icmp', type: 255, codes: [0, 255], inv: false }),
  parse(m, _option, value, inv) {
    parseType(m, value);
    m.inv = inv;
  },
  print(m, { numeric }) {
    const bang = m.inv ? '!' : '';
    const named = numeric ? undefined : TYPES.find(([, t, c]) => t === m.type && codes(c)[0] === m.codes[0] && codes(c)[1] === m.codes[1]);
    if (named !== undefined) return ` icmp ${bang}${named[0]}`;
    const code = m.codes[0] === 0 && m.codes[1] === 255 ? '' : m.codes[0] === m.codes[1] ? ` code ${m.codes[0]}` : ` codes ${m.codes[0]}-${m.codes[1]}`;
    return ` icmp${m.inv ? ' !' : ''}type ${m.type}${code}`;
  },
  save: (m) => `${m.inv ? ' !' : ''} --icmp-type ${m.type === 255 ? 'any' : `${m.type}${m.codes[0] === 0 && m.codes[1] === 255 ? '' : `/${m.codes[0]}`}`}`,
};
