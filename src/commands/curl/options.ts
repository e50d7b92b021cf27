// curl's command line: what is known, what is modelled, and its words for mistakes. Counterpart: curl 7.88's src/tool_getparam.c.
import type { Bytes } from '../../lib/text';
import { rateOf, warning } from './retry';

/** Options by letter; '=' after the long name: takes an argument; '!' before: exists but is not modelled. */
const TABLE: readonly (readonly [string, string])[] = [
  ['A', 'user-agent='], ['b', 'cookie='], ['d', 'data='], ['e', 'referer='], ['f', 'fail'], ['g', 'globoff'], ['G', 'get'], ['h', 'help'], ['H', 'header='],
  ['i', 'include'], ['I', 'head'], ['k', 'insecure'], ['L', 'location'], ['m', 'max-time='], ['M', 'manual'], ['N', 'no-buffer'], ['o', 'output='],
  ['O', 'remote-name'], ['q', 'disable'], ['r', 'range='], ['s', 'silent'], ['S', 'show-error'], ['T', 'upload-file='], ['u', 'user='], ['v', 'verbose'],
  ['V', 'version'], ['w', 'write-out='], ['X', 'request='], ['0', 'http1.0'], ['4', 'ipv4'], ['#', 'progress-bar'], ['', 'connect-timeout='],
  ['', 'local-port='], ['', 'interface='], ['', 'resolve='], ['', 'url='], ['', 'max-redirs='], ['', 'data-raw='], ['', 'data-binary='], ['', 'data-ascii='],
  ['', 'http1.1'], ['', 'no-keepalive'], ['', 'no-progress-meter'], ['', 'compressed'], ['', '!stderr='], ['', '!create-dirs'], ['', '!fail-early'], ['', 'fail-with-body'],
  ['', 'tcp-nodelay'], ['', '!path-as-is'], ['', 'raw'], ['', 'keepalive-time='], ['', 'noproxy='], ['', '!output-dir='],
  ['6', 'ipv6'], ['1', '!tlsv1'], ['2', '!sslv2'], ['3', '!sslv3'], ['a', '!append'], ['B', '!use-ascii'], ['c', '!cookie-jar='], ['C', '!continue-at='],
  ['D', '!dump-header='], ['E', '!cert='], ['F', '!form='], ['j', '!junk-session-cookies'], ['J', '!remote-header-name'], ['K', '!config='], ['l', '!list-only'],
  ['n', '!netrc'], ['p', '!proxytunnel'], ['P', '!ftp-port='], ['Q', '!quote='], ['R', '!remote-time'], ['t', '!telnet-option='], ['U', '!proxy-user='],
  ['x', '!proxy='], ['y', '!speed-time='], ['Y', '!speed-limit='], ['z', '!time-cond='], ['Z', '!parallel'], ['', 'retry='], ['', 'retry-delay='], ['', 'retry-max-time='], ['', 'retry-connrefused'], ['', 'retry-all-errors'],
  ['', 'limit-rate='], ['', '!http2'], ['', '!http3'], ['', '!cacert='], ['', '!capath='], ['', '!connect-to='], ['', '!data-urlencode='], ['', '!digest'], ['', '!json='],
  ['', '!remote-name-all'], ['', '!trace='], ['', '!trace-ascii='], ['', '!trace-time'], ['', '!unix-socket='], ['', '!next'], ['', '!socks5='], ['', '!dns-servers='],
  ['', '!location-trusted'], ['', '!max-filesize='], ['', '!expect100-timeout='], ['', '!happy-eyeballs-timeout-ms='], ['', '!haproxy-protocol'], ['', '!tcp-fastopen'],
  ['', '!oauth2-bearer='], ['', '!rate='], ['', '!ciphers='], ['', '!key='], ['', '!pinnedpubkey='], ['', '!post301'], ['', '!post302'], ['', '!post303'], ['', '!request-target='],
];

interface Spec {
  name: string;
  value: boolean;
  modelled: boolean;
}
const SPECS: readonly (Spec & { letter: string })[] = TABLE.map(([letter, text]) => ({
  letter, name: text.replace(/^!/, '').replace(/=$/, ''), value: text.endsWith('='), modelled: !text.startsWith('!'),
}));

