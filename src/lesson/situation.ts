// What a lab looks like right now, for checks and misconceptions: hosts by role, addresses, services.
import type { Lab } from '../lab/lab';
import type { HostView, ServiceView } from '../lab/views';
import type { Lesson } from './load';

/** Views of all hosts of a lab, made once. */
export class Situation {
  private views = new Map<string, HostView>();
  constructor(
    readonly lab: Lab,
    readonly lesson: Lesson,
  ) {}
  host(name: string): HostView {
    let v = this.views.get(name);
    if (v === undefined) {
      v = this.lab.hostView(name);
      this.views.set(name, v);
    }
    return v;
  }
  withRole(role: string): HostView[] {
    return this.lesson.topology.hosts.filter((h) => h.role === role).map((h) => this.host(h.name));
  }
  get directors(): HostView[] {
    return this.withRole('director');
  }
  get realServers(): HostView[] {
    return this.withRole('real-server');
  }
  get clients(): HostView[] {
    return this.withRole('client');
  }
  /** The virtual addresses: those of the lesson's ipvs checks and of services that exist. */
  get vips(): string[] {
    const out = new Set<string>();
    for (const s of wantedServices(this.lesson)) out.add(s.address);
    return [...out];
  }
  /** The service the lesson wants, as it stands on a director; null when it does not exist. */
  service(): ServiceView | null {
    const want = wantedServices(this.lesson)[0];
    for (const d of this.directors) for (const s of d.ipvs.services) if (want === undefined || (s.address === want.address && s.port === want.port)) return s;
    return null;
  }
  /** Forwarding method the lesson wants: 'Masq', 'Route', 'Tunnel', or '' when it does not say. */
  get wantedForward(): string {
    return wantedServices(this.lesson)[0]?.forward ?? '';
  }
}

/** Services named by the lesson's ipvs checks. */
export function wantedServices(lesson: Lesson): { address: string; port: number; forward: string }[] {
  const out: { address: string; port: number; forward: string }[] = [];
  const walk = (checks: readonly { kind: string; args: unknown }[]): void => {
    for (const c of checks) {
      const args = c.args as Record<string, unknown> | readonly { kind: string; args: unknown }[];
      if (Array.isArray(args)) walk(args as { kind: string; args: unknown }[]);
      else if (c.kind === 'ipvs') {
        const a = args as { service?: string; servers?: string[] };
        const m = /^(?:tcp|udp) (\S+):(\d+)$/.exec(a.service ?? '');
        const mode = a.servers?.[0]?.split(' ')[1] ?? '';
        if (m !== null) out.push({ address: m[1]!, port: Number(m[2]), forward: FORWARD_NAMES[mode] ?? '' });
      } else if (Array.isArray((args as { then?: unknown }).then)) walk((args as { then: { kind: string; args: unknown }[] }).then);
    }
  };
  for (const s of lesson.spec.steps) walk(s.checks);
  return out;
}

/** Words of lessons for forwarding methods. */
export const FORWARD_NAMES: Readonly<Record<string, 'Masq' | 'Route' | 'Tunnel'>> = { masq: 'Masq', nat: 'Masq', route: 'Route', dr: 'Route', tunnel: 'Tunnel', tun: 'Tunnel' };

/** Addresses of a host without prefix. */
export const addressesOfHost = (h: HostView): string[] => h.interfaces.flatMap((i) => i.addresses.map((a) => a.address.split('/')[0]!));

/** Value of a setting of a host, '' when it has none. */
export const settingOf = (h: HostView, key: string): string => h.sysctl.find((s) => s.key === key)?.value ?? '';

/** Name of the host that has `address`; of several, the first. '' when none has. */
export function addressOwner(lab: Lab, address: string): string {
  return lab.hostNames().find((name) => addressesOfHost(lab.hostView(name)).includes(address)) ?? '';
}
