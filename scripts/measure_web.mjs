// Prints how the built page does beside the least page with React and xterm (scripts/floor), both served gzipped by this script and driven in the
// same headless browser. It prints and judges nothing: a slow machine is no mistake. Usage: npm run measure:web [-- --runs 5] [--dist FOLDER] [--only first|keys|fps|hosts]
import { createReadStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { ensureBrowser } from './browser.mjs';
import { watch } from './measure_watch.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const option = (name, otherwise) => { const at = process.argv.indexOf(name); return at < 0 ? otherwise : process.argv[at + 1]; };
const runs = Number(option('--runs', '5'));
const keys = Number(option('--keys', '80'));
const lesson = 'dr-cluster';
const only = option('--only', '');
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };

const made = mkdtempSync(join(tmpdir(), 'lvslab-measure-'));
const floorDir = join(made, 'floor');
let appDir = option('--dist', '');
console.log(`${cpus().length} processors, load ${loadavg()[0].toFixed(1)}: times by the clock mean little while others use them`);
console.log('building ...');
await build({ configFile: false, root: join(here, 'floor'), logLevel: 'error', base: './', plugins: [react()], build: { outDir: floorDir, target: 'es2022' } });
if (appDir === '') {
  appDir = join(made, 'app');
  await build({ root: join(here, '..'), logLevel: 'error', build: { outDir: appDir } });
}

/** Serves a folder gzipped; `swap` may answer a file with another text. */
function serve(dir, swap = () => null) {
  const packed = new Map();
  const server = createServer((q, a) => {
    const path = decodeURIComponent((q.url ?? '/').split('?')[0]);
    const file = join(dir, path === '/' ? 'index.html' : path);
    if (!file.startsWith(dir) || !existsSync(file)) { a.writeHead(404).end(); return; }
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    if (extname(file) === '.woff2') { a.writeHead(200, { 'content-type': type }); createReadStream(file).pipe(a); return; }
    if (!packed.has(file)) packed.set(file, gzipSync(swap(file) ?? readFileSync(file)));
    a.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip', 'cache-control': 'no-store' }).end(packed.get(file));
  });
  return new Promise((r) => server.listen(0, '127.0.0.1', () => r({ url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() })));
}

const path = await ensureBrowser();
if (path === null) { console.error('no browser found; set CHROMIUM_PATH'); process.exit(1); }
const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'] });
const at = (list, p) => { const s = [...list].sort((a, b) => a - b); return s[Math.min(s.length - 1, Math.floor(s.length * p))] ?? Number.NaN; };
const ms = (n) => `${n.toFixed(1)} ms`;
const kb = (n) => `${(n / 1000).toFixed(1)} kB`;

