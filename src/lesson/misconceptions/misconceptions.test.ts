// Every misconception is recognised on its case, on the right host, and none of them on a healthy NAT, DR or TUN cluster.
import { describe, expect, test } from 'vitest';
import { Lab } from '../../lab/lab';
import type { Topology, TopologyHost } from '../../lab/topology';
import type { Cluster } from '../checks/check_kind';
import { misconceptions } from './index';
import { sceneOf } from './misconception';

type Mode = 'masq' | 'route' | 'tunnel';
const web = { type: 'http', port: 80, body: 'hello\n' } as const;
const VIP = '192.168.4.253';
const NAT_VIP = '192.168.2.51';

function topology(mode: Mode): Topology {
  const nat = mode === 'masq';
  const host = (name: string, role: NonNullable<TopologyHost['role']>, cards: Record<string, string>, more: Partial<TopologyHost> = {}): TopologyHost => ({
    name, role, interfaces: Object.fromEntries(Object.entries(cards).map(([segment, address], n) => [`eth${n}`, { segment, address: `${address}/24` }])), ...more,
  });
  return {
    image: 'el', modules: ['ipip'],
    segments: [{ name: 'inner', subnet: '192.168.4.0/24' }, { name: 'outer', subnet: '192.168.2.0/24' }],
    hosts: [
      host('client50', 'client', nat ? { outer: '192.168.2.50' } : { inner: '192.168.4.50' }),
      host('lvs51', 'director', nat ? { inner: '192.168.4.51', outer: '192.168.2.51' } : { inner: '192.168.4.51' }, { packages: ['ipvsadm'] }),
      ...['52', '53'].map((n) => host(`web${n}`, 'real-server', { inner: `192.168.4.${n}` }, { services: [web] })),
    ],
  };
}

const FLAG = { masq: '-m', route: '-g', tunnel: '-i' } as const;
const vipOf = (mode: Mode): string => (mode === 'masq' ? NAT_VIP : VIP);

function healthy(mode: Mode): Lab {
  const lab = Lab.create(topology(mode), { seed: 1 });
  const run = (host: string, line: string): void => expect(lab.exec(host, line), `${host}# ${line}`).toMatchObject({ status: 0, stderr: '' });
  const vip = vipOf(mode);
  if (mode === 'masq') run('lvs51', 'sysctl -w net.ipv4.ip_forward=1');
  else run('lvs51', `ifconfig eth0:1 ${VIP}/32`);
  run('lvs51', `ipvsadm -A -t ${vip}:80 -s rr`);
  for (const n of ['52', '53']) {
    run('lvs51', `ipvsadm -a -t ${vip}:80 -r 192.168.4.${n}:80 ${FLAG[mode]}`);
    const rs = `web${n}`;
    if (mode === 'masq') run(rs, 'ip route add default via 192.168.4.51');
    else run(rs, 'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2');
    if (mode === 'route') run(rs, `ip addr add ${VIP}/32 dev lo label lo:1`);
    if (mode === 'tunnel') run(rs, `sysctl -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0; ip link set tunl0 up; ip addr add ${VIP}/32 dev tunl0; sysctl -w net.ipv4.conf.tunl0.rp_filter=0`);
  }
  if (mode === 'masq') run('client50', 'ip route add default via 192.168.2.51');
  const asked = lab.fork().exec('client50', `for i in 1 2 3 4; do curl -s -m 3 http://${vip}/; done`);
  expect(asked.stdout).toBe('hello\n'.repeat(4));
  return lab;
}
const labs: Record<Mode, Lab> = { masq: healthy('masq'), route: healthy('route'), tunnel: healthy('tunnel') };

/** Names of all that show, with their hosts. */
function shown(lab: Lab, mode: Mode, gone = false): string[] {
  const cluster: Cluster = { vip: vipOf(mode), port: 80, mode, director: 'lvs51', servers: ['web52', 'web53'], client: 'client50', ...(gone ? { gone } : {}) };
  const scene = sceneOf(lab, cluster, lab.topology.hosts);
  return misconceptions.flatMap((m) => {
    const found = m.detect(scene);
    return found === null ? [] : [`${m.name} ${found.host}`];
  });
}

test.each(['masq', 'route', 'tunnel'] as const)('none shows on a healthy cluster: %s', (mode) => {
  expect(shown(labs[mode], mode)).toEqual([]);
  const used = labs[mode].fork();
  used.exec('client50', `curl -s http://${vipOf(mode)}/; curl -s http://${vipOf(mode)}/`);
  expect(shown(used, mode)).toEqual([]);
});

