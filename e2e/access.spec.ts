// What axe finds on the course and in a lab, in both themes and both languages; pictures of all of them for people.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { open, picture } from './desk';

/** Serious and critical findings, as 'rule: where'. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude('.xterm').analyze();
  return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 5).join(' | ')}`);
}

for (const theme of ['dark', 'light'] as const) {
  for (const lang of ['zh', 'en'] as const) {
    test(`nothing serious on the course and in a lab: ${theme}, ${lang}`, async ({ page }) => {
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await open(page, 'dr-cluster', lang, theme);
      expect(await findings(page)).toEqual([]);
      await picture(page, `lab.${lang}.${theme}`);
      await page.goto('/#/');
      await expect(page.getByRole('main').locator('a[href*="/lesson/"]').first()).toBeVisible({ timeout: 60_000 });
      expect(await findings(page)).toEqual([]);
      await picture(page, `catalogue.${lang}.${theme}`);
    });
  }
}
