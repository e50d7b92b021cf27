// rpcbind and rpc.mountd: the programs that start these daemons (host/nfs/portmap.ts). Counterpart: rpcbind 0.2.0, nfs-utils 1.3.0 utils/mountd.
import { rpcLaunch, type RpcService } from '../host/nfs/portmap';
import { err } from '../host/syscall';
import { type Errno, strerror } from '../lib/errno';
import { type Command, command, type OptionSpec } from './command';
import { table } from './options';

const daemon = (name: RpcService, packageName: string, summary: string, options: Record<string, OptionSpec>): Command =>
  command({
    name,
    summary,
    path: `/usr/sbin/${name}`,
    package: packageName,
    options,
    getopt: { badExit: 1, tryHelp: '' },
    *run(p) {
      if (p.uid !== 0) {
        yield* err(p, `${name}: must be run as root\n`);
        return 1;
      }
      const e = rpcLaunch(p.host, name, p.argv);
      if (e === null) return 0;
      yield* err(p, `${name}: cannot bind tcp: ${strerror(e as Errno)}\n`);
      return 1;
    },
  });

export const rpcbind = daemon('rpcbind', 'rpcbind', 'universal addresses to RPC program number mapper', table('-w: warm start, from what was registered before', '!-h ADDRESS: address to bind to', '!-l: log connections', '!-d: turn on debugging'));
export const rpcMountd = daemon('rpc.mountd', 'nfs-utils', 'NFS mount daemon', table('!-p --port PORT: port to listen on', '!-F --foreground: stay in the foreground', '!-d --debug KIND: turn on debugging'));
