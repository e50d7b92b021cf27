// The sandbox: the notes' cluster with nothing to pass. Both networks are there, the servers' sites run, ipvsadm is installed, no rule is set.
import type { LessonText } from './instantiate';

export const sandbox: LessonText = {
  data: {
    id: 'sandbox', kind: 'guided', title: { zh: '沙盒', en: 'Sandbox' }, minutes: 1, needs: [], track: 'optional', variables: {}, steps: [],
    lab: {
      image: 'el', segments: { wan: '192.168.2.0/24', lan: '192.168.4.0/24' }, start: [],
      hosts: {
        client50: { role: 'client', interfaces: { eth0: 'lan 192.168.4.50/24', eth1: 'wan 192.168.2.50/24' } },
        lvs51: { role: 'director', interfaces: { eth0: 'lan 192.168.4.51/24', eth1: 'wan 192.168.2.51/24' }, packages: ['ipvsadm'], sysctl: { 'net.ipv4.ip_forward': 1 } },
        web52: { role: 'real-server', interfaces: { eth0: 'lan 192.168.4.52/24' }, gateway: '192.168.4.51', services: { httpd: { '/test.html': 'web52' } } },
        web53: { role: 'real-server', interfaces: { eth0: 'lan 192.168.4.53/24' }, gateway: '192.168.4.51', services: { httpd: { '/test.html': 'web53' } } },
      },
    },
  },
  markdown: {
    zh: '# 沙盒\n\n讲义里的集群：两个网段、一台调度器、两台真实服务器。没有步骤，也没有对错。\n',
    en: '# Sandbox\n\nThe cluster of the notes: two networks, a director, two real servers. There are no steps and nothing is right or wrong.\n',
  },
};
