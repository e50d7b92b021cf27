// Which service a packet is for. Linux counterpart: ip_vs_service_find in net/netfilter/ipvs/ip_vs_ctl.c.
import { type Ip, IPPROTO_TCP } from '../../wire/packet';
import type { Kernel } from '../kernel';
import { FTPDATA, FTPPORT, type IpVs, type Service, serviceKey } from './ip_vs';

/** __ip_vs_service_find. */
export function exactService(v: IpVs, af: number, protocol: number, addr: Ip, port: number): Service | null {
  const list = v.services.get(serviceKey(addr, port));
  if (list === undefined) return null;
  for (const s of list) if (s.protocol === protocol && s.af === af) return s;
  return null;
}

/** ip_vs_service_find: by mark, then exactly, then an FTP service's data ports, then port 0. */
export function findService(k: Kernel, v: IpVs, af: number, mark: number, protocol: number, addr: Ip, port: number): Service | null {
  if (mark !== 0) {
    const byMark = v.fwmServices.get(mark)?.find((s) => s.af === af);
    if (byMark !== undefined) return byMark;
  }
  let svc = exactService(v, af, protocol, addr, port);
  if (svc === null && v.ftpServices > 0 && protocol === IPPROTO_TCP && (port === FTPDATA || port >= unprivilegedStart(k))) {
    svc = exactService(v, af, protocol, addr, FTPPORT);
  }
  if (svc === null && v.nullServices > 0) svc = exactService(v, af, protocol, addr, 0);
  return svc;
}

const unprivilegedStart = (k: Kernel): number => Number(k.sysctls.get('net/ipv4/ip_unprivileged_port_start') ?? 1024);