const SVC = (mode: Mode): string => `-t ${vipOf(mode)}:80`;
/** What a learner did to the healthy cluster: 'HOST# COMMAND', or an action. */
const cases: readonly (readonly [name: string, host: string, mode: Mode, did: readonly string[]])[] = [
  ['host-down', 'web52', 'route', ['web52 off']],
  ['cable-out', 'web53', 'route', ['web53 unplug']],
  ['rc-local-not-executable', 'web52', 'route', [`web52# echo 'ifconfig lo:1 ${VIP}/32' >> /etc/rc.d/rc.local`, `web52# ip addr del ${VIP}/32 dev lo`]],
  ['ipvsadm-not-enabled', 'lvs51', 'route', ['lvs51# ipvsadm-save -n > /etc/sysconfig/ipvsadm', 'lvs51# ipvsadm -C']],
  ['saved-empty', 'lvs51', 'route', ['lvs51# ipvsadm -C', 'lvs51# ipvsadm-save -n > /etc/sysconfig/ipvsadm', 'lvs51# systemctl enable ipvsadm']],
  ['director-serves-itself', 'lvs51', 'masq', ['lvs51# ipvsadm -C', 'lvs51# yum -y install httpd', 'lvs51# systemctl start httpd']],
  ['service-missing', 'lvs51', 'route', ['lvs51# ipvsadm -C']],
  ['service-address-wrong', 'lvs51', 'route', ['lvs51# ipvsadm -C', 'lvs51# ipvsadm -A -t 192.168.4.54:80 -s rr']],
  ['mixed-modes', 'lvs51', 'masq', [`lvs51# ipvsadm -e ${SVC('masq')} -r 192.168.4.53:80 -w 1`]],
  ['wrong-mode', 'lvs51', 'masq', [`lvs51# ipvsadm -e ${SVC('masq')} -r 192.168.4.52:80 -g`, `lvs51# ipvsadm -e ${SVC('masq')} -r 192.168.4.53:80 -g`]],
  ['rs-not-added', 'lvs51', 'route', [`lvs51# ipvsadm -d ${SVC('route')} -r 192.168.4.52:80`]],
  ['all-weights-zero', 'lvs51', 'route', ['52', '53'].map((n) => `lvs51# ipvsadm -e ${SVC('route')} -r 192.168.4.${n}:80 -g -w 0`)],
  ['weight-zero', 'lvs51', 'route', [`lvs51# ipvsadm -e ${SVC('route')} -r 192.168.4.52:80 -g -w 0`]],
  ['vip-device-down', 'lvs51', 'masq', ['lvs51# ip link set eth1 down']],
  ['vip-missing-on-director', 'lvs51', 'route', ['lvs51# ifconfig eth0:1 down']],
  ['client-no-route', 'client50', 'masq', ['client50# ip route flush table main']],
  ['vip-on-rs-card', 'web53', 'route', [`web53# ip addr del ${VIP}/32 dev lo`, `web53# ifconfig eth0:1 ${VIP}/32`]],
  ['vip-wide-on-lo', 'web52', 'route', [`web52# ip addr del ${VIP}/32 dev lo`, `web52# ip addr add ${VIP}/24 dev lo`]],
  ['arp-ignore-on-lo-only', 'web52', 'route', ['web52# sysctl -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.lo.arp_ignore=1']],
  ['arp-ignore-missing', 'web53', 'route', ['web53# sysctl -w net.ipv4.conf.all.arp_ignore=0']],
  ['arp-announce-missing', 'web52', 'route', ['web52# sysctl -w net.ipv4.conf.all.arp_announce=1']],
  ['vip-missing-on-rs', 'web52', 'route', [`web52# ip addr del ${VIP}/32 dev lo`]],
  ['tunnel-missing', 'web52', 'tunnel', ['web52# ip link set tunl0 down']],
  ['rp-filter-on-tunnel', 'web53', 'tunnel', ['web53# sysctl -w net.ipv4.conf.all.rp_filter=1']],
  ['sysctl-not-loaded', 'lvs51', 'masq', ['lvs51# echo net.ipv4.ip_forward=1 >> /etc/sysctl.conf', 'lvs51# sysctl -w net.ipv4.ip_forward=0']],
  ['no-ip-forward', 'lvs51', 'masq', ['lvs51# sysctl -w net.ipv4.ip_forward=0']],
  ['rs-gateway-missing', 'web52', 'masq', ['web52# ip route del default']],
  ['one-network-nat', 'web52', 'masq', ['web52# ip route add 192.168.2.0/24 dev eth0']],
  ['server-port-wrong', 'web53', 'masq', ['web53# sed -i "s/^Listen 80$/Listen 8080/" /etc/httpd/conf/httpd.conf', 'web53# systemctl restart httpd']],
  ['httpd-stopped', 'web52', 'masq', ['web52# systemctl stop httpd']],
  ['httpd-not-on-vip', 'web52', 'route', ['web52# sed -i "s/^Listen 80$/Listen 192.168.4.52:80/" /etc/httpd/conf/httpd.conf', 'web52# systemctl restart httpd']],
  ['dr-server-elsewhere', 'web53', 'route', ['web53# ip addr del 192.168.4.53/24 dev eth0', 'web53# ip addr add 10.0.0.53/24 dev eth0']],
  ['dr-gateway-is-director', 'web52', 'route', ['client50# ip addr del 192.168.4.50/24 dev eth0', 'client50# ip addr add 192.168.2.50/24 dev eth0', 'web52# ip route add default via 192.168.4.51']],
  ['client-arp-elsewhere', 'client50', 'route', [`client50# arp -s ${VIP} 52:54:00:00:04:35`]],
  ['firewall-in-the-way', 'web53', 'route', ['web53# iptables -A INPUT -p tcp --dport 80 -j DROP']],
  ['dh-for-web', 'lvs51', 'route', [`lvs51# ipvsadm -E ${SVC('route')} -s dh`]],
  ['weights-ignored', 'lvs51', 'route', [`lvs51# ipvsadm -e ${SVC('route')} -r 192.168.4.52:80 -g -w 3`]],
  ['persistence-left-on', 'lvs51', 'route', [`lvs51# ipvsadm -E ${SVC('route')} -s rr -p 360`]],
  ['thresholds-reached', 'lvs51', 'route', [...['52', '53'].map((n) => `lvs51# ipvsadm -e ${SVC('route')} -r 192.168.4.${n}:80 -g -x 1`), `client50# curl -s http://${VIP}/`, `client50# curl -s http://${VIP}/`]],
  ['cleared-not-saved', 'lvs51', 'masq', ['lvs51# ipvsadm-save -n > /etc/sysconfig/ipvsadm', 'lvs51# ipvsadm -C']],
  ['saved-not-cleared', 'lvs51', 'masq', ['lvs51# > /etc/sysconfig/ipvsadm']],
  ['comment-is-not-off', 'lvs51', 'masq', ['lvs51# echo "#net.ipv4.ip_forward = 1" > /etc/sysctl.conf']],
  ['gateway-left', 'web53', 'masq', ['web52# ip route del default']],
  ['old-network-left', 'client50', 'masq', []],
];

