// Network commands against what net-tools, iproute2, iputils and curl print. Every case is command lines with all of their output.
import { beforeEach, describe, expect, test } from 'vitest';
import { debian12 } from '../host/images/debian_12';
import { type Hosts, hosts } from '../host/test_host';
import { compileFilter } from './tcpdump/filter';
import { pcapHead, pcapRead, pcapRecord } from './tcpdump/pcap';
import { frameToBytes } from '../wire/frame';
import { Conf } from '../kernel/core/dev';
import { Packet } from '../wire/packet';
import { arp } from './arp';
import { arping } from './arping';
import type { Command } from './command';
import { max5, meterLine } from './curl/progress';
import { globUrl, parseUrl } from './curl/url';
import { writeOut } from './curl/write_out';
import { curl } from './curl';
import { ifconfig } from './ifconfig';
import { ip } from './ip';
import { netstat } from './netstat';
import { tripText } from './iputils/number';
import { ping } from './ping';
import { route } from './route';
import { renderColumns } from './ss/columns';
import { traceroute } from './traceroute';
import { wget } from './wget';

const PROGRAMS: Record<string, Command> = { arp, arping, curl, ifconfig, ip, netstat, ping, route, traceroute, wget };
let net: Hosts;

/** Runs words as typed (no quoting) on a host: everything printed, errors marked, and the status when it is not 0. */
function run(host: string, line: string): string {
  const argv = line.split(' ');
  const r = net.exec(host, PROGRAMS[argv[0]!]!.main, argv);
  const errors = r.err.split('\n').slice(0, -1).map((l) => `! ${l}\n`).join('');
  return r.out + errors + (r.status === 0 ? '' : `=${r.status}\n`);
}
/** Milliseconds differ with every change of the clock's grain. */
const still = (text: string): string => text.replace(/\d+\.\d+ ?ms/g, 'Tms').replace(/time \d+ms/, 'time Tms').replace(/rtt .*/, 'rtt').replace(/after \d+ m/, 'after N m');

beforeEach(() => {
  net = hosts(debian12, { lan: { pc: '10.8.0.5/24', gw: '10.8.0.1/24' }, far: { gw: '10.9.0.1/24', srv: '10.9.0.7/24' } });
});

