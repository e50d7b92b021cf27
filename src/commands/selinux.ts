// getenforce, setenforce, sestatus: SELinux as libselinux-utils 2.5 and policycoreutils 2.5 tell of it. It is switched off on every image here.
import { err, out } from '../host/syscall';
import { command } from './command';

export const getenforce = command({
  name: 'getenforce', summary: 'get the current mode of SELinux', path: '/usr/sbin/getenforce', package: 'libselinux-utils', options: {}, getopt: null,
  *run(p) {
    yield* out(p, 'Disabled\n');
    return 0;
  },
});

export const setenforce = command({
  name: 'setenforce', summary: 'modify the mode SELinux is running in', path: '/usr/sbin/setenforce', package: 'libselinux-utils', options: {}, getopt: null,
  *run(p, _opts, args) {
    const right = args.length === 1 && (/^[01]$/.test(args[0]!) || /^(enforcing|permissive)$/i.test(args[0]!));
    yield* err(p, args.length !== 1 || !right ? 'usage:  setenforce [ Enforcing | Permissive | 1 | 0 ]\n' : 'setenforce: SELinux is disabled\n');
    return 1;
  },
});

export const sestatus = command({
  name: 'sestatus', summary: 'SELinux status tool', path: '/usr/sbin/sestatus', package: 'policycoreutils', options: {}, getopt: null,
  *run(p) {
    yield* out(p, 'SELinux status:                 disabled\n');
    return 0;
  },
});
