// Which virtual server answers a request. Counterpart: nginx's ngx_http_find_virtual_server, Apache's vhost.c.
import type { Bytes } from '../../lib/text';
import { tcpLocal, tcpRemote } from '../../kernel/ipv4/tcp';
import { addressText, IP6_BASE, isIp6 } from '../../wire/ipv6';
import type { Host } from '../host';
import type { HttpRequest } from './http';
import type { HttpConfig, HttpSite } from './http_config';
import type { Asked } from './http_find';

/** What is needed of a daemon. */
interface Server {
  readonly program: 'nginx' | 'httpd';
  config: HttpConfig;
  workers: number[];
}

/** The sites listening on a local port and address, in order of configuration. */
function sitesOf(config: HttpConfig, ip: number, port: number): HttpSite[] {
  const covers = (s: HttpSite, exact: boolean): boolean => s.listens.some((l) => (l.port === port || l.port === 0) && (exact ? l.ip === ip : l.ip === (isIp6(ip) ? IP6_BASE : 0)));
  const exact = config.sites.filter((s) => covers(s, true));
  const sites = exact.length > 0 ? exact : config.sites.filter((s) => covers(s, false));
  return sites.length > 0 ? sites : config.sites.slice(0, 1);
}

function siteOf(d: Server, ip: number, port: number, hostHeader: Bytes | undefined): HttpSite {
  const sites = sitesOf(d.config, ip, port);
  const name = (hostHeader ?? '').replace(/:\d*$/, '').toLowerCase();
  const named = sites.find((s) => s.names.some((n) => n.toLowerCase() === name));
  if (named !== undefined) return named;
  // Apache prefers virtual hosts to the main server; nginx its default_server.
  if (d.program === 'httpd') return sites.find((s) => s !== d.config.sites[0]) ?? sites[0]!;
  return sites.find((s) => s.listens.some((l) => l.port === port && l.isDefault)) ?? sites[0]!;
}

/** A request on a connection, with all that its answer depends on. */
export function askedOf(host: Host, d: Server, sock: number, request: HttpRequest): Asked {
  const lip = tcpLocal(host.kernel, sock);
  const ports = host.kernel.tcp.ports[sock]!;
  return {
    host, config: d.config, site: siteOf(d, lip, ports >>> 16, request.headers.get('host')?.[0]), worker: host.procs.get(d.workers[0] ?? 0) ?? null, request,
    localAddress: addressText(lip, host.world.ip6), localPort: ports >>> 16, client: tcpRemote(host.kernel, sock), clientPort: ports & 0xffff,
  };
}
