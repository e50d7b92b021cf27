// -m ipvs. Counterpart: extensions/libxt_ipvs.c.
import { CONN_F } from '../../kernel/ipvs/ip_vs';
import { IPVS_HAS, type IpvsMatch } from '../../kernel/netfilter/xt_ipvs';
import type { Bytes } from '../../lib/text';
import { type Extension, strtoui } from './extension';
import { parseAddresses, protocolNumber, saveAddress } from './names';
import { parsePort } from './ports';
import { problem } from './problem';

const METHODS: readonly (readonly [string, number])[] = [['GATE', CONN_F.DROUTE], ['IPIP', CONN_F.TUNNEL], ['MASQ', CONN_F.MASQ]];

/** Every condition in the order libxt_ipvs shows them: words of an option and what stands after. */
function conditions(m: IpvsMatch, dashes: string): Bytes {
  const say = (bit: number, name: string, value: Bytes, inv = (m.inv & bit) !== 0): Bytes => ((m.has & bit) === 0 ? '' : `${inv ? ' !' : ''} ${dashes}${name}${value === '' ? '' : ` ${value}`}`);
  if ((m.has & IPVS_HAS.IPVS) !== 0) return say(IPVS_HAS.IPVS, 'ipvs', '');
  return say(IPVS_HAS.PROTO, 'vproto', String(m.proto)) + say(IPVS_HAS.VADDR, 'vaddr', saveVaddr(m)) + say(IPVS_HAS.VPORT, 'vport', String(m.vport)) +
    say(IPVS_HAS.DIR, 'vdir', (m.inv & IPVS_HAS.DIR) !== 0 ? 'REPLY' : 'ORIGINAL', false) + say(IPVS_HAS.METHOD, 'vmethod', METHODS.find(([, f]) => f === m.method)?.[0] ?? '') +
    say(IPVS_HAS.VPORTCTL, 'vportctl', String(m.vportctl));
}

const saveVaddr = (m: IpvsMatch): Bytes => saveAddress({ ip: m.vaddr, mask: m.vmask }).replace(/\/32$/, '');

const BIT: Readonly<Record<string, number>> = {
  ipvs: IPVS_HAS.IPVS, vproto: IPVS_HAS.PROTO, vaddr: IPVS_HAS.VADDR, vport: IPVS_HAS.VPORT, vdir: IPVS_HAS.DIR, vmethod: IPVS_HAS.METHOD, vportctl: IPVS_HAS.VPORTCTL,
};

export const ipvsExt: Extension<IpvsMatch> = {
  name: 'ipvs',
  options: [
    { name: 'ipvs', flag: true, invert: true }, { name: 'vproto', invert: true }, { name: 'vaddr', invert: true }, { name: 'vport', invert: true }, { name: 'vdir' },
    { name: 'vmethod', invert: true }, { name: 'vportctl', invert: true },
  ],
  init: () => ({ kind: 'ipvs', has: 0, inv: 0, proto: 0, vaddr: 0, vmask: -1, vport: 0, vportctl: 0, method: 0 }),
  parse(m, option, value, inv, { p }) {
    const bad = (): never => {
      throw problem(`ipvs: Bad value for "--${option}" option: "${value}"`);
    };
    const upper = value.toUpperCase();
    m.has |= BIT[option]!;
    if (inv || (option === 'vdir' && upper === 'REPLY')) m.inv |= BIT[option]!;
    if (option === 'vproto') m.proto = strtoui(value, 255) ?? protocolNumber(p, value);
    else if (option === 'vaddr') {
      const at = parseAddresses(p, value)[0]!;
      [m.vaddr, m.vmask] = [at.ip, at.mask];
    } else if (option === 'vport') m.vport = parsePort(p, value, 'tcp');
    else if (option === 'vportctl') m.vportctl = parsePort(p, value, 'tcp');
    else if (option === 'vdir' && upper !== 'ORIGINAL' && upper !== 'REPLY') bad();
    else if (option === 'vmethod') m.method = METHODS.find(([name]) => name === upper)?.[1] ?? bad();
  },
  check(_m, seen) {
    if (seen.size === 0) throw problem('IPVS: At least one option is required');
  },
  print: (m) => conditions(m, ''),
  save: (m) => conditions(m, '--'),
};
