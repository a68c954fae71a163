import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chromiumArguments, ensureChromium } from '../harness/vscode-server.mjs';
import { openPage } from './open-page.ts';
import { readProject } from './read-project.ts';
import { themes } from './themes.ts';

const caseA = readProject('case-a/before');
const openSettings = {
  'compose.yaml': 'services:\n  web:\n    build: .\n    command: gunicorn -w ${WORKERS} app:app\n',
  Dockerfile: 'FROM python:3.12\nWORKDIR /app\nCOPY . .\n',
  'app.py': 'app = None\n',
};
const checker = readFileSync(join(process.cwd(), 'node_modules/axe-core/axe.min.js'), 'utf8');
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await ensureChromium(), args: [...chromiumArguments] });
});

afterAll(() => browser?.close());

it.each(Object.keys(themes))('has nothing that an accessibility checker minds, %s', async (theme) => {
  const { page } = await openPage(browser, { files: caseA, theme });
  await unfold(page);
  await page.getByRole('textbox', { name: 'Users', exact: true }).fill('0');
  await page.locator('main[aria-busy=false]').waitFor();
  await page.evaluate(checker);
  const violations = await page.evaluate<readonly string[]>(findViolations);
  expect(violations).toEqual([]);
  await page.close();
});

it('has nothing that the checker minds where the system has colours of its own and wants no motion', async () => {
  const { page } = await openPage(browser, { files: caseA, theme: 'high contrast' });
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  await unfold(page);
  await page.evaluate(checker);
  expect(await page.evaluate<readonly string[]>(findViolations)).toEqual([]);
  const moving = 'document.getAnimations().filter((one) => one.effect.getComputedTiming().activeDuration > 0).length';
  expect(await page.evaluate<number>(moving)).toBe(0);
  await page.close();
});

it.each([
  ['in a narrow column', caseA, 520],
  ['at 200 %', caseA, 600],
  ['beside a file', caseA, 880],
  ['in a narrow column with open settings', openSettings, 520],
  ['in a narrow column without a project', {}, 520],
] as const)('needs no scrolling to the side %s', async (_, files, width) => {
  const { page } = await openPage(browser, { files, width });
  await unfold(page);
  expect(await page.evaluate<readonly string[]>(findOverflow)).toEqual([]);
  await page.evaluate(lengthen);
  expect(await page.evaluate<readonly string[]>(findOverflow)).toEqual([]);
  await page.close();
});

it('shows strings that are two fifths longer in full', async () => {
  const { page } = await openPage(browser, { files: caseA });
  await unfold(page);
  await page.evaluate(lengthen);
  expect(await page.evaluate<readonly string[]>(findOverflow)).toEqual([]);
  await page.close();
});

async function unfold(page: Page): Promise<void> {
  await page.locator('main[aria-busy=false]').waitFor();
  await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
}

const findViolations = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html.slice(0, 160) + ' ' + node.failureSummary)))`;

/** As long as German: every text grows by words, which may break, and every label of a list. */
const lengthen = `(() => {
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const longer = (text) => text + ' ' + 'lang'.repeat(3).slice(0, Math.min(9, Math.ceil(text.length * 0.4)));
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (const node of nodes) if (/[a-z]{3}/i.test(node.data)) node.data = longer(node.data) + ' lang'.repeat(Math.floor(node.data.length * 0.08));
})()`;

/** Elements that stick out of the page at its side, or out of a drawing, or hide a part of their text. */
const findOverflow = `(() => {
  const most = document.documentElement.clientWidth + 1;
  const name = (element) => element.tagName + '.' + (element.getAttribute('class') ?? '') + ' ' + element.textContent.slice(0, 50);
  const drawings = [...document.querySelectorAll('svg text')].filter((text) => {
    const [own, all] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
    return own.left < all.left - 1 || own.right > all.right + 1;
  });
  const shown = [...document.querySelectorAll('main *')].filter((one) => !one.closest('.hidden') && one.checkVisibility());
  const outside = shown.filter((one) => one.getBoundingClientRect().right > most);
  const cut = shown.filter((one) => getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1 && one.tagName !== 'SELECT' && one.tagName !== 'svg');
  return [...drawings, ...outside, ...cut].map(name);
})()`;
