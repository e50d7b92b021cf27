// Misconceptions that show on the director: no VIP, no or another service, servers missing or in the wrong mode, forwarding off.
import { addressesOfHost, ownerOf } from '../checks/check_kind';
import { holds, type Misconception, type Scene } from './misconception';

const IPVS: readonly string[] = ['http', 'ipvs', 'connect'];
const FORWARD = { route: 'Route', masq: 'Masq', tunnel: 'Tunnel' } as const;
const serviceOf = (s: Scene) => s.view(s.cluster.director).ipvs.services.find((x) => x.address === s.cluster.vip && x.port === s.cluster.port);

export const vipMissingOnDirector: Misconception = {
  name: 'vip-missing-on-director',
  about: ['http', 'arp', 'address', 'connect'],
  detect: (s) => (holds(s.view(s.cluster.director), s.cluster.vip) === null ? { host: s.cluster.director, args: { vip: s.cluster.vip } } : null),
};

export const noService: Misconception = {
  name: 'service-missing',
  about: IPVS,
  detect: (s) => (s.view(s.cluster.director).ipvs.services.length === 0 ? { host: s.cluster.director, args: { service: `${s.cluster.vip}:${s.cluster.port}` } } : null),
};

export const serviceAddressWrong: Misconception = {
  name: 'service-address-wrong',
  about: IPVS,
  detect(s) {
    const all = s.view(s.cluster.director).ipvs.services;
    if (all.length === 0 || serviceOf(s) !== undefined) return null;
    return { host: s.cluster.director, args: { service: `${s.cluster.vip}:${s.cluster.port}`, found: `${all[0]!.address}:${all[0]!.port}` } };
  },
};

export const rsNotAdded: Misconception = {
  name: 'rs-not-added',
  about: IPVS,
  detect(s) {
    const svc = serviceOf(s);
    if (svc === undefined) return null;
    const missing = s.cluster.servers.find((h) => !svc.servers.some((x) => x.address === h || addressesOfHost(s.hosts, h).includes(x.address)));
    return missing === undefined ? null : { host: s.cluster.director, args: { host: missing } };
  },
};

export const wrongMode: Misconception = {
  name: 'wrong-mode',
  about: IPVS,
  detect(s) {
    const wanted = FORWARD[s.cluster.mode];
    const bad = serviceOf(s)?.servers.find((x) => x.forward !== wanted && x.forward !== 'Local');
    return bad === undefined ? null : { host: s.cluster.director, args: { server: ownerOf(s.hosts, bad.address), found: bad.forward, want: wanted } };
  },
};

export const weightZero: Misconception = {
  name: 'weight-zero',
  about: IPVS,
  detect(s) {
    const bad = serviceOf(s)?.servers.find((x) => x.weight === 0 && s.cluster.idle?.includes(ownerOf(s.hosts, x.address)) !== true);
    return bad === undefined ? null : { host: s.cluster.director, args: { server: ownerOf(s.hosts, bad.address) } };
  },
};

export const noIpForward: Misconception = {
  name: 'no-ip-forward',
  about: ['http', 'ping', 'sysctl', 'file'],
  detect(s) {
    if (s.cluster.mode !== 'masq') return null;
    return s.view(s.cluster.director).sysctl.find((x) => x.key === 'net.ipv4.ip_forward')?.value === '0' ? { host: s.cluster.director } : null;
  },
};
