// The workspace: a cable pulled and put back by its menu, a page in the browser that keep-alive holds, the whole lab by keyboard alone, and a tablet.
import { expect, test } from '@playwright/test';
import { go, HOSTS, open, picture, ready, run, screen } from './desk';

const VIP = '192.168.4.253';

test('a cable is pulled and put back; the browser keeps its server until keep-alive is off', async ({ page }) => {
  await open(page, 'dr-cluster', 'en', 'light');
  await run(page, 'lvs51', `ifconfig eth0:1 ${VIP}/32; ipvsadm -A -t ${VIP}:80 -s rr; ipvsadm -a -t ${VIP}:80 -r 192.168.4.52 -g; ipvsadm -a -t ${VIP}:80 -r 192.168.4.53 -g`);
  for (const web of ['web52', 'web53']) await run(page, web, `sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2; ifconfig lo:1 ${VIP}/32`);

  await page.locator('[data-host=client50]').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Open the browser' }).click();
  const browser = page.locator('[data-browser=client50]');
  await browser.getByRole('textbox', { name: 'Address' }).fill(`http://${VIP}/test.html`);
  await page.keyboard.press('Enter');
  await expect(browser).toContainText('served by web5');
  const first = /web5\d/.exec(await browser.innerText())![0];
  for (let i = 0; i < 3; i++) {
    await browser.getByRole('button', { name: 'Reload' }).click();
    await expect(browser).toContainText('same connection as before');
  }
  await expect(browser.getByRole('note')).toContainText(`times ${first} in a row: the browser keeps using one connection`);
  await browser.getByRole('checkbox').uncheck();
  await browser.getByRole('button', { name: 'Reload' }).click();
  await expect(browser).toContainText(`served by ${first === 'web52' ? 'web53' : 'web52'}`);
  await expect(browser.getByRole('note')).toHaveCount(0);
  await picture(page, 'browser.en.light');
  await browser.getByRole('button', { name: 'Close' }).click();

  // The menu of the cable, by mouse; then by the host's menu and keys alone.
  await page.locator('[data-link="web52/eth0"]').click({ button: 'right', force: true });
  await page.getByRole('menuitem', { name: /^Unplug/ }).click();
  await expect(page.locator('[data-link="web52/eth0"]')).toHaveAttribute('aria-label', /unplugged/i);
  await run(page, 'client50', 'ping -c 1 -W 1 192.168.4.52');
  await expect(screen(page, 'client50')).toContainText('100% packet loss');
  await page.locator('[data-host=web52]').focus();
  await page.keyboard.press('Shift+F10');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Plug the cable in eth0' })).toBeFocused();
  await page.keyboard.press('Enter');
  await run(page, 'client50', 'clear; ping -c 1 -W 1 192.168.4.52');
  await expect(screen(page, 'client50')).toContainText(' 0% packet loss');
});

test('everything by keyboard: presets, panes, hosts, the scheduler, a file, and out of a terminal', async ({ page }) => {
  await open(page, 'dr-cluster', 'zh', 'dark');
  await go(page, 'lvs51');
  await page.keyboard.press('Alt+Backslash');
  await expect(page.locator('[data-preset]')).toHaveAttribute('data-preset', 'trace');
  await page.keyboard.press('Alt+Backslash');
  await expect(page.locator('[data-preset]')).toHaveAttribute('data-preset', 'terminal');
  await expect(page.locator('[data-terminal]')).toHaveCount(4);
  await page.keyboard.press('Alt+Backslash');
  await expect(page.locator('[data-preset]')).toHaveAttribute('data-preset', 'learn');
  // Keys typed while panes change hands reach the terminal that was asked for.
  await page.keyboard.press('Alt+3');
  await page.keyboard.type('hostname');
  await page.keyboard.press('Enter');
  await expect(screen(page, 'web52')).toContainText('# hostname');
  await page.keyboard.press('Alt+g');
  await expect(page.locator('[data-host]:focus')).toHaveCount(1);
  const before = await page.locator('[data-host]:focus').getAttribute('data-host');
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key);
  const after = await page.locator('[data-host]:focus').getAttribute('data-host');
  expect(HOSTS).toContain(after);
  expect(after).not.toBe(before);
  await expect(page.locator(`[data-host=${after}]`)).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('F6');
  await expect(page.locator('[data-pane=inspector] :focus')).toHaveCount(1);
  await page.locator('[data-pane=inspector] [role=tab][aria-selected=true]').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('[data-pane=inspector] [role=tab][aria-selected=true]')).toContainText('sysctl');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('切换版面');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  // nano: cut a line, write, leave; vim: write with force, leave; Escape twice leaves the terminal.
  await run(page, 'lvs51', 'printf "one\\ntwo\\n" > f');
  await page.keyboard.type('nano f');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-editor] .cm-content')).toBeFocused();
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Control+o');
  await page.keyboard.press('Enter');
  await page.keyboard.type('x');
  await page.keyboard.press('Control+x');
  await page.keyboard.press('n');
  await expect(page.locator('[data-editor]')).toHaveCount(0);
  await run(page, 'lvs51', 'wc -l f; chmod 444 f');
  await expect(screen(page, 'lvs51')).toContainText('1 f');
  await page.keyboard.type('vim f');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-editor] .cm-content')).toBeFocused();
  await page.keyboard.type('othree');
  await page.keyboard.press('Escape');
  await page.keyboard.type(':w!');
  await page.keyboard.press('Enter');
  await page.keyboard.type(':q');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-editor]')).toHaveCount(0);
  await run(page, 'lvs51', 'clear; cat f');
  await expect(screen(page, 'lvs51')).toContainText('three');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-terminal] textarea:focus')).toHaveCount(0);
});

test.describe('tablet', () => {
  test.use({ viewport: { width: 820, height: 1180 }, hasTouch: true });
  test('a touch keyboard has the keys a shell needs, and every tab is reached', async ({ page }) => {
    await page.addInitScript(() => { localStorage.setItem('lvslab.lang', 'zh'); localStorage.setItem('lvslab.theme', 'light'); });
    await page.goto('/#/lesson/dr-cluster');
    await ready(page);
    await page.getByRole('tab', { name: '终端' }).tap();
    await page.locator('[data-terminal]').tap();
    await page.keyboard.type('sleep 100');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Ctrl' }).tap();
    await page.getByRole('button', { name: '^C' }).tap();
    await expect(page.locator('[data-terminal] .xterm-rows')).toContainText('^C');
    await page.keyboard.type('hostn');
    await page.getByRole('button', { name: 'Tab', exact: true }).tap();
    await expect(page.locator('[data-terminal] .xterm-rows')).toContainText('hostname');
    await page.getByRole('tab', { name: '主机' }).tap();
    await expect(page.locator('[data-pane=inspector]')).toBeVisible();
    await page.getByRole('tab', { name: '课程' }).tap();
    await expect(page.locator('[data-pane=lesson]')).toBeVisible();
    await picture(page, 'tablet.zh.light');
    for (const box of await page.getByRole('tab').all()) if (await box.isVisible()) { const b = await box.boundingBox(); if (b !== null && b.y > 500 && b.width > 100) expect(b.height).toBeGreaterThanOrEqual(44); }
  });
});
