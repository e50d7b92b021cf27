// Solves a lesson in the page as its solution file says: command lines through the terminals, answers through the questions' own inputs.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { parseLabFile } from '../src/lesson/labfile';
import { loadCourse, readYaml } from '../src/lesson/load';
import { type Lesson, lessonSchema } from '../src/lesson/schema';
import { drawVariables, substitute } from '../src/lesson/variables';
import { parseWords } from '../src/lesson/words';

const LESSONS = join(import.meta.dirname, '../lessons');
const text = (...path: string[]): string => readFileSync(join(LESSONS, ...path), 'utf8');

/** What is done in the page; an edit is typed as a here-document, which leaves the same file as an editor. */
export type Deed = { host: string; lines: string[] } | { answer: string; value: string } | { wait: number };

/** Lessons of the course in its order. */
export const courseIds = (): string[] => loadCourse(text('course.yaml')).course!.chapters.flatMap((c) => c.lessons);

/** Deeds of a file of a lesson ('wrong/x.lab') for seed 0; the first solution when none is named. */
export function deeds(id: string, file = `solutions/${readdirSync(join(LESSONS, id, 'solutions')).sort()[0]}`): Deed[] {
  const lesson = lessonOf(id);
  const out: Deed[] = [];
  const type = (host: string, ...lines: string[]): void => {
    const last = out.at(-1);
    if (last !== undefined && 'host' in last && last.host === host) last.lines.push(...lines);
    else out.push({ host, lines });
  };
  for (const a of parseLabFile(substitute(text(id, file), drawVariables(lesson, 0))).actions) {
    if (a.do === 'run') type(a.host, a.command);
    else if (a.do === 'edit') type(a.host, `cat > ${a.path} <<'END'`, ...a.text.split('\n').slice(0, -1), 'END');
    else if (a.do === 'reboot') type(a.host, 'reboot');
    else if (a.do === 'answer') out.push({ answer: a.id, value: a.value });
    else if (a.do === 'wait') out.push({ wait: a.us / 1e6 });
    else throw new Error(`${id}: ${a.do} is not done here`);
  }
  return out;
}

const lessonOf = (id: string): Lesson => readYaml(id, text(id, 'lesson.yaml'), lessonSchema).value as Lesson;

/** Steps of a lesson, in order. */
export const stepsOf = (id: string): string[] => lessonOf(id).steps.map((s) => s.id);

/** What a lesson asks of the page: its kind, kinds of checks, blocks of words, deeds of its solution, how many hosts, whether a console is one host's. */
function asks(id: string): Set<string> {
  const lesson = lessonOf(id);
  const out = new Set([`kind ${lesson.kind}`, `image ${lesson.lab.image ?? ''}`, `${Math.min(Object.keys(lesson.lab.hosts).length, 6)} hosts`, `${Math.min(Object.keys(lesson.lab.segments).length, 3)} segments`]);
  const checks = lesson.steps.flatMap((s) => s.checks);
  for (let c = checks.pop(); c !== undefined; c = checks.pop()) {
    out.add(`check ${c.kind}`);
    const then = (c.args as { then?: typeof checks } | null)?.then;
    if (Array.isArray(then)) checks.push(...then);
  }
  for (const d of deeds(id)) out.add('host' in d ? (d.lines.includes('reboot') ? 'reboot' : 'lines') : 'wait' in d ? 'wait' : 'answer');
  const words = parseWords(text(id, 'en.md')).words;
  for (const b of [...words.intro, ...Object.values(words.steps).flatMap((s) => s.blocks)]) out.add(`block ${b.kind}`);
  return out;
}

/** Few lessons that between them ask everything any of `ids` asks of the page: each time the one that adds most, the first of equals. */
export function coveringLessons(ids: readonly string[]): string[] {
  const left = new Map(ids.map((id) => [id, asks(id)]));
  const out: string[] = [];
  for (;;) {
    const [id, most] = [...left].reduce<[string, Set<string>]>((a, b) => (b[1].size > a[1].size ? b : a), ['', new Set()]);
    if (most.size === 0) return out;
    out.push(id);
    for (const other of left.values()) if (other !== most) for (const x of most) other.delete(x);
    most.clear();
  }
}

/** Shows a host's terminal, types all lines ahead and waits until the last prompt is back and empty. */
export async function typeLines(page: Page, host: string, lines: readonly string[]): Promise<void> {
  await page.evaluate((h) => [...document.querySelectorAll<HTMLElement>('[data-pane=terminals] [role=tab]')].find((t) => t.textContent?.startsWith(h))?.click(), host);
  await page.locator(`[data-terminal="${host}/0"] textarea`).focus();
  for (const l of lines) {
    await page.keyboard.insertText(l);
    await page.keyboard.press('Enter');
    await settled(page, host);
  }
}

