// -m ttl, -j TTL, -j TOS, -m iprange, -j NOTRACK, -j CT. Counterpart: extensions/libipt_ttl.c, libipt_TTL.c, libxt_TOS.c, libxt_iprange.c, libxt_CT.c.
import type { CtTarget, NotrackTarget } from '../../kernel/netfilter/xt_CT';
import type { TosTarget } from '../../kernel/netfilter/xt_DSCP';
import type { TtlMatch, TtlTarget } from '../../kernel/netfilter/xt_HL';
import type { IprangeMatch } from '../../kernel/netfilter/xt_iprange';
import type { Bytes } from '../../lib/text';
import { inetAton, ipText } from '../../wire/ipv4';
import { type Extension, strtoui } from './extension';
import { NotModelled, problem } from './problem';

/** A number from 0 to 255, or what libxtables says of another. */
function byte(ext: string, option: string, value: Bytes): number {
  const n = strtoui(value, 255);
  if (n === null) throw problem(`${ext}: bad value for option "--${option}", or out of range (0-255).\n`);
  return n;
}

const TTL_SIGN = { eq: '==', ne: '!=', lt: '<', gt: '>' } as const;

export const ttlExt: Extension<TtlMatch> = {
  name: 'ttl',
  options: [{ name: 'ttl-eq', invert: true, not: ['ttl-lt', 'ttl-gt'] }, { name: 'ttl', of: 'ttl-eq', invert: true }, { name: 'ttl-lt', not: ['ttl-eq', 'ttl-gt'] }, { name: 'ttl-gt', not: ['ttl-eq', 'ttl-lt'] }],
  init: () => ({ kind: 'ttl', mode: 'eq', ttl: 0 }),
  parse(m, option, value, inv) {
    m.mode = option === 'ttl-lt' ? 'lt' : option === 'ttl-gt' ? 'gt' : inv ? 'ne' : 'eq';
    m.ttl = byte('ttl', option, value);
  },
  check(_m, seen) {
    if (seen.size === 0) throw problem("TTL match: You must specify one of `--ttl-eq', `--ttl-lt', `--ttl-gt");
  },
  print: (m) => ` TTL match TTL ${TTL_SIGN[m.mode]} ${m.ttl}`,
  save: (m) => `${m.mode === 'ne' ? ' !' : ''} --ttl-${m.mode === 'ne' ? 'eq' : m.mode} ${m.ttl}`,
};

const ACTIONS = ['ttl-set', 'ttl-inc', 'ttl-dec'];
export const TTLExt: Extension<TtlTarget> = {
  name: 'TTL',
  options: ACTIONS.map((name) => ({ name, not: ACTIONS.filter((o) => o !== name) })),
  init: () => ({ kind: 'TTL', mode: 'set', ttl: 0 }),
  parse(t, option, value) {
    t.mode = option === 'ttl-set' ? 'set' : option === 'ttl-inc' ? 'inc' : 'dec';
    t.ttl = byte('TTL', option, value);
  },
  check(_t, seen) {
    if (seen.size === 0) throw problem('TTL: You must specify an action');
  },
  print: (t) => ` TTL ${t.mode === 'set' ? 'set to' : t.mode === 'inc' ? 'increment by' : 'decrement by'} ${t.ttl}`,
  save: (t) => ` --ttl-${t.mode} ${t.ttl}`,
};

const TOS_NAMES: readonly (readonly [string, number])[] = [['Minimize-Delay', 0x10], ['Maximize-Throughput', 0x08], ['Maximize-Reliability', 0x04], ['Minimize-Cost', 0x02], ['Normal-Service', 0x00]];
const SETTERS = ['set-tos', 'and-tos', 'or-tos', 'xor-tos'];
const hex2 = (n: number): Bytes => `0x${n.toString(16).padStart(2, '0')}`;

