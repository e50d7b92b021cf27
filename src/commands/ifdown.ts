// ifdown: takes a configured interface down, with all its addresses and routes. Linux counterpart: initscripts 9.49's network-scripts (EL 7).
import { ifdown as takeDown } from '../host/network_scripts';
import { err } from '../host/syscall';
import { command } from './command';

export const ifdown = command({
  name: 'ifdown',
  summary: 'take a network interface down',
  path: '/usr/sbin/ifdown',
  package: 'initscripts',
  options: {},
  getopt: null,
  *run(p, _opts, args) {
    const [name] = args;
    if (name === undefined) {
      yield* err(p, 'usage: ifdown <configuration>\n');
      return 1;
    }
    if (p.uid !== 0) {
      yield* err(p, 'Users cannot control this device.\n');
      return 1;
    }
    const r = takeDown(p.host, name);
    if (r.text !== '') yield* err(p, r.text);
    return r.status;
  },
});
