// groups: the groups of users. Counterpart: coreutils groups.c.
import { groupName, users } from './files';
import { groupIds } from './id';
import { define, put, quote, say } from './io';
import { table } from './options';

export const groups = define({
  name: 'groups',
  summary: 'Print group memberships for each USERNAME or for the current process.',
  path: '/usr/bin/groups',
  package: 'coreutils',
  options: table(),
  getopt: { badExit: 1 },
  *run(p, _opts, args) {
    let status = 0;
    const all = users(p);
    const names = (name: string, gid: number): string => groupIds(p, name, gid).map((g) => groupName(p, g) ?? String(g)).join(' ');
    if (args.length === 0) {
      yield* put(p, `${names(all.find((u) => u.uid === p.uid)?.name ?? '', p.gid)}\n`);
      return 0;
    }
    for (const a of args) {
      const u = all.find((x) => x.name === a);
      if (u === undefined) {
        status = 1;
        yield* say(p, 'groups', `${quote(a)}: no such user`);
      } else yield* put(p, `${a} : ${names(u.name, u.gid)}\n`);
    }
    return status;
  },
});
