// tar's command line: old bundles, short and long options. Counterpart: GNU tar 1.34 tar.c.
import type { Bytes } from '../lib/text';
import { notModelledText } from './command';
import { joinPath } from './files';

export const TRY = "Try 'tar --help' or 'tar --usage' for more information.\n";

export class TarError extends Error {
  constructor(
    readonly text: Bytes,
    readonly status = 2,
  ) {
    super(text);
  }
}

export interface Settings {
  mode: 'c' | 'x' | 't' | 'r' | 'u' | null;
  file: Bytes | null;
  gzip: boolean;
  verbose: number;
  toStdout: boolean;
  absolute: boolean;
  keep: boolean;
  preserve: boolean;
  exclude: Bytes[];
  strip: number;
  operands: { dir: Bytes | null; name: Bytes }[];
}

const NEEDS_ARG = 'fCXTbgHIKLNVF';
const LONG: Readonly<Record<string, string>> = {
  '--create': 'c', '--extract': 'x', '--get': 'x', '--list': 't', '--append': 'r', '--update': 'u', '--file': 'f', '--gzip': 'z', '--gunzip': 'z', '--ungzip': 'z', '--verbose': 'v', '--directory': 'C', '--to-stdout': 'O', '--absolute-names': 'P', '--keep-old-files': 'k', '--preserve-permissions': 'p', '--same-permissions': 'p', '--exclude': 'exclude', '--strip-components': 'strip', '--no-same-owner': 'o', '--same-owner': 'same', '--overwrite': 'same', '--auto-compress': 'a',
};

export function parseTar(argv: readonly Bytes[]): Settings {
  const s: Settings = { mode: null, file: null, gzip: false, verbose: 0, toStdout: false, absolute: false, keep: false, preserve: false, exclude: [], strip: 0, operands: [] };
  let dir: Bytes | null = null;
  const args = [...argv];
  let plain = false;
  const missing = (letter: string): TarError => new TarError(`tar: option requires an argument -- '${letter}'\n${TRY}`, 2);
  const apply = (letter: string, value: Bytes | null): void => {
    switch (letter) {
      case 'c':
      case 'x':
      case 't':
      case 'r':
      case 'u':
        if (s.mode !== null && s.mode !== letter) throw new TarError(`tar: You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option\n${TRY}`);
        s.mode = letter;
        break;
      case 'f':
        s.file = value;
        break;
      case 'z':
        s.gzip = true;
        break;
      case 'v':
        s.verbose++;
        break;
      case 'O':
        s.toStdout = true;
        break;
      case 'P':
        s.absolute = true;
        break;
      case 'k':
        s.keep = true;
        break;
      case 'p':
        s.preserve = true;
        break;
      case 'C':
        dir = dir === null || value!.startsWith('/') ? value : joinPath(dir, value!);
        break;
      case 'exclude':
        s.exclude.push(value!);
        break;
      case 'strip':
        s.strip = Number(value);
        break;
      case 'a':
      case 'o':
      case 'm':
      case 'same':
      case 'h':
      case 'S':
      case 'l':
        break;
      default:
        if ('jJZwWXTbgHIKLNVFAdUG'.includes(letter)) throw new TarError(notModelledText('tar', `option -${letter}`), 64);
        throw new TarError(`tar: invalid option -- '${letter}'\n${TRY}`, 64);
    }
  };
  // The first word may be a bundle without a dash; values then follow in order.
  if (args.length > 0 && !args[0]!.startsWith('-') && args[0] !== '') {
    const bundle = args.shift()!;
    for (const c of bundle) {
      if (!NEEDS_ARG.includes(c)) apply(c, null);
      else {
        const v = args.shift();
        if (v === undefined) throw new TarError(`tar: Old option '${c}' requires an argument.\n${TRY}`);
        apply(c, v);
      }
    }
  }
  for (let i = 0; i < args.length; i++) {
    const a = args[i]!;
    if (plain || a === '-' || !a.startsWith('-')) {
      s.operands.push({ dir, name: a });
      continue;
    }
    if (a === '--') {
      plain = true;
      continue;
    }
    if (a.startsWith('--')) {
      const eq = a.indexOf('=');
      const name = eq < 0 ? a : a.slice(0, eq);
      if (name === '--help' || name === '--usage' || name === '--version') {
        apply('help', null);
        continue;
      }
      const letter = LONG[name];
      if (letter === undefined) {
        if (/^--(bzip2|xz|zstd|lzma|delete|diff|compare|concatenate|catenate|exclude-from|files-from|transform|xform|owner|group|mode|mtime|numeric-owner|wildcards|anchored|totals|checkpoint|remove-files|newer|one-file-system|dereference|sparse|verify|interactive|format|posix|use-compress-program|exclude-vcs|same-order|sort|warning|null|recursion|no-recursion|hard-dereference|ignore-failed-read|acls|selinux|xattrs)/.test(name)) throw new TarError(notModelledText('tar', `option ${name}`), 64);
        throw new TarError(`tar: unrecognized option '${a}'\n${TRY}`, 64);
      }
      const takes = letter === 'exclude' || letter === 'strip' || letter === 'f' || letter === 'C';
      const value = eq >= 0 ? a.slice(eq + 1) : takes ? args[++i] : null;
      if (takes && value === undefined) throw new TarError(`tar: option '${name}' requires an argument\n${TRY}`);
      apply(letter, value ?? null);
      continue;
    }
    for (let k = 1; k < a.length; k++) {
      const c = a[k]!;
      if (!NEEDS_ARG.includes(c)) {
        apply(c, null);
        continue;
      }
      const rest = a.slice(k + 1);
      const value = rest !== '' ? rest : args[++i];
      if (value === undefined) throw missing(c);
      apply(c, value);
      break;
    }
  }
  if (dir !== null && s.operands.length === 0) s.operands.push({ dir, name: '\0' });
  return s;
}
