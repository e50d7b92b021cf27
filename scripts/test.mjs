// npm test: installs what is missing, runs every check, and ends with one line `N passed, N failed`.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { bin, buildApp, buildCli, freePort, install, root, run } from './fresh.mjs';

let passed = 0;
let failed = 0;
const bad = [];

/** One check that passes or fails as a whole. */
function check(name, ok) {
  console.log(`${ok ? 'ok' : 'FAILED'}: ${name}`);
  if (ok) passed++;
  else {
    failed++;
    bad.push(name);
  }
}

function report(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

install();
const artifacts = join(root, 'artifacts');
mkdirSync(artifacts, { recursive: true });

check('lint', run(bin('biome'), ['lint', '--diagnostic-level=error', '--max-diagnostics=40', 'src', 'e2e', 'scripts']) === 0);
check('types of the engine (no DOM, no Node)', run(bin('tsc'), ['-p', 'tsconfig.core.json', '--noEmit']) === 0);
check('types of everything', run(bin('tsc'), ['-p', 'tsconfig.json', '--noEmit']) === 0);
check('command line builds', buildCli());

// Unit and conformance tests
const unit = join(artifacts, 'vitest.json');
rmSync(unit, { force: true });
const unitStatus = run(bin('vitest'), ['run', '--silent=passed-only', '--reporter=default', '--reporter=json', `--outputFile.json=${unit}`]);
const unitReport = report(unit);
if (unitReport === null) check('unit tests ran', false);
else {
  passed += unitReport.numPassedTests;
  failed += unitReport.numFailedTests;
  for (const file of unitReport.testResults) {
    for (const t of file.assertionResults) if (t.status === 'failed') bad.push(`${file.name.slice(root.length + 1)}: ${t.fullName}`);
    if (file.status === 'failed' && file.assertionResults.length === 0) check(`${file.name.slice(root.length + 1)} loads`, false);
  }
  if (unitStatus !== 0 && unitReport.numFailedTests === 0 && unitReport.testResults.every((f) => f.status !== 'failed')) check('vitest ended well', false);
}

// The course proves itself
if (existsSync(join(root, 'dist-cli', 'main.js'))) check('lessons prove themselves', run(process.execPath, [join(root, 'dist-cli', 'main.js'), 'lesson', 'test']) === 0);

// Browser
const built = buildApp();
check('app builds', built);
const journeys = existsSync(join(root, 'e2e')) && readdirSync(join(root, 'e2e')).some((f) => f.endsWith('.spec.ts'));
if (built && journeys) {
  const browser = await ensureBrowser();
  if (browser === null) check('a browser is there (CHROMIUM_PATH, npx playwright install chromium, or apt-get install chromium)', false);
  else {
    const out = join(artifacts, 'playwright.json');
    rmSync(out, { force: true });
    run(bin('playwright'), ['test', '--reporter=line,json'], { env: { ...process.env, CHROMIUM_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: out, E2E_PORT: String(await freePort(4199)) } });
    const e2e = report(out);
    if (e2e === null) check('browser tests ran', false);
    else {
      passed += e2e.stats.expected + e2e.stats.flaky;
      failed += e2e.stats.unexpected;
      if (e2e.stats.unexpected > 0) bad.push(`${e2e.stats.unexpected} browser test(s)`);
      if (e2e.stats.expected + e2e.stats.flaky + e2e.stats.unexpected === 0) check('browser tests were found', false);
    }
  }
}

if (bad.length > 0) console.log(`\nFailed:\n${bad.map((b) => `  ${b}`).join('\n')}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
