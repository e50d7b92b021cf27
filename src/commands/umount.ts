// umount: detach file systems. Counterpart: util-linux 2.38 sys-utils/umount.c.
// Not modelled: file systems other than NFS (they stay), -R, -d, -c.
import { strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { findMount, unmountNfs } from '../host/nfs/mounting';
import { err, out } from '../host/syscall';
import { command, notModelled } from './command';
import { tryCall } from './io';
import { mountList } from './mount';
import { withHelp } from './options';

export const umount = command({
  name: 'umount',
  summary: 'Unmount filesystems.',
  path: '/usr/bin/umount',
  package: 'util-linux',
  options: withHelp('-a --all: unmount all filesystems', '-f --force: force unmount (in case of an unreachable NFS system)', '-l --lazy: detach the filesystem now, clean up things later', '-t --types LIST: limit the set of filesystem types', '-v --verbose: say what is being done', '-q --quiet: suppress \'not mounted\' error messages', '-n --no-mtab: do not write to /etc/mtab', '!-R --recursive: recursively unmount a target with all its children', '!-r --read-only: in case unmounting fails, try to remount read-only'),
  getopt: { badExit: 1, tryHelp: "Try 'umount --help' for more information.\n" },
  synopsis: '[options] <source> | <directory>',
  version: 'umount from util-linux 2.38.1 (libmount 2.38.1: selinux, smack, btrfs, verity, namespaces, assert, debug)\n',
  *run(p, opts, args) {
    const types = opts.value('-t')?.split(',') ?? null;
    let targets: Bytes[] = args;
    if (opts.has('-a')) targets = (p.host.nfs?.mounts ?? []).filter(() => types === null || types.includes('nfs4') || types.includes('nfs')).map((m) => m.point).reverse();
    else if (args.length === 0) {
      yield* err(p, "umount: bad usage\nTry 'umount --help' for more information.\n");
      return 1;
    }
    let status = 0;
    for (const t of targets) {
      const real = t.startsWith('/') && p.host.vfs.mounts.has(t.replace(/(.)\/+$/, '$1')) ? t.replace(/(.)\/+$/, '$1') : tryCall(() => p.host.vfs.realpath(p, t)).ok;
      const m = findMount(p.host, t) ?? (real === null ? undefined : findMount(p.host, real));
      if (p.uid !== 0 && (m !== undefined || real !== null)) {
        yield* err(p, `umount: ${t}: must be superuser to unmount.\n`);
        status = 32;
        continue;
      }
      if (m === undefined) {
        if (real !== null && mountList(p).some((x) => x.point === real)) return yield* notModelled(p, 'umount', `taking ${real} away`);
        if (!opts.has('-q')) yield* err(p, `umount: ${t}: ${real === null ? 'no mount point specified' : 'not mounted'}.\n`);
        status = 32;
        continue;
      }
      const e = yield* unmountNfs(p, m, { force: opts.has('-f'), lazy: opts.has('-l') });
      if (e !== null) {
        yield* err(p, e === 'EBUSY' ? `umount.nfs4: ${m.point}: device is busy\n` : `umount.nfs4: ${m.point}: ${strerror(e)}\n`);
        status = 16;
      } else if (opts.has('-v')) yield* out(p, `${m.point}: nfs4 mount point detected\n${m.point}: umounted\n`);
    }
    return status;
  },
});
