// The course notes' day with services: install, start without a file, save, stop, enable, network scripts, modules, settings. Whole outputs.
import { beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../../lab/lab';

let lab: Lab;
const JOB_FAILED = 'Job for ipvsadm.service failed because the control process exited with error code. See "systemctl status ipvsadm.service" and "journalctl -xe" for details.\n';
const LINK = '/etc/systemd/system/multi-user.target.wants/ipvsadm.service';

beforeAll(() => {
  const host = { name: 'lvs7', role: 'director' as const, gateway: '10.8.0.254', interfaces: { eth0: { segment: 'lan', address: '10.8.0.7/24' }, eth1: { segment: 'lan', address: '10.9.0.7/24' } } };
  lab = Lab.create({ image: 'el', segments: [{ name: 'lan' }], hosts: [host] }, { seed: 3, terminals: false });
  lab.advance(3_000_000);
});

describe('in this order', () => {
  test.each<[string, string, string]>([
    ['ipvsadm -Ln', '', 'bash: line 1: ipvsadm: command not found\n'],
    ['systemctl start ipvsadm', '', 'Failed to start ipvsadm.service: Unit not found.\n'],
    ['yum -y install ipvsadm | tail -1', 'Complete!\n', ''],
    ['yum -y install ipvsadm', 'Loaded plugins: fastestmirror\nPackage ipvsadm-1.27-8.el7.x86_64 already installed and latest version\nNothing to do\n', ''],
    ['yum provides ipvsadm', `Loaded plugins: fastestmirror\n${['', '@'].map((at) => `ipvsadm-1.27-8.el7.x86_64 : Utility to administer the Linux Virtual Server\nRepo        : ${at}base\n\n\n\n`).join('')}`, ''],
    ["yum provides '*bin/conntrack'", 'Loaded plugins: fastestmirror\nconntrack-tools-1.4.4-7.el7.x86_64 : Manipulate netfilter connection tracking table and run High Availability\nRepo        : base\nMatched from:\nFilename    : /usr/sbin/conntrack\n\n\n\n', ''],
    ['yum provides ab', 'Loaded plugins: fastestmirror\nNo matches found\n', 'Warning: 3.0.x versions of yum would erroneously match against filenames.\n You can use "*/ab" and/or "*bin/ab" to get that behaviour\n'],
    ['yum search IPVS', `Loaded plugins: fastestmirror\n${'='.repeat(30)} N/S matched: IPVS ${'='.repeat(31)}\nipvsadm.x86_64 : Utility to administer the Linux Virtual Server\n\n  Name and summary matches only, use "search all" for everything.\n`, ''],
    ['rpm -qf /sbin/ipvsadm /usr/bin/ab', 'ipvsadm-1.27-8.el7.x86_64\nhttpd-tools-2.4.6-99.el7.centos.1.x86_64\n', ''],
    ['yum -y install nosuch', 'Loaded plugins: fastestmirror\nNo package nosuch available.\n', 'Error: Nothing to do\n'],
    ['rpm -q ipvsadm nosuch; rpm -qf /usr/sbin/ipvsadm', 'ipvsadm-1.27-8.el7.x86_64\npackage nosuch is not installed\nipvsadm-1.27-8.el7.x86_64\n', ''],
    ['systemctl start ipvsadm; echo $?; systemctl is-active ipvsadm; systemctl is-failed ipvsadm', '1\nfailed\nfailed\n', JOB_FAILED],
    ['ipvsadm -A -t 10.8.0.9:80 -s rr; ipvsadm-save -n > /etc/sysconfig/ipvsadm; ipvsadm -C; systemctl start ipvsadm; ipvsadm -S -n; systemctl is-active ipvsadm', '-A -t 10.8.0.9:80 -s rr\nactive\n', ''],
    ['ipvsadm -A -u 10.8.0.9:53; systemctl stop ipvsadm; cat /etc/sysconfig/ipvsadm; ipvsadm -S -n', '-A -t 10.8.0.9:80 -s rr\n-A -u 10.8.0.9:53 -s wlc\n', ''],
    ['systemctl enable ipvsadm; systemctl is-enabled ipvsadm', 'enabled\n', `Created symlink from ${LINK} to /usr/lib/systemd/system/ipvsadm.service.\n`],
    ['chkconfig ipvsadm off', '', `Note: Forwarding request to 'systemctl disable ipvsadm.service'.\nRemoved symlink ${LINK}.\n`],
    ['systemctl foo', '', "Unknown operation 'foo'.\n"],
    ['systemctl status nosuch; echo $?', '4\n', 'Unit nosuch.service could not be found.\n'],
    ['ifdown eth1; ip route; ifup eth1; ip route', 'default via 10.8.0.254 dev eth0 \n10.8.0.0/24 dev eth0 proto kernel scope link src 10.8.0.7 \ndefault via 10.8.0.254 dev eth0 \n10.8.0.0/24 dev eth0 proto kernel scope link src 10.8.0.7 \n10.9.0.0/24 dev eth1 proto kernel scope link src 10.9.0.7 \n', ''],
    ['echo ServerName x > /etc/httpd/conf.d/x.conf; apachectl start; systemctl is-active httpd; apachectl graceful; systemctl is-active httpd; apachectl stop; systemctl is-active httpd; apachectl configtest', 'active\nactive\ninactive\n', 'Syntax OK\n'],
    ['sysctl -qw net.ipv6.conf.all.disable_ipv6=0; printf "IPV6ADDR=fd00:9::7/64\\nIPV6_DEFAULTGW=fd00:9::1\\n" >> /etc/sysconfig/network-scripts/ifcfg-eth1; systemctl restart network; sleep 3; ip -6 -br addr show eth1 | grep -o "fd00[^ ]*"; ip -6 route show default; ifdown eth1; ip -6 addr show eth1', 'fd00:9::7/64\ndefault via fd00:9::1 dev eth1 metric 1 pref medium\n', ''],
    ['ifup eth1; ifup eth9; ifdown', '', '/sbin/ifup: configuration for eth9 not found.\nUsage: ifup <configuration>\nusage: ifdown <configuration>\n'],
    ['modprobe -v ipip; lsmod | head -4; rmmod tunnel4; modprobe nosuch', 'insmod /lib/modules/3.10.0-1160.el7.x86_64/kernel/net/ipv4/ip_tunnel.ko.xz \ninsmod /lib/modules/3.10.0-1160.el7.x86_64/kernel/net/ipv4/tunnel4.ko.xz \ninsmod /lib/modules/3.10.0-1160.el7.x86_64/kernel/net/ipv4/ipip.ko.xz \nModule                  Size  Used by\nipip                   16384  0\ntunnel4                16384  1 ipip\nip_tunnel              36864  1 ipip\n', 'rmmod: ERROR: Module tunnel4 is in use by: ipip\nmodprobe: FATAL: Module nosuch not found in directory /lib/modules/3.10.0-1160.el7.x86_64\n'],
    ['sysctl -w net.ipv4.conf.eth1.tag=4 net/ipv4/conf/lo/tag=5; sysctl -n net.ipv4.conf.lo.tag; sysctl -w kernel.version=1; sysctl -eq net.no', 'net.ipv4.conf.eth1.tag = 4\nnet.ipv4.conf.lo.tag = 5\n5\n', 'sysctl: setting key "kernel.version": Invalid argument\n'],
    ["printf '# x\\nnet.ipv4.conf.*.medium_id = 3\\n-net.ipv4.conf.eth*.medium_id\\nnet.ipv4.conf.lo.medium_id=4 \\nwords here\\n' > f; sysctl -p f; echo $?", 'net.ipv4.conf.all.medium_id = 3\nnet.ipv4.conf.default.medium_id = 3\nnet.ipv4.conf.tunl0.medium_id = 3\nnet.ipv4.conf.lo.medium_id = 4\n0\n', 'sysctl: f(5): invalid syntax, continuing...\n'],
    ["sysctl -a -r '^net.ipv4.ip_f'; sysctl -N net.ipv4.conf.eth1.tag; sysctl -b net.ipv4.conf.eth1.tag", 'net.ipv4.ip_forward = 0\nnet.ipv4.ip_forward_update_priority = 1\nnet.ipv4.ip_forward_use_pmtu = 0\nnet.ipv4.conf.eth1.tag\n4', ''],
  ])('%s', (line, out, err) => {
    const r = lab.exec('lvs7', line);
    expect([r.stdout, r.stderr]).toEqual([out, err]);
  });
});
