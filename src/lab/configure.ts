// Puts a topology's settings on booted hosts: addresses, routes, settings, files, services. Linux counterpart: what `ip -batch`, sysctl and an administrator do.
import type { Host } from '../host/host';
import { sysctlWrite } from '../kernel/core/sysctl';
import { addressAdd, devDown, devSetMtu, devUp } from '../kernel/ipv4/devinet';
import { routeAdd, SCOPE } from '../kernel/ipv4/fib';
import type { Kernel } from '../kernel/kernel';
import { SysError } from '../lib/errno';
import { utf8Encode } from '../lib/text';
import { maskOf, parseIp } from '../wire/ipv4';
import { addRoute6, giveAddress6 } from './configure6';
import { addressesOf, type TopologyAddress, type TopologyHost, type TopologyInterface, type TopologyService } from './topology';

/** What could not be set, in words for the author of the topology. */
export type Complaints = string[];

function giveAddress(k: Kernel, devName: string, a: TopologyAddress, complaints: Complaints): void {
  if (a.address.includes(':')) {
    const bad = giveAddress6(k, devName, a.address);
    if (bad !== null) complaints.push(`${k.hostname}: address ${a.address} dev ${devName}: ${bad}`);
    return;
  }
  const dev = k.devByName(devName);
  const [text, bits] = a.address.split('/');
  const local = parseIp(text ?? '');
  if (dev === undefined || local === null) {
    complaints.push(`${k.hostname}: address ${a.address} dev ${devName}`);
    return;
  }
  const prefix = bits === undefined ? 32 : Number(bits);
  const given = a.broadcast === undefined ? null : parseIp(a.broadcast);
  const broadcast = given ?? (prefix >= 31 ? 0 : local | ~maskOf(prefix));
  const scope = a.scope === 'host' ? SCOPE.HOST : a.scope === 'link' ? SCOPE.LINK : SCOPE.UNIVERSE;
  const bad = addressAdd(k, dev, { local, prefix, broadcast, label: a.label ?? devName, scope });
  if (bad !== null) complaints.push(`${k.hostname}: address ${a.address} dev ${devName}: ${bad}`);
}

/** MTU and quality of a cable. */
export function configureCable(k: Kernel, name: string, i: TopologyInterface): void {
  const dev = k.devByName(name)!;
  if (i.mtu !== undefined) devSetMtu(k, dev, i.mtu);
  if (i.loss !== undefined) dev.loss = i.loss;
  if (i.delayMs !== undefined) dev.delayUs = Math.round(i.delayMs * 1000);
  if (i.rateMbit !== undefined) dev.rateMbit = i.rateMbit;
}

/** Brings one interface up with its addresses (or leaves it down with them). */
export function configureInterface(k: Kernel, name: string, i: TopologyInterface, complaints: Complaints): void {
  const dev = k.devByName(name)!;
  configureCable(k, name, i);
  devUp(k, dev);
  for (const a of addressesOf(i)) giveAddress(k, name, a, complaints);
}

/** Addresses, routes and settings of a host, in the order the recordings used. */
export function configureNetwork(k: Kernel, h: TopologyHost, complaints: Complaints): void {
  for (const [name, i] of Object.entries(h.interfaces)) configureInterface(k, name, i, complaints);
  for (const a of h.addresses ?? []) {
    const dev = k.devByName(a.dev);
    if (dev !== undefined && a.dev !== 'lo') devUp(k, dev);
    giveAddress(k, a.dev, a, complaints);
  }
  for (const [name, i] of Object.entries(h.interfaces)) if (i.up === false) devDown(k, k.devByName(name)!);
  if (h.gateway !== undefined) addRoute(k, `default via ${h.gateway}`, complaints);
  moreRoutes(k, h, complaints);
}

