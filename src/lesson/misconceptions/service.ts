// Misconceptions about the virtual service itself: where the VIP is, what was added, with which method.
import { addressesOfHost, wantedServices } from '../situation';
import type { Misconception } from './index';

/** The virtual address is on no director: the service exists, but no packet ever reaches IPVS. */
export const vipMissingOnDirector: Misconception = {
  name: 'vip-missing-on-director',
  detect(s) {
    for (const vip of s.vips) if (!s.directors.some((d) => addressesOfHost(d).includes(vip))) return { vip, host: s.directors[0]?.name ?? '' };
    return null;
  },
};

/** No virtual service at all. */
export const serviceMissing: Misconception = {
  name: 'service-missing',
  detect(s) {
    if (wantedServices(s.lesson).length === 0 || s.directors.some((d) => d.ipvs.services.length > 0)) return null;
    const want = wantedServices(s.lesson)[0]!;
    return { host: s.directors[0]?.name ?? '', service: `${want.address}:${want.port}` };
  },
};

/** A service exists, but on another address or port. */
export const serviceElsewhere: Misconception = {
  name: 'service-address-wrong',
  detect(s) {
    const want = wantedServices(s.lesson)[0];
    if (want === undefined || s.service() !== null) return null;
    const found = s.directors.flatMap((d) => d.ipvs.services)[0];
    return found === undefined ? null : { found: `${found.address}:${found.port}`, service: `${want.address}:${want.port}` };
  },
};

/** A real server of the lab was not added to the service. */
export const serverMissing: Misconception = {
  name: 'rs-not-added',
  detect(s) {
    const service = s.service();
    if (service === null) return null;
    const missing = s.realServers.find((h) => !service.servers.some((d) => addressesOfHost(h).includes(d.address)));
    return missing === undefined ? null : { host: missing.name };
  },
};

/** A server has another forwarding method than the lesson builds. */
export const wrongMode: Misconception = {
  name: 'wrong-mode',
  detect(s) {
    const want = s.wantedForward;
    const bad = want === '' ? undefined : s.service()?.servers.find((d) => d.forward !== want);
    return bad === undefined ? null : { server: `${bad.address}:${bad.port}`, found: bad.forward, want };
  },
};

/** DR and TUN: a real server lacks the VIP, so it drops what the director sends. */
export const vipMissingOnServer: Misconception = {
  name: 'vip-missing-on-rs',
  detect(s) {
    if (s.wantedForward !== 'Route' && s.wantedForward !== 'Tunnel') return null;
    for (const vip of s.vips) {
      const h = s.realServers.find((r) => !addressesOfHost(r).includes(vip));
      if (h !== undefined) return { host: h.name, vip };
    }
    return null;
  },
};

/** Nobody listens on the service's port on a real server. */
export const httpdStopped: Misconception = {
  name: 'httpd-stopped',
  detect(s) {
    const port = wantedServices(s.lesson)[0]?.port;
    const h = port === undefined ? undefined : s.realServers.find((r) => !r.sockets.some((x) => x.state === 'LISTEN' && x.local.endsWith(`:${port}`)));
    return h === undefined ? null : { host: h.name, port: String(port) };
  },
};
