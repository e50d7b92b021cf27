// What nginx.conf says of groups and of handing requests on: upstream blocks, proxy_pass, access rules, sizes and times. Counterpart: ngx_http_upstream.c, ngx_http_proxy_module.c, ngx_http_access_module.c.
import type { Bytes } from '../../lib/text';
import { maskOf, parseIp } from '../../wire/ipv4';
import { ConfigError, type HttpLocation, type NginxShared } from './http_config';
import { unknownVariable } from './nginx_vars';
import { newPeer, type PeerGroup } from './nginx_upstream';
import type { Tokens } from './nginx_tokens';

/** Address of a host name in a configuration, or null. */
export type Resolve = (name: Bytes) => number | null;

const notModelled = (what: string): ConfigError => new ConfigError(`nginx: ${what} exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n`, true);

/** `HOST[:PORT]` as address and port; throws what nginx says of a bad one. */
function hostPort(t: Tokens, text: Bytes, resolve: Resolve): { ip: number; port: number; host: Bytes } {
  if (text.startsWith('[') || text.startsWith('unix:')) throw notModelled(`upstream ${text}`);
  const [host = '', port = '80', more] = text.split(':');
  if (more !== undefined || !/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65535) throw t.error(`invalid port in upstream "${text}"`);
  const ip = parseIp(host) ?? resolve(host);
  if (ip === null) throw t.error(`host not found in upstream "${host}"`);
  return { ip, port: Number(port), host };
}

const dotted = (ip: number): string => [24, 16, 8, 0].map((s) => (ip >>> s) & 255).join('.');

/** One line of an upstream block. */
export function upstreamLine(t: Tokens, g: PeerGroup, name: Bytes, args: readonly Bytes[], resolve: Resolve, warn: (text: Bytes) => void): void {
  if (name === 'ip_hash' || name === 'least_conn') {
    if (args.length > 0) throw t.error(`invalid number of arguments in "${name}" directive`);
    if (g.method !== 'round_robin') warn('load balancing method redefined');
    g.method = name;
    return;
  }
  if (name === 'zone') return;
  if (name === 'keepalive') {
    warn(`"keepalive ${args.join(' ')}" exists on Linux but is not modelled in LVS Lab: it changes nothing`);
    return;
  }
  if (/^(?:hash|random|keepalive_requests|keepalive_timeout|keepalive_time|resolver|ntlm|sticky|queue)$/.test(name)) throw notModelled(`directive "${name}" of an upstream`);
  if (name !== 'server') throw t.error(`unknown directive "${name}"`);
  if (args.length === 0) throw t.error('invalid number of arguments in "server" directive');
  const { ip, port } = hostPort(t, args[0]!, resolve);
  const p = newPeer(ip, port, `${dotted(ip)}:${port}`);
  for (const word of args.slice(1)) {
    const m = /^(weight|max_fails|fail_timeout|max_conns)=(.*)$/.exec(word);
    const seconds = m?.[1] === 'fail_timeout' ? time(m[2]!) : null;
    if (m?.[1] === 'weight' && /^[1-9]\d*$/.test(m[2]!)) p.weight = p.effective = Number(m[2]);
    else if (m?.[1] === 'max_fails' && /^\d+$/.test(m[2]!)) p.maxFails = Number(m[2]);
    else if (seconds !== null) p.failTimeout = seconds;
    else if (m?.[1] === 'max_conns' && /^\d+$/.test(m[2]!)) {
      if (m[2] !== '0') throw notModelled('max_conns of a server');
    } else if (word === 'down') p.down = true;
    else if (word === 'backup') {
      if (g.method === 'ip_hash') throw t.error(`balancing method does not support parameter "backup"`);
      p.backup = true;
    } else throw t.error(`invalid parameter "${word}"`);
  }
  g.peers.push(p);
}

/** Seconds of `10`, `10s`, `500ms`, `2m`, `1h`, `1d`; null when it is none. */
export function time(text: Bytes): number | null {
  const m = /^(\d+)(ms|s|m|h|d)?$/.exec(text);
  return m === null ? null : Number(m[1]) * { ms: 0.001, s: 1, m: 60, h: 3600, d: 86400 }[m[2] ?? 's']!;
}

