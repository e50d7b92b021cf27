// yum: installs and removes packages of the image's repositories. Linux counterpart: yum 3.4.3 (EL 7), yum(8).
// Not modelled: mirrors and downloads (a package is simply there), updates, groups, history.
import { isInstalled, installPackage, knownPackages, nevra, packageFiles, packageSpec, removePackage, toInstall } from '../host/packages';
import type { PackageSpec } from '../host/images/image';
import type { Op, Process } from '../host/process';
import { err, LineReader, out, sleep } from '../host/syscall';
import { type Bytes, byBytes } from '../lib/text';
import { command, notModelled, type Options } from './command';
import { globMatch } from './glob';

const WIDTH = 80;
const RULE = `${'='.repeat(WIDTH)}\n`;
const evr = (s: PackageSpec): string => `${s.version}-${s.release}`;
/** A package file is about this share of what it installs. */
const PACKED = 0.6;

/** 45 k, 1.2 M. */
function size(bytes: number): string {
  if (bytes < 1024) return `${bytes}  `;
  const k = bytes / 1024;
  if (k < 9.95) return `${k.toFixed(1)} k`;
  if (k < 999.5) return `${Math.round(k)} k`;
  const m = k / 1024;
  return m < 9.95 ? `${m.toFixed(1)} M` : `${Math.round(m)} M`;
}

/** Widths of the table's columns: what the words need, the rest shared out, the remainder to the version. */
function widths(list: readonly PackageSpec[]): [number, number, number, number] {
  const longest = (of: (s: PackageSpec) => string): number => Math.max(...list.map((s) => of(s).length));
  const need: [number, number, number, number] = [longest((s) => s.name), longest((s) => s.arch), longest(evr), longest((s) => s.repo)];
  const left = Math.max(0, WIDTH - 2 - 5 - 4 - need.reduce((a, b) => a + b, 0));
  const share = Math.floor(left / 4);
  return [need[0] + share, need[1] + share, need[2] + share + left - share * 4, need[3] + share];
}

function table(title: string, list: readonly PackageSpec[], others: readonly PackageSpec[], verb: string, repo: (s: PackageSpec) => string): Bytes {
  const all = [...list, ...others].map((s) => ({ ...s, repo: repo(s) }));
  const [n, a, v, r] = widths(all);
  const row = (c: readonly [string, string, string, string, string]): string => ` ${c[0].padEnd(n)} ${c[1].padEnd(a)} ${c[2].padEnd(v)} ${c[3].padEnd(r)} ${c[4].padStart(5)}\n`;
  const line = (s: PackageSpec): string => row([s.name, s.arch, evr(s), repo(s), size(Math.round(s.size * (verb === 'Install' ? PACKED : 1)))]);
  let text = `\nDependencies Resolved\n\n${RULE}${row(['Package', 'Arch', 'Version', 'Repository', 'Size'])}${RULE}${title}:\n${list.map(line).join('')}`;
  if (others.length > 0) text += `${verb === 'Install' ? 'Installing' : 'Removing'} for dependencies:\n${others.map(line).join('')}`;
  const packages = (k: number): string => `${k} Package${k === 1 ? '' : 's'}`;
  text += `\nTransaction Summary\n${RULE}${verb}  ${packages(list.length)}${others.length > 0 ? ` (+${others.length} Dependent package${others.length === 1 ? '' : 's'})` : ''}\n\n`;
  return text;
}

/** Asks unless -y; false when the answer is no. */
function* confirmed(p: Process, opts: Options): Op<boolean> {
  if (opts.has('-y')) return true;
  yield* out(p, 'Is this ok [y/d/N]: ');
  const answer = ((yield* new LineReader(p, 0).next()) ?? '').trim().toLowerCase();
  if (answer === 'y' || answer === 'yes') return true;
  yield* out(p, 'Exiting on user command\n');
  return false;
}

function progress(doing: string, names: readonly string[]): Bytes {
  const count = (i: number): string => `${i + 1}/${names.length}`;
  return names.map((n, i) => `  ${`${doing.padEnd(10)} : ${n}`.padEnd(WIDTH - 4 - count(i).length)} ${count(i)} \n`).join('');
}

