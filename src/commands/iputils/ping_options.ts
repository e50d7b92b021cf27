// ping's command line. Counterpart: iputils' ping/ping.c (main).
import type { Bytes } from '../../lib/text';
import { BadUse, decimal, whole } from './number';
import { PING_USAGE } from './usage';

const VERSION = 'ping from iputils 20221126\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n';
const WITH_VALUE = 'TFNceiIlmMpQsStwW';
const NOT_MODELLED: Readonly<Record<string, string>> = { R: '-R', T: '-T', F: '-F', N: '-N', f: '-f', A: '-A', l: '-l', p: '-p', m: '-m' };

/** Everything a run of ping knows. */
export interface Ping {
  /** -4 or -6; 0: what the destination is. */
  family: 0 | 4 | 6;
  count: number;
  intervalUs: number;
  lingerUs: number;
  deadline: number;
  size: number;
  ttl: number;
  tos: number;
  from: Bytes;
  pmtu: 'do' | 'dont' | 'want' | 'probe';
  quiet: boolean;
  numeric: boolean;
  broadcast: boolean;
  stamps: boolean;
  outstanding: boolean;
  verbose: boolean;
  audible: boolean;
  warning: string;
}

/** Reads the words after the name. `stop` ends the command at once; `other` names what is not modelled. Throws BadUse. */
export function readOptions(args: Bytes[]): { o: Ping; words: Bytes[]; stop: { text: string; status: number; error: boolean } | null; other: string } {
  const o: Ping = {
    family: 0, count: 0, intervalUs: 1_000_000, lingerUs: 10_000_000, deadline: 0, size: 56, ttl: 0, tos: 0, from: '', pmtu: 'want', quiet: false, numeric: false,
    broadcast: false, stamps: false, outstanding: false, verbose: false, audible: false, warning: '',
  };
  const words: Bytes[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === '--') {
      words.push(...args.slice(i + 1));
      break;
    }
    if (!/^-./.test(word)) {
      words.push(word);
      continue;
    }
    for (let j = 1; j < word.length; j++) {
      const c = word[j]!;
      let v = '';
      if (WITH_VALUE.includes(c)) {
        const attached = word.slice(j + 1);
        const given = attached !== '' ? attached : args[++i];
        if (given === undefined) return { o, words, stop: { text: `ping: option requires an argument -- '${c}'\n${PING_USAGE}`, status: 2, error: true }, other: '' };
        v = given;
        j = word.length;
      }
      if (NOT_MODELLED[c] !== undefined) return { o, words, stop: null, other: `option ${NOT_MODELLED[c]}` };
      switch (c) {
        case '4':
          o.family = 4;
          break;
        case '6':
          o.family = 6;
          break;
        case 'B':
        case 'U':
        case 'd':
        case 'L':
        case 'r':
        case 'C':
        case 'e':
        case 'S':
          break;
        case 'c':
          o.count = whole('ping', v, 1, '9223372036854775807');
          break;
        case 'i':
        case 'W': {
          const d = decimal('ping', v);
          o.warning += d.warning;
          if (d.value < 0 || d.value >= 2147483) throw new BadUse(`ping: bad ${c === 'i' ? 'timing interval' : 'linger time'}: ${v}\n`, 2);
          if (c === 'i') o.intervalUs = Math.max(1000, Math.round(d.value * 1e6));
          else o.lingerUs = Math.round(d.value * 1e6);
          break;
        }
        case 'w':
          o.deadline = whole('ping', v, 0, 2147483647);
          break;
        case 's':
          o.size = whole('ping', v, 0, 2147483647);
          if (o.size > 65507) throw new BadUse(`ping: packet size ${o.size} is too large. Maximum is 65507\n`, 1);
          break;
        case 't':
          o.ttl = whole('ping', v, 0, 255);
          break;
        case 'Q':
          o.tos = Number(v) & 255;
          break;
        case 'I':
          o.from = v;
          break;
        case 'M':
          if (v !== 'do' && v !== 'dont' && v !== 'want' && v !== 'probe') throw new BadUse(`ping: invalid -M argument: ${v}\n`, 2);
          o.pmtu = v;
          break;
        case 'q':
          o.quiet = true;
          break;
        case 'n':
          o.numeric = true;
          break;
        case 'b':
          o.broadcast = true;
          break;
        case 'D':
          o.stamps = true;
          break;
        case 'O':
          o.outstanding = true;
          break;
        case 'v':
          o.verbose = true;
          break;
        case 'a':
          o.audible = true;
          break;
        case 'V':
          return { o, words, stop: { text: VERSION, status: 0, error: false }, other: '' };
        case 'h':
        case '?':
          return { o, words, stop: { text: PING_USAGE, status: 2, error: true }, other: '' };
        default:
          return { o, words, stop: { text: `ping: invalid option -- '${c}'\n${PING_USAGE}`, status: 2, error: true }, other: '' };
      }
    }
  }
  return { o, words, stop: null, other: '' };
}
