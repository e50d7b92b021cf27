// Single files of /proc that describe the machine as a whole. Linux counterpart: fs/proc/*.c, arch/x86/kernel/cpu/proc.c.
import type { Bytes } from '../lib/text';
import { nfsMountLines } from './nfs/mounting';
import type { Host } from './host';

/** Memory of every machine of a lab, KiB. */
export const MEM_TOTAL_KB = 1_882_064;

const running = (host: Host): number => [...host.procs.values()].filter((p) => p.state === 'R').length;

/** MemFree falls with the number of processes, so that `free` is not a still picture. */
export function memory(host: Host): { total: number; free: number; available: number; buffers: number; cached: number } {
  const used = 148_000 + host.procs.size * 1_640;
  const cached = 283_000;
  const free = Math.max(40_000, MEM_TOTAL_KB - used - cached - 2_108);
  return { total: MEM_TOTAL_KB, free, available: free + cached - 20_000, buffers: 2_108, cached };
}

function meminfo(host: Host): Bytes {
  const m = memory(host);
  const rows: [string, number][] = [
    ['MemTotal', m.total], ['MemFree', m.free], ['MemAvailable', m.available], ['Buffers', m.buffers], ['Cached', m.cached], ['SwapCached', 0],
    ['Active', 141_300], ['Inactive', 186_420], ['SwapTotal', 2_097_148], ['SwapFree', 2_097_148], ['Dirty', 24], ['Writeback', 0],
    ['AnonPages', 42_100], ['Mapped', 31_904], ['Shmem', 8_660], ['Slab', 61_212], ['SReclaimable', 28_004], ['SUnreclaim', 33_208],
    ['KernelStack', 2_208], ['PageTables', 4_012], ['CommitLimit', 3_038_180], ['Committed_AS', 281_404],
  ];
  return rows.map(([name, kb]) => `${`${name}:`.padEnd(16)}${String(kb).padStart(8)} kB\n`).join('');
}

const CPUINFO = [
  ['processor', '0'], ['vendor_id', 'GenuineIntel'], ['cpu family', '6'], ['model', '85'], ['model name', 'Intel Xeon Processor (virtual)'], ['stepping', '4'],
  ['cpu MHz', '2400.000'], ['cache size', '16384 KB'], ['physical id', '0'], ['siblings', '1'], ['core id', '0'], ['cpu cores', '1'], ['apicid', '0'],
  ['fpu', 'yes'], ['fpu_exception', 'yes'], ['cpuid level', '13'], ['wp', 'yes'],
  ['flags', 'fpu de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 syscall nx lm pni cx16 hypervisor lahf_lm'],
  ['bogomips', '4800.00'], ['clflush size', '64'], ['address sizes', '40 bits physical, 48 bits virtual'],
] as const;

/** Seconds since the host booted, with two decimals. */
export function uptimeSeconds(host: Host): number {
  return (host.world.clock.now - host.kernel.bootedAt) / 1e6;
}

/** Mounted file systems as /proc/mounts prints them. */
export function mountsText(host: Host): Bytes {
  const root = host.image.packaging === 'rpm' ? '/dev/mapper/centos-root / xfs rw,relatime,attr2,inode64,noquota 0 0\n' : '/dev/vda1 / ext4 rw,relatime 0 0\n';
  return (
    'sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0\nproc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n' +
    `devtmpfs /dev devtmpfs rw,nosuid,size=${MEM_TOTAL_KB / 2}k,nr_inodes=235258,mode=755 0 0\n` +
    'devpts /dev/pts devpts rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=000 0 0\n' +
    root +
    nfsMountLines(host)
  );
}

/** Name to content. */
export const procFiles: Readonly<Record<string, (host: Host) => Bytes>> = Object.freeze({
  cmdline: (h: Host) => `BOOT_IMAGE=/boot/vmlinuz-${h.image.kernelRelease} root=/dev/vda1 ro quiet\n`,
  cpuinfo: () => `${CPUINFO.map(([k, v]) => `${k}${k.length < 8 ? '\t\t' : '\t'}: ${v}\n`).join('')}power management:\n\n`,
  devices: () => 'Character devices:\n  1 mem\n  4 tty\n  5 /dev/tty\n  5 /dev/console\n 10 misc\n136 pts\n\nBlock devices:\n254 virtblk\n',
  filesystems: () => 'nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tcgroup\nnodev\tdevtmpfs\nnodev\tsockfs\nnodev\tpipefs\nnodev\tdevpts\n\text3\n\text2\n\text4\n',
  loadavg: (h: Host) => `0.00 0.01 0.05 ${Math.max(1, running(h))}/${h.procs.size} ${Math.max(0, ...h.procs.keys())}\n`,
  meminfo,
  // Columns: name, size, use count, users, state, address.
  modules: (h: Host) =>
    [...h.kernel.modules]
      .reverse()
      .map((m) => `${m.name} ${m.size} ${m.refs} ${m.usedBy.length === 0 ? '-' : `${m.usedBy.join(',')},`} Live 0x0000000000000000\n`)
      .join(''),
  partitions: () => 'major minor  #blocks  name\n\n 254        0   20971520 vda\n 254        1   20970496 vda1\n',
  stat: (h: Host) => {
    const jiffies = Math.floor(uptimeSeconds(h) * 100);
    const line = `${Math.floor(jiffies / 200)} 0 ${Math.floor(jiffies / 150)} ${jiffies} 0 0 0 0 0 0`;
    return `cpu  ${line}\ncpu0 ${line}\nbtime ${Math.floor(h.world.epoch + h.kernel.bootedAt / 1e6)}\nprocesses ${h.procs.size}\nprocs_running ${Math.max(1, running(h))}\nprocs_blocked 0\n`;
  },
  swaps: () => 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n',
  uptime: (h: Host) => {
    const s = uptimeSeconds(h);
    return `${s.toFixed(2)} ${(s * 0.98).toFixed(2)}\n`;
  },
  version: (h: Host) => `Linux version ${h.image.kernelRelease} ${h.image.kernelBuilder} ${h.image.kernelVersion}\n`,
});
