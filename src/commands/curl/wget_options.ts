// wget's command line. Counterpart: GNU wget's src/main.c, src/init.c.
import type { Bytes } from '../../lib/text';

/** What wget says without a URL. */
export const MISSING = 'wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help\' for more options.\n';

/** What a command line asks for. */
export interface Wish {
  quiet: boolean;
  brief: boolean;
  output: Bytes | null;
  tries: number;
  timeoutUs: number;
  headers: Bytes[];
  agent: Bytes;
  serverHead: boolean;
  spider: boolean;
  post: Bytes | null;
  dir: Bytes;
}

const LONG: Readonly<Record<string, string>> = {
  quiet: 'q', 'no-verbose': 'n', 'output-document': 'O', tries: 't', timeout: 'T', header: 'H', 'user-agent': 'U', 'server-response': 'S', spider: 'P', 'post-data': 'D',
  'directory-prefix': 'd', 'no-check-certificate': 'k', 'no-proxy': 'k', 'show-progress': 'k', version: 'V', 'connect-timeout': 'T', 'read-timeout': 'T', 'dns-timeout': 'T', 'no-dns-cache': 'k',
};
const WITH_VALUE = 'OtTHUDd';

/** Options of wget 1.21 that are not read here, by name (less `no-`) and by letter. */
const KNOWN: readonly string[] = (
  'accept accept-regex adjust-extension append-output ask-password auth-no-challenge background backup-converted backups base bind-address body-data ' +
  'body-file ca-certificate ca-directory cache certificate certificate-type check-certificate ciphers clobber compression config connect-timeout ' +
  'content-disposition content-on-error continue convert-file-only convert-links cookies crl-file cut-dirs debug default-page delete-after directories ' +
  'directory-prefix dns-cache dns-timeout domains exclude-directories exclude-domains execute follow-ftp follow-tags force-directories force-html ' +
  'ftp-password ftp-user ftps-clear-data-connection ftps-fallback-to-ftp ftps-implicit ftps-resume-ssl glob header host-directories hsts hsts-file ' +
  'http-keep-alive http-password http-user https-only if-modified-since ignore-case ignore-length ignore-tags include-directories inet4-only inet6-only ' +
  'input-file iri keep-session-cookies level limit-rate load-cookies local-encoding max-redirect method mirror netrc output-document output-file ' +
  'page-requisites parent passive-ftp password pinnedpubkey post-data post-file prefer-family preserve-permissions private-key private-key-type progress ' +
  'protocol-directories proxy proxy-password proxy-user quiet quota random-wait read-timeout recursive referer regex-type reject reject-regex ' +
  'rejected-log relative remote-encoding remove-listing report-speed restrict-file-names retr-symlinks retry-connrefused retry-on-http-error save-cookies ' +
  'save-headers secure-protocol server-response show-progress span-hosts spider start-pos strict-comments timeout timestamping tries trust-server-names ' +
  'unlink use-askpass use-server-timestamps user user-agent verbose version wait waitretry warc-cdx warc-compression warc-dedup warc-digests warc-file ' +
  'warc-header warc-keep-log warc-max-size warc-tempdir xattr'
).split(' ');
const LETTERS = '46ABDEFHIKLNOPQRSTUVXabcdehiklmopqrtvwx';

/** Reads the words after the name: wishes and URLs; or `text` to print with `status`, or `other` that is not modelled. */
export function readOptions(args: readonly Bytes[]): { w: Wish; urls: Bytes[]; other: string; text: string; status: number } {
  const w: Wish = { quiet: false, brief: false, output: null, tries: 20, timeoutUs: 0, headers: [], agent: 'Wget/1.21.3', serverHead: false, spider: false, post: null, dir: '' };
  const urls: Bytes[] = [];
  const bad = (what: string) => ({ w, urls, other: '', text: `wget: ${what}\n${MISSING.slice(MISSING.indexOf('Usage'))}`, status: 2 });
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (!/^-./.test(word)) {
      urls.push(word);
      continue;
    }
    let letters = word.slice(1).replace(/^nv/, 'n');
    let attached: Bytes | null = null;
    if (word.startsWith('--')) {
      const eq = word.indexOf('=');
      const name = word.slice(2, eq < 0 ? word.length : eq);
      letters = LONG[name] ?? '';
      attached = eq < 0 ? null : word.slice(eq + 1);
      if (letters === '') return KNOWN.includes(name.replace(/^no-/, '')) ? { w, urls, other: `option --${name}`, text: '', status: 64 } : bad(`unrecognized option '${word}'`);
    }
    for (let j = 0; j < letters.length; j++) {
      const c = letters[j] === 'P' && !word.startsWith('--') ? 'd' : letters[j]!;
      let v: Bytes = '';
      if (WITH_VALUE.includes(c)) {
        const given = attached ?? (word.startsWith('--') ? args[++i] : letters.slice(j + 1) || args[++i]);
        if (given === undefined) {
          return bad(`option requires an argument -- '${c}'`);
        }
        v = given;
        j = letters.length;
      }
      if (c === 'q') w.quiet = true;
      else if (c === 'n') w.brief = true;
      else if (c === 'O') w.output = v;
      else if (c === 't') w.tries = Number(v) || Number.POSITIVE_INFINITY;
      else if (c === 'T') w.timeoutUs = Math.round(Number(v) * 1e6);
      else if (c === 'H') w.headers.push(v);
      else if (c === 'U') w.agent = v;
      else if (c === 'S') w.serverHead = true;
      else if (c === 'P') w.spider = true;
      else if (c === 'D') w.post = v;
      else if (c === 'd') w.dir = v;
      else if (c === 'V') return { w, urls, other: '', text: 'GNU Wget 1.21.3 built on linux-gnu.\n', status: 0 };
      else if (c !== 'k' && c !== '4' && c !== 'v') return LETTERS.includes(c) ? { w, urls, other: `option -${c}`, text: '', status: 64 } : bad(`invalid option -- '${c}'`);
    }
  }
  return { w, urls, other: '', text: '', status: 0 };
}
