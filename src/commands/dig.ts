// dig(1) of BIND 9.18. No machine here serves DNS, so every question ends as it does without a server.
// Not modelled: DNS. Names come from /etc/hosts, which dig does not read.
import type { Run } from '../host/process';
import { out, sleep } from '../host/syscall';
import { command } from './command';

/** dig waits this long, three times, for a server. */
const WAIT_US = 5_000_000;

export const dig = command({
  name: 'dig',
  summary: 'ask name servers',
  path: '/usr/bin/dig',
  package: 'bind-utils',
  options: { '-x': { kind: 'value', says: 'reverse lookup', arg: 'ADDRESS' }, '-t': { kind: 'value', says: 'type', arg: 'TYPE' } },
  getopt: null,
  *run(p, _opts, args): Run {
    const server = args.find((a) => a.startsWith('@'))?.slice(1) ?? '127.0.0.1';
    let text = '';
    for (let i = 0; i < 3; i++) {
      yield* sleep(p, server === '127.0.0.1' ? 1000 : WAIT_US);
      text += server === '127.0.0.1' ? ';; communications error to 127.0.0.1#53: connection refused\n' : `;; communications error to ${server}#53: timed out\n`;
    }
    const short = args.includes('+short');
    yield* out(p, `${text}${short ? '' : `\n; <<>> DiG 9.18.28 <<>> ${args.join(' ')}\n;; global options: +cmd\n`};; no servers could be reached\n\n`);
    return 9;
  },
});
