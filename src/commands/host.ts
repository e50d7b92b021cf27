// host(1) of BIND 9.18 without a DNS server to ask.
// Not modelled: DNS. Names come from /etc/hosts, which host does not read.
import type { Run } from '../host/process';
import { out, sleep } from '../host/syscall';
import { command } from './command';

const USAGE = 'Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n            [-R number] [-m flag] [-p port] hostname [server]\n';

export const host = command({
  name: 'host',
  summary: 'ask name servers',
  path: '/usr/bin/host',
  package: 'bind-utils',
  options: { '-t': { kind: 'value', says: 'type', arg: 'TYPE' } },
  getopt: null,
  *run(p, _opts, args): Run {
    if (args.length === 0) {
      yield* out(p, USAGE);
      return 1;
    }
    yield* sleep(p, 3000);
    yield* out(p, ';; communications error to 127.0.0.1#53: connection refused\n'.repeat(2) + ';; no servers could be reached\n');
    return 1;
  },
});
