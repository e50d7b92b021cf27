// What stands in index.html before any script, and the words of the screens, are the same.
import { expect, test } from 'vitest';
import html from '../../../index.html?raw';
import en from '../i18n/en.json';
import zh from '../i18n/zh.json';

const page = html.replace(/\s+/g, ' ');

test.each([['zh-CN', `${zh.crash.missing}。${zh.crash.missingBody}`], ['en', `${en.crash.missing}. ${en.crash.missingBody}`]])('a file that did not come: %s', (lang, words) => {
  expect(page).toContain(`<span lang="${lang}">${words}</span>`);
});