/** Opens a page; `stands` waits for more than its first prompt, within what is measured. */
async function open(url, hash = '', stands = async () => {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  page.on('pageerror', (e) => console.error(`page: ${e.message}`));
  await page.addInitScript(watch);
  await page.addInitScript(() => { try { localStorage.setItem('lvslab.lang', 'en'); localStorage.setItem('lvslab.theme', 'dark'); } catch { /* about:blank has none */ } });
  const { out: [prompt, stood], tasks } = await processorTime(page, async () => {
    await page.goto(`${url}/${hash}`);
    await page.waitForFunction(() => window.__m.prompt > 0, null, { timeout: 120_000 });
    await stands(page);
    return page.evaluate(() => [window.__m.prompt, performance.now()]);
  });
  const work = tasks.filter((t) => t.at < prompt).reduce((n, t) => n + t.cpu, 0);
  return { page, prompt, stood, work, tasks, close: () => context.close() };
}

/** Bytes asked for before `until`: code and words as gzip counts them, fonts apart. */
const bytes = (page) => page.evaluate(() => {
  const until = window.__m.prompt;
  const nav = performance.getEntriesByType('navigation')[0];
  const list = performance.getEntriesByType('resource').filter((e) => e.startTime < until);
  const sum = (l) => l.reduce((n, e) => n + e.encodedBodySize, 0);
  const font = (e) => e.name.endsWith('.woff2');
  return { code: nav.encodedBodySize + sum(list.filter((e) => !font(e))), fonts: sum(list.filter(font)), files: list.length };
});

/** Types `n` keys at an uneven pace. Gives for each, in ms, the time to its echo by the clock, and what the page's thread worked meanwhile. */
async function typeKeys(page, n) {
  await page.evaluate(() => { Object.assign(window.__m, { echoes: [], pending: [], typed: '' }); });
  const { out, tasks } = await processorTime(page, async () => {
    for (let i = 0; i < n; i++) {
      await page.keyboard.press(i % 20 === 19 ? 'Backspace' : 'abcdefghij'[i % 10]);
      await page.waitForTimeout(40 + ((i * 7) % 30));
    }
    // A key whose echo never came would make the others look good.
    await page.waitForFunction(() => window.__m.pending.length === 0, null, { timeout: 20_000 });
    await page.waitForTimeout(50);
    return page.evaluate(() => window.__m.echoes);
  });
  // The rows changed within the frame's task; painted they are at its end.
  const echoes = out.map(([from, drawn]) => { const frame = tasks.find((t) => t.at <= drawn && drawn <= t.at + t.wall); return [from, frame === undefined ? drawn : frame.at + frame.wall]; });
  const work = ([from, to]) => tasks.reduce((sum, t) => sum + t.cpu * Math.max(0, (Math.min(to, t.at + t.wall) - Math.max(from, t.at)) / (t.wall || 1)), 0);
  return { clock: echoes.map(([from, to]) => to - from), work: echoes.map(work), tasks };
}

/** The tasks of the page's thread while `body` runs: when (ms of the page), how long by the clock, and how long by the processor: what other programs take meanwhile does not count. */
async function processorTime(page, body) {
  const cdp = await page.context().newCDPSession(page);
  const events = [];
  cdp.on('Tracing.dataCollected', (e) => events.push(...e.value));
  const ended = new Promise((r) => cdp.once('Tracing.tracingComplete', r));
  await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline', 'devtools.timeline', 'blink.user_timing'], excludedCategories: ['*'] } });
  const out = await body();
  // Ties the trace's clock to the page's.
  const zero = await page.evaluate(() => performance.mark('measure-zero').startTime);
  await cdp.send('Tracing.end');
  await ended;
  await cdp.detach();
  const mark = events.find((e) => e.name === 'measure-zero');
  const tasks = events.filter((e) => e.ph === 'X' && e.name === 'RunTask' && e.pid === mark.pid && e.tid === mark.tid && e.tdur !== undefined);
  return { out, tasks: tasks.map((e) => ({ at: zero + (e.ts - mark.ts) / 1000, wall: e.dur / 1000, cpu: e.tdur / 1000 })) };
}
const longest = (tasks) => `${tasks.filter((x) => x.cpu > 50).length} / ${Math.max(0, ...tasks.map((x) => x.cpu)).toFixed(0)} ms`;

const focus = (page, n) => page.keyboard.press(`Alt+${n}`);
async function line(page, n, text, wait = 400) {
  await focus(page, n);
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await page.waitForTimeout(wait);
}
/** The engine answers: a typed character was echoed. */
async function answering(page) {
  await page.waitForSelector('[data-pane=topology] [data-host]', { timeout: 120_000 });
}

const floor = await serve(floorDir);
const app = await serve(appDir);
const hash = `#/lesson/${lesson}`;
const row = (name, floorText, appText, ratio) => console.log(`${name.padEnd(58)} ${String(floorText).padStart(12)} ${String(appText).padStart(12)}  ${ratio}`);
console.log(`\n${'what'.padEnd(58)} ${'floor'.padStart(12)} ${'app'.padStart(12)}  ratio or bar`);

/** @type {Record<string, number[]>} */
const first = { floor: [], app: [], floorWork: [], appWork: [], terminal: [], answer: [], longest: [] };
let weight = null;
let floorWeight = null;
let opening = [];
for (let i = 0; i <= (only === '' || only === 'first' ? runs : 0); i++) {
  const a = await open(floor.url);
  floorWeight = await bytes(a.page);
  await a.close();
  const b = await open(app.url, hash, answering);
  weight = await bytes(b.page);
  opening = await b.page.evaluate(() => window.__m.tasks);
  const terminal = await b.page.evaluate(() => window.__m.terminal);
  await b.close();
  if (i === 0) continue; // the browser itself warms up
  first.floor.push(a.prompt);
  first.app.push(b.prompt);
  first.floorWork.push(a.work);
  first.appWork.push(b.work);
  first.answer.push(b.stood);
  first.longest.push(Math.max(0, ...b.tasks.map((x) => x.cpu)));
  first.terminal.push(terminal);
}
if (first.app.length > 0) {
  row('first prompt, median', ms(at(first.floor, 0.5)), ms(at(first.app, 0.5)), `${(at(first.app, 0.5) / at(first.floor, 0.5)).toFixed(2)} (bar 1.3)`);
  row('  by processor time of the page', ms(at(first.floorWork, 0.5)), ms(at(first.appWork, 0.5)), (at(first.appWork, 0.5) / at(first.floorWork, 0.5)).toFixed(2));
  row("the lab's own terminals stand, median", ms(at(first.floor, 0.5)), ms(at(first.terminal, 0.5)), '');
  row('the cluster stands (topology drawn), median', '', ms(at(first.answer, 0.5)), '');
}
row('gzip bytes asked for before the first prompt, code', kb(floorWeight.code), kb(weight.code), 'bar 300 kB');
row('  and fonts', kb(floorWeight.fonts), kb(weight.fonts), '');
row('long tasks while opening, longest', '', `${opening.length} / ${Math.max(0, ...opening.map((x) => x[1]))} ms`, 'bar 50 ms');
if (first.longest.length > 0) row('  by processor time, median of the longest', '', ms(at(first.longest, 0.5)), 'bar 50 ms');

/** Rows of one round of keys beside the floor's own, measured just before and just after. */
function keyRows(what, base, app) {
  for (const p of [0.5, 0.95]) row(`${what}, p${p * 100}`, ms(at(base.clock, p)), ms(at(app.clock, p)), `+${ms(at(app.clock, p) - at(base.clock, p))}${p > 0.9 ? ' (bar +16.7 ms)' : ''}`);
  row('  by processor time of the page, p50 and p95', `${at(base.work, 0.5).toFixed(1)} ${ms(at(base.work, 0.95))}`, `${at(app.work, 0.5).toFixed(1)} ${ms(at(app.work, 0.95))}`, `+${ms(at(app.work, 0.95) - at(base.work, 0.95))}`);
}
async function floorKeys() {
  const a = await open(floor.url);
  await a.page.waitForTimeout(300);
  const typed = await typeKeys(a.page, keys);
  await a.close();
  return typed;
}
const both = (a, b) => ({ clock: [...a.clock, ...b.clock], work: [...a.work, ...b.work] });

if (only === '' || only === 'keys') {
  const before = await floorKeys();
  const b = await open(app.url, hash);
  await answering(b.page);
  await b.page.waitForTimeout(1500);
  await b.page.evaluate(() => { window.__m.tasks = []; });
  await focus(b.page, 2);
  const quiet = await typeKeys(b.page, keys);
  keyRows('key press to painted echo', before, quiet);
  await b.page.keyboard.press('Control+u');
  // A normal lab: a director, two servers, requests at Normal and at Real.
  const normal = await processorTime(b.page, async () => {
    for (const text of ['ifconfig eth0:1 192.168.4.253 broadcast 192.168.4.253 netmask 255.255.255.255 up', 'ipvsadm -A -t 192.168.4.253:80 -s rr', 'ipvsadm -a -t 192.168.4.253:80 -r 192.168.4.52 -g', 'ipvsadm -a -t 192.168.4.253:80 -r 192.168.4.53 -g']) await line(b.page, 2, text);
    for (const n of [3, 4]) for (const text of ['sysctl -w net.ipv4.conf.all.arp_ignore=1', 'sysctl -w net.ipv4.conf.all.arp_announce=2', 'ifconfig lo:1 192.168.4.253 broadcast 192.168.4.253 netmask 255.255.255.255 up', 'systemctl start httpd']) await line(b.page, n, text, text.startsWith('ifconfig lo') ? 1500 : 400);
    await line(b.page, 1, 'curl 192.168.4.253/test.html', 6000);
    const verdict = await b.page.evaluate(() => window.__m.verdicts.vip);
    row('Enter to the tick of the step it completes', '', verdict === undefined ? 'none' : ms(verdict), 'bar 200 ms');
    await b.page.getByRole('button', { name: 'Real', exact: true }).click();
    for (let i = 0; i < 5; i++) await line(b.page, 1, 'curl 192.168.4.253/test.html', 500);
  });
  const tasks = await b.page.evaluate(() => window.__m.tasks);
  row(`long tasks in a normal lab (${lesson}), longest`, '', `${tasks.length} / ${Math.max(0, ...tasks.map((x) => x[1]))} ms`, 'bar 50 ms');
  row('  by processor time', '', longest(normal.tasks), 'bar 50 ms');
  const said = await b.page.locator('[data-terminal="client50/0"] .xterm-rows').innerText();
  if (!said.includes('web5')) console.log('  (no page came back: what follows is without load)');
  await line(b.page, 1, 'ab -q -n 100000 -c 50 http://192.168.4.253/test.html', 1500);
  await b.page.evaluate(() => { window.__m.tasks = []; });
  await focus(b.page, 2);
  const frames = () => b.page.evaluate(() => document.querySelector('[data-testid=frames]')?.textContent ?? '');
  const from = await frames();
  const loaded = await typeKeys(b.page, keys);
  const to = await frames();
  const loadTasks = await b.page.evaluate(() => window.__m.tasks);
  await b.close();
  keyRows('  while 100,000 connections run', both(before, await floorKeys()), loaded);
  row('  long tasks meanwhile, longest', '', `${loadTasks.length} / ${Math.max(0, ...loadTasks.map((x) => x[1]))} ms`, from === to ? '' : `packets ${from} to ${to}`);
  row('    by processor time', '', longest(loaded.tasks), '');
}

/** The app with a lab of `n` hosts on one segment in the lesson's place; `use` gets its address. */
async function manyHosts(n, use) {
  const hosts = Object.fromEntries(Array.from({ length: n }, (_, i) => [`h${i + 1}`, { role: i === 0 ? 'director' : i < 8 ? 'client' : 'real-server', interfaces: { eth0: `lan 10.0.0.${i + 1}/24` } }]));
  const changed = new Map();
  for (const name of readdirSync(join(appDir, 'assets')).filter((x) => x.startsWith(`${lesson}-`) && x.endsWith('.js'))) {
    const copy = join(made, `${n}-${name.replace(/js$/, 'mjs')}`);
    writeFileSync(copy, readFileSync(join(appDir, 'assets', name)));
    const { default: compiled } = await import(pathToFileURL(copy).href);
    if (compiled.text === undefined) continue;
    compiled.text.data.lab = { image: 'el', segments: { lan: '10.0.0.0/24' }, hosts, start: [] };
    compiled.text.data.steps = [{ ...compiled.text.data.steps[0], checks: [{ kind: 'address', args: { on: 'h1', has: '10.0.0.1' } }] }];
    changed.set(join(appDir, 'assets', name), `export default ${JSON.stringify(compiled)};`);
  }
  const served = await serve(appDir, (file) => changed.get(file) ?? null);
  try { await use(served.url); } finally { served.close(); }
}
/** Frames a second over `time` ms, and what each cost. */
async function frameRate(page, time = 5000) {
  const { out: fps, tasks } = await processorTime(page, () => page.evaluate((time) => new Promise((r) => { let n = 0; const t0 = performance.now(); const f = () => { n++; if (performance.now() - t0 > time) r((n * 1000) / (performance.now() - t0)); else requestAnimationFrame(f); }; requestAnimationFrame(f); }), time));
  const frames = (fps * time) / 1000;
  return { fps: fps.toFixed(1), cost: `processor ${(tasks.reduce((a, b) => a + b.cpu, 0) / frames).toFixed(1)} ms a frame, longest task ${Math.max(0, ...tasks.map((x) => x.cpu)).toFixed(0)} ms` };
}

if (only === '' || only === 'fps') {
  // Twenty hosts on slow cables that ask each other without pause: some two hundred packets are under way at any moment.
  await manyHosts(20, async (url) => {
    const b = await open(url, hash);
    await answering(b.page);
    await b.page.waitForTimeout(1000);
    // Slow cables, by the cables' own menu: a packet is under way for a second.
    for (let n = 1; n <= 9; n++) {
      await b.page.locator(`[data-link="h${n}/eth0"]`).click({ force: true });
      await b.page.getByRole('menuitemradio', { name: '500 ms' }).click();
      await b.page.keyboard.press('Escape');
    }
    for (let n = 1; n <= 9; n++) await line(b.page, n, 'for i in $(seq 10 20); do ping -q -i 0.25 10.0.0.$i > /dev/null & done', 200);
    await b.page.waitForTimeout(3000);
    const { fps, cost } = await frameRate(b.page);
    const flights = await b.page.evaluate(() => /\d+/.exec(document.querySelector('[data-testid=flights]')?.textContent ?? '')?.[0] ?? 'at most 12');
    row(`frames a second, 20 hosts, ${flights} packets under way`, 'bar 60', fps, cost);
    await b.close();
  });
}

if (only === '' || only === 'hosts') {
  await manyHosts(200, async (url) => {
    const b = await open(url, hash);
    await answering(b.page);
    row('200 hosts: the cluster stands (topology drawn)', '', ms(await b.page.evaluate(() => performance.now())), '');
    await b.page.waitForTimeout(3000);
    const idle = await frameRate(b.page);
    row('200 hosts: frames a second, idle', 'bar 60', idle.fps, idle.cost);
    await line(b.page, 1, 'ping -q -i 0.2 10.0.0.150 > /dev/null &', 1000);
    const busy = await frameRate(b.page);
    row('200 hosts: frames a second, with a ping', 'bar 60', busy.fps, busy.cost);
    const echoes = await typeKeys(b.page, 40);
    row('200 hosts: key press to echo meanwhile, p50 and p95', '', ms(at(echoes.clock, 0.5)), ms(at(echoes.clock, 0.95)));
    row('200 hosts: script memory', '', `${((await b.page.evaluate(() => performance.memory?.usedJSHeapSize ?? Number.NaN)) / 1e6).toFixed(0)} MB`, '');
    await b.close();
  });
}
await browser.close();
floor.close();
app.close();
rmSync(made, { recursive: true, force: true });
