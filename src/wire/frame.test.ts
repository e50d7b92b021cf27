// Wire formats: what is read from the bytes of a packet is that packet, for every kind of packet the engine sends.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MacTable } from './ether';
import { Ip6Table } from './ip6_table';
import { frameFromBytes, frameToBytes } from './frame';
import { inetAton, ipText, maskOf, parseIp, prefixOf } from './ipv4';
import { ETH_P_ARP, IP_DF, IPPROTO_ICMP, IPPROTO_IPIP, IPPROTO_TCP, IPPROTO_UDP, Packet, SYN } from './packet';

const int32 = fc.integer({ min: -2147483648, max: 2147483647 });
const u16 = fc.integer({ min: 0, max: 65535 });
const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 }).map((a) => String.fromCharCode(...a));

const ipBase = fc.record({ src: int32, dst: int32, ttl: fc.integer({ min: 1, max: 255 }), tos: fc.integer({ min: 0, max: 255 }), id: u16 });
const made = (fields: Partial<Packet>): Packet => Object.assign(new Packet(), fields);

const tcp = fc.record({ ip: ipBase, sport: u16, dport: u16, seq: int32, ack: int32, win: u16, data: bytes, tsVal: int32, tsEcr: int32, mss: u16, kind: fc.constantFrom(20, 32, 40) }).map((x) =>
  made({
    ...x.ip, frag: IP_DF, proto: IPPROTO_TCP, sport: x.sport, dport: x.dport, seq: x.seq, ack: x.ack, win: x.win, hlen: x.kind, data: x.data,
    flags: x.kind === 40 ? SYN : 16, mss: x.kind === 40 ? x.mss : 0, tsVal: x.kind === 20 ? 0 : x.tsVal, tsEcr: x.kind === 20 ? 0 : x.tsEcr, len: 20 + x.kind + x.data.length,
  }),
);
const udp = fc.record({ ip: ipBase, sport: u16, dport: u16, data: bytes }).map((x) => made({ ...x.ip, proto: IPPROTO_UDP, sport: x.sport, dport: x.dport, data: x.data, hlen: 8, len: 28 + x.data.length }));
const echo = fc.record({ ip: ipBase, rest: int32, data: bytes }).map((x) => made({ ...x.ip, proto: IPPROTO_ICMP, icmpType: 8, icmpRest: x.rest, data: x.data, hlen: 8, len: 28 + x.data.length }));
const error = fc.record({ ip: ipBase, quoted: fc.oneof(tcp, udp) }).map((x) => made({ ...x.ip, proto: IPPROTO_ICMP, icmpType: 3, icmpCode: 1, hlen: 8, inner: x.quoted, len: 28 + x.quoted.len }));
const ipip = fc.record({ ip: ipBase, inner: fc.oneof(tcp, echo) }).map((x) => made({ ...x.ip, proto: IPPROTO_IPIP, inner: x.inner, len: 20 + x.inner.len }));
const arp = fc.record({ op: fc.constantFrom(1, 2), spa: int32, tpa: int32 }).map((x) => made({ type: ETH_P_ARP, arpOp: x.op, spa: x.spa, tpa: x.tpa, sha: 2, tha: 0 }));

describe('frames', () => {
  it('read back as they were written', () => {
    fc.assert(
      fc.property(fc.oneof(tcp, udp, echo, error, ipip, arp), (p) => {
        const macs = new MacTable();
        const ip6 = new Ip6Table();
        macs.intern('52:54:00:00:04:33');
        p.smac = 2;
        p.dmac = 1;
        expect(frameFromBytes(frameToBytes(p, macs, ip6), macs, ip6)).toEqual(p);
      }),
    );
  });
  it('has the bytes and checksums of a real SYN', () => {
    const macs = new MacTable();
    const p = made({
      smac: macs.intern('52:54:00:00:02:32'), dmac: macs.intern('52:54:00:00:02:33'), src: parseIp('192.168.2.50')!, dst: parseIp('192.168.2.51')!,
      ttl: 64, id: 3129, frag: IP_DF, len: 60, proto: IPPROTO_TCP, sport: 42124, dport: 80, seq: 1416504801, win: 64240, hlen: 40, mss: 1460, flags: SYN, tsVal: 4104570951 | 0,
    });
    const hex = [...frameToBytes(p, macs, new Ip6Table())].map((b) => b.toString(16).padStart(2, '0')).join('');
    expect(hex).toBe(
      // computed independently, field by field
      '525400000233525400000232080045000' + '03c0c3940004006a8cdc0a80232c0a80233a48c0050546e25e100000000a002faf0eb3e0000020405b40402080af4a6c8470000000001030307',
    );
  });
});

describe('addresses', () => {
  it.each([
    ['192.168.4.1', 0xc0a80401 | 0], ['192.168.4', 0xc0a80004 | 0], ['010.1', 0x08000001], ['0x7f.1', 0x7f000001], ['256.1.1.1', null], ['1.2.3.4.5', null], ['', null], ['4294967295', -1],
  ])('inet_aton(%s)', (text, expected) => expect(inetAton(text)).toBe(expected));
  it('prints and parses', () => {
    fc.assert(fc.property(int32, (a) => parseIp(ipText(a)) === a));
    for (let p = 0; p <= 32; p++) expect(prefixOf(maskOf(p))).toBe(p);
    expect(prefixOf(0xff00ff00 | 0)).toBe(-1);
  });
});
