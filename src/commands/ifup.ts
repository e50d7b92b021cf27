// ifup: brings a configured interface up. Linux counterpart: initscripts 9.49's network-scripts (EL 7). The work is in host/network_scripts.ts.
import { ifup as bringUp } from '../host/network_scripts';
import { err, out } from '../host/syscall';
import { command } from './command';

export const ifup = command({
  name: 'ifup',
  summary: 'bring a network interface up',
  path: '/usr/sbin/ifup',
  package: 'initscripts',
  options: { boot: { kind: 'flag', says: 'only if ONBOOT is not no' } },
  getopt: null,
  *run(p, _opts, args) {
    const [name, boot] = args;
    if (name === undefined) {
      yield* err(p, 'Usage: ifup <configuration>\n');
      return 1;
    }
    if (p.uid !== 0) {
      yield* err(p, 'Users cannot control this device.\n');
      return 1;
    }
    const r = bringUp(p.host, name, boot === 'boot');
    // Only what the scripts echo plainly goes to standard output.
    if (r.text !== '') yield* r.text.startsWith('\nDetermining') ? out(p, r.text) : err(p, r.text);
    return r.status;
  },
});
