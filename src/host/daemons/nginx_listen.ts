// The listen directive of nginx.conf, and the regular expression of a location. Counterpart: ngx_http_core_listen (src/http/ngx_http_core_module.c), ngx_regex.c.
import type { Bytes } from '../../lib/text';
import { parseIp } from '../../wire/ipv4';
import { ConfigError, type HttpListen, type HttpSite } from './http_config';
import type { Tokens } from './nginx_tokens';

/** Reads files for the parser: content or null, and names in a directory. */
export interface ConfigFiles {
  read(path: Bytes): Bytes | null;
  names(path: Bytes): Bytes[];
  /** An IPv6 address as sockets name it (IP6_BASE + id); null when it is none. */
  ip6(text: Bytes): number | null;
}

/** One listen line of a server. */
export function readListen(t: Tokens, site: HttpSite, args: readonly Bytes[], files: ConfigFiles, sites: readonly HttpSite[]): void {
  const where = args[0]!;
  if (where.startsWith('unix:')) throw new ConfigError(`nginx: listen ${where} exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n`, true);
  const v6 = /^(\[[^\]]*\])(?::(.*))?$/.exec(where);
  const colon = v6 !== null ? (v6[2] === undefined ? -1 : v6[1]!.length) : where.lastIndexOf(':');
  const host = v6 !== null ? v6[1]! : colon >= 0 ? where.slice(0, colon) : /^\d+$/.test(where) ? '*' : where;
  const portText = colon >= 0 ? where.slice(colon + 1) : /^\d+$/.test(where) ? where : '80';
  const port = Number(portText);
  if (!/^\d+$/.test(portText) || port < 1 || port > 65535) throw t.error(`invalid port in "${where}" of the "listen" directive`);
  const ip = host === '*' ? 0 : host === 'localhost' ? 0x7f000001 : v6 !== null ? files.ip6(host.slice(1, -1)) : parseIp(host);
  if (ip === null && v6 !== null) throw t.error(`invalid IPv6 address in "${where}" of the "listen" directive`);
  if (ip === null) throw t.error(`host not found in "${where}" of the "listen" directive`);
  const listen: HttpListen = { ip, port, isDefault: false };
  for (const param of args.slice(1)) {
    if (param === 'default_server' || param === 'default') listen.isDefault = true;
    else if (param === 'ssl' || param === 'http2' || param === 'proxy_protocol') throw new ConfigError(`nginx: listen parameter ${param} exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n`, true);
    else if (param === 'ipv6only=off') listen.dual = true;
    else if (!/^(reuseport|deferred|bind|ipv6only=(on|off)|backlog=\d+|rcvbuf=\w+|sndbuf=\w+|so_keepalive=\S+)$/.test(param)) throw t.error(`invalid parameter "${param}"`);
  }
  const text = `${host === '*' ? '0.0.0.0' : host}:${port}`;
  if (site.listens.some((l) => l.ip === ip && l.port === port)) throw t.error(`a duplicate listen ${text}`);
  if (listen.isDefault && sites.some((s) => s.listens.some((l) => l.ip === ip && l.port === port && l.isDefault))) {
    throw t.error(`a duplicate default server for ${text}`);
  }
  site.listens.push(listen);
}

/** A regular expression of a location; PCRE's words for the two common mistakes. */
export function checkRegex(t: Tokens, source: Bytes): void {
  try {
    new RegExp(source);
  } catch (e) {
    if (!(e instanceof SyntaxError)) throw e;
    const why = /\[[^\]]*$/.test(source) ? 'missing terminating ] for character class' : 'missing closing parenthesis';
    throw t.error(`pcre2_compile() failed: ${why} in "${source}"`);
  }
}
