import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { actionsAt, fileUri, revertAll, waitFor, waitForFinding } from '../support.ts';

describe('the capacity panel', () => {
  const compose = fileUri('docker-compose.unified.yml');
  afterEach(revertAll);

  it('opens once, however often it is asked for', async () => {
    await vscode.commands.executeCommand('headroom.openCapacityPanel');
    await waitFor(() => panelTabs().length === 1, 'the panel');
    await vscode.window.showTextDocument(compose);
    await vscode.commands.executeCommand('headroom.openCapacityPanel');
    await waitFor(() => panelTabs().some(({ isActive }) => isActive), 'the panel in front');
    assert.equal(panelTabs().length, 1);
  });

  it('is offered above the service and opens for it', async () => {
    await waitForFinding(compose, 'redis-memory-unbounded');
    const document = await vscode.workspace.openTextDocument(compose);
    const lens = await waitFor(async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', compose);
      return lenses.find(({ command }) => command?.command === 'headroom.openCapacityPanel');
    }, 'a lens');
    assert.match(document.lineAt(lens.range.start.line).text, /^ {2}backend:/);
    assert.match(lens.command?.title ?? '', /Plan capacity: workers \d+/);
    await vscode.commands.executeCommand('headroom.openCapacityPanel', ...(lens.command?.arguments ?? []));
    await waitFor(() => panelTabs().length === 1, 'the panel');
  });

  it('is offered by the light bulb of a finding about capacity', async () => {
    const database = fileUri('shared/database.py');
    const finding = await waitFor(
      () => vscode.languages.getDiagnostics(database).find(({ source }) => source === 'Headroom'),
      'a finding about the pool',
    );
    const offered = (await actionsAt(database, finding)).filter(({ title }) => title === 'Open the capacity panel');
    assert.equal(offered.length, 1);
    const command = offered[0]?.command;
    assert.equal(command?.command, 'headroom.openCapacityPanel');
    const [, , service] = JSON.parse(command?.arguments?.[0] ?? '[]');
    assert.equal(service, 'backend');
  });
});

function panelTabs(): vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof vscode.TabInputWebview);
}
