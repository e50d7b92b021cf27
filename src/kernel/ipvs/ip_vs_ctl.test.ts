// What the control interface refuses and in which order; settings; counters; the connection table against a plain model; TCP states; defences.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloneState } from '../../lib/clone';
import { ACK, FIN, IPPROTO_TCP, RST, SYN } from '../../wire/packet';
import { ip } from '../test_net';
import { AF_INET, CONN_F } from './ip_vs';
import { connDelete, connNew, connPut } from './ip_vs_conn';
import type { ConnTable } from './ip_vs_conn_tab';
import { ipVsAddDest, ipVsAddService, ipVsDelDest, ipVsDelService, ipVsEditDest, ipVsEditService, ipVsServices, ipVsSetTimeout, ipVsTimeouts, ipVsZero } from './ip_vs_ctl';
import { estCatchUp, statsShown } from './ip_vs_est';
import { DIR, TCP_STATES, tcpNextState, tcpStateActive } from './ip_vs_proto_tcp';
import { vsSysctls } from './ip_vs_sysctl';
import { at, conf, key, Rig, server, VIP } from './test_ipvs';

describe('refusals', () => {
  const r = new Rig('rr', { 52: 1 });
  const k = r.k;
  const none = key('192.168.4.253', 81);
  const rows: [string, () => unknown, string | null][] = [
    ['-A twice, before the scheduler is looked at', () => ipVsAddService(k, r.key, conf('nosuch')), 'EEXIST'],
    ['-A with an unknown scheduler', () => ipVsAddService(k, none, conf('nosuch')), 'ENOENT'],
    ['-A with an unknown engine', () => ipVsAddService(k, none, conf('rr', { pe: 'nosuch' })), 'ENOENT'],
    ['-E of nothing', () => ipVsEditService(k, none, conf('nosuch')), 'ESRCH'],
    ['-E with an unknown scheduler', () => ipVsEditService(k, r.key, conf('RR')), 'ENOENT'],
    ['-D of nothing', () => ipVsDelService(k, none), 'ESRCH'],
    ['-Z of nothing', () => ipVsZero(k, none), 'ESRCH'],
    ['-a to nothing', () => ipVsAddDest(k, none, at('192.168.4.53'), server()), 'ESRCH'],
    ['-a twice', () => ipVsAddDest(k, r.key, at('192.168.4.52'), server()), 'EEXIST'],
    ['-a twice with bad thresholds', () => ipVsAddDest(k, r.key, at('192.168.4.52'), server(1, { uThreshold: 5, lThreshold: 10 })), 'ERANGE'],
    ['-a of 0.0.0.0', () => ipVsAddDest(k, r.key, at('0.0.0.0'), server()), 'EINVAL'],
    ['-a of multicast', () => ipVsAddDest(k, r.key, at('224.0.0.1'), server()), 'EINVAL'],
    ['-a of 255.255.255.255', () => ipVsAddDest(k, r.key, at('255.255.255.255'), server()), 'EINVAL'],
    ['-a of the own broadcast', () => ipVsAddDest(k, r.key, at('192.168.4.255'), server()), 'EINVAL'],
    ['-a of a far address', () => ipVsAddDest(k, r.key, at('240.0.0.1'), server()), null],
    ['-a of an IPv6 server that is not tunnelled', () => ipVsAddDest(k, r.key, { af: 10, addr: k.world.ip6.intern('2001:db8::52')!, port: 80 }, server()), 'EINVAL'],
    ['-a of gue without a port', () => ipVsAddDest(k, r.key, at('192.168.4.53'), server(1, { forward: CONN_F.TUNNEL, tunType: 1 })), 'EINVAL'],
    ['-e of nothing', () => ipVsEditDest(k, r.key, at('192.168.4.59'), server()), 'ENOENT'],
    ['-e of another port', () => ipVsEditDest(k, r.key, at('192.168.4.52', 81), server()), 'ENOENT'],
    ['-d of nothing', () => ipVsDelDest(k, r.key, at('192.168.4.59')), 'ENOENT'],
    ['--set beyond a signed count of ticks', () => ipVsSetTimeout(k, 9_000_000, 0, 0), 'EINVAL'],
    ['--set', () => ipVsSetTimeout(k, 1200, 0, 45), null],
  ];
  it.each(rows)('%s', (_what, call, want) => expect(call()).toBe(want));
  it('0 keeps a timeout', () => expect(ipVsTimeouts(k)).toEqual({ tcp: 1200, tcpFin: 120, udp: 45 }));
  it('an unknown scheduler leaves a line in the kernel log', () => expect(k.dmesg.some((l) => l.text === 'IPVS: Scheduler module ip_vs_nosuch not found')).toBe(true));
  it('modules hold each other: a scheduler counts twice, each service once', () => {
    const one = new Rig('rr', {}).k;
    expect(one.modules.filter((m) => m.name.startsWith('ip_vs')).map((m) => [m.name, m.refs, m.usedBy])).toEqual([
      ['ip_vs', 3, ['ip_vs_rr']], ['ip_vs_rr', 1, []],
    ]);
  });
  it('-E with the same scheduler keeps what it remembers, with another not; -D and -a bring nothing back', () => {
    const x = new Rig('rr', { 52: 1, 53: 1 });
    expect(x.picks(1)).toBe('53');
    ipVsEditService(x.k, x.key, conf('rr', { timeout: 60 }));
    expect(x.picks(1)).toBe('52');
    ipVsEditService(x.k, x.key, conf('wrr'));
    ipVsEditService(x.k, x.key, conf('rr'));
    expect(x.picks(1)).toBe('53');
    expect(ipVsServices(x.k)).toHaveLength(1);
  });
});

