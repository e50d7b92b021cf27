// Conversations of hand-made frames: streams, flows, relative numbers, and what is forgotten.
import { expect, test } from 'vitest';
import { FRAMES } from '../kernel/trace';
import { ACK, ETH_P_ARP, ETH_P_IP, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, Packet, SYN } from '../wire/packet';
import { Conversations } from './conversations';

const frame = (proto: number, src: number, sport: number, dst: number, dport: number, flags = 0, seq = 0, type: number = ETH_P_IP): Packet => Object.assign(new Packet(), { type, proto, src, sport, dst, dport, flags, seq });
const CLIENT = 0x0a000001;
const SERVER = -1062731523; // 192.168.4.253: a negative number

test('two sides are one stream, the same ends anew another; what one cause set off is one flow', () => {
  const c = new Conversations();
  const frames: [cause: number, p: Packet][] = [
    [0, frame(0, 0, 0, 0, 0, 0, 0, ETH_P_ARP)],
    [1, frame(IPPROTO_TCP, CLIENT, 40000, SERVER, 80, SYN, 1000)],
    [0, frame(IPPROTO_TCP, SERVER, 80, CLIENT, 40000, SYN | ACK, 9000)],
    [0, frame(IPPROTO_UDP, CLIENT, 40000, SERVER, 80)],
    [0, frame(IPPROTO_ICMP, CLIENT, 0, SERVER, 0)],
    [5, frame(IPPROTO_ICMP, SERVER, 0, CLIENT, 0)],
    [0, frame(IPPROTO_TCP, CLIENT, 40000, SERVER, 80, SYN, 1000)], // sent again
    [0, frame(IPPROTO_TCP, CLIENT, 40000, SERVER, 80, SYN, 77)], // another connection
  ];
  frames.forEach(([cause, p], i) => c.note(i + 1, cause, p));
  expect(frames.map((_, i) => c.streamOf(i + 1))).toEqual([-1, 0, 0, 1, -1, -1, 0, 2]);
  expect([1, 4, 5, 8, 9].map((id) => c.together(id))).toEqual([[1, 2, 3, 7], [4], [5, 6], [8], [9]]);
  expect(c.baseOf(frames[7]![1])).toEqual({ seq: 77, ack: 0 });
  expect(c.baseOf(frame(IPPROTO_TCP, SERVER, 80, CLIENT, 40000, SYN | ACK, 5))).toEqual({ seq: 5, ack: 77 });
});

test('both sides of a NAT are two streams and one conversation, with the ARP it needed', () => {
  const c = new Conversations();
  const REAL = -1062731724; // 192.168.4.52
  const frames: [cause: number, p: Packet][] = [
    [0, frame(IPPROTO_UDP, CLIENT, 5353, SERVER, 53)],
    [0, frame(0, 0, 0, 0, 0, 0, 0, ETH_P_ARP)],
    [2, frame(IPPROTO_TCP, CLIENT, 40000, SERVER, 80, SYN, 1000)],
    [3, frame(IPPROTO_TCP, CLIENT, 40000, REAL, 80, SYN, 1000)],
    [4, frame(IPPROTO_TCP, REAL, 80, CLIENT, 40000, SYN | ACK, 9000)],
    [5, frame(IPPROTO_TCP, SERVER, 80, CLIENT, 40000, SYN | ACK, 9000)],
    [0, frame(IPPROTO_TCP, CLIENT, 40000, SERVER, 80, ACK, 1001)],
    [7, frame(IPPROTO_TCP, CLIENT, 40000, REAL, 80, ACK, 1001)],
    [0, frame(IPPROTO_TCP, CLIENT, 40001, SERVER, 80, SYN, 5)],
    [0, frame(IPPROTO_ICMP, CLIENT, 0, SERVER, 0)],
  ];
  frames.forEach(([cause, p], i) => c.note(i + 1, cause, p));
  expect(frames.map((_, i) => c.streamOf(i + 1))).toEqual([0, -1, 1, 2, 2, 1, 1, 2, 3, -1]);
  expect(frames.map((_, i) => c.conversationOf(i + 1))).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 3, -1]);
});

test('what the trace has lost is forgotten, numbers go on', () => {
  const c = new Conversations();
  for (let id = 1; id <= 2 * FRAMES + 300; id++) c.note(id, id % 2 === 0 ? id - 1 : 0, frame(IPPROTO_TCP, CLIENT, 1024 + id, SERVER, 80, SYN, id));
  const newest = 2 * FRAMES + 300;
  expect([1, newest - FRAMES, newest - FRAMES + 1, newest].map((id) => c.streamOf(id))).toEqual([-1, -1, newest - FRAMES, newest - 1]);
  expect(c.together(newest - 1)).toEqual([newest - 1, newest]);
  expect(c.baseOf(frame(IPPROTO_TCP, CLIENT, 1024, SERVER, 80, ACK, 5))).toEqual({ seq: 5, ack: 0 });
});
