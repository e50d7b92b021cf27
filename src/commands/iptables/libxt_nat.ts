// -j DNAT, SNAT, MASQUERADE, REDIRECT. Counterpart: extensions/libxt_NAT.c (iptables 1.8.9).
import type { NatRange } from '../../kernel/netfilter/nf_nat';
import type { MasqueradeTarget } from '../../kernel/netfilter/xt_MASQUERADE';
import type { DnatTarget, SnatTarget } from '../../kernel/netfilter/xt_nat';
import type { RedirectTarget } from '../../kernel/netfilter/xt_REDIRECT';
import { serviceByName } from '../../host/resolve';
import type { Bytes } from '../../lib/text';
import { ipText, parseIp } from '../../wire/ipv4';
import { type Around, type Extension, type ExtOption, strtoui } from './extension';
import { problem } from './problem';

type Mapping = Omit<NatRange, 'min' | 'max'>;
const RANDOM: ExtOption = { name: 'random', flag: true };
const FULLY: ExtOption = { name: 'random-fully', flag: true };
const PERSISTENT: ExtOption = { name: 'persistent', flag: true };
const unset = (): Mapping => ({ ports: null, random: false, fullyRandom: false, persistent: false });

function parsePorts(text: Bytes, { p, rule }: Around): readonly [number, number] {
  if (![6, 17, 33, 132].includes(rule.proto)) throw problem('Need TCP, UDP, SCTP or DCCP with port specification');
  const hit = /^([^-]*)(?:-(.*))?$/.exec(text)!;
  const named = hit[2] === undefined ? serviceByName(p, text, rule.proto === 17 ? 'udp' : 'tcp') : null;
  const lo = strtoui(hit[1]!, 65535) ?? named;
  const hi = hit[2] === undefined ? lo : strtoui(hit[2], 65535);
  if (lo === null || (hit[2] === undefined && lo === 0)) throw problem(`Port \`${text}' not valid`);
  if (hi === null || hi < lo) throw problem(`Port range \`${text}' funky`);
  return [lo, hi];
}

function parseTo(m: NatRange, text: Bytes, around: Around): void {
  const colon = text.indexOf(':');
  if (colon >= 0) m.ports = parsePorts(text.slice(colon + 1), around);
  const addresses = colon >= 0 ? text.slice(0, colon) : text;
  if (addresses === '') return;
  const [a, b] = addresses.split('-', 2) as [string, string?];
  const min = parseIp(a);
  if (min === null) throw problem(`Bad IP address "${a}"`);
  const max = b === undefined ? min : parseIp(b);
  if (max === null) throw problem(`Bad IP address "${b}"`);
  m.min = min;
  m.max = max;
}

function flags(m: Mapping, option: string): boolean {
  if (option === 'random') m.random = true;
  else if (option === 'random-fully') m.fullyRandom = true;
  else if (option === 'persistent') m.persistent = true;
  else return false;
  return true;
}
const portRange = (m: Mapping): Bytes => (m.ports === null ? '' : m.ports[0] === m.ports[1] ? String(m.ports[0]) : `${m.ports[0]}-${m.ports[1]}`);
const flagWords = (m: Mapping, dash: string): Bytes => `${m.random ? ` ${dash}random` : ''}${m.fullyRandom ? ` ${dash}random-fully` : ''}${m.persistent ? ` ${dash}persistent` : ''}`;
const to = (m: NatRange): Bytes => `${m.min === 0 ? '' : ipText(m.min)}${m.max === m.min ? '' : `-${ipText(m.max)}`}${m.ports === null ? '' : `:${portRange(m)}`}`;

/** DNAT and SNAT differ in a word. */
function addressTarget<T extends NatRange & { kind: 'DNAT' | 'SNAT' }>(kind: T['kind'], option: string, also: readonly ExtOption[]): Extension<T> {
  return {
    name: kind,
    options: [{ name: option, must: true }, RANDOM, ...also, PERSISTENT],
    init: () => ({ kind, min: 0, max: 0, ...unset() }) as T,
    parse(m, name, value, _inv, around) {
      if (!flags(m, name)) parseTo(m, value, around);
    },
    print: (m) => ` to:${to(m)}${flagWords(m, '')}`,
    save: (m) => ` --${option} ${to(m)}${flagWords(m, '--')}`,
  };
}

export const DNATExt = addressTarget<DnatTarget>('DNAT', 'to-destination', []);
export const SNATExt = addressTarget<SnatTarget>('SNAT', 'to-source', [FULLY]);

export const MASQUERADEExt: Extension<MasqueradeTarget> = {
  name: 'MASQUERADE',
  options: [{ name: 'to-ports' }, RANDOM, FULLY],
  init: () => ({ kind: 'MASQUERADE', ...unset() }),
  parse(m, name, value, _inv, around) {
    if (!flags(m, name)) m.ports = parsePorts(value, around);
  },
  print: (m) => `${m.ports === null ? '' : ` masq ports: ${portRange(m)}`}${flagWords(m, '')}`,
  save: (m) => `${m.ports === null ? '' : ` --to-ports ${portRange(m)}`}${flagWords(m, '--')}`,
};

export const REDIRECTExt: Extension<RedirectTarget> = {
  name: 'REDIRECT',
  options: [{ name: 'to-ports' }, RANDOM],
  init: () => ({ kind: 'REDIRECT', ...unset() }),
  parse(m, name, value, _inv, around) {
    if (!flags(m, name)) m.ports = parsePorts(value, around);
  },
  print: (m) => `${m.ports === null ? '' : ` redir ports ${portRange(m)}`}${flagWords(m, '')}`,
  save: (m) => `${m.ports === null ? '' : ` --to-ports ${portRange(m)}`}${flagWords(m, '--')}`,
};
