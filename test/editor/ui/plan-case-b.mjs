import { strict as assert } from 'node:assert';

/** The workspace that each test gets a copy of: no compose file starts its web server, a systemd unit does. */
export const workspace = 'case-b';

const unit = 'deploy/systemd/opsdesk.service';

export const tests = {
  'the panel of a systemd unit looks at home in every theme': async ({ workbench }) => {
    const { panel } = await openFromLens(workbench);
    await panel.locator('main[aria-busy=false] .results').waitFor({ timeout: 40_000 });
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await workbench.page.mouse.move(700, 3);
    for (const theme of ['light', 'hc-light', 'hc-black', 'dark']) {
      await workbench.setTheme(theme);
      await panel.locator(`body.${bodies[theme]}`).waitFor();
      await workbench.screenshot(`capacity-panel-${theme}`);
      await panel.getByRole('table', { name: 'Settings to change' }).scrollIntoViewIfNeeded();
      await workbench.screenshot(`capacity-panel-${theme}-rows`);
      await panel.locator('.headline').scrollIntoViewIfNeeded();
    }
  },

  'what was typed and the plans with a name are there after a reload': async ({ workbench }) => {
    const { page } = workbench;
    const { panel, users } = await openFromLens(workbench);
    await users.fill('321');
    await panel.locator('.headline', { hasText: '321 users' }).waitFor({ timeout: 30_000 });
    await panel.getByRole('button', { name: 'Save plan…' }).click();
    const input = page.locator('.quick-input-widget:visible', { hasText: 'Save the plan' }).locator('input.input');
    await input.fill('autumn');
    await page.keyboard.press('Enter');
    await panel.locator('.notice.done', { hasText: 'Saved as autumn.' }).waitFor({ timeout: 30_000 });
    await users.fill('77');
    await panel.locator('.headline', { hasText: '77 users' }).waitFor({ timeout: 30_000 });
    // The browser's storage takes the state every few seconds.
    await page.waitForTimeout(8000);
    await page.reload();

    await panel.locator('.headline', { hasText: '77 users' }).waitFor({ timeout: 60_000 });
    assert.equal(await users.inputValue(), '77');
    await panel.getByRole('combobox', { name: 'Saved plans' }).selectOption('autumn');
    await panel.locator('.headline', { hasText: '321 users' }).waitFor({ timeout: 30_000 });
    await panel.getByRole('combobox', { name: 'Saved plans' }).selectOption('Forget autumn');
    await panel.locator('.notice.done', { hasText: 'autumn' }).waitFor({ timeout: 30_000 });
    await panel.getByRole('combobox', { name: 'Saved plans' }).waitFor({ state: 'detached', timeout: 30_000 });
  },
};

const bodies = {
  light: 'vscode-light',
  dark: 'vscode-dark',
  'hc-black': 'vscode-high-contrast:not(.vscode-high-contrast-light)',
  'hc-light': 'vscode-high-contrast-light',
};

/** Opens the panel from the line in the unit that starts the web server. */
async function openFromLens(workbench) {
  await workbench.openFile(unit);
  await workbench.page.locator('.codelens-decoration a', { hasText: 'Plan capacity' }).click({ timeout: 40_000 });
  const panel = workbench.webview();
  await panel.locator('.headline', { hasText: 'Today' }).waitFor({ timeout: 40_000 });
  return { panel, users: panel.getByRole('textbox', { name: 'Users', exact: true }) };
}
