// IPv6 between kernels: addresses proven unique, neighbours found, packets forwarded, errors told, and IPVS by NAT and direct routing.
import { expect, test } from 'vitest';
import { ICMP6 } from '../../wire/icmpv6';
import { IP6_BASE } from '../../wire/ipv6';
import { ETH_P_ARP, IPPROTO_ICMPV6, IPPROTO_TCP, type Packet } from '../../wire/packet';
import { NUD } from '../core/nud';
import { neighbourState } from '../core/neighbour';
import { plug, Segment } from '../core/segment';
import { sysctlWrite } from '../core/sysctl';
import { devUp } from '../ipv4/devinet';
import { tcpAccept, tcpClose, tcpConnect, tcpListen, tcpRead, tcpSend, tcpState, tcpTakeError } from '../ipv4/tcp';
import { TCP, TF } from '../ipv4/tcp_state';
import { AF_INET6, CONN_F } from '../ipvs/ip_vs';
import { ipVsAddDest, ipVsAddService, ipVsService } from '../ipvs/ip_vs_ctl';
import { ipvsHandlers } from '../ipvs/test_ipvs';
import { Kernel } from '../kernel';
import { checkLedger, handlers, ip, net } from '../test_net';
import { World } from '../world';
import { address6Add, ip6Enable } from './addrconf';
import { route6Add, table6 } from './ip6_fib';

interface Net6 {
  world: World;
  k(host: string): Kernel;
  id(text: string): number;
  run(seconds: number): void;
  /** Frames sent since the last call, one line each; not those over lo. */
  frames(): string[];
}

/** Builds segments {name: {host: '2001:db8::1/64'}}; a host on several gets eth0, eth1 ... All hosts have IPv6; addresses are unique after 3 s. */
function net6(segments: Record<string, Record<string, string>>): Net6 {
  const world = new World(1, handlers(ipvsHandlers));
  const names: string[] = [];
  for (const [name, members] of Object.entries(segments)) {
    const seg = new Segment(world.segments.length, name, '');
    world.segments.push(seg);
    for (const [host, text] of Object.entries(members)) {
      let k = world.kernels[names.indexOf(host)];
      if (k === undefined) {
        k = Kernel.start(world, names.length, host);
        names.push(host);
        world.kernels.push(k);
        ip6Enable(k);
        devUp(k, k.devs[0]!);
      }
      const dev = k.addDev(`eth${k.devs.length - 1}`, 'ether');
      dev.mac = world.macs.intern(`02:00:00:00:0${seg.index}:0${k.index}`);
      plug(seg, k.index, dev);
      devUp(k, dev);
      const [a, prefix] = text.split('/');
      expect(address6Add(k, dev, world.ip6.intern(a!)!, Number(prefix))).toBe(null);
    }
  }
  let seen = 0;
  const run = (seconds: number): void => world.advance(world.clock.now + Math.round(seconds * 1e6));
  const line = (p: Packet): string => {
    if (p.type === ETH_P_ARP) return 'arp';
    const t = world.ip6;
    const way = `${t.text(p.src)} > ${t.text(p.dst)}`;
    if (p.proto === IPPROTO_TCP) return `tcp ${way} ${p.sport > 30000 ? 'e' : p.sport} ${p.dport > 30000 ? 'e' : p.dport} ${p.flags} ${p.len - 40 - p.hlen}`;
    if (p.proto !== IPPROTO_ICMPV6) return `ip${p.proto} ${way}`;
    return p.icmpType === ICMP6.NS ? `ns ${way} ${t.text(p.tpa)}` : p.icmpType === ICMP6.NA ? `na ${way} ${t.text(p.tpa)}` : `icmp6 ${way} ${p.icmpType}/${p.icmpCode}`;
  };
  run(3);
  return {
    world, run,
    k: (host) => world.kernels[names.indexOf(host)]!,
    id: (text) => world.ip6.intern(text)!,
    frames: () => {
      const out: string[] = [];
      world.trace.eachFrame(seen + 1, (id, _at, host, dev, _cause, p) => {
        seen = id;
        if (dev !== 1) out.push(`${names[host]} ${line(p)}`);
      });
      return out;
    },
  };
}

const WAN = { c: '2001:db8:2::50/64', d: '2001:db8:2::51/64' };
const LAN = { d: '2001:db8:4::51/64', w: '2001:db8:4::52/64' };

test('an address is announced to its solicited-node group before it is used; two hosts cannot have one', () => {
  const n = net6({ wan: { c: '2001:db8::1/64', d: '2001:db8::2/64' } });
  expect(n.frames().sort()).toEqual([
    'c ns :: > ff02::1:ff00:0 fe80::ff:fe00:0', 'c ns :: > ff02::1:ff00:1 2001:db8::1', 'd ns :: > ff02::1:ff00:1 fe80::ff:fe00:1', 'd ns :: > ff02::1:ff00:2 2001:db8::2',
  ]);
  const d = n.k('d');
  const dev = d.devs[1]!;
  address6Add(d, dev, n.id('2001:db8::1'), 64);
  n.run(3);
  expect(dev.addresses6.map((a) => [n.world.ip6.text(a.local), a.tentative, a.dadFailed])).toEqual([['2001:db8::1', true, true], ['2001:db8::2', false, false], ['fe80::ff:fe00:1', false, false]]);
  expect(d.dmesg.map((m) => m.text)).toEqual(['IPv6: eth0: IPv6 duplicate address 2001:db8::1 used by another host detected!']);
  checkLedger(n.world);
});

