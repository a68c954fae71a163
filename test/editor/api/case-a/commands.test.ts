import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { diagnosticsOf, fileUri, pause, revertAll, waitForFinding } from '../support.ts';

describe('commands', () => {
  const compose = fileUri('docker-compose.unified.yml');
  afterEach(revertAll);

  it('open the configuration that exists', async () => {
    await vscode.commands.executeCommand('headroom.openConfiguration');
    assert.equal(vscode.window.activeTextEditor?.document.uri.path, fileUri('headroom.yaml').path);
  });

  it('analyse again', async () => {
    await waitForFinding(compose, 'redis-memory-unbounded');
    await vscode.commands.executeCommand('headroom.analyse');
    await pause(500);
    assert.notEqual(diagnosticsOf(compose).length, 0);
  });

  it('are all there, in one category', () => {
    const manifest = vscode.extensions.getExtension('headroom.headroom')?.packageJSON;
    const commands: { category: string; command: string }[] = manifest.contributes.commands;
    assert.ok(commands.every(({ category }) => category === 'Headroom'));
    assert.equal(commands.length, 7);
  });
});