/** What network files do not hold: IPv6, addresses of other devices and extra routes. */
export function configureMore(k: Kernel, h: TopologyHost, complaints: Complaints): void {
  for (const [name, i] of Object.entries(h.interfaces)) for (const a of addressesOf(i)) if (a.address.includes(':')) giveAddress(k, name, a, complaints);
  if (h.gateway?.includes(':')) addRoute(k, `default via ${h.gateway}`, complaints);
  for (const a of h.addresses ?? []) giveAddress(k, a.dev, a, complaints);
  moreRoutes(k, h, complaints);
}

function moreRoutes(k: Kernel, h: TopologyHost, complaints: Complaints): void {
  for (const r of h.routes ?? []) addRoute(k, r, complaints);
}

/** `ip route add TEXT` for the forms topologies use: [TYPE] DST [via GW] [dev D] [src A] [metric N] [onlink]. */
function addRoute(k: Kernel, text: string, complaints: Complaints): void {
  const words = text.trim().split(/\s+/);
  const types = ['unreachable', 'blackhole', 'prohibit'] as const;
  const type = types.find((t) => t === words[0]);
  if (type !== undefined) words.shift();
  const dst = words.shift() ?? '';
  const [ip, bits] = dst === 'default' ? ['0.0.0.0', '0'] : dst.split('/');
  const value = (key: string): string | undefined => (words.includes(key) ? words[words.indexOf(key) + 1] : undefined);
  if (text.includes(':')) {
    const bad = addRoute6(k, dst, type, value);
    if (bad !== null) complaints.push(`${k.hostname}: route ${text}: ${bad}`);
    return;
  }
  const gw = parseIp(value('via') ?? '0.0.0.0');
  const src = parseIp(value('src') ?? '0.0.0.0');
  const devName = value('dev');
  const to = parseIp(ip ?? '');
  if (to === null || gw === null || src === null) {
    complaints.push(`${k.hostname}: route ${text}`);
    return;
  }
  const bad = routeAdd(k, {
    dst: to, prefix: bits === undefined ? 32 : Number(bits), gw, src, metric: Number(value('metric') ?? 0), onlink: words.includes('onlink'),
    ...(type === undefined ? {} : { type }), ...(devName === undefined ? {} : { dev: k.devByName(devName)?.index ?? 0 }),
  });
  if (bad !== null) complaints.push(`${k.hostname}: route ${text}: ${bad}`);
}

export function configureSysctl(k: Kernel, sysctl: Record<string, string | number>, complaints: Complaints): void {
  for (const [key, value] of Object.entries(sysctl)) {
    const path = key.includes('/') ? key : key.replace(/\./g, '/');
    const bad = sysctlWrite(k, path, `${value}`);
    if (bad !== null) complaints.push(`${k.hostname}: sysctl ${key}: ${bad}`);
  }
}

/** Writes a file with the directories above it. `text` is Unicode. */
export function putFile(host: Host, path: string, text: string, mode?: number): void {
  const v = host.vfs;
  for (let i = path.indexOf('/', 1); i > 0; i = path.indexOf('/', i + 1)) {
    try {
      v.mkdir(null, path.slice(0, i), 0o755);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
    }
  }
  const f = v.open(null, path, { write: true, create: true, truncate: true }, 0o644);
  if (f.kind === 'inode') v.writeOpen(null, f, utf8Encode(text));
  if (mode !== undefined) v.chmod(null, path, mode);
}

export function configureFiles(host: Host, h: TopologyHost): void {
  for (const [path, f] of Object.entries(h.files ?? {})) {
    if (typeof f === 'string') putFile(host, path, f);
    else putFile(host, path, f.content, f.mode === undefined ? undefined : Number.parseInt(f.mode, 8));
  }
}

const NGINX_HEAD = `user www-data;
worker_processes 1;
error_log /var/log/nginx/error.log;
pid /run/nginx.pid;
events { worker_connections 512; }
http {
  types { text/html html; text/plain txt; }
  default_type text/html;
  access_log /var/log/nginx/access.log;
  keepalive_timeout 65;
`;

