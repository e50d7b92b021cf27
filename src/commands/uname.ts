// uname: what the system is. Counterpart: coreutils uname.c.
import { define, put, quote, usageError } from './io';
import { table } from './options';

export const uname = define({
  name: 'uname',
  summary: 'Print certain system information. With no OPTION, same as -s.',
  path: '/usr/bin/uname',
  package: 'coreutils',
  options: table('-a --all: print all information', '-s --kernel-name: print the kernel name', '-n --nodename: print the network node hostname', '-r --kernel-release: print the kernel release', '-v --kernel-version: print the kernel version', '-m --machine: print the machine hardware name', '-p --processor: print the processor type', '-i --hardware-platform: print the hardware platform', '-o --operating-system: print the operating system'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    if (args.length > 0) throw usageError('uname', `extra operand ${quote(args[0]!)}`);
    const { image, kernel } = p.host;
    const all = opts.has('-a');
    const any = opts.given.length > 0;
    const parts: string[] = [];
    if (all || opts.has('-s') || !any) parts.push('Linux');
    if (all || opts.has('-n')) parts.push(kernel.hostname);
    if (all || opts.has('-r')) parts.push(image.kernelRelease);
    if (all || opts.has('-v')) parts.push(image.kernelVersion);
    if (all || opts.has('-m')) parts.push(image.machine);
    // An image whose uname does not know leaves them out of -a, as coreutils without a patch does.
    const { platform } = image;
    if (opts.has('-p') || (all && platform !== 'unknown')) parts.push(platform);
    if (opts.has('-i') || (all && platform !== 'unknown')) parts.push(platform);
    if (all || opts.has('-o')) parts.push('GNU/Linux');
    yield* put(p, `${parts.join(' ')}\n`);
    return 0;
  },
});
