// The packet path between small hosts without userland: ARP, forwarding, ICMP, TCP, and the ledger of frame copies.
import { afterEach, describe, expect, it } from 'vitest';
import { Conf } from '../core/dev';
import { NUD, neighbourState } from '../core/neighbour';
import { checkLedger, ip, type Net, net } from '../test_net';
import { rawErrors, rawOpen, rawReceive, rawSend } from './raw';
import { routeAdd } from './fib';
import { addressAdd } from './devinet';
import { tcpAccept, tcpClose, tcpConnect, tcpEof, tcpListen, tcpRead, tcpSend, tcpState, tcpTakeError } from './tcp';
import { TCP, TCP_STATE_NAMES } from './tcp_state';

let lab: Net;
afterEach(() => checkLedger(lab.world));

const lan = (): Net => {
  lab = net({ lan: { a: '10.0.0.1/24', b: '10.0.0.2/24', c: '10.0.0.3/24' } });
  return lab;
};
const routed = (): Net => {
  lab = net({ left: { a: '10.0.1.1/24', r: '10.0.1.254/24' }, right: { b: '10.0.2.1/24', r: '10.0.2.254/24' } });
  routeAdd(lab.k('a'), { dst: 0, prefix: 0, gw: ip('10.0.1.254') });
  routeAdd(lab.k('b'), { dst: 0, prefix: 0, gw: ip('10.0.2.254') });
  return lab;
};
const forward = (n: Net, host: string): void => {
  const k = n.k(host);
  k.confAll[Conf.forwarding] = 1;
  for (const d of k.devs) d.conf[Conf.forwarding] = 1;
};
/** Sends one echo request and tells what came back within 5 s. */
const ping = (n: Net, from: string, to: string, ttl = 64): string => {
  const k = n.k(from);
  const s = rawOpen(k, 1);
  const e = rawSend(k, s, { dst: ip(to), icmpType: 8, icmpRest: 1, data: 'x'.repeat(56), ttl });
  if (e !== null) return e;
  n.run(5);
  // A raw socket on the asked host sees the question too, so the answer may come second.
  for (let m = rawReceive(k, s); m !== null; m = rawReceive(k, s)) if (m.packet.icmpType === 0) return `reply ttl=${m.packet.ttl}`;
  const err = rawErrors(k, s)[0];
  return err === undefined ? 'silence' : `icmp ${err.packet.icmpType}/${err.packet.icmpCode}`;
};