/** Writes the pages and configuration of a host's services; gives the command lines that start them. */
export function prepareServices(host: Host, services: readonly TopologyService[]): string[] {
  const lines: string[] = [];
  const nginx = host.image.httpd === 'nginx';
  let blocks = '';
  let web = false;
  for (const s of services) {
    if (s.type === 'exec') lines.push(`(setsid ${s.run}) >/dev/null 2>&1 </dev/null &`);
    else if (s.type === 'syslog') lines.push('busybox syslogd -O /var/log/messages');
    else {
      web = true;
      const root = s.port === 80 ? '/var/www/html' : `/var/www/p${s.port}`;
      const body = s.body.endsWith('\n') ? s.body : `${s.body}\n`;
      const pages: Record<string, string> = nginx || s.body !== '' ? { 'index.html': body, 'test.html': body, ...s.pages } : { ...s.pages };
      for (const [name, text] of Object.entries(pages)) putFile(host, `${root}/${name.replace(/^\/+/, '')}`, text);
      blocks += `  server { listen ${s.address ? `${s.address}:` : ''}${s.port}; root ${root}; index index.html; }\n`;
    }
  }
  if (web && nginx) {
    putFile(host, '/etc/nginx/nginx.conf', `${NGINX_HEAD}${blocks}}\n`);
    lines.unshift('nginx');
  } else if (web) lines.unshift('systemctl start httpd');
  return lines;
}

/** CentOS's own network files, so that a reboot finds the same network. */
export function networkFiles(h: TopologyHost): Record<string, string> {
  const files: Record<string, string> = { '/etc/hostname': `${h.name}\n` };
  const names = Object.keys(h.interfaces);
  names.forEach((name) => {
    const i = h.interfaces[name]!;
    const lines = ['TYPE=Ethernet', 'BOOTPROTO=none', 'DEFROUTE=yes', `NAME=${name}`, `DEVICE=${name}`, `ONBOOT=${i.up === false ? 'no' : 'yes'}`];
    const v4 = addressesOf(i).filter((a) => a.label === undefined && !a.address.includes(':'));
    v4.forEach((a, n) => {
      const [ip, prefix] = a.address.split('/');
      lines.push(`IPADDR${n === 0 ? '' : n}=${ip}`, `PREFIX${n === 0 ? '' : n}=${prefix ?? 32}`);
    });
    if (h.gateway !== undefined && gatewayDev(h) === name) lines.push(`GATEWAY=${h.gateway}`);
    const v6 = addressesOf(i).filter((a) => a.label === undefined && a.address.includes(':')).map((a) => a.address);
    if (v6.length > 0) lines.push('IPV6INIT=yes', 'IPV6_AUTOCONF=no', `IPV6ADDR=${v6[0]}`);
    if (v6.length > 1) lines.push(`IPV6ADDR_SECONDARIES="${v6.slice(1).join(' ')}"`);
    files[`/etc/sysconfig/network-scripts/ifcfg-${name}`] = `${lines.join('\n')}\n`;
    for (const a of addressesOf(i)) {
      if (a.label === undefined) continue;
      const [ip, prefix] = a.address.split('/');
      files[`/etc/sysconfig/network-scripts/ifcfg-${a.label}`] = `DEVICE=${a.label}\nIPADDR=${ip}\nPREFIX=${prefix ?? 32}\nONBOOT=yes\n`;
    }
  });
  return files;
}

function gatewayDev(h: TopologyHost): string | undefined {
  const gw = parseIp(h.gateway ?? '');
  return Object.keys(h.interfaces).find((name) =>
    addressesOf(h.interfaces[name]!).some((a) => {
      const [ip, bits] = a.address.split('/');
      const local = parseIp(ip ?? '');
      return gw !== null && local !== null && ((local ^ gw) & maskOf(Number(bits ?? 32))) === 0;
    }),
  );
}
