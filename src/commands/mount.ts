// mount: attach file systems. Counterpart: util-linux 2.38 sys-utils/mount.c, libmount. NFS goes to its helper, mount.nfs.
// Not modelled: every other type of file system, remounting, bind mounts, labels and UUIDs, mounts by ordinary users.
import type { Bytes } from '../lib/text';
import { type FstabLine, fstab } from '../host/nfs/mounting';
import { mountsText } from '../host/proc_files';
import type { Op, Process } from '../host/process';
import { err, out, runProgram } from '../host/syscall';
import { command, notModelled } from './command';
import { tryCall } from './io';
import { withHelp } from './options';

const DMESG = '       dmesg(1) may have more information after failed mount system call.\n';
const isNfs = (type: Bytes): boolean => type === 'nfs' || type === 'nfs4';

/** What is mounted, as `mount` alone lists it. */
export const mountList = (p: Process): { source: Bytes; point: Bytes; type: Bytes; options: Bytes }[] =>
  mountsText(p.host).trimEnd().split('\n').map((l) => {
    const [source = '', point = '', type = '', options = ''] = l.split(' ');
    return { source, point, type, options };
  });

/** Runs the helper of a network file system. */
function* attach(p: Process, f: FstabLine, verbose: boolean): Op<number> {
  if (p.uid !== 0) {
    yield* err(p, `mount: ${f.point}: must be superuser to use mount.\n${DMESG}`);
    return 1;
  }
  const type = f.type === 'auto' && /^[^/]+:\//.test(f.source) ? 'nfs' : f.type;
  if (!isNfs(type)) {
    if (!p.host.vfs.exists(f.point)) {
      yield* err(p, `mount: ${f.point}: mount point does not exist.\n${DMESG}`);
      return 32;
    }
    if (type === 'auto' && !f.source.includes('=') && !p.host.vfs.exists(f.source)) {
      yield* err(p, `mount: ${f.point}: special device ${f.source} does not exist.\n${DMESG}`);
      return 32;
    }
    if (/^(auto|ext[234]|xfs|vfat|iso9660|tmpfs|proc|sysfs|overlay|swap|none|cifs|devpts|btrfs)$/.test(type)) return yield* notModelled(p, 'mount', `file system type ${type}`);
    yield* err(p, `mount: ${f.point}: unknown filesystem type '${type}'.\n${DMESG}`);
    return 32;
  }
  const helper = `/sbin/mount.${type}`;
  if (!p.host.vfs.access(p, helper, 1)) {
    yield* err(p, `mount: ${f.point}: bad option; for several filesystems (e.g. nfs, cifs) you might need a ${helper.replace(/\.[^.]*$/, '.<type>')} helper program.\n${DMESG}`);
    return 32;
  }
  return yield* runProgram(p, { path: helper, argv: [helper, f.source, f.point, ...(verbose ? ['-v'] : []), '-o', f.options === '' ? 'rw' : f.options] });
}

export const mount = command({
  name: 'mount',
  summary: 'Mount a filesystem.',
  path: '/usr/bin/mount',
  package: 'util-linux',
  options: withHelp('-a --all: mount all filesystems mentioned in fstab', '-o --options LIST: comma-separated list of mount options', '-t --types LIST: limit the set of filesystem types', '-v --verbose: say what is being done', '-r --read-only: mount the filesystem read-only', '-w --rw: mount the filesystem read-write', '-l --show-labels: show also filesystem labels', '!-n --no-mtab: do not write to /etc/mtab', '!-f --fake: dry run; skip the mount(2) syscall', '!-F --fork: fork off for each device (use with -a)', '!-B --bind: mount a subtree somewhere else', '!-M --move: move a subtree to some other place', '!-L --label LABEL: synonym for LABEL=<label>', '!-U --uuid UUID: synonym for UUID=<uuid>'),
  getopt: { badExit: 1, tryHelp: "Try 'mount --help' for more information.\n" },
  synopsis: '[options] [--source] <source> | [--target] <directory>',
  version: 'mount from util-linux 2.38.1 (libmount 2.38.1: selinux, smack, btrfs, verity, namespaces, assert, debug)\n',
  *run(p, opts, args) {
    const given = [...opts.all('-o'), opts.last('-r', '-w') === '-r' ? 'ro' : ''].filter((o) => o !== '').join(',');
    const types = opts.value('-t')?.split(',') ?? null;
    const merged = (f: FstabLine): FstabLine => ({ ...f, options: given === '' ? f.options : `${f.options},${given}` });
    if (given.split(',').some((o) => /^(remount|bind|rbind|loop|move)$/.test(o))) return yield* notModelled(p, 'mount', `option -o ${given}`);
    if (opts.has('-a')) {
      let status = 0;
      for (const f of fstab(p.host)) {
        if (/(^|,)noauto(,|$)/.test(f.options) || f.type === 'swap' || (types !== null && !types.includes(f.type))) continue;
        if (mountList(p).some((m) => m.point === f.point)) {
          if (opts.has('-v')) yield* out(p, `${f.point.padEnd(25)}: already mounted\n`);
          continue;
        }
        const s = yield* attach(p, merged(f), opts.has('-v'));
        if (s === 0 && opts.has('-v')) yield* out(p, `${f.point.padEnd(25)}: successfully mounted\n`);
        if (s !== 0) status = s;
      }
      return status;
    }
    const [source, point, more] = args;
    if (source === undefined) {
      if (given !== '' ) {
        yield* err(p, "mount: bad usage\nTry 'mount --help' for more information.\n");
        return 1;
      }
      for (const m of mountList(p)) if (types === null || types.includes(m.type)) yield* out(p, `${m.source} on ${m.point} type ${m.type} (${m.options})\n`);
      return 0;
    }
    if (more !== undefined) {
      yield* err(p, "mount: bad usage\nTry 'mount --help' for more information.\n");
      return 1;
    }
    if (point === undefined) {
      const real = tryCall(() => p.host.vfs.realpath(p, source)).ok ?? source;
      const f = fstab(p.host).find((l) => l.point === real || l.point === source || l.source === source);
      if (f === undefined) {
        yield* err(p, `mount: ${source}: can't find in /etc/fstab.\n`);
        return 1;
      }
      return yield* attach(p, merged(f), opts.has('-v'));
    }
    return yield* attach(p, { source, point, type: types?.[0] ?? 'auto', options: given }, opts.has('-v'));
  },
});
