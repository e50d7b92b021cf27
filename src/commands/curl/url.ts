// URLs as curl takes them: guessing the scheme, numeric hosts, globbing. Counterpart: curl's lib/urlapi.c and src/tool_urlglob.c. RFC 3986.
import type { Bytes } from '../../lib/text';
import { parseIp6 } from '../../wire/ip6_text';
import { inetAton, ipText } from '../../wire/ipv4';

export interface Url {
  scheme: string;
  user: Bytes;
  /** A name or an address; an IPv6 address in brackets. */
  host: Bytes;
  port: number;
  /** Path with its query. */
  path: Bytes;
}

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** Splits a URL. 'bad' when malformed, or the unknown scheme as {unknown}. */
export function parseUrl(text: Bytes): Url | 'bad' | { unknown: string } {
  const m = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/{1,3}/.exec(text);
  const scheme = m === null ? 'http' : m[1]!.toLowerCase();
  let rest = m === null ? text : text.slice(m[0].length);
  const hash = rest.indexOf('#');
  if (hash >= 0) rest = rest.slice(0, hash);
  if (/[\x00-\x20\x7f]/.test(rest)) return 'bad';
  const end = rest.search(/[/?]/);
  let authority = end < 0 ? rest : rest.slice(0, end);
  let path = end < 0 ? '/' : rest.slice(end);
  if (path.startsWith('?')) path = `/${path}`;
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? '' : authority.slice(0, at);
  authority = at < 0 ? authority : authority.slice(at + 1);
  const colon = authority.lastIndexOf(':');
  let port = PORTS[scheme] ?? 0;
  if (colon >= 0 && !authority.endsWith(']')) {
    const digits = authority.slice(colon + 1);
    authority = authority.slice(0, colon);
    if (!/^\d*$/.test(digits) || Number(digits) > 65535) return 'bad';
    if (digits !== '') port = Number(digits);
  }
  if (authority === '' || /[\s"<>\\^`{|}]/.test(authority)) return 'bad';
  if (PORTS[scheme] === undefined) return { unknown: m![1]! };
  if (authority.startsWith('[')) {
    const ip6 = parseIp6(authority.slice(1, -1));
    return ip6 === null ? 'bad' : { scheme, user, host: `[${ip6}]`, port, path: normalize(path) };
  }
  const ip = inetAton(authority);
  return { scheme, user, host: ip === null ? authority : ipText(ip), port, path: normalize(path) };
}

/** Removes `.` and `..` segments (RFC 3986, 5.2.4), unless --path-as-is. */
function normalize(path: Bytes): Bytes {
  const q = path.indexOf('?');
  const query = q < 0 ? '' : path.slice(q);
  const out: Bytes[] = [];
  const parts = (q < 0 ? path : path.slice(0, q)).split('/').slice(1);
  parts.forEach((part, i) => {
    const last = i === parts.length - 1;
    if (part === '.' || part === '..') {
      if (part === '..') out.pop();
      if (last) out.push('');
    } else out.push(part);
  });
  return `/${out.join('/')}${query}`;
}

/** Where a Location header leads from `base`. */
export function resolveUrl(base: Url, location: Bytes): Bytes {
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\//.test(location)) return location;
  const root = `${base.scheme}://${base.host}${base.port === PORTS[base.scheme] ? '' : `:${base.port}`}`;
  if (location.startsWith('//')) return `${base.scheme}:${location}`;
  if (location.startsWith('/')) return root + location;
  const path = base.path.replace(/\?.*$/, '');
  return `${root}${path.slice(0, path.lastIndexOf('/') + 1)}${location}`;
}

/** Expands {a,b} and [1-3], [01-10:2], [a-c]. Null when brackets do not match. */
export function globUrl(text: Bytes): Bytes[] | null {
  // An address in brackets is none of its patterns (peek_ipv6).
  const literal = /^([^[{]*\/\/|)(\[[0-9a-fA-F:.%]*:[0-9a-fA-F:.%]*\])/.exec(text);
  if (literal !== null) return globUrl(text.slice(literal[0].length))?.map((rest) => literal[0] + rest) ?? null;
  const m = /[{[]/.exec(text);
  if (m === null) return /[}\]]/.test(text) ? null : [text];
  const open = m.index;
  const close = text.indexOf(text[open] === '{' ? '}' : ']', open);
  if (close < 0) return null;
  const inner = text.slice(open + 1, close);
  const values = text[open] === '{' ? inner.split(',') : range(inner);
  const rest = globUrl(text.slice(close + 1));
  if (values === null || rest === null) return null;
  return values.flatMap((v) => rest.map((r) => text.slice(0, open) + v + r));
}

function range(text: Bytes): Bytes[] | null {
  const m = /^(?:(\d+)-(\d+)|([a-zA-Z])-([a-zA-Z]))(?::(\d+))?$/.exec(text);
  if (m === null) return null;
  const step = Math.max(1, Number(m[5] ?? 1));
  const out: Bytes[] = [];
  if (m[1] !== undefined) for (let n = Number(m[1]); n <= Number(m[2]); n += step) out.push(String(n).padStart(m[1]!.startsWith('0') ? m[1]!.length : 0, '0'));
  else for (let c = m[3]!.charCodeAt(0); c <= m[4]!.charCodeAt(0); c += step) out.push(String.fromCharCode(c));
  return out.length === 0 ? null : out;
}