describe('net-tools', () => {
  test('an alias with /32 gets netmask 0.0.0.0, one without a mask that of its class; down removes it', () => {
    expect(run('pc', 'ifconfig eth0:7 10.8.0.90/32') + run('pc', 'ifconfig eth0:7')).toBe(
      'eth0:7: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n        inet 10.8.0.90  netmask 0.0.0.0  broadcast 255.255.255.255\n        ether 02:00:00:00:00:00  txqueuelen 1000  (Ethernet)\n\n',
    );
    expect(run('pc', 'ifconfig lo:2 172.20.1.1') + run('pc', 'ifconfig lo:2')).toBe('lo:2: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536\n        inet 172.20.1.1  netmask 255.255.0.0\n        loop  txqueuelen 1000  (Local Loopback)\n\n');
    expect(run('pc', 'ifconfig eth0:7 down') + run('pc', 'ifconfig eth0:7 down')).toBe('! SIOCSIFFLAGS: Cannot assign requested address\n=255\n');
  });

  test('a new mask moves the broadcast address that belonged to the old one, and the route', () => {
    run('pc', 'ifconfig eth0 10.8.0.5 netmask 255.255.255.240');
    expect(run('pc', 'route -n')).toBe(
      'Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n10.8.0.0        0.0.0.0         255.255.255.240 U     0      0        0 eth0\n',
    );
    expect(run('pc', 'ip -4 -o addr show eth0')).toBe('2: eth0    inet 10.8.0.5/28 brd 10.8.0.15 scope global eth0\\       valid_lft forever preferred_lft forever\n');
  });

  test.each<[string, string]>([
    ['ifconfig eth0 10.8.0.256', "! 10.8.0.256: Unknown host\n! ifconfig: `--help' gives usage information.\n=1\n"],
    ['ifconfig eth4 up', '! eth4: ERROR while getting interface flags: No such device\n=255\n'],
    ['ifconfig eth4:2 10.1.1.1/32', '! SIOCSIFADDR: No such device\n! eth4:2: ERROR while getting interface flags: No such device\n! SIOCSIFNETMASK: No such device\n=255\n'],
    ['ifconfig eth0 hw ether 03:00:00:00:00:01', '! SIOCSIFHWADDR: Cannot assign requested address\n=1\n'],
    ['ifconfig eth0 metric 2', "! ifconfig: 'metric' exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n=64\n"],
    ['route add default gw 10.77.0.1', '! SIOCADDRT: Network is unreachable\n=7\n'],
    ['route del default', '! SIOCDELRT: No such process\n=7\n'],
    ['route add -host 10.1.1.1 dev eth0:3', '! SIOCADDRT: No such device\n=7\n'],
    ['arp -d 10.8.0.77', 'No ARP entry for 10.8.0.77\n=255\n'],
    ['arp -s 10.99.0.1 02:00:00:00:00:09', '! SIOCSARP: Network is unreachable\n=255\n'],
    ['arp -n -i lo', 'arp: in 0 entries no match found.\n'],
    ['netstat -rn', 'Kernel IP routing table\nDestination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n10.8.0.0        0.0.0.0         255.255.255.0   U         0 0          0 eth0\n'],
  ])('%s', (line, printed) => expect(run('pc', line)).toBe(printed));

  test('a second default route by another gateway goes first; a known one exists', () => {
    expect(run('pc', 'route add default gw 10.8.0.1') + run('pc', 'route add default gw 10.8.0.2') + run('pc', 'route add default gw 10.8.0.1')).toBe('! SIOCADDRT: File exists\n=7\n');
    expect(run('pc', 'ip route')).toBe('default via 10.8.0.2 dev eth0 \ndefault via 10.8.0.1 dev eth0 \n10.8.0.0/24 dev eth0 proto kernel scope link src 10.8.0.5 \n');
  });
});

