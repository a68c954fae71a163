import * as vscode from 'vscode';
import { fileUri, waitForFinding, waitForNoFinding } from '../support.ts';

describe('the setting headroom.composeFiles', () => {
  const overlay = fileUri('compose.big.yaml');
  const choose = (files: readonly string[] | undefined) => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    return vscode.workspace
      .getConfiguration('headroom', folder)
      .update('composeFiles', files, vscode.ConfigurationTarget.WorkspaceFolder);
  };
  afterEach(() => choose(undefined));

  it('makes one project of the files that are started together', async () => {
    await choose(['compose.yaml', 'compose.big.yaml']);
    await waitForFinding(overlay, 'reservation-exceeds-limit');
    await choose(['compose.yaml']);
    await waitForNoFinding(overlay, 'reservation-exceeds-limit');
  });
});
