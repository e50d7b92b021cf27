// Which server of an upstream group gets a request: smooth weighted round robin, ip_hash, least_conn, and what failures do to a server.
// Counterpart: ngx_http_upstream_round_robin.c, ngx_http_upstream_ip_hash_module.c, ngx_http_upstream_least_conn_module.c of nginx 1.22.
// Not modelled: hash, random, max_conns, slow_start; connections kept to servers.
import type { Bytes } from '../../lib/text';
import type { Ip } from '../../wire/packet';

/** A server of a group, as configured and as it fares. Times are seconds. */
export interface Peer {
  ip: Ip;
  port: number;
  /** `192.168.4.53:80`, as logs name it. */
  name: Bytes;
  weight: number;
  maxFails: number;
  failTimeout: number;
  down: boolean;
  backup: boolean;
  current: number;
  effective: number;
  fails: number;
  accessed: number;
  checked: number;
  conns: number;
}

export interface PeerGroup {
  name: Bytes;
  method: 'round_robin' | 'ip_hash' | 'least_conn';
  peers: Peer[];
}

/** A server that has served nothing yet. */
export function newPeer(ip: Ip, port: number, name: Bytes): Peer {
  return { ip, port, name, weight: 1, maxFails: 1, failTimeout: 10, down: false, backup: false, current: 0, effective: 1, fails: 0, accessed: 0, checked: 0, conns: 0 };
}

const alone = (g: PeerGroup): boolean => g.peers.length === 1;
const rests = (p: Peer, now: number): boolean => p.maxFails > 0 && p.fails >= p.maxFails && now - p.checked <= p.failTimeout;

/** The server for a client's request that was not tried yet, or null when none is alive. */
export function choosePeer(g: PeerGroup, client: Ip, tried: readonly Bytes[], now: number): Peer | null {
  if (alone(g)) {
    const only = g.peers[0]!;
    return only.down || tried.includes(only.name) ? null : taken(only, now);
  }
  const main = g.peers.filter((p) => !p.backup);
  const usable = (p: Peer): boolean => !p.down && !tried.includes(p.name) && !rests(p, now);
  if (g.method === 'ip_hash') {
    const hashed = byAddress(main, client, usable);
    if (hashed !== null) return taken(hashed, now);
  }
  const first = main.filter(usable);
  const best = g.method === 'least_conn' ? leastBusy(first) : first;
  const chosen = roundRobin(best) ?? roundRobin(g.peers.filter((p) => p.backup && usable(p)));
  return chosen === null ? null : taken(chosen, now);
}

function taken(p: Peer, now: number): Peer {
  if (now - p.checked > p.failTimeout) p.checked = now;
  p.conns++;
  return p;
}

/** Each server gains its weight; the richest is chosen and pays the sum. */
function roundRobin(peers: readonly Peer[]): Peer | null {
  let best: Peer | null = null;
  let total = 0;
  for (const p of peers) {
    p.current += p.effective;
    total += p.effective;
    if (p.effective < p.weight) p.effective++;
    if (best === null || p.current > best.current) best = p;
  }
  if (best !== null) best.current -= total;
  return best;
}

function leastBusy(peers: readonly Peer[]): Peer[] {
  const load = (p: Peer): number => p.conns / p.weight;
  const least = Math.min(...peers.map(load));
  return peers.filter((p) => load(p) === least);
}

/** ip_hash: the first three octets of the client decide; after twenty misses the turn does. */
function byAddress(peers: readonly Peer[], client: Ip, usable: (p: Peer) => boolean): Peer | null {
  const total = peers.reduce((n, p) => n + p.weight, 0);
  let hash = 89;
  for (let tries = 0; tries <= 20; tries++) {
    for (const shift of [24, 16, 8]) hash = (hash * 113 + ((client >>> shift) & 255)) % 6271;
    let w = hash % total;
    for (const p of peers) {
      w -= p.weight;
      if (w >= 0) continue;
      if (usable(p)) return p;
      break;
    }
  }
  return null;
}

/** The request is over; true when a failure has just put the server aside. */
export function releasePeer(g: PeerGroup, p: Peer, failed: boolean, now: number): boolean {
  p.conns--;
  if (alone(g)) return false;
  if (!failed) {
    if (p.accessed < p.checked) p.fails = 0;
    return false;
  }
  p.fails++;
  p.accessed = now;
  p.checked = now;
  if (p.maxFails > 0) p.effective = Math.max(0, p.effective - p.weight / p.maxFails);
  return p.maxFails > 0 && p.fails >= p.maxFails;
}
