// Booting: what an installed system brings up, in order, and what a reboot keeps.
import { describe, expect, test } from 'vitest';
import { bootHost, bootOrder, prepareHost, rebootHost } from './boot';
import type { Host } from './host';
import { el } from './images/el';
import { journalText } from './journal';
import type { Run } from './process';
import { hosts, type Hosts } from './test_host';
import { disableUnit, enableUnit, reloadUnit, restartUnit, startUnit, stopUnit, type JobResult, unitEnablement, unitState } from './unit';
import { sysctlRead } from '../kernel/core/sysctl';
import { ipText } from '../wire/ipv4';
import { Conf } from '../kernel/core/dev';

const IFCFG = 'TYPE=Ethernet\nBOOTPROTO=none\nDEVICE=eth0\nONBOOT=yes\nIPADDR=192.168.4.52\nPREFIX=24\nGATEWAY=192.168.4.1\n';

function booted(files: Record<string, string | { text: string; mode?: number }> = {}, enabled: string[] = []): { n: Hosts; host: Host } {
  const n = hosts(el, { lan: { web52: '192.168.4.52/24' } });
  const host = n.host('web52');
  prepareHost(host, { files: { '/etc/sysconfig/network-scripts/ifcfg-eth0': IFCFG, '/etc/hostname': 'web52\n', ...files }, enabled });
  bootHost(host);
  n.run(3);
  return { n, host };
}

const job = (n: Hosts, f: (p: Parameters<typeof startUnit>[0]) => Generator<{ on: readonly number[]; until: number }, JobResult, void>): JobResult => {
  let got: JobResult | null = null;
  n.exec('web52', function* (p): Run {
    got = yield* f(p);
    return 0;
  });
  return got!;
};
const state = (host: Host, name: string): string => {
  const s = unitState(host, name);
  return s === null ? 'none' : `${s.active} (${s.sub})`;
};
const addresses = (host: Host): string[] => host.kernel.devs.flatMap((d) => d.addresses.map((a) => `${a.label} ${ipText(a.local)}/${a.prefix}`));

test('boots to multi-user', () => {
  const { host } = booted({ '/etc/sysctl.conf': '# mine\nnet.ipv4.ip_forward=1\n', '/etc/sysconfig/network-scripts/ifcfg-eth0:1': 'DEVICE=eth0:1\nIPADDR=192.168.4.253\nPREFIX=32\n' }, ['httpd']);
  expect(host.running).toBe(true);
  expect(addresses(host)).toEqual(['lo 127.0.0.1/8', 'eth0 192.168.4.52/24', 'eth0:1 192.168.4.253/32']);
  expect([host.kernel.ipForward, host.kernel.confAll[Conf.rp_filter], host.kernel.hostname]).toEqual([true, 1, 'web52']);
  expect(bootOrder(host)).toEqual(['NetworkManager.service', 'crond.service', 'network.service', 'httpd.service', 'sshd.service', 'rc-local.service']);
  expect(['httpd', 'NetworkManager', 'network', 'rc-local', 'multi-user.target', 'nosuch'].map((u) => state(host, u))).toEqual([
    'active (running)', 'active (running)', 'active (exited)', 'inactive (dead)', 'active (active)', 'none',
  ]);
  expect([...host.procs.values()].map((p) => `${p.pid === 1 ? 1 : ''}${p.comm}`).sort()).toEqual(['1systemd', 'NetworkManager', 'crond', 'httpd', 'httpd', 'httpd', 'httpd', 'httpd', 'httpd']);
});

test('modules named for boot are there before settings are applied', () => {
  const files = { '/etc/sysctl.conf': 'net.ipv4.vs.expire_nodest_conn = 1\n', '/etc/modules-load.d/lvs.conf': '# IPVS\nip_vs\nnosuch\n' };
  const read = (given: Record<string, string>): (string | null)[] => {
    const { host } = booted(given);
    return [sysctlRead(host.kernel, 'net/ipv4/vs/expire_nodest_conn'), host.units.journal.find((l) => l.ident === 'systemd-modules-load')?.text ?? null];
  };
  expect([read(files), read({ '/etc/sysctl.conf': files['/etc/sysctl.conf'] })]).toEqual([['1\n', "Failed to find module 'nosuch'"], [null, null]]);
});

