// Kernel modules of IPVS: what loads what, and who holds whom. Linux counterpart: kernel/module, the MODULE_ALIAS and symbol dependencies of net/netfilter/ipvs.
import type { Kernel } from '../kernel';

/** Modules by name: size in memory (Debian 12, linux 6.1 amd64) and what must be there first. */
const MODULES: Readonly<Record<string, { size: number; needs: readonly string[]; says?: readonly string[] }>> = Object.freeze({
  libcrc32c: { size: 16384, needs: [] },
  nf_defrag_ipv4: { size: 16384, needs: [] },
  nf_defrag_ipv6: { size: 24576, needs: [] },
  nf_conntrack: { size: 188416, needs: ['libcrc32c', 'nf_defrag_ipv4', 'nf_defrag_ipv6'] },
  nf_conntrack_sip: { size: 36864, needs: ['nf_conntrack'] },
  nf_nat: { size: 57344, needs: ['libcrc32c', 'nf_conntrack'] },
  ip_vs: {
    size: 188416,
    needs: ['libcrc32c', 'nf_defrag_ipv6', 'nf_conntrack'],
    says: ['Registered protocols (TCP, UDP, SCTP, AH, ESP)', 'Connection hash table configured (size=4096, memory=32Kbytes)', 'ipvs loaded.'],
  },
  ip_vs_pe_sip: { size: 16384, needs: ['ip_vs', 'nf_conntrack_sip'], says: ['[sip] pe registered.'] },
  ip_vs_ftp: { size: 16384, needs: ['ip_vs', 'nf_nat'] },
});
const SCHEDULER = { size: 16384, needs: ['ip_vs'] } as const;

/** Loads a module with what it needs; nothing when it is there. A scheduler also holds ip_vs once by registering itself. */
export function moduleLoad(k: Kernel, name: string): void {
  if (k.modules.some((m) => m.name === name)) return;
  const { size, needs, says } = MODULES[name] ?? { ...SCHEDULER, says: [`[${name.slice('ip_vs_'.length)}] scheduler registered.`] };
  for (const other of needs) {
    moduleLoad(k, other);
    const m = k.modules.find((x) => x.name === other)!;
    m.usedBy.push(name);
    m.refs++;
  }
  if (name.startsWith('ip_vs_')) moduleUse(k, 'ip_vs', 1);
  k.modules.push({ name, size, usedBy: [], refs: 0 });
  for (const line of says ?? []) k.printk(`IPVS: ${line}`);
}

/** Takes (1) or gives back (-1) a reference; a module that is not loaded has none. */
export function moduleUse(k: Kernel, name: string, by: number): void {
  const m = k.modules.find((x) => x.name === name);
  if (m !== undefined) m.refs += by;
}