describe('ip', () => {
  test('a rule goes before the first after 0; its table answers for its source', () => {
    expect(run('pc', 'ip rule add from 10.8.0.5 table 44') + run('pc', 'ip route add default via 10.8.0.1 table 44') + run('pc', 'ip rule')).toBe(
      '0:\tfrom all lookup local\n32765:\tfrom 10.8.0.5 lookup 44\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
    );
    expect(run('pc', 'ip route get 9.9.9.9 from 10.8.0.5')).toBe('9.9.9.9 from 10.8.0.5 via 10.8.0.1 dev eth0 table 44 uid 0 \n    cache \n');
    expect(run('pc', 'ip route get 9.9.9.9')).toBe('! RTNETLINK answers: Network is unreachable\n=2\n');
  });

  test('neighbours by hand: add once, replace, delete once', () => {
    run('pc', 'ip neigh add 10.8.0.9 lladdr 02:00:00:00:00:99 dev eth0');
    expect(run('pc', 'ip neigh add 10.8.0.9 lladdr 02:00:00:00:00:98 dev eth0')).toBe('! RTNETLINK answers: File exists\n=2\n');
    run('pc', 'ip neigh replace 10.8.0.9 lladdr 02:00:00:00:00:98 dev eth0 nud stale');
    expect(run('pc', 'ip neigh')).toBe('10.8.0.9 dev eth0 lladdr 02:00:00:00:00:98 STALE \n');
    expect(run('pc', 'ip neigh del 10.8.0.9 dev eth0') + run('pc', 'ip neigh del 10.8.0.9 dev eth0')).toBe('! RTNETLINK answers: No such file or directory\n=2\n');
  });

  test.each<[string, string]>([
    ['ip -br addr', 'lo               UNKNOWN        127.0.0.1/8 \neth0             UP             10.8.0.5/24 \n'],
    ['ip l sh eth0', '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000\n    link/ether 02:00:00:00:00:00 brd ff:ff:ff:ff:ff:ff\n'],
    ['ip addr add 10.8.0.6/40 dev eth0', '! Error: any valid prefix is expected rather than "10.8.0.6/40".\n=1\n'],
    ['ip route add 10.3.3.0/24 via 10.99.9.9', '! Error: Nexthop has invalid gateway.\n=2\n'],
    ['ip route add 10.3.3.0/23 via 10.8.0.1', '! Error: Invalid prefix for given prefix length.\n=2\n'],
    ['ip link set eth0 mtu 67', '! Error: mtu less than device minimum.\n=2\n'],
    ['ip l s eth0', ''], // `s` abbreviates `set`
    ['ip -j -s -s link show lo', `[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP","LOWER_UP"],"mtu":65536,"qdisc":"noqueue","operstate":"UNKNOWN","linkmode":"DEFAULT","group":"default","txqlen":1000,"link_type":"loopback","address":"00:00:00:00:00:00","broadcast":"00:00:00:00:00:00","stats64":{"rx":{"bytes":0,"packets":0,"errors":0,"dropped":0,"over_errors":0,"multicast":0,"length_errors":0,"crc_errors":0,"frame_errors":0,"fifo_errors":0,"missed_errors":0},"tx":{"bytes":0,"packets":0,"errors":0,"dropped":0,"carrier_errors":0,"collisions":0,"aborted_errors":0,"fifo_errors":0,"window_errors":0,"heartbeat_errors":0,"carrier_changes":0}}}]\n`],
    ['ip -d -j addr show eth0', `[{"ifindex":2,"ifname":"eth0","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,"qdisc":"noqueue","operstate":"UP","group":"default","txqlen":1000,"link_type":"ether","address":"02:00:00:00:00:00","broadcast":"ff:ff:ff:ff:ff:ff","promiscuity":0,"allmulti":0,"min_mtu":68,"max_mtu":65535,"linkinfo":{"info_kind":"veth"},"num_tx_queues":1,"num_rx_queues":1,"gso_max_size":65536,"gso_max_segs":65535,"tso_max_size":524280,"tso_max_segs":65535,"gro_max_size":65536,"addr_info":[{"family":"inet","local":"10.8.0.5","prefixlen":24,"broadcast":"10.8.0.255","scope":"global","label":"eth0","valid_life_time":4294967295,"preferred_life_time":4294967295}]}]\n`],
    ['ip route get fibmatch 10.8.0.77', '10.8.0.0/24 dev eth0 proto kernel scope link src 10.8.0.5 \n'],
    ['ip -d -j route get 10.8.0.77 uid 7', '[{"type":"unicast","dst":"10.8.0.77","dev":"eth0","table":"main","prefsrc":"10.8.0.5","flags":[],"uid":7,"cache":[]}]\n'],
    ['ip route get 10.8.0.77 iif eth0', '! RTNETLINK answers: Invalid argument\n=2\n'],
    ['ip -d rule list table main', '32766:\tfrom all lookup main proto kernel\n'],
    ['ip -s neigh flush dev eth0', 'Nothing to flush.\n'],
    ['ip -s -s addr flush dev eth0', '2: eth0    inet 10.8.0.5/24 brd 10.8.0.255 scope global eth0\n       valid_lft forever preferred_lft forever\n\n*** Round 1, deleting 1 addresses ***\n*** Flush is complete after 1 round ***\n'],
    ['ip -j -o addr show eth0', '[{"addr_info":[{"index":2,"dev":"eth0","family":"inet","local":"10.8.0.5","prefixlen":24,"broadcast":"10.8.0.255","scope":"global","label":"eth0","valid_life_time":4294967295,"preferred_life_time":4294967295}]}]\n'],
    ['ip -n red addr', '! Cannot open network namespace "red": No such file or directory\n=255\n'],
    ['ip tunnel add t9 mode ipip remote 10.8.0.1 local 10.8.0.5', ''],
  ])('%s', (line, printed) => expect(run('pc', line)).toBe(printed));
});

