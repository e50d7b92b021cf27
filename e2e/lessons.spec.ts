// Lessons in the browser: a newcomer's path in Chinese, an answer that is wrong, a quiz, an exam to its end, a demonstration, and every lesson solved in the page.
import { expect, test } from '@playwright/test';
import { fast, go, open, picture, ready, run, screen, step, warped } from './desk';
import { allGreen, answerQuestion, coveringLessons, courseIds, deeds, solve, stepsOf, typeLines } from './solve';

/** Boots and waits of virtual time pass quickly. */

test('a newcomer takes the first lessons in Chinese, with a wrong answer and a hint on the way', async ({ page }) => {
  await warped(page);
  await page.addInitScript(() => { localStorage.setItem('lvslab.lang', 'zh'); localStorage.setItem('lvslab.theme', 'light'); });
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('把包送到');
  const [first, second, third] = courseIds() as [string, string, string];
  await page.getByRole('link', { name: '开始学习', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`lesson/${first}$`));
  await ready(page);
  await fast(page);
  await solve(page, deeds(first));
  await allGreen(page);
  await expect(page.locator('[data-pane=lesson]')).toContainText('全部通过');

  await page.getByRole('link', { name: '课程' }).first().click();
  await expect(page.locator(`[data-lesson=${first}]`)).toContainText('已完成');
  await page.locator(`[data-lesson=${second}]`).click();
  await ready(page);
  await fast(page);
  await solve(page, deeds(second));
  await allGreen(page);

  // The third is about words; its first answer is wrong.
  await page.goto(`/#/lesson/${third}`);
  await ready(page);
  await fast(page);
  const quiz = deeds(third);
  const card = page.locator('[data-question=idea]');
  await card.getByText('一台配置特别高的服务器').click();
  await card.getByRole('button', { name: '回答' }).click();
  await expect(card).toHaveAttribute('data-state', 'failed');
  await expect(card).toContainText('一台机器再强也有上限');
  await page.getByRole('button', { name: /^提示/ }).click();
  await expect(page.locator('[data-pane=lesson]')).toContainText('提示 1 / 3');
  await picture(page, 'quiz.zh.light');
  await solve(page, quiz);
  await allGreen(page);
  await expect(card).toHaveCount(0);
  await page.goto('/#/');
  await expect(page.locator(`[data-lesson=${third}]`)).toContainText('用了 1 个提示');
  await expect(page.locator(`[data-review=${third}]`)).toBeVisible();
  await picture(page, 'course.zh.light');
});

test('a wrong command is explained, hinted at and mended; full-width characters are named beside the terminal', async ({ page }) => {
  await warped(page);
  await open(page, 'first-service', 'zh', 'dark');
  await typeLines(page, 'lvs51', ['yum -y install ipvsadm', 'ipvsadm　-Ln']);
  await expect(page.getByTestId('fullwidth')).toContainText('全角空格不分隔单词');
  await page.getByRole('button', { name: '改成半角，填回终端' }).click();
  await expect(screen(page, 'lvs51')).toContainText('# ipvsadm -Ln');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('fullwidth')).toHaveCount(0);
  await step(page, 'install', 'passed');
  await run(page, 'lvs51', 'ipvsadm -A -t 192.168.2.51:8080 -s rr');
  await expect(page.locator('[data-step=service]')).toHaveAttribute('aria-current', 'step', { timeout: 30_000 });
  await page.getByRole('button', { name: '重新检查' }).click();
  await step(page, 'service', 'failed');
  await expect(page.locator('[data-step=service]')).toContainText('192.168.2.51:80');
  await page.locator('[data-step=service]').getByRole('button', { name: '看提示' }).click();
  await expect(page.locator('[data-pane=lesson]')).toContainText('客户端访问的是哪个地址、哪个端口');
  await picture(page, 'wrong.zh.dark');
  await run(page, 'lvs51', 'ipvsadm -C');
  await solve(page, deeds('first-service'));
  await allGreen(page);
});

test('an exam: nothing is judged before the end, a reload keeps the clock, points by step', async ({ page }) => {
  await warped(page);
  await open(page, 'exam', 'zh', 'light');
  await expect(page.locator('[data-step]')).toHaveCount(0);
  await page.getByRole('button', { name: '开始考试' }).click();
  await expect(page.getByTestId('exam-clock').first()).toContainText(/1:(30:00|29:\d\d)/);
  const all = deeds('exam');
  const half = all.slice(0, Math.ceil(all.length / 2));
  await solve(page, half);
  await expect(page.locator('[data-step][data-state=passed],[data-step][data-state=failed]')).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^提示/ })).toHaveCount(0);
  await expect(page.locator('.top')).toContainText('已保存在本机');
  await page.reload();
  await ready(page);
  await fast(page);
  await expect(page.getByTestId('exam-clock').first()).toContainText(/1:29:\d\d|1:28:\d\d|1:27:\d\d/);
  await solve(page, all.slice(half.length));
  await page.getByRole('button', { name: '交卷' }).click();
  await page.getByRole('button', { name: '确定交卷' }).click();
  const end = page.getByRole('dialog');
  await expect(end).toContainText('考试结束', { timeout: 60_000 });
  await expect(page.getByTestId('exam-verdict')).toContainText('合格');
  await expect(end.locator('[data-exam-step][data-passed=false]')).toHaveCount(0);
  await picture(page, 'exam-end.zh.light');
  await page.reload();
  await expect(page.getByRole('dialog')).toContainText('考试结束', { timeout: 60_000 });
});

