// find: walks directories and tests what it meets. Counterpart: findutils 4.9 find (ftsfind.c, pred.c).
import { type Errno, strerror, SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { err, spawn, waitpid, wallSeconds } from '../host/syscall';
import type { Op, Process } from '../host/process';
import type { Stat } from '../host/vfs';
import { command } from './command';
import { dirPart, groupName, joinPath, lastPart, userName } from './files';
import { formatVisit, listing, type Visit } from './find/format';
import { FindParser, type FindSettings, type Node } from './find/parse';
import { globMatch } from './glob';
import { attempt, Fatal, LineSource, put, quote, say, Steps, tryCall } from './io';
import { table } from './options';
import { findOnPath } from './path_search';

export const find = command({
  name: 'find',
  summary: 'search for files in a directory hierarchy',
  path: '/usr/bin/find',
  package: 'findutils',
  options: table('-H: follow command line links', '-L: follow symbolic links', '-P: never follow symbolic links (default)', '!-D OPTS: print diagnostic information', '-O LEVEL: optimisation level (accepted)', '--help: display this help', '--version: print the version'),
  getopt: null,
  *run(p, _opts, args) {
    try {
      let follow: 'never' | 'args' | 'always' = 'never';
      let i = 0;
      for (; i < args.length; i++) {
        const a = args[i]!;
        if (a === '-L') follow = 'always';
        else if (a === '-H') follow = 'args';
        else if (a === '-P') follow = 'never';
        else if (/^-O\d?$/.test(a)) continue;
        else if (a === '--') {
          i++;
          break;
        } else break;
      }
      if (args[i] === '--version' || args[i] === '-version') {
        yield* put(p, 'find (GNU findutils) 4.9.0\n');
        return 0;
      }
      if (args[i] === '--help' || args[i] === '-help') {
        yield* put(p, 'Usage: find [-H] [-L] [-P] [-Olevel] [-D debugopts] [path...] [expression]\n');
        return 0;
      }
      const paths: Bytes[] = [];
      while (i < args.length && !/^-./.test(args[i]!) && !['(', ')', '!', ','].includes(args[i]!)) paths.push(args[i++]!);
      const parser = new FindParser(p, args.slice(i));
      const tree = parser.parse();
      const walk = new Walk(p, tree, parser.settings, follow);
      for (const path of paths.length > 0 ? paths : ['.']) {
        yield* walk.start(path);
        if (walk.stop) break;
      }
      yield* walk.finish(tree);
      return walk.status;
    } catch (e) {
      if (!(e instanceof Fatal)) throw e;
      yield* err(p, e.text);
      return e.status;
    }
  },
});

class Walk {
  status = 0;
  stop = false;
  private prune = false;
  private readonly now: number;
  private readonly steps: Steps;
  private readonly answers: LineSource;
  constructor(
    private readonly p: Process,
    private readonly tree: Node,
    private readonly o: FindSettings,
    private readonly follow: 'never' | 'args' | 'always',
  ) {
    this.now = wallSeconds(p);
    this.steps = new Steps(p);
    this.answers = new LineSource(p, 0);
  }

  private *complain(text: Bytes): Op<void> {
    this.status = 1;
    yield* say(this.p, 'find', text);
  }

  private stat(path: Bytes, top: boolean): { ok: Stat; errno: null } | { ok: null; errno: Errno } {
    const { vfs } = this.p.host;
    if (this.follow === 'always' || (top && this.follow === 'args')) {
      const st = tryCall(() => vfs.stat(this.p, path));
      if (st.errno === null || st.errno === 'ELOOP') return st;
    }
    return tryCall(() => vfs.lstat(this.p, path));
  }

  *start(path: Bytes): Op<void> {
    const st = this.stat(path, true);
    if (st.errno !== null) {
      yield* this.complain(`${quote(path)}: ${strerror(st.errno)}`);
      return;
    }
    yield* this.visit({ path, st: st.ok, depth: 0, start: path }, []);
  }

  private *visit(v: Visit, parents: readonly number[]): Op<void> {
    if (this.steps.due) yield* this.steps.pay();
    const shown = v.depth >= this.o.minDepth;
    this.prune = false;
    if (shown && !this.o.depthFirst) {
      yield* this.test(this.tree, v);
      if (this.stop) return;
    }
    const descend = v.st.type === 'dir' && v.depth < this.o.maxDepth && !(this.prune && !this.o.depthFirst);
    if (descend) {
      const names = tryCall(() => this.p.host.vfs.readdir(this.p, v.path));
      if (names.errno !== null) yield* this.complain(`${quote(v.path)}: ${strerror(names.errno)}`);
      else
        for (const n of [...names.ok]) {
          const path = joinPath(v.path, n);
          const st = this.stat(path, false);
          if (st.errno !== null) {
            if (st.errno === 'ENOENT') continue;
            yield* this.complain(`${quote(path)}: ${strerror(st.errno)}`);
            continue;
          }
          if (this.o.oneFileSystem && st.ok.dev !== v.st.dev) continue;
          if (this.follow === 'always' && st.ok.type === 'dir' && (parents.includes(st.ok.ino) || st.ok.ino === v.st.ino)) {
            yield* this.complain(`File system loop detected; ${quote(path)} is part of the same file system loop as ${quote(v.path)}.`);
            continue;
          }
          yield* this.visit({ path, st: st.ok, depth: v.depth + 1, start: v.start }, [...parents, v.st.ino]);
          if (this.stop) return;
        }
    }
    if (shown && this.o.depthFirst) yield* this.test(this.tree, v);
  }

  /** Runs what `-exec ... +` has gathered. */
  *finish(n: Node): Op<void> {
    if (n.t === 'and' || n.t === 'or' || n.t === 'comma') {
      yield* this.finish(n.a);
      yield* this.finish(n.b);
    } else if (n.t === 'not') yield* this.finish(n.a);
    else if (n.t === 'exec' && n.plus && n.batch.length > 0) {
      const batch = n.batch.splice(0);
      if ((yield* this.execute([...n.argv, ...batch], null)) !== 0) this.status = 1;
    }
  }

  private *execute(argv: Bytes[], cwd: Bytes | null): Op<number> {
    const { p } = this;
    const path = findOnPath(p, argv[0]!);
    try {
      if (path === null) throw new SysError('ENOENT');
      const child = spawn(p, { path, argv, ...(cwd === null ? {} : { cwd }) });
      return (yield* waitpid(p, [child.pid]))!.status;
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* say(p, 'find', `${quote(argv[0]!)}: ${e.message}`);
      return 127;
    }
  }

  private compare(c: { sign: string; n: number }, value: number): boolean {
    return c.sign === '+' ? value > c.n : c.sign === '-' ? value < c.n : value === c.n;
  }

  private *test(n: Node, v: Visit): Op<boolean> {
    const { p } = this;
    const { st, path } = v;
    switch (n.t) {
      case 'and':
        return (yield* this.test(n.a, v)) && !this.stop && (yield* this.test(n.b, v));
      case 'or':
        return (yield* this.test(n.a, v)) || (!this.stop && (yield* this.test(n.b, v)));
      case 'comma':
        yield* this.test(n.a, v);
        return yield* this.test(n.b, v);
      case 'not':
        return !(yield* this.test(n.a, v));
      case 'true':
        return true;
      case 'false':
        return false;
      case 'name':
        return globMatch(n.pattern, lastPart(path), n.icase);
      case 'path':
        return globMatch(n.pattern, path, n.icase);
      case 'lname':
        return st.type === 'symlink' && globMatch(n.pattern, tryCall(() => p.host.vfs.readlink(p, path)).ok ?? '', n.icase);
      case 'regex':
        return n.re.test(path);
      case 'type': {
        const type = n.link ? (tryCall(() => p.host.vfs.stat(p, path)).ok?.type ?? 'symlink') : st.type;
        return n.types.split(',').includes({ file: 'f', dir: 'd', symlink: 'l', chr: 'c', blk: 'b', fifo: 'p', socket: 's' }[type]);
      }
      case 'empty':
        return st.type === 'dir' ? (tryCall(() => p.host.vfs.readdir(p, path)).ok?.length ?? 1) === 0 : st.type === 'file' && st.size === 0;
      case 'readable':
        return p.host.vfs.access(p, path, 4);
      case 'writable':
        return p.host.vfs.access(p, path, 2);
      case 'executable':
        return p.host.vfs.access(p, path, 1);
      case 'nouser':
        return userName(p, st.uid) === null;
      case 'nogroup':
        return groupName(p, st.gid) === null;
      case 'size':
        return this.compare(n.cmp, Math.ceil(st.size / n.unit));
      case 'perm': {
        const want = st.type === 'dir' ? n.dir : n.file;
        const mode = st.mode & 0o7777;
        return n.kind === 'exact' ? mode === want : n.kind === 'all' ? (mode & want) === want : want === 0 || (mode & want) !== 0;
      }
      case 'time': {
        const age = (this.now - st[n.field]) / n.unit;
        return n.cmp.sign === '' ? Math.floor(age) === n.cmp.n : n.cmp.sign === '+' ? Math.floor(age) > n.cmp.n : Math.floor(age) < n.cmp.n;
      }
      case 'newer':
        return st[n.field] > n.than;
      case 'id':
        return this.compare(n.cmp, st[n.field]);
      case 'samefile':
        return st.ino === n.ino && st.dev === n.dev;
      case 'print':
        yield* put(p, `${path}\n`);
        return true;
      case 'print0':
        yield* put(p, `${path}\0`);
        return true;
      case 'printf':
        yield* put(p, formatVisit(p, n.format, v));
        return true;
      case 'ls':
        yield* put(p, listing(p, v));
        return true;
      case 'prune':
        this.prune = true;
        return true;
      case 'quit':
        this.stop = true;
        return true;
      case 'delete': {
        if (path === '.') return true;
        const e = attempt(() => (st.type === 'dir' ? p.host.vfs.rmdir(p, path) : p.host.vfs.unlink(p, path)));
        if (e === null) return true;
        yield* this.complain(`cannot delete ${quote(path)}: ${strerror(e)}`);
        return false;
      }
      case 'exec': {
        const name = n.dir ? `./${lastPart(path)}` : path;
        if (n.plus) {
          n.batch.push(name);
          if (n.batch.length >= 2000) yield* this.finish(n);
          return true;
        }
        const argv = n.argv.map((a) => a.replaceAll('{}', () => name));
        if (n.ask) {
          yield* err(p, `< ${argv[0]} ... ${path} > ? `);
          const a = yield* this.answers.batch();
          if (a === null || !/^[yY]/.test(a[0]!)) return false;
        }
        return (yield* this.execute(argv, n.dir ? tryCall(() => p.host.vfs.realpath(p, dirPart(path))).ok : null)) === 0;
      }
    }
  }
}
