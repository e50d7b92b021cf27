// schedule_icmp: an error about a connection nobody knows makes one. The listings are those recorded on a real kernel.
import { afterEach, describe, expect, it } from 'vitest';
import { ipText } from '../../wire/ipv4';
import { IPPROTO_TCP, Packet } from '../../wire/packet';
import { icmpSend } from '../ipv4/icmp';
import type { Kernel } from '../kernel';
import { checkLedger, ip, type Net, net } from '../test_net';
import { CONN_F } from './ip_vs';
import { ipVsAddDest, ipVsAddService } from './ip_vs_ctl';
import { connSeconds, connStateName } from './ip_vs_proc';
import { vsSysctls } from './ip_vs_sysctl';
import { at, conf, ipvsHandlers, key, persistent, server } from './test_ipvs';

let lab: Net;
afterEach(() => checkLedger(lab.world));

function director(more = {}): Kernel {
  lab = net({ out: { c: '192.168.2.50/24', d: '192.168.2.51/24' }, in: { d: '192.168.4.51/24', w52: '192.168.4.52/24' } }, ipvsHandlers);
  const d = lab.k('d');
  ipVsAddService(d, key('192.168.2.51'), conf('rr', more));
  ipVsAddDest(d, key('192.168.2.51'), at('192.168.4.52'), server(1, { forward: CONN_F.MASQ }));
  return d;
}

/** The client says that a reply from the virtual address to its port 5555 could not be delivered. */
function complain(): void {
  const c = lab.k('c');
  const reply = new Packet();
  Object.assign(reply, { src: ip('192.168.2.51'), dst: ip('192.168.2.50'), proto: IPPROTO_TCP, sport: 80, dport: 5555, len: 40, hlen: 20, ttl: 63, iif: 2 });
  icmpSend(c, reply, 3, 1, 0);
  lab.run(0.1);
}

const listed = (d: Kernel): string[] => {
  const v = d.ipvs!;
  const t = v.conns;
  const out: string[] = [];
  t.forEach((s) => out.push(`${connSeconds(d, s)} ${connStateName(v, s)} ${ipText(t.caddr[s]!)}:${t.cport[s]} ${ipText(t.vaddr[s]!)}:${t.vport[s]} ${ipText(t.daddr[s]!)}:${t.dport[s]}`));
  return out.sort();
};
const allow = (d: Kernel): unknown => vsSysctls.find((s) => s.name === 'schedule_icmp')!.write(d, '1');

describe('an ICMP error about an unknown connection', () => {
  it('is nobody\'s business by default', () => {
    const d = director();
    complain();
    expect(listed(d)).toEqual([]);
  });
  it('makes one with schedule_icmp and goes to its server', () => {
    const d = director();
    allow(d);
    complain();
    expect(listed(d)).toEqual(['2 NONE 192.168.2.50:5555 192.168.2.51:80 192.168.4.52:80']);
    expect(lab.frames().filter((f) => f.startsWith('d > w52 icmp'))).toEqual(['d > w52 icmp 192.168.2.50 > 192.168.4.52 3/1']);
  });
  it('of a persistent service makes a template too', () => {
    const d = director(persistent(60));
    allow(d);
    complain();
    expect(listed(d)).toEqual(['2 NONE 192.168.2.50:5555 192.168.2.51:80 192.168.4.52:80', '59 NONE 192.168.2.50:0 192.168.2.51:80 192.168.4.52:80']);
  });
});
