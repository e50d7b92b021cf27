// IPVS end to end between small kernels: NAT, DR, TUN, local node, errors, persistence, states, counters, timers. The numbers are those recorded on a real kernel.
import { afterEach, describe, expect, it } from 'vitest';
import { cloneState } from '../../lib/clone';
import { ipText } from '../../wire/ipv4';
import { IPPROTO_UDP } from '../../wire/packet';
import { Conf } from '../core/dev';
import { addressAdd, devUp } from '../ipv4/devinet';
import { routeAdd } from '../ipv4/fib';
import { ipipLoad } from '../ipv4/ipip';
import { rawOpen, rawReceive } from '../ipv4/raw';
import { tcpAccept, tcpClose, tcpConnect, tcpListen, tcpRead, tcpSend, tcpState, tcpTakeError } from '../ipv4/tcp';
import { TCP } from '../ipv4/tcp_state';
import { udpConnect, udpOpen, udpReceiveFrom, udpSend } from '../ipv4/udp';
import type { Kernel } from '../kernel';
import { checkLedger, ip, type Net, net } from '../test_net';
import { CONN_F, SVC_F } from './ip_vs';
import { ipVsAddDest, ipVsAddService, ipVsDelDest, ipVsDelService, ipVsEditDest, ipVsFlush, ipVsService, ipVsSetTimeout, ipVsStartDaemon, ipVsStopDaemon, ipVsZero, type ServiceKey } from './ip_vs_ctl';
import { statsShown } from './ip_vs_est';
import { connProtoName, connSeconds, connStateName, ipVsConnProc, ipVsProc, ipVsStatsProc } from './ip_vs_proc';
import { vsSysctls } from './ip_vs_sysctl';
import { at, conf, ipvsHandlers, key, persistent, server } from './test_ipvs';

let lab: Net;
afterEach(() => checkLedger(lab.world));

const forwarding = (k: Kernel): void => {
  k.confAll[Conf.forwarding] = 1;
  for (const d of k.devs) d.conf[Conf.forwarding] = 1;
};
const ok = (e: unknown): void => expect(e).toBe(null);
const vs = (k: Kernel, name: string, value: number): void => ok(vsSysctls.find((s) => s.name === name)!.write(k, String(value)));

/** client50 - lvs51 - web52, web53; the director's outside address is the VIP. */
function nat(): Net {
  lab = net(
    { out: { c: '192.168.2.50/24', d: '192.168.2.51/24' }, in: { d: '192.168.4.51/24', w52: '192.168.4.52/24', w53: '192.168.4.53/24' } },
    ipvsHandlers,
  );
  for (const w of ['w52', 'w53']) routeAdd(lab.k(w), { dst: 0, prefix: 0, gw: ip('192.168.4.51') });
  forwarding(lab.k('d'));
  return lab;
}
/** One LAN; the VIP is on the director's card and, silent, on each server's lo. */
function direct(): Net {
  lab = net({ lan: { c: '192.168.4.50/24', d: '192.168.4.51/24', w52: '192.168.4.52/24', w53: '192.168.4.53/24' } }, ipvsHandlers);
  const vip = { local: ip('192.168.4.253'), prefix: 32 };
  const d = lab.k('d');
  addressAdd(d, d.devByName('eth0')!, vip);
  for (const w of ['w52', 'w53']) {
    const k = lab.k(w);
    addressAdd(k, k.devs[0]!, vip);
    k.confAll[Conf.arp_ignore] = 1;
    k.confAll[Conf.arp_announce] = 2;
  }
  return lab;
}
const NAT = key('192.168.2.51');
const DR = key('192.168.4.253');
const masq = (weight = 1) => server(weight, { forward: CONN_F.MASQ });

