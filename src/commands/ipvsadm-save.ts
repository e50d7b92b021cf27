// ipvsadm-save: the table as ipvsadm's command lines on standard output. Linux counterpart: the shell script of ipvsadm 1.31, ipvsadm-save(8).
// Words that are no options are not looked at.
import { err } from '../host/syscall';
import { command } from './command';
import { runIpvsadm } from './ipvsadm';

const HELP = ': Script to save the IPVS table to stdout.\n   With the -n option, prints out the table in numeric format.\n';

export const ipvsadmSave = command({
  name: 'ipvsadm-save',
  summary: 'save the IPVS table to stdout',
  path: '/sbin/ipvsadm-save',
  package: 'ipvsadm',
  options: { '-n': { kind: 'flag', says: 'print out the table in numeric format' } },
  getopt: null,
  *run(p, _opts, args) {
    if (args.some((a) => a.startsWith('-') && a !== '-n')) {
      yield* err(p, (p.argv[0] ?? 'ipvsadm-save').replace(/^.*\//, '') + HELP);
      return 1;
    }
    return yield* runIpvsadm(p, args.includes('-n') ? ['-S', '-n'] : ['-S']);
  },
});
