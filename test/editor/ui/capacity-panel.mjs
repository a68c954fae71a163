import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

/** The workspace that each test gets a copy of. */
export const workspace = 'case-a';

export const tests = {
  'the capacity panel answers what is typed, writes its plan, and one undo takes it back': async ({
    workbench,
    folder,
  }) => {
    const { page } = workbench;
    await workbench.openFile('docker-compose.unified.yml');
    await workbench.waitForSquiggle('warning', { timeoutSeconds: 40 });
    await workbench.runCommand('Headroom: Open Capacity Panel');
    const panel = workbench.webview();
    const headline = panel.locator('.headline');
    await headline.waitFor({ timeout: 40_000 });
    await panel.getByRole('textbox', { name: 'Users', exact: true }).fill('45');
    await panel.locator('.headline', { hasText: '45 users' }).waitFor({ timeout: 30_000 });
    await panel.locator('main[aria-busy=false]').waitFor({ timeout: 30_000 });
    const before = await headline.textContent();
    const paths = ['shared/database.py', 'backend/Dockerfile', 'docker-compose.unified.yml'];
    const onDisk = () => paths.map((path) => readFileSync(join(folder, path), 'utf8'));
    const original = onDisk();
    const wanted = await panel.locator('.rows input:checked').count();
    assert.ok(wanted > 2, `${wanted} rows`);

    await panel.getByRole('button', { name: 'Apply to files…' }).click();
    const names = (await workbench.confirmAll()).join(' ');
    for (const name of ['docker-compose.unified.yml', 'Dockerfile', 'database.py'])
      assert.ok(names.includes(name), names);
    await workbench.screenshot('capacity-panel-preview');
    await workbench.applyPreview();

    await panel.locator('.notice.done').waitFor({ timeout: 30_000 });
    await panel.locator('.headline', { hasNotText: before }).waitFor({ timeout: 30_000 });
    await panel.locator('main[aria-busy=false]').waitFor({ timeout: 30_000 });
    assert.match(await headline.textContent(), /carries your 45 users/);
    await workbench.screenshot('capacity-panel-applied');

    const [database, dockerfile, compose] = onDisk();
    assert.notEqual(database, original[0]);
    assert.match(dockerfile, /--workers \d+ --threads \d+/);
    assert.match(compose, /--maxmemory/);

    await workbench.openFile('shared/database.py');
    // One undo for all the files.
    await workbench.undoInAllFiles();
    await workbench.runCommand('File: Save All Files');
    await workbench.waitUntil(() => isDeepStrictEqual(onDisk(), original), 'the files as they were');
    await page.locator('.tab', { hasText: 'Capacity' }).click();
    await workbench.webview().locator('.headline', { hasText: before }).waitFor({ timeout: 30_000 });
  },

  'the measured error of the model is one click away': async ({ workbench }) => {
    await workbench.openFile('docker-compose.unified.yml');
    await workbench.waitForSquiggle('warning', { timeoutSeconds: 40 });
    await workbench.runCommand('Headroom: Open Capacity Panel');
    await workbench
      .webview()
      .getByRole('button', { name: 'How far the model can be trusted' })
      .click({ timeout: 40_000 });
    await workbench.page.locator('.tab.active', { hasText: 'validation.md' }).waitFor();
    const page = workbench.webview();
    await page.locator('td', { hasText: 'throughput, median error' }).waitFor({ timeout: 20_000 });
    const chart = page.getByRole('img', { name: /Predicted against measured/ });
    await chart.waitFor();
    assert.ok(await chart.evaluate((image) => image.complete && image.naturalWidth > 0));
  },
};
