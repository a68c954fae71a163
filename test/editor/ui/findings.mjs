import { strict as assert } from 'node:assert';

/** The workspace that each test gets a copy of. */
export const workspace = 'case-a';

const compose = 'docker-compose.unified.yml';

export const tests = {
  'a fix from the light bulb makes its finding vanish': async ({ workbench }) => {
    await workbench.openFile(compose);
    await workbench.waitForSquiggle('warning', { text: 'redis', timeoutSeconds: 30 });
    const actions = await workbench.openLightBulb({ at: '  redis:\n'.trim() });
    await workbench.screenshot('findings-light-bulb');
    assert.match(actions[0], /^Set maxmemory/);
    assert.deepEqual(actions.slice(-2), [
      'Ignore redis-memory-unbounded here, with a reason…',
      'Turn off redis-memory-unbounded in headroom.yaml',
    ]);
    await workbench.pickAction(actions[0]);
    await workbench.waitForNoSquiggle('warning', { text: 'redis' });
    assert.match(await workbench.editorText(), /--maxmemory/);
    await workbench.screenshot('findings-fixed');
  },

  'typing in .env moves the findings of the Dockerfile': async ({ workbench }) => {
    await workbench.openFile('backend/Dockerfile');
    await workbench.waitForSquiggle('warning', { text: 'gunicorn', timeoutSeconds: 30 });
    assert.ok((await problemsOf(workbench)).includes('gunicorn-workers-unset'));
    await workbench.openFile('.env');
    await workbench.placeCursor('LOG_LEVEL');
    await workbench.typeText('WEB_CONCURRENCY=3\n');
    await eventually(workbench, async () => !(await problemsOf(workbench)).includes('gunicorn-workers-unset'));
    await workbench.screenshot('findings-env');
  },

  'ignoring a finding asks for the reason and keeps it in a comment': async ({ workbench }) => {
    await workbench.openFile('backend/Dockerfile');
    await workbench.waitForSquiggle('warning', { text: 'gunicorn', timeoutSeconds: 30 });
    await workbench.openLightBulb({ at: 'gunicorn --bind' });
    await workbench.screenshot('findings-dockerfile-light-bulb');
    await workbench.pickAction('Ignore signals-not-forwarded here');
    const input = workbench.page.locator('.quick-input-widget:visible input.input').first();
    await input.waitFor();
    await workbench.page.waitForTimeout(400);
    await workbench.screenshot('findings-reason');
    await input.fill('stopped by hand only');
    await workbench.page.keyboard.press('Enter');
    await eventually(workbench, async () =>
      /\n# headroom-ignore signals-not-forwarded -- stopped by hand only\nCMD gunicorn/.test(
        await workbench.editorText(),
      ),
    );
    await eventually(workbench, async () => !(await problemsOf(workbench)).includes('signals-not-forwarded'));
    await workbench.screenshot('findings-ignored');
  },

  'the language status says what was read and lists it': async ({ workbench }) => {
    await workbench.openFile(compose);
    await workbench.waitForSquiggle('warning', { text: 'redis', timeoutSeconds: 30 });
    const [entry] = (await workbench.languageStatus()).filter((text) => text.includes('Headroom'));
    assert.match(entry ?? '', /Headroom: \d+ findings read \d+ files, docjobs Show Files/);
    await workbench.screenshot('findings-language-status');
    const link = workbench.page.locator('.hover-language-status a', { hasText: 'Show Files' });
    const { x, width } = await link.boundingBox();
    assert.ok(x + width < workbench.page.viewportSize().width, 'the pop-up fits');
    await link.click();
    const rows = workbench.page.locator('.quick-input-widget:visible .monaco-list-row');
    await rows.first().waitFor();
    await workbench.page.waitForTimeout(400);
    await workbench.screenshot('findings-files');
    assert.ok((await rows.allInnerTexts()).join('\n').includes('docker-compose.unified.yml'));
  },

  'squiggles, hover and problems can be read in every theme': async ({ workbench }) => {
    for (const theme of ['light', 'dark', 'hc-black', 'hc-light']) {
      await workbench.setTheme(theme);
      await workbench.openFile(compose);
      await workbench.waitForSquiggle('warning', { text: 'redis', timeoutSeconds: 30 });
      await workbench.problemsPanel();
      assert.match(await workbench.hover('redis:'), /redis-memory-unbounded/);
      await workbench.screenshot(`findings-${theme}`);
    }
  },

  'a rule is explained in a preview': async ({ workbench }) => {
    await workbench.openFile(compose);
    await workbench.waitForSquiggle('warning', { text: 'redis', timeoutSeconds: 30 });
    await workbench.runCommand('Headroom: Explain Rule');
    const input = workbench.page.locator('.quick-input-widget:visible input.input').first();
    await workbench.page.locator('.quick-input-widget:visible', { hasText: 'Explain a Headroom rule' }).waitFor();
    await input.fill('redis-memory-unbounded');
    await workbench.page.keyboard.press('Enter');
    await workbench.page.locator('.tab.active', { hasText: 'redis-memory-unbounded' }).waitFor();
    await eventually(workbench, async () =>
      /maxmemory/.test((await workbench.webview().locator('body').textContent({ timeout: 5000 })) ?? ''),
    );
    await workbench.screenshot('findings-rule-page');
  },
};

async function problemsOf(workbench) {
  return (await workbench.problemsPanel()).map(({ code }) => code);
}

async function eventually(workbench, condition) {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; await workbench.page.waitForTimeout(100)) {
    if (await condition().catch(() => false)) return;
  }
  assert.fail(`waited 15 s for ${condition}`);
}
