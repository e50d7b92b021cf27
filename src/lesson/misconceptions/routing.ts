// Misconceptions about the way of packets in NAT mode: forwarding and gateways.
import { addressesOfHost, settingOf, type Situation } from '../situation';
import type { Misconception } from './index';

const nat = (s: Situation): boolean => s.wantedForward === 'Masq';

/** ip_forward is 0: requests go in, replies stay at the director. */
export const noForwarding: Misconception = {
  name: 'no-ip-forward',
  detect(s) {
    const d = nat(s) ? s.directors.find((h) => settingOf(h, 'net.ipv4.ip_forward') === '0') : undefined;
    return d === undefined ? null : { host: d.name };
  },
};

const defaultGateway = (routes: { dst: string; gateway: string; table: string }[]): string => routes.find((r) => r.table === 'main' && r.dst === 'default')?.gateway ?? '';

/** A real server's default gateway is not the director, so replies never come back to have the address restored. */
export const serverGatewayMissing: Misconception = {
  name: 'rs-gateway-missing',
  detect(s) {
    if (!nat(s)) return null;
    const dips = s.directors.flatMap(addressesOfHost);
    for (const h of s.realServers) {
      const gw = defaultGateway(h.routes);
      if (!dips.includes(gw)) return { host: h.name, gateway: gw === '' ? '-' : gw, director: s.directors[0]?.name ?? '' };
    }
    return null;
  },
};

/** The client has no route to the virtual address. */
export const clientWithoutGateway: Misconception = {
  name: 'client-no-route',
  detect(s) {
    for (const h of s.clients) {
      for (const vip of s.vips) {
        const net = vip.split('.').slice(0, 3).join('.');
        const reaches = h.routes.some((r) => r.table === 'main' && (r.dst === 'default' || r.dst.startsWith(`${net}.`)));
        if (!reaches) return { host: h.name, vip };
      }
    }
    return null;
  },
};
