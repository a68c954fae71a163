import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { cacheFolder } from './cache.mjs';
import { findText, readProblemRows, readSquiggles } from './page-readers.mjs';
import { chromiumArguments, ensureChromium } from './vscode-server.mjs';

/** Starts a headless Chromium for `openWorkbench` and `runApiSuite`. */
export async function launchBrowser() {
  return chromium.launch({
    executablePath: await ensureChromium(),
    args: chromiumArguments,
    headless: true,
    timeout: 60_000,
  });
}

/**
 * Opens a VS Code window of a server of `startVSCode`, empty without a `workspace`, and returns the helpers that drive it
 * as a user would.
 */
export async function openWorkbench({ browser, server, workspace, width = 1400, height = 900 }) {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(server.url(workspace === undefined ? {} : { workspace }), { timeout: 60_000 });
  await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  if (workspace !== undefined) {
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
  }
  return createWorkbench({ page, server });
}

function createWorkbench({ page, server }) {
  const settings = {};
  const editor = page.locator('.editor-group-container.active .editor-instance .monaco-editor').first();
  const quickInputField = '.quick-input-filter input[type="text"], .quick-input-filter input.input';
  const quickInput = page.locator('.quick-input-widget:visible');
  const hoverWidget = page.locator(
    '.monaco-hover:visible .monaco-hover-content, .monaco-resizable-hover:visible .monaco-hover-content',
  );

  return {
    page,
    close: () => page.context().close(),
    openFile,
    runCommand,
    placeCursor,
    selectText,
    typeText,
    editorText,
    save,
    hover,
    squiggles,
    waitForSquiggle,
    waitForNoSquiggle,
    openLightBulb,
    pickAction,
    problemsPanel,
    statusItem,
    languageStatus,
    webview,
    confirmAll,
    applyPreview,
    undoInAllFiles,
    waitUntil: poll,
    notifications,
    setSettings,
    setTheme,
    screenshot,
  };

  /** Opens a file of the workspace by its relative path through quick open. */
  async function openFile(path) {
    const name = path.split('/').at(-1);
    // The file search of a fresh window may not have this file yet: ask again until it does.
    await retry(async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+P');
      await quickInput.locator(quickInputField).first().fill(path, { timeout: 4000 });
      await quickInput.locator('.monaco-list-row', { hasText: name }).first().click({ timeout: 4000 });
      await page.locator('.editor-group-container.active .tab.active', { hasText: name }).waitFor({ timeout: 4000 });
    });
    await editor.locator('.view-line').first().waitFor();
  }

  /** Runs a command by its title as the command palette shows it, for instance `View: Toggle Word Wrap`. */
  async function runCommand(title) {
    await retry(async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('F1');
      await quickInput.locator(quickInputField).first().fill(`>${title}`, { timeout: 4000 });
      const row = quickInput.locator('.monaco-list-row', { hasText: title }).first();
      await row.click({ timeout: 4000 });
    });
  }

  /** Selects the first occurrence of `text` in the active editor, scrolling to it. */
  async function selectText(text) {
    await editor.locator('.view-lines').click({ position: { x: 2, y: 2 } });
    await restPointer();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Control+F');
    const input = editor.locator('.find-widget.visible textarea, .find-widget.visible .find-part input').first();
    await input.waitFor();
    await input.fill(text);
    const count = editor.locator('.find-widget .matchesCount');
    await poll(async () => /^\d+ of \d+/.test((await count.textContent()) ?? ''), `"${text}" in the editor`);
    await page.keyboard.press('Escape');
  }

  /** Puts the cursor before the first occurrence of `text`, or behind it with `after`. */
  async function placeCursor(text, { after = false } = {}) {
    await selectText(text);
    await page.keyboard.press(after ? 'ArrowRight' : 'ArrowLeft');
  }

  /** Types at the cursor, key by key; a selection is replaced. */
  async function typeText(text) {
    await page.keyboard.type(text, { delay: 15 });
  }

  /** The text of the visible lines of the active editor. */
  async function editorText() {
    const lines = await editor.evaluate((element) =>
      [...element.querySelectorAll('.view-lines > .view-line')]
        .map((line) => ({
          top: line.getBoundingClientRect().top,
          text: (line.textContent ?? '').replace(/\u00a0/g, ' '),
        }))
        .sort((a, b) => a.top - b.top)
        .map((line) => line.text),
    );
    return lines.join('\n');
  }

  async function save() {
    await page.keyboard.press('Control+S');
    await page.locator('.editor-group-container.active .tab.active:not(.dirty)').waitFor();
  }

  /** Rests the pointer on the first visible occurrence of `text` and returns the text of the hover; fails when none appears. */
  async function hover(text) {
    const box = await textBox(text);
    await restPointer();
    await page.mouse.move(box.x + 2, box.y + box.height / 2);
    await page.mouse.move(box.x + Math.min(8, box.width / 2), box.y + box.height / 2, { steps: 4 });
    await hoverWidget.first().waitFor();
    await settle(async () => (await hoverWidget.allInnerTexts()).join('\n'));
    return (await hoverWidget.allInnerTexts()).join('\n').replace(/\u00a0/g, ' ');
  }

  /** The squiggles of the visible lines from top to bottom: `{ kind, text, line }`, kind as in `waitForSquiggle`. */
  async function squiggles() {
    return editor.evaluate(readSquiggles);
  }

  /** Waits for a squiggle of `kind` (`error`, `warning`, `info`, `hint`), under `text` if given, and returns it. */
  async function waitForSquiggle(kind, { text, timeoutSeconds = 15 } = {}) {
    const matches = async () =>
      (await squiggles()).find((one) => one.kind === kind && (text === undefined || one.text.includes(text)));
    await poll(matches, `a squiggle: ${kind} ${text ?? ''}`, {
      timeoutSeconds,
      onFailure: async () => JSON.stringify(await squiggles()),
    });
    return matches();
  }

  /** Waits until no squiggle of `kind` (under `text` if given) is left among the visible lines. */
  async function waitForNoSquiggle(kind, { text, timeoutSeconds = 15 } = {}) {
    const isGone = async () =>
      !(await squiggles()).some((one) => one.kind === kind && (text === undefined || one.text.includes(text)));
    await poll(isGone, `no squiggle: ${kind} ${text ?? ''}`, {
      timeoutSeconds,
      onFailure: async () => JSON.stringify(await squiggles()),
    });
  }

  /** Opens the light bulb's menu at the cursor (first put there with `at`) and returns the titles of its entries. */
  async function openLightBulb({ at } = {}) {
    if (at !== undefined) await placeCursor(at);
    const rows = page.locator('.action-widget .monaco-list-row.action');
    // A hover that opens at the same moment takes the menu's place: ask again.
    await retry(async () => {
      await page.keyboard.press('Control+.');
      await rows.first().waitFor({ timeout: 3000 });
    });
    await settle(async () => String(await rows.count()));
    return (await rows.locator('.title').allInnerTexts()).map((title) => title.replace(/\u00a0/g, ' ').trim());
  }

  /** Picks the entry of the open light bulb menu whose title contains `title`. */
  async function pickAction(title) {
    // By keyboard: the menu ignores the pointer until it has moved.
    const focused = page.locator('.action-widget .monaco-list-row.focused');
    for (let step = 0; !((await focused.textContent()) ?? '').replace(/\u00a0/g, ' ').includes(title); step++) {
      if (step === 60) throw new Error(`No entry "${title}" in the light bulb's menu`);
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    await page.locator('.action-widget .monaco-list-row').first().waitFor({ state: 'hidden' });
  }

  /** Shows the Problems panel and returns all its problems in its order: `{ file, kind, message, source, code, position, related }`. */
  async function problemsPanel() {
    const panel = page.locator('.markers-panel');
    if (!(await panel.isVisible())) await page.keyboard.press('Control+Shift+M');
    await panel.waitFor();
    await settle(async () => (await panel.textContent()) ?? '');
    // The list holds only the rows in view.
    const rows = new Map();
    await panel.hover({ position: { x: 200, y: 40 } });
    await page.mouse.wheel(0, -100_000);
    for (let before = -1; before < rows.size; ) {
      before = rows.size;
      await page.waitForTimeout(150);
      for (const row of await panel.evaluate(readProblemRows)) rows.set(row.index, row);
      await page.mouse.wheel(0, 110);
    }
    const problems = [];
    let file = '';
    for (const [, row] of [...rows].sort(([one], [other]) => one - other)) {
      if (row.file !== undefined) file = row.file;
      else if (row.related !== undefined) problems.at(-1)?.related.push(row.related);
      else problems.push({ file, ...row.problem, related: [] });
    }
    return problems;
  }

  /** The text of the first status bar item whose text, tooltip or id contains `name`, waited for. */
  async function statusItem(name) {
    const items = page.locator('.part.statusbar .statusbar-item');
    let found;
    await poll(async () => {
      found = await items.evaluateAll(
        (elements, wanted) =>
          elements
            .map((one) => ({
              all: `${one.id} ${one.getAttribute('aria-label') ?? ''} ${one.textContent}`,
              text: one.textContent.trim(),
            }))
            .find((one) => one.all.toLowerCase().includes(wanted))?.text,
        name.toLowerCase(),
      );
      return found !== undefined;
    }, `a status bar item "${name}"`);
    return found;
  }

  /** Opens the language status pop-up (the braces left of the language's name) and returns the text of its entries. */
  async function languageStatus() {
    await restPointer();
    await page.locator('.statusbar-item[id="status.languageStatus"]').hover();
    const entries = page.locator('.hover-language-status');
    await entries.first().waitFor();
    return (await entries.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
  }

  /** The innermost frame of the visible webview, as a playwright frame locator. */
  function webview() {
    return page.frameLocator('iframe.webview.ready').last().frameLocator('#active-frame');
  }

  /** Waits for the refactor preview, ticks every file in it and returns their names and folders. */
  async function confirmAll() {
    const preview = page.locator('.bulk-edit-panel');
    const files = preview.locator('.monaco-list-row[aria-level="1"]');
    await files.first().waitFor({ timeout: 30_000 });
    // The list holds only the rows in view: close the files' own rows.
    const unfolded = preview.locator('.monaco-list-row[aria-level="1"][aria-expanded="true"] .monaco-tl-twistie');
    for (await page.waitForTimeout(400); (await unfolded.count()) > 0; await page.waitForTimeout(200)) {
      await unfolded.first().click();
    }
    const names = await files.allTextContents();
    for (const file of await files.all()) await file.locator('[class*="edit-checkbox"]').click();
    return names;
  }

  /** Applies what is ticked in the refactor preview. */
  async function applyPreview() {
    await page.locator('.bulk-edit-panel').getByRole('button', { name: 'Apply' }).click();
  }

  /** Undoes the last change of the active editor, in every file that it was made in. */
  async function undoInAllFiles() {
    await editor.locator('.view-lines').first().click();
    await page.keyboard.press('Control+Z');
    // The editor may ask whether it is meant for all files.
    const all = page.locator('.monaco-dialog-box').getByRole('button', { name: /Undo in \d Files/ });
    await all.click({ timeout: 5000 }).catch(() => {});
  }

  async function notifications() {
    return page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  /** Merges into the settings of the machine; a value of `undefined` takes one out again. */
  async function setSettings(values) {
    Object.assign(settings, values);
    server.setSettings(settings);
  }

  /** Switches the colour theme: `light`, `dark`, `hc-black` or `hc-light`. */
  async function setTheme(name) {
    const theme = themes[name];
    await setSettings({ 'workbench.colorTheme': theme.label });
    await page.locator(`.monaco-workbench.${theme.selector}`).waitFor();
  }

  /** Writes `screenshots/<name>.png` in the cache folder and returns its path. */
  async function screenshot(name) {
    const folder = join(cacheFolder, 'screenshots');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${name}.png`);
    await page.screenshot({ path });
    return path;
  }

  /** Takes the pointer off the text, which closes a hover. */
  async function restPointer() {
    await page.mouse.move(700, 3);
    await hoverWidget
      .first()
      .waitFor({ state: 'hidden', timeout: 2000 })
      .catch(() => {});
  }

  async function textBox(text) {
    let box;
    await poll(async () => {
      box = await editor.evaluate(findText, text);
      return box !== undefined;
    }, `"${text}" among the visible lines`);
    return box;
  }

  async function retry(action) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await action();
      } catch (error) {
        if (attempt === 5) throw error;
      }
    }
  }

  async function poll(condition, what, { timeoutSeconds = 15, onFailure } = {}) {
    for (const deadline = Date.now() + timeoutSeconds * 1000; ; ) {
      if (await condition()) return;
      if (Date.now() > deadline)
        throw new Error(`Waited ${timeoutSeconds} s for ${what}. ${onFailure ? `Seen: ${await onFailure()}` : ''}`);
      await page.waitForTimeout(50);
    }
  }

  /** Waits until what `read` gives has stayed the same for a while: providers answer one after the other. */
  async function settle(read) {
    let last = await read();
    for (let same = 0, turns = 0; same < 4 && turns < 60; turns++) {
      await page.waitForTimeout(75);
      const now = await read();
      same = now === last ? same + 1 : 0;
      last = now;
    }
  }
}

const themes = {
  light: { label: 'Default Light Modern', selector: 'vs' },
  dark: { label: 'Default Dark Modern', selector: 'vs-dark' },
  'hc-black': { label: 'Default High Contrast', selector: 'hc-black' },
  'hc-light': { label: 'Default High Contrast Light', selector: 'hc-light' },
};