/** Lists a result, two to a line of 80. */
const result = (title: string, list: readonly PackageSpec[]): Bytes => `\n${title}:\n${list.map((s) => `  ${`${s.name}.${s.arch} 0:${evr(s)}`.padEnd(WIDTH - 2)}\n`).join('')}`;

function* install(p: Process, names: Bytes[], opts: Options): Op<number> {
  const wanted: PackageSpec[] = [];
  let known = 0;
  for (const name of names) {
    const spec = packageSpec(p.host, name);
    if (spec === undefined) {
      yield* out(p, `No package ${name} available.\n`);
      continue;
    }
    known++;
    if (isInstalled(p.host, spec.name)) yield* out(p, `Package ${nevra(spec)} already installed and latest version\n`);
    else wanted.push(spec);
  }
  if (wanted.length === 0) {
    if (known > 0) yield* out(p, 'Nothing to do\n');
    else yield* err(p, 'Error: Nothing to do\n');
    return known > 0 ? 0 : 1;
  }
  const all = [...new Set(wanted.flatMap((s) => toInstall(p.host, s.name)))];
  const others = all.filter((s) => !wanted.includes(s));
  let text = 'Resolving Dependencies\n--> Running transaction check\n';
  for (const s of all) text += `---> Package ${s.name}.${s.arch} 0:${evr(s)} will be installed\n`;
  text += `--> Finished Dependency Resolution\n${table('Installing', wanted, others, 'Install', (s) => s.repo)}`;
  const total = all.reduce((n, s) => n + s.size, 0);
  yield* out(p, `${text}Total download size: ${size(Math.round(total * PACKED))}\nInstalled size: ${size(total)}\n`);
  if (!(yield* confirmed(p, opts))) return 1;
  yield* sleep(p, 400_000);
  yield* out(p, 'Downloading packages:\nRunning transaction check\nRunning transaction test\nTransaction test succeeded\nRunning transaction\n');
  for (const s of all) installPackage(p.host, s.name);
  yield* sleep(p, 300_000);
  yield* out(p, `${progress('Installing', all.map(nevra))}${progress('Verifying', all.map(nevra))}`);
  yield* out(p, `${result('Installed', wanted)}${others.length > 0 ? result('Dependency Installed', others) : ''}\nComplete!\n`);
  return 0;
}

function* remove(p: Process, names: Bytes[], opts: Options): Op<number> {
  const wanted: PackageSpec[] = [];
  for (const name of names) {
    const spec = packageSpec(p.host, name);
    if (spec === undefined || !isInstalled(p.host, spec.name)) yield* out(p, `No Match for argument: ${name}\n`);
    else wanted.push(spec);
  }
  if (wanted.length === 0) {
    yield* out(p, 'No Packages marked for removal\n');
    return 0;
  }
  const others = [...knownPackages(p.host).values()].filter((s) => !wanted.includes(s) && isInstalled(p.host, s.name) && (s.requires ?? []).some((r) => wanted.some((w) => w.name === r)));
  const all = [...wanted, ...others];
  let text = 'Resolving Dependencies\n--> Running transaction check\n';
  for (const s of all) text += `---> Package ${s.name}.${s.arch} 0:${evr(s)} will be erased\n`;
  text += `--> Finished Dependency Resolution\n${table('Removing', wanted, others, 'Remove', (s) => `@${s.repo}`)}`;
  yield* out(p, `${text}Installed size: ${size(all.reduce((n, s) => n + s.size, 0))}\n`);
  if (!(yield* confirmed(p, opts))) return 1;
  yield* out(p, 'Downloading packages:\nRunning transaction check\nRunning transaction test\nTransaction test succeeded\nRunning transaction\n');
  for (const s of all) yield* removePackage(p, s.name);
  yield* out(p, `${progress('Erasing', all.map(nevra))}${progress('Verifying', all.map(nevra))}${result('Removed', wanted)}${others.length > 0 ? result('Dependency Removed', others) : ''}\nComplete!\n`);
  return 0;
}

