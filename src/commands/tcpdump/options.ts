// tcpdump's command line. Counterpart: tcpdump.c (main).
import type { Bytes } from '../../lib/text';

/** Bytes kept of a frame unless -s says otherwise. */
export const SNAPLEN = 262144;
export const VERSION = 'tcpdump version 4.99.3\nlibpcap version 1.10.3 (with TPACKET_V3)\nOpenSSL 3.0.20 7 Apr 2026\n';
export const USAGE = `${VERSION}Usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
\t\t[ -C file_size ] [ -E algo:secret ] [ -F file ] [ -G seconds ]
\t\t[ -i interface ] [ --immediate-mode ] [ -j tstamptype ]
\t\t[ -M secret ] [ --number ] [ --print ] [ -Q in|out|inout ]
\t\t[ -r file ] [ -s snaplen ] [ -T type ] [ --version ]
\t\t[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]
\t\t[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
\t\t[ -z postrotate-command ] [ -Z user ] [ expression ]
`;
const WITH_VALUE = 'BcCEFGijmMQrsTVwWyzZ';
const NOT_MODELLED = 'CEFGIJKLmMTVWyzbdfHjN';

/** What a command line asks for. */
export interface Wish {
  device: Bytes;
  count: number;
  read: Bytes;
  save: Bytes;
  snaplen: number;
  direction: string;
  stamps: number;
  ether: boolean;
  quiet: boolean;
  verbose: number;
  numeric: boolean;
  absolute: boolean;
  dump: '' | 'x' | 'X' | 'A';
  dumpLink: boolean;
  number: boolean;
}

/** Reads the words after the name; the rest is the filter. `bad` is an error text, `other` what is not modelled. */
export function parse(args: Bytes[]): { w: Wish; filter: Bytes; what: '' | 'version' | 'list' | 'help'; bad: string; other: string } {
  const w: Wish = {
    device: '', count: -1, read: '', save: '', snaplen: SNAPLEN, direction: 'inout', stamps: 0, ether: false, quiet: false, verbose: 0, numeric: false, absolute: false, dump: '', dumpLink: false, number: false,
  };
  const r = { w, filter: '', what: '' as '' | 'version' | 'list' | 'help', bad: '', other: '' };
  const words: Bytes[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (!/^-./.test(word)) {
      words.push(word);
      continue;
    }
    if (word.startsWith('--')) {
      if (word === '--version') r.what = 'version';
      else if (word === '--help') r.what = 'help';
      else if (word === '--number') w.number = true;
      else if (word === '--list-interfaces') r.what = 'list';
      else if (word === '--immediate-mode' || word === '--print' || word === '--micro' || word === '--no-promiscuous-mode') continue;
      else if (word.startsWith('--interface')) w.device = word.split('=')[1] ?? args[++i] ?? '';
      else r.bad = `tcpdump: unrecognized option '${word}'\n${USAGE}`;
      continue;
    }
    for (let j = 1; j < word.length; j++) {
      const c = word[j]!;
      let v = '';
      if (WITH_VALUE.includes(c)) {
        const given = word.slice(j + 1) || args[++i];
        if (given === undefined) {
          r.bad = `tcpdump: option requires an argument -- '${c}'\n${USAGE}`;
          return r;
        }
        v = given;
        j = word.length;
      }
      if (NOT_MODELLED.includes(c)) r.other = `option -${c}`;
      switch (c) {
        case 'i': w.device = v; break;
        case 'c':
          w.count = Number(v);
          if (!/^\d+$/.test(v) || w.count <= 0) r.bad = `tcpdump: invalid packet count ${v}\n`;
          break;
        case 'r': w.read = v; break;
        case 'w': w.save = v; break;
        case 's': w.snaplen = Number(v) || SNAPLEN; break;
        case 'Q': w.direction = v; break;
        case 't': w.stamps++; break;
        case 'e': w.ether = true; break;
        case 'q': w.quiet = true; break;
        case 'v': w.verbose++; break;
        case 'n': w.numeric = true; break;
        case 'S': w.absolute = true; break;
        case 'x': case 'X':
          w.dumpLink = w.dump === c;
          w.dump = c;
          break;
        case 'A': w.dump = 'A'; break;
        case '#': w.number = true; break;
        case 'D': r.what = 'list'; break;
        case 'h': r.what = 'help'; break;
        case 'l': case 'U': case 'p': case 'O': case 'B': case 'Z': case 'u': break;
        default:
          if (!NOT_MODELLED.includes(c)) r.bad = `tcpdump: invalid option -- '${c}'\n${USAGE}`;
      }
    }
  }
  r.filter = words.join(' ');
  return r;
}
