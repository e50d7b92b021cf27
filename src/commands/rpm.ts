// rpm: asks the package database; erases. Linux counterpart: rpm 4.11 (EL 7), rpm(8).
// Not modelled: package files, verification, signatures, queries by format.
import { isInstalled, knownPackages, nevra, ownerOf, packageFiles, packageSpec, removePackage } from '../host/packages';
import type { PackageSpec } from '../host/images/image';
import { err, out } from '../host/syscall';
import { type Bytes, byBytes } from '../lib/text';
import { command, notModelled, type OptionSpec } from './command';
import { globMatch } from './glob';

const no = (says: string): OptionSpec => ({ kind: 'flag', says, modelled: false });

/** The packages' lists name /bin and /sbin, which are links into /usr. */
const merged = (path: Bytes): Bytes => path.replace(/^\/(s?bin|lib|lib64)\//, '/usr/$1/');

const about = (s: PackageSpec): Bytes =>
  `Name        : ${s.name}\nVersion     : ${s.version}\nRelease     : ${s.release}\nArchitecture: ${s.arch}\nSize        : ${s.size}\nSource RPM  : ${s.name}-${s.version}-${s.release}.src.rpm\n` +
  `Vendor      : CentOS\nSummary     : ${s.summary}\n`;

export const rpm = command({
  name: 'rpm',
  summary: 'RPM package manager',
  path: '/usr/bin/rpm',
  package: 'rpm',
  options: {
    '-q': { kind: 'flag', says: 'query' }, '--query': { kind: 'flag', of: '-q', says: 'query' }, '-a': { kind: 'flag', says: 'all packages' }, '--all': { kind: 'flag', of: '-a', says: 'all packages' },
    '-f': { kind: 'flag', says: 'the package that owns a file' }, '--file': { kind: 'flag', of: '-f', says: 'the package that owns a file' },
    '-l': { kind: 'flag', says: 'list files' }, '--list': { kind: 'flag', of: '-l', says: 'list files' }, '-c': { kind: 'flag', says: 'list configuration files' },
    '-i': { kind: 'flag', says: 'information (with -q), install' }, '--info': { kind: 'flag', of: '-i', says: 'information' }, '-e': { kind: 'flag', says: 'erase' },
    '--erase': { kind: 'flag', of: '-e', says: 'erase' }, '--nodeps': { kind: 'flag', says: 'do not look at dependencies' },
    '-v': { kind: 'flag', says: 'verbose' }, '-h': { kind: 'flag', says: 'print hash marks' }, '-U': no('upgrade'), '-F': no('freshen'), '-V': no('verify'), '-K': no('check signatures'),
    '-R': no('requirements'), '-d': no('documentation'), '-p': no('query a package file'), '--qf': { kind: 'value', says: 'query format', modelled: false },
    '--queryformat': { kind: 'value', says: 'query format', modelled: false }, '--import': no('import a key'), '--scripts': no('scriptlets'), '--changelog': no('change log'), '--whatprovides': no('by capability'),
  },
  getopt: { badExit: 1, tryHelp: '' }, synopsis: '[OPTION...]',
  version: 'RPM version 4.11.3\n',
  *run(p, opts, args) {
    const { host } = p;
    const installed = [...knownPackages(host).values()].filter((s) => isInstalled(host, s.name));
    if (opts.has('-e')) {
      let bad = 0;
      for (const name of args) {
        const spec = packageSpec(host, name);
        if (spec === undefined || !isInstalled(host, spec.name)) {
          yield* err(p, `error: package ${name} is not installed\n`);
          bad++;
          continue;
        }
        const holder = installed.find((s) => (s.requires ?? []).includes(spec.name) && !args.includes(s.name));
        if (holder !== undefined && !opts.has('--nodeps')) {
          yield* err(p, `error: Failed dependencies:\n\t${spec.name} is needed by (installed) ${nevra(holder)}\n`);
          bad++;
        } else yield* removePackage(p, spec.name);
      }
      return bad;
    }
    if (!opts.has('-q')) {
      if (opts.has('-i')) return yield* notModelled(p, 'rpm', 'installing package files');
      yield* out(p, 'RPM version 4.11.3\nCopyright (C) 1998-2002 - Red Hat, Inc.\nThis program may be freely redistributed under the terms of the GNU GPL\n\n');
      return 1;
    }
    let status = 0;
    const show = (s: PackageSpec): Bytes => {
      if (opts.has('-i')) return about(s);
      const files = packageFiles(host, s.name).sort(byBytes);
      if (opts.has('-c')) return files.filter((f) => f.startsWith('/etc/')).map((f) => `${f}\n`).join('');
      if (opts.has('-l')) return files.length === 0 ? '(contains no files)\n' : files.map((f) => `${f}\n`).join('');
      return `${nevra(s)}\n`;
    };
    if (opts.has('-a')) {
      const chosen = installed.filter((s) => args.length === 0 || args.some((g) => globMatch(g, s.name) || globMatch(g, nevra(s))));
      yield* out(p, chosen.sort((a, b) => byBytes(a.name, b.name)).map(show).join(''));
      return 0;
    }
    if (args.length === 0) {
      yield* err(p, 'rpm: no arguments given for query\n');
      return 1;
    }
    for (const word of args) {
      if (opts.has('-f')) {
        const path = word.startsWith('/') ? word : `${p.cwd === '/' ? '' : p.cwd}/${word}`;
        const owner = ownerOf(host, path) ?? ownerOf(host, merged(path));
        if (owner !== null) yield* out(p, show(owner));
        else {
          if (host.vfs.exists(path)) yield* out(p, `file ${path} is not owned by any package\n`);
          else yield* err(p, `error: file ${path}: No such file or directory\n`);
          status++;
        }
        continue;
      }
      const spec = installed.find((s) => [s.name, `${s.name}.${s.arch}`, `${s.name}-${s.version}`, `${s.name}-${s.version}-${s.release}`, nevra(s)].includes(word));
      if (spec === undefined) {
        yield* out(p, `package ${word} is not installed\n`);
        status++;
      } else yield* out(p, show(spec));
    }
    return status;
  },
});
