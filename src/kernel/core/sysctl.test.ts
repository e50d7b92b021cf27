// Settings below /proc/sys: what a write takes, and what else it changes.
import { describe, expect, test } from 'vitest';
import { Kernel } from '../kernel';
import { addressAdd } from '../ipv4/devinet';
import { handlers, ip } from '../test_net';
import { World } from '../world';
import { byNameHash } from './module';
import { sysctlChildren, sysctlList, sysctlMode, sysctlRead, sysctlWrite } from './sysctl';

function kernel(): Kernel {
  const w = new World(1, handlers());
  const k = Kernel.start(w, 0, 'h');
  w.kernels.push(k);
  k.addDev('eth0', 'ether');
  return k;
}

describe('one write', () => {
  test.each<[string, string, string | null, string]>([
    ['net/ipv4/ip_forward', '7\n', null, '7\n'],
    ['net/ipv4/ip_forward', ' -1', null, '-1\n'],
    ['net/ipv4/ip_forward', '1 2', null, '1\n'],
    ['net/ipv4/ip_forward', '\n', 'EINVAL', '0\n'],
    ['net/ipv4/ip_forward', '1x', 'EINVAL', '0\n'],
    ['net/ipv4/ip_forward', '+1', 'EINVAL', '0\n'],
    ['net/ipv4/ip_forward', '99999999999', 'EINVAL', '0\n'],
    ['net/ipv4/conf/all/arp_ignore', '0x2', null, '2\n'],
    ['net/ipv4/conf/all/arp_ignore', '010', null, '8\n'],
    ['net/ipv4/conf/all/arp_ignore', '08', 'EINVAL', '0\n'],
    ['net/ipv4/conf/eth0/mc_forwarding', '1', 'EACCES', '0\n'],
    ['net/ipv4/ip_default_ttl', '256', 'EINVAL', '64\n'],
    ['net/ipv4/tcp_sack', '-1', 'EINVAL', '1\n'],
    ['net/ipv4/tcp_rmem', '5', null, '5\t131072\t6291456\n'],
    ['net/ipv4/tcp_rmem', '1 2 3 4', null, '1\t2\t3\n'],
    ['net/ipv4/ip_local_port_range', '20000 30000\n', null, '20000\t30000\n'],
    ['net/ipv4/ip_local_port_range', '900', 'EINVAL', '32768\t60999\n'],
    ['net/ipv4/ip_local_port_range', '3000 2000', 'EINVAL', '32768\t60999\n'],
    ['net/ipv4/tcp_congestion_control', 'none\n', 'ENOENT', 'cubic\n'],
    ['kernel/hostname', 'lvs9\n', null, 'lvs9\n'],
    ['kernel/osrelease', '5', 'EACCES', '6.1.0-56-amd64\n'],
    ['kernel/shmmax', '68719476736\n', null, '68719476736\n'],
  ])('%s <- %j', (path, text, error, after) => {
    const k = kernel();
    expect([sysctlWrite(k, path, text), sysctlRead(k, path)]).toEqual([error, after]);
  });
});

const read = (k: Kernel, name: string): string => ['all', 'default', 'lo', 'eth0'].map((i) => sysctlRead(k, `net/ipv4/conf/${i}/${name}`)?.trim()).join(' ');

test('ip_forward carries all devices with it only when it changes', () => {
  const k = kernel();
  sysctlWrite(k, 'net/ipv4/ip_forward', '1');
  expect([read(k, 'forwarding'), read(k, 'accept_redirects')]).toEqual(['1 1 1 1', '0 1 1 1']);
  sysctlWrite(k, 'net/ipv4/conf/eth0/forwarding', '0');
  sysctlWrite(k, 'net/ipv4/ip_forward', '1');
  expect(read(k, 'forwarding')).toBe('1 1 1 0');
  sysctlWrite(k, 'net/ipv4/conf/all/forwarding', '0');
  expect([read(k, 'forwarding'), sysctlRead(k, 'net/ipv4/ip_forward'), read(k, 'accept_redirects')]).toEqual(['0 0 0 0', '0\n', '1 1 1 1']);
});

test('a device follows conf.default until a setting is its own', () => {
  const k = kernel();
  sysctlWrite(k, 'net/ipv4/conf/default/arp_ignore', '2');
  expect(read(k, 'arp_ignore')).toBe('0 2 2 2');
  sysctlWrite(k, 'net/ipv4/conf/eth0/arp_ignore', '1');
  k.addDev('eth1', 'ether');
  addressAdd(k, k.devByName('lo')!, { local: ip('127.0.0.1'), prefix: 8 });
  sysctlWrite(k, 'net/ipv4/conf/default/arp_ignore', '3');
  sysctlWrite(k, 'net/ipv4/conf/default/rp_filter', '1');
  expect([read(k, 'arp_ignore'), sysctlRead(k, 'net/ipv4/conf/eth1/arp_ignore')]).toEqual(['0 3 2 1', '2\n']);
  expect([read(k, 'rp_filter'), sysctlRead(k, 'net/ipv4/conf/eth1/rp_filter')]).toEqual(['0 1 0 1', '1\n']);
});

test('the tree: order, modes, and what modules bring', () => {
  const k = kernel();
  const list = sysctlList(k);
  expect(list.filter((p) => p.endsWith('/arp_ignore'))).toEqual(['all', 'default', 'eth0', 'lo'].map((i) => `net/ipv4/conf/${i}/arp_ignore`));
  expect(list.filter((p) => p.startsWith('net/ipv4/ip_forward'))).toEqual(['net/ipv4/ip_forward', 'net/ipv4/ip_forward_update_priority', 'net/ipv4/ip_forward_use_pmtu']);
  expect(new Set(list).size).toBe(list.length);
  expect(['net/ipv4/route/flush', 'net/ipv4/ip_forward', 'kernel/version', 'net/ipv4/nosuch', 'net/ipv4/conf'].map((p) => sysctlMode(k, p))).toEqual([0o200, 0o644, 0o444, null, null]);
  expect([sysctlChildren(k, 'net/ipv4/vs'), sysctlChildren(k, 'net/ipv4/conf/eth9'), sysctlRead(k, 'net/ipv4/vs/drop_entry')]).toEqual([null, null, null]);
});

test('holders of a module come in the order of their names\' hash', () => {
  expect(byNameHash(['ip_vs_lc', 'ip_vs_rr', 'ip_vs_sed', 'ip_vs_wlc', 'ip_vs_mh', 'ip_vs_wrr'])).toEqual(['ip_vs_wlc', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_lc', 'ip_vs_mh', 'ip_vs_sed']);
});
