import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';

describe('activation in a folder without a web stack', () => {
  it('stays asleep, also when a file is opened', async () => {
    const extension = vscode.extensions.getExtension('headroom.headroom');
    assert.ok(extension, 'the extension is installed');
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, 'notes.md'));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.equal(extension.isActive, false);
  });
});
