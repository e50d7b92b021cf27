// Test rig for IPVS: one kernel with services and servers named by their last octet. Used by tests of this folder only.
import { IPPROTO_TCP } from '../../wire/packet';
import { ip, net } from '../test_net';
import { Ev } from '../world';
import type { Kernel } from '../kernel';
import { AF_INET, CONN_F, type Dest, type Service, SVC_F } from './ip_vs';
import { ipvsConnTimer } from './ip_vs_conn';
import { type DestConf, ipVsAddDest, ipVsAddService, ipVsDelDest, ipVsEditDest, ipVsService, type ServiceConf, type ServiceKey } from './ip_vs_ctl';
import { ipvsTimer } from './ip_vs_timer';
import type { Handler } from '../world';

/** Handlers of IPVS's events, for `net`. */
export const ipvsHandlers: [number, Handler][] = [
  [Ev.ipvsConn, ipvsConnTimer],
  [Ev.ipvsEstimator, ipvsTimer],
];

export const key = (addr: string, port = 80, protocol: number = IPPROTO_TCP, fwmark = 0): ServiceKey => ({ af: AF_INET, protocol, addr: ip(addr), port, fwmark });
export const conf = (scheduler: string, more: Partial<ServiceConf> = {}): ServiceConf => ({ scheduler, flags: 0, timeout: 0, netmask: -1, pe: '', ...more });
export const persistent = (timeout: number): Partial<ServiceConf> => ({ flags: SVC_F.PERSISTENT, timeout });
export const server = (weight = 1, more: Partial<DestConf> = {}): DestConf => ({
  forward: CONN_F.DROUTE, weight, uThreshold: 0, lThreshold: 0, tunType: 0, tunPort: 0, tunFlags: 0, ...more,
});
export const at = (addr: string, port = 80): { af: number; addr: number; port: number } => ({ af: AF_INET, addr: ip(addr), port });

export const VIP = '192.168.4.253';
const octet = (d: Dest): number => d.addr & 255;

/** A director alone with one service; servers are 192.168.4.N. */
export class Rig {
  readonly k: Kernel;
  readonly world;
  readonly key: ServiceKey;

  constructor(scheduler: string, weights: Record<number, number>, more: Partial<ServiceConf> = {}, vip = VIP) {
    const n = net({ lan: { d: '192.168.4.51/24' } }, ipvsHandlers);
    this.world = n.world;
    this.k = n.k('d');
    this.key = key(vip);
    const e = ipVsAddService(this.k, this.key, conf(scheduler, more));
    if (e !== null) throw new Error(e);
    for (const [o, w] of Object.entries(weights)) this.add(Number(o), w);
  }
  get svc(): Service {
    return ipVsService(this.k, this.key)!;
  }
  add(o: number, weight = 1, more: Partial<DestConf> = {}): void {
    const e = ipVsAddDest(this.k, this.key, at(`192.168.4.${o}`), server(weight, more));
    if (e !== null) throw new Error(e);
  }
  edit(o: number, weight: number, more: Partial<DestConf> = {}): void {
    const e = ipVsEditDest(this.k, this.key, at(`192.168.4.${o}`), server(weight, more));
    if (e !== null) throw new Error(e);
  }
  del(o: number): void {
    const e = ipVsDelDest(this.k, this.key, at(`192.168.4.${o}`));
    if (e !== null) throw new Error(e);
  }
  dest(o: number): Dest {
    return this.svc.dests.find((d) => octet(d) === o)!;
  }

  /** Picks of `n` connections, as last octets ('-' for nobody); `load` says what each leaves behind. Every pick must be the explained one. */
  picks(n: number, load: 'none' | 'held' | 'closed' = 'none', flow: (i: number) => { src?: string; dst?: string; sport?: number } = () => ({})): string {
    const out: string[] = [];
    for (let i = 0; i < n; i++) {
      const f = flow(i);
      const five = { src: ip(f.src ?? '192.168.4.50'), dst: ip(f.dst ?? VIP), sport: f.sport ?? 40000 + i, dport: 80 };
      const said = this.svc.scheduler!.explain(this.k, this.svc, five);
      const d = this.svc.scheduler!.schedule(this.k, this.svc, five);
      if (said.pick !== d) throw new Error(`explained ${said.pick === null ? '-' : octet(said.pick)}, picked ${d === null ? '-' : octet(d)}`);
      if (d !== null && load === 'held') d.activeConns++;
      if (d !== null && load === 'closed') d.inactConns++;
      out.push(d === null ? '-' : String(octet(d)));
    }
    return out.join(' ');
  }
}
