// What a learner does at the screen, for the journeys: type into a host's terminal, read it, wait for steps.
import { expect, type Page } from '@playwright/test';

export const HOSTS = ['client50', 'lvs51', 'web52', 'web53'];

/** Opens a lesson in a language and theme; wall speed, so that nothing waits for packets to fly. */
export async function open(page: Page, id: string, lang: 'zh' | 'en', theme: 'dark' | 'light'): Promise<void> {
  await page.addInitScript(([l, t]) => {
    if (localStorage.getItem('lvslab.lang') === null) localStorage.setItem('lvslab.lang', l!);
    if (localStorage.getItem('lvslab.theme') === null) localStorage.setItem('lvslab.theme', t!);
  }, [lang, theme]);
  await page.goto(`/#/lesson/${id}`);
  await ready(page);
  await fast(page);
}

export async function ready(page: Page): Promise<void> {
  await expect(page.locator('[data-pane=topology]')).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('[data-terminal] .xterm-rows').first()).toContainText('root@', { timeout: 60_000 });
}

/** Full speed is `n` times the wall's clock: for journeys that must not wait for boots and demonstrations. */
export const warped = (page: Page, n = 40): Promise<unknown> => page.addInitScript((x) => localStorage.setItem('lvslab.warp', String(x)), n);

export const fast = (page: Page): Promise<void> => page.getByRole('button', { name: /^(全速|Real)$/ }).click();

/** Text of a host's terminal as it stands on the screen. */
export const screen = (page: Page, host: string) => page.locator(`[data-terminal="${host}/0"] .xterm-rows`);

/** Focuses a host's terminal with the page's own key. */
export async function go(page: Page, host: string): Promise<void> {
  await page.keyboard.press(`Alt+${HOSTS.indexOf(host) + 1}`);
  await expect(page.locator(`[data-terminal="${host}/0"] textarea`)).toBeFocused();
}

/** Types a line, enters it and waits until the prompt is back. */
export async function run(page: Page, host: string, line: string): Promise<void> {
  await go(page, host);
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
  await prompt(page, host);
}

/** Waits until the last line of a terminal is an empty prompt. */
export async function prompt(page: Page, host: string): Promise<void> {
  await expect(async () => {
    const lines = (await screen(page, host).locator('> div').allInnerTexts()).map((l) => l.replace(/\u00a0/g, ' ').trimEnd()).filter((l) => l !== '');
    expect(lines.at(-1) ?? '').toMatch(/^\[root@\S+ ~\]#$/);
  }).toPass({ timeout: 180_000, intervals: [50, 100, 200, 400] });
}

/** Waits until a step has a state. */
export const step = (page: Page, id: string, state: string): Promise<void> => expect(page.locator(`[data-step=${id}]`)).toHaveAttribute('data-state', state, { timeout: 180_000 });

/** A picture for people, among the test artefacts. */
export const picture = (page: Page, name: string): Promise<Buffer> => page.screenshot({ path: `artifacts/${name}.png` });
