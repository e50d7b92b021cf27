// A misconception: something learners get wrong again and again, recognised in a lab's state. Its words replace a bare "it failed".
import type { Lab } from '../../lab/lab';
import type { HostView } from '../../lab/views';
import type { TopologyHost } from '../../lab/topology';
import type { Cluster } from '../checks/check_kind';

export interface Scene {
  lab: Lab;
  cluster: Cluster;
  hosts: readonly TopologyHost[];
  /** The one host a check was about, when it was about one: what shows on another explains nothing. */
  only?: string;
  /** A host's snapshot, taken once. */
  view(host: string): HostView;
  /** Is a setting in force on any cable of a host, by its effective value? */
  effective(host: string, name: string): number;
}

export interface Misconception {
  readonly name: string;
  /** Kinds of checks it can explain; 'page' is a request that is not for the virtual address. */
  readonly about: readonly string[];
  /** The host it shows on and arguments for its words; null when it does not. */
  readonly detect: (s: Scene) => { host: string; args?: Record<string, string | number> } | null;
}

/** True when a host holds an address on some interface that is up. */
export function holds(v: HostView, ip: string): string | null {
  for (const i of v.interfaces) if (i.up && i.addresses.some((a) => a.address.split('/')[0] === ip)) return i.name;
  return null;
}

/** A scene over a lab with snapshots taken once per host. */
export function sceneOf(lab: Lab, cluster: Cluster, hosts: readonly TopologyHost[], only?: string): Scene {
  const views = new Map<string, HostView>();
  const view = (host: string): HostView => {
    let v = views.get(host);
    if (v === undefined) {
      v = lab.hostView(host);
      views.set(host, v);
    }
    return v;
  };
  return {
    lab, cluster, hosts, view, ...(only === undefined ? {} : { only }),
    effective(host, name) {
      const v = view(host);
      const cables = v.interfaces.filter((i) => i.segment !== null && i.up).map((i) => i.name);
      const values = cables.map((i) => Number(v.sysctl.find((s) => s.key === `net.ipv4.conf.${i}.${name}`)?.effective ?? 0));
      return values.length === 0 ? 0 : Math.min(...values);
    },
  };
}

/** The first server of the cluster that a test shows something on. */
export const onServers = (s: Scene, test: (host: string) => Record<string, string | number> | null): ReturnType<Misconception['detect']> => {
  for (const host of s.cluster.servers) {
    if (!s.hosts.some((h) => h.name === host) || (s.only ?? host) !== host) continue;
    const args = test(host);
    if (args !== null) return { host, args };
  }
  return null;
};

/** Is an address in a network ('192.168.4.0/24')? */
export function covers(network: string, ip: string): boolean {
  const [net, bits] = network.split('/');
  const n = (t: string): number => t.split('.').reduce((a, b) => a * 256 + Number(b), 0);
  const size = 2 ** (32 - Number(bits ?? 32));
  return Math.floor(n(net!) / size) === Math.floor(n(ip) / size);
}
