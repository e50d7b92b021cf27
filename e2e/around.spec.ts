// The screens around the lab: one search for everything, mistyped addresses, kept work that is damaged, a page whose file does not come; axe on each.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { ready, run } from './desk';

const inLanguage = (page: Page, lang: 'zh' | 'en', theme: 'dark' | 'light'): Promise<unknown> => page.addInitScript(([l, t]) => { localStorage.setItem('lvslab.lang', l!); localStorage.setItem('lvslab.theme', t!); }, [lang, theme]);

async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude('.xterm').analyze();
  return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 5).join(' | ')}`);
}

for (const [lang, theme] of [['zh', 'dark'], ['en', 'light']] as const) {
  test(`by keyboard from the course to a term, the keys, and a page that is not there: ${lang}, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await inLanguage(page, lang, theme);
    await page.goto('/#/');
    await expect(page.getByRole('main').locator('a[href*="/lesson/"]').first()).toBeVisible({ timeout: 60_000 });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('持久连接');
    const options = page.getByRole('option');
    await expect(options.first()).toContainText(lang === 'zh' ? '会话保持' : 'Persistence'); // by its other name
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('ArrowUp'); // round to the last: the glossary
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/#\/glossary\?q=/);
    await expect(page.locator('[data-term]').first()).toBeVisible();
    await expect(page).toHaveTitle(lang === 'zh' ? '术语 · LVS 集群实验室' : 'Glossary · LVS Lab');
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toContainText('Ctrl Alt Z');
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.goto('/#/reference');
    await expect(page.locator('dt code').first()).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.goto('/#/lesson/dr-clutser');
    await expect(page.getByRole('alert').getByRole('link')).toHaveAttribute('href', '#/lesson/dr-cluster');
    expect(await findings(page)).toEqual([]);
  });
}

test('damaged work is told of, kept, and offered until it is thrown away', async ({ page }) => {
  await inLanguage(page, 'zh', 'dark');
  await page.goto('/#/reference');
  await expect(page.locator('dt code').first()).toBeVisible();
  await page.evaluate(() => new Promise<void>((done, fail) => {
    const open = indexedDB.open('lvslab');
    open.onupgradeneeded = () => open.result.createObjectStore('work');
    open.onerror = () => fail(open.error);
    open.onsuccess = () => {
      const t = open.result.transaction('work', 'readwrite');
      t.objectStore('work').put({ journal: '{"version":1,', passed: null, hints: 7 }, 'rr-order#0');
      t.oncomplete = () => { open.result.close(); done(); };
    };
  }));
  await page.goto('/#/');
  await expect(page.locator('[data-lesson=rr-order]')).toBeVisible({ timeout: 60_000 });
  await page.goto('/#/lesson/rr-order');
  await ready(page);
  await expect(page.locator('[data-notice=broken]')).toContainText('不是实验记录');
  // Only work of its own takes the damaged one's place; then that one is what was put aside.
  await run(page, 'client50', 'echo here');
  await expect.poll(() => page.evaluate(() => new Promise((done, fail) => {
    const open = indexedDB.open('lvslab');
    open.onerror = () => fail(open.error);
    open.onsuccess = () => {
      const got = open.result.transaction('work').objectStore('work').get('rr-order#0');
      got.onerror = () => fail(got.error);
      got.onsuccess = () => { open.result.close(); done((got.result as { journal: string }).journal !== '{"version":1,'); };
    };
  }))).toBe(true);
  await page.reload();
  await ready(page);
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('[data-notice=aside]').getByRole('button', { name: '下载记录' }).click()]);
  expect(file.suggestedFilename()).toBe('rr-order.lvslab.json');
  await page.locator('[data-notice=aside]').getByRole('button', { name: '删掉它' }).click();
  await expect(page.locator('[data-notice=aside]')).toHaveCount(0);
});

test('a lesson whose file does not come says so', async ({ page }) => {
  await inLanguage(page, 'en', 'light');
  await page.route(/\/assets\/wrr-weights/, (r) => r.abort());
  await page.goto('/#/lesson/wrr-weights');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('A file of the page did not arrive', { timeout: 60_000 });
});

test('the first prompt takes keys before the lab has come; what was typed, pasted and clicked is done when it stands', async ({ page }) => {
  await inLanguage(page, 'en', 'dark');
  let come = (): void => {};
  const held = new Promise<void>((r) => { come = r; });
  await page.route(/\/assets\/base-.*\.js/, async (r) => { await held; await r.continue(); });
  await page.goto('/#/lesson/dr-cluster');
  const early = page.locator('[data-first=lvs51]');
  await expect(early.locator('pre')).toHaveText('[root@lvs51 ~]# ');
  expect(await findings(page)).toEqual([]);
  await early.locator('textarea').focus();
  await page.keyboard.type('cat /etc/hostnamex');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Enter');
  await page.keyboard.type('echo ');
  await page.keyboard.insertText('你好');
  await expect(early.locator('pre')).toHaveText('[root@lvs51 ~]# cat /etc/hostname\necho 你好');
  await page.locator('#first').getByRole('button', { name: 'Switch dark or light' }).click();
  await early.click();
  come();
  await expect(page.locator('#first')).toHaveCount(0, { timeout: 60_000 });
  // The focus is where it was, and no key is lost in between.
  await expect(page.locator('[data-terminal="lvs51/0"] textarea')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-terminal="lvs51/0"] .xterm-rows')).toContainText(/cat \/etc\/hostname.*lvs51\[root@lvs51 ~\]# echo 你好\s*你好\[root@lvs51 ~\]# /);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});

test('on a phone, where reading comes first, the first page makes room for the words', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await inLanguage(page, 'zh', 'dark');
  for (const id of ['who-may-test', 'exam', 'dr-cluster']) {
    await page.goto(`/#/lesson/${id}`);
    await expect(page.locator('#first')).toHaveCount(0, { timeout: 30_000 });
    await page.getByRole('tab', { name: '数据包' }).click(); // nothing lies over it
    await expect(page.getByRole('tab', { name: '数据包' })).toHaveAttribute('aria-selected', 'true');
  }
});

test('a first page whose scripts do not come says so', async ({ page }) => {
  await inLanguage(page, 'zh', 'light');
  await page.route(/\/assets\/base-.*\.js/, (r) => r.abort());
  await page.goto('/#/lesson/dr-cluster');
  await expect(page.getByRole('alert')).toContainText('页面的文件没有取到', { timeout: 60_000 });
  await expect(page.locator('[data-first=lvs51] pre')).toHaveText('[root@lvs51 ~]# ');
  await page.goto('/#/reference');
  await page.reload();
  await expect(page.getByRole('alert')).toHaveText('页面的文件没有取到。网络断了，或者网站刚换了新版本。已经保存的操作不受影响；重新打开再试。', { useInnerText: true });
});
