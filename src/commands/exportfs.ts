// exportfs: the table of exported folders. Counterpart: nfs-utils 1.3.0 utils/exportfs. Its texts are from knowledge: the recording guest has no NFS.
import type { Bytes } from '../lib/text';
import { applyOptions, type Complaint, ETAB, EXPORTS, type Export, etabLine, exported, parseExports, shownOptions } from '../host/nfs/exports';
import { err, out, writeFile } from '../host/syscall';
import type { Op, Process } from '../host/process';
import { command, notModelled } from './command';
import { table } from './options';

const same = (a: Export, b: Export): boolean => a.path === b.path && a.client === b.client;

/** What the files ask for, with what they do wrong. */
function wanted(p: Process): { exports: Export[]; complaints: Complaint[] } {
  const { vfs } = p.host;
  const files = [EXPORTS, ...vfs.names('/etc/exports.d').filter((n) => n.endsWith('.exports')).map((n) => `/etc/exports.d/${n}`)];
  const read = files.filter((f) => vfs.exists(f)).map((f) => parseExports(vfs.read(f) ?? '', f));
  return { exports: read.flatMap((r) => r.exports), complaints: read.flatMap((r) => r.complaints) };
}

const world = (client: Bytes): Bytes => (client === '*' ? '<world>' : client);

function* list(p: Process, verbose: boolean): Op<number> {
  for (const e of exported(p.host)) {
    const who = world(e.client);
    yield* out(p, `${e.path.length > 14 ? `${e.path}\n\t\t` : `${e.path.padEnd(14)}\t`}${who}${verbose ? `(${shownOptions(e)})` : ''}\n`);
  }
  return 0;
}

export const exportfs = command({
  name: 'exportfs',
  summary: 'maintain the table of exported NFS file systems',
  path: '/usr/sbin/exportfs',
  package: 'nfs-utils',
  options: table('-a: export or unexport all directories', '-r: reexport all directories, synchronizing with /etc/exports', '-u: unexport one or more directories', '-v: be verbose', '-i: ignore the /etc/exports file', '-o OPTIONS: a list of export options', '-f: flush everything out of the kernel\'s export table', '!-d KIND: turn on debugging', '!-s: show the exports in the form of /etc/exports'),
  getopt: { badExit: 1, tryHelp: 'usage: exportfs [-adfhioruvs] [host:/path]\n' },
  *run(p, opts, args) {
    const verbose = opts.has('-v');
    const changing = ['-a', '-r', '-u', '-i', '-o'].some((o) => opts.has(o)) || args.length > 0;
    if (opts.has('-f') && !changing) return 0;
    if (!changing) return yield* list(p, verbose);
    if (p.uid !== 0) {
      yield* err(p, 'exportfs: could not open /var/lib/nfs/.etab.lock for locking: errno 13 (Permission denied)\n');
      return 1;
    }
    let now = [...exported(p.host)];
    let status = 0;
    const add = (e: Export): void => {
      now = [...now.filter((x) => !same(x, e)), e];
    };
    if (opts.has('-u')) {
      for (const e of [...now]) {
        if (!opts.has('-a') && !args.includes(`${e.client}:${e.path}`)) continue;
        now = now.filter((x) => x !== e);
        if (verbose) yield* out(p, `unexporting ${e.client}:${e.path}\n`);
      }
      for (const a of args) if (!exported(p.host).some((e) => `${e.client}:${e.path}` === a)) {
        yield* err(p, `exportfs: Could not find '${a}' to unexport.\n`);
        status = 1;
      }
    } else {
      const fresh: Export[] = [];
      if (opts.has('-r')) now = [];
      if (!opts.has('-i') && (opts.has('-a') || opts.has('-r'))) {
        const w = wanted(p);
        for (const c of w.complaints) {
          if (c.notModelled) return yield* notModelled(p, 'exportfs', c.text);
          yield* err(p, `${c.text}\n`);
          if (!c.text.startsWith('exportfs: No options')) status = 1;
        }
        fresh.push(...w.exports);
      }
      for (const a of args) {
        const colon = a.indexOf(':');
        if (colon < 0 || a[colon + 1] !== '/') {
          yield* err(p, `exportfs: Invalid export syntax: ${a}\n`);
          status = 1;
          continue;
        }
        const e = parseExports(`${a.slice(colon + 1)} ${a.slice(0, colon)}(sync)`, '').exports[0];
        if (e === undefined) continue;
        const bad = applyOptions(e, opts.all('-o').join(','));
        if (bad !== null) {
          if (bad.notModelled) return yield* notModelled(p, 'exportfs', `option ${bad.word}`);
          yield* err(p, `exportfs: unknown keyword "${bad.word}"\n`);
          return 1;
        }
        fresh.push(e);
      }
      for (const e of fresh) {
        if (verbose) yield* out(p, `exporting ${e.client}:${e.path}\n`);
        add(e);
        if (!p.host.vfs.exists(e.path)) {
          yield* err(p, `exportfs: Failed to stat ${e.path}: No such file or directory\n`);
          status = 1;
        } else if (p.host.vfs.stat(null, e.path).type !== 'dir') {
          yield* err(p, `exportfs: ${e.path} is not a directory\n`);
          status = 1;
        }
      }
    }
    p.host.vfs.mkdirs('/var/lib/nfs');
    writeFile(p, ETAB, now.map(etabLine).join(''));
    return status;
  },
});