export const TOSExt: Extension<TosTarget> = {
  name: 'TOS',
  options: SETTERS.map((name) => ({ name, not: SETTERS.filter((o) => o !== name) })),
  init: () => ({ kind: 'TOS', value: 0, mask: 0 }),
  parse(t, option, value) {
    const named = TOS_NAMES.find(([name]) => name.toLowerCase() === value.toLowerCase());
    if (option === 'set-tos' && named !== undefined) {
      [t.value, t.mask] = [named[1], 0x3f];
      return;
    }
    const [a, b] = value.split('/', 2) as [string, string?];
    const n = strtoui(a, 255);
    const mask = b === undefined ? 0xff : strtoui(b, 255);
    if (n === null || mask === null) throw problem(`TOS: bad value for option "--${option}", or out of range (0-255).\n`);
    if (option === 'set-tos') [t.value, t.mask] = [n, mask];
    else if (option === 'and-tos') [t.value, t.mask] = [0, ~n & 255];
    else [t.value, t.mask] = [n, option === 'or-tos' ? n : 0];
  },
  check(_t, seen) {
    if (seen.size === 0) throw problem('TOS: An action is required');
  },
  print(t) {
    if (t.value === 0 && t.mask === 0xff) return ' TOS set 0x00/0xff';
    if (t.value === 0) return ` TOS and ${hex2(~t.mask & 255)}`;
    if (t.value === t.mask) return ` TOS or ${hex2(t.value)}`;
    return t.mask === 0 ? ` TOS xor ${hex2(t.value)}` : ` TOS set ${hex2(t.value)}/${hex2(t.mask)}`;
  },
  save: (t) => ` --set-tos ${hex2(t.value)}/${hex2(t.mask)}`,
};

export const iprangeExt: Extension<IprangeMatch> = {
  name: 'iprange',
  options: [{ name: 'src-range', invert: true }, { name: 'dst-range', invert: true }],
  init: () => ({ kind: 'iprange', src: null, dst: null }),
  parse(m, option, value, inv) {
    const [a = '', b = a] = value.split('-', 2);
    const low = inetAton(a);
    const high = inetAton(b);
    if (low === null || high === null) throw problem(`iprange: Bad value for "--${option}" option: "${value}"`);
    if (low >>> 0 > high >>> 0) throw new NotModelled('a range that ends before it begins');
    m[option === 'src-range' ? 'src' : 'dst'] = { low, high, inv };
  },
  check(_m, seen) {
    if (seen.size === 0) throw problem('iprange match: You must specify `--src-range or `--dst-range');
  },
  print: (m) => (['src', 'dst'] as const).map((side) => {
    const r = m[side];
    return r === null ? '' : ` ${side === 'src' ? 'source' : 'destination'} IP range ${r.inv ? '! ' : ''}${ipText(r.low)}-${ipText(r.high)}`;
  }).join(''),
  save: (m) => (['src', 'dst'] as const).map((side) => {
    const r = m[side];
    return r === null ? '' : `${r.inv ? ' !' : ''} --${side}-range ${ipText(r.low)}-${ipText(r.high)}`;
  }).join(''),
};

export const NOTRACKExt: Extension<NotrackTarget> = { name: 'NOTRACK', options: [], init: () => ({ kind: 'NOTRACK' }), parse: () => undefined, print: () => ' NOTRACK', save: () => '' };

export const CTExt: Extension<CtTarget> = {
  name: 'CT',
  options: [{ name: 'notrack', flag: true }, ...['helper', 'timeout', 'ctevents', 'expevents', 'zone', 'zone-orig', 'zone-reply'].map((name) => ({ name }))],
  init: () => ({ kind: 'CT', notrack: false }),
  parse(t, option) {
    if (option !== 'notrack') throw new NotModelled(`option --${option} of target CT`);
    t.notrack = true;
  },
  check(t) {
    if (!t.notrack) throw new NotModelled('target CT without --notrack');
  },
  print: () => ' NOTRACK',
  save: () => ' --notrack',
};
