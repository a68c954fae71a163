import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyState } from '../../src/panel/protocol.ts';
import { chromiumArguments, ensureChromium } from '../harness/vscode-server.mjs';
import { type OpenedPage, openPage } from './open-page.ts';
import { readProject } from './read-project.ts';

const caseA = readProject('case-a/before');
let browser: Browser;

beforeAll(async () => {
  const executablePath = await ensureChromium();
  browser = await chromium.launch({ executablePath, args: [...chromiumArguments] });
});

afterAll(() => browser?.close());

describe('the panel on a project', () => {
  it('says what it carries and what to change, without a complaint of the browser', async () => {
    const opened = await openPage(browser, { files: caseA });
    const { page } = opened;
    await settled(page);
    expect(await headline(page)).toMatch(/^Today this stack carries about \d+ of the assumed \d+ users\.$/);
    expect(await page.locator('.verdict').textContent()).toMatch(/With the plan it carries about \d+/);
    expect(await page.locator('.results thead').textContent()).toBe(' Today Plan');
    expect(await page.locator('.rows tbody tr').count()).toBeGreaterThan(3);
    expect(await page.locator('.bar').count()).toBeGreaterThan(1);
    await close(opened);
  });

  it('answers a changed number and takes it back', async () => {
    const opened = await openPage(browser, { files: caseA });
    const { page } = opened;
    await settled(page);
    const before = await headline(page);
    await field(page, 'Users').fill('200');
    await page.locator('.headline', { hasText: '200 users' }).waitFor();
    await settled(page);
    expect(lastPlan(opened)?.state.given).toEqual({ users: 200 });
    expect(await page.locator('.field', { has: field(page, 'Users') }).textContent()).toMatch(/instead of 50assumed/);
    await page
      .locator('.field', { has: field(page, 'Users') })
      .getByRole('button', { name: 'reset' })
      .click();
    await page.locator('.headline', { hasText: before }).waitFor();
    expect(lastPlan(opened)?.state.given).toEqual({});
    await close(opened);
  });

  it('says what is wrong with a number and keeps the last result', async () => {
    const opened = await openPage(browser, { files: caseA });
    const { page } = opened;
    await settled(page);
    const before = await page.locator('.answers').textContent();
    const asked = opened.received.length;
    for (const text of ['0', '-1', 'abc', '', '1e9', '2.5', 'NaN', 'Infinity']) {
      await field(page, 'Users').fill(text);
      expect(await page.locator('.field.wrong [role=alert]').textContent()).toMatch(/needed here|At (least|most) \d/);
      expect(await field(page, 'Users').getAttribute('aria-invalid')).toBe('true');
      await page.keyboard.press('Escape');
      expect(await field(page, 'Users').inputValue()).toBe(text);
    }
    expect(await page.locator('.answers').textContent()).toBe(before);
    expect(opened.received.length).toBe(asked);
    await close(opened);
  });

  it('never shows a number that is none, whatever stands in any field', async () => {
    const opened = await openPage(browser, { files: caseA });
    const { page } = opened;
    for (const summary of await page.locator('.inputs summary').all()) await summary.click();
    const fields = page.locator('.inputs input[type=text]');
    for (let index = 0; index < (await fields.count()); index++) {
      for (const text of ['0', '-1', '1e9', '9'.repeat(400)]) await fields.nth(index).fill(text);
      await fields.nth(index).fill('1');
    }
    await settled(page);
    expect(await page.locator('main').textContent()).not.toMatch(/NaN|Infinity|undefined|∞/);
    await close(opened);
  });

  it('says that a stack is too large for a simulation', async () => {
    const given = { replicas: 1000, cpus: 64, memoryBytes: 2 ** 40, profile: 'dedicated' } as const;
    const opened = await openPage(browser, { files: {}, state: { ...emptyState, given }, firstText: '.headline' });
    expect(await headline(opened.page)).toMatch(/^So many processes cannot be simulated/);
    expect(await opened.page.locator('main').textContent()).not.toMatch(/NaN|Infinity|undefined|∞/);
    await close(opened);
  });

  it('applies the rows that are chosen', async () => {
    const opened = await openPage(browser, { files: caseA });
    const { page, received } = opened;
    const boxes = page.locator('.rows input[type=checkbox]:enabled');
    const all = await boxes.count();
    const note = page.getByText('The figures of the plan count every row');
    expect(await note.count()).toBe(0);
    await boxes.first().uncheck();
    await note.waitFor();
    await page.getByRole('button', { name: 'Apply to files…' }).click();
    await expect.poll(() => received.at(-1)?.type).toBe('apply');
    const sent = received.at(-1);
    expect(sent?.type === 'apply' && sent.rowIds.length).toBe(all - 1);
    for (let index = 1; index < all; index++) await boxes.nth(index).uncheck();
    expect(await page.getByRole('button', { name: 'Apply to files…' }).isDisabled()).toBe(true);
    await close(opened);
  });

  it('draws loads of whole users only, however few', async () => {
    const opened = await openPage(browser, { files: caseA, state: { ...emptyState, given: { users: 2 } } });
    const { page } = opened;
    await settled(page);
    await page.locator('.chart summary').first().click();
    const loads = await page.locator('.chart').first().locator('tbody th').allTextContents();
    expect(loads).toEqual(['1', '2', '3', '4']);
    expect(await headline(page)).toMatch(/^Today this stack carries your 2 users, with \d+\s% to spare\.$/);
    await close(opened);
  });

  it('tries another scenario', async () => {
    const opened = await openPage(browser, { files: caseA });
    const { page } = opened;
    await settled(page);
    const before = await page.locator('.results').textContent();
    await page.getByLabel('Scenario').selectOption('burst');
    await expect.poll(() => page.locator('.results').textContent()).not.toBe(before);
    expect(lastPlan(opened)?.state.scenario).toBe('burst');
    await close(opened);
  });

  it('takes a saved plan, and forgets one', async () => {
    const saved = { name: 'Friday evening', state: { ...emptyState, given: { users: 120 } } };
    const opened = await openPage(browser, { files: caseA, savedPlans: [saved] });
    const { page } = opened;
    await page.getByLabel('Saved plans').selectOption('Friday evening');
    await page.locator('.headline', { hasText: '120 users' }).waitFor();
    await page.getByLabel('Saved plans').selectOption('Forget Friday evening');
    await expect.poll(() => opened.received.at(-1)).toEqual({ type: 'forget', name: 'Friday evening' });
    await close(opened);
  });

  it('judges by the target that is set', async () => {
    const opened = await openPage(browser, { files: caseA });
    const { page } = opened;
    await page.locator('.inputs summary', { hasText: 'Target' }).click();
    await field(page, '95 % of requests within').fill('0,7');
    await page.keyboard.press('Enter');
    await page.locator('.results', { hasText: 'within 700 ms' }).waitFor();
    expect(lastPlan(opened)?.state.target).toEqual({ p95Seconds: 0.7, errorShare: 0.01 });
    await field(page, 'Errors at most').fill('101');
    await page.keyboard.press('Enter');
    expect(await page.locator('.field.wrong [role=alert]').textContent()).toMatch(/from 0 to 100/);
    await page.getByRole('button', { name: 'reset the target' }).click();
    await expect.poll(() => lastPlan(opened)?.state.target).toBeNull();
    await close(opened);
  });

  it('wants a request to take some time', async () => {
    const opened = await openPage(browser, { files: caseA });
    const { page } = opened;
    await field(page, 'CPU').fill('0');
    await field(page, 'Database').fill('0');
    expect(await page.locator('.field.wrong [role=alert]').textContent()).toMatch(/more than 0 ms together/);
    await close(opened);
  });

  it('takes what the database computes of a request, and says how much would fill its cores', async () => {
    const opened = await openPage(browser, { files: caseA });
    const { page } = opened;
    const computing = field(page, 'Of it computing there');
    const entry = page.locator('.field', { has: computing });
    expect(await entry.textContent()).toContain('At this load 30 ms would fill its core.');
    await computing.fill('60');
    await page.locator('.reasons', { hasText: '50 users wait for the database to compute first' }).waitFor();
    await computing.fill('500');
    expect(await entry.getByRole('alert').textContent()).toBe('At most 480 ms, the time in the database.');
    await close(opened);
  });

  it('says that a load can never be answered', async () => {
    const opened = await openPage(browser, {
      files: caseA,
      state: { ...emptyState, given: { requestsPerSecond: 300 } },
    });
    await settled(opened.page);
    expect(await opened.page.locator('.reasons').textContent()).toMatch(/the queue would grow without end/);
    expect(await opened.page.locator('main').textContent()).not.toMatch(/NaN|Infinity|∞/);
    await close(opened);
  });

  it('works with typical values where there is no project', async () => {
    const opened = await openPage(browser, { files: {} });
    const { page } = opened;
    await settled(page);
    expect(await page.locator('main').textContent()).toMatch(/these are typical values/);
    expect(await page.locator('.results').textContent()).toMatch(/Users carried.+errorsabout \d+/);
    expect(await headline(page)).toMatch(/this machine carries about \d+ users/);
    expect(await page.locator('.sized').textContent()).toMatch(/Workers3max\(2, 4 x 0\.5 x 1\.5\) = 3/);
    expect(await page.getByRole('button', { name: 'Apply to files…' }).isDisabled()).toBe(true);
    await close(opened);
  });
});

