// rpc.nfsd: starts and ends the kernel's NFS server. Counterpart: nfs-utils 1.3.0 utils/nfsd. Its texts are from knowledge: the recording guest has no NFS.
import { setNfsThreads } from '../host/nfs/server';
import { err } from '../host/syscall';
import { strerror, type Errno } from '../lib/errno';
import { command } from './command';
import { table } from './options';

/** Threads without a number (RPCNFSDCOUNT). */
const THREADS = 8;

export const rpcNfsd = command({
  name: 'rpc.nfsd',
  summary: 'NFS server process',
  path: '/usr/sbin/rpc.nfsd',
  package: 'nfs-utils',
  options: table('!-d --debug: turn on debugging', '!-H --host HOST: address to accept requests on', '!-p --port PORT: port to listen on', '!-T --no-tcp: no requests over TCP', '!-N --no-nfs-version VERSION: do not offer this version', '!-s --syslog: log to syslog', '!-V --nfs-version VERSION: offer this version'),
  getopt: { badExit: 1, tryHelp: '' },
  synopsis: '[-d|--debug] [-H hostname] [-p|-P|--port port] [-N|--no-nfs-version version] [-V|--nfs-version version] [-s|--syslog] [-T|--no-tcp] nrservs',
  *run(p, _opts, args) {
    const n = args[0] === undefined ? THREADS : Number(args[0]);
    if (!Number.isInteger(n) || n < 0) {
      yield* err(p, `rpc.nfsd: invalid server count (${n}), using 1\n`);
    }
    if (p.uid !== 0) {
      yield* err(p, 'rpc.nfsd: Unable to access /proc/fs/nfsd errno 13 (Permission denied).\n');
      return 1;
    }
    const e = setNfsThreads(p.host, Number.isInteger(n) && n >= 0 ? n : 1);
    if (e === null) return 0;
    yield* err(p, `rpc.nfsd: writing fd to kernel failed: errno 98 (${strerror(e as Errno)})\nrpc.nfsd: unable to set any sockets for nfsd\n`);
    return 1;
  },
});
