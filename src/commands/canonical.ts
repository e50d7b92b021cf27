// Canonical names where some components may be missing. Counterpart: gnulib canonicalize.c.
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Process } from '../host/process';
import { joinPath } from './files';
import { tryCall } from './io';

/** An absolute name without links, '.' and '..'. `exist` says which components must. Throws SysError. */
export function canonical(p: Process, path: Bytes, exist: 'all' | 'but-last' | 'none', followLinks = true): Bytes {
  if (path === '') throw new SysError('ENOENT');
  const rest = (path.startsWith('/') ? path : joinPath(p.cwd, path)).split('/').filter((c) => c !== '' && c !== '.');
  let at: Bytes = '/';
  let hops = 0;
  let missing = false;
  while (rest.length > 0) {
    const c = rest.shift()!;
    if (c === '..') {
      at = at.replace(/\/[^/]*$/, '') || '/';
      continue;
    }
    const next = joinPath(at, c);
    const st = tryCall(() => p.host.vfs.lstat(p, next));
    if (st.errno !== null) {
      if (exist !== 'none' && (exist === 'all' || st.errno !== 'ENOENT' || rest.some((r) => r !== ''))) throw new SysError(st.errno);
      missing = true;
      at = next;
      continue;
    }
    if (st.ok.type === 'symlink' && followLinks && !missing) {
      if (++hops > 40) throw new SysError('ELOOP');
      const text = p.host.vfs.readlink(p, next);
      rest.unshift(...text.split('/').filter((x) => x !== '' && x !== '.'));
      if (text.startsWith('/')) at = '/';
      continue;
    }
    if (st.ok.type !== 'dir' && (rest.length > 0 || /\/$/.test(path)) && exist !== 'none') throw new SysError('ENOTDIR');
    at = next;
  }
  return at;
}
