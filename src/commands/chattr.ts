// chattr: changes ext4 attributes such as i (immutable) and a (append only). Counterpart: e2fsprogs chattr.c.
import { strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Op } from '../host/process';
import { err } from '../host/syscall';
import { command } from './command';
import { joinPath } from './files';
import { attempt, say, tryCall } from './io';
import { table } from './options';

const LETTERS = 'aAcCdDeijPsStTuFx';
const USAGE = 'Usage: chattr [-RVf] [-+=aAcCdDeijPsStTuFx] [-p project] [-v version] files...\n';
const OPTIONS = table('-R: recursively change attributes of directories and their contents', '-V: be verbose', '-f: suppress most error messages', '!-v VERSION: set the file\'s version number', '!-p PROJECT: set the file\'s project number');

export const chattr = command({
  name: 'chattr',
  summary: 'change file attributes on a Linux file system',
  path: '/usr/bin/chattr',
  package: 'e2fsprogs',
  options: OPTIONS,
  getopt: null,
  *run(p, _opts, args) {
    let recursive = false;
    let verbose = false;
    let quiet = false;
    let add = '';
    let drop = '';
    let exact: string | null = null;
    let i = 0;
    for (; i < args.length; i++) {
      const a = args[i]!;
      if (a === '--') {
        i++;
        break;
      }
      if (!/^[-+=]/.test(a)) break;
      if (a === '-p' || a === '-v') {
        yield* err(p, `chattr: option ${a} exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n`);
        return 64;
      }
      for (const c of a.slice(1)) {
        if (a[0] === '-' && c === 'R') recursive = true;
        else if (a[0] === '-' && c === 'V') verbose = true;
        else if (a[0] === '-' && c === 'f') quiet = true;
        else if (!LETTERS.includes(c)) {
          yield* err(p, USAGE);
          return 1;
        } else if (a[0] === '+') add += c;
        else if (a[0] === '-') drop += c;
      }
      if (a[0] === '=') exact = (exact ?? '') + a.slice(1);
    }
    const files = args.slice(i);
    if (files.length === 0) {
      yield* err(p, USAGE);
      return 1;
    }
    if (add === '' && drop === '' && exact === null) {
      yield* err(p, "Must use '-v', =, - or +\n");
      return 1;
    }
    if (exact !== null && (add !== '' || drop !== '')) {
      yield* err(p, '= is incompatible with - and +\n');
      return 1;
    }
    for (const c of add) {
      if (!drop.includes(c)) continue;
      yield* err(p, "Can't both set and unset same flag.\n");
      return 1;
    }
    if (verbose) yield* err(p, 'chattr 1.47.0 (5-Feb-2023)\n');
    let status = 0;
    function* one(path: Bytes, top: boolean): Op<void> {
      const st = tryCall(() => p.host.vfs.lstat(p, path));
      if (st.errno !== null) {
        status = 1;
        if (!quiet) yield* say(p, 'chattr', `${strerror(st.errno)} while trying to stat ${path}`);
        return;
      }
      if (st.ok.type !== 'file' && st.ok.type !== 'dir') {
        if (!top) return;
        status = 1;
        if (!quiet) yield* say(p, 'chattr', `Operation not supported while reading flags on ${path}`);
        return;
      }
      const old = tryCall(() => p.host.vfs.getAttrs(p, path));
      if (old.errno !== null) {
        status = 1;
        if (!quiet) yield* say(p, 'chattr', `${strerror(old.errno)} while reading flags on ${path}`);
        return;
      }
      // e (extents) stays: ext4 keeps it whatever is asked.
      const set = new Set(exact !== null ? exact : old.ok);
      for (const c of add) set.add(c);
      for (const c of drop) set.delete(c);
      if (old.ok.includes('e')) set.add('e');
      else set.delete('e');
      const text = [...set].join('');
      const e = attempt(() => p.host.vfs.setAttrs(p, path, text));
      if (e !== null) {
        status = 1;
        if (!quiet) yield* say(p, 'chattr', `${strerror(e)} while setting flags on ${path}`);
        return;
      }
      if (recursive && st.ok.type === 'dir') {
        const names = tryCall(() => p.host.vfs.readdir(p, path));
        if (names.errno === null) for (const n of names.ok) yield* one(joinPath(path, n), false);
      }
    }
    for (const f of files) yield* one(f, true);
    return status;
  },
});
