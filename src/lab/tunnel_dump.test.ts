// tcpdump on a packet within a packet, as tcpdump 4.99.3 prints it: "IP" once more unless -e, and what a fragment lacks.
import { expect, test } from 'vitest';
import { Lab } from './lab';
import type { Topology } from './topology';

const topology: Topology = {
  image: 'el',
  segments: [{ name: 'lan' }],
  hosts: ['client50', 'lvs51', 'web52'].map((name) => ({ name, interfaces: { eth0: { segment: 'lan', address: `192.168.4.${name.slice(-2)}/24` } }, packages: ['ipvsadm'] })),
};

test('a tunnelled request, whole and in fragments', () => {
  const lab = Lab.create(topology, { seed: 3 });
  const said = (host: string, line: string): string => {
    const r = lab.exec(host, line, { timeoutUs: 60_000_000 });
    return r.stdout + r.stderr;
  };
  said('web52', 'ifconfig tunl0 192.168.4.253 netmask 255.255.255.255 up; sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2 net.ipv4.conf.tunl0.rp_filter=2; systemctl start httpd');
  said('lvs51', 'ifconfig eth0:1 192.168.4.253/32; ipvsadm -A -t 192.168.4.253:80; ipvsadm -a -t 192.168.4.253:80 -r 192.168.4.52 -i; sysctl -w net.ipv4.vs.pmtu_disc=0');
  said('lvs51', 'timeout 3 tcpdump -nn -w /tmp/cap proto 4 > /dev/null 2>&1 &');
  said('client50', 'head -c 2000 /dev/zero | tr "\\0" x > /tmp/o; curl -s -m 2 --data-binary @/tmp/o http://192.168.4.253/');
  said('lvs51', 'sleep 4');
  const seen = (options: string): string => said('lvs51', `tcpdump -nn -t ${options} -r /tmp/cap 2> /dev/null | grep -v '^[[:blank:]]*$' | sed -n '3,4p' | sed 's/ win .*//'`);
  expect(seen('')).toBe('IP 192.168.4.51 > 192.168.4.52: IP truncated-ip - 20 bytes missing! 192.168.4.50.40000 > 192.168.4.253.80: Flags [.], seq 0:1448, ack 1,\nIP 192.168.4.51 > 192.168.4.52: ip-proto-4\n');
  expect(seen('-e')).toMatch(/length 1514: 192\.168\.4\.51 > 192\.168\.4\.52: truncated-ip - 20 bytes missing! 192\.168\.4\.50\.40000 > /);
  const verbose = said('lvs51', "tcpdump -nn -t -v -r /tmp/cap 2> /dev/null | sed -n '1,9p' | sed 's/, options.*//; s/cksum 0x[0-9a-f]*/cksum N/; s/seq [0-9]\\{4,\\}/seq N/; s/ack [0-9]\\{4,\\}/ack N/; s/id [0-9]*/id N/'");
  expect(verbose.split('\n').slice(0, 9)).toEqual([
    'IP (tos 0x0, ttl 63, id N, offset 0, flags [none], proto IPIP (4), length 80)',
    '    192.168.4.51 > 192.168.4.52: IP (tos 0x0, ttl 63, id N, offset 0, flags [DF], proto TCP (6), length 60)',
    '    192.168.4.50.40000 > 192.168.4.253.80: Flags [S], cksum N (correct), seq N, win 64240',
    'IP (tos 0x0, ttl 63, id N, offset 0, flags [none], proto IPIP (4), length 72)',
    '    192.168.4.51 > 192.168.4.52: IP (tos 0x0, ttl 63, id N, offset 0, flags [DF], proto TCP (6), length 52)',
    '    192.168.4.50.40000 > 192.168.4.253.80: Flags [.], cksum N (correct), ack N, win 502',
    'IP (tos 0x0, ttl 63, id N, offset 0, flags [+], proto IPIP (4), length 1500)',
    '    192.168.4.51 > 192.168.4.52: IP truncated-ip - 20 bytes missing! (tos 0x0, ttl 63, id N, offset 0, flags [DF], proto TCP (6), length 1500)',
    '    192.168.4.50.40000 > 192.168.4.253.80: Flags [.], seq 0:1448, ack 1, win 502',
  ]);
});