function service(k: Kernel, name: ServiceKey, scheduler: string, servers: [string, ReturnType<typeof server>][], more = {}): void {
  ok(ipVsAddService(k, name, conf(scheduler, more)));
  for (const [a, s] of servers) ok(ipVsAddDest(k, name, at(a, name.fwmark !== 0 ? 0 : name.port), s));
}
const listeners = new Map<Kernel, number>();
function serve(n: Net, hosts = ['w52', 'w53'], port = 80): void {
  for (const h of hosts) listeners.set(n.k(h), tcpListen(n.k(h), 0, port, 128, 0) as number);
}
/** curl: connect, ask, be answered with the server's name, close. The name, or the error, or 'timeout'. */
function curl(n: Net, to: string, port = 80, from = 'c', hosts = ['w52', 'w53'], wait = 4): string {
  const c = n.k(from);
  const s = tcpConnect(c, ip(to), port);
  if (typeof s === 'string') return s;
  n.run(0.05);
  for (let i = 0; i < wait && tcpState(c, s) !== TCP.ESTABLISHED; i++) {
    const e = tcpTakeError(c, s);
    if (e !== null) return e;
    n.run(1);
  }
  if (tcpState(c, s) !== TCP.ESTABLISHED) {
    tcpClose(c, s);
    return 'timeout';
  }
  tcpSend(c, s, 'GET');
  n.run(0.05);
  for (const h of hosts) {
    const k = n.k(h);
    const a = tcpAccept(k, listeners.get(k)!);
    if (a < 0) continue;
    tcpRead(k, a);
    tcpSend(k, a, h);
    n.run(0.05);
    const got = tcpRead(c, s);
    tcpClose(c, s);
    n.run(0.01); // the server closes before its delayed ACK is due
    tcpClose(k, a);
    n.run(0.05);
    return got === '' ? 'silence' : got;
  }
  return 'nobody';
}
/** Connections as `proto state client virtual server`, sorted. */
function conns(k: Kernel): string[] {
  const v = k.ipvs!;
  const t = v.conns;
  const out: string[] = [];
  t.forEach((s) => out.push(`${connProtoName(v, s)} ${connStateName(v, s)} ${ipText(t.caddr[s]!)}:${t.cport[s]} ${ipText(t.vaddr[s]!)}:${t.vport[s]} ${ipText(t.daddr[s]!)}:${t.dport[s]}`));
  return out.sort();
}
const states = (k: Kernel): string => conns(k).map((x) => x.split(' ')[1]).join(' ');
const counts = (k: Kernel, name: ServiceKey): string =>
  ipVsService(k, name)!.dests.map((d) => `${d.addr & 255}:${d.activeConns}/${d.inactConns}/${d.persistConns}`).sort().join(' ');
const shown = (k: Kernel, name: ServiceKey): number[] => {
  const s = statsShown(k, ipVsService(k, name)!.stats);
  return [s.conns, s.inPkts, s.outPkts, s.inBytes, s.outBytes];
};