describe('recognised on its case', () => {
  test.each(cases)('%s on %s (%s)', (name, host, mode, did) => {
    const lab = labs[mode].fork();
    for (const d of did) {
      const [at, line] = d.split(/(?:# | (?=off$|unplug$))/) as [string, string];
      if (line === 'off') lab.act({ do: 'power', host: at, on: false });
      else if (line === 'unplug') lab.act({ do: 'unplug', host: at, iface: 'eth0' });
      else expect(lab.exec(at, line, { timeoutUs: 60_000_000 }), d).toMatchObject({ status: 0 });
    }
    expect([...shown(lab, mode), ...shown(lab, mode, true)]).toContain(`${name} ${host}`);
  });
});

test('nothing is left of a cluster that was cleared away', () => {
  const lab = labs.masq.fork();
  for (const did of ['lvs51# ipvsadm -C', 'lvs51# > /etc/sysconfig/ipvsadm', 'lvs51# sysctl -w net.ipv4.ip_forward=0', 'web52# ip route del default', 'web53# ip route del default', 'client50# ip addr flush dev eth0']) {
    const [host, line] = did.split('# ') as [string, string];
    lab.exec(host, line);
  }
  const left = misconceptions.filter((m) => m.about.includes('left') || m.name === 'comment-is-not-off').map((m) => m.name);
  expect(left).toEqual(expect.arrayContaining(['cleared-not-saved', 'saved-not-cleared', 'gateway-left', 'old-network-left', 'comment-is-not-off']));
  expect(shown(lab, 'masq', true).map((s) => s.split(' ')[0]).filter((name) => left.includes(name!))).toEqual([]);
});

test('every misconception has its case, and there are at least 25', () => {
  expect(misconceptions.map((m) => m.name).toSorted()).toEqual(cases.map(([name]) => name).toSorted());
  expect(misconceptions.length).toBeGreaterThanOrEqual(25);
});
