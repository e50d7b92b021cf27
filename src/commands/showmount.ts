// showmount: what an NFS server exports. Counterpart: nfs-utils 1.3.0 utils/showmount. Its texts are from knowledge: the recording guest has no NFS.
import { strerror, SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { PROCEDURE } from '../host/nfs/portmap';
import { PROGRAM } from '../host/nfs/rpc';
import { gethostbyname } from '../host/resolve';
import { err, out } from '../host/syscall';
import { command, notModelled } from './command';
import { table } from './options';
import { portmapperFailure, portOf, rpcCall } from './rpc_call';

export const showmount = command({
  name: 'showmount',
  summary: 'show mount information for an NFS server',
  path: '/usr/sbin/showmount',
  package: 'nfs-utils',
  options: table('-e --exports: show the export list of the NFS server', '--no-headers: leave out the line above the list', '!-a --all: list clients and directories', '!-d --directories: list only directories'),
  getopt: { badExit: 1, tryHelp: 'Usage: showmount [-adehv] [--all] [--directories] [--exports] [--no-headers] [--help] [--version] [host]\n' },
  synopsis: '[-adehv] [--all] [--directories] [--exports] [--no-headers] [--help] [--version] [host]',
  *run(p, opts, args) {
    if (!opts.has('-e')) return yield* notModelled(p, 'showmount', 'a list of clients');
    const name = args[0] ?? 'localhost';
    const server = gethostbyname(p, name);
    const fail = (text: Bytes): ReturnType<typeof err> => err(p, `clnt_create: ${text}\n`);
    if (server === null) {
      yield* fail('RPC: Unknown host');
      return 1;
    }
    let port: number;
    try {
      port = yield* portOf(p, server, PROGRAM.mountd);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* fail(portmapperFailure(e.errno));
      return 1;
    }
    if (port === 0) {
      yield* fail('RPC: Program not registered');
      return 1;
    }
    let list: [Bytes, Bytes[]][];
    try {
      list = (yield* rpcCall(p, server, port, PROGRAM.mountd, 3, PROCEDURE.export, null)) as [Bytes, Bytes[]][];
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* fail(`RPC: Remote system error - ${strerror(e.errno)}`);
      return 1;
    }
    if (!opts.has('--no-headers')) yield* out(p, `Export list for ${name}:\n`);
    const width = Math.max(0, ...list.map(([path]) => path.length));
    for (const [path, clients] of list) yield* out(p, `${path.padEnd(width)} ${clients.join(',')}\n`);
    return 0;
  },
});