describe('NAT', () => {
  it('translates both ways, counts both ways, ends in TIME_WAIT for two minutes', () => {
    const n = nat();
    const d = n.k('d');
    service(d, NAT, 'rr', [['192.168.4.52', masq()], ['192.168.4.53', masq()]]);
    serve(n);
    expect([1, 2, 3].map(() => curl(n, '192.168.2.51'))).toEqual(['w53', 'w52', 'w53']);
    expect(states(d)).toBe('TIME_WAIT TIME_WAIT TIME_WAIT');
    expect(counts(d, NAT)).toBe('52:0/1/0 53:0/2/0');
    expect(n.frames().filter((f) => f.includes('tcp')).slice(0, 4)).toEqual([
      'c > d tcp 192.168.2.50 > 192.168.2.51 S 0', 'd > w53 tcp 192.168.2.50 > 192.168.4.53 S 0',
      'w53 > d tcp 192.168.4.53 > 192.168.2.50 SA 0', 'd > c tcp 192.168.2.51 > 192.168.2.50 SA 0',
    ]);
    expect(shown(d, NAT)).toEqual([0, 0, 0, 0, 0]); // no tick of the estimator yet
    n.run(2);
    const [c, inPkts, outPkts] = shown(d, NAT);
    expect([c, inPkts, outPkts]).toEqual([3, 18, 12]);
    n.run(125);
    expect(conns(d)).toEqual([]);
    expect(counts(d, NAT)).toBe('52:0/0/0 53:0/0/0');
  });
  it('without forwarding requests arrive and replies do not', () => {
    const n = nat();
    const d = n.k('d');
    d.confAll[Conf.forwarding] = 0;
    for (const x of d.devs) x.conf[Conf.forwarding] = 0;
    service(d, NAT, 'rr', [['192.168.4.52', masq()]]);
    serve(n);
    expect(curl(n, '192.168.2.51')).toBe('timeout');
    expect(states(d)).toBe('SYN_RECV');
    expect(shown(d, NAT)[2]).toBe(0);
  });
  it('a closed port of the server: the client is refused, CLOSE for 10 s', () => {
    const n = nat();
    const d = n.k('d');
    service(d, NAT, 'rr', [['192.168.4.52', masq()]]);
    expect(curl(n, '192.168.2.51')).toBe('ECONNREFUSED');
    expect(states(d)).toBe('CLOSE');
    n.run(11);
    expect(conns(d)).toEqual([]);
  });
  it('a dead server: host unreachable comes from the virtual address and counts as a reply', () => {
    const n = nat();
    const d = n.k('d');
    service(d, NAT, 'rr', [['192.168.4.99', masq()]]);
    expect(curl(n, '192.168.2.51')).toBe('EHOSTUNREACH');
    const last = n.frames().at(-1)!;
    expect(last).toBe('d > c icmp 192.168.2.51 > 192.168.2.50 3/1');
    n.run(2);
    expect(shown(d, NAT).slice(0, 3)).toEqual([1, 3, 3]);
  });
  it('nobody to serve: port unreachable; no service: the director itself refuses', () => {
    const n = nat();
    const d = n.k('d');
    service(d, NAT, 'rr', [['192.168.4.52', masq(0)]]);
    expect(curl(n, '192.168.2.51')).toBe('ECONNREFUSED');
    expect(n.frames().at(-1)).toBe('d > c icmp 192.168.2.51 > 192.168.2.50 3/3');
    expect(curl(n, '192.168.2.51', 81)).toBe('ECONNREFUSED');
    expect(n.frames().at(-1)).toBe('d > c tcp 192.168.2.51 > 192.168.2.50 RA 0');
  });
  it('maps ports', () => {
    const n = nat();
    const d = n.k('d');
    ok(ipVsAddService(d, NAT, conf('rr')));
    ok(ipVsAddDest(d, NAT, at('192.168.4.52', 8080), masq()));
    serve(n, ['w52'], 8080);
    expect(curl(n, '192.168.2.51')).toBe('w52');
    expect(conns(d)[0]).toMatch(/^TCP TIME_WAIT 192.168.2.50:\d+ 192.168.2.51:80 192.168.4.52:8080$/);
  });
  it('UDP: an answer gets the virtual source; a closed port is reported from it', () => {
    const n = nat();
    const d = n.k('d');
    const dns = key('192.168.2.51', 53, IPPROTO_UDP);
    service(d, dns, 'rr', [['192.168.4.52', masq()]]);
    const w = udpOpen(n.k('w52'), 0, 53) as number;
    const c = udpOpen(n.k('c'), 0, 0) as number;
    ok(udpConnect(n.k('c'), c, ip('192.168.2.51'), 53));
    ok(udpSend(n.k('c'), c, ip('192.168.2.51'), 53, 'ask'));
    n.run(0.1);
    const q = udpReceiveFrom(n.k('w52'), w)!;
    expect(q.data).toBe('ask');
    ok(udpSend(n.k('w52'), w, q.src, q.sport, 'tell'));
    n.run(0.1);
    expect(udpReceiveFrom(n.k('c'), c)?.data).toBe('tell');
    expect(states(d)).toBe('UDP');
    expect(connSeconds(d, 0)).toBe(299);
    n.run(301);
    expect(conns(d)).toEqual([]);
  });
  it('one packet: every datagram is scheduled and leaves nothing', () => {
    const n = nat();
    const d = n.k('d');
    service(d, key('192.168.2.51', 53, IPPROTO_UDP), 'rr', [['192.168.4.52', masq()], ['192.168.4.53', masq()]], { flags: SVC_F.ONEPACKET });
    const c = udpOpen(n.k('c'), 0, 0) as number;
    for (let i = 0; i < 4; i++) {
      udpSend(n.k('c'), c, ip('192.168.2.51'), 53, 'x');
      n.run(0.1);
    }
    const sent = n.frames().filter((f) => f.startsWith('d > w'));
    expect(sent.map((f) => f.slice(4, 7)).filter((_, i) => !sent[i]!.includes('arp')).slice(0, 4)).toEqual(['w53', 'w52', 'w53', 'w52']);
    expect(conns(d)).toEqual([]);
  });
});

