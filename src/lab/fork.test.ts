// A fork shares files, routes and journal lines with the lab it was made of until one of the two changes something: neither ever sees the other's change.
import { expect, test } from 'vitest';
import { Lab } from './lab';
import type { Topology } from './topology';

const topology: Topology = {
  image: 'el',
  segments: [{ name: 'lan', subnet: '192.168.4.0/24' }],
  hosts: [{ name: 'lvs51', role: 'director', packages: ['ipvsadm'], interfaces: { eth0: { segment: 'lan', address: '192.168.4.51/24' } } }],
};

/** What is looked at on both sides, and what one of them does to it. */
const LOOK = 'cat /root/notes; ls /root; stat -c "%a %h" /etc/rc.d/rc.local; lsattr /etc/passwd; route -n; systemctl is-enabled httpd; tail -1 /var/log/messages | cut -c 17-; systemctl cat ipvsadm | grep -c X=1';
/** Leaves a line in the log and the configuration as it is. */
const RESTART = 'systemctl restart sshd';
const DEEDS = [
  'echo more >> /root/notes', 'echo other > /root/notes', 'rm /root/notes', 'mv /root/notes /root/kept', 'mkdir /root/d', 'touch /root/new', 'chmod +x /etc/rc.d/rc.local', 'ln /etc/rc.d/rc.local /root/link',
  'chattr +i /etc/passwd', 'route add default gw 192.168.4.1', 'systemctl enable httpd', RESTART,
  'mkdir /etc/systemd/system/ipvsadm.service.d; printf "[Service]\\nX=1\\n" > /etc/systemd/system/ipvsadm.service.d/x.conf',
];
const made = (): Lab => {
  const lab = Lab.create(topology, { seed: 1, terminals: false });
  lab.exec('lvs51', 'echo one > /root/notes');
  return lab;
};
const look = (lab: Lab): string => lab.exec('lvs51', LOOK).stdout;

test.each(DEEDS)('%s', (deed) => {
  const untouched = look(made());
  for (const forkActs of [true, false]) {
    const lab = made();
    look(lab); // so that what is remembered of files is remembered on both sides
    const fork = lab.fork();
    const [actor, other] = forkActs ? [fork, lab] : [lab, fork];
    actor.exec('lvs51', deed);
    const [seen, kept] = [look(actor), look(other)];
    expect(seen).not.toBe(untouched);
    expect(kept).toBe(untouched);
    expect(look(other.fork())).toBe(untouched);
    expect(look(actor.fork())).toBe(seen);
    expect(actor.relevant() === other.relevant()).toBe(deed === RESTART);
  }
});
