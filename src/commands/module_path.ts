// Where a module's file lies. Linux counterpart: /lib/modules/RELEASE/modules.dep.
import { MODULE_FILES } from '../kernel/core/module';
import type { Host } from '../host/host';

/** Path of a module's file on this host. */
export function modulePath(host: Host, name: string): string {
  return `/lib/modules/${host.image.kernelRelease}/kernel/${MODULE_FILES[name]?.dir ?? 'extra'}/${name}.ko${host.image.packaging === 'rpm' ? '.xz' : ''}`;
}
