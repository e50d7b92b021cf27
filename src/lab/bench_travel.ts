// The work behind the benchmark's lines about going back: a cluster with a thousand commands entered, jumped about in. Used by `npm run bench` only.
import type { Checkpoints } from './checkpoints';
import { Lab } from './lab';
import type { Topology } from './topology';

const VIP = '192.168.4.253';
const cable = (address: string) => ({ eth0: { segment: 'lan', address: `${address}/24` } });
const topology: Topology = {
  image: 'el',
  segments: [{ name: 'lan', subnet: '192.168.4.0/24' }],
  hosts: [
    { name: 'client50', role: 'client', interfaces: cable('192.168.4.50') },
    { name: 'lvs51', role: 'director', interfaces: cable('192.168.4.51'), packages: ['ipvsadm'] },
    ...[52, 53].map((n) => ({ name: `web${n}`, role: 'real-server' as const, interfaces: cable(`192.168.4.${n}`), services: [{ type: 'http' as const, port: 80, body: `web${n}\n` }] })),
  ],
};
const PREPARE: readonly (readonly [string, string])[] = [
  ['lvs51', `ifconfig eth0:1 ${VIP}/32`], ['lvs51', `ipvsadm -A -t ${VIP}:80 -s rr`], ['lvs51', `ipvsadm -a -t ${VIP}:80 -r 192.168.4.52 -g`], ['lvs51', `ipvsadm -a -t ${VIP}:80 -r 192.168.4.53 -g`],
  ...['web52', 'web53'].flatMap((h) => [[h, `ifconfig lo:1 ${VIP}/32; sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2`] as const]),
];
const WORK: readonly (readonly [string, string])[] = [
  ['client50', `curl http://${VIP}/`], ['lvs51', 'ipvsadm -Ln --stats'], ['client50', `ping -c 2 ${VIP}`], ['lvs51', `ipvsadm -e -t ${VIP}:80 -r 192.168.4.52 -g -w 2`], ['web52', 'sysctl -a | grep arp_ignore'], ['lvs51', 'ls -l /etc'], ['web53', 'tail -3 /var/log/httpd/access_log'],
];

/** Types a line at a terminal key by key, as people do, and waits for its end. */
function enter(lab: Lab, host: string, line: string): void {
  for (const key of line) {
    lab.type(host, 0, key);
    lab.advance(100_000);
  }
  lab.type(host, 0, '\r');
  do lab.advance(100_000);
  while (lab.terminalBusy(host, 0));
}

/** A lab in which `commands` were entered. */
export function livedLab(commands: number): Lab {
  const lab = Lab.create(topology, { seed: 1 });
  for (let n = 0; n < commands; n++) {
    const [host, line] = n < PREPARE.length ? PREPARE[n]! : WORK[n % WORK.length]!;
    enter(lab, host, line);
  }
  return lab;
}

/** What a lab keeps to go back to. */
export function kept(lab: Lab): { count: number; bytes: number } {
  const c = (lab as unknown as { checkpoints: Checkpoints }).checkpoints;
  return { count: c.count, bytes: c.bytes };
}
