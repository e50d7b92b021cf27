// IPv6 on the wire: what is read from the bytes is what was written, the text of addresses (RFC 5952), the kinds of addresses.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MacTable } from './ether';
import { frameFromBytes, frameToBytes } from './frame';
import { ICMP6 } from './icmpv6';
import { parseIp6 } from './ip6_text';
import { Ip6Table } from './ip6_table';
import { addressText, hostPart, IP6_BASE, linkLocalOf, multicastMac6, scope6, solicitedNode } from './ipv6';
import { parseIp } from './ipv4';
import { ETH_P_IPV6, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP, Packet, SYN } from './packet';

const u16 = fc.integer({ min: 0, max: 65535 });
const int32 = fc.integer({ min: -2147483648, max: 2147483647 });
const data = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 }).map((a) => String.fromCharCode(...a));
const address = fc.array(u16, { minLength: 8, maxLength: 8 }).map((g) => g.map((x) => x.toString(16)).join(':'));
const ends = fc.record({ src: address, dst: address, ttl: fc.integer({ min: 1, max: 255 }), tos: fc.integer({ min: 0, max: 255 }) });

type Made = (t: Ip6Table) => Packet;
const base = (t: Ip6Table, e: { src: string; dst: string; ttl: number; tos: number }): Partial<Packet> => ({ type: ETH_P_IPV6, src: t.intern(e.src)!, dst: t.intern(e.dst)!, ttl: e.ttl, tos: e.tos });
const made = (fields: Partial<Packet>): Packet => Object.assign(new Packet(), fields);

const tcp = fc.record({ e: ends, sport: u16, dport: u16, seq: int32, ack: int32, win: u16, data, tsVal: int32, mss: u16, syn: fc.boolean() }).map(
  (x): Made => (t) => made({ ...base(t, x.e), proto: IPPROTO_TCP, sport: x.sport, dport: x.dport, seq: x.seq, ack: x.ack, win: x.win, data: x.data, hlen: x.syn ? 40 : 32, flags: x.syn ? SYN : 16, mss: x.syn ? x.mss : 0, tsVal: x.tsVal, len: 40 + (x.syn ? 40 : 32) + x.data.length }),
);
const udp = fc.record({ e: ends, sport: u16, dport: u16, data }).map((x): Made => (t) => made({ ...base(t, x.e), proto: IPPROTO_UDP, sport: x.sport, dport: x.dport, data: x.data, hlen: 8, len: 48 + x.data.length }));
const echo = fc.record({ e: ends, rest: int32, data }).map((x): Made => (t) => made({ ...base(t, x.e), proto: IPPROTO_ICMPV6, icmpType: ICMP6.ECHO, icmpRest: x.rest, data: x.data, hlen: 8, len: 48 + x.data.length }));
const discovery = fc.record({ e: ends, target: address, told: fc.boolean(), type: fc.constantFrom(ICMP6.NS, ICMP6.NA), flags: int32 }).map(
  (x): Made => (t) => made({ ...base(t, x.e), proto: IPPROTO_ICMPV6, icmpType: x.type, icmpRest: x.flags, tpa: t.intern(x.target)!, sha: x.told ? 2 : 0, hlen: 8, len: 64 + (x.told ? 8 : 0) }),
);
const error = fc.record({ e: ends, quoted: fc.oneof(tcp, udp) }).map((x): Made => (t) => {
  const inner = x.quoted(t);
  return made({ ...base(t, x.e), proto: IPPROTO_ICMPV6, icmpType: ICMP6.UNREACH, icmpCode: 4, hlen: 8, inner, len: 48 + inner.len });
});

describe('frames', () => {
  it('read back as they were written', () => {
    fc.assert(
      fc.property(fc.oneof(tcp, udp, echo, discovery, error), (make) => {
        const macs = new MacTable();
        macs.intern('52:54:00:00:06:51');
        const t = new Ip6Table();
        const p = make(t);
        p.smac = 2;
        p.dmac = 1;
        expect(frameFromBytes(frameToBytes(p, macs, t), macs, t)).toEqual(p);
      }),
    );
  });
  it('has the bytes and checksum of a real solicitation', () => {
    const macs = new MacTable();
    const t = new Ip6Table();
    const target = t.intern('2001:db8:2::51')!;
    const group = solicitedNode(t, target);
    const mac = macs.intern('52:54:00:00:06:50');
    const p = made({
      type: ETH_P_IPV6, smac: mac, dmac: macs.intern(multicastMac6(t, group)), src: t.intern('2001:db8:2::50')!, dst: group, ttl: 255, proto: IPPROTO_ICMPV6, icmpType: ICMP6.NS, tpa: target, sha: mac, len: 72,
    });
    const hex = [...frameToBytes(p, macs, t)].map((b) => b.toString(16).padStart(2, '0')).join('');
    // computed independently, field by field
    expect(hex).toBe(
      '3333ff000051525400000650' + '86dd' + '6000000000203aff' + '20010db8000200000000000000000050' + 'ff0200000000000000000001ff000051' + '8700' + 'c492' + '00000000' + '20010db8000200000000000000000051' + '0101525400000650',
    );
  });
});

describe('addresses', () => {
  it.each([
    ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'], ['::', '::'], ['0:0:1::', '0:0:1::'], ['1:0:0:2:0:0:0:3', '1:0:0:2::3'], ['::ffff:1.2.3.4', '::ffff:1.2.3.4'], ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'], ['1::2::3', null], ['12345::', null], ['', null], ['1:2', null],
  ])('%s is %s', (text, canonical) => expect(parseIp6(text)).toBe(canonical));
  it('are ids whose text says the same again, and keep their prefix when masked', () => {
    fc.assert(
      fc.property(address, fc.integer({ min: 0, max: 128 }), (text, prefix) => {
        const t = new Ip6Table();
        const id = t.intern(text)!;
        const net = t.masked(id, prefix);
        return t.intern(t.text(id)) === id && t.samePrefix(id, net, prefix) && t.masked(net, prefix) === net;
      }),
    );
  });
  it('of both families live in one number', () => {
    const t = new Ip6Table();
    const id = t.intern('2001:db8::5')!;
    expect([0, parseIp('255.255.255.255')!, IP6_BASE, IP6_BASE + id].map((a) => [addressText(a, t), hostPart(a, t)])).toEqual([
      ['0.0.0.0', '0.0.0.0'], ['255.255.255.255', '255.255.255.255'], ['::', '[::]'], ['2001:db8::5', '[2001:db8::5]'],
    ]);
  });
  it('link-local, solicited node, scope', () => {
    const t = new Ip6Table();
    const macs = new MacTable();
    const ll = linkLocalOf(t, macs, macs.intern('52:54:00:00:06:50'));
    expect([t.text(ll), t.text(solicitedNode(t, ll)), multicastMac6(t, solicitedNode(t, ll))]).toEqual(['fe80::5054:ff:fe00:650', 'ff02::1:ff00:650', '33:33:ff:00:06:50']);
    expect(['::1', 'fe80::1', 'fec0::1', '2001:db8::1', 'ff02::1', 'ff05::1'].map((a) => scope6(t, t.intern(a)!))).toEqual([2, 2, 5, 14, 2, 5]);
  });
});
