// Misconceptions about schedulers, weights and persistence, and about what survives a reboot.
import { ownerOf } from '../checks/check_kind';
import { type Misconception, onServers, type Scene } from './misconception';

const TRAFFIC: readonly string[] = ['http', 'ipvs', 'connect'];
const service = (s: Scene) => s.view(s.cluster.director).ipvs.services.find((x) => x.address === s.cluster.vip && x.port === s.cluster.port);
const FORWARD = { route: 'Route', masq: 'Masq', tunnel: 'Tunnel' } as const;
const SAVED = '/etc/sysconfig/ipvsadm';

/** Some servers in the right mode, some not: every second request fails. */
export const mixedModes: Misconception = {
  name: 'mixed-modes',
  about: ['http', 'connect'],
  detect(s) {
    const servers = service(s)?.servers.filter((x) => x.forward !== 'Local') ?? [];
    const bad = servers.find((x) => x.forward !== FORWARD[s.cluster.mode]);
    return bad === undefined || servers.every((x) => x.forward === bad.forward) ? null : { host: s.cluster.director, args: { server: ownerOf(s.hosts, bad.address), found: bad.forward, want: FORWARD[s.cluster.mode] } };
  },
};

export const allWeightsZero: Misconception = {
  name: 'all-weights-zero',
  about: TRAFFIC,
  detect(s) {
    const servers = service(s)?.servers ?? [];
    return servers.length > 1 && servers.every((x) => x.weight === 0) ? { host: s.cluster.director, args: { service: `${s.cluster.vip}:${s.cluster.port}` } } : null;
  },
};

/** rr, lc and the like do not look at weights. */
export const weightsIgnored: Misconception = {
  name: 'weights-ignored',
  about: TRAFFIC,
  detect(s) {
    const svc = service(s);
    if (svc === undefined || !['rr', 'lc', 'dh', 'lblc', 'lblcr'].includes(svc.scheduler)) return null;
    const weights = new Set(svc.servers.map((x) => x.weight).filter((w) => w > 0));
    return weights.size < 2 ? null : { host: s.cluster.director, args: { scheduler: svc.scheduler, weights: svc.servers.map((x) => x.weight).join(', ') } };
  },
};

/** dh hashes the destination, and that is always the virtual address. */
export const dhForWeb: Misconception = {
  name: 'dh-for-web',
  about: TRAFFIC,
  detect(s) {
    const svc = service(s);
    return svc?.scheduler === 'dh' && svc.servers.length > 1 ? { host: s.cluster.director, args: { vip: s.cluster.vip } } : null;
  },
};

export const persistenceLeftOn: Misconception = {
  name: 'persistence-left-on',
  about: ['http'],
  detect(s) {
    const svc = service(s);
    return svc !== undefined && svc.persistent > 0 && s.cluster.persistent !== true ? { host: s.cluster.director, args: { seconds: svc.persistent } } : null;
  },
};

/** The upper threshold of every server is reached. */
export const overloaded: Misconception = {
  name: 'thresholds-reached',
  about: TRAFFIC,
  detect(s) {
    const servers = service(s)?.servers ?? [];
    const full = servers.filter((x) => (x.upper ?? 0) > 0 && x.active + x.inactive >= (x.upper ?? 0));
    return servers.length === 0 || full.length < servers.length ? null : { host: s.cluster.director, args: { upper: full[0]!.upper ?? 0 } };
  },
};

/** The port that the director sends to is not the one the server listens on. */
export const serverPortWrong: Misconception = {
  name: 'server-port-wrong',
  about: ['http', 'connect'],
  detect(s) {
    for (const x of service(s)?.servers ?? []) {
      const host = ownerOf(s.hosts, x.address);
      if (!s.hosts.some((h) => h.name === host) || host === s.cluster.director) continue;
      const ports = [...new Set(s.view(host).sockets.filter((k) => k.state === 'LISTEN').map((k) => Number(k.local.slice(k.local.lastIndexOf(':') + 1))))];
      const web = ports.filter((p) => p === 80 || (p > 1023 && p < 32768));
      if (!ports.includes(x.port) && web.length > 0) return { host, args: { port: x.port, found: web.join(', ') } };
    }
    return null;
  },
};

