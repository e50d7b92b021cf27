// rpcinfo: which RPC programs a host has. Counterpart: rpcbind 0.2.0 rpcinfo.c. Its texts are from knowledge: the recording guest has none.
import { strerror, SysError } from '../lib/errno';
import { PROCEDURE, RPCBIND_PORT } from '../host/nfs/portmap';
import { PROGRAM } from '../host/nfs/rpc';
import { gethostbyname } from '../host/resolve';
import { err, out } from '../host/syscall';
import { command, notModelled } from './command';
import { table } from './options';
import { rpcCall } from './rpc_call';

const NAMES: Readonly<Record<number, string>> = { [PROGRAM.portmapper]: 'portmapper', [PROGRAM.nfs]: 'nfs', [PROGRAM.mountd]: 'mountd' };

export const rpcinfo = command({
  name: 'rpcinfo',
  summary: 'report RPC information',
  path: '/usr/sbin/rpcinfo',
  package: 'rpcbind',
  options: table('-p: probe the portmapper and list all registered programs', '!-s: a concise list', '!-t: call a program over TCP', '!-u: call a program over UDP', '!-b: broadcast', '!-d: delete a registration', '!-m: statistics'),
  getopt: { badExit: 1, tryHelp: 'Usage: rpcinfo [-m | -s] [host]\n       rpcinfo -p [host]\n' },
  *run(p, opts, args) {
    if (!opts.has('-p')) return yield* notModelled(p, 'rpcinfo', 'anything but -p');
    const name = args[0] ?? 'localhost';
    const server = gethostbyname(p, name);
    if (server === null) {
      yield* err(p, `rpcinfo: can't contact portmapper: RPC: Unknown host\n`);
      return 1;
    }
    try {
      const rows = (yield* rpcCall(p, server, RPCBIND_PORT, PROGRAM.portmapper, 2, PROCEDURE.dump, null)) as [number, number, number][];
      yield* out(p, '   program vers proto   port  service\n');
      for (const [program, version, port] of rows) yield* out(p, `${String(program).padStart(10)}${String(version).padStart(5)}   tcp  ${String(port).padStart(5)}  ${NAMES[program] ?? ''}\n`);
      return 0;
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* err(p, `rpcinfo: can't contact portmapper: RPC: ${e.errno === 'ETIMEDOUT' ? 'Timed out' : `Remote system error - ${strerror(e.errno)}`}\n`);
      return 1;
    }
  },
});
