// One colour a real server, the same wherever it stands for that server. Only tokens that mean nothing else beside a page.
import type { LabLike } from '../engine';

const TOKENS = ['--p-tcp', '--p-arp', '--p-icmp', '--p-udp', '--p-vrrp', '--p-http'];

/** Colours of the lab's real servers, in the order of its hosts. */
export function serverColours(lab: LabLike): Map<string, string> {
  const servers = lab.topology.hosts.filter((h) => h.role === 'real-server');
  return new Map(servers.map((h, i) => [h.name, `var(${TOKENS[i % TOKENS.length]})`]));
}
