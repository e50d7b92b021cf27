// mount.nfs: the helper that mount(8) runs for NFS. Counterpart: nfs-utils 1.3.0 utils/mount. Its texts are from knowledge: the recording guest has no NFS.
// Not modelled: NFS 2 and 3 (and so the fallback to them), bg, IPv6, Kerberos.
import { type Errno, strerror } from '../lib/errno';
import { ctimeDate } from '../lib/calendar';
import type { Bytes } from '../lib/text';
import { DEFAULT_OPTIONS, parseMountOptions } from '../host/nfs/mount_state';
import { clientAddress, mountNfs } from '../host/nfs/mounting';
import { gethostbyname } from '../host/resolve';
import { err, out, sleep, wallSeconds } from '../host/syscall';
import { ipText } from '../wire/ipv4';
import { type Command, command, notModelled } from './command';
import { tryCall } from './io';
import { table } from './options';

/** mount_error of nfs-utils: what a failed mount(2) is told as. */
function mountError(e: Errno, source: Bytes, point: Bytes): Bytes {
  switch (e) {
    case 'EACCES':
      return `access denied by server while mounting ${source}`;
    case 'EINVAL':
      return 'an incorrect mount option was specified';
    case 'EPROTONOSUPPORT':
      return 'Protocol not supported';
    case 'ENOTDIR':
      return `mount spec ${source} or point ${point} is not a directory`;
    case 'EBUSY':
      return `${point} is busy or already mounted`;
    case 'ENOENT':
      return `mounting ${source} failed, reason given by server: ${strerror(e)}`;
    default:
      return strerror(e);
  }
}

/** Errors after which mount.nfs goes on trying: the server may still come. */
const TEMPORARY = new Set<Errno>(['ESTALE', 'ETIMEDOUT', 'ECONNREFUSED', 'EHOSTUNREACH', 'EAGAIN']);

const helper = (name: 'mount.nfs' | 'mount.nfs4'): Command => command({
  name,
  summary: 'mount a Network File System',
  path: `/usr/sbin/${name}`,
  package: 'nfs-utils',
  options: table('-o OPTIONS: comma-separated list of mount options', '-v --verbose: say what is being done', '-r: mount the filesystem read-only', '-w: mount the filesystem read-write', '-n: do not write to /etc/mtab', '-s: tolerate sloppy mount options', '!-f: fake mount, do not call mount(2)'),
  getopt: { badExit: 1, tryHelp: '' },
  synopsis: 'remotetarget dir [-rvVwfnsh] [-o nfsoptions]',
  *run(p, opts, args) {
    const fail = function* (text: Bytes, status = 32): Generator<never, number, void> {
      yield* err(p, `${name}: ${text}\n`) as Generator<never, void, void>;
      return status;
    };
    const [source, given] = args;
    if (source === undefined || given === undefined) return yield* fail('no mount point provided\nusage: mount.nfs remotetarget dir [-rvVwfnsh] [-o nfsoptions]', 1);
    const { vfs } = p.host;
    if (p.uid !== 0) return yield* fail('not installed setuid - "user" NFS mounts not supported.');
    const at = tryCall(() => vfs.lookup(p, given));
    if (at.ok === null || at.ok.node.inode === null) return yield* fail(`mount point ${given} does not exist`);
    if (at.ok.node.inode.type !== 'dir') return yield* fail(`mount point ${given} is not a directory`);
    const colon = source.indexOf(':');
    if (colon <= 0 || source[colon + 1] !== '/') return yield* fail('remote share not in \'host:dir\' format', 1);
    const read = parseMountOptions([...opts.all('-o'), opts.has('-r') ? 'ro' : ''].join(','), DEFAULT_OPTIONS);
    if ('bad' in read) return read.notModelled ? yield* notModelled(p, name, `option ${read.bad}`) : yield* fail('an incorrect mount option was specified');
    const { options } = read;
    const host = source.slice(0, colon);
    const server = gethostbyname(p, host);
    if (server === null) return yield* fail(`Failed to resolve server ${host}: Name or service not known`);
    const until = Math.floor(wallSeconds(p)) + options.retry * 60;
    const say = opts.has('-v');
    // Words for mount(8) and fstab alone are not for the kernel.
    const words = opts.all('-o').flatMap((o) => o.split(',')).filter((o) => !/^(|rw|ro|defaults|(no)?auto|nofail|_netdev|(no)?users?|x-.*|comment=.*|retry=.*|(nfs)?vers=.*)$/.test(o));
    const text = [...words, `vers=${options.vers}`, `addr=${ipText(server)}`, `clientaddr=${clientAddress(p.host, server)}`].join(',');
    if (say) yield* out(p, `${name}: timeout set for ${ctimeDate(until)}\n`);
    for (let pause = 1; ; pause = Math.min(pause * 2, 10)) {
      if (say) yield* out(p, `${name}: trying text-based options '${text}'\n`);
      const e = yield* mountNfs(p, source, server, at.ok.path, options);
      if (e === null) return 0;
      if (say) yield* out(p, `${name}: mount(2): ${strerror(e)}\n`);
      if (!TEMPORARY.has(e)) return yield* fail(mountError(e, source, given));
      if (Math.floor(wallSeconds(p)) > until) return yield* fail(mountError('ETIMEDOUT', source, given));
      if (e !== 'ETIMEDOUT') yield* sleep(p, pause * 1e6);
    }
  },
});

export const mountNfsHelper = helper('mount.nfs');
export const mountNfs4Helper = helper('mount.nfs4');