describe('the load as requests per second', () => {
  it('starts from what the users send, takes a number, and gives the users back', async () => {
    const opened = await openPage(browser, { files: caseA });
    const { page } = opened;
    await settled(page);
    await page.getByRole('radio', { name: 'Requests per second' }).check();
    // 50 users who wait 0.5 s and think 1 s.
    expect(await field(page, 'Requests per second').inputValue()).toBe('33');
    expect(await field(page, 'Users').count()).toBe(0);
    await field(page, 'Requests per second').fill('2.5');
    await page.locator('.headline', { hasText: 'of your 2.5 requests a second' }).waitFor();
    expect(lastPlan(opened)?.state.given).toEqual({ requestsPerSecond: 2.5 });
    expect(await page.locator('.results').textContent()).toMatch(/Requests a second carried.+errorsabout/);
    await page.getByRole('radio', { name: 'Users who wait and think' }).check();
    await page.locator('.headline', { hasText: '50 users' }).waitFor();
    expect(lastPlan(opened)?.state.given).toEqual({});
    await page.getByRole('radio', { name: 'Requests per second' }).check();
    expect(await field(page, 'Requests per second').inputValue()).toBe('2.5');
    await close(opened);
  });

  it('settles at 5,000 a second and says that the queue has no end', async () => {
    const opened = await openPage(browser, {
      files: caseA,
      state: { ...emptyState, given: { requestsPerSecond: 5000 } },
    });
    const { page } = opened;
    await settled(page);
    expect(await headline(page)).toMatch(/^Today this stack carries about [\d.]+ of your 5,000 requests a second\.$/);
    expect(await page.locator('.reasons').textContent()).toMatch(/the queue would grow without end/);
    expect(await page.locator('.results').textContent()).toMatch(/longer and longer.*in the end 9\d/);
    expect(await page.locator('main').textContent()).not.toMatch(/NaN|Infinity|undefined|∞/);
    await close(opened);
  });
});

