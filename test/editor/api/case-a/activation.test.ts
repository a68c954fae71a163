import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { fileUri, waitForFinding } from '../support.ts';

describe('activation in a workspace with a compose file', () => {
  it('activates without a command or an open file', async () => {
    const extension = vscode.extensions.getExtension('headroom.headroom');
    assert.ok(extension, 'the extension is installed');
    const deadline = Date.now() + 20_000;
    while (!extension.isActive && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(extension.isActive, true);
  });

  // First of all suites: VS Code keeps a document that another test has closed.
  it('finds what is wrong in files that nobody opened', async () => {
    const dockerfile = fileUri('backend/Dockerfile');
    await waitForFinding(dockerfile, 'gunicorn-workers-unset');
    assert.equal(
      vscode.workspace.textDocuments.some(({ uri }) => uri.path === dockerfile.path),
      false,
    );
  });
});
