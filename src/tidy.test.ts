// The house rules a compiler does not see: floors, file length, first-line comments, no clock or chance of the machine in the engine.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const src = dirname(fileURLToPath(import.meta.url));
const FLOORS = ['lib', 'wire', 'kernel', 'host', 'commands', 'shell', 'lab', 'lesson'];
/** What each floor may import besides itself. ui and cli see only lab and lesson. */
const MAY: Record<string, readonly string[]> = Object.fromEntries([
  ...FLOORS.map((f, i) => [f, FLOORS.slice(0, i + 1)]),
  ['ui', ['ui', 'lab', 'lesson']],
  ['cli', ['cli', 'lab', 'lesson']],
]);
/** Packages a floor may use. The engine has none but the bash parser, and the lesson floor the readers of its formats. */
const PACKAGES: Record<string, readonly string[]> = {
  lib: [], wire: [], kernel: [], host: [], commands: [], shell: ['unbash'], lab: [], lesson: ['yaml', 'zod'],
};
const LIMIT = 300;
/** Files longer than the limit, each with its reason. A stale excuse fails. */
const LONG: Record<string, string> = {
  'host/vfs.ts': 'every operation on inodes shares the overlay, the cache and the permission checks',
  'lab/lab.ts': 'the one API, method by method',
  'host/images/services.ts': 'data: /etc/services as installed',
  'commands/index.ts': 'the list of all commands',
  'commands/posix_ast.ts': 'one grammar: basic, extended and GNU forms share every production',
  'commands/awk/parse_expr.ts': 'one method a level of precedence',
  'commands/sed/run.ts': 'one switch over all commands of sed',
  'host/syscall.ts': 'the table of calls reads best as one page',
};
/** May use Math functions whose last digits differ between machines: awk prints six digits of them. */
const INEXACT = ['commands/awk/builtin.ts'];
const FORBIDDEN = [
  [/\bnew Date\b|\bDate\.(now|UTC|parse)\b/, 'Date'],
  [/\bMath\.(random|sin|cos|tan|exp|log|log2|log10|pow|cbrt|hypot|atan2?|asin|acos)\b/, 'chance or inexact Math'],
  [/\bIntl\b|\.localeCompare\(|\.toLocale\w+\(/, 'Intl'],
  [/\basync\b\s*(function|\(|\*)|\bawait\s|\bnew Promise\b|\bPromise\./, 'promises'],
  [/\bsetTimeout\b|\bsetInterval\b|\bperformance\.now\b|\bqueueMicrotask\b/, 'real time'],
  [/\bprocess\.(env|argv|cwd|stdout)\b|\bconsole\.\w/, 'Node'],
] as const;

interface Source {
  path: string;
  floor: string;
  test: boolean;
  text: string;
  /** Without comments and string contents, for scans of code. */
  code: string;
}

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

const bare = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/[^\n]*/g, '$1').replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");

const sources: Source[] = [...walk(src)].map((file) => {
  const path = relative(src, file).split(sep).join('/');
  const text = readFileSync(file, 'utf8');
  return { path, floor: path.includes('/') ? path.slice(0, path.indexOf('/')) : '', test: /\.test\.tsx?$/.test(path), text, code: bare(text) };
});
const engine = sources.filter((s) => FLOORS.includes(s.floor) && !s.test);

function importsOf(s: Source): string[] {
  return [...s.text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g)].map((m) => (m[1] ?? m[2] ?? m[3])!);
}

function floorOf(from: Source, spec: string): string | null {
  if (!spec.startsWith('.')) return null;
  const parts = [...from.path.split('/').slice(0, -1)];
  for (const p of spec.split('/')) {
    if (p === '..') parts.pop();
    else if (p !== '.') parts.push(p);
  }
  return parts[0] ?? '';
}

/** Breaks of the floors in these sources. */
function floorBreaks(list: readonly Source[]): string[] {
  const out: string[] = [];
  for (const s of list) {
    const may = MAY[s.floor];
    if (may === undefined || s.test) continue;
    for (const spec of importsOf(s)) {
      const floor = floorOf(s, spec);
      if (floor === null) {
        const packages = PACKAGES[s.floor];
        if (packages !== undefined && !packages.includes(spec)) out.push(`${s.path} imports the package ${spec}`);
      } else if (!may.includes(floor)) out.push(`${s.path} imports ${spec} (floor ${floor})`);
    }
  }
  return out;
}

describe('the house', () => {
  test('was read at all', () => {
    expect(engine.length).toBeGreaterThan(20);
    expect(engine.reduce((n, s) => n + importsOf(s).length, 0)).toBeGreaterThan(50);
  });
  test('floors: a file imports its own floor or one to the left', () => expect(floorBreaks(sources)).toEqual([]));
  test('a planted violation is found', () => {
    const plant = (path: string, text: string): Source => ({ path, floor: path.slice(0, path.indexOf('/')), test: false, text, code: bare(text) });
    expect(floorBreaks([plant('kernel/x.ts', "import { Lab } from '../lab/lab';\n"), plant('ui/y.ts', "import type { Kernel } from '../kernel/kernel';"), plant('lib/z.ts', "import 'zod';")])).toEqual([
      'kernel/x.ts imports ../lab/lab (floor lab)', 'ui/y.ts imports ../kernel/kernel (floor kernel)', 'lib/z.ts imports the package zod',
    ]);
  });
  test('first lines say what a file is', () => {
    expect(sources.filter((s) => !/^(\/\/|\/\*\*?)\s*\S.{15,}/.test(s.text.split('\n', 1)[0]!)).map((s) => s.path)).toEqual([]);
  });
  test(`files keep to ${LIMIT} lines, or have an excuse`, () => {
    const long = sources.filter((s) => !s.test && s.text.split('\n').length - 1 > LIMIT).map((s) => s.path);
    expect(long.filter((p) => LONG[p] === undefined)).toEqual([]);
    expect(Object.keys(LONG).filter((p) => !long.includes(p)), 'stale excuses').toEqual([]);
  });
  test('the engine knows no clock, chance or locale of the machine', () => {
    expect(engine.flatMap((s) => FORBIDDEN.filter(([re, what]) => re.test(s.code) && !(what === 'chance or inexact Math' && INEXACT.includes(s.path) && !/Math\.random/.test(s.code))).map(([, what]) => `${s.path}: ${what}`))).toEqual([]);
  });
  test('no default exports, barrels, enums or namespaces', () => {
    // React.lazy wants default exports: the page's own lazy panes may have one.
    const found = sources.filter((s) => s.floor !== 'ui' && /(^|\n)export default\b/.test(s.code)).map((s) => `${s.path}: default export`);
    found.push(...sources.filter((s) => /(^|\n)(export )?(const )?enum\s+\w|(^|\n)(export )?namespace\s+\w/.test(s.code)).map((s) => `${s.path}: enum or namespace`));
    found.push(...engine.filter((s) => s.path.endsWith('/index.ts') && /(^|\n)export \*/.test(s.code)).map((s) => `${s.path}: barrel`));
    expect(found).toEqual([]);
  });
});
