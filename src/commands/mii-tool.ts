// mii-tool(8) of net-tools: asks the transceiver of a card. Virtual cards have none.
import type { Run } from '../host/process';
import { err } from '../host/syscall';
import { command } from './command';

export const miiTool = command({
  name: 'mii-tool',
  summary: 'media status of network cards',
  path: '/usr/sbin/mii-tool',
  package: 'net-tools',
  options: {},
  getopt: null,
  *run(p, _opts, args): Run {
    const names = args.filter((a) => !a.startsWith('-'));
    if (names.length === 0) {
      yield* err(p, 'No interface specified\n');
      return 1;
    }
    for (const name of names) {
      const known = p.host.kernel.devByName(name) !== undefined;
      yield* err(p, `SIOCGMIIPHY on '${name}' failed: ${known ? 'Operation not supported' : 'No such device'}\n`);
    }
    return 1;
  },
});
