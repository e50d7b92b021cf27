// Coming back: a lesson opened again from the course, time that is let pass, a record downloaded and opened elsewhere, a broken cluster that keeps its cause.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { go, open, prompt, ready, run, screen } from './desk';

test('a lesson left for the course opens again with its work; time passes at once and the record says so', async ({ page, browser }) => {
  await open(page, 'rr-order', 'en', 'light');
  await go(page, 'client50');
  await page.keyboard.type('sleep 100; echo slept\n');
  await page.keyboard.press('Control+Alt+Period');
  await expect.poll(async () => Number.parseFloat(await page.getByTestId('clock').innerText())).toBeGreaterThan(10);
  await page.getByRole('button', { name: 'Let time pass' }).click();
  await page.getByRole('menuitem', { name: 'Until the running commands have ended' }).click();
  await prompt(page, 'client50');
  await expect(screen(page, 'client50')).toContainText('slept');
  const clock = Number.parseFloat(await page.getByTestId('clock').innerText());
  expect(clock).toBeGreaterThan(100);

  await page.evaluate(() => { location.hash = '#/'; });
  await page.locator('[data-lesson=rr-order]').click();
  await ready(page);
  await expect(screen(page, 'client50')).toContainText('slept');

  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('Download the record');
  const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  const record = readFileSync(await file.path());
  const elsewhere = await (await browser.newContext()).newPage();
  await elsewhere.addInitScript(() => localStorage.setItem('lvslab.lang', 'en'));
  await elsewhere.goto(page.url().replace(/#.*/, '#/'));
  await elsewhere.getByTestId('open-record').locator('input').setInputFiles({ name: file.suggestedFilename(), mimeType: 'application/json', buffer: record });
  await ready(elsewhere);
  await expect(screen(elsewhere, 'client50')).toContainText('slept');
  expect(Number.parseFloat(await elsewhere.getByTestId('clock').innerText())).toBeGreaterThanOrEqual(clock);
});

test('a broken cluster keeps its cause in every pane until the hints are used up', async ({ page }) => {
  await open(page, 'breakfix-drifts', 'en', 'dark');
  await run(page, 'client50', 'curl -m 2 http://192.168.4.253/test.html');
  const marks = page.locator('[data-pane=topology] .vip');
  await expect(page.getByTestId('not-yet')).toBeVisible();
  await expect(marks).toHaveCount(0);
  for (let i = 0; i < 3; i++) await page.keyboard.press('Alt+h');
  await expect(page.getByTestId('not-yet')).toHaveCount(0);
  await expect(marks).not.toHaveCount(0);
});
