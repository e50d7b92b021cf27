// Frames as bytes for people and for Wireshark: layers with the bytes of each field, and the capture file.
import { expect, test } from 'vitest';
import { Lab } from './lab';
import { layersOf } from './layers';
import type { Topology } from './topology';

const topology: Topology = {
  image: 'el', segments: [{ name: 'lan', subnet: '192.168.4.0/24' }],
  hosts: [50, 52].map((n) => ({ name: n === 50 ? 'client50' : 'web52', interfaces: { eth0: { segment: 'lan', address: `192.168.4.${n}/24` } }, ...(n === 52 ? { services: [{ type: 'http' as const, port: 80, body: 'hello\n' }] } : {}) })),
};

function walked(): Lab {
  const lab = Lab.create(topology, { seed: 1 });
  lab.exec('client50', 'curl -s http://192.168.4.52/; ping -c 1 -s 8 192.168.4.52; ping -c 1 -s 3000 192.168.4.52');
  return lab;
}
const shown = (bytes: Uint8Array): string[] => layersOf(bytes).map((l) => `${l.name} ${l.from}-${l.to}: ${l.fields.map((f) => `${f.key} ${f.value}`).join(', ')}`);

test('layers of ARP, SYN, ping and a fragment', () => {
  const lab = walked();
  const frames = lab.trace().frames(1);
  const bytes = (pick: (f: (typeof frames)[number]) => boolean): Uint8Array => lab.trace().bytes(frames.find(pick)!.id)!;
  expect(shown(bytes((f) => f.proto === 'ARP'))).toEqual([
    'eth 0-14: dmac ff:ff:ff:ff:ff:ff, smac 52:54:00:00:04:32, type ARP (0x0806)',
    'arp 14-42: hardware 1, protocol 0x0800, sizes 6 / 4, op request (1), sha 52:54:00:00:04:32, spa 192.168.4.50, tha 00:00:00:00:00:00, tpa 192.168.4.52',
  ]);
  expect(shown(bytes((f) => f.flags === 'SYN')).slice(1).map((l) => l.replace(/checksum 0x\w+/, 'checksum ok').replace(/(id|seq|TS) [^,]*/g, '$1 N'))).toEqual([
    'ip 14-34: version 4, 20, tos 0x00, length 60, id N, fragment DF, 0, ttl 64, proto TCP (6), checksum ok, src 192.168.4.50, dst 192.168.4.52',
    'tcp 34-74: sport 40000, dport 80, seq N, ack 0, offset 40, flags SYN (0x02), window 64240, checksum ok, urgent 0, options MSS 1460; SACK; TS N, 0; WS 7',
  ]);
  expect(shown(bytes((f) => f.info.includes('ping) request'))).slice(2).map((l) => l.replace(/checksum 0x\w+/, 'checksum ok').replace(/ident \d+/, 'ident N'))).toEqual(['icmp 34-42: icmpType 8, icmpCode 0, checksum ok, ident N, sequence 1', expect.stringMatching(/^data 42-50: data /)]);
  expect(shown(bytes((f) => f.info.startsWith('Fragmented') && f.info.includes('off=1480'))).map((l) => l.split(':')[0])).toEqual(['eth 0-14', 'ip 14-34', 'data 34-1514']);
});

test('every byte of every frame belongs to one field, and the capture file holds them all', () => {
  const lab = walked();
  const frames = lab.trace().frames(1);
  expect(frames.length).toBeGreaterThan(15);
  for (const f of frames) {
    const b = lab.trace().bytes(f.id)!;
    const covered = layersOf(b).flatMap((l) => l.fields).reduce((n, x) => (x.from === n ? x.to : Number.NaN), 0);
    expect(`${f.info}: ${covered}`).toBe(`${f.info}: ${b.length}`);
  }
  const file = lab.pcap(frames.map((f) => f.id));
  expect(file.length).toBe(24 + frames.reduce((n, f) => n + 16 + lab.trace().bytes(f.id)!.length, 0));
  expect(Array.from(file.subarray(0, 6))).toEqual([0xd4, 0xc3, 0xb2, 0xa1, 2, 0]);
});
