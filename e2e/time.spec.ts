// Time and why: one DR connection watched packet by packet, forward and back; a NAT check that fails is explained, replayed, traced to its command and mended.
import { expect, type Page, test } from '@playwright/test';
import { go, open, picture, run, screen, step } from './desk';

const VIP = '192.168.4.253';
const packets = (page: Page) => page.locator('[data-pane=packets]');
const chosen = (page: Page) => packets(page).locator('[role=row][aria-selected=true]');
/** Number in a column of a real server's line in the inspector. */
const count = async (page: Page, server: string, column: number): Promise<number> => Number(await page.locator('[data-pane=inspector] tbody tr', { hasText: server }).locator('td').nth(column).innerText());
const leave = async (page: Page): Promise<void> => {
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
};

test('one DR connection, packet by packet, forward and back', async ({ page }) => {
  await open(page, 'dr-cluster', 'en', 'light');
  await run(page, 'lvs51', `ifconfig eth0:1 ${VIP}/32`);
  for (const host of ['web52', 'web53']) {
    await run(page, host, 'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2');
    await run(page, host, `ifconfig lo:1 ${VIP}/32`);
  }
  await run(page, 'lvs51', `ipvsadm -A -t ${VIP}:80 -s rr`);
  for (const n of ['52', '53']) await run(page, 'lvs51', `ipvsadm -a -t ${VIP}:80 -r 192.168.4.${n} -g`);
  await run(page, 'client50', `curl http://${VIP}/test.html`);
  const server = (await screen(page, 'client50').innerText()).includes('web53') ? 'web53' : 'web52';
  await leave(page);

  // The connection alone, from its first packet on.
  await page.locator('#packet-filter').fill('tcp.stream == 0');
  const list = packets(page).locator('[role=grid]');
  await list.focus();
  await page.keyboard.press('Home');
  // The row a screen reader hears, and its place among all.
  await expect(list).toHaveAttribute('aria-activedescendant', (await list.locator('[aria-selected=true]').getAttribute('id'))!);
  await expect(list.locator('[aria-selected=true]')).toHaveAttribute('aria-rowindex', '2');
  const way = [/client50 → lvs51.*\[SYN\] /, new RegExp(`lvs51 → ${server}.*MAC.*\\[SYN\\] `), new RegExp(`${server} → client50.*\\[SYN, ACK\\]`), /client50 → lvs51.*\[ACK\]/];
  await expect(chosen(page)).toContainText(way[0]!);
  await expect(page.locator('.pill', { hasText: 'Replay' })).toBeVisible();
  const before = await page.getByTestId('clock').innerText();
  expect(await count(page, server, 3)).toBe(0);
  for (const w of way.slice(1)) {
    await page.keyboard.press(']');
    await expect(chosen(page)).toContainText(w);
  }
  expect(await count(page, server, 3)).toBe(1);
  await page.getByRole('tab', { name: 'Why' }).click();
  await expect(page.locator('[data-pane=why]')).toContainText('lvs51');
  await picture(page, 'time-dr.en.light');
  for (const w of way.slice(0, -1).reverse()) {
    await page.keyboard.press('[');
    await expect(chosen(page)).toContainText(w);
  }
  expect(await page.getByTestId('clock').innerText()).toBe(before);
  expect(await count(page, server, 3)).toBe(0);
  await expect(page.locator('[data-pane=why]')).toContainText(`only the frame's destination MAC becomes ${server}'s`);
  await page.keyboard.press('l');
  await expect(page.locator('.pill', { hasText: 'Live' })).toBeVisible();
  await expect(screen(page, 'client50')).toContainText(server);

  // Going on from an earlier instant keeps what was done since as another way.
  await list.focus();
  await page.keyboard.press('Home');
  await page.getByRole('button', { name: 'Go on from here' }).click();
  await run(page, 'client50', 'echo another way');
  await page.getByRole('button', { name: 'Ways: 1' }).click();
  await page.getByRole('menuitem').click();
  await expect(screen(page, 'client50')).not.toContainText('another way');
});

test('a NAT check that fails: which command broke it, why, rewound, taken back and done again', async ({ page }) => {
  await open(page, 'nat-cluster', 'zh', 'dark');
  await run(page, 'client50', 'ifdown eth0; route add default gw 192.168.2.51');
  for (const host of ['web52', 'web53']) {
    await run(page, host, `systemctl stop NetworkManager; route add default gw 192.168.4.51; systemctl start httpd; echo ${host} > /var/www/html/test.html`);
  }
  await run(page, 'lvs51', 'echo net.ipv4.ip_forward=1 >> /etc/sysctl.conf; sysctl -p; yum -y install ipvsadm; ipvsadm -A -t 192.168.2.51:80 -s rr');
  for (const n of ['52', '53']) await run(page, 'lvs51', `ipvsadm -a -t 192.168.2.51:80 -r 192.168.4.${n} -m`);
  await step(page, 'traffic', 'passed');
  await run(page, 'web52', 'iptables -A INPUT -p tcp --dport 80 -j DROP');
  await run(page, 'web52', 'echo innocent');
  await step(page, 'pages', 'failed');
  await page.locator('[data-step=pages] h2 button').click();
  const card = page.locator('[data-step=pages]');
  await expect(card).toContainText('web52 的防火墙挡住了请求');

  await card.getByRole('button', { name: '哪条命令弄坏的' }).first().click();
  await expect(card.getByRole('status').filter({ hasText: '从它开始失败' })).toContainText('iptables -A INPUT -p tcp --dport 80 -j DROP', { timeout: 120_000 });
  await card.getByRole('button', { name: '看它之前的那一刻' }).click();
  await expect(page.locator('.pill', { hasText: '回放' })).toBeVisible();
  await page.getByRole('button', { name: /回到最新/ }).click();

  await card.getByRole('button', { name: '逐跳看原因' }).first().click();
  await expect(page.locator('[data-pane=why]')).toContainText('web52 的防火墙规则丢弃了从');
  await picture(page, 'time-nat.zh.dark');
  await page.getByRole('button', { name: /回到我的实验/ }).click();

  // Two commands back: the innocent one and the guilty one.
  const back = page.getByRole('button', { name: '撤销上一条命令' });
  await back.click();
  await expect(back).toHaveAttribute('title', /iptables/);
  await back.click();
  await step(page, 'pages', 'passed');
  await page.getByRole('button', { name: '重做' }).click();
  await step(page, 'pages', 'failed');
  await back.click();
  await step(page, 'pages', 'passed');
  await go(page, 'web52');
  await expect(screen(page, 'web52')).not.toContainText('iptables');
});