describe('jobs', () => {
  const { n, host } = booted({
    '/etc/systemd/system/one.service': '[Unit]\nDescription=One\n[Service]\nType=oneshot\nExecStart=/usr/bin/echo "a  b" $X ${Y}\nExecStop=/usr/bin/echo bye\nRemainAfterExit=yes\nEnvironment=X="p q" Y=z\n[Install]\nWantedBy=multi-user.target\n',
    '/etc/systemd/system/bad.service': '[Unit]\nDescription=Bad\n[Service]\nType=oneshot\nExecStart=/usr/bin/grumble no\n',
    '/etc/systemd/system/lost.service': '[Service]\nExecStart=/usr/bin/nosuch\n',
  });
  const said = (unit: string): string[] => host.units.journal.filter((l) => l.unit === unit).map((l) => journalText(host, l).replace(/^.{15} /, '').replace(/(echo|grumble)\[\d+\]/, '$1[N]'));
  test('oneshot', () => {
    expect(job(n, (p) => startUnit(p, 'one'))).toEqual({ ok: true, status: 0, text: '' });
    expect(state(host, 'one')).toBe('active (exited)');
    job(n, (p) => stopUnit(p, 'one'));
    expect(state(host, 'one')).toBe('inactive (dead)');
    expect(said('one.service')).toEqual(['web52 systemd[1]: Starting One...\n', 'web52 echo[N]: a  b p q z\n', 'web52 systemd[1]: Started One.\n', 'web52 systemd[1]: Stopping One...\n', 'web52 echo[N]: bye\n', 'web52 systemd[1]: Stopped One.\n']);
  });
  test('failures', () => {
    expect(job(n, (p) => startUnit(p, 'bad'))).toEqual({ ok: false, status: 1, text: 'Job for bad.service failed because the control process exited with error code. See "systemctl status bad.service" and "journalctl -xe" for details.\n' });
    expect(said('bad.service')).toEqual([
      'web52 systemd[1]: Starting Bad...\n', 'web52 grumble[N]: no\n', 'web52 systemd[1]: bad.service: main process exited, code=exited, status=3/n/a\n', 'web52 systemd[1]: Failed to start Bad.\n',
      'web52 systemd[1]: Unit bad.service entered failed state.\n', 'web52 systemd[1]: bad.service failed.\n',
    ]);
    expect([job(n, (p) => startUnit(p, 'nosuch')), job(n, (p) => stopUnit(p, 'nosuch')), job(n, (p) => reloadUnit(p, 'one')).text]).toEqual([
      { ok: false, status: 5, text: 'Failed to start nosuch.service: Unit not found.\n' }, { ok: false, status: 5, text: 'Failed to stop nosuch.service: Unit nosuch.service not loaded.\n' },
      'Failed to reload one.service: Job type reload is not applicable for unit one.service.\nSee system logs and \'systemctl status one.service\' for details.\n',
    ]);
    job(n, (p) => startUnit(p, 'lost'));
    expect([state(host, 'lost'), unitState(host, 'lost')!.ran[0]!.status]).toEqual(['failed (failed)', 203]);
  });
  test('httpd', () => {
    expect(job(n, (p) => startUnit(p, 'httpd')).ok).toBe(true);
    const first = unitState(host, 'httpd')!.mainPid;
    expect(host.procs.get(first)!.argv).toEqual(['/usr/sbin/httpd', '-DFOREGROUND']);
    expect(job(n, (p) => restartUnit(p, 'httpd')).ok).toBe(true);
    expect([unitState(host, 'httpd')!.mainPid !== first, state(host, 'httpd')]).toEqual([true, 'active (running)']);
    host.kill(host.procs.get(unitState(host, 'httpd')!.mainPid)!, 15);
    n.run(0);
    expect(state(host, 'httpd')).toBe('inactive (dead)');
    host.vfs.put('/etc/httpd/conf.d/bad.conf', 'Nonsense\n');
    expect(job(n, (p) => startUnit(p, 'httpd')).ok).toBe(false);
    expect(state(host, 'httpd')).toBe('failed (failed)');
  });
  test('enable and disable', () => {
    expect([unitEnablement(host, 'httpd'), enableUnit(host, 'httpd'), enableUnit(host, 'httpd'), unitEnablement(host, 'httpd'), disableUnit(host, 'httpd'), unitEnablement(host, 'httpd'), unitEnablement(host, 'rc-local'), enableUnit(host, 'nosuch')]).toEqual([
      'disabled', { text: 'Created symlink from /etc/systemd/system/multi-user.target.wants/httpd.service to /usr/lib/systemd/system/httpd.service.\n', status: 0 }, { text: '', status: 0 }, 'enabled',
      { text: 'Removed symlink /etc/systemd/system/multi-user.target.wants/httpd.service.\n', status: 0 }, 'disabled', 'static', { text: 'Failed to execute operation: No such file or directory\n', status: 1 },
    ]);
  });
});

test('a reboot keeps files and enabled units, and nothing else', () => {
  const { n, host } = booted({}, ['httpd']);
  host.vfs.put('/proc/sys/net/ipv4/ip_forward', '1\n');
  host.vfs.put('/root/kept', 'x');
  const before = host.kernel;
  rebootHost(host);
  n.run(2);
  expect([host.running, host.procs.size, addresses(host), host.vfs.exists('/run/httpd/httpd.pid')]).toEqual([false, 0, [], false]);
  n.run(10);
  expect([host.running, host.kernel === before, host.kernel.ipForward, host.vfs.read('/root/kept'), addresses(host), state(host, 'httpd')]).toEqual([
    true, false, false, 'x', ['lo 127.0.0.1/8', 'eth0 192.168.4.52/24'], 'active (running)',
  ]);
  expect(host.world.kernels[0]).toBe(host.kernel);
});
