// -j REJECT and -j LOG. Counterpart: extensions/libipt_REJECT.c, libxt_LOG.c.
import { REJECT_CODES, type RejectTarget, type RejectType } from '../../kernel/netfilter/ipt_REJECT';
import { LOG_FLAG, type LogTarget } from '../../kernel/netfilter/xt_LOG';
import { type Extension, strtoui } from './extension';
import { quoted } from './libxt_small';
import { problem } from './problem';

/** Names in the order an abbreviation is tried, with their aliases. */
const TYPES: readonly (readonly [RejectType, string])[] = [
  ['icmp-net-unreachable', 'net-unreach'], ['icmp-host-unreachable', 'host-unreach'], ['icmp-proto-unreachable', 'proto-unreach'], ['icmp-port-unreachable', 'port-unreach'],
  ['icmp-net-prohibited', 'net-prohib'], ['icmp-host-prohibited', 'host-prohib'], ['tcp-reset', 'tcp-rst'], ['icmp-admin-prohibited', 'admin-prohib'],
];

export const REJECTExt: Extension<RejectTarget> = {
  name: 'REJECT',
  options: [{ name: 'reject-with' }],
  init: () => ({ kind: 'REJECT', type: 'icmp-port-unreachable' }),
  parse(m, _option, value) {
    const low = value.toLowerCase();
    const hit = TYPES.find(([name, alias]) => name.startsWith(low) || alias.startsWith(low));
    if (hit === undefined) throw problem(`unknown reject type "${value}"`);
    m.type = hit[0];
  },
  print: (m) => ` reject-with ${m.type}`,
  save: (m) => ` --reject-with ${m.type}`,
};
export const REJECT_NAMES = [...Object.keys(REJECT_CODES), 'tcp-reset'];

const LEVELS: readonly (readonly [string, number])[] = [['alert', 1], ['crit', 2], ['debug', 7], ['emerg', 0], ['error', 3], ['info', 6], ['notice', 5], ['panic', 0], ['warning', 4]];
const FLAGS: readonly (readonly [string, number])[] = [
  ['log-tcp-sequence', LOG_FLAG.TCPSEQ], ['log-tcp-options', LOG_FLAG.TCPOPT], ['log-ip-options', LOG_FLAG.IPOPT], ['log-uid', LOG_FLAG.UID], ['log-macdecode', LOG_FLAG.MAC],
];

export const LOGExt: Extension<LogTarget> = {
  name: 'LOG',
  options: [{ name: 'log-level' }, { name: 'log-prefix' }, ...FLAGS.map(([name]) => ({ name, flag: true as const }))],
  init: () => ({ kind: 'LOG', level: 4, prefix: '', flags: 0 }),
  parse(m, option, value) {
    if (option === 'log-prefix') m.prefix = value.slice(0, 29);
    else if (option === 'log-level') {
      const n = strtoui(value, 7) ?? LEVELS.find(([name]) => value !== '' && name.startsWith(value.toLowerCase()))?.[1];
      if (n === undefined) throw problem(`log level "${value}" unknown\n`);
      m.level = n;
    } else m.flags |= FLAGS.find(([name]) => name === option)![1];
  },
  print: (m) => ` LOG flags ${m.flags} level ${m.level}${m.prefix === '' ? '' : ` prefix "${m.prefix}"`}`,
  save: (m) =>
    `${m.prefix === '' ? '' : ` --log-prefix ${quoted(m.prefix)}`}${m.level === 4 ? '' : ` --log-level ${m.level}`}${FLAGS.filter(([, bit]) => (m.flags & bit) !== 0).map(([name]) => ` --${name}`).join('')}`,
};
