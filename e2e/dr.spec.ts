// The notes' DR lab: arp_ignore forgotten on one server, explained, looked at, mended; a reload in the middle loses nothing.
import { expect, test } from '@playwright/test';
import { fast, go, open, picture, ready, run, screen, step } from './desk';

const VIP = '192.168.4.253';

test('a forgotten arp_ignore is explained; after a reload the DR cluster is finished', async ({ page }) => {
  await open(page, 'dr-cluster', 'en', 'light');
  await run(page, 'lvs51', `ifconfig eth0:1 ${VIP}/32`);
  await run(page, 'web52', `ifconfig lo:1 ${VIP}/32`);
  await run(page, 'web53', `ifconfig lo:1 ${VIP}/32`);
  await step(page, 'vip', 'passed');
  for (const i of ['lo', 'all']) {
    await run(page, 'web52', `echo 1 > /proc/sys/net/ipv4/conf/${i}/arp_ignore`);
    await run(page, 'web52', `echo 2 > /proc/sys/net/ipv4/conf/${i}/arp_announce`);
    await run(page, 'web53', `echo 2 > /proc/sys/net/ipv4/conf/${i}/arp_announce`);
  }
  await expect(page.locator('[data-step=arp]')).toHaveAttribute('aria-current', 'step', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Check again' }).click();
  await step(page, 'arp', 'failed');
  await expect(page.locator('[data-step=arp]')).toContainText('web53 has no arp_ignore');
  await picture(page, 'dr-forgotten.en.light');

  // The checker's own run, with the packet that shows it.
  await page.locator('[data-step=arp]').getByRole('button', { name: 'Replay this run' }).first().click();
  await expect(page.locator('[data-pane=topology]')).toContainText("The checker's run");
  await expect(page.locator('[data-pane=packets]')).toContainText(`${VIP} is at`);
  await picture(page, 'dr-replay.en.light');
  await page.getByRole('button', { name: 'Back to my lab' }).click();

  await go(page, 'web52');
  const before = await screen(page, 'web52').innerText();
  await expect(page.locator('.top')).toContainText('Saved on this device');
  await page.reload();
  await ready(page);
  await fast(page);
  await go(page, 'web52');
  await expect(async () => expect((await screen(page, 'web52').innerText()).trim()).toBe(before.trim())).toPass();

  for (const i of ['lo', 'all']) await run(page, 'web53', `echo 1 > /proc/sys/net/ipv4/conf/${i}/arp_ignore`);
  await step(page, 'arp', 'passed');
  await run(page, 'lvs51', `ipvsadm -A -t ${VIP}:80 -s rr`);
  await run(page, 'lvs51', `ipvsadm -a -t ${VIP}:80 -r 192.168.4.52:80 -g`);
  await run(page, 'lvs51', `ipvsadm -a -t ${VIP}:80 -r 192.168.4.53:80`);
  await step(page, 'service', 'passed');
  for (let i = 0; i < 2; i++) await run(page, 'client50', `curl http://${VIP}/test.html`);
  await expect(screen(page, 'client50')).toContainText('web52');
  await expect(screen(page, 'client50')).toContainText('web53');
  await step(page, 'traffic', 'passed');
  await run(page, 'lvs51', `echo 'ifconfig eth0:1 ${VIP}/32' >> /etc/rc.local`);
  await run(page, 'lvs51', 'chmod +x /etc/rc.local');
  for (const host of ['web52', 'web53']) {
    await run(page, host, `echo 'ifconfig lo:1 ${VIP}/32' >> /etc/rc.local`);
    await run(page, host, "echo 'echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore' >> /etc/rc.local");
    await run(page, host, "echo 'echo 2 > /proc/sys/net/ipv4/conf/all/arp_announce' >> /etc/rc.local");
    await run(page, host, 'chmod +x /etc/rc.local');
  }
  await run(page, 'lvs51', 'ipvsadm-save -n > /etc/sysconfig/ipvsadm');
  await run(page, 'lvs51', 'systemctl enable ipvsadm');
  await step(page, 'reboot', 'passed');
  await picture(page, 'dr.en.light');
  await page.getByRole('button', { name: '中', exact: true }).click();
  await page.getByRole('button', { name: '切换深色或浅色' }).click();
  await ready(page);
  await picture(page, 'dr.zh.dark');
});
