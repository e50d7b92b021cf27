// Addresses and ports as ipvsadm prints them: names from /etc unless -n. Counterpart: ipvsadm.c's addrport_to_anyname.
import { databaseLines, hostLines } from '../../host/resolve';
import type { Process } from '../../host/process';
import type { Bytes } from '../../lib/text';
import { ipText } from '../../wire/ipv4';
import { parseIp6 } from '../../wire/ip6_text';
import { IPPROTO_SCTP, IPPROTO_TCP, IPPROTO_UDP, type Ip } from '../../wire/packet';

const PROTOCOLS: Readonly<Record<number, string>> = Object.freeze({ [IPPROTO_TCP]: 'tcp', [IPPROTO_UDP]: 'udp', [IPPROTO_SCTP]: 'sctp' });

/** Resolver of one run; the files are read once, when first needed. */
export class Names {
  private hosts: Map<Bytes, Bytes> | null = null;
  private services: Map<Bytes, Bytes> | null = null;

  constructor(private readonly p: Process, private readonly numeric: boolean) {}

  private host(address: Bytes): Bytes | undefined {
    if (this.hosts === null) {
      this.hosts = new Map();
      for (const h of hostLines(this.p)) {
        const key = h.ip === null ? parseIp6(h.text) : ipText(h.ip);
        if (key !== null && !this.hosts.has(key)) this.hosts.set(key, h.names[0]!);
      }
    }
    return this.hosts.get(address);
  }

  private service(port: number, protocol: number): Bytes | undefined {
    const proto = PROTOCOLS[protocol];
    if (proto === undefined) return undefined;
    if (this.services === null) {
      this.services = new Map();
      for (const [name, portProto] of databaseLines(this.p, '/etc/services')) {
        if (!this.services.has(portProto!)) this.services.set(portProto!, name!);
      }
    }
    return this.services.get(`${port}/${proto}`);
  }

  /** `address:port`; an IPv6 address in brackets, a name without. `ip6` is '' for IPv4. */
  addrPort(ip: Ip, ip6: string, port: number, protocol: number): Bytes {
    const address = ip6 === '' ? ipText(ip) : ip6;
    const name = this.numeric ? undefined : this.host(address);
    const service = this.numeric ? undefined : this.service(port, protocol);
    return `${name ?? (ip6 === '' ? address : `[${address}]`)}:${service ?? port}`;
  }
}