function rows(title: string, list: readonly PackageSpec[], repo: (s: PackageSpec) => string): Bytes {
  return list.length === 0 ? '' : `${title}\n${list.map((s) => `${`${s.name}.${s.arch}`.padEnd(39)} ${evr(s).padEnd(22)} ${repo(s)}`).join('\n')}\n`;
}

function* list(p: Process, args: Bytes[]): Op<number> {
  const which = ['installed', 'available', 'all'].includes(args[0] ?? '') ? args[0]! : 'all';
  const patterns = which === args[0] ? args.slice(1) : args;
  const specs = [...knownPackages(p.host).values()].filter((s) => patterns.length === 0 || patterns.some((x) => globMatch(x, s.name) || x === `${s.name}.${s.arch}`));
  specs.sort((a, b) => byBytes(a.name, b.name));
  const have = which === 'available' ? [] : specs.filter((s) => isInstalled(p.host, s.name));
  const could = which === 'installed' ? [] : specs.filter((s) => !isInstalled(p.host, s.name));
  if (have.length + could.length === 0) {
    yield* err(p, 'Error: No matching Packages to list\n');
    return 1;
  }
  yield* out(p, rows('Installed Packages', have, (s) => `@${s.repo}`) + rows('Available Packages', could, (s) => s.repo));
  return 0;
}

function* info(p: Process, names: Bytes[]): Op<number> {
  const specs = names.map((n) => packageSpec(p.host, n)).filter((s) => s !== undefined);
  if (specs.length === 0) {
    yield* err(p, 'Error: No matching Packages to list\n');
    return 1;
  }
  for (const s of specs) {
    const have = isInstalled(p.host, s.name);
    yield* out(
      p,
      `${have ? 'Installed' : 'Available'} Packages\nName        : ${s.name}\nArch        : ${s.arch}\nVersion     : ${s.version}\nRelease     : ${s.release}\nSize        : ${size(Math.round(s.size * (have ? 1 : PACKED)))}\n` +
        `Repo        : ${have ? `installed\nFrom repo   : ${s.repo}` : `${s.repo}/7/x86_64`}\nSummary     : ${s.summary}\n\n`,
    );
  }
  return 0;
}