/** What one command line asks for. */
export interface Config {
  urls: Bytes[];
  /** -o and -O in order: null means the remote name. */
  outputs: (Bytes | null)[];
  values: Map<string, Bytes>;
  headers: Bytes[];
  resolve: Bytes[];
  data: { text: Bytes; how: string }[];
  flags: Set<string>;
}

/** A mistake: curl's words without the `curl: ` in front. */
export interface Mistake {
  words: string;
  notModelled: boolean;
  /** A warning that comes first. */
  before?: Bytes;
}

const LISTS: Readonly<Record<string, 'headers' | 'resolve'>> = { header: 'headers', resolve: 'resolve' };
const SECONDS = ['max-time', 'connect-timeout'];
const COUNTS = ['retry', 'retry-delay', 'retry-max-time'];

/** Long names may be cut short while they are unambiguous; `no-` switches a flag off. */
function longSpec(word: Bytes): Spec | 'ambiguous' | undefined {
  const exact = SPECS.find((s) => s.name === word);
  if (exact !== undefined) return exact;
  const found = SPECS.filter((s) => s.name.startsWith(word));
  return found.length > 1 ? 'ambiguous' : found[0];
}

export function parseCommandLine(args: readonly Bytes[]): Config | Mistake {
  const c: Config = { urls: [], outputs: [], values: new Map(), headers: [], resolve: [], data: [], flags: new Set() };
  const wrong = (words: string, notModelled = false): Mistake => ({ words, notModelled });
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === '--') {
      c.urls.push(...args.slice(i + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      c.urls.push(word);
      continue;
    }
    const long = word.startsWith('--');
    const letters = long ? [''] : [...word.slice(1)];
    for (let j = 0; j < letters.length; j++) {
      const shown = long ? word : `-${letters[j]!}`;
      const no = long && word.startsWith('--no-') && longSpec(word.slice(2)) === undefined;
      const spec = long ? longSpec(no ? word.slice(5) : word.slice(2)) : SPECS.find((s) => s.letter === letters[j]);
      if (spec === undefined) return wrong(`option ${shown}: is unknown`);
      if (spec === 'ambiguous') return wrong(`option ${shown}: is ambiguous`);
      let value: Bytes = '';
      if (spec.value) {
        const attached = long ? '' : letters.slice(j + 1).join('');
        const given = attached !== '' ? attached : args[++i];
        if (given === undefined) return wrong(`option ${shown}: requires parameter`);
        value = given;
        j = letters.length;
      }
      if (!spec.modelled) return wrong(`option ${long ? word : `-${letters.find((l) => SPECS.some((s) => s.letter === l && s.name === spec.name)) ?? ''}`}`, true);
      if (no) {
        c.flags.delete(spec.name);
        continue;
      }
      if (SECONDS.includes(spec.name)) {
        if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(value)) return wrong(`option ${shown}: expected a proper numerical parameter`);
        if (value.startsWith('-')) return wrong(`option ${shown}: expected a positive numerical parameter`);
      }
      if (COUNTS.includes(spec.name)) {
        if (/^-\d+$/.test(value)) return wrong(`option ${shown}: expected a positive numerical parameter`);
        if (!/^\d+$/.test(value)) return wrong(`option ${shown}: expected a proper numerical parameter`);
      }
      const rate = spec.name === 'limit-rate' ? rateOf(value) : 0;
      if (typeof rate !== 'number') return { ...wrong(`option ${shown}: is badly used here`), before: warning(rate.warns) };
      if (spec.name === 'local-port' && !/^\d+(-\d+)?$/.test(value)) return wrong(`option ${shown}: expected a proper numerical parameter`);
      const list = LISTS[spec.name];
      if (list !== undefined) c[list].push(value);
      else if (spec.name === 'url') c.urls.push(value);
      else if (spec.name === 'output') c.outputs.push(value);
      else if (spec.name === 'remote-name') c.outputs.push(null);
      else if (spec.name.startsWith('data')) c.data.push({ text: value, how: spec.name });
      else if (spec.value) c.values.set(spec.name, value);
      else c.flags.add(spec.name);
    }
  }
  return c;
}
