// Finds a browser for the tests, or installs one: CHROMIUM_PATH, Playwright's own, /usr/bin/chromium, else apt on a Debian as root.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Path of a browser that is there, or null. */
export async function findBrowser() {
  if (process.env.CHROMIUM_PATH && existsSync(process.env.CHROMIUM_PATH)) return process.env.CHROMIUM_PATH;
  try {
    const { chromium } = await import('@playwright/test');
    const own = chromium.executablePath();
    if (own && existsSync(own)) return own;
  } catch {
    // not installed yet
  }
  for (const path of ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']) if (existsSync(path)) return path;
  return null;
}

/** Installs Debian's chromium when no browser is there. Returns its path, or null when that is not possible. */
export async function ensureBrowser() {
  const there = await findBrowser();
  if (there !== null) return there;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing a browser for the tests (apt-get install chromium fonts-noto-cjk) ...');
    const options = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update', '-qq'], options);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'], options);
  }
  return findBrowser();
}
