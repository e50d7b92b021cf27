// Small matches: limit, comment, addrtype, length, statistic. Counterpart: extensions/libxt_limit.c, libxt_comment.c, libxt_addrtype.c, libxt_length.c, libxt_statistic.c.
import { ADDRTYPES, type AddrtypeMatch } from '../../kernel/netfilter/xt_addrtype';
import type { CommentMatch } from '../../kernel/netfilter/xt_comment';
import type { LengthMatch } from '../../kernel/netfilter/xt_length';
import type { LimitMatch } from '../../kernel/netfilter/xt_limit';
import type { StatisticMatch } from '../../kernel/netfilter/xt_statistic';
import type { Bytes } from '../../lib/text';
import { type Extension, strtoui } from './extension';
import { problem } from './problem';

/** Units from the largest to the smallest. */
const UNITS = [['day', 86400], ['hour', 3600], ['min', 60], ['sec', 1]] as const;
/** A rate as 1/10000 s a packet, as libxt_limit keeps it. */
const SCALE = 10_000;

/** print_rate: the smallest unit in which the rate is at least one packet and nearly whole. */
function asPrinted(period: number): [rate: number, unitS: number] {
  let i = 1;
  for (; i < UNITS.length; i++) {
    const mult = UNITS[i]![1] * SCALE;
    if (period > mult || Math.floor(mult / period) < mult % period) break;
  }
  const unit = UNITS[i - 1]![1];
  return [Math.floor((unit * SCALE) / period), unit];
}

const rateText = (m: LimitMatch): Bytes => `${m.rate}/${UNITS.find(([, s]) => s === m.unitS)![0]}`;

export const limitExt: Extension<LimitMatch> = {
  name: 'limit',
  options: [{ name: 'limit' }, { name: 'limit-burst' }],
  init: () => ({ kind: 'limit', rate: 3, unitS: 3600, burst: 5, tokensUs: Number.MAX_SAFE_INTEGER, lastUs: 0 }),
  parse(m, option, value) {
    if (option === 'limit') {
      const hit = /^(\d+)(?:\/([a-z]+))?$/i.exec(value);
      const unit = hit?.[2] === undefined ? 1 : ([['second', 1], ['minute', 60], ['hour', 3600], ['day', 86400]] as const).find(([n]) => n.startsWith(hit[2]!.toLowerCase()))?.[1];
      const rate = Number(hit?.[1] ?? 0);
      if (hit === null || unit === undefined || rate === 0) throw problem(`bad rate "${value}"'`);
      if (rate / unit > SCALE) throw problem(`Rate too fast "${value}"`);
      [m.rate, m.unitS] = asPrinted(Math.floor((SCALE * unit) / rate));
    } else {
      const n = strtoui(value, 10000);
      if (n === null) throw problem('limit: bad value for option "--limit-burst", or out of range (0-10000).\n');
      m.burst = n;
    }
  },
  print: (m) => ` limit: avg ${rateText(m)} burst ${m.burst}`,
  save: (m) => ` --limit ${rateText(m)}${m.burst === 5 ? '' : ` --limit-burst ${m.burst}`}`,
};

/** A word as xtables_save_string writes it: quoted when it has anything but plain characters. */
export function quoted(text: Bytes): Bytes {
  return /^[-_/A-Za-z0-9.]+$/.test(text) ? text : `"${text.replace(/["\\']/g, (c) => `\\${c}`)}"`;
}

export const commentExt: Extension<CommentMatch> = {
  name: 'comment',
  options: [{ name: 'comment', must: true }],
  init: () => ({ kind: 'comment', text: '' }),
  parse(m, _option, value) {
    m.text = value.slice(0, 255);
  },
  print: (m) => ` /* ${m.text} */`,
  save: (m) => ` --comment ${quoted(m.text)}`,
};

function types(text: Bytes): number {
  let mask = 0;
  for (const word of text.split(',')) {
    const at = (ADDRTYPES as readonly string[]).indexOf(word.toUpperCase());
    if (at < 0) throw problem(`addrtype: bad type "${word}"`);
    mask |= 1 << at;
  }
  return mask;
}
const typeNames = (mask: number): Bytes => ADDRTYPES.filter((_, i) => (mask & (1 << i)) !== 0).join(',');