describe('packets', () => {
  test('ping: replies, an unreachable neighbour, no route, a bad count', () => {
    expect(still(run('pc', 'ping -c 1 10.8.0.1'))).toBe(
      'PING 10.8.0.1 (10.8.0.1) 56(84) bytes of data.\n64 bytes from 10.8.0.1: icmp_seq=1 ttl=64 time=Tms\n\n--- 10.8.0.1 ping statistics ---\n1 packets transmitted, 1 received, 0% packet loss, time Tms\nrtt\n',
    );
    expect(still(run('pc', 'ping -c 1 10.8.0.44'))).toBe(
      'PING 10.8.0.44 (10.8.0.44) 56(84) bytes of data.\nFrom 10.8.0.5 icmp_seq=1 Destination Host Unreachable\n\n--- 10.8.0.44 ping statistics ---\n1 packets transmitted, 0 received, +1 errors, 100% packet loss, time Tms\n\n=1\n',
    );
    expect(run('pc', 'ping -c 1 10.9.0.7')).toBe('! ping: connect: Network is unreachable\n=2\n');
    expect(run('pc', 'ping -c 0 10.8.0.1')).toBe("! ping: invalid argument: '0': out of range: 1 <= value <= 9223372036854775807\n=1\n");
  });

  test('arping: an answer, silence, a duplicate', () => {
    expect(still(run('pc', 'arping -c 1 10.8.0.1'))).toBe('ARPING 10.8.0.1 from 10.8.0.5 eth0\nUnicast reply from 10.8.0.1 [02:00:00:00:00:01]  Tms\nSent 1 probes (1 broadcast(s))\nReceived 1 response(s)\n');
    expect(run('pc', 'arping -c 2 -w 3 -I eth0 10.8.0.44')).toBe('ARPING 10.8.0.44 from 10.8.0.5 eth0\nSent 2 probes (2 broadcast(s))\nReceived 0 response(s)\n=1\n');
    expect(run('pc', 'arping -q -D -c 1 -I eth0 10.8.0.1')).toBe('=1\n');
  });

  test('traceroute names each router, then the host', () => {
    run('pc', 'route add default gw 10.8.0.1');
    run('srv', 'route add default gw 10.9.0.1');
    for (const d of net.k('gw').devs) d.conf[Conf.forwarding] = 1;
    net.k('gw').confAll[Conf.forwarding] = 1;
    expect(still(run('pc', 'traceroute -n -q 2 10.9.0.7'))).toBe('traceroute to 10.9.0.7 (10.9.0.7), 30 hops max, 60 byte packets\n 1  10.8.0.1  Tms  Tms\n 2  10.9.0.7  Tms  Tms\n');
  });

  test('curl and wget on a closed port', () => {
    expect(still(run('pc', 'curl -sS http://10.8.0.1:81/'))).toBe("! curl: (7) Failed to connect to 10.8.0.1 port 81 after N ms: Couldn't connect to server\n=7\n");
    expect(run('pc', 'wget -q http://10.8.0.1:81/')).toBe('=4\n');
    expect(run('pc', 'curl -sS gopher://10.8.0.1/')).toBe('! curl: scheme gopher exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n=64\n');
  });
});

test('times of ping lines', () => {
  expect([7, 999, 1004, 9994, 9995, 99949, 99950, 123456].map(tripText)).toEqual(['0.007', '0.999', '1.00', '9.99', '10.0', '99.9', '100', '123']);
});

