// The browser on a client: pages over a virtual service with connections kept or not, what it says when nothing answers, and cables made worse.
import { expect, test } from 'vitest';
import { isProblem, parseJournal } from './journal';
import { Lab } from './lab';
import type { Topology, TopologyHost } from './topology';

const web = (n: number): TopologyHost => ({ name: `web${n}`, role: 'real-server', interfaces: { eth0: { segment: 'lan', address: `192.168.4.${n}/24` } }, gateway: '192.168.4.51', services: [{ type: 'http', port: 80, body: '', pages: { 'test.html': `web${n}\n` } }] });
const topology: Topology = {
  image: 'el',
  segments: [{ name: 'out', subnet: '192.168.2.0/24' }, { name: 'lan', subnet: '192.168.4.0/24' }],
  hosts: [
    { name: 'client50', role: 'client', interfaces: { eth0: { segment: 'out', address: '192.168.2.50/24' } }, gateway: '192.168.2.51' },
    { name: 'lvs51', role: 'director', interfaces: { eth0: { segment: 'lan', address: '192.168.4.51/24' }, eth1: { segment: 'out', address: '192.168.2.51/24' } }, sysctl: { 'net.ipv4.ip_forward': 1 }, packages: ['ipvsadm'] },
    web(52), web(53),
  ],
};
const VIP = '192.168.2.51';
const start = [`ipvsadm -A -t ${VIP}:80 -s rr`, `ipvsadm -a -t ${VIP}:80 -r 192.168.4.52 -m`, `ipvsadm -a -t ${VIP}:80 -r 192.168.4.53 -m`].map((line) => ({ host: 'lvs51', line }));
const make = (): Lab => Lab.create(topology, { seed: 3, start });

/** Loads a page and tells what the window shows. */
function load(lab: Lab, keepAlive: boolean, url = `${VIP}/test.html`, wait = 500_000): string {
  lab.act({ do: 'browse', host: 'client50', url, keepAlive });
  lab.advance(wait);
  const p = lab.page('client50')!;
  return `${p.state} ${p.status || p.error} ${p.body.trim()} ${p.reused ? 'kept' : 'new'}`;
}

test('a kept connection stays with its server; a new one for each page goes round', () => {
  const lab = make();
  expect([1, 2, 3].map(() => load(lab, false))).toEqual(['shown 200 web53 new', 'shown 200 web52 new', 'shown 200 web53 new']);
  const ports = [1, 2, 3].map(() => [load(lab, true), lab.page('client50')!.localPort]);
  expect(ports.map(([text]) => text)).toEqual(['shown 200 web52 new', 'shown 200 web52 kept', 'shown 200 web52 kept']);
  expect(new Set(ports.map(([, port]) => port)).size).toBe(1);
  // httpd closes an idle connection after its KeepAliveTimeout of 5 s.
  lab.advance(6_000_000);
  expect(load(lab, true)).toBe('shown 200 web53 new');
  expect(lab.ledger().balanced).toBe(true);
});

test('what failed is told', () => {
  const lab = make();
  expect(load(lab, true, 'http://nosuch/')).toBe('failed name  new');
  expect(load(lab, true, 'https://192.168.4.52/')).toBe('failed url  new');
  expect(load(lab, true, 'http://192.168.4.52:81/')).toBe('failed ECONNREFUSED  new');
  expect(load(lab, true, `${VIP}/nosuch.html`)).toContain('shown 404');
  lab.act({ do: 'unplug', host: 'client50', iface: 'eth0' });
  lab.act({ do: 'browse', host: 'client50', url: `${VIP}/test.html`, keepAlive: false });
  lab.advance(1_000_000);
  expect(lab.page('client50')!.state).toBe('loading');
  // Nobody answers ARP behind a cable that is out: the kernel gives the connection up after three questions.
  lab.advance(5_000_000);
  expect(lab.page('client50')).toMatchObject({ state: 'failed', error: 'EHOSTUNREACH' });
});

test('browsing is part of the journal: a restored lab shows the same page, and a fork goes on by itself', () => {
  const lab = make();
  load(lab, true);
  load(lab, true);
  const read = parseJournal(lab.snapshot());
  if (isProblem(read)) throw new Error(read.key);
  const again = Lab.restore(topology, read, { start });
  expect(again.page('client50')).toEqual(lab.page('client50'));
  const fork = lab.fork();
  expect(load(fork, true)).toBe('shown 200 web53 kept');
  expect(lab.page('client50')!.loads).toBe(2);
});

test('a cable can be made worse, and good again', () => {
  const lab = make();
  const ping = (): string => /time=(\S+)|(100% packet loss)/.exec(lab.exec('client50', 'ping -c 1 -W 1 192.168.2.51').stdout)![0];
  expect(ping()).toMatch(/^time=0\./); // ARP is known from here on
  lab.act({ do: 'impair', host: 'client50', iface: 'eth0', delayMs: 100 });
  expect(Math.round(Number(ping().slice(5)))).toBe(100);
  lab.act({ do: 'impair', host: 'client50', iface: 'eth0', delayMs: 0, loss: 1 });
  expect(ping()).toBe('100% packet loss');
  lab.act({ do: 'impair', host: 'client50', iface: 'eth0', loss: 0 });
  expect(ping()).toMatch(/^time=0\./);
  expect(lab.hostView('client50').interfaces.find((i) => i.name === 'eth0')).toMatchObject({ loss: 0, delayMs: 0, rateMbit: 0 });
});