describe('echo', () => {
  it('answers on a LAN, with ARP first', () => {
    const n = lan();
    expect(ping(n, 'a', '10.0.0.2')).toBe('reply ttl=64');
    expect(n.frames()).toEqual([
      'a > * arp who-has 10.0.0.2 tell 10.0.0.1',
      'b > a arp 10.0.0.2 is-at b',
      'a > b icmp 10.0.0.1 > 10.0.0.2 8/0',
      'b > a icmp 10.0.0.2 > 10.0.0.1 0/0',
    ]);
  });
  it.each([['a', '10.0.0.2'], ['b', '10.0.0.3'], ['c', '10.0.0.1']])('a broadcast of %s is one frame on its way and reaches every other host once', (from, to) => {
    const n = lan();
    ping(n, 'a', '10.0.0.9'); // so that nobody has heard only what follows
    const heard = (): number[] => n.world.kernels.map((k) => k.devByName('eth0')!.stats.rxPackets);
    const before = heard();
    const { created } = n.world;
    rawSend(n.k(from), rawOpen(n.k(from), 1), { dst: ip(to), icmpType: 8, data: '' });
    expect(n.world.created - created).toBe(2); // the question, and the packet that waits for its answer
    checkLedger(n.world);
    n.world.advance(n.world.clock.now + 100);
    expect(heard().map((now, i) => now - before[i]!)).toEqual(['a', 'b', 'c'].map((h) => (h === from ? 0 : 1)));
  });
  it('asks three times, a second apart, then says host unreachable', () => {
    const n = lan();
    expect(ping(n, 'a', '10.0.0.9')).toBe('icmp 3/1');
    expect(n.frames().filter((f) => f.includes('who-has'))).toHaveLength(3);
    const entry = n.k('a').devByName('eth0')!.neighbours.get(ip('10.0.0.9'))!;
    expect(neighbourState(n.k('a'), entry)).toBe(NUD.FAILED);
  });
  it('needs a route', () => expect(ping(lan(), 'a', '10.9.9.9')).toBe('ENETUNREACH'));
  it('passes a router only when it forwards', () => {
    const n = routed();
    expect(ping(n, 'a', '10.0.2.1')).toBe('silence');
    forward(n, 'r');
    expect(ping(n, 'a', '10.0.2.1')).toBe('reply ttl=63');
    expect(ping(n, 'a', '10.0.2.1', 1)).toBe('icmp 11/0');
  });
  it('probes what has not been heard of for 30 s, unless an answer says that the way lives: for every hop of one kernel', () => {
    const asked = (confirm: boolean, oneKernel: boolean): string[] => {
      const n = routed();
      n.world.oneKernel = oneKernel;
      forward(n, 'r');
      const k = n.k('a');
      const s = rawOpen(k, 1);
      const send = (known: boolean): void => {
        expect(rawSend(k, s, { dst: ip('10.0.2.1'), icmpType: 8, icmpRest: 1, data: '', confirm: known })).toBeNull();
        n.run(1);
      };
      send(false);
      n.run(40);
      const before = n.frames().length;
      for (let i = 0; i < 8; i++) send(confirm);
      return n.frames().slice(before).filter((f) => f.includes('who-has'));
    };
    // b never hears that a's way lives: its replies are not sent on the strength of an answer.
    const fromB = 'b > r arp who-has 10.0.2.254 tell 10.0.2.1';
    const back = 'r > a arp who-has 10.0.1.1 tell 10.0.1.254';
    const onward = 'r > b arp who-has 10.0.2.1 tell 10.0.2.254';
    expect(asked(true, true).sort()).toEqual([fromB, back]);
    // The router's kernel hears nothing of what a's knows.
    expect(asked(true, false).sort()).toEqual([fromB, back, onward]);
    expect(asked(false, true).sort()).toEqual(['a > r arp who-has 10.0.1.254 tell 10.0.1.1', fromB, back, onward]);
  });
  it('reaches the own address over lo', () => expect(ping(lan(), 'a', '10.0.0.1')).toBe('reply ttl=64'));
});

describe('a card of limited rate', () => {
  it('sends one frame after the other: ten of 1,042 bytes take 83 ms at 1 Mbit/s', () => {
    const n = lan();
    const k = n.k('a');
    expect(ping(n, 'a', '10.0.0.2')).toBe('reply ttl=64'); // ARP is done
    const started = n.world.clock.now;
    k.devByName('eth0')!.rateMbit = 1;
    const s = rawOpen(n.k('b'), 1);
    const mine = rawOpen(k, 1);
    for (let i = 0; i < 10; i++) rawSend(k, mine, { dst: ip('10.0.0.2'), icmpType: 8, icmpRest: i, data: 'x'.repeat(1000) });
    n.run(1);
    const times: number[] = [];
    for (let m = rawReceive(n.k('b'), s); m !== null; m = rawReceive(n.k('b'), s)) if (m.packet.icmpType === 8) times.push(m.at - started);
    expect(times).toEqual(Array.from({ length: 10 }, (_, i) => (i + 1) * 8336 + 100));
  });
});

describe('arp_ignore and arp_announce', () => {
  const vipOnLo = (conf: Record<string, number>): string => {
    const n = lan();
    const b = n.k('b');
    addressAdd(b, b.devs[0]!, { local: ip('10.0.0.100'), prefix: 32, label: 'lo:1' });
    for (const [key, value] of Object.entries(conf)) {
      const [where, name] = key.split('.') as [string, 'arp_ignore'];
      const row = where === 'all' ? b.confAll : b.devByName(where)!.conf;
      row[Conf[name]] = value;
    }
    return ping(n, 'a', '10.0.0.100');
  };
  it.each([
    [{}, 'reply ttl=64'],
    [{ 'lo.arp_ignore': 1 }, 'reply ttl=64'],
    [{ 'all.arp_ignore': 1 }, 'icmp 3/1'],
    [{ 'eth0.arp_ignore': 1 }, 'icmp 3/1'],
    [{ 'all.arp_ignore': 8 }, 'icmp 3/1'],
    [{ 'all.arp_ignore': 3 }, 'reply ttl=64'],
  ])('%j: a ping to the VIP on lo gets %s', (conf, expected) => expect(vipOnLo(conf)).toBe(expected));
});