it.each([
  ['drop_entry', '4', 'EINVAL', '0'], ['drop_entry', '3', null, '3'], ['secure_tcp', '2', null, '1'], ['secure_tcp', '3', null, '3'],
  ['sync_ports', '3', 'EINVAL', '1'], ['sync_ports', '4', null, '4'], ['sync_version', '2', 'EINVAL', '1'], ['sync_retries', '4', 'EINVAL', '0'],
  ['sync_threshold', '4 10', null, '4\t10'], ['sync_threshold', '10 4', 'EINVAL', '3\t50'], ['sync_threshold', '60', 'EINVAL', '3\t50'],
  ['expire_nodest_conn', 'abc', 'EINVAL', '0'], ['expire_nodest_conn', '', 'EINVAL', '0'], ['expire_nodest_conn', '2\n', null, '2'],
  ['sync_refresh_period', '-1', null, '-1'], ['am_droprate', '0x10', null, '16'], ['conn_reuse_mode', '99999999999', 'EINVAL', '1'],
])('net.ipv4.vs.%s = %j: %s, then reads %j', (name, text, want, reads) => {
  const k = new Rig('rr', {}).k;
  const s = vsSysctls.find((x) => x.name === name)!;
  expect([s.write(k, text), s.read(k)]).toEqual([want, reads]);
});

it('rates: a quarter of the way each 2 s, and the counters stand still between ticks', () => {
  const r = new Rig('rr', { 52: 1 });
  const s = r.svc.stats;
  const seen: number[][] = [];
  for (const burst of [1000, 0, 0]) {
    s.conns += burst;
    s.inBytes += burst * 60;
    const before = statsShown(r.k, s);
    r.world.advance(r.world.clock.now + 2e6);
    const now = statsShown(r.k, s);
    seen.push([before.conns, now.conns, now.cps, now.inBps]);
  }
  expect(seen).toEqual([[0, 1000, 125, 7500], [1000, 1000, 94, 5625], [1000, 1000, 70, 4219]]);
  r.world.advance(r.world.clock.now + 2000e6);
  estCatchUp(r.k, r.k.ipvs!);
  expect(statsShown(r.k, s).cps).toBe(0);
});