describe('direct routing', () => {
  it('changes only the frame, sees one direction, ends in FIN_WAIT', () => {
    const n = direct();
    const d = n.k('d');
    service(d, DR, 'rr', [['192.168.4.52', server()], ['192.168.4.53', server()]]);
    serve(n);
    expect(curl(n, '192.168.4.253')).toBe('w53');
    expect(n.frames().filter((f) => f.includes('tcp')).slice(0, 3)).toEqual([
      'c > d tcp 192.168.4.50 > 192.168.4.253 S 0', 'd > w53 tcp 192.168.4.50 > 192.168.4.253 S 0', 'w53 > c tcp 192.168.4.253 > 192.168.4.50 SA 0',
    ]);
    expect(states(d)).toBe('FIN_WAIT');
    n.run(2);
    expect(shown(d, DR)[2]).toBe(0);
    expect(ipVsConnProc(d)).toMatch(/\nTCP C0A80432 [0-9A-F]{4} C0A804FD 0050 C0A80435 0050 FIN_WAIT        11[78]\n$/);
  });
  it('a server without the port: refused by the server, SYN_RECV stays a minute', () => {
    const n = direct();
    const d = n.k('d');
    service(d, DR, 'rr', [['192.168.4.52', server()]]);
    expect(curl(n, '192.168.4.253')).toBe('ECONNREFUSED');
    expect([states(d), counts(d, DR)]).toEqual(['SYN_RECV', '52:1/0/0']);
    n.run(61);
    expect(conns(d)).toEqual([]);
  });
  it('the director as its own client sends its own address and is dropped as a martian', () => {
    const n = direct();
    const d = n.k('d');
    service(d, DR, 'rr', [['192.168.4.52', server()]]);
    serve(n);
    expect(curl(n, '192.168.4.253', 80, 'd')).toBe('EHOSTUNREACH'); // "tell 192.168.4.253" asks a host that has that address itself
    d.confAll[Conf.arp_announce] = 2;
    expect(curl(n, '192.168.4.253', 80, 'd')).toBe('timeout');
    expect(n.frames().find((f) => f.includes('tcp') && f.startsWith('d > w52'))).toBe('d > w52 tcp 192.168.4.253 > 192.168.4.253 S 0');
  });
  it('local node: the director serves itself; replies count', () => {
    const n = direct();
    const d = n.k('d');
    service(d, DR, 'rr', [['192.168.4.51', server()]]);
    serve(n, ['d']);
    expect(curl(n, '192.168.4.253', 80, 'c', ['d'])).toBe('d');
    n.run(2);
    expect(shown(d, DR).slice(0, 3)).toEqual([1, 6, 4]);
  });
});

describe('tunnel', () => {
  const tunnel = (): Net => {
    lab = net({ lan: { c: '192.168.4.50/24', d: '192.168.4.51/24', w52: '192.168.4.52/24' } }, ipvsHandlers);
    const d = lab.k('d');
    addressAdd(d, d.devByName('eth0')!, { local: ip('192.168.4.253'), prefix: 32 });
    const w = lab.k('w52');
    w.confAll[Conf.arp_ignore] = 1;
    w.confAll[Conf.arp_announce] = 2;
    service(d, DR, 'rr', [['192.168.4.52', server(1, { forward: CONN_F.TUNNEL })]]);
    return lab;
  };
  it('wraps the request, the server answers by itself', () => {
    const n = tunnel();
    const w = n.k('w52');
    ipipLoad(w);
    const t = w.devByName('tunl0')!;
    addressAdd(w, t, { local: ip('192.168.4.253'), prefix: 32 });
    devUp(w, t);
    serve(n, ['w52']);
    expect(curl(n, '192.168.4.253', 80, 'c', ['w52'])).toBe('w52');
    expect(n.frames().filter((f) => f.includes('ip4'))[0]).toBe('d > w52 ip4 192.168.4.51 > 192.168.4.52');
    expect(states(n.k('d'))).toBe('FIN_WAIT');
  });
  it('a server without ipip: protocol unreachable reaches the client; both packets count as replies, 148 bytes', () => {
    const n = tunnel();
    const raw = rawOpen(n.k('c'), 1);
    curl(n, '192.168.4.253', 80, 'c', [], 1);
    expect(rawReceive(n.k('c'), raw)?.packet.icmpCode).toBe(2);
    n.run(2);
    expect(shown(n.k('d'), DR)).toEqual([1, 1, 2, 60, 148]);
  });
});

