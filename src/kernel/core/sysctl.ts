// The table of settings below /proc/sys. Linux counterpart: kernel/sysctl.c, net/ipv4/sysctl_net_ipv4.c. CONTRACT (being implemented).
import type { Errno } from '../../lib/errno';
import type { Kernel } from '../kernel';

/** Paths of all settings, as net/ipv4/ip_forward. */
export function sysctlList(_k: Kernel): string[] {
  return ['kernel/hostname'];
}

/** Text of a setting with its newline, or null when there is none. */
export function sysctlRead(k: Kernel, path: string): string | null {
  return path === 'kernel/hostname' ? `${k.hostname}\n` : null;
}

/** Writes a setting; an errno refuses. */
export function sysctlWrite(_k: Kernel, _path: string, _text: string): Errno | null {
  return 'EINVAL';
}