describe('tcp', () => {
  const states = (n: Net, host: string): string[] => {
    const out: string[] = [];
    const t = n.k(host).tcp;
    for (let s = 0; s < t.used; s++) if (t.state[s] !== 0) out.push(TCP_STATE_NAMES[t.state[s]!]!);
    return out;
  };
  it('opens, talks, closes from the client: the segments of a short HTTP exchange', () => {
    const n = lan();
    const l = tcpListen(n.k('b'), 0, 80, 128, 0) as number;
    const c = tcpConnect(n.k('a'), ip('10.0.0.2'), 80) as number;
    n.run(0.01);
    expect(tcpState(n.k('a'), c)).toBe(TCP.ESTABLISHED);
    const s = tcpAccept(n.k('b'), l);
    tcpSend(n.k('a'), c, 'GET');
    n.run(0.01);
    expect(tcpRead(n.k('b'), s)).toBe('GET');
    tcpSend(n.k('b'), s, 'page');
    n.run(0.01);
    expect(tcpRead(n.k('a'), c)).toBe('page');
    tcpClose(n.k('a'), c);
    n.run(0.01);
    expect(tcpEof(n.k('b'), s)).toBe(true);
    tcpClose(n.k('b'), s);
    n.run(0.01);
    expect(states(n, 'a')).toEqual(['TIME_WAIT']);
    expect(states(n, 'b')).toEqual(['LISTEN']);
    expect(n.frames().filter((f) => f.includes('tcp')).map((f) => f.replace(/10\.0\.0\./g, '.'))).toEqual([
      'a > b tcp .1 > .2 S 0', 'b > a tcp .2 > .1 SA 0', 'a > b tcp .1 > .2 A 0', 'a > b tcp .1 > .2 PA 3', 'b > a tcp .2 > .1 A 0',
      'b > a tcp .2 > .1 PA 4', 'a > b tcp .1 > .2 A 0', 'a > b tcp .1 > .2 FA 0', 'b > a tcp .2 > .1 FA 0', 'a > b tcp .1 > .2 A 0',
    ]);
    n.run(61);
    expect(states(n, 'a')).toEqual([]);
  });
  it.each([
    ['10.0.0.2', 0.01, 'ECONNREFUSED'],
    ['10.0.0.9', 4, 'EHOSTUNREACH'],
    ['10.7.0.1', 0, 'ENETUNREACH'],
  ])('connecting to %s without a listener ends in %s s with %s', (to, seconds, error) => {
    const n = lan();
    const c = tcpConnect(n.k('a'), ip(to as string), 81);
    if (typeof c === 'string') expect(c).toBe(error);
    else {
      n.run(seconds as number);
      expect(tcpTakeError(n.k('a'), c)).toBe(error);
    }
  });
  it('repeats a lost SYN at 1, 3, 7, 15, 31, 63 s and gives up at 127 s', () => {
    const n = routed(); // the router does not forward: silence
    const c = tcpConnect(n.k('a'), ip('10.0.2.1'), 80) as number;
    n.run(126);
    expect(tcpState(n.k('a'), c)).toBe(TCP.SYN_SENT);
    n.run(2);
    expect(tcpTakeError(n.k('a'), c)).toBe('ETIMEDOUT');
    expect(n.frames().filter((f) => f.includes('tcp'))).toHaveLength(7);
  });
  it('moves a megabyte, and again over a link that loses a tenth of the frames', () => {
    const n = lan();
    for (const loss of [0, 0.1]) {
      n.k('a').devByName('eth0')!.loss = loss;
      const l = tcpListen(n.k('b'), 0, loss === 0 ? 80 : 81, 128, 0) as number;
      const c = tcpConnect(n.k('a'), ip('10.0.0.2'), loss === 0 ? 80 : 81) as number;
      n.run(10);
      const s = tcpAccept(n.k('b'), l);
      const data = Array.from({ length: 1000 }, (_, i) => String(i).padStart(1000, '.')).join('');
      tcpSend(n.k('a'), c, data);
      let got = '';
      for (let i = 0; i < 4000 && got.length < data.length; i++) {
        n.run(0.1);
        got += tcpRead(n.k('b'), s);
      }
      expect(got === data).toBe(true);
    }
  });
});