describe('persistence', () => {
  it('a template ties the client to its server, beyond weight 0 unless told otherwise', () => {
    const n = nat();
    const d = n.k('d');
    service(d, NAT, 'rr', [['192.168.4.52', masq()], ['192.168.4.53', masq()]], persistent(360));
    serve(n);
    expect([1, 2].map(() => curl(n, '192.168.2.51'))).toEqual(['w53', 'w53']);
    expect(conns(d)[0]).toBe('TCP ASSURED 192.168.2.50:0 192.168.2.51:80 192.168.4.53:80');
    ok(ipVsEditDest(d, NAT, at('192.168.4.53'), masq(0)));
    expect(curl(n, '192.168.2.51')).toBe('w53');
    vs(d, 'expire_quiescent_template', 1);
    expect(curl(n, '192.168.2.51')).toBe('w52');
    expect(counts(d, NAT)).toBe('52:0/1/1 53:0/3/1');
  });
  it('a template that still controls connections is kept a minute more', () => {
    const n = nat();
    const d = n.k('d');
    service(d, NAT, 'rr', [['192.168.4.52', masq()]], persistent(3));
    serve(n);
    curl(n, '192.168.2.51');
    const template = d.ipvs!.conns.findTemplate(6, ip('192.168.2.50'), ip('192.168.2.51'), 80, 0);
    n.run(4);
    expect(connSeconds(d, template)).toBeGreaterThan(55);
    n.run(200);
    expect(conns(d)).toEqual([]);
  });
  it('a firewall mark binds all ports in one template', () => {
    const n = nat();
    const d = n.k('d');
    service(d, key('0.0.0.0', 0, 6, 10), 'rr', [['192.168.4.52', masq()], ['192.168.4.53', masq()]], persistent(120));
    serve(n);
    const v = d.ipvs!;
    expect(v.fwmServices.size).toBe(1);
    expect(ipVsProc(d)).toContain('FWM  0000000A rr persistent 30000 FFFFFFFF\n  -> C0A80435:0000      Masq    1      0          0         \n  -> C0A80434:0000 ');
  });
});

describe('servers that go', () => {
  it('packets to a removed server are dropped in silence, or start anew with expire_nodest_conn', () => {
    const n = nat();
    const d = n.k('d');
    service(d, NAT, 'rr', [['192.168.4.52', masq()]]);
    serve(n);
    const open = tcpConnect(n.k('c'), ip('192.168.2.51'), 80) as number;
    n.run(0.1);
    ok(ipVsDelDest(d, NAT, at('192.168.4.52')));
    tcpSend(n.k('c'), open, 'hello');
    n.run(0.5);
    expect([tcpState(n.k('c'), open), states(d)]).toEqual([TCP.ESTABLISHED, 'ESTABLISHED']);
    vs(d, 'expire_nodest_conn', 1);
    n.run(3);
    expect(tcpTakeError(n.k('c'), open)).toBe('ECONNRESET');
    expect(states(d)).toBe('');
  });
  it('a deleted service is silent to what is open while another stands; with the last one IPVS steps aside and the host itself refuses', () => {
    const n = nat();
    const d = n.k('d');
    service(d, NAT, 'rr', [['192.168.4.52', masq()]]);
    service(d, key('192.168.2.51', 8080), 'rr', []);
    serve(n);
    const open = tcpConnect(n.k('c'), ip('192.168.2.51'), 80) as number;
    n.run(0.1);
    ok(ipVsDelService(d, NAT));
    tcpSend(n.k('c'), open, 'hello');
    n.run(3);
    expect([tcpTakeError(n.k('c'), open), tcpState(n.k('c'), open), states(d)]).toEqual([null, TCP.ESTABLISHED, 'ESTABLISHED']);
    ok(ipVsDelService(d, key('192.168.2.51', 8080)));
    n.run(8);
    expect([tcpTakeError(n.k('c'), open), states(d)]).toEqual(['ECONNRESET', 'ESTABLISHED']);
  });
  it('one put back finds its connections and counters; after -C only its connections', () => {
    const n = nat();
    const d = n.k('d');
    service(d, NAT, 'rr', [['192.168.4.52', masq()]]);
    serve(n);
    curl(n, '192.168.2.51');
    n.run(2);
    ok(ipVsDelDest(d, NAT, at('192.168.4.52')));
    ok(ipVsAddDest(d, NAT, at('192.168.4.52'), masq()));
    const of = () => statsShown(d, ipVsService(d, NAT)!.dests[0]!.stats).conns;
    expect([counts(d, NAT), of()]).toEqual(['52:0/1/0', 1]);
    ok(ipVsFlush(d));
    service(d, NAT, 'rr', [['192.168.4.52', masq()]]);
    n.run(2);
    expect([counts(d, NAT), of()]).toEqual(['52:0/1/0', 0]);
    n.run(130);
    ok(ipVsDelService(d, NAT));
    n.run(400);
    expect(d.ipvs!.dests.filter((x) => x !== null)).toEqual([]);
  });
  it('-Z hides what was counted, not what is open', () => {
    const n = nat();
    const d = n.k('d');
    service(d, NAT, 'rr', [['192.168.4.52', masq()]]);
    serve(n);
    curl(n, '192.168.2.51');
    n.run(2);
    expect(shown(d, NAT)[0]).toBe(1);
    ok(ipVsZero(d, null));
    expect([shown(d, NAT), counts(d, NAT)]).toEqual([[0, 0, 0, 0, 0], '52:0/1/0']);
    expect(ipVsStatsProc(d).split('\n')[2]).toBe('       0        0        0                0                0');
  });
  it('the upper threshold overloads a server until three quarters are left', () => {
    const n = nat();
    const d = n.k('d');
    service(d, NAT, 'rr', [['192.168.4.52', server(1, { forward: CONN_F.MASQ, uThreshold: 4 })]]);
    serve(n);
    const c = n.k('c');
    for (let i = 0; i < 4; i++) tcpConnect(c, ip('192.168.2.51'), 80);
    n.run(0.1);
    const dest = ipVsService(d, NAT)!.dests[0]!;
    expect([counts(d, NAT), dest.overloaded]).toEqual(['52:4/0/0', true]);
    expect(curl(n, '192.168.2.51')).toBe('ECONNREFUSED');
    ok(ipVsEditDest(d, NAT, at('192.168.4.52'), server(1, { forward: CONN_F.MASQ, uThreshold: 5 })));
    expect(dest.overloaded).toBe(false);
  });
  it('timeouts set by hand hold from the next packet on', () => {
    const n = direct();
    const d = n.k('d');
    service(d, DR, 'rr', [['192.168.4.52', server()]]);
    ok(ipVsSetTimeout(d, 0, 3, 0));
    serve(n);
    curl(n, '192.168.4.253');
    expect(states(d)).toBe('FIN_WAIT');
    n.run(4);
    expect(conns(d)).toEqual([]);
  });
});

