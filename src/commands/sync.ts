// sync: writes cached data out. Counterpart: coreutils sync.c. Files here are never cached, so there is nothing to wait for.
import { strerror } from '../lib/errno';
import { define, quote, say, tryCall } from './io';
import { table } from './options';

export const sync = define({
  name: 'sync',
  summary: 'Synchronize cached writes to persistent storage.',
  path: '/usr/bin/sync',
  package: 'coreutils',
  options: table('-d --data: sync only file data, no unneeded metadata', '-f --file-system: sync the file systems that contain the files'),
  getopt: { badExit: 1 },
  *run(p, _opts, args) {
    let status = 0;
    for (const name of args) {
      const st = tryCall(() => p.host.vfs.stat(p, name));
      if (st.errno === null) continue;
      status = 1;
      yield* say(p, 'sync', `error opening ${quote(name)}: ${strerror(st.errno)}`);
    }
    return status;
  },
});
