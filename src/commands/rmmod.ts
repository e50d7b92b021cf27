// rmmod: takes modules out of the kernel. Linux counterpart: kmod 30, rmmod(8).
import { moduleHolders, moduleRemove } from '../kernel/core/module';
import { err, out } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { command } from './command';

const USAGE: Bytes = `Usage:
	rmmod [options] modulename ...
Options:
	-f, --force       forces a module unload and may crash your
	                  machine. This requires Forced Module Removal
	                  option in your kernel. DANGEROUS
	-s, --syslog      print to syslog, not stderr
	-v, --verbose     enables more messages
	-V, --version     show version
	-h, --help        show this help
`;

export const rmmod = command({
  name: 'rmmod',
  summary: 'remove a module from the Linux kernel',
  path: '/sbin/rmmod',
  package: 'kmod',
  options: {
    '-f': { kind: 'flag', says: 'force', modelled: false }, '--force': { kind: 'flag', says: 'force', modelled: false }, '-s': { kind: 'flag', says: 'to syslog' },
    '-v': { kind: 'flag', says: 'more messages' }, '--verbose': { kind: 'flag', of: '-v', says: 'more messages' }, '-h': { kind: 'flag', says: 'help' }, '--help': { kind: 'flag', of: '-h', says: 'help' },
  },
  getopt: { badExit: 1, tryHelp: '' },
  version: 'kmod version 30\n+ZSTD +XZ -ZLIB +LIBCRYPTO -EXPERIMENTAL\n',
  *run(p, opts, args) {
    if (opts.has('-h')) {
      yield* out(p, USAGE);
      return 0;
    }
    if (args.length === 0) {
      yield* err(p, 'rmmod: ERROR: missing module name.\n');
      return 1;
    }
    const k = p.host.kernel;
    let status = 0;
    for (const given of args) {
      const name = given.replace(/^.*\//, '').replace(/\.ko(\.\w+)?$/, '').replace(/-/g, '_');
      const holders = moduleHolders(k, name);
      const e = p.uid === 0 ? moduleRemove(k, name) : 'EPERM';
      if (e === null) {
        if (opts.has('-v')) yield* out(p, `rmmod ${name}\n`);
        continue;
      }
      status = 1;
      if (e === 'ENOENT') yield* err(p, `rmmod: ERROR: Module ${name} is not currently loaded\n`);
      else if (e === 'EAGAIN') yield* err(p, `rmmod: ERROR: Module ${name} is in use by: ${holders.join(' ')}\n`);
      else if (e === 'EBUSY') yield* err(p, `rmmod: ERROR: Module ${name} is in use\n`);
      else yield* err(p, `rmmod: ERROR: ../libkmod/libkmod-module.c:856 kmod_module_remove_module() could not remove '${name}': Operation not permitted\nrmmod: ERROR: could not remove module ${name}: Operation not permitted\n`);
    }
    return status;
  },
});
