import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The workspace that each test gets a copy of. */
export const workspace = 'case-c';

export const tests = {
  'the panel opens from the lens and from the light bulb of a finding, with what was typed': async ({ workbench }) => {
    const { page } = workbench;
    const { carried, isSettled, databaseTime } = await openFromLens(workbench);
    const untyped = await carried.textContent();
    await databaseTime.fill('2000');
    await carried.filter({ hasNotText: untyped }).waitFor({ timeout: 30_000 });
    await isSettled();
    await workbench.screenshot('case-c-panel');

    await workbench.openFile('app/database.py');
    await workbench.waitForSquiggle('warning', { timeoutSeconds: 30 });
    const { text } = (await workbench.squiggles()).find(({ kind }) => kind === 'warning');
    await workbench.openLightBulb({ at: text });
    await workbench.pickAction('Open the capacity panel');
    await page.locator('.tab.active', { hasText: 'Capacity' }).waitFor();
    assert.equal(await databaseTime.inputValue({ timeout: 30_000 }), '2000');
  },

  'a file that changes while its plan is shown stays as it is, and the next plan fits it': async ({
    workbench,
    folder,
  }) => {
    const { page } = workbench;
    const onDisk = () => readFileSync(join(folder, 'docker-compose.yml'), 'utf8');
    const typed = `# typed meanwhile\n${onDisk()}`;
    const { panel, carried, isSettled } = await openFromLens(workbench);
    await isSettled();
    const today = await carried.textContent();
    await panel.getByRole('button', { name: 'Apply to files…' }).click();
    await workbench.confirmAll();
    await workbench.openFile('docker-compose.yml');
    await workbench.placeCursor('services');
    await workbench.typeText('# typed meanwhile\n');
    await workbench.save();
    await workbench.applyPreview();
    const refusal = page.locator('.monaco-dialog-box', { hasText: 'docker-compose.yml' });
    await refusal.waitFor();
    await workbench.screenshot('case-c-refusal');
    await refusal.getByRole('button').first().click();
    await page.locator('.tab', { hasText: 'Capacity' }).click();
    await panel.locator('.notice.problem', { hasText: 'Nothing was changed.' }).waitFor({ timeout: 30_000 });
    assert.equal(onDisk(), typed);

    await panel.getByRole('button', { name: 'Apply to files…' }).click();
    const { length } = await workbench.confirmAll();
    await workbench.applyPreview();
    await panel.locator('.notice.done', { hasText: `Files changed: ${length}.` }).waitFor({ timeout: 30_000 });
    assert.match(onDisk(), /^# typed meanwhile\nservices:/);
    assert.notEqual(onDisk(), typed);
    await carried.filter({ hasNotText: today }).waitFor({ timeout: 30_000 });
    await workbench.screenshot('case-c-applied');

    await workbench.openFile('docker-compose.yml');
    await workbench.undoInAllFiles();
    await page.locator('.tab', { hasText: 'Capacity' }).click();
    await carried.filter({ hasText: today }).waitFor({ timeout: 30_000 });
    await workbench.runCommand('File: Save All Files');
    await workbench.waitUntil(() => onDisk() === typed, 'the compose file as it was');
  },
};

/** Opens the panel from the line above the web server, and waits for its figures. */
async function openFromLens(workbench) {
  await workbench.openFile('docker-compose.yml');
  await workbench.page.locator('.codelens-decoration a', { hasText: 'Plan capacity' }).click({ timeout: 40_000 });
  const panel = workbench.webview();
  await panel.locator('.headline', { hasText: 'Today' }).waitFor({ timeout: 40_000 });
  return {
    panel,
    carried: panel.getByRole('row', { name: /Users carried/ }),
    databaseTime: panel.getByRole('textbox', { name: 'Database', exact: true }),
    isSettled: () => panel.locator('main[aria-busy=false]').waitFor({ timeout: 30_000 }),
  };
}
