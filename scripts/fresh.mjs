// What start, test and lvslab share: install when node_modules does not match the lock, build when a source changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a program in the project; returns its exit status. */
export function run(command, args, options = {}) {
  const r = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (r.error) console.error(String(r.error.message));
  return r.status ?? 1;
}

/** A program of node_modules/.bin. */
export const bin = (name) => join(root, 'node_modules', '.bin', name);

/** Runs `npm ci` when node_modules is missing or was installed from another lock file. */
export function install() {
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  const stamp = join(root, 'node_modules', '.lvs-lab-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  if (!existsSync(stamp) && sameAsHiddenLock()) return writeFileSync(stamp, lock);
  console.log('Installing packages (npm ci) ...');
  const status = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) {
    console.error('npm ci failed: a network connection (or a filled npm cache) is needed the first time.');
    process.exit(status);
  }
  writeFileSync(stamp, lock);
}

/** Someone already ran npm ci: npm's own record in node_modules lists the same versions. */
function sameAsHiddenLock() {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const there = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
    return Object.entries(wanted).every(([k, v]) => k === '' || v.optional || v.peer || v.devOptional || there[k]?.version === v.version);
  } catch {
    return false;
  }
}

function* files(path) {
  if (!existsSync(path)) return;
  const s = statSync(path);
  if (s.isFile()) yield `${path} ${s.size} ${s.mtimeMs}`;
  else for (const name of readdirSync(path).sort()) yield* files(join(path, name));
}

/** Runs `make` when any of `sources` (paths in the project) differs from when `target` was made. True when it is up to date now. */
export function whenStale(target, sources, make) {
  const hash = createHash('sha256');
  for (const s of sources) for (const f of files(join(root, s))) hash.update(`${f}\n`);
  const now = hash.digest('hex');
  const stamp = join(root, target, '.sources');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return true;
  if (!make()) return false;
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
  return true;
}

const COMMON = ['package-lock.json', 'vite.config.ts', 'tsconfig.base.json', 'tsconfig.json'];

/** Builds the app into dist/ when a source changed. */
export function buildApp() {
  return whenStale('dist', [...COMMON, 'src', 'lessons', 'public', 'index.html'], () => {
    console.log('Building the app ...');
    return run(bin('vite'), ['build', '--logLevel', 'warn']) === 0;
  });
}

/** Builds the command line into dist-cli/ when a source changed. */
export function buildCli() {
  const floors = ['lib', 'wire', 'kernel', 'host', 'commands', 'shell', 'lab', 'lesson', 'cli'];
  return whenStale('dist-cli', [...COMMON, ...floors.map((f) => `src/${f}`)], () => {
    // Built aside and moved, so that two builds at once do not see each other's halves.
    const aside = `dist-cli-${process.pid}`;
    const ok = run(bin('vite'), ['build', '--ssr', 'src/cli/main.ts', '--outDir', aside, '--logLevel', 'error']) === 0;
    if (ok) {
      rmSync(join(root, 'dist-cli'), { recursive: true, force: true });
      renameSync(join(root, aside), join(root, 'dist-cli'));
    } else rmSync(join(root, aside), { recursive: true, force: true });
    return ok;
  });
}

/** The first free port from `port` on. */
export function freePort(port) {
  return new Promise((resolve, reject) => {
    const s = createServer();
    s.once('error', (e) => (e.code === 'EADDRINUSE' && port < 65535 ? resolve(freePort(port + 1)) : reject(e)));
    s.listen(port, '127.0.0.1', () => s.close(() => resolve(port)));
  });
}
