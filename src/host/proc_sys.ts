// /proc/sys: the kernel's settings as files; a write acts at once. Linux counterpart: fs/proc/proc_sysctl.c.
import type { Bytes } from '../lib/text';
import { sysctlList, sysctlRead, sysctlWrite } from '../kernel/core/sysctl';
import type { Host } from './host';
import { type VNode, vdir } from './vnode';

/** Settings that only root may read (mode 0600) and that nobody may write (0444). */
const SECRET = new Set(['fs/protected_hardlinks', 'fs/protected_symlinks', 'kernel/cad_pid', 'net/ipv4/tcp_fastopen_key', 'kernel/usermodehelper/bset']);
const FIXED = new Set([
  'kernel/osrelease', 'kernel/ostype', 'kernel/version', 'kernel/random/uuid', 'kernel/random/boot_id', 'kernel/random/entropy_avail', 'kernel/random/poolsize',
  'net/ipv4/tcp_available_congestion_control', 'net/ipv4/tcp_available_ulp', 'net/netfilter/nf_conntrack_count', 'kernel/ngroups_max', 'kernel/cap_last_cap',
]);

/** Node at `path` below /proc/sys ('' is the directory itself). */
export function procSysNode(host: Host, path: Bytes): VNode | null {
  const k = host.kernel;
  if (path !== '') {
    const now = sysctlRead(k, path);
    if (now !== null) {
      const mode = FIXED.has(path) ? 0o444 : SECRET.has(path) ? 0o600 : 0o644;
      const node: VNode = { type: 'file', mode, read: () => sysctlRead(host.kernel, path) ?? '' };
      return mode === 0o444 ? node : { ...node, write: (data) => sysctlWrite(host.kernel, path, data) };
    }
  }
  const under = path === '' ? '' : `${path}/`;
  const names = childNames(sysctlList(k), under);
  return names.length === 0 ? null : vdir(() => names);
}

/** First names below `under`, in the order the kernel lists them, each once. */
function childNames(paths: readonly string[], under: string): Bytes[] {
  const names = new Set<string>();
  for (const p of paths) {
    if (!p.startsWith(under)) continue;
    const slash = p.indexOf('/', under.length);
    names.add(slash < 0 ? p.slice(under.length) : p.slice(under.length, slash));
  }
  return [...names];
}
