// lsmod: loaded modules, the newest first. Linux counterpart: kmod 30, lsmod(8).
import { moduleHolders } from '../kernel/core/module';
import { err, out } from '../host/syscall';
import { command } from './command';

export const lsmod = command({
  name: 'lsmod',
  summary: 'show the status of modules in the kernel',
  path: '/sbin/lsmod',
  package: 'kmod',
  options: {},
  getopt: null,
  *run(p, _opts, args) {
    if (args.length > 0) {
      yield* err(p, 'Usage: lsmod\n');
      return 1;
    }
    const k = p.host.kernel;
    const rows = [...k.modules].reverse().map((m) => {
      const holders = moduleHolders(k, m.name).join(',');
      return `${m.name.padEnd(19)} ${String(m.size).padStart(8)}  ${m.refs}${holders === '' ? '' : ` ${holders}`}\n`;
    });
    yield* out(p, `Module                  Size  Used by\n${rows.join('')}`);
    return 0;
  },
});
