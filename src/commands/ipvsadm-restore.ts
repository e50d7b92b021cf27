// ipvsadm-restore: clears the table and reads it anew from standard input. Linux counterpart: the shell script of ipvsadm 1.31, ipvsadm-restore(8).
// All of the input is read before the table is cleared; lines that begin with # are left out; options are not looked at.
import { readAll } from '../host/syscall';
import { command } from './command';
import { restoreText, runIpvsadm } from './ipvsadm';

export const ipvsadmRestore = command({
  name: 'ipvsadm-restore',
  summary: 'restore the IPVS table from stdin',
  path: '/sbin/ipvsadm-restore',
  package: 'ipvsadm',
  options: {},
  getopt: null,
  *run(p) {
    const input = yield* readAll(p, 0);
    const kept = input.split('\n').filter((line) => !line.startsWith('#'));
    yield* runIpvsadm(p, ['-C']);
    return yield* restoreText(p, kept.join('\n'));
  },
});
