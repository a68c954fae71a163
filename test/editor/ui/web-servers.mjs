import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The workspace that each test gets a copy of: two web servers, two compose projects. */
export const workspace = 'two-servers';

export const tests = {
  'the compose files are picked from a list and kept in the settings': async ({ workbench, folder }) => {
    const { page } = workbench;
    const list = page.locator('.quick-input-widget:visible', { hasText: 'Compose files of two-servers' });
    const openList = async () => {
      await workbench.runCommand('Headroom: Choose Compose Files…');
      await list.waitFor();
    };
    const settings = () => JSON.parse(readFileSync(join(folder, '.vscode/settings.json'), 'utf8'));

    await workbench.openFile('compose.small.yaml');
    await workbench.waitForSquiggle('error', { text: '768m', timeoutSeconds: 40 });
    await openList();
    await list.locator('.monaco-list-row[aria-label$=", compose.yaml"]').click();
    await workbench.waitForNoSquiggle('error', { timeoutSeconds: 30 });
    assert.deepEqual(settings(), { 'headroom.composeFiles': ['compose.yaml'] });
    await openList();
    await workbench.screenshot('web-servers-compose-files');
    await list.locator('input.input').fill('All projects');
    await page.keyboard.press('Enter');
    await workbench.waitForSquiggle('error', { text: '768m', timeoutSeconds: 30 });
    assert.deepEqual(settings(), {});
  },

  'the status item opens the panel for the web server of the file in front': async ({ workbench }) => {
    const { page } = workbench;
    await workbench.openFile('compose.small.yaml');
    await workbench.waitForSquiggle('error', { text: '768m', timeoutSeconds: 40 });
    for (const server of ['admin', 'shop']) {
      await workbench.openFile(`${server}/app.py`);
      const entries = await workbench.languageStatus();
      await workbench.screenshot(`web-servers-status-${server}`);
      assert.ok(
        entries.some((text) => text.startsWith('Capacity of 4 web servers')),
        entries.join('\n'),
      );
      await page
        .locator('.hover-language-status', { hasText: 'Capacity of' })
        .getByText('Plan', { exact: true })
        .click();
      const chosen = workbench.webview().getByRole('combobox', { name: 'Web server' }).locator('option:checked');
      await chosen.filter({ hasText: `· ${server}` }).waitFor({ state: 'attached', timeout: 30_000 });
    }
  },
};
