// The packet filter: what passes, and which token a bad expression is blamed on.
import { expect, test } from 'vitest';
import type { FrameView } from '../engine';
import { parseFilter } from './filter';

const base: FrameView = { id: 1, at: 0, from: 'client50', fromDev: 'eth0', segment: 'lan', to: [{ host: 'lvs51', dev: 'eth0', at: 100, accepted: true }], cause: 0, proto: 'TCP', smac: '52:54:00:00:04:32', dmac: '52:54:00:00:04:33', src: '192.168.4.50', dst: '192.168.4.253', sport: 40000, dport: 80, ttl: 64, flags: 'SYN', seq: 0, ack: 0, len: 0, info: '', mode: null, changed: [], drop: null, stream: 3, conversation: 3, data: '' };
const frames: Record<string, FrameView> = {
  syn: base, http: { ...base, proto: 'HTTP', flags: 'PSH, ACK', mode: 'MAC' }, arp: { ...base, proto: 'ARP', sport: 0, dport: 0, flags: '', stream: -1 }, ping: { ...base, proto: 'ICMP', sport: 0, dport: 0, flags: '', stream: -1, conversation: -1 }, dead: { ...base, drop: 'NO_SOCKET', from: 'web52' }, inner: { ...base, stream: 4, dst: '192.168.4.52', from: 'lvs51', mode: 'DNAT' },
};
const passes = (text: string): string => {
  const f = parseFilter(text);
  return 'error' in f ? `${f.error.key} ${f.error.token}` : Object.keys(frames).filter((k) => f.test(frames[k]!)).join(' ');
};

test.each([
  ['', 'syn http arp ping dead inner'], ['arp', 'arp'], ['tcp', 'syn http dead inner'], ['http', 'http'], ['icmp || arp', 'arp ping'], ['tcp.port == 80 && !http', 'syn dead inner'], ['tcp.port == 80 || arp', 'syn http arp dead inner'],
  ['ip.addr == 192.168.4.253', 'syn http ping dead'], ['ip.src != 192.168.4.50', 'arp'], ['host web52', 'dead'], ['host == client50 and not (tcp or icmp)', 'arp'], ['tcp.flags.syn == 1', 'syn dead inner'], ['tcp.stream == 3', 'syn http dead'], ['tcp.stream == 4', 'inner'], ['stream == 3', 'syn http arp dead inner'], ['stream == 4', ''], ['mode mac', 'http'], ['drop', 'dead'], ['drop == no_socket', 'dead'],
])('%s', (text, want) => expect(passes(text)).toBe(want));

test.each([
  ['tpc', 'unknown tpc'], ['tcp.port', 'expectOp tcp.port'], ['tcp.port ==', 'expectValue =='], ['tcp.port == http', 'badNumber http'], ['ip.addr == 192.168.4', 'badAddress 192.168.4'], ['&& arp', 'expectTerm &&'], ['(arp', 'unclosed ('], ['arp icmp', 'extra icmp'], ['arp &&', 'end &&'], ['host', 'expectValue host'],
])('%s is refused', (text, want) => expect(passes(text)).toBe(want));
