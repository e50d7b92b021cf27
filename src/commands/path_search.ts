// Where a command name leads: execvp(3)'s search. Shared by which, find, xargs, env, timeout, nohup, watch.
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Op, Process } from '../host/process';
import { execve } from './exec';
import { joinPath } from './files';
import { tryCall } from './io';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** All executables a name stands for in PATH order. */
export function allOnPath(p: Process, name: Bytes, path = p.env.get('PATH') ?? DEFAULT_PATH): Bytes[] {
  const ok = (f: Bytes): boolean => tryCall(() => p.host.vfs.stat(p, f)).ok?.type === 'file' && p.host.vfs.access(p, f, 1);
  if (name.includes('/')) return ok(name) ? [name] : [];
  return path.split(':').map((d) => joinPath(d === '' ? '.' : d, name)).filter(ok);
}

/** The executable to run, or null. A name with a slash is taken as it is, so that execve says what is wrong. */
export function findOnPath(p: Process, name: Bytes, path?: string): Bytes | null {
  if (name.includes('/')) return name;
  return allOnPath(p, name, path)[0] ?? null;
}

/** execvp(3): turns this process into another program. Returns its exit status; throws SysError when there is none to run. */
export function* execvp(p: Process, argv: Bytes[], path?: string): Op<number> {
  const found = findOnPath(p, argv[0]!, path);
  if (found === null) throw new SysError('ENOENT');
  return yield* execve(p, found, argv);
}

