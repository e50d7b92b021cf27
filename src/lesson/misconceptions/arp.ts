// Misconceptions about the ARP problem of DR: who answers for the VIP, and who takes it over by asking.
import type { HostView } from '../../lab/views';
import { addressesOfHost, settingOf, type Situation } from '../situation';
import type { Misconception } from './index';

/** DR or TUN: real servers carry the VIP. */
const shared = (s: Situation): boolean => s.wantedForward === 'Route' || s.wantedForward === 'Tunnel';

const withVip = (s: Situation): [HostView, string][] => s.realServers.flatMap((h) => s.vips.filter((v) => addressesOfHost(h).includes(v)).map((v): [HostView, string] => [h, v]));

const onCard = (h: HostView, vip: string): string => h.interfaces.find((i) => i.segment !== null && i.addresses.some((a) => a.address.split('/')[0] === vip))?.name ?? '';

/** Setting in force on a server's card: the maximum of conf.all and conf.IFACE. */
function inForce(h: HostView, name: string): number {
  const all = Number(settingOf(h, `net.ipv4.conf.all.${name}`));
  return Math.min(...h.interfaces.filter((i) => i.segment !== null && i.up).map((i) => Math.max(all, Number(settingOf(h, `net.ipv4.conf.${i.name}.${name}`)))));
}

/** arp_ignore is 0 where the question arrives, and lo's value is 0 too. */
export const arpIgnoreMissing: Misconception = {
  name: 'arp-ignore-missing',
  detect(s) {
    if (!shared(s)) return null;
    const found = withVip(s).find(([h, v]) => inForce(h, 'arp_ignore') === 0 && s.lab.answersArpFor(h.name, v));
    return found === undefined ? null : { host: found[0].name, vip: found[1] };
  },
};

/** arp_ignore was set on lo only; the question arrives on eth0, so lo's value is never looked at. */
export const arpIgnoreOnLoOnly: Misconception = {
  name: 'arp-ignore-on-lo-only',
  detect(s) {
    if (!shared(s)) return null;
    const found = withVip(s).find(([h]) => inForce(h, 'arp_ignore') === 0 && Number(settingOf(h, 'net.ipv4.conf.lo.arp_ignore')) > 0);
    return found === undefined ? null : { host: found[0].name, vip: found[1] };
  },
};

/** arp_announce below 2: the server tells the VIP as its own address when it asks for someone. */
export const arpAnnounceMissing: Misconception = {
  name: 'arp-announce-missing',
  detect(s) {
    if (!shared(s)) return null;
    const found = withVip(s).find(([h]) => inForce(h, 'arp_announce') < 2);
    return found === undefined ? null : { host: found[0].name, vip: found[1] };
  },
};

/** The VIP sits on the server's network card, where arp_ignore=1 cannot help. */
export const vipOnServerCard: Misconception = {
  name: 'vip-on-rs-card',
  detect(s) {
    if (!shared(s)) return null;
    const found = withVip(s).find(([h, v]) => onCard(h, v) !== '');
    return found === undefined ? null : { host: found[0].name, vip: found[1], dev: onCard(found[0], found[1]) };
  },
};

/** The VIP on lo has a wide mask: the whole subnet becomes local and the server falls off the network. */
export const vipWideOnLo: Misconception = {
  name: 'vip-wide-on-lo',
  detect(s) {
    for (const h of s.realServers) {
      for (const a of h.interfaces.find((i) => i.name === 'lo')?.addresses ?? []) {
        const [ip, prefix] = a.address.split('/') as [string, string];
        // Prefix 0 is what ifconfig makes of /32: no subnet route, so it works as a host address.
        if (s.vips.includes(ip) && prefix !== '32' && prefix !== '0') return { host: h.name, vip: ip, prefix };
      }
    }
    return null;
  },
};
