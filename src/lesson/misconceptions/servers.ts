// Misconceptions that show on real servers and the client: the ARP problem in its variants, gateways, a web server that sleeps.
import { addressesOfHost } from '../checks/check_kind';
import { covers, holds, type Misconception, onServers, type Scene } from './misconception';

const value = (s: Scene, host: string, key: string): string => s.view(host).sysctl.find((x) => x.key === key)?.value ?? '';
const direct = (s: Scene): boolean => s.cluster.mode !== 'masq';

export const vipMissingOnRs: Misconception = {
  name: 'vip-missing-on-rs',
  about: ['http', 'address'],
  detect: (s) => (direct(s) ? onServers(s, (h) => (holds(s.view(h), s.cluster.vip) === null ? { vip: s.cluster.vip } : null)) : null),
};

export const vipOnRsCable: Misconception = {
  name: 'vip-on-rs-card',
  about: ['http', 'arp', 'address', 'left'],
  detect: (s) =>
    direct(s)
      ? onServers(s, (h) => {
          // It may be on lo as well: the one on the card is what answers.
          const card = s.view(h).interfaces.find((i) => i.up && i.segment !== null && i.addresses.some((a) => a.address.split('/')[0] === s.cluster.vip));
          return card === undefined ? null : { vip: s.cluster.vip, dev: card.name };
        })
      : null,
};

export const vipPrefixOnLo: Misconception = {
  name: 'vip-wide-on-lo',
  about: ['http', 'arp', 'address', 'ping'],
  detect: (s) =>
    direct(s)
      ? onServers(s, (h) => {
          const a = s.view(h).interfaces.find((i) => i.name === 'lo')?.addresses.find((x) => x.address.split('/')[0] === s.cluster.vip);
          // /0 is what ifconfig makes of /32: no subnet becomes local by it.
          return a !== undefined && Number(a.address.split('/')[1]) < 32 && Number(a.address.split('/')[1]) > 0 ? { vip: s.cluster.vip, prefix: Number(a.address.split('/')[1]) } : null;
        })
      : null,
};

export const arpIgnoreOnLoOnly: Misconception = {
  name: 'arp-ignore-on-lo-only',
  about: ['http', 'arp', 'sysctl'],
  detect: (s) =>
    s.cluster.mode === 'route'
      ? onServers(s, (h) => (s.effective(h, 'arp_ignore') === 0 && value(s, h, 'net.ipv4.conf.lo.arp_ignore') !== '0' ? { vip: s.cluster.vip } : null))
      : null,
};

export const arpIgnoreMissing: Misconception = {
  name: 'arp-ignore-missing',
  about: ['http', 'arp', 'sysctl'],
  detect: (s) => (s.cluster.mode === 'route' ? onServers(s, (h) => (s.effective(h, 'arp_ignore') === 0 && holds(s.view(h), s.cluster.vip) !== null ? { vip: s.cluster.vip } : null)) : null),
};

export const arpAnnounceMissing: Misconception = {
  name: 'arp-announce-missing',
  about: ['http', 'arp', 'sysctl'],
  detect: (s) => (s.cluster.mode === 'route' ? onServers(s, (h) => (s.effective(h, 'arp_announce') < 2 && holds(s.view(h), s.cluster.vip) !== null ? { vip: s.cluster.vip, has: s.effective(h, 'arp_announce') } : null)) : null),
};

export const rpFilterOnTunnel: Misconception = {
  name: 'rp-filter-on-tunnel',
  about: ['http', 'path', 'connect'],
  detect: (s) =>
    s.cluster.mode === 'tunnel'
      ? onServers(s, (h) => (holds(s.view(h), s.cluster.vip) === 'tunl0' && s.view(h).sysctl.find((x) => x.key === 'net.ipv4.conf.tunl0.rp_filter')?.effective === '1' ? { vip: s.cluster.vip } : null))
      : null,
};

export const noGatewayOnRs: Misconception = {
  name: 'rs-gateway-missing',
  about: ['http', 'ping', 'route'],
  detect(s) {
    if (s.cluster.mode !== 'masq') return null;
    const director = addressesOfHost(s.hosts, s.cluster.director);
    return onServers(s, (h) => {
      const route = s.view(h).routes.find((r) => r.table === 'main' && r.dst === 'default');
      if (route !== undefined && director.includes(route.gateway)) return null;
      return { gateway: route?.gateway ?? '-', director: s.cluster.director };
    });
  },
};

export const httpdStopped: Misconception = {
  name: 'httpd-stopped',
  about: ['http', 'page', 'service'],
  detect(s) {
    const svc = s.view(s.cluster.director).ipvs.services.find((x) => x.address === s.cluster.vip && x.port === s.cluster.port);
    return onServers(s, (h) => {
      // NAT may send to another port than users ask for.
      const port = svc?.servers.find((x) => addressesOfHost(s.hosts, h).includes(x.address))?.port ?? s.cluster.port;
      return s.view(h).sockets.some((x) => x.state === 'LISTEN' && x.local.endsWith(`:${port}`)) ? null : { port };
    });
  },
};

export const httpdNotOnVip: Misconception = {
  name: 'httpd-not-on-vip',
  about: ['http', 'page', 'service'],
  detect(s) {
    if (!direct(s)) return null;
    return onServers(s, (h) => {
      const on = s.view(h).sockets.filter((x) => x.state === 'LISTEN' && x.local.endsWith(`:${s.cluster.port}`)).map((x) => x.local.slice(0, x.local.lastIndexOf(':')));
      const takes = on.length === 0 || on.some((a) => a === s.cluster.vip || a === '0.0.0.0' || a === '*' || a === '[::]' || a === '::');
      return takes ? null : { listens: on.join(', '), vip: s.cluster.vip };
    });
  },
};

export const clientWithoutRoute: Misconception = {
  name: 'client-no-route',
  about: ['http', 'ping', 'route', 'connect'],
  detect(s) {
    const v = s.view(s.cluster.client);
    const reachable = v.routes.some((r) => r.table === 'main' && (r.dst === 'default' || covers(r.dst, s.cluster.vip)));
    return reachable ? null : { host: s.cluster.client, args: { vip: s.cluster.vip } };
  },
};