it.each([
  ['DR, a whole visit', DIR.INPUT_ONLY, [SYN, ACK, ACK, FIN | ACK, ACK], 'SYN_RECV ESTABLISHED ESTABLISHED FIN_WAIT FIN_WAIT'],
  ['DR, no answer', DIR.INPUT_ONLY, [SYN, SYN, SYN], 'SYN_RECV SYN_RECV SYN_RECV'],
  ['DR, the client gives up', DIR.INPUT_ONLY, [SYN, ACK, RST], 'SYN_RECV ESTABLISHED CLOSE'],
  ['NAT, requests only', DIR.INPUT, [SYN, ACK, FIN | ACK, ACK], 'SYN_RECV ESTABLISHED CLOSE_WAIT CLOSE_WAIT'],
  ['NAT, replies only', DIR.OUTPUT, [SYN | ACK, ACK, FIN | ACK], 'SYN_SENT SYN_SENT SYN_SENT'],
  ['no flag at all', DIR.INPUT, [SYN, 0], 'SYN_RECV CLOSE'],
])('states: %s', (_what, dir, flags, want) => {
  let state = 0;
  const seen = flags.map((f) => TCP_STATES[(state = tcpNextState(dir, state, f))]);
  expect(seen.join(' ')).toBe(want);
});
it('half-open connections are active', () => {
  expect(TCP_STATES.filter((_, i) => tcpStateActive(i))).toEqual(['ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'SYNACK']);
});

it('the table finds what a plain list finds, through growth, removal and copying', () => {
  const op = fc.record({ add: fc.boolean(), addr: fc.integer({ min: 0, max: 6 }), port: fc.integer({ min: 1, max: 6 }) });
  fc.assert(
    fc.property(fc.array(op, { maxLength: 300 }), (ops) => {
      const r = new Rig('rr', { 52: 1 });
      const v = r.k.ipvs!;
      const model: { addr: number; port: number; s: number }[] = [];
      for (const o of ops) {
        if (o.add) {
          const s = connNew(v, AF_INET, IPPROTO_TCP, o.addr, o.port, ip(VIP), 80, 1, 80, 0, r.svc.dests[0]!, 0);
          connPut(r.k, v, s);
          model.unshift({ addr: o.addr, port: o.port, s });
        } else {
          const i = model.findIndex((m) => m.addr === o.addr && m.port === o.port);
          if (i >= 0) connDelete(r.k, v, model.splice(i, 1)[0]!.s);
        }
      }
      const same = (t: ConnTable): void => {
        for (let a = 0; a < 7; a++) {
          for (let p = 1; p < 7; p++) expect(t.findIn(IPPROTO_TCP, a, p, ip(VIP), 80, 0)).toBe(model.find((m) => m.addr === a && m.port === p)?.s ?? -1);
        }
        expect(t.count).toBe(model.length);
      };
      same(v.conns);
      same(cloneState(v.conns));
      expect(r.svc.dests[0]!.inactConns).toBe(model.length);
      r.world.advance(r.world.clock.now + 10e6);
      expect([v.conns.count, r.svc.dests[0]!.inactConns, r.svc.dests[0]!.refs]).toEqual([0, 0, 0]);
    }),
    { numRuns: 60 },
  );
});

it('drop_entry 3 clears half-open connections, and leaves established ones', () => {
  const r = new Rig('rr', { 52: 1 });
  const v = r.k.ipvs!;
  for (let i = 0; i < 200; i++) {
    const s = connNew(v, AF_INET, IPPROTO_TCP, i, 1000, ip(VIP), 80, 1, 80, 0, r.svc.dests[0]!, 0);
    v.conns.state[s] = i < 100 ? 3 : 1;
    v.conns.timeout[s] = 900_000;
    connPut(r.k, v, s);
  }
  expect(vsSysctls.find((s) => s.name === 'drop_entry')!.write(r.k, '3')).toBe(null);
  r.world.advance(r.world.clock.now + 300e6);
  const left = [0, 0];
  v.conns.forEach((s) => left[v.conns.state[s] === 3 ? 0 : 1]!++);
  expect(left[0]).toBeLessThan(10);
  expect(left[1]).toBe(100);
});
