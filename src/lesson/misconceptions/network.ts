// Misconceptions about the network the cluster stands in: networks shared or apart, gateways, firewalls, cables, what the client remembers.
import type { HostView } from '../../lab/views';
import { utf8Decode } from '../../lab/text';
import { addressesOfHost } from '../checks/check_kind';
import { covers, holds, type Misconception, onServers, type Scene } from './misconception';

const bare = (address: string): string => address.split('/')[0]!;
const cluster = (s: Scene): string[] => [s.cluster.client, s.cluster.director, ...s.cluster.servers].filter((h, i, all) => s.hosts.some((x) => x.name === h) && all.indexOf(h) === i);
/** Networks on a host's cards. */
const networks = (v: HostView): string[] => v.interfaces.filter((i) => i.segment !== null && i.up).flatMap((i) => i.addresses.map((a) => a.address)).filter((a) => !a.includes(':') && !/\/(0|32)$/.test(a));

export const hostDown: Misconception = {
  name: 'host-down',
  about: ['http', 'page', 'ping', 'connect', 'arp'],
  detect(s) {
    const host = cluster(s).find((h) => !s.lab.running(h));
    return host === undefined ? null : { host };
  },
};

export const cableOut: Misconception = {
  name: 'cable-out',
  about: ['http', 'page', 'ping', 'connect', 'arp'],
  detect(s) {
    const link = s.lab.links().find((l) => !l.plugged && cluster(s).includes(l.host));
    return link === undefined ? null : { host: link.host, args: { dev: link.iface } };
  },
};

/** One network for client and servers in NAT: replies pass by the director. */
export const oneNetworkNat: Misconception = {
  name: 'one-network-nat',
  about: ['http', 'path'],
  detect(s) {
    const rewritten = s.view(s.cluster.director).ipvs.services.find((x) => x.address === s.cluster.vip)?.servers.some((x) => x.forward === 'Masq') ?? false;
    if (s.cluster.mode !== 'masq' || !rewritten) return null;
    const from = networks(s.view(s.cluster.client)).map(bare);
    return onServers(s, (h) => {
      const director = addressesOfHost(s.hosts, s.cluster.director);
      for (const ip of from) {
        const own = s.view(h).routes.find((r) => r.table === 'main' && r.dst !== 'default' && covers(r.dst, ip) && !director.includes(r.gateway));
        if (own !== undefined) return { client: s.cluster.client, network: own.dst, director: s.cluster.director };
      }
      return null;
    });
  },
};

/** Direct routing reaches only hosts on the director's own networks. */
export const drServerElsewhere: Misconception = {
  name: 'dr-server-elsewhere',
  about: ['http', 'path'],
  detect(s) {
    if (s.cluster.mode !== 'route') return null;
    const near = networks(s.view(s.cluster.director));
    return onServers(s, (h) => {
      const ip = networks(s.view(h)).map(bare)[0];
      return ip === undefined || near.some((n) => covers(n, ip)) ? null : { ip, director: s.cluster.director };
    });
  },
};

/** The director as gateway of real servers in direct routing refuses their replies: they carry its own address as source. */
export const drGatewayIsDirector: Misconception = {
  name: 'dr-gateway-is-director',
  about: ['http', 'path'],
  detect(s) {
    if (s.cluster.mode !== 'route') return null;
    const from = networks(s.view(s.cluster.client)).map(bare)[0];
    const director = addressesOfHost(s.hosts, s.cluster.director);
    return onServers(s, (h) => {
      const v = s.view(h);
      if (from === undefined || networks(v).some((n) => covers(n, from))) return null;
      const gateway = v.routes.find((r) => r.table === 'main' && r.dst === 'default')?.gateway ?? '';
      return director.includes(gateway) ? { gateway, director: s.cluster.director, vip: s.cluster.vip } : null;
    });
  },
};

/** The client's ARP table names another host than the director for the virtual address. */
export const clientArpElsewhere: Misconception = {
  name: 'client-arp-elsewhere',
  about: ['http', 'path', 'ping', 'neighbour'],
  detect(s) {
    const entry = s.view(s.cluster.client).arp.find((a) => a.ip === s.cluster.vip && a.mac !== '');
    if (entry === undefined) return null;
    const owner = cluster(s).find((h) => s.view(h).interfaces.some((i) => i.mac === entry.mac)) ?? entry.mac;
    return owner === s.cluster.director ? null : { host: s.cluster.client, args: { vip: s.cluster.vip, owner, director: s.cluster.director } };
  },
};

/** A firewall that stops the service's port on the director or a server. */
export const firewallInTheWay: Misconception = {
  name: 'firewall-in-the-way',
  about: ['http', 'page', 'connect'],
  detect(s) {
    for (const host of [s.cluster.director, ...s.cluster.servers]) {
      if (!s.hosts.some((h) => h.name === host)) continue;
      const rule = blocking(utf8Decode(s.lab.fork().exec(host, 'iptables-save').stdout), s.cluster.port);
      if (rule !== null) return { host, args: { rule } };
    }
    return null;
  },
};

/** The rule or policy of INPUT or FORWARD that a request to a port meets first and dies by; null when it passes. */
function blocking(saved: string, port: number): string | null {
  const lines = saved.split('\n');
  const filter = lines.slice(lines.indexOf('*filter'));
  for (const chain of ['INPUT', 'FORWARD']) {
    const rules = filter.filter((l) => l.startsWith(`-A ${chain} `) && !/ -m (conntrack|state) | -i lo /.test(l) && / -p (?!tcp)/.test(l) === false);
    const first = rules.find((l) => !/ --(dport|dports) /.test(l) || new RegExp(` --dports? (\\d+,)*${port}\\b`).test(l));
    if (first !== undefined && / -j (DROP|REJECT)/.test(first)) return first;
    if (first === undefined && filter.some((l) => l.startsWith(`:${chain} DROP`))) return `-P ${chain} DROP`;
  }
  return null;
}

/** The virtual address is set on a card of the director that is down. */
export const vipDeviceDown: Misconception = {
  name: 'vip-device-down',
  about: ['http', 'arp', 'address', 'connect', 'ping'],
  detect(s) {
    const v = s.view(s.cluster.director);
    const dev = v.interfaces.find((i) => !i.up && i.addresses.some((a) => bare(a.address) === s.cluster.vip));
    return dev === undefined || holds(v, s.cluster.vip) !== null ? null : { host: s.cluster.director, args: { dev: dev.name, vip: s.cluster.vip } };
  },
};

/** Tunnel mode without a tunnel device on a server. */
export const tunnelMissing: Misconception = {
  name: 'tunnel-missing',
  about: ['http', 'path', 'interface'],
  detect: (s) => (s.cluster.mode === 'tunnel' ? onServers(s, (h) => (s.view(h).interfaces.some((i) => i.name.startsWith('tunl') && i.up) ? null : {})) : null),
};