it('a fork shares nothing and goes on alike', () => {
  const n = nat();
  const d = n.k('d');
  service(d, NAT, 'wlc', [['192.168.4.52', masq()], ['192.168.4.53', masq()]]);
  serve(n);
  for (let i = 0; i < 5; i++) curl(n, '192.168.2.51');
  const w = cloneState(n.world);
  const before = ipVsConnProc(d);
  w.advance(w.clock.now + 300e6);
  expect(ipVsConnProc(d)).toBe(before);
  expect(conns(w.kernels[d.index]!)).toEqual([]);
  n.run(300);
  expect(ipVsProc(w.kernels[d.index]!)).toBe(ipVsProc(d));
});

it('a master tells its backup: an open connection only from its third packet on, a closing one at once', () => {
  lab = net({ lan: { c: '192.168.4.50/24', d: '192.168.4.51/24', w52: '192.168.4.52/24', b: '192.168.4.56/24' } }, ipvsHandlers);
  const [d, b, w] = [lab.k('d'), lab.k('b'), lab.k('w52')];
  const vip = { local: ip('192.168.4.253'), prefix: 32 };
  addressAdd(d, d.devByName('eth0')!, vip);
  addressAdd(w, w.devs[0]!, vip);
  w.confAll[Conf.arp_ignore] = 1;
  w.confAll[Conf.arp_announce] = 2;
  for (const k of [d, b]) service(k, DR, 'rr', [['192.168.4.52', server()]], persistent(300));
  const daemon = { mcastIfn: 'eth0', syncid: 3, maxlen: 0, group: 0, port: 0, ttl: 0 };
  ok(ipVsStartDaemon(d, 'master', daemon));
  ok(ipVsStartDaemon(b, 'backup', daemon));
  expect([ipVsStartDaemon(b, 'backup', daemon), ipVsStopDaemon(b, 'master'), ipVsStartDaemon(b, 'master', { ...daemon, mcastIfn: 'eth9' })]).toEqual(['EEXIST', 'ESRCH', 'ENODEV']);
  serve(lab, ['w52']);
  expect(curl(lab, '192.168.4.253', 80, 'c', ['w52'])).toBe('w52');
  tcpConnect(lab.k('c'), ip('192.168.4.253'), 80);
  lab.run(3);
  expect([states(d), states(b)]).toEqual(['ASSURED ESTABLISHED FIN_WAIT', 'ASSURED FIN_WAIT']);
  expect(counts(b, DR)).toBe('52:0/1/1');
  expect(conns(b)[0]).toBe(conns(d)[0]);
  expect(lab.frames().filter((f) => f.endsWith('ip17 192.168.4.51 > 224.0.0.81'))).toHaveLength(1);
});
