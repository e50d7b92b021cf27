// nslookup(1) of BIND 9.18 without a DNS server to ask.
// Not modelled: DNS. Names come from /etc/hosts, which nslookup does not read.
import type { Run } from '../host/process';
import { out, sleep } from '../host/syscall';
import { command, notModelled } from './command';

const NO_SERVER = ';; communications error to 127.0.0.1#53: connection refused\n'.repeat(3) + ';; no servers could be reached\n\n';

export const nslookup = command({
  name: 'nslookup',
  summary: 'ask name servers',
  path: '/usr/bin/nslookup',
  package: 'bind-utils',
  options: {},
  getopt: null,
  *run(p, _opts, args): Run {
    if (args.length === 0) return yield* notModelled(p, 'nslookup', 'interactive mode');
    yield* sleep(p, 3000);
    yield* out(p, NO_SERVER);
    return 1;
  },
});
