// The views of a demonstration that a learner plays with: weights by a slider, connections with their countdown, a meter a cable.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { fast, open, picture, warped } from './desk';

/** Opens a lesson's step with a demonstration and plays it to its first question. */
async function play(page: Page, lesson: string, demo: string): Promise<Locator> {
  await warped(page, 6);
  await open(page, lesson, 'zh', 'dark');
  const card = page.locator(`[data-demo=${demo}]`);
  for (const s of await page.locator('[data-step] button.t').all()) {
    if (await card.count()) break;
    await s.click();
  }
  await card.getByRole('button', { name: '播放演示' }).click();
  await fast(page);
  await expect(card.locator('legend')).toBeVisible({ timeout: 60_000 });
  return card;
}
/** Answers the question the demonstration stands at, and waits for the next one or for the end. */
async function answer(card: Locator): Promise<void> {
  const asked = await card.locator('legend').innerText();
  await card.locator('form button[type=submit]').click();
  await expect(async () => {
    const now = await card.locator('legend').allInnerTexts();
    expect((now.length > 0 && now[0] !== asked) || (await card.getByText('演示结束').isVisible())).toBe(true);
  }).toPass({ timeout: 120_000 });
}
const view = (page: Page, name: string): Locator => page.getByTestId('stage').locator(`[data-view=${name}]`);

test('a weight moved by its slider changes who serves the next thirty requests', async ({ page }) => {
  const card = await play(page, 'wrr-weights', 'thirty');
  await answer(card);
  await expect(card.getByText('演示结束')).toBeVisible({ timeout: 120_000 });
  const counts = view(page, 'tiles').locator('code');
  const served = async (): Promise<string> => (await counts.locator('..').allInnerTexts()).join(' ');
  await expect.poll(served, { timeout: 60_000 }).toMatch(/^web52 [78] web53 2[23]$/); // of the newest thirty
  const slider = view(page, 'weights').getByRole('slider', { name: 'web52' });
  await expect(slider).toHaveValue('1');
  await picture(page, 'demo-weights.zh.dark');
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect.poll(served, { timeout: 120_000 }).toBe('web52 15 web53 15');
});

test('a connection and its template stand in the table, and the template counts down', async ({ page }) => {
  const card = await play(page, 'persistence', 'template');
  const rows = view(page, 'connections').locator('tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: '192.168.2.50:0' })).toHaveCount(1);
  await picture(page, 'demo-connections.zh.dark');
  await answer(card);
  await expect(rows).toHaveCount(3);
});

test('the meters show whose cable carries the replies', async ({ page }) => {
  const card = await play(page, 'nat-bottleneck', 'nat-meters');
  const carried = async (name: string): Promise<number> => Number(await view(page, 'bytes').locator('> div', { hasText: name }).locator('span').last().innerText());
  await expect.poll(() => carried('lvs51 eth0'), { timeout: 60_000 }).toBeGreaterThan(1_000_000);
  const [all, one, other] = [await carried('lvs51 eth0'), await carried('web52 eth0'), await carried('web53 eth0')];
  expect(Math.abs(one + other - all)).toBeLessThan(all / 100);
  await picture(page, 'demo-bytes.zh.dark');
  await answer(card);
  await expect(card.getByText('演示结束')).toBeVisible({ timeout: 60_000 });
});