export const addrtypeExt: Extension<AddrtypeMatch> = {
  name: 'addrtype',
  options: [
    { name: 'src-type', invert: true },
    { name: 'dst-type', invert: true },
    { name: 'limit-iface-in', flag: true, not: ['limit-iface-out'] },
    { name: 'limit-iface-out', flag: true, not: ['limit-iface-in'] },
  ],
  init: () => ({ kind: 'addrtype', src: 0, dst: 0, invSrc: false, invDst: false, limit: null }),
  parse(m, option, value, inv) {
    if (option === 'src-type') [m.src, m.invSrc] = [types(value), inv];
    else if (option === 'dst-type') [m.dst, m.invDst] = [types(value), inv];
    else m.limit = option === 'limit-iface-in' ? 'in' : 'out';
  },
  check(_m, seen) {
    if (!seen.has('src-type') && !seen.has('dst-type')) throw problem('addrtype: you must specify --src-type or --dst-type');
  },
  print: (m) =>
    ` ADDRTYPE match${m.src === 0 ? '' : ` src-type ${m.invSrc ? '!' : ''}${typeNames(m.src)}`}${m.dst === 0 ? '' : ` dst-type ${m.invDst ? '!' : ''}${typeNames(m.dst)}`}${m.limit === null ? '' : ` limit-${m.limit}`}`,
  save: (m) =>
    `${m.src === 0 ? '' : `${m.invSrc ? ' !' : ''} --src-type ${typeNames(m.src)}`}${m.dst === 0 ? '' : `${m.invDst ? ' !' : ''} --dst-type ${typeNames(m.dst)}`}${m.limit === null ? '' : ` --limit-iface-${m.limit}`}`,
};

export const lengthExt: Extension<LengthMatch> = {
  name: 'length',
  options: [{ name: 'length', must: true, invert: true }],
  init: () => ({ kind: 'length', min: 0, max: 65535, inv: false }),
  parse(m, _option, value, inv) {
    const hit = /^(\d*)(?::(\d*))?$/.exec(value);
    if (hit === null || value === '') throw problem('length: bad value for option "--length" near "", or out of range (0-65535).\n');
    m.min = hit[1] === '' ? 0 : Number(hit[1]);
    m.max = hit[2] === undefined ? m.min : hit[2] === '' ? 65535 : Number(hit[2]);
    m.inv = inv;
  },
  print: (m) => ` length ${m.inv ? '!' : ''}${m.min === m.max ? m.min : `${m.min}:${m.max}`}`,
  save: (m) => `${m.inv ? ' !' : ''} --length ${m.min === m.max ? m.min : `${m.min}:${m.max}`}`,
};

export const statisticExt: Extension<StatisticMatch> = {
  name: 'statistic',
  options: [{ name: 'mode', must: true }, { name: 'probability', invert: true }, { name: 'every', invert: true }, { name: 'packet' }],
  init: () => ({ kind: 'statistic', mode: 'nth', probability: 0, every: 0, packet: 0, count: 0, inv: false }),
  parse(m, option, value, inv) {
    if (option === 'mode') {
      if (value !== 'random' && value !== 'nth') throw problem(`Bad mode "${value}"`);
      m.mode = value;
      return;
    }
    if (inv) m.inv = true;
    if (option === 'probability') {
      const x = Number(value);
      if (!/^[0-9.]+$/.test(value) || !(x >= 0 && x <= 1)) throw problem('statistic: bad value for option "--probability", or out of range (0.00-1.00).\n');
      m.probability = Math.round(x * 0x80000000);
    } else {
      const n = strtoui(value);
      if (n === null || (option === 'every' && n === 0)) throw problem(`statistic: bad value for option "--${option}", or out of range (1-4294967294).\n`);
      if (option === 'every') m.every = n;
      else m.packet = n;
    }
  },
  check(m, seen) {
    if (m.mode === 'random' && !seen.has('probability')) throw problem('statistic match: You must specify --probability when using the random mode');
    if (m.mode === 'nth' && !seen.has('every')) throw problem('statistic match: You must specify --every when using the nth mode');
    if (m.mode === 'nth' && m.packet >= m.every) throw problem('the --packet p must be 0 <= p <= n-1');
    m.count = m.every - m.packet - 1;
  },
  print: (m) => ` statistic mode ${m.mode}${m.inv ? ' !' : ''}${m.mode === 'random' ? ` probability ${(m.probability / 0x80000000).toFixed(11)}` : ` every ${m.every}${m.packet === 0 ? '' : ` packet ${m.packet}`}`}`,
  save: (m) => ` --mode ${m.mode}${m.inv ? ' !' : ''}${m.mode === 'random' ? ` --probability ${(m.probability / 0x80000000).toFixed(11)}` : ` --every ${m.every} --packet ${m.packet}`}`,
};
