// A solution as a scenario for real Linux: where booting leaves the learner, what EL alone has, what is translated and what is named as skipped.
import { expect, test } from 'vitest';
import { exportScenario } from './export_scenario';
import { loadLesson } from './load';

const words = (title: string): string => `# ${title}\n\n${title}\n\n## up   ${title}\n\n${title}\n\n> hint: 1?\n> hint: 2\n> hint: 3\n`;
const yaml = `id: boots
kind: guided
title: { zh: 开机, en: Boots }
minutes: 5
lab:
  segments: { lan: 192.168.4.0/24 }
  hosts:
    lvs51:
      role: director
      interfaces: { eth0: lan 192.168.4.51/24 }
      packages: [ipvsadm]
      enabled: [ipvsadm]
      files:
        /etc/sysctl.conf: "net.ipv4.ip_forward = 1\\n"
        /etc/sysconfig/ipvsadm: "-A -t 192.168.4.51:80 -s rr\\n"
        /etc/rc.d/rc.local: { content: "#!/bin/bash\\nifconfig eth0:1 192.168.4.253/32\\n", mode: '755' }
    web52: { role: real-server, interfaces: { eth0: lan 192.168.4.52/24 } }
    web53: { role: real-server, interfaces: { eth0: lan 192.168.4.53/24 }, services: { httpd: { /test.html: web53 } } }
  start: [ 'web52# systemctl stop httpd', "web53# sed -i 's/^Listen 80$/Listen 8080/' /etc/httpd/conf/httpd.conf; systemctl restart httpd" ]
steps:
  - id: up
    points: 10
    checks: [ ipvs: { on: lvs51, service: 'tcp 192.168.4.51:80', scheduler: wrr } ]
`;
const solution = `lvs51# systemctl enable ipvsadm
lvs51# systemctl start ipvsadm
lvs51# ipvsadm -E -t 192.168.4.51:80 -s wrr
lvs51# systemctl restart network
web52# yum -y install httpd
web52# echo web52 > /var/www/html/test.html
web52# echo 'ifconfig lo:1 192.168.4.253/32' >> /etc/rc.local
web52# echo ip_vs > /etc/modules-load.d/lvs.conf
web52# ifdown eth0
web52# ifup eth0
web52# sleep 5
web52# hostnamectl set-hostname web52
web52# systemctl enable httpd; systemctl start httpd
`;

test('a scenario begins where booting leaves the learner', () => {
  const { lesson, problems } = loadLesson({ 'lesson.yaml': yaml, 'zh.md': words('开机'), 'en.md': words('Boots'), 'solutions/all.lab': solution });
  expect(problems).toEqual([]);
  const made = exportScenario(lesson!, 'all')!;
  expect(made.skipped).toEqual(['before: web52# systemctl stop httpd', 'line 4: lvs51# systemctl restart network']);
  expect(made.scenario.steps).toEqual([
    { host: 'web52', run: 'ln -sf rc.d/rc.local /etc/rc.local' },
    { host: 'web52', run: 'mkdir -p /etc/modules-load.d' },
    { host: 'lvs51', run: 'sysctl -p' },
    { host: 'lvs51', run: 'ipvsadm -R < /etc/sysconfig/ipvsadm' },
    { host: 'lvs51', run: '/etc/rc.d/rc.local' },
    { host: 'lvs51', run: 'ipvsadm -R < /etc/sysconfig/ipvsadm' },
    { host: 'lvs51', run: 'ipvsadm -E -t 192.168.4.51:80 -s wrr' },
    { host: 'web52', run: "echo 'ifconfig lo:1 192.168.4.253/32' >> /etc/rc.local" },
    { host: 'web52', run: 'echo ip_vs > /etc/modules-load.d/lvs.conf' },
    { host: 'web52', run: 'ip address flush dev eth0; ip link set eth0 down' },
    { host: 'web52', run: 'ip link set eth0 up; ip address replace 192.168.4.52/24 dev eth0' },
    { sleep: 5 },
    { host: 'web52', run: 'hostname web52; echo web52 > /etc/hostname' },
    { host: 'lvs51', run: 'ipvsadm -Ln' },
  ]);
  const web52 = made.scenario.hosts[1]!;
  expect(Object.keys(web52.files!)).toEqual(['/etc/rc.d/rc.local']);
  expect(made.scenario.hosts[2]!.services).toEqual([{ type: 'http', port: 8080, body: 'web53', pages: { 'test.html': 'web53\n' } }]);
  expect(web52.services).toEqual([{ type: 'http', port: 80, body: 'web52', pages: { 'test.html': 'web52\n' } }]);
});
