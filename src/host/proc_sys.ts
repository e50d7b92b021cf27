// /proc/sys: the kernel's settings as files; a write acts at once. Linux counterpart: fs/proc/proc_sysctl.c.
import type { Bytes } from '../lib/text';
import { sysctlChildren, sysctlMode, sysctlRead, sysctlWrite } from '../kernel/core/sysctl';
import type { Host } from './host';
import { type VNode, vdir } from './vnode';

/** Node at `path` below /proc/sys ('' is the directory itself). */
export function procSysNode(host: Host, path: Bytes): VNode | null {
  const k = host.kernel;
  if (path !== '') {
    const mode = sysctlMode(k, path);
    if (mode !== null) {
      const node: VNode = { type: 'file', mode, read: () => sysctlRead(host.kernel, path) ?? 'EACCES' };
      return mode === 0o444 ? node : { ...node, write: (data) => sysctlWrite(host.kernel, path, data) };
    }
  }
  return sysctlChildren(k, path) === null ? null : vdir(() => sysctlChildren(host.kernel, path) ?? []);
}
