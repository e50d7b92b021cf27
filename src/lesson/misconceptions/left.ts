// Misconceptions of taking a cluster down: cleared is not saved, saved is not cleared, a comment switches nothing off, and what the old network still does.
import { addressesOfHost } from '../checks/check_kind';
import { covers, type Misconception, onServers, type Scene } from './misconception';

const SAVED = '/etc/sysconfig/ipvsadm';
const FORWARD = 'net.ipv4.ip_forward';
const service = (s: Scene): string => `${s.cluster.vip}:${s.cluster.port}`;
const inMemory = (s: Scene): boolean => s.view(s.cluster.director).ipvs.services.some((x) => x.address === s.cluster.vip && x.port === s.cluster.port);
const inFile = (s: Scene): boolean => (s.lab.readFile(s.cluster.director, SAVED) ?? '').split('\n').some((l) => l.startsWith(`-A -t ${service(s)} `));

/** The rules are gone from memory, the file has them still. */
export const clearedNotSaved: Misconception = {
  name: 'cleared-not-saved',
  about: ['left'],
  detect: (s) => (s.cluster.gone === true && !inMemory(s) && inFile(s) ? { host: s.cluster.director, args: { path: SAVED, service: service(s) } } : null),
};

/** The file has no rules any more, but the kernel works by them. */
export const savedNotCleared: Misconception = {
  name: 'saved-not-cleared',
  about: ['left'],
  detect: (s) => (s.cluster.gone === true && inMemory(s) && !inFile(s) ? { host: s.cluster.director, args: { path: SAVED, service: service(s) } } : null),
};

/** ip_forward stands in sysctl.conf as a comment at most, and is on. */
export const commentIsNotOff: Misconception = {
  name: 'comment-is-not-off',
  about: ['sysctl'],
  detect(s) {
    if (s.view(s.cluster.director).sysctl.find((x) => x.key === FORWARD)?.value !== '1') return null;
    const text = s.lab.readFile(s.cluster.director, '/etc/sysctl.conf') ?? '';
    return /^\s*[#;].*ip_forward/m.test(text) && !/^\s*net[./]ipv4[./]ip_forward/m.test(text) ? { host: s.cluster.director } : null;
  },
};

/** Real servers that send what is not for their own network to the director still. */
export const gatewayLeft: Misconception = {
  name: 'gateway-left',
  about: ['left'],
  detect(s) {
    if (s.cluster.gone !== true || s.cluster.mode !== 'masq') return null;
    const director = addressesOfHost(s.hosts, s.cluster.director);
    return onServers(s, (h) => {
      const route = s.view(h).routes.find((r) => r.table === 'main' && r.dst === 'default' && director.includes(r.gateway));
      return route === undefined ? null : { gateway: route.gateway, director: s.cluster.director };
    });
  },
};

/** The client has a foot in the old network: the old address can be reached from there still. */
export const oldNetworkLeft: Misconception = {
  name: 'old-network-left',
  about: ['left'],
  detect(s) {
    if (s.cluster.gone !== true) return null;
    const card = s.view(s.cluster.client).interfaces.find((i) => i.up && i.segment !== null && i.addresses.some((a) => covers(a.address, s.cluster.vip)));
    const ip = card?.addresses.find((a) => covers(a.address, s.cluster.vip))?.address.split('/')[0];
    return card === undefined || ip === undefined ? null : { host: s.cluster.client, args: { dev: card.name, ip, vip: s.cluster.vip } };
  },
};
