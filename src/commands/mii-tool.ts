// mii-tool(8) of net-tools: asks the transceiver of a card. Virtual cards have none.
import type { Run } from '../host/process';
import { err } from '../host/syscall';
import { command, notModelled } from './command';

const USAGE = `usage: mii-tool [-VvRrwl] [-A media,... | -F media] [-p addr] <interface ...>
       -V, --version               display version information
       -v, --verbose               more verbose output
       -R, --reset                 reset MII to poweron state
       -r, --restart               restart autonegotiation
       -w, --watch                 monitor for link status changes
       -l, --log                   with -w, write events to syslog
       -A, --advertise=media,...   advertise only specified media
       -F, --force=media           force specified media technology
       -p, --phy=addr              set PHY (MII address) to report
media: 1000baseTx-HD, 1000baseTx-FD,
       100baseT4, 100baseTx-FD, 100baseTx-HD,
       10baseT-FD, 10baseT-HD,
       (to advertise both HD and FD) 1000baseTx, 100baseTx, 10baseT
`;
/** Options by their long names. */
const LONG: Readonly<Record<string, string>> = { version: 'V', verbose: 'v', reset: 'R', restart: 'r', watch: 'w', log: 'l', advertise: 'A', force: 'F', phy: 'p' };

export const miiTool = command({
  name: 'mii-tool',
  summary: 'media status of network cards',
  path: '/usr/sbin/mii-tool',
  package: 'net-tools',
  options: {
    '-v': { kind: 'flag', says: 'more verbose output' },
    '-V': { kind: 'flag', says: 'version' },
    '-R': { kind: 'flag', says: 'reset the transceiver', modelled: false },
    '-r': { kind: 'flag', says: 'restart autonegotiation', modelled: false },
    '-w': { kind: 'flag', says: 'watch for changes', modelled: false },
    '-l': { kind: 'flag', says: 'with -w, write to syslog', modelled: false },
    '-A': { kind: 'value', says: 'advertise only these media', arg: 'MEDIA', modelled: false },
    '-F': { kind: 'value', says: 'force a medium', arg: 'MEDIA', modelled: false },
    '-p': { kind: 'value', says: 'address of the transceiver', arg: 'ADDR', modelled: false },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    const names: string[] = [];
    for (const word of args) {
      if (!/^-./.test(word)) {
        names.push(word);
        continue;
      }
      const letters = word.startsWith('--') ? LONG[word.slice(2).split('=')[0]!] ?? '' : word.slice(1);
      const wrong = letters === '' ? `unrecognized option '${word}'` : /[^VvRrwlAFp]/.test(letters) ? `invalid option -- '${/[^VvRrwlAFp]/.exec(letters)![0]}'` : '';
      if (wrong !== '') {
        yield* err(p, `mii-tool: ${wrong}\n${USAGE}`);
        return 2;
      }
      if (letters.includes('V')) {
        yield* err(p, 'mii-tool.c 1.9 2000/04/28 00:56:08 (David Hinds)\n');
        return 0;
      }
      if (letters !== 'v') return yield* notModelled(p, 'mii-tool', `option ${word}`);
    }
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