/** Bytes of `1024`, `10k`, `1m`, `1g`; null when it is none. */
function size(text: Bytes): number | null {
  const m = /^(\d+)([kmg]?)$/i.exec(text);
  return m === null ? null : Number(m[1]) * { '': 1, k: 1024, m: 1048576, g: 1073741824 }[m[2]!.toLowerCase()]!;
}

/** proxy_pass: the group (one of its own for a plain address, entered into `groups` when all are known) and the URI part. */
export function proxyPass(t: Tokens, location: HttpLocation, url: Bytes, groups: Record<Bytes, PeerGroup>, later: (() => void)[], resolve: Resolve): void {
  const m = /^http:\/\/([^/$]+)(\/[^$]*)?$/.exec(url);
  if (m === null) {
    if (url.startsWith('https://') || url.includes('$')) throw notModelled(`proxy_pass ${url}`);
    throw t.error('invalid URL prefix');
  }
  if (m[2] !== undefined && (location.regex !== undefined || location.path.startsWith('@'))) {
    throw t.error('"proxy_pass" cannot have URI part in location given by regular expression, or inside named location, or inside "if" statement, or inside "limit_except" block');
  }
  const group = m[1]!;
  location.pass = { group, host: group.replace(/:80$/, ''), uri: m[2] ?? null };
  const missing = t.error(`host not found in upstream "${group.split(':')[0]}"`);
  later.push(() => {
    if (groups[group] !== undefined) return;
    if (!/^\d/.test(group) && resolve(group.split(':')[0]!) === null) throw missing;
    const { ip, port } = hostPort(t, group, resolve);
    groups[group] = { name: group, method: 'round_robin', peers: [newPeer(ip, port, `${dotted(ip)}:${port}`)] };
  });
}

/** Directives of every level; false when `name` is none of them. */
export function sharedLine(t: Tokens, place: NginxShared, name: Bytes, args: readonly Bytes[], fresh: (key: string) => boolean): boolean {
  const first = args[0] ?? '';
  const bad = (): ConfigError => t.error(`"${name}" directive invalid value`);
  const known = (text: Bytes): Bytes => {
    const unknown = unknownVariable(text);
    if (unknown !== null) throw notModelled(`variable "$${unknown}"`);
    return text;
  };
  switch (name) {
    case 'client_max_body_size': {
      const n = size(first);
      if (n === null) throw bad();
      place.maxBody = n;
      return true;
    }
    case 'proxy_connect_timeout':
    case 'proxy_read_timeout': {
      const n = time(first);
      if (n === null) throw bad();
      place[name === 'proxy_connect_timeout' ? 'connectSec' : 'readSec'] = n;
      return true;
    }
    case 'proxy_http_version':
      if (first !== '1.0' && first !== '1.1') throw t.error(`invalid value "${first}"`);
      place.proxyVersion = first;
      return true;
    case 'proxy_set_header':
      place.proxyHeaders = [...(fresh('proxy_set_header') ? [] : place.proxyHeaders ?? []), [first, known(args[1]!)]];
      return true;
    case 'add_header':
      if (args[2] !== undefined && args[2] !== 'always') throw t.error(`invalid parameter "${args[2]}"`);
      place.addHeaders = [...(fresh('add_header') ? [] : place.addHeaders ?? []), { name: first, value: known(args[1]!), always: args[2] === 'always' }];
      return true;
    case 'allow':
    case 'deny': {
      const [text = '', bits] = first.split('/');
      const ip = first === 'all' ? 0 : parseIp(text);
      if (first.includes(':')) throw notModelled(`${name} ${first}`);
      if (ip === null || (bits !== undefined && !(/^\d+$/.test(bits) && Number(bits) <= 32))) throw t.error(`invalid parameter "${first}"`);
      place.access = [...(fresh('access') ? [] : place.access ?? []), { allow: name === 'allow', net: ip, mask: first === 'all' ? 0 : maskOf(Number(bits ?? 32)) }];
      return true;
    }
    default:
      return false;
  }
}

/** Fields that a level takes from the one around it where it says nothing. */
export function inherit(to: NginxShared, from: NginxShared): void {
  for (const key of ['maxBody', 'access', 'addHeaders', 'proxyHeaders', 'connectSec', 'readSec', 'proxyVersion'] as const) if (to[key] === undefined && from[key] !== undefined) Object.assign(to, { [key]: from[key] });
}
