// -m mark, -j MARK, -m connmark, -j CONNMARK. Counterpart: extensions/libxt_mark.c, libxt_MARK.c, libxt_connmark.c, libxt_CONNMARK.c.
import type { ConnmarkMatch, ConnmarkTarget } from '../../kernel/netfilter/xt_connmark';
import type { MarkMatch, MarkTarget } from '../../kernel/netfilter/xt_mark';
import type { Bytes } from '../../lib/text';
import { type Extension, hex, markMask, strtoui } from './extension';
import { problem } from './problem';

const withMask = (mark: number, mask: number): Bytes => (mask === -1 ? hex(mark) : `${hex(mark)}/${hex(mask)}`);

export const markExt: Extension<MarkMatch> = {
  name: 'mark',
  options: [{ name: 'mark', invert: true, must: true }],
  init: () => ({ kind: 'mark', mark: 0, mask: -1, inv: false }),
  parse(m, _option, value, inv) {
    Object.assign(m, markMask('mark', 'mark', value));
    m.inv = inv;
  },
  print: (m) => ` mark match ${m.inv ? '! ' : ''}${withMask(m.mark, m.mask)}`,
  save: (m) => `${m.inv ? ' !' : ''} --mark ${withMask(m.mark, m.mask)}`,
};

export const connmarkExt: Extension<ConnmarkMatch> = {
  name: 'connmark',
  options: [{ name: 'mark', invert: true, must: true }],
  init: () => ({ kind: 'connmark', mark: 0, mask: -1, inv: false }),
  parse(m, _option, value, inv) {
    Object.assign(m, markMask('connmark', 'mark', value));
    m.inv = inv;
  },
  print: (m) => ` connmark match ${m.inv ? '!' : ''} ${withMask(m.mark, m.mask)}`,
  save: (m) => `${m.inv ? ' !' : ''} --mark ${withMask(m.mark, m.mask)}`,
};

const SETTERS = ['set-xmark', 'set-mark', 'and-mark', 'or-mark', 'xor-mark'];
const setter = (name: string, all: readonly string[]): { name: string; not: readonly string[] } => ({ name, not: all.filter((n) => n !== name) });

/** Mark and mask of one of the setting options: new = (old & ~mask) ^ mark. */
function set(ext: string, option: string, value: Bytes): { mark: number; mask: number } {
  if (option === 'set-xmark' || option === 'set-mark') {
    const v = markMask(ext, option, value);
    return option === 'set-mark' ? { mark: v.mark, mask: v.mark | v.mask } : v;
  }
  const n = strtoui(value);
  if (n === null) throw problem(`${ext}: bad integer value for option "--${option}", or out of range.\n`);
  if (option === 'and-mark') return { mark: 0, mask: ~n };
  return { mark: n | 0, mask: option === 'or-mark' ? n | 0 : 0 };
}

function printSet(name: string, mark: number, mask: number): Bytes {
  if (mark === 0) return ` ${name} and ${hex(~mask)}`;
  if (mark === mask) return ` ${name} or ${hex(mark)}`;
  if (mask === 0) return ` ${name} xor ${hex(mark)}`;
  return mask === -1 ? ` ${name} set ${hex(mark)}` : ` ${name} xset ${hex(mark)}/${hex(mask)}`;
}

export const MARKExt: Extension<MarkTarget> = {
  name: 'MARK',
  options: SETTERS.map((n) => setter(n, SETTERS)),
  init: () => ({ kind: 'MARK', mark: 0, mask: 0 }),
  parse: (m, option, value) => void Object.assign(m, set('MARK', option, value)),
  check(_m, seen) {
    if (seen.size === 0) throw problem('MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required');
  },
  print: (m) => printSet('MARK', m.mark, m.mask),
  save: (m) => ` --set-xmark ${hex(m.mark)}/${hex(m.mask)}`,
};

const OPERATIONS = [...SETTERS, 'save-mark', 'restore-mark'];

export const CONNMARKExt: Extension<ConnmarkTarget> = {
  name: 'CONNMARK',
  options: [...OPERATIONS.map((n) => ({ ...setter(n, OPERATIONS), ...(n.endsWith('e-mark') ? { flag: true as const } : {}) })), { name: 'mask' }, { name: 'ctmask' }, { name: 'nfmask' }],
  init: () => ({ kind: 'CONNMARK', mode: 'set', mark: 0, ctmask: -1, nfmask: -1 }),
  parse(m, option, value) {
    if (option === 'save-mark' || option === 'restore-mark') m.mode = option === 'save-mark' ? 'save' : 'restore';
    else if (option === 'mask' || option === 'ctmask' || option === 'nfmask') {
      const n = strtoui(value);
      if (n === null) throw problem(`CONNMARK: bad integer value for option "--${option}", or out of range.\n`);
      if (option !== 'nfmask') m.ctmask = n | 0;
      if (option !== 'ctmask') m.nfmask = n | 0;
    } else {
      const v = set('CONNMARK', option, value);
      m.mark = v.mark;
      m.ctmask = v.mask;
    }
  },
  check(_m, seen) {
    if (!OPERATIONS.some((o) => seen.has(o))) throw problem('CONNMARK target: No operation specified');
  },
  print(m) {
    if (m.mode === 'set') return printSet('CONNMARK', m.mark, m.ctmask);
    const mask = m.nfmask === -1 && m.ctmask === -1 ? '' : m.nfmask === m.ctmask ? ` mask ${hex(m.ctmask)}` : m.mode === 'save' ? ` nfmask ${hex(m.nfmask)} ctmask ~${hex(m.ctmask)}` : ` ctmask ${hex(m.ctmask)} nfmask ~${hex(m.nfmask)}`;
    return ` CONNMARK ${m.mode}${mask}`;
  },
  save: (m) => (m.mode === 'set' ? ` --set-xmark ${hex(m.mark)}/${hex(m.ctmask)}` : ` --${m.mode}-mark --nfmask ${hex(m.nfmask)} --ctmask ${hex(m.ctmask)}`),
};