/** A package by its name, or by a file when the word is a path or has a wildcard; an installed one is told twice, as its repository has it, too. */
function* provides(p: Process, words: Bytes[]): Op<number> {
  const specs = [...knownPackages(p.host).values()].sort((a, b) => byBytes(a.name, b.name));
  let any = false;
  for (const w of words) {
    const text = (s: PackageSpec): Bytes => {
      const file = /[/*?[]/.test(w) ? packageFiles(p.host, s.name).find((f) => globMatch(w, f)) : undefined;
      if (file === undefined && !globMatch(w, s.name) && w !== nevra(s)) return '';
      return (isInstalled(p.host, s.name) ? ['', '@'] : ['']).map((at) => `${nevra(s)} : ${s.summary}\nRepo        : ${at}${s.repo}\n${file === undefined ? '' : `Matched from:\nFilename    : ${file}\n`}\n\n\n`).join('');
    };
    const found = specs.map(text).join('');
    if (found === '' && !/[/*?[]/.test(w)) yield* err(p, `Warning: 3.0.x versions of yum would erroneously match against filenames.\n You can use "*/${w}" and/or "*bin/${w}" to get that behaviour\n`);
    any ||= found !== '';
    yield* out(p, found);
  }
  if (!any) yield* out(p, 'No matches found\n');
  return 0;
}

/** A heading between two rows of =, as yum's fmtSection() centres it. */
function section(name: string): Bytes {
  const left = Math.floor((WIDTH - 2 - name.length) / 2);
  return `${'='.repeat(Math.max(2, left))} ${name} ${'='.repeat(Math.max(2, WIDTH - 2 - name.length - left))}\n`;
}

/** All words in name and summary, in any case. */
function* search(p: Process, words: Bytes[]): Op<number> {
  const low = words.map((w) => w.toLowerCase());
  const found = [...knownPackages(p.host).values()].filter((s) => low.every((w) => `${s.name} ${s.summary}`.toLowerCase().includes(w))).sort((a, b) => byBytes(a.name, b.name));
  if (found.length === 0) {
    yield* err(p, `Warning: No matches found for: ${words.join(', ')}\n`);
    yield* out(p, 'No matches found\n');
    return 0;
  }
  yield* out(p, `${section(`N/S matched: ${words.join(', ')}`)}${found.map((s) => `${s.name}.${s.arch} : ${s.summary}\n`).join('')}\n  Name and summary matches only, use "search all" for everything.\n`);
  return 0;
}

export const yum = command({
  name: 'yum',
  summary: 'package manager',
  path: '/usr/bin/yum',
  package: 'yum',
  options: {
    '-y': { kind: 'flag', says: 'answer yes for all questions' }, '--assumeyes': { kind: 'flag', of: '-y', says: 'answer yes for all questions' },
    '-q': { kind: 'flag', says: 'quiet operation', modelled: false }, '-C': { kind: 'flag', says: 'run from cache' }, '-h': { kind: 'flag', says: 'show help', of: '--help' },
    '--enablerepo': { kind: 'value', says: 'enable repositories', modelled: false }, '--disablerepo': { kind: 'value', says: 'disable repositories', modelled: false },
    '--downloadonly': { kind: 'flag', says: 'only download', modelled: false }, '--nogpgcheck': { kind: 'flag', says: 'disable signature checks' },
  },
  getopt: { badExit: 1, tryHelp: '' }, synopsis: '[options] COMMAND',
  *run(p, opts, args) {
    const [verb, ...rest] = args;
    if (p.uid !== 0 && ['install', 'remove', 'erase', 'update'].includes(verb ?? '')) {
      yield* out(p, 'Loaded plugins: fastestmirror\nYou need to be root to perform this command.\n');
      return 1;
    }
    if (verb === undefined) {
      yield* out(p, 'Loaded plugins: fastestmirror\n');
      yield* err(p, 'You need to give some command\n');
      return 1;
    }
    const known = ['install', 'remove', 'erase', 'list', 'info', 'provides', 'whatprovides', 'search', 'clean', 'makecache', 'repolist'];
    const others = 'update upgrade reinstall localinstall groupinstall groups history check-update deplist downgrade'.split(' ');
    if (others.includes(verb)) return yield* notModelled(p, 'yum', verb);
    yield* out(p, 'Loaded plugins: fastestmirror\n');
    if (!known.includes(verb)) {
      yield* out(p, `No such command: ${verb}. Please use /usr/bin/yum --help\n`);
      return 1;
    }
    if (['install', 'remove', 'erase', 'info', 'provides', 'whatprovides', 'search'].includes(verb) && rest.length === 0) {
      yield* err(p, 'Error: Need to pass a list of pkgs to ' + verb + '\n');
      return 1;
    }
    switch (verb) {
      case 'install':
        return yield* install(p, rest, opts);
      case 'remove':
      case 'erase':
        return yield* remove(p, rest, opts);
      case 'list':
        return yield* list(p, rest);
      case 'info':
        return yield* info(p, rest);
      case 'provides':
      case 'whatprovides':
        return yield* provides(p, rest);
      case 'search':
        return yield* search(p, rest);
      case 'clean':
        yield* out(p, 'Cleaning repos: base extras updates\n');
        return 0;
      case 'makecache':
        yield* out(p, 'Metadata Cache Created\n');
        return 0;
      default: {
        const repos = new Map<string, number>();
        for (const s of knownPackages(p.host).values()) repos.set(s.repo, (repos.get(s.repo) ?? 0) + 1);
        const lines = [...repos].sort(([a], [b]) => byBytes(a, b)).map(([r, n]) => `${`${r}/7/x86_64`.padEnd(24)} ${`CentOS-7 - ${r[0]!.toUpperCase()}${r.slice(1)}`.padEnd(36)} ${n}\n`);
        yield* out(p, `${'repo id'.padEnd(24)} ${'repo name'.padEnd(36)} status\n${lines.join('')}repolist: ${[...repos.values()].reduce((a, b) => a + b, 0)}\n`);
        return 0;
      }
    }
  },
});
