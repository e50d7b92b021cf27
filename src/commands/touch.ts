// touch: sets file times, makes empty files. Counterpart: coreutils touch.c.
import { strerror } from '../lib/errno';
import { civil } from '../lib/calendar';
import { closeFd, open, wallSeconds } from '../host/syscall';
import { zoneOf } from './clock';
import { attempt, define, Fatal, quote, say, tryCall, usageError } from './io';
import { table } from './options';
import { parseDate, parseStamp } from './parse_date';

export const touch = define({
  name: 'touch',
  summary: 'Update the access and modification times of each FILE to the current time.',
  path: '/usr/bin/touch',
  package: 'coreutils',
  options: table(
    '-a: change only the access time', '-c --no-create: do not create any files', '-d --date STRING: parse STRING and use it instead of current time', '-f: (ignored)', '-h --no-dereference: affect each symbolic link instead of any referenced file',
    '-m: change only the modification time', '-r --reference FILE: use this file\'s times instead of current time', '-t STAMP: use [[CC]YY]MMDDhhmm[.ss] instead of current time', '--time WORD: change the specified time: access, atime, use, modify, mtime',
  ),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const { vfs } = p.host;
    const now = wallSeconds(p);
    const zone = zoneOf(p);
    let atime = now;
    let mtime = now;
    const reference = opts.value('-r');
    const text = opts.value('-d');
    const stamp = opts.value('-t');
    if (stamp !== null && (text !== null || reference !== null)) throw usageError('touch', 'cannot specify times from more than one source');
    if (reference !== null) {
      const st = tryCall(() => vfs.stat(p, reference));
      if (st.errno !== null) throw new Fatal(`touch: failed to get attributes of ${quote(reference)}: ${strerror(st.errno)}\n`, 1);
      atime = st.ok.atime;
      mtime = st.ok.mtime;
    }
    if (text !== null) {
      const a = parseDate(text, atime, zone);
      const m = parseDate(text, mtime, zone);
      if (a === null || m === null) throw new Fatal(`touch: invalid date format ${quote(text)}\n`, 1);
      atime = a;
      mtime = m;
    }
    if (stamp !== null) {
      const t = parseStamp(stamp, civil(now, zone.offset).year, zone);
      if (t === null) throw new Fatal(`touch: invalid date format ${quote(stamp)}\n`, 1);
      atime = mtime = t;
    }
    if (args.length === 0) throw usageError('touch', 'missing file operand');
    const word = opts.value('--time');
    const onlyA = opts.has('-a') || (word !== null && /^(access|atime|use)$/.test(word));
    const onlyM = opts.has('-m') || (word !== null && /^(modify|mtime)$/.test(word));
    let status = 0;
    for (const name of args) {
      if (name === '-') continue;
      let exists = tryCall(() => (opts.has('-h') ? vfs.lstat(p, name) : vfs.stat(p, name)));
      let failed = exists.errno;
      if (exists.errno !== null && !opts.has('-h')) {
        if (opts.has('-c')) {
          if (exists.errno === 'ENOENT') continue;
        } else {
          const made = tryCall(() => open(p, name, { write: true, create: true }));
          failed = made.errno;
          if (made.errno === null) {
            closeFd(p, made.ok);
            exists = tryCall(() => vfs.stat(p, name));
          }
        }
      }
      if (exists.errno === null) failed = attempt(() => vfs.utimes(p, name, onlyM && !onlyA ? null : atime, onlyA && !onlyM ? null : mtime, !opts.has('-h')));
      if (failed !== null) {
        status = 1;
        const directory = failed === 'EISDIR' ? 'ENOENT' : failed;
        yield* say(p, 'touch', exists.errno === null && failed !== 'EPERM' && failed !== 'EACCES' ? `setting times of ${quote(name)}: ${strerror(failed)}` : `cannot touch ${quote(name)}: ${strerror(directory)}`);
      }
    }
    return status;
  },
});