/** A web server on the director takes requests that IPVS does not. */
export const directorServesItself: Misconception = {
  name: 'director-serves-itself',
  about: ['http', 'service'],
  detect(s) {
    const v = s.view(s.cluster.director);
    const listens = v.sockets.some((x) => x.state === 'LISTEN' && x.local.endsWith(`:${s.cluster.port}`));
    return listens && !(service(s)?.servers.some((x) => x.forward === 'Local') ?? false) && service(s) === undefined ? { host: s.cluster.director, args: { port: s.cluster.port } } : null;
  },
};

/** ip_forward is set in sysctl.conf, but nobody loaded the file. */
export const sysctlNotLoaded: Misconception = {
  name: 'sysctl-not-loaded',
  about: ['http', 'ping', 'sysctl'],
  detect(s) {
    if (s.cluster.mode !== 'masq' || s.view(s.cluster.director).sysctl.find((x) => x.key === 'net.ipv4.ip_forward')?.value !== '0') return null;
    const text = s.lab.readFile(s.cluster.director, '/etc/sysctl.conf') ?? '';
    // The last line counts: an earlier 1 that a later 0 takes back was loaded well enough.
    return [...text.matchAll(/^\s*net[./]ipv4[./]ip_forward\s*=\s*(\d)/gm)].at(-1)?.[1] === '1' ? { host: s.cluster.director } : null;
  },
};

/** Commands in rc.local that never run, because the file may not be executed. */
export const rcLocalNotExecutable: Misconception = {
  name: 'rc-local-not-executable',
  about: ['http', 'arp', 'address', 'sysctl'],
  detect(s) {
    const idle = (h: string): boolean => {
      const text = s.lab.readFile(h, '/etc/rc.d/rc.local') ?? '';
      const info = s.lab.fileInfo(h, '/etc/rc.d/rc.local');
      const said = text.split('\n').some((l) => !l.trimStart().startsWith('#') && (l.includes(s.cluster.vip) || l.includes('arp_ignore')));
      return said && info !== null && (info.mode & 0o111) === 0 && !s.view(h).interfaces.some((i) => i.addresses.some((a) => a.address.startsWith(`${s.cluster.vip}/`)));
    };
    if (idle(s.cluster.director)) return { host: s.cluster.director };
    return onServers(s, (h) => (idle(h) ? {} : null));
  },
};

/** Rules were saved, but nothing loads them: the service is not enabled. */
export const ipvsadmNotEnabled: Misconception = {
  name: 'ipvsadm-not-enabled',
  about: ['http', 'ipvs', 'connect'],
  detect(s) {
    const v = s.view(s.cluster.director);
    const saved = s.lab.readFile(s.cluster.director, SAVED) ?? '';
    const unit = v.units.find((u) => u.name === 'ipvsadm.service');
    return v.ipvs.services.length === 0 && /^-A /m.test(saved) && unit !== undefined && !unit.enabled && unit.active !== 'active' ? { host: s.cluster.director, args: { path: SAVED } } : null;
  },
};

/** What was saved is an empty table. */
export const savedEmpty: Misconception = {
  name: 'saved-empty',
  about: ['http', 'ipvs', 'connect'],
  detect(s) {
    const v = s.view(s.cluster.director);
    const saved = s.lab.readFile(s.cluster.director, SAVED);
    return v.ipvs.services.length === 0 && saved !== null && !/^-A /m.test(saved) && (v.units.find((u) => u.name === 'ipvsadm.service')?.enabled ?? false) ? { host: s.cluster.director, args: { path: SAVED } } : null;
  },
};
