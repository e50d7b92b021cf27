// modinfo: what a module's file says of it. Linux counterpart: kmod 30, modinfo(8).
// Not modelled: descriptions, authors, parameters and signatures.
import { MODULE_FILES } from '../kernel/core/module';
import { err, out } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { command } from './command';
import { modulePath } from './module_path';

export const modinfo = command({
  name: 'modinfo',
  summary: 'show information about a Linux kernel module',
  path: '/sbin/modinfo',
  package: 'kmod',
  options: {
    '-F': { kind: 'value', arg: 'FIELD', says: 'print only one field' }, '--field': { kind: 'value', of: '-F', arg: 'FIELD', says: 'print only one field' },
    '-n': { kind: 'flag', says: 'print only the file name' }, '--filename': { kind: 'flag', of: '-n', says: 'print only the file name' },
    '-l': { kind: 'flag', says: 'print only the license' }, '-d': { kind: 'flag', says: 'print only the description', modelled: false }, '-a': { kind: 'flag', says: 'print only the author', modelled: false },
    '-p': { kind: 'flag', says: 'print only parameters', modelled: false }, '-0': { kind: 'flag', says: 'NUL instead of newline', modelled: false }, '-k': { kind: 'value', says: 'kernel', modelled: false },
  },
  getopt: { badExit: 1, tryHelp: '' }, synopsis: '[options] filename [args]',
  *run(p, opts, args) {
    if (args.length === 0) {
      yield* err(p, 'modinfo: ERROR: missing module or filename.\n');
      return 1;
    }
    let status = 0;
    for (const given of args) {
      const name = given.replace(/-/g, '_');
      const file = MODULE_FILES[name];
      if (file === undefined) {
        yield* err(p, `modinfo: ERROR: Module ${given} not found.\n`);
        status = 1;
        continue;
      }
      const release = p.host.image.kernelRelease;
      const fields: [string, Bytes][] = [
        ['filename', modulePath(p.host, name)], ['license', 'GPL'], ...(file.alias === undefined ? [] : [['alias', file.alias] as [string, Bytes]]), ['depends', file.needs.join(',')],
        ['retpoline', 'Y'], ['intree', 'Y'], ['name', name], ['vermagic', `${release} SMP ${release.includes('.el') ? '' : 'preempt '}mod_unload modversions `],
      ];
      const only = opts.value('-F') ?? (opts.has('-n') ? 'filename' : opts.has('-l') ? 'license' : null);
      const shown = fields.filter(([n]) => only === null || n === only);
      yield* out(p, shown.map(([n, v]) => (only === null ? `${`${n}:`.padEnd(15)} ${v}\n` : `${v}\n`)).join(''));
    }
    return status;
  },
});