test('a demonstration stands at its question, shows what comes, and the own lab has not moved', async ({ page }) => {
  await warped(page, 4);
  await open(page, 'nat-watch', 'zh', 'dark');
  const clock = page.getByTestId('clock');
  for (const s of await page.locator('[data-step] button.t').all()) { await s.click(); if (await page.locator('[data-demo=four-rows]').count()) break; }
  const card = page.locator('[data-demo=four-rows]');
  await page.locator('[data-pane=packets]').getByRole('button', { name: '暂停' }).click(); // the own clock stands
  const before = await clock.innerText();
  await card.getByRole('button', { name: '播放演示' }).click();
  await fast(page);
  await expect(card.locator('legend')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId('stage').locator('[data-view=rows] tbody tr')).toHaveCount(1);
  await picture(page, 'demo.zh.dark');
  for (let n = 0; n < 8 && !(await card.getByText('演示结束').isVisible()); n++) {
    await expect(card.locator('legend').or(card.getByText('演示结束'))).toBeVisible({ timeout: 60_000 });
    if (await card.locator('legend').isVisible()) await card.locator('form button[type=submit]').click();
    await page.waitForFunction(() => document.querySelector('[data-demo=four-rows] legend') === null || document.querySelector('[data-demo=four-rows]')!.textContent!.includes('演示结束'));
  }
  await expect(page.getByTestId('stage').locator('[data-view=rows] tbody tr')).toHaveCount(4);
  await card.getByRole('button', { name: '结束演示' }).click();
  await expect(page.getByTestId('stage')).toHaveCount(0);
  expect(Math.abs(Number.parseFloat(await clock.innerText()) - Number.parseFloat(before))).toBeLessThan(2);

  // Who leaves the lesson leaves the demonstration too.
  await card.getByRole('button', { name: '播放演示' }).click();
  await expect(card.locator('legend')).toBeVisible({ timeout: 30_000 });
  await page.goto('/#/');
  await expect(page.locator('[data-lesson=nat-watch]')).toBeVisible({ timeout: 30_000 });
});

test('every lesson opens with all its steps, in one language or the other', async ({ browser }) => {
  const ids = courseIds().filter((id) => id !== 'exam');
  expect(ids.length).toBeGreaterThan(40);
  await Promise.all((['zh', 'en'] as const).map(async (lang, n) => {
    const page = await browser.newPage();
    await warped(page, 100);
    await page.addInitScript((l) => localStorage.setItem('lvslab.lang', l), lang);
    for (const id of ids.filter((_, i) => i % 2 === n)) {
      await page.goto(`/#/lesson/${id}`);
      for (const s of stepsOf(id)) await expect(page.locator(`[data-step=${s}]`), `${id}: ${s}`).toBeVisible({ timeout: 60_000 });
    }
    await page.close();
  }));
});

// `lesson test` proves every solution; here the page is proved, by lessons that between them hold everything a lesson can hold. EVERY_LESSON=1 takes them all.
test('lessons are solved in the page, by their first solution, to the last green step', async ({ browser }) => {
  const all = courseIds().filter((id) => id !== 'exam');
  const ids = process.env['EVERY_LESSON'] === undefined ? coveringLessons(all) : all;
  const wrong: string[] = [];
  const work = async (mine: string[]): Promise<void> => {
    const page = await browser.newPage();
    await warped(page, 100);
    for (const id of mine) {
      try {
        await open(page, id, 'en', 'light');
        await solve(page, deeds(id));
        await allGreen(page);
      } catch (e) {
        wrong.push(`${id}: ${e instanceof Error ? e.message.split('\n').slice(0, 6).join(' ') : String(e)}`);
      }
    }
    await page.close();
  };
  await Promise.all([0, 1].map((k) => work(ids.filter((_, i) => i % 2 === k))));
  expect(wrong).toEqual([]);
});

test('questions by keyboard alone', async ({ page }) => {
  await warped(page);
  await open(page, 'what-is-a-cluster', 'en', 'dark');
  await page.locator('[data-question=idea] input').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-question=idea]')).toHaveAttribute('data-state', 'passed');
  await answerQuestion(page, 'faces', '3');
  await step(page, 'one-face', 'passed');
  await go(page, 'client50');
});
