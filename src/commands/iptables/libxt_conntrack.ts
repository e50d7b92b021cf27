// -m conntrack and -m state. Counterpart: extensions/libxt_conntrack.c.
// Not modelled: every option of conntrack but --ctstate.
import { CTSTATE, type ConntrackMatch, type StateMatch } from '../../kernel/netfilter/xt_conntrack';
import type { Bytes } from '../../lib/text';
import type { Extension, ExtOption } from './extension';
import { NotModelled, problem } from './problem';

const NAMES = Object.keys(CTSTATE) as (keyof typeof CTSTATE)[];

function states(text: Bytes, nat: boolean, what: string): number {
  let mask = 0;
  for (const word of text.split(',')) {
    const up = word.toUpperCase();
    const name = NAMES.find((n) => n === up && (nat || (n !== 'SNAT' && n !== 'DNAT')));
    if (name === undefined) throw problem(`Bad ${what} "${word}"`);
    mask |= CTSTATE[name];
  }
  return mask;
}
const names = (mask: number): Bytes => NAMES.filter((n) => (mask & CTSTATE[n]) !== 0).join(',');
const OTHERS: readonly ExtOption[] = ['ctproto', 'ctorigsrc', 'ctorigdst', 'ctreplsrc', 'ctrepldst', 'ctorigsrcport', 'ctorigdstport', 'ctreplsrcport', 'ctrepldstport', 'ctstatus', 'ctexpire', 'ctdir']
  .map((name) => ({ name, invert: true }));

export const conntrackExt: Extension<ConntrackMatch> = {
  name: 'conntrack',
  options: [{ name: 'ctstate', invert: true }, ...OTHERS],
  init: () => ({ kind: 'conntrack', mask: 0, inv: false }),
  parse(m, option, value, inv) {
    if (option !== 'ctstate') throw new NotModelled(`option --${option}`);
    m.mask = states(value, true, 'ctstate');
    m.inv = inv;
  },
  check(_m, seen) {
    if (seen.size === 0) throw problem('conntrack: At least one option is required');
  },
  print: (m) => `${m.inv ? ' !' : ''} ctstate ${names(m.mask)}`,
  save: (m) => `${m.inv ? ' !' : ''} --ctstate ${names(m.mask)}`,
};

export const stateExt: Extension<StateMatch> = {
  name: 'state',
  options: [{ name: 'state', invert: true, must: true }],
  init: () => ({ kind: 'state', mask: 0, inv: false }),
  parse(m, _option, value, inv) {
    m.mask = states(value, false, 'state');
    m.inv = inv;
  },
  print: (m) => `${m.inv ? ' !' : ''} state ${names(m.mask)}`,
  save: (m) => `${m.inv ? ' !' : ''} --state ${names(m.mask)}`,
};
