// The notes' NAT lab, typed from its first command to its last, in the browser.
import { expect, test } from '@playwright/test';
import { go, open, picture, prompt, ready, run, screen, step } from './desk';

test('the NAT cluster of the notes runs, and its checks turn green', async ({ page }) => {
  await open(page, 'nat-cluster', 'zh', 'dark');
  await run(page, 'client50', 'ifdown eth0');
  await run(page, 'client50', 'route add default gw 192.168.2.51');
  for (const host of ['web52', 'web53']) {
    await run(page, host, 'systemctl stop NetworkManager');
    await run(page, host, 'route add default gw 192.168.4.51');
  }
  await step(page, 'gateways', 'passed');

  // vim over the terminal, as the notes do it.
  await go(page, 'lvs51');
  await page.keyboard.type('vim /etc/sysctl.conf\n');
  await expect(page.locator('[data-editor="/etc/sysctl.conf"] .cm-content')).toBeFocused();
  await page.keyboard.type('Gonet.ipv4.ip_forward=1');
  await page.keyboard.press('Escape');
  await page.keyboard.type(':wq\n');
  await prompt(page, 'lvs51');
  await run(page, 'lvs51', 'sysctl -p');
  await expect(screen(page, 'lvs51')).toContainText('net.ipv4.ip_forward = 1');
  await step(page, 'forwarding', 'passed');

  for (const host of ['web52', 'web53']) {
    await run(page, host, 'systemctl start httpd');
    await run(page, host, `echo ${host} > /var/www/html/test.html`);
  }
  await step(page, 'pages', 'passed');

  await run(page, 'lvs51', 'yum -y install ipvsadm');
  await run(page, 'lvs51', 'ipvsadm -A -t 192.168.2.51:80 -s rr');
  await run(page, 'lvs51', 'ipvsadm -a -t 192.168.2.51:80 -r 192.168.4.52:80 -m');
  await run(page, 'lvs51', 'ipvsadm -a -t 192.168.2.51:80 -r 192.168.4.53:80 -m');
  await step(page, 'service', 'passed');

  for (let i = 0; i < 4; i++) await run(page, 'client50', 'curl http://192.168.2.51/test.html');
  await expect(screen(page, 'client50')).toContainText('web52');
  await expect(screen(page, 'client50')).toContainText('web53');
  await step(page, 'traffic', 'passed');

  await run(page, 'lvs51', 'ipvsadm-save -n > /etc/sysconfig/ipvsadm');
  await run(page, 'lvs51', 'systemctl enable ipvsadm');
  await step(page, 'saved', 'passed');
  await run(page, 'lvs51', 'ipvsadm -Ln');
  await expect(screen(page, 'lvs51')).toContainText('Masq');
  await picture(page, 'nat.zh.dark');
  await page.getByRole('button', { name: 'EN', exact: true }).click();
  await page.getByRole('button', { name: 'Switch dark or light' }).click();
  await ready(page);
  await picture(page, 'nat.en.light');
});