describe('settings that the files leave open', () => {
  const files = {
    'compose.yaml': 'services:\n  web:\n    build: .\n    command: gunicorn -w ${WORKERS} --threads 2 app:app\n',
    Dockerfile: 'FROM python:3.12\nWORKDIR /app\nCOPY . .\n',
    'app.py': 'app = None\n',
  };

  it('come first, with the reason and the place, and take what the user knows', async () => {
    const opened = await openPage(browser, { files });
    const { page } = opened;
    await settled(page);
    const first = page.locator('.inputs .field').first();
    expect(await first.textContent()).toMatch(
      /^Workers.*Comes from the shell: WORKERS is not in \.env\. Without your figure, 1 is assumed\.$/,
    );
    await first.getByRole('button', { name: 'compose.yaml:4' }).click();
    await expect.poll(() => opened.received.at(-1)).toMatchObject({ type: 'open', place: { line: 4 } });
    const before = await headline(page);
    await field(page, 'Workers').fill('6');
    await expect.poll(() => headline(page)).not.toBe(before);
    expect(lastPlan(opened)?.state.settings).toEqual({ workers: 6 });
    await first.getByRole('button', { name: 'Reset Workers' }).click();
    await expect.poll(() => headline(page)).toBe(before);
    expect(lastPlan(opened)?.state.settings).toEqual({});
    await close(opened);
  });

  it('say what is wrong with a number and keep the last result', async () => {
    const opened = await openPage(browser, { files, state: { ...emptyState, settings: { workers: 3 } } });
    const { page } = opened;
    await settled(page);
    expect(await field(page, 'Workers').inputValue()).toBe('3');
    const before = await page.locator('.answers').textContent();
    for (const text of ['0', '1.5', 'many', '', '1e9']) {
      await field(page, 'Workers').fill(text);
      expect(await page.locator('.field.wrong [role=alert]').textContent()).toMatch(/needed here|At (least|most) \d/);
    }
    expect(await page.locator('.answers').textContent()).toBe(before);
    expect(lastPlan(opened)?.state.settings).toEqual({ workers: 3 });
    await close(opened);
  });
});