test('routes: listed within before around, one for each prefix, gone with the last address', () => {
  const n = net6({ wan: WAN, lan: LAN });
  const d = n.k('d');
  const shown = (table: number): string[] => table6(d, table).map((r) => `${r.type} ${n.world.ip6.text(r.dst)}/${r.prefix} ${d.devByIndex(r.dev)!.name}`);
  sysctlWrite(d, 'net/ipv6/conf/all/forwarding', '1');
  expect(route6Add(d, { dst: 0, prefix: 0, gw: n.id('2001:db8:9::1') })).toBe('EHOSTUNREACH');
  expect(route6Add(d, { dst: 0, prefix: 0, gw: n.id('2001:db8:2::50') })).toBe(null);
  expect(shown(254)).toEqual(['unicast 2001:db8:2::/64 eth0', 'unicast 2001:db8:4::/64 eth1', 'unicast fe80::/64 eth0', 'unicast fe80::/64 eth1', 'unicast ::/0 eth0']);
  expect(shown(255).filter((r) => r.includes('2001'))).toEqual(['anycast 2001:db8:2::/128 eth0', 'local 2001:db8:2::51/128 eth0', 'anycast 2001:db8:4::/128 eth1', 'local 2001:db8:4::51/128 eth1']);
  sysctlWrite(d, 'net/ipv6/conf/eth0/disable_ipv6', '1');
  expect([shown(254), d.devs[1]!.addresses6]).toEqual([['unicast 2001:db8:4::/64 eth1', 'unicast fe80::/64 eth1'], []]);
  expect(address6Add(d, d.devs[1]!, n.id('2001:db8:2::51'), 64)).toBe('EACCES');
});

/** Client, director and a server that routes back through it; the service is [2001:db8:2::51]:80. */
function cluster(forward: number, vipOnServer: boolean): Net6 {
  const n = net6({ wan: WAN, lan: LAN });
  const d = n.k('d');
  sysctlWrite(d, 'net/ipv6/conf/all/forwarding', '1');
  route6Add(n.k('w'), { dst: 0, prefix: 0, gw: n.id('2001:db8:4::51') });
  if (vipOnServer) address6Add(n.k('w'), n.k('w').devs[0]!, n.id('2001:db8:2::51'), 128);
  const key = { af: AF_INET6, protocol: IPPROTO_TCP, addr: n.id('2001:db8:2::51'), port: 80, fwmark: 0 };
  expect(ipVsAddService(d, key, { scheduler: 'rr', flags: 0, timeout: 0, netmask: 128, pe: '' })).toBe(null);
  expect(ipVsAddDest(d, key, { af: AF_INET6, addr: n.id('2001:db8:4::52'), port: 80 }, { forward, weight: 1, uThreshold: 0, lThreshold: 0, tunType: 0, tunPort: 0, tunFlags: 0 })).toBe(null);
  n.frames();
  return n;
}

test('NAT: neighbours are found on both sides, addresses rewritten both ways, the connection counted', () => {
  const n = cluster(CONN_F.MASQ, false);
  const c = n.k('c');
  const w = n.k('w');
  const l = tcpListen(w, IP6_BASE, 80, 5, 0) as number;
  const s = tcpConnect(c, IP6_BASE + n.id('2001:db8:2::51'), 80) as number;
  n.run(0.1);
  expect(n.frames()).toEqual([
    'c ns 2001:db8:2::50 > ff02::1:ff00:51 2001:db8:2::51', 'd na 2001:db8:2::51 > 2001:db8:2::50 2001:db8:2::51', 'c tcp 2001:db8:2::50 > 2001:db8:2::51 e 80 2 0',
    'd ns fe80::ff:fe00:101 > ff02::1:ff00:52 2001:db8:4::52', 'w na 2001:db8:4::52 > fe80::ff:fe00:101 2001:db8:4::52', 'd tcp 2001:db8:2::50 > 2001:db8:4::52 e 80 2 0',
    'w ns 2001:db8:4::52 > ff02::1:ff00:51 2001:db8:4::51', 'd na 2001:db8:4::51 > 2001:db8:4::52 2001:db8:4::51', 'w tcp 2001:db8:4::52 > 2001:db8:2::50 80 e 18 0',
    'd tcp 2001:db8:2::51 > 2001:db8:2::50 80 e 18 0', 'c tcp 2001:db8:2::50 > 2001:db8:2::51 e 80 16 0', 'd tcp 2001:db8:2::50 > 2001:db8:4::52 e 80 16 0',
  ]);
  expect([...w.devs[1]!.neighbours6.values()].map((x) => [n.world.ip6.text(x.ip), x.router, neighbourState(w, x)])).toEqual([['fe80::ff:fe00:101', false, NUD.DELAY], ['2001:db8:4::51', true, NUD.REACHABLE]]);
  tcpSend(c, s, 'hello');
  n.run(0.1);
  const a = tcpAccept(w, l);
  expect([tcpRead(w, a), w.tcp.flags[a]! & TF.V6]).toEqual(['hello', TF.V6]);
  tcpClose(c, s);
  tcpClose(w, a);
  n.run(1);
  const dest = ipVsService(n.k('d'), { af: AF_INET6, protocol: IPPROTO_TCP, addr: n.id('2001:db8:2::51'), port: 80, fwmark: 0 })!.dests[0]!;
  expect([dest.activeConns, dest.inactConns, dest.stats.conns]).toEqual([0, 1, 1]);
  checkLedger(n.world);
});