test('columns of ss: as wide as their content, right-aligned addresses', () => {
  const row = ['tcp', 'LISTEN', '0     ', '128   ', '0.0.0.0:', '22', '0.0.0.0:', '*', ''];
  expect(renderColumns([row], [1, 2, 3, 4, 5, 6, 7, 8], true, 0)).toBe('State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\nLISTEN 0      128          0.0.0.0:22        0.0.0.0:*          \n');
  expect(renderColumns([row], [1, 2, 3, 4, 5, 6, 7, 8], false, 0)).toBe('LISTEN 0      128    0.0.0.0:22 0.0.0.0:*\n');
});

test("curl's meter, URLs and -w", () => {
  expect([0, 99999, 100000, 10239999, 10240000, 200 * 1048576].map(max5)).toEqual(['    0', '99999', '  97k', '9999k', ' 9.7M', ' 200M']);
  expect(meterLine({ total: 6, received: 6, upTotal: -1, uploaded: 0, elapsedUs: 10_000 })).toBe('\r100     6  100     6    0     0    600      0 --:--:-- --:--:-- --:--:--   600');
  expect(parseUrl('10.8:8080/a/../b?x=1#y')).toEqual({ scheme: 'http', user: '', host: '10.0.0.8', port: 8080, path: '/b?x=1' });
  expect([parseUrl('http://h:70000/'), parseUrl('http://a b/'), parseUrl('x-y://h/')]).toEqual(['bad', 'bad', { unknown: 'x-y' }]);
  expect(globUrl('h/{a,b}[08-10]')).toEqual(['h/a08', 'h/a09', 'h/a10', 'h/b08', 'h/b09', 'h/b10']);
  expect(writeOut('%{http_code}\\n%%%{nope}', { status: 7 } as never)).toEqual([{ fd: 1, text: '007\n%' }, { fd: 2, text: "curl: unknown --write-out variable: 'nope'\n" }]);
});

describe('capture filters', () => {
  const frame = (f: Partial<Packet>): Packet => Object.assign(new Packet(), { type: 0x0800, ttl: 64, len: 40 }, f);
  const syn = frame({ proto: 6, src: 0x0a080005, dst: 0x0a090007, sport: 40000, dport: 80, flags: 2, hlen: 20 });
  const echo = frame({ proto: 1, src: 0x0a080005, dst: 0x0a080001, icmpType: 8, hlen: 8, len: 84, data: 'x'.repeat(56) });
  const ask = frame({ type: 0x0806, arpOp: 1, spa: 0x0a080005, tpa: 0x0a080001, dmac: 1 });
  test.each<[string, [boolean, boolean, boolean]]>([
    ['', [true, true, true]],
    ['tcp', [true, false, false]],
    ['arp or icmp', [false, true, true]],
    ['host 10.8.0.1', [false, true, true]],
    ['dst net 10.9 and port 80', [true, false, false]],
    ['src 10.8.0.5 and not tcp', [false, true, true]],
    ['tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn', [true, false, false]],
    ['icmp[icmptype] = icmp-echo or tcp[13] == 18', [false, true, false]],
    ['ip[8] > 63 && len >= 90', [false, true, false]],
    ['ether broadcast', [false, false, true]],
    ['port http', [true, false, false]],
    ['host 10.9.0.7 or 10.8.0.1', [true, true, true]],
  ])('%s', (text, wanted) => {
    let p: Parameters<typeof compileFilter>[0] | null = null;
    net.exec('pc', function* (q) {
      p = q;
      yield* [];
      return 0;
    }, ['x']);
    const test_ = compileFilter(p!, text);
    expect([syn, echo, ask].map(test_)).toEqual(wanted);
  });

  test('a capture file is read back as it was written', () => {
    const bytes = frameToBytes(syn, net.world.macs, net.world.ip6);
    expect(pcapRead(pcapHead(262144) + pcapRecord(5, 6, bytes, 262144))).toEqual([{ seconds: 5, micros: 6, frame: bytes }]);
  });
});
