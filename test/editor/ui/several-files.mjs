import { strict as assert } from 'node:assert';

/** The workspace that each test gets a copy of. */
export const workspace = 'case-c';

export const tests = {
  'a fix that changes several files is shown before it is applied': async ({ workbench }) => {
    await workbench.openFile('app/database.py');
    await workbench.waitForSquiggle('warning', { timeoutSeconds: 30 });
    const { text } = (await workbench.squiggles()).find(({ kind }) => kind === 'warning');
    const [first] = await workbench.openLightBulb({ at: text });
    assert.match(first, /max_connections/);
    await workbench.pickAction(first);
    const preview = workbench.page.locator('.bulk-edit-panel');
    const files = preview.locator('.monaco-list-row[aria-level="1"]');
    await files.first().waitFor();
    await workbench.page.waitForTimeout(400);
    await workbench.screenshot('several-files-preview');
    assert.match((await files.allTextContents()).join(' '), /docker-compose\.yml/);
    // What needs a confirmation is not ticked at first.
    for (const file of await files.all()) await file.locator('[class*="edit-checkbox"]').click();
    await preview.getByRole('button', { name: 'Apply' }).click();
    await workbench.waitForNoSquiggle('warning');
    assert.match(await workbench.editorText(), /pool_size=20/);
    assert.deepEqual(await workbench.notifications(), []);
    await workbench.screenshot('several-files-applied');
  },
};
