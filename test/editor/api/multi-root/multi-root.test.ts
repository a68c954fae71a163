import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import {
  diagnosticsOf,
  fileUri,
  pause,
  replaceText,
  revertAll,
  ruleOf,
  waitForFinding,
  waitForNoFinding,
} from '../support.ts';

describe('a workspace of several folders', () => {
  const shop = fileUri('Dockerfile', 'multi-root');
  const site = fileUri('Dockerfile', 'site');
  afterEach(revertAll);

  it('analyses each folder on its own', async () => {
    await waitForFinding(shop, 'gunicorn-workers-unset');
    await waitForFinding(site, 'grace-exceeds-stop-period');
    assert.equal(diagnosticsOf(site).map(ruleOf).includes('gunicorn-workers-unset'), false);
    await replaceText(fileUri('.env', 'site'), { from: 'LOG_LEVEL=info', to: 'WEB_CONCURRENCY=2' });
    await pause(400);
    assert.ok(diagnosticsOf(shop).map(ruleOf).includes('gunicorn-workers-unset'));
    await replaceText(fileUri('.env', 'multi-root'), { from: 'LOG_LEVEL=info', to: 'WEB_CONCURRENCY=2' });
    await waitForNoFinding(shop, 'gunicorn-workers-unset');
  });

  it('says nothing about a folder without a stack', async () => {
    await waitForFinding(shop, 'gunicorn-workers-unset');
    const notes = fileUri('README.md', 'notes');
    await vscode.window.showTextDocument(notes);
    await pause(400);
    assert.deepEqual(diagnosticsOf(notes), []);
  });

  it('takes the settings of each folder', async () => {
    await waitForFinding(shop, 'gunicorn-workers-unset');
    const settings = vscode.workspace.getConfiguration('headroom', shop);
    const set = (value: boolean | undefined) =>
      settings.update('enable', value, vscode.ConfigurationTarget.WorkspaceFolder);
    await set(false);
    try {
      await waitForNoFinding(shop, 'gunicorn-workers-unset');
      assert.notEqual(diagnosticsOf(site).length, 0);
    } finally {
      await set(undefined);
    }
    await waitForFinding(shop, 'gunicorn-workers-unset');
  });
});