describe('what was measured of the model', () => {
  it('is told in numbers only for times of requests that the user gave', async () => {
    const opened = await openPage(browser, { files: caseA });
    const { page } = opened;
    await settled(page);
    expect(await page.locator('footer').textContent()).toMatch(/the time of a request, which is assumed/);
    await field(page, 'CPU').fill('21');
    await field(page, 'Database').fill('90');
    await page.locator('footer', { hasText: 'half of the predictions were within about' }).waitFor();
    await page.getByRole('button', { name: 'How far the model can be trusted' }).click();
    await expect.poll(() => opened.received.at(-1)).toEqual({ type: 'validation' });
    await close(opened);
  });
});

describe('the panel by keyboard', () => {
  it('reads the values of a chart, as the pointer does', async () => {
    const opened = await openPage(browser, { files: caseA });
    const { page } = opened;
    await settled(page);
    const chart = page.getByRole('slider', { name: 'Share of errors: read the values' });
    const readout = page.locator('.chart', { has: chart }).locator('.readout');
    expect(await readout.textContent()).toMatch(/^50 users: today .+ %, plan .+ %$/);
    await chart.focus();
    await page.keyboard.press('ArrowRight');
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^60 users: today/);
    await page.keyboard.press('Home');
    expect(await readout.textContent()).toMatch(/^1 users: today/);
    await page.keyboard.press('End');
    expect(await readout.textContent()).toMatch(/^100 users: today/);
    const box = await chart.boundingBox();
    await page.mouse.move((box?.x ?? 0) + 0.3 * (box?.width ?? 0), (box?.y ?? 0) + 50);
    expect(await readout.textContent()).toMatch(/^20 users: today/);
    await close(opened);
  });

  it('reaches every control in reading order', async () => {
    const opened = await openPage(browser, { files: caseA });
    const { page } = opened;
    await settled(page);
    const expected = await page.evaluate<string[]>(tabStops);
    const reached: string[] = [];
    for (let step = 0; step < expected.length; step++) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate<string>('window.nameOf(document.activeElement)'));
    }
    expect(reached).toEqual(expected);
    await close(opened);
  });

  it('changes numbers, choices and rows', async () => {
    const opened = await openPage(browser, { files: caseA });
    const { page } = opened;
    await settled(page);
    await page.getByLabel('Users, slider').focus();
    const before = Number(await field(page, 'Users').inputValue());
    await page.keyboard.press('ArrowRight');
    expect(Number(await field(page, 'Users').inputValue())).toBe(before + 1);
    await page.getByLabel('Users who wait and think').focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => lastPlan(opened)?.state.given.requestsPerSecond).toBeGreaterThan(1);
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => lastPlan(opened)?.state.given.requestsPerSecond).toBeUndefined();
    await page.getByLabel('The whole stack').focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => lastPlan(opened)?.state.given.profile).toBe('dedicated');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => lastPlan(opened)?.state.given.profile).toBe('shared');
    await page.getByLabel('Scenario').focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => lastPlan(opened)?.state.scenario).toBe('light');
    await page.locator('.rows input[type=checkbox]:enabled').first().focus();
    await page.keyboard.press('Space');
    await expect.poll(() => Object.values(lastPlan(opened)?.state.chosen ?? {})).toEqual([false]);
    await page.locator('.rows summary').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('.rows details[open] .formula').first().waitFor();
    await page.getByRole('button', { name: 'Apply to files…' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => opened.received.at(-1)?.type).toBe('apply');
    await close(opened);
  });
});

function field(page: Page, label: string) {
  return page.getByRole('textbox', { name: label, exact: true });
}

async function headline(page: Page): Promise<string> {
  return (await page.locator('.headline').textContent()) ?? '';
}

/** Waits for the end of the simulations. */
async function settled(page: Page): Promise<void> {
  await page.locator('main[aria-busy=false] .results').waitFor();
}

function lastPlan({ received }: OpenedPage) {
  return received.findLast((message) => message?.type === 'plan');
}

/** Whatever a test did, the browser has no complaint and the extension would have understood every message. */
async function close({ page, received, complaints }: OpenedPage): Promise<void> {
  expect(complaints).toEqual([]);
  expect(received).not.toContain(undefined);
  await page.close();
}

/** Everything that can be focused, in reading order; of a group of radio buttons the chosen one. */
const tabStops = `
  window.nameOf = (element) => [element.tagName, element.id || element.getAttribute('aria-label') || element.title || element.textContent.slice(0, 40)].join(' ');
  [...document.querySelectorAll('button, select, input, summary, [tabindex="0"]')]
    .filter((element) => !element.disabled && element.checkVisibility())
    .filter((element) => element.type !== 'radio' || element.checked)
    .map(nameOf)`;
