import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chromiumArguments, ensureChromium } from '../harness/vscode-server.mjs';
import { openPage } from './open-page.ts';
import { readProject } from './read-project.ts';

const caseA = readProject('case-a/before');
let browser: Browser;

beforeAll(async () => {
  const executablePath = await ensureChromium();
  browser = await chromium.launch({ executablePath, args: [...chromiumArguments] });
});

afterAll(() => browser?.close());

it.each([
  ['two columns', 1400],
  ['one column', 600],
])('keeps every input in its place while results change, in %s', async (_, width) => {
  const page = await open(width);
  const before = await placesOf(page, '.inputs input');
  for (const [name, text] of [
    ['Users', '200'],
    ['Database', '10'],
    ['Users', '0'],
    ['CPU', 'x'],
  ] as const) {
    await page.getByRole('textbox', { name, exact: true }).fill(text);
    await settled(page);
    expect(await placesOf(page, '.inputs input')).toEqual(before);
  }
  await page.close();
});

it('keeps the charts in their place while numbers change', async () => {
  const page = await open(1400);
  const before = await placesOf(page, '.results, .charts, .budgets');
  for (const users of ['200', '5', '1500']) {
    await page.getByRole('textbox', { name: 'Users', exact: true }).fill(users);
    await page.locator('.headline', { hasText: `${Number(users).toLocaleString('en')} users` }).waitFor();
    await settled(page);
    expect(await placesOf(page, '.results, .charts, .budgets')).toEqual(before);
  }
  await page.close();
});

it('shows results while a slider moves, each of them whole', async () => {
  const page = await open(1400);
  await page.evaluate(`window.seen = [];
    new MutationObserver(() => window.seen.push(document.querySelector('.reasons').textContent.includes('Were it twice')))
      .observe(document.querySelector('.columns'), { subtree: true, childList: true, characterData: true })`);
  const headline = page.locator('.headline');
  const first = await headline.textContent();
  await page.getByLabel('Users, slider').focus();
  let presses = 0;
  for (; presses < 400 && (await headline.textContent()) === first; presses++) {
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(50);
  }
  expect(presses).toBeLessThan(400);
  expect(await page.evaluate<boolean[]>('window.seen')).not.toContain(false);
  const users = 50 + presses;
  await page.locator('.headline', { hasText: `${users} users` }).waitFor();
  await settled(page);
  expect(await page.getByRole('textbox', { name: 'Users', exact: true }).inputValue()).toBe(String(users));
  await page.close();
});

it.each([360, 600, 900, 1100, 1400])('leaves room for reading at a width of %d', async (width) => {
  const page = await open(width);
  const reasons = await page
    .locator('.rows .reason')
    .evaluateAll((cells) => cells.map(({ clientWidth }) => clientWidth));
  expect(Math.min(...reasons)).toBeGreaterThan(150);
  const heights = await page
    .locator('.chart text')
    .evaluateAll((texts) => texts.map((text) => text.getBoundingClientRect().height));
  expect(Math.min(...heights)).toBeGreaterThan(11);
  await page.close();
});

it('ticks and unticks all changes at once', async () => {
  const page = await open(1400);
  const boxes = page.locator('.rows input:enabled');
  const all = await boxes.count();
  await page.getByRole('button', { name: 'untick all' }).click();
  await page.getByText(`0 of ${all} ticked`).waitFor();
  expect(await page.locator('.rows input:checked').count()).toBe(0);
  await page.getByRole('button', { name: 'tick all', exact: true }).click();
  await page.getByText(`${all} of ${all} ticked`).waitFor();
  expect(await page.locator('.rows input:checked').count()).toBe(all);
  await page.close();
});

async function open(width: number): Promise<Page> {
  const { page } = await openPage(browser, { files: caseA, width });
  await settled(page);
  return page;
}

/** Waits for the end of the simulations. */
async function settled(page: Page): Promise<void> {
  await page.locator('main[aria-busy=false] .results').waitFor();
}

/** Distances from the top of the page, in whole pixels. */
function placesOf(page: Page, selector: string): Promise<readonly number[]> {
  return page.evaluate<readonly number[]>(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((one) => one.checkVisibility()).map((one) => Math.round(one.getBoundingClientRect().top + scrollY))`,
  );
}