test('direct routing: the packet reaches the server as the client sent it', () => {
  const n = cluster(CONN_F.DROUTE, true);
  const s = tcpConnect(n.k('c'), IP6_BASE + n.id('2001:db8:2::51'), 80) as number;
  tcpListen(n.k('w'), IP6_BASE + n.id('2001:db8:2::51'), 80, 5, 0);
  n.run(0.5);
  expect(n.frames().filter((f) => f.includes('tcp') && f.endsWith(' 2 0'))).toEqual(['c tcp 2001:db8:2::50 > 2001:db8:2::51 e 80 2 0', 'd tcp 2001:db8:2::50 > 2001:db8:2::51 e 80 2 0']);
  expect(tcpState(n.k('c'), s)).toBe(TCP.ESTABLISHED);
});

test('errors: refused, no server, no neighbour, no route, no forwarding', () => {
  const n = cluster(CONN_F.MASQ, false);
  const c = n.k('c');
  const outcome = (to: string, port: number, seconds = 4): string | null => {
    const s = tcpConnect(c, IP6_BASE + n.id(to), port);
    if (typeof s === 'string') return s;
    n.run(seconds);
    return tcpTakeError(c, s);
  };
  expect(outcome('2001:db8:2::51', 81)).toBe('ECONNREFUSED');
  expect(outcome('2001:db8:2::99', 80)).toBe('EHOSTUNREACH');
  expect(outcome('2001:db8:4::52', 80)).toBe('ENETUNREACH');
  route6Add(c, { dst: 0, prefix: 0, gw: n.id('2001:db8:2::51') });
  expect(outcome('2001:db8:5::1', 80)).toBe('ENETUNREACH');
  n.frames();
  sysctlWrite(n.k('d'), 'net/ipv6/conf/all/forwarding', '0');
  expect(outcome('2001:db8:4::52', 80, 0.5)).toBe(null);
  expect(n.frames().filter((f) => !f.startsWith('c '))).toEqual([]);
  const v = ipVsService(n.k('d'), { af: AF_INET6, protocol: IPPROTO_TCP, addr: n.id('2001:db8:2::51'), port: 80, fwmark: 0 })!;
  v.dests[0]!.weight = 0;
  expect(outcome('2001:db8:2::51', 80)).toBe('ECONNREFUSED');
  expect(n.frames().filter((f) => f.includes('icmp6'))).toEqual(['d icmp6 2001:db8:2::51 > 2001:db8:2::50 1/4']);
  checkLedger(n.world);
});

test('listeners: [::] takes IPv4 too unless it is told not to; ids and IPv4 addresses never meet', () => {
  const n = net({ lan: { a: '10.0.0.1/24', b: '10.0.0.2/24' } });
  const b = n.k('b');
  ip6Enable(b);
  n.run(3);
  const dual = tcpListen(b, IP6_BASE, 80, 5, 0) as number;
  expect(tcpListen(b, 0, 80, 5, 0)).toBe('EADDRINUSE');
  expect(typeof tcpListen(b, IP6_BASE, 81, 5, 0, true)).toBe('number');
  expect(typeof tcpListen(b, 0, 81, 5, 0)).toBe('number');
  const s = tcpConnect(n.k('a'), ip('10.0.0.2'), 80) as number;
  n.run(0.1);
  const a = tcpAccept(b, dual);
  expect([tcpState(n.k('a'), s), b.tcp.flags[a]! & TF.V6]).toEqual([TCP.ESTABLISHED, 0]);
  const t = b.tcp;
  expect([t.find(t.lip[a]!, 80, t.rip[a]!, t.ports[a]! & 0xffff), t.find(t.lip[a]!, 80, t.rip[a]!, t.ports[a]! & 0xffff, TF.V6)]).toEqual([a, -1]);
});

test('a host without IPv6 neither speaks nor hears it', () => {
  const n = net6({ lan: { a: '2001:db8::1/64', b: '2001:db8::2/64' } });
  sysctlWrite(n.k('b'), 'net/ipv6/conf/all/disable_ipv6', '1');
  n.frames();
  const s = tcpConnect(n.k('a'), IP6_BASE + n.id('2001:db8::2'), 80) as number;
  n.run(4);
  expect(tcpTakeError(n.k('a'), s)).toBe('EHOSTUNREACH');
  expect(n.frames().filter((f) => f.startsWith('b'))).toEqual([]);
});
