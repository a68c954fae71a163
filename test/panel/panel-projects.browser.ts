import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CapacityInputs } from '../../src/capacity/capacity-inputs.ts';
import { emptyState } from '../../src/panel/protocol.ts';
import { chromiumArguments, ensureChromium } from '../harness/vscode-server.mjs';
import { openPage } from './open-page.ts';
import { readProject } from './read-project.ts';

const dockerfile = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\n';
let browser: Browser;

beforeAll(async () => {
  const executablePath = await ensureChromium();
  browser = await chromium.launch({ executablePath, args: [...chromiumArguments] });
});

afterAll(() => browser?.close());

describe('the panel on stacks of other shapes', () => {
  it('names what runs out with the plan, where a pool is not known', async () => {
    const files = {
      'compose.yaml':
        'services:\n  web:\n    build: .\n    command: gunicorn -w 4 app:app\n  db:\n    image: postgres:16\n',
      Dockerfile: dockerfile,
      'app.py':
        "from sqlalchemy import create_engine\nfrom settings import options\nengine = create_engine('postgresql://db/app', **options)\n",
    };
    const page = await open(files, { given: { users: 200 } });
    const verdict = await answer(page);
    expect(verdict).toMatch(/Even with the plan it carries about \d+\..*\d+ users wait for a connection first/);
    expect(verdict).not.toMatch(/needs more CPUs/);
    expect(await page.locator('.inputs').textContent()).toMatch(/pool_size: may be among arguments/);
    expect(await page.locator('.bar figcaption').allTextContents()).toEqual([expect.stringMatching(/^Memory/)]);
    await page.close();
  });

  it('says in words that a plan does not fit, and that the machine is too small', async () => {
    const page = await open(readProject('case-a/before'), {
      given: { users: 20_000, cpus: 1, memoryBytes: 512 * 2 ** 20 },
    });
    const verdict = await answer(page);
    expect(verdict).toMatch(/This load needs more CPUs or shorter requests\. The parts need more memory/);
    expect(await page.locator('.bar figcaption').first().textContent()).toMatch(/of 512 MiB: more than there is$/);
    expect(await page.locator('.rows').textContent()).toMatch(/6,667 requests are in flight/);
    await page.close();
  });

  it('says that nobody is carried where each request takes longer than the target', async () => {
    const page = await open(readProject('case-b/before'), { given: { cpuSeconds: 5, databaseSeconds: 5, users: 3 } });
    await page.locator('.inputs summary', { hasText: 'Target' }).click();
    await page.getByRole('textbox', { name: '95 % of requests within' }).fill('1');
    await page.keyboard.press('Enter');
    await page.locator('.results', { hasText: 'within 1 s' }).waitFor();
    expect(await page.locator('.verdict').textContent()).toMatch(
      /^Today this stack carries none of your 3 users within the target\.With the plan it carries none within the target, either\.$/,
    );
    await page.close();
  });

  it('promises what its rows do, and says what the changes by hand would add', async () => {
    const page = await open({
      'compose.yaml': 'services:\n  web:\n    build: .\n',
      Dockerfile: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD gunicorn -w 2 -c gunicorn.conf.py app:app\n',
      'gunicorn.conf.py': 'import multiprocessing\n\nthreads = min([multiprocessing.cpu_count(), 12])\n',
      'app.py': 'app = None\n',
    });
    expect(await page.locator('.verdict').textContent()).toMatch(
      /Even with the plan it carries about \d+\. With its changes by hand as well it would carry about \d+\./,
    );
    await page.close();
  });

  it('starts each bar with the web server, in one colour', async () => {
    const page = await open(readProject('case-b/before'));
    const servers = page.locator('.bar', { hasText: 'Connections of' });
    expect(await servers.count()).toBe(2);
    for (const server of await servers.all()) {
      expect(await server.locator('li').first().textContent()).toMatch(/^ opsdesk \d+$/);
    }
    await page.close();
  });

  it('keeps an amount and its unit on one line', async () => {
    const page = await open(readProject('case-b/before'));
    const amounts = await page.locator('.rows b', { hasText: 'GiB' }).allTextContents();
    expect(amounts).toContain('1\u00a0GiB');
    expect(amounts.filter((amount) => /\d GiB/.test(amount))).toEqual([]);
    await page.close();
  });

  it('breaks the long name of a setting between its words', async () => {
    const page = await open(readProject('case-b/before'));
    const setting = page.locator('.rows code', { hasText: 'innodb_buffer_pool_size' });
    expect(await setting.innerHTML()).toBe('innodb_<wbr>buffer_<wbr>pool_<wbr>size');
    await page.close();
    const two = await open(readProject('case-c/before'));
    expect(await two.locator('.rows code', { hasText: 'max_overflow' }).innerHTML()).toBe('pool_size, max_overflow');
    await two.close();
  });

  it('keeps the names of lines at zero off the numbers of the axis', async () => {
    const page = await open(readProject('case-d/before'), { width: 600 });
    const chart = page.locator('.chart').last();
    const names = await boxesOf(chart.locator('.series-label'));
    const numbers = await boxesOf(chart.locator('.tick-label'));
    expect(names).toHaveLength(2);
    const touching = names.filter((name) => numbers.some((number) => overlaps(name, number)));
    expect(touching).toEqual([]);
    await page.close();
  });

  it('speaks of no plan where nothing has to change', async () => {
    const page = await open(readProject('case-d/before'));
    const verdict = await answer(page);
    expect(verdict).toMatch(
      /with \d+\s% to spare\.Nothing has to change for this load\.AssumedThe time of a request is assumed\. .* it would carry about/,
    );
    expect(verdict).not.toMatch(/plan/i);
    await page.close();
  });
});

async function open(
  files: Readonly<Record<string, string>>,
  how: { readonly given?: Partial<CapacityInputs>; readonly width?: number } = {},
): Promise<Page> {
  const { given = {}, width = 1200 } = how;
  const { page, complaints } = await openPage(browser, { files, width, state: { ...emptyState, given } });
  await page.locator('main[aria-busy=false] .results').waitFor();
  expect(complaints).toEqual([]);
  return page;
}

/** The verdict and its reasons. */
async function answer(page: Page): Promise<string> {
  const parts = [page.locator('.verdict'), page.locator('.reasons')];
  return (await Promise.all(parts.map((part) => part.textContent()))).join('');
}

type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

async function boxesOf(texts: Locator): Promise<readonly Box[]> {
  const boxes = await Promise.all((await texts.all()).map((text) => text.boundingBox()));
  return boxes.filter((box) => box !== null);
}

function overlaps(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}
