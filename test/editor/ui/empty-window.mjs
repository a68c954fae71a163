import { strict as assert } from 'node:assert';

/** An empty window. */
export const workspace = undefined;

export const tests = {
  'the capacity panel plans typical values where no folder is open': async ({ workbench }) => {
    await workbench.runCommand('Headroom: Open Capacity Panel');
    const panel = workbench.webview();
    await panel.getByText('No web server was found in this workspace').waitFor({ timeout: 40_000 });
    await panel.locator('main[aria-busy=false] .results').waitFor({ timeout: 40_000 });
    const sized = panel.getByRole('table', { name: 'Settings that suit this machine and this load' });
    const before = await sized.textContent();
    await panel.getByRole('textbox', { name: 'CPU cores', exact: true }).fill('16');
    await panel.getByRole('textbox', { name: 'Users', exact: true }).fill('900');
    await panel.getByText('900 users: plan').first().waitFor({ timeout: 30_000 });
    await panel.locator('main[aria-busy=false]').waitFor({ timeout: 30_000 });
    await workbench.screenshot('empty-window-panel');
    assert.notEqual(await sized.textContent(), before);
    assert.ok(await panel.getByRole('button', { name: 'Apply to files…' }).isDisabled());
  },
};
