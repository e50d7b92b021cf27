// The account of one packet and its reply, in the healthy clusters and where they go wrong.
import { expect, test } from 'vitest';
import { flowAccount, type FlowAccount } from './flow';
import { Lab } from './lab';
import type { Topology, TopologyHost } from './topology';

const web = { type: 'http', port: 80, body: 'hello\n' } as const;
const card = (address: string): TopologyHost['interfaces'] => ({ eth0: { segment: 'lan', address: `${address}/24` } });
const VIP = '192.168.4.253';

/** One network: a client, a director with the VIP, two servers; `lines` make it NAT or DR. */
function lab(lines: readonly string[]): Lab {
  const topology: Topology = {
    image: 'el', segments: [{ name: 'lan', subnet: '192.168.4.0/24' }],
    hosts: [
      { name: 'client50', role: 'client', interfaces: card('192.168.4.50') }, { name: 'lvs51', role: 'director', interfaces: card('192.168.4.51'), packages: ['ipvsadm'] },
      { name: 'web52', role: 'real-server', interfaces: card('192.168.4.52'), services: [web] }, { name: 'web53', role: 'real-server', interfaces: card('192.168.4.53'), services: [web] },
    ],
  };
  const l = Lab.create(topology, { seed: 3 });
  for (const line of lines) {
    const [host, command] = line.split('# ');
    expect(l.exec(host!, command!)).toMatchObject({ stderr: '', status: 0 });
  }
  return l;
}
const director = (flag: string): string[] => [`lvs51# ip addr add ${VIP}/32 dev eth0`, 'lvs51# sysctl -w net.ipv4.ip_forward=1', `lvs51# ipvsadm -A -t ${VIP}:80 -s rr`, ...['52', '53'].map((n) => `lvs51# ipvsadm -a -t ${VIP}:80 -r 192.168.4.${n}:80 ${flag}`)];
const dr = [...director('-g'), ...['web52', 'web53'].flatMap((h) => [`${h}# sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2`, `${h}# ip addr add ${VIP}/32 dev lo`])];

/** The account of the first SYN of one curl. */
function account(l: Lab, url = `http://${VIP}/`): FlowAccount {
  const first = l.trace().frameCount() + 1;
  l.exec('client50', `curl -s -m 2 ${url}`);
  const syn = l.trace().frames(first).find((f) => f.from === 'client50' && f.flags === 'SYN') ?? l.trace().frames(first)[0]!;
  return flowAccount(l, syn.id)!;
}
const way = (a: FlowAccount): string[] => a.hops.map((h) => `${h.host}${h.tone === 'plain' ? '' : ` ${h.tone}`} (${h.route.replace(/ proto.*/, '')}): ${h.steps.filter((s) => s.kind !== 'receive' && s.kind !== 'neighbour' && s.kind !== 'neighbourWait').map((s) => s.kind).join(' ')}`);
const said = (a: FlowAccount): string[] => a.words.map((w) => `${w.key} ${Object.entries(w.args).filter(([k]) => k !== 'seconds').map(([, v]) => v).join(' ')}`);

test('DR: the request through the director, the reply straight home', () => {
  const a = account(lab(dr));
  expect(way(a)).toEqual(['client50 (192.168.4.0/24 dev eth0): ', 'lvs51 (192.168.4.0/24 dev eth0): routeLocal ipvsSchedule ipvsDr', 'web53 (192.168.4.0/24 dev eth0): routeLocal socket routeOutput', 'client50 (): routeLocal socket']);
  expect(said(a)).toEqual([`flow.sent client50 SYN ${VIP} 80`, `flow.pickedDr lvs51 web53 rr ${VIP}:80 ${VIP}:80 ${VIP}`, `flow.replyStraight web53 client50 ${VIP} lvs51`]);
  expect([a.mismatch, a.instead, a.routes]).toEqual([null, null, null]);
});

test('NAT in one network: the reply passes by the director and is not welcome', () => {
  const a = account(lab([...director('-m'), 'web52# ip route add default via 192.168.4.51', 'web53# ip route add default via 192.168.4.51']));
  expect(way(a)).toEqual(['client50 (192.168.4.0/24 dev eth0): ', 'lvs51 (192.168.4.0/24 dev eth0): routeLocal ipvsSchedule ipvsDnat', 'web53 odd (192.168.4.0/24 dev eth0): routeLocal socket routeOutput', 'client50 bad (192.168.4.0/24 dev eth0): routeLocal noSocket routeOutput drop', 'web53 (): routeLocal socket']);
  expect(a.mismatch).toEqual({ host: 'client50', frame: a.frames[2], waiting: { ip: VIP, port: 80 }, received: { ip: '192.168.4.53', port: 80 }, at: 40000 });
  expect(a.instead).toEqual({ path: ['web53', 'lvs51', 'client50'], frame: a.frames[2] });
  expect(a.routes).toEqual({ host: 'web53', lines: [{ text: '192.168.4.0/24 dev eth0 proto kernel scope link src 192.168.4.53', used: true }, { text: 'default via 192.168.4.51 dev eth0', used: false }] });
  expect(said(a)).toEqual([
    `flow.sent client50 SYN ${VIP} 80`, `flow.pickedNat lvs51 web53 rr ${VIP}:80 192.168.4.53:80 ${VIP}`,
    'flow.replyBypass web53 lvs51 client50 192.168.4.50 192.168.4.53 192.168.4.51 192.168.4.0/24 dev eth0 proto kernel scope link src 192.168.4.53', `flow.stranger client50 ${VIP}:80 192.168.4.53:80`, 'flow.entryStays lvs51 SYN_RECV',
  ]);
});

test.each([
  ['a server that listens nowhere', [...dr, 'web52# systemctl stop httpd', 'web53# systemctl stop httpd'], ['flow.sent client50 SYN 192.168.4.253 80', `flow.pickedDr lvs51 web53 rr ${VIP}:80 ${VIP}:80 ${VIP}`, 'why.refused web53 80 192.168.4.253']],
  ['no service at all', [`lvs51# ip addr add ${VIP}/32 dev eth0`], ['flow.sent client50 SYN 192.168.4.253 80', 'why.refusedByDirector lvs51 80 192.168.4.253']],
  ['nobody holds the VIP', [], ['flow.arpSilence client50 192.168.4.253']],
  ['the server does not know the VIP', director('-g'), ['flow.sent client50 SYN 192.168.4.253 80', `flow.pickedDr lvs51 web53 rr ${VIP}:80 ${VIP}:80 ${VIP}`, `why.forwardingOff web53 FORWARDING_OFF 192.168.4.50 ${VIP} ${VIP} 80`]],
  ['a firewall at the server', [...dr, 'web52# iptables -A INPUT -p tcp --dport 80 -j DROP', 'web53# iptables -A INPUT -p tcp --dport 80 -j DROP'], ['flow.sent client50 SYN 192.168.4.253 80', `flow.pickedDr lvs51 web53 rr ${VIP}:80 ${VIP}:80 ${VIP}`, `why.firewall web53 NETFILTER_DROP 192.168.4.50 ${VIP} ${VIP} 80`]],
] as const)('%s', (_what, lines, words) => expect(said(account(lab(lines)))).toEqual(words));

test('an ARP question: who answered', () => {
  const l = lab(dr);
  l.exec('client50', `ping -c 1 ${VIP}`);
  const asked = l.trace().frames(1).find((f) => f.proto === 'ARP' && f.dst === VIP)!;
  expect(said(flowAccount(l, asked.id)!)).toEqual([`flow.arpAnswer client50 ${VIP} lvs51 52:54:00:00:04:33`]);
});
