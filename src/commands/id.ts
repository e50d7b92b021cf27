// id: who a process is. Counterpart: coreutils id.c.
import type { Process } from '../host/process';
import { groups, users } from './files';
import { define, Fatal, put, quote, say } from './io';
import { table } from './options';

/** Group ids of a user: the primary one first. */
export function groupIds(p: Process, name: string, gid: number): number[] {
  const out = [gid];
  for (const g of groups(p)) if (g.members.includes(name) && !out.includes(g.gid)) out.push(g.gid);
  return out;
}

export const id = define({
  name: 'id',
  summary: 'Print user and group information for each specified USER, or for the current process.',
  path: '/usr/bin/id',
  package: 'coreutils',
  options: table('-a: ignore, for compatibility with other versions', '!-Z --context: print only the security context of the process', '-g --group: print only the effective group ID', '-G --groups: print all group IDs', '-n --name: print a name instead of a number, for -ugG', '-r --real: print the real ID instead of the effective ID', '-u --user: print only the effective user ID', '-z --zero: delimit entries with NUL characters'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const kinds = ['-g', '-G', '-u'].filter((k) => opts.has(k));
    if (kinds.length > 1) throw new Fatal('id: cannot print "only" of more than one choice\n', 1);
    if (kinds.length === 0 && (opts.has('-n') || opts.has('-r'))) throw new Fatal('id: cannot print only names or real IDs in default format\n', 1);
    if (kinds.length === 0 && opts.has('-z')) throw new Fatal('id: option --zero not permitted in default format\n', 1);
    const all = users(p);
    const groupList = groups(p);
    const gname = (gid: number): string | null => groupList.find((g) => g.gid === gid)?.name ?? null;
    const end = opts.has('-z') ? '\0' : '\n';
    let status = 0;
    const who: (string | null)[] = args.length > 0 ? args : [null];
    for (const name of who) {
      const row = name === null ? all.find((u) => u.uid === p.uid) : (all.find((u) => u.name === name) ?? (/^\+?\d+$/.test(name) ? all.find((u) => u.uid === Number(name)) : undefined));
      if (name !== null && row === undefined) {
        status = 1;
        yield* say(p, 'id', `${quote(name)}: no such user`);
        continue;
      }
      const uid = row?.uid ?? p.uid;
      const gid = name === null ? p.gid : row!.gid;
      const ids = row === undefined ? [gid] : groupIds(p, row.name, gid);
      const show = (n: number, nm: string | null): string => (opts.has('-n') ? (nm ?? String(n)) : String(n));
      if (opts.has('-u')) yield* put(p, show(uid, row?.name ?? null) + end);
      else if (opts.has('-g')) yield* put(p, show(gid, gname(gid)) + end);
      else if (opts.has('-G')) yield* put(p, ids.map((g) => show(g, gname(g))).join(opts.has('-z') ? '\0' : ' ') + end);
      else {
        const paren = (n: number, nm: string | null): string => (nm === null ? String(n) : `${n}(${nm})`);
        yield* put(p, `uid=${paren(uid, row?.name ?? null)} gid=${paren(gid, gname(gid))} groups=${ids.map((g) => paren(g, gname(g))).join(',')}${end}`);
      }
    }
    return status;
  },
});
