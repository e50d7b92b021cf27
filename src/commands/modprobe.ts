// modprobe: loads a module with what it needs, or takes one out. Linux counterpart: kmod 30, modprobe(8).
import { MODULE_FILES, modprobe as load, moduleHolders, moduleRemove, modulesToLoad } from '../kernel/core/module';
import type { Op, Process } from '../host/process';
import { err, out } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { command, type OptionSpec } from './command';
import { modulePath } from './module_path';

const USAGE: Bytes = `Usage:
	modprobe [options] [-i] [-b] modulename
	modprobe [options] -a [-i] [-b] modulename [modulename...]
	modprobe [options] -r [-i] modulename
	modprobe [options] -r -a [-i] modulename [modulename...]
	modprobe [options] -c
	modprobe [options] --dump-modversions filename
Management Options:
	-a, --all                   Consider every non-argument to
	                            be a module name to be inserted
	                            or removed (-r)
	-r, --remove                Remove modules instead of inserting
	    --remove-dependencies   Deprecated: use --remove-holders
	    --remove-holders        Also remove module holders (use together with -r)
	-w, --wait <MSEC>           When removing a module, wait up to MSEC for
	                            module's refcount to become 0 so it can be
	                            removed (use together with -r)
	    --first-time            Fail if module already inserted or removed
	-i, --ignore-install        Ignore install commands
	-i, --ignore-remove         Ignore remove commands
	-b, --use-blacklist         Apply blacklist to resolved alias.
	-f, --force                 Force module insertion or removal.
	                            implies --force-modversions and
	                            --force-vermagic
	    --force-modversion      Ignore module's version
	    --force-vermagic        Ignore module's version magic

Query Options:
	-R, --resolve-alias         Only lookup and print alias and exit
	-D, --show-depends          Only print module dependencies and exit
	-c, --showconfig            Print out known configuration and exit
	-c, --show-config           Same as --showconfig
	    --show-modversions      Dump module symbol version and exit
	    --dump-modversions      Same as --show-modversions
	    --show-exports          Only print module exported symbol versions and exit

General Options:
	-n, --dry-run               Do not execute operations, just print out
	-n, --show                  Same as --dry-run
	-C, --config=FILE           Use FILE instead of default search paths
	-d, --dirname=DIR           Use DIR as filesystem root for /lib/modules
	-S, --set-version=VERSION   Use VERSION instead of \`uname -r\`
	-s, --syslog                print to syslog, not stderr
	-q, --quiet                 disable messages
	-v, --verbose               enables more messages
	-V, --version               show version
	-h, --help                  show this help
`;
const no = (says: string): OptionSpec => ({ kind: 'flag', says, modelled: false });

/** A name as modules are called: dashes are underscores. */
const canonical = (name: Bytes): string => name.replace(/-/g, '_');

function* insert(p: Process, given: Bytes, quiet: boolean, verbose: boolean, dry: boolean): Op<number> {
  const k = p.host.kernel;
  const name = canonical(given);
  if (MODULE_FILES[name] === undefined) {
    if (!quiet) yield* err(p, `modprobe: FATAL: Module ${given} not found in directory /lib/modules/${p.host.image.kernelRelease}\n`);
    return 1;
  }
  if (verbose) for (const m of modulesToLoad(k, name)) yield* out(p, `insmod ${modulePath(p.host, m)} \n`);
  if (dry) return 0;
  if (p.uid !== 0) {
    yield* err(p, `modprobe: ERROR: could not insert '${name}': Operation not permitted\n`);
    return 1;
  }
  load(k, name);
  return 0;
}

function* remove(p: Process, given: Bytes, quiet: boolean, verbose: boolean, dry: boolean): Op<number> {
  const k = p.host.kernel;
  const name = canonical(given);
  if (MODULE_FILES[name] === undefined) {
    if (!quiet) yield* err(p, `modprobe: FATAL: Module ${given} not found.\n`);
    return 1;
  }
  const m = k.modules.find((x) => x.name === name);
  if (m === undefined) return 0;
  const holders = moduleHolders(k, name);
  if (holders.length > 0 || m.refs > 0) {
    if (!quiet) yield* err(p, `modprobe: FATAL: Module ${name} is in use${holders.length > 0 ? ` by: ${holders.join(' ')}` : '.'}\n`);
    return 1;
  }
  if (verbose) yield* out(p, `rmmod ${name}\n`);
  if (dry) return 0;
  moduleRemove(k, name);
  // What was there only for it goes, too.
  for (const other of MODULE_FILES[name].needs) if (k.modules.find((x) => x.name === other)?.refs === 0) yield* remove(p, other, true, verbose, dry);
  return 0;
}

export const modprobe = command({
  name: 'modprobe',
  summary: 'add and remove modules from the Linux kernel',
  path: '/sbin/modprobe',
  package: 'kmod',
  options: {
    '-a': { kind: 'flag', says: 'every word is a module' }, '--all': { kind: 'flag', of: '-a', says: 'every word is a module' },
    '-r': { kind: 'flag', says: 'remove modules' }, '--remove': { kind: 'flag', of: '-r', says: 'remove modules' },
    '-n': { kind: 'flag', says: 'only print' }, '--dry-run': { kind: 'flag', of: '-n', says: 'only print' }, '--show': { kind: 'flag', of: '-n', says: 'only print' },
    '-v': { kind: 'flag', says: 'more messages' }, '--verbose': { kind: 'flag', of: '-v', says: 'more messages' },
    '-q': { kind: 'flag', says: 'no messages' }, '--quiet': { kind: 'flag', of: '-q', says: 'no messages' },
    '-h': { kind: 'flag', says: 'help' }, '--help': { kind: 'flag', of: '-h', says: 'help' },
    '-i': { kind: 'flag', says: 'ignore install commands' }, '-b': { kind: 'flag', says: 'apply blacklist' }, '-s': { kind: 'flag', says: 'to syslog' },
    '-c': no('configuration'), '-D': no('dependencies'), '-R': no('aliases'), '-f': no('force'), '-C': { kind: 'value', says: 'configuration', modelled: false },
    '-d': { kind: 'value', says: 'root directory', modelled: false }, '-S': { kind: 'value', says: 'kernel version', modelled: false }, '-w': { kind: 'value', says: 'wait', modelled: false },
    '--first-time': no('fail if nothing to do'), '--dump-modversions': no('symbol versions'),
  },
  getopt: { badExit: 1, tryHelp: '' },
  version: 'kmod version 30\n+ZSTD +XZ -ZLIB +LIBCRYPTO -EXPERIMENTAL\n',
  *run(p, opts, args) {
    if (opts.has('-h')) {
      yield* out(p, USAGE);
      return 0;
    }
    const names = args.filter((a) => a !== '--');
    if (names.length === 0) {
      yield* err(p, 'modprobe: ERROR: missing parameters. See -h.\n');
      return 1;
    }
    const act = opts.has('-r') ? remove : insert;
    let status = 0;
    // Without -a and -r, further words are the module's parameters.
    for (const name of opts.has('-a') || opts.has('-r') ? names : names.slice(0, 1)) {
      const r = yield* act(p, name, opts.has('-q'), opts.has('-v'), opts.has('-n'));
      if (r !== 0) status = r;
    }
    return status;
  },
});
