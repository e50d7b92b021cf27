// The expression of find: a tree of tests, actions and operators. Counterpart: findutils find/parser.c, tree.c.
import { strerror } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import type { Process } from '../../host/process';
import { groups, users } from '../files';
import { Fatal, quote, tryCall } from '../io';
import { type ModeChange, applyMode, parseMode } from '../mode';
import { compilePosix, type PosixRegex } from '../posix_regex';

export type Compare = { sign: '+' | '-' | ''; n: number };

export type Node =
  | { t: 'and' | 'or' | 'comma'; a: Node; b: Node }
  | { t: 'not'; a: Node }
  | { t: 'true' | 'false' | 'empty' | 'print' | 'print0' | 'ls' | 'delete' | 'prune' | 'quit' | 'readable' | 'writable' | 'executable' | 'nouser' | 'nogroup' }
  | { t: 'name' | 'path' | 'lname'; pattern: Bytes; icase: boolean }
  | { t: 'regex'; re: PosixRegex }
  | { t: 'type'; types: string; link: boolean }
  | { t: 'size'; cmp: Compare; unit: number }
  | { t: 'perm'; kind: 'exact' | 'all' | 'any'; file: number; dir: number }
  | { t: 'time'; field: 'mtime' | 'atime' | 'ctime'; cmp: Compare; unit: number }
  | { t: 'newer'; field: 'mtime' | 'atime' | 'ctime'; than: number }
  | { t: 'id'; field: 'uid' | 'gid' | 'nlink' | 'ino'; cmp: Compare }
  | { t: 'samefile'; ino: number; dev: number }
  | { t: 'printf'; format: Bytes; fd: number }
  | { t: 'exec'; argv: Bytes[]; plus: boolean; ask: boolean; dir: boolean; batch: Bytes[] };

export interface FindSettings {
  minDepth: number;
  maxDepth: number;
  depthFirst: boolean;
  regexExtended: boolean;
  oneFileSystem: boolean;
}

const NOT_MODELLED = new Set(['-fls', '-fprint', '-fprint0', '-fprintf', '-context', '-fstype', '-inum2', '-files0-from', '-used', '-ignore_readdir_race', '-noignore_readdir_race']);

/** Parses; throws Fatal with find's messages. */
export class FindParser {
  readonly settings: FindSettings = { minDepth: 0, maxDepth: Number.POSITIVE_INFINITY, depthFirst: false, regexExtended: false, oneFileSystem: false };
  private i = 0;
  private acts = false;
  constructor(
    private readonly p: Process,
    private readonly words: readonly Bytes[],
  ) {}

  parse(): Node {
    if (this.words.length === 0) return { t: 'print' };
    const tree = this.comma();
    if (this.i < this.words.length) throw this.fail(this.words[this.i] === ')' ? "you have too many ')'" : `paths must precede expression: \`${this.words[this.i]}'`);
    return this.acts ? tree : { t: 'and', a: tree, b: { t: 'print' } };
  }

  private fail(text: string): Fatal {
    return new Fatal(`find: ${text}\n`, 1);
  }

  private comma(): Node {
    let a = this.or();
    while (this.words[this.i] === ',') {
      this.i++;
      a = { t: 'comma', a, b: this.or() };
    }
    return a;
  }

  private or(): Node {
    let a = this.and();
    while (this.words[this.i] === '-o' || this.words[this.i] === '-or') {
      const op = this.words[this.i++]!;
      if (this.i >= this.words.length) throw this.fail(`expected an expression after '${op}'`);
      a = { t: 'or', a, b: this.and() };
    }
    return a;
  }

  private and(): Node {
    let a = this.unary();
    for (;;) {
      const w = this.words[this.i];
      if (w === undefined || w === ')' || w === ',' || w === '-o' || w === '-or') return a;
      if (w === '-a' || w === '-and') {
        this.i++;
        if (this.i >= this.words.length) throw this.fail(`expected an expression after '${w}'`);
      }
      a = { t: 'and', a, b: this.unary() };
    }
  }