/** Waits until the newest line of a terminal is a prompt (or asks for more of a here-document) and stays so for two frames. */
export async function settled(page: Page, host: string): Promise<void> {
  await page.evaluate(async (h) => {
    const frame = (): Promise<void> => new Promise((r) => requestAnimationFrame(() => r()));
    const last = (): string => [...(document.querySelector(`[data-terminal="${h}/0"] .xterm-rows`)?.children ?? [])].map((d) => (d.textContent ?? '').replace(/\u00a0/g, ' ').trimEnd()).filter((l) => l !== '').at(-1) ?? '';
    await frame();
    for (let good = 0, n = 0; good < 2; n++) {
      await frame();
      good = /^(\[root@\S+ [^\]]+\]#|>)$/.test(last()) ? good + 1 : 0;
      if (n > 6000) throw new Error(`no prompt on ${h}: ${last()}`);
    }
  }, host);
}

/** Answers a question through its inputs; its step is opened first. */
export async function answerQuestion(page: Page, id: string, value: string): Promise<void> {
  await page.evaluate(async ([q, v]) => {
    const frame = (): Promise<void> => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => r())));
    const card = (): HTMLElement | null => document.querySelector(`[data-question="${q}"]`);
    for (const t of [null, ...document.querySelectorAll<HTMLElement>('[data-step] button.t')]) {
      t?.click();
      await frame();
      if (card() !== null) break;
    }
    const form = card();
    if (form === null) throw new Error(`no question ${q}`);
    const put = (e: HTMLInputElement | HTMLSelectElement, x: string): void => {
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'value')!.set!.call(e, x);
      e.dispatchEvent(new Event(e instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }));
    };
    const parts = v!.split(',').map((x) => x.trim());
    const boxes = [...form.querySelectorAll<HTMLInputElement>('input[type=radio],input[type=checkbox]')];
    const selects = [...form.querySelectorAll<HTMLSelectElement>('select')];
    if (boxes.length > 0) for (const b of boxes) { if (b.checked !== (b.type === 'radio' ? b.value === v : parts.includes(b.value))) { b.click(); await frame(); } }
    else if (form.querySelector('[data-item]') !== null) {
      for (const [i, want] of parts.entries()) for (;;) {
        const at = [...form.querySelectorAll<HTMLElement>('[data-item]')].findIndex((x) => x.dataset['item'] === want);
        if (at <= i) break;
        form.querySelector<HTMLElement>(`[data-item="${CSS.escape(want)}"] [data-move=up]`)!.click();
        await frame();
      }
    } else if (selects.length > 0) {
      for (const [i, p] of parts.entries()) { put(v!.includes('=') ? form.querySelector<HTMLSelectElement>(`select[data-left="${CSS.escape(p.slice(0, p.indexOf('=')))}"]`)! : selects[i]!, v!.includes('=') ? p.slice(p.indexOf('=') + 1) : p); await frame(); }
    } else put(form.querySelector<HTMLInputElement>('input[type=text]')!, v!);
    await frame();
    const send = form.querySelector<HTMLButtonElement>('button[type=submit]')!;
    if (send.disabled) throw new Error(`question ${q} does not take ${v}`);
    send.click();
    await frame();
  }, [id, value]);
}

/** Does all deeds of a lesson that is open. */
export async function solve(page: Page, list: readonly Deed[]): Promise<void> {
  for (const d of list) {
    if ('answer' in d) await answerQuestion(page, d.answer, d.value);
    else if ('wait' in d) {
      const until = Number.parseFloat(await page.getByTestId('clock').innerText()) + d.wait;
      await expect.poll(async () => Number.parseFloat(await page.getByTestId('clock').innerText()), { timeout: 60_000, intervals: [50] }).toBeGreaterThan(until);
    } else await typeLines(page, d.host, d.lines);
  }
}

/** Waits until every step of the open lesson is green. */
export async function allGreen(page: Page): Promise<void> {
  await expect.poll(() => page.locator('[data-step]').evaluateAll((s) => s.map((e) => `${(e as HTMLElement).dataset['step']} ${(e as HTMLElement).dataset['state']}`).filter((x) => !x.endsWith(' passed')).join(', ')), { timeout: 60_000, intervals: [60, 120, 250] }).toBe('');
}
