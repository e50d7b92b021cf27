// Kernel modules named for boot: *.conf below modules-load.d, one name a line. Linux counterpart: systemd-modules-load(8), modules-load.d(5).
import { modprobe } from '../kernel/core/module';
import type { Host } from './host';
import { log } from './journal';

/** Directories, the first that has a file name wins. */
const PLACES = ['/etc/modules-load.d', '/run/modules-load.d', '/usr/lib/modules-load.d'];

/** Loads them in order of file names, before settings are applied: keys such as net.ipv4.vs.* exist only with their module. */
export function loadModules(host: Host): void {
  const files = new Map<string, string>();
  for (const dir of PLACES) for (const name of host.vfs.names(dir)) if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${dir}/${name}`);
  for (const name of [...files.keys()].sort()) {
    for (const line of (host.vfs.read(files.get(name)!) ?? '').split('\n')) {
      const module = line.trim();
      if (module === '' || /^[#;]/.test(module)) continue;
      if (modprobe(host.kernel, module) !== null) log(host, 'systemd-modules-load.service', 'systemd-modules-load', 0, `Failed to find module '${module}'`);
    }
  }
}
