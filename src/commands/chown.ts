// chown and chgrp: change owner and group. Counterpart: coreutils chown.c, chown-core.c.
import { strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Op, Process } from '../host/process';
import { groupName, groups, joinPath, userName, users } from './files';
import { attempt, define, Fatal, put, quote, say, tryCall, usageError } from './io';
import { table } from './options';

interface Owner {
  uid: number;
  gid: number;
}

/** OWNER[:GROUP]; -1 keeps. Gives the error text instead when a name is unknown. */
export function parseOwner(p: Process, text: Bytes): Owner | string {
  const sep = text.includes(':') ? ':' : text.includes('.') && users(p).every((u) => u.name !== text) ? '.' : null;
  const cut = sep === null ? -1 : text.indexOf(sep);
  const user = cut < 0 ? text : text.slice(0, cut);
  const group = cut < 0 ? null : text.slice(cut + 1);
  let uid = -1;
  let gid = -1;
  const row = users(p).find((u) => u.name === user);
  if (user !== '') {
    if (row !== undefined) uid = row.uid;
    else if (/^\+?\d+$/.test(user)) uid = Number(user);
    else return `invalid user: ${quote(text)}`;
  }
  if (group !== null) {
    if (group === '') {
      if (user === '') return { uid, gid };
      if (row === undefined) return `invalid spec: ${quote(text)}`;
      gid = row.gid;
    } else {
      const g = groups(p).find((x) => x.name === group);
      if (g !== undefined) gid = g.gid;
      else if (/^\+?\d+$/.test(group)) gid = Number(group);
      else return `invalid group: ${quote(text)}`;
    }
  }
  return { uid, gid };
}

export function ownerCommand(name: 'chown' | 'chgrp', summary: string) {
  return define({
    name,
    summary,
    path: `/usr/bin/${name}`,
    package: 'coreutils',
    options: table(
      '-c --changes: like verbose but report only when a change is made', '-f --silent --quiet: suppress most error messages', '-v --verbose: output a diagnostic for every file processed', '--dereference: affect the referent of each symbolic link',
      '-h --no-dereference: affect symbolic links instead of any referenced file', '!--from OWNER: change only if the current owner matches', '--no-preserve-root: do not treat / specially', '--preserve-root: fail to operate recursively on /',
      '--reference RFILE: use RFILE\'s owner and group', '-R --recursive: operate on files and directories recursively', '!-H: traverse command line links to directories', '!-L: traverse every symbolic link to a directory', '-P: do not traverse any symbolic links (default)',
    ),
    getopt: { badExit: 1 },
    *run(p, opts, args) {
      const reference = opts.value('--reference');
      let owner: Owner;
      let files = args;
      if (reference !== null) {
        const st = tryCall(() => p.host.vfs.stat(p, reference));
        if (st.errno !== null) throw new Fatal(`${name}: failed to get attributes of ${quote(reference)}: ${strerror(st.errno)}\n`, 1);
        owner = name === 'chown' ? { uid: st.ok.uid, gid: st.ok.gid } : { uid: -1, gid: st.ok.gid };
        if (files.length === 0) throw usageError(name, 'missing operand');
      } else {
        if (args.length === 0) throw usageError(name, 'missing operand');
        files = args.slice(1);
        if (files.length === 0) throw usageError(name, `missing operand after ${quote(args[0]!)}`);
        const parsed = name === 'chown' ? parseOwner(p, args[0]!) : args[0] === '' ? { uid: -1, gid: -1 } : parseOwner(p, `:${args[0]!}`);
        if (typeof parsed === 'string') throw new Fatal(`${name}: ${name === 'chown' ? parsed : `invalid group: ${quote(args[0]!)}`}\n`, 1);
        owner = parsed;
      }
      let status = 0;
      const what = name === 'chown' && owner.uid >= 0 ? 'ownership' : name === 'chown' && owner.gid < 0 ? 'ownership' : 'group';
      const show = (uid: number, gid: number): string => {
        const u = userName(p, uid) ?? String(uid);
        const g = groupName(p, gid) ?? String(gid);
        return what === 'group' ? g : owner.gid >= 0 ? `${u}:${g}` : u;
      };
      function* one(path: Bytes, top: boolean): Op<void> {
        const follow = !opts.has('-h') && top;
        const st = tryCall(() => (follow ? p.host.vfs.stat(p, path) : p.host.vfs.lstat(p, path)));
        if (st.errno !== null) {
          status = 1;
          if (!opts.has('-f')) yield* say(p, name, tryCall(() => p.host.vfs.lstat(p, path)).errno === null ? `cannot dereference ${quote(path)}: ${strerror(st.errno)}` : `cannot access ${quote(path)}: ${strerror(st.errno)}`);
          return;
        }
        if (st.ok.type === 'dir' && opts.has('-R')) {
          const names = tryCall(() => p.host.vfs.readdir(p, path));
          if (names.errno !== null) {
            status = 1;
            if (!opts.has('-f')) yield* say(p, name, `cannot read directory ${quote(path)}: ${strerror(names.errno)}`);
          } else for (const n of names.ok) yield* one(joinPath(path, n), false);
        }
        const e = attempt(() => p.host.vfs.chown(p, path, owner.uid, owner.gid, follow));
        if (e !== null) {
          status = 1;
          if (!opts.has('-f')) yield* say(p, name, `changing ${what} of ${quote(path)}: ${strerror(e)}`);
          return;
        }
        const changed = (owner.uid >= 0 && owner.uid !== st.ok.uid) || (owner.gid >= 0 && owner.gid !== st.ok.gid);
        const label = what === 'group' ? 'group' : 'ownership';
        if (changed && (opts.has('-v') || opts.has('-c'))) yield* put(p, `changed ${label} of ${quote(path)} from ${show(st.ok.uid, st.ok.gid)} to ${show(owner.uid < 0 ? st.ok.uid : owner.uid, owner.gid < 0 ? st.ok.gid : owner.gid)}\n`);
        else if (opts.has('-v')) yield* put(p, `${label} of ${quote(path)} retained as ${show(st.ok.uid, st.ok.gid)}\n`);
      }
      for (const f of files) yield* one(f, true);
      return status;
    },
  });
}

export const chown = ownerCommand('chown', 'Change the owner and/or group of each FILE to OWNER and/or GROUP.');
