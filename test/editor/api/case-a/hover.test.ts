import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { fileUri, waitForFinding } from '../support.ts';

describe('hover', () => {
  it('shows the effective value of a setting with its origin', async () => {
    const database = fileUri('shared/database.py');
    await waitForFinding(database, 'pool-oversized');
    const document = await vscode.workspace.openTextDocument(database);
    const offset = document.getText().indexOf('pool_size=5') + 'pool_size='.length;
    const text = await hoverText(database, document.positionAt(offset));
    assert.match(text, /backend sqlalchemy.*size \*\*5\*\*/);
  });

  it('sums a service up at its key', async () => {
    const compose = fileUri('docker-compose.unified.yml');
    const document = await vscode.workspace.openTextDocument(compose);
    const offset = document.getText().indexOf('  redis:') + 4;
    const text = await hoverText(compose, document.positionAt(offset));
    assert.match(text, /\*\*redis\*\*/);
    assert.match(text, /replicas: \*\*1\*\*/);
  });
});

async function hoverText(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, position);
  return hovers
    .flatMap(({ contents }) => contents.map((part) => (typeof part === 'string' ? part : part.value)))
    .join('\n');
}