  private unary(): Node {
    const w = this.words[this.i];
    if (w === undefined) throw this.fail('invalid expression');
    if (w === '!' || w === '-not') {
      this.i++;
      if (this.i >= this.words.length) throw this.fail(`expected an expression after '${w}'`);
      return { t: 'not', a: this.unary() };
    }
    if (w === '(') {
      this.i++;
      if (this.words[this.i] === ')') throw this.fail('invalid expression; empty parentheses are not allowed.');
      if (this.i >= this.words.length) throw this.fail("invalid expression; expected to find a ')' but didn't see one. Perhaps you need an extra predicate after '('");
      const a = this.comma();
      if (this.words[this.i] !== ')') throw this.fail("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
      this.i++;
      return a;
    }
    if (w === ')') throw this.fail("invalid expression; you have too many ')'");
    if (w === '-o' || w === '-or' || w === '-a' || w === '-and' || w === ',') throw this.fail(`invalid expression; you have used a binary operator '${w}' with nothing before it.`);
    return this.predicate();
  }

  private arg(name: Bytes): Bytes {
    const v = this.words[this.i++];
    if (v === undefined) throw this.fail(`missing argument to \`${name}'`);
    return v;
  }

  private number(name: Bytes, suffix = ''): Compare & { suffix: string } {
    const v = this.arg(name);
    const m = new RegExp(`^([-+]?)(\\d+)([${suffix}]?)$`).exec(v);
    if (m === null) throw this.fail(name === '-size' ? /^[-+]?\d+./.test(v) ? `invalid -size type \`${v.at(-1)}'` : `Invalid argument \`${v}' to -size` : `invalid argument \`${v}' to \`${name}'`);
    return { sign: m[1] as '+', n: Number(m[2]), suffix: m[3] ?? '' };
  }

  private predicate(): Node {
    const w = this.words[this.i++]!;
    const action = <T extends Node>(n: T): T => {
      this.acts = true;
      return n;
    };
    if (NOT_MODELLED.has(w)) throw new Fatal(`find: ${w} exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n`, 64);
    switch (w) {
      case '-name':
      case '-iname':
        return { t: 'name', pattern: this.arg(w), icase: w === '-iname' };
      case '-path':
      case '-wholename':
      case '-ipath':
      case '-iwholename':
        return { t: 'path', pattern: this.arg(w), icase: w.startsWith('-i') };
      case '-lname':
      case '-ilname':
        return { t: 'lname', pattern: this.arg(w), icase: w === '-ilname' };
      case '-regextype': {
        const type = this.arg(w);
        this.settings.regexExtended = /extended|egrep|awk/.test(type);
        return { t: 'true' };
      }
      case '-regex':
      case '-iregex': {
        const source = this.arg(w);
        // The default syntax is Emacs': basic, where + ? and unescaped operators work.
        const pattern = this.settings.regexExtended ? source : source.replace(/\\([(){}|])|([(){}|])/g, (_m, esc: string | undefined, plain: string | undefined) => (esc !== undefined ? (esc === '{' || esc === '}' ? `\\${esc}` : esc) : `\\${plain}`));
        return { t: 'regex', re: compilePosix(`^(${pattern})$`, { extended: true, icase: w === '-iregex', dialect: 'grep' }) };
      }
      case '-type':
      case '-xtype': {
        const types = this.arg(w);
        for (const part of types.split(',')) if (!/^[bcdpflsD]$/.test(part)) throw this.fail(part.length > 1 ? `Must separate multiple arguments to ${w} using: ','` : `Unknown argument to ${w}: ${part}`);
        return { t: 'type', types, link: w === '-xtype' };
      }
      case '-empty':
      case '-readable':
      case '-writable':
      case '-executable':
      case '-nouser':
      case '-nogroup':
      case '-true':
      case '-false':
        return { t: w.slice(1) as 'empty' };
      case '-print':
      case '-print0':
      case '-ls':
        return action({ t: w.slice(1) as 'print' });
      case '-delete':
        this.settings.depthFirst = true;
        return action({ t: 'delete' });
      case '-prune':
        return { t: 'prune' };
      case '-quit':
        return action({ t: 'quit' });
      case '-size': {
        const c = this.number(w, 'bcwkMG');
        return { t: 'size', cmp: c, unit: { '': 512, b: 512, c: 1, w: 2, k: 1024, M: 1048576, G: 1073741824 }[c.suffix]! };
      }
      case '-perm':
        return this.perm(this.arg(w));
      case '-mtime':
      case '-atime':
      case '-ctime':
        return { t: 'time', field: w.slice(1) as 'mtime', cmp: this.number(w), unit: 86400 };
      case '-mmin':
      case '-amin':
      case '-cmin':
        return { t: 'time', field: `${w[1]}time` as 'mtime', cmp: this.number(w), unit: 60 };
      case '-newer':
      case '-anewer':
      case '-cnewer':
      case '-newermt': {
        const name = this.arg(w);
        if (w === '-newermt') throw new Fatal('find: -newermt exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n', 64);
        const st = tryCall(() => this.p.host.vfs.stat(this.p, name));
        if (st.errno !== null) throw this.fail(`${quote(name)}: ${strerror(st.errno)}`);
        return { t: 'newer', field: w === '-newer' ? 'mtime' : (`${w[1]}time` as 'atime'), than: st.ok.mtime };
      }
      case '-samefile': {
        const name = this.arg(w);
        const st = tryCall(() => this.p.host.vfs.stat(this.p, name));
        if (st.errno !== null) throw this.fail(`${quote(name)}: ${strerror(st.errno)}`);
        return { t: 'samefile', ino: st.ok.ino, dev: st.ok.dev };
      }
      case '-user':
      case '-group': {
        const name = this.arg(w);
        const id = w === '-user' ? users(this.p).find((u) => u.name === name)?.uid : groups(this.p).find((g) => g.name === name)?.gid;
        if (id === undefined && !/^\d+$/.test(name)) throw this.fail(w === '-user' ? `${quote(name)} is not the name of a known user` : `${quote(name)} is not the name of an existing group`);
        return { t: 'id', field: w === '-user' ? 'uid' : 'gid', cmp: { sign: '', n: id ?? Number(name) } };
      }
      case '-uid':
      case '-gid':
        return { t: 'id', field: w.slice(1) as 'uid', cmp: this.number(w) };
      case '-links':
        return { t: 'id', field: 'nlink', cmp: this.number(w) };
      case '-inum':
        return { t: 'id', field: 'ino', cmp: this.number(w) };
      case '-printf':
        return action({ t: 'printf', format: this.arg(w), fd: 1 });
      case '-maxdepth':
      case '-mindepth': {
        const v = this.arg(w);
        if (!/^\d+$/.test(v)) throw this.fail(`Expected a positive decimal integer argument to ${w}, but got ${quote(v)}`);
        if (w === '-maxdepth') this.settings.maxDepth = Number(v);
        else this.settings.minDepth = Number(v);
        return { t: 'true' };
      }
      case '-depth':
      case '-d':
        this.settings.depthFirst = true;
        return { t: 'true' };
      case '-mount':
      case '-xdev':
        this.settings.oneFileSystem = true;
        return { t: 'true' };
      case '-daystart':
      case '-follow':
      case '-noleaf':
      case '-warn':
      case '-nowarn':
        return { t: 'true' };
      case '-exec':
      case '-ok':
      case '-execdir':
      case '-okdir': {
        const argv: Bytes[] = [];
        for (;;) {
          const a = this.words[this.i++];
          if (a === undefined) throw this.fail(`missing argument to \`${w}'`);
          if (a === ';') break;
          if (a === '+' && argv[argv.length - 1] === '{}') return action({ t: 'exec', argv: argv.slice(0, -1), plus: true, ask: false, dir: w.endsWith('dir'), batch: [] });
          argv.push(a);
        }
        if (argv.length === 0) throw this.fail(`invalid argument \`;' to \`${w}'`);
        return action({ t: 'exec', argv, plus: false, ask: w.startsWith('-ok'), dir: w.endsWith('dir'), batch: [] });
      }
    }
    if (w.startsWith('-')) throw this.fail(`unknown predicate \`${w}'`);
    throw this.fail(`paths must precede expression: \`${w}'${tryCall(() => this.p.host.vfs.lstat(this.p, w)).errno === null ? `\nfind: possible unquoted pattern after predicate \`${this.words[this.i - 3] ?? ''}'?` : ''}`);
  }

  private perm(text: Bytes): Node {
    const kind = text.startsWith('-') ? 'all' : text.startsWith('/') ? 'any' : 'exact';
    const changes: ModeChange[] | null = parseMode(kind === 'exact' ? text : text.slice(1));
    if (changes === null) throw this.fail(`invalid mode ${quote(text)}`);
    return { t: 'perm', kind, file: applyMode(0, false, changes, 0), dir: applyMode(0, true, changes, 0) };
  }
}

