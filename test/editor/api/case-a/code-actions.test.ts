import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import {
  actionsAt,
  diagnosticsOf,
  fileUri,
  replaceText,
  revertAll,
  waitFor,
  waitForFinding,
  waitForNoFinding,
} from '../support.ts';

describe('code actions', () => {
  const compose = fileUri('docker-compose.unified.yml');
  const queue = fileUri('shared/job_queue.py');
  const database = fileUri('shared/database.py');
  afterEach(revertAll);

  it('offer the fixes first and what silences a finding last', async () => {
    const finding = await waitForFinding(queue, 'queue-keys-without-expiry');
    const actions = await actionsAt(queue, finding);
    const titles = actions.map(({ title }) => title);
    assert.deepEqual(titles.slice(-2), [
      'Ignore queue-keys-without-expiry here, with a reason…',
      'Turn off queue-keys-without-expiry in headroom.yaml',
    ]);
    assert.ok(titles.length > 2, titles.join('; '));
    assert.equal(
      actions.some(({ isPreferred }, index) => isPreferred && index > 0),
      false,
    );
  });

  it('name the file that a fix changes when it is another', async () => {
    const dockerfile = fileUri('backend/Dockerfile');
    const finding = await waitForFinding(dockerfile, 'grace-exceeds-stop-period');
    const titles = (await actionsAt(dockerfile, finding)).map(({ title }) => title);
    assert.ok(
      titles.some((title) => /^Set stop_grace_period .* \(docker-compose\.unified\.yml\)$/.test(title)),
      titles.join('; '),
    );
  });

  it('apply a fix; its finding vanishes', async () => {
    const finding = await waitForFinding(queue, 'queue-keys-without-expiry');
    const { line } = finding.range.start;
    await applyFirstFix(queue, finding);
    await waitFor(() => diagnosticsOf(queue).every(({ range }) => range.start.line !== line), 'the finding to vanish');
  });

  it('keep the line endings of a file with CRLF', async () => {
    const editor = await vscode.window.showTextDocument(database);
    await editor.edit((builder) => builder.setEndOfLine(vscode.EndOfLine.CRLF));
    const finding = await waitForFinding(database, 'pool-oversized');
    const { line } = finding.range.start;
    await applyFirstFix(database, finding);
    await waitFor(
      () => diagnosticsOf(database).every(({ range }) => range.start.line !== line),
      'the finding to vanish',
    );
    assert.doesNotMatch(editor.document.getText(), /[^\r]\n|\r\r/);
  });

  it('turn a rule off in headroom.yaml', async () => {
    const finding = await waitForFinding(compose, 'redis-memory-unbounded');
    const actions = await actionsAt(compose, finding);
    const action = actions.find(({ title }) => title.startsWith('Turn off'));
    assert.ok(action?.edit);
    assert.equal(await vscode.workspace.applyEdit(action.edit), true);
    await waitForNoFinding(compose, 'redis-memory-unbounded');
    const text = (await vscode.workspace.openTextDocument(fileUri('headroom.yaml'))).getText();
    assert.match(text, /\nrules:\n {2}redis-memory-unbounded: off\n$/);
  });

  it('leave out what the settings hide', async () => {
    const settings = vscode.workspace.getConfiguration('headroom');
    const finding = await waitForFinding(compose, 'redis-memory-unbounded');
    await settings.update('codeActions.showIgnore', false, vscode.ConfigurationTarget.Workspace);
    try {
      const titles = (await actionsAt(compose, finding)).map(({ title }) => title);
      assert.equal(
        titles.some((title) => /^(Ignore|Turn off) /.test(title)),
        false,
        titles.join('; '),
      );
    } finally {
      await settings.update('codeActions.showIgnore', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('silence a finding by a comment, and say when the comment is stale', async () => {
    await waitForFinding(compose, 'redis-memory-unbounded');
    await replaceText(compose, {
      from: '  redis:\n',
      to: '  redis:  # headroom-ignore redis-memory-unbounded -- a trial\n',
    });
    await waitForNoFinding(compose, 'redis-memory-unbounded');
    await replaceText(compose, {
      from: 'redis-server --appendonly',
      to: 'redis-server --maxmemory 512mb --appendonly',
    });
    const stale = await waitForFinding(compose, 'unused-ignore');
    const [fixAll] = await sourceActions(compose, stale.range);
    assert.ok(fixAll?.edit, 'a fix for all safe findings');
    await vscode.workspace.applyEdit(fixAll.edit);
    await waitForNoFinding(compose, 'unused-ignore');
  });

  it('fix nothing that changes production behaviour all at once', async () => {
    const finding = await waitForFinding(compose, 'redis-memory-unbounded');
    const document = await vscode.workspace.openTextDocument(compose);
    const before = document.getText();
    for (const action of await sourceActions(compose, finding.range)) {
      if (action.edit) await vscode.workspace.applyEdit(action.edit);
    }
    await waitForFinding(compose, 'redis-memory-unbounded');
    assert.equal(document.getText(), before);
  });
});

async function applyFirstFix(uri: vscode.Uri, finding: vscode.Diagnostic): Promise<void> {
  const [fix] = await actionsAt(uri, finding);
  assert.ok(fix?.edit, 'a fix');
  assert.doesNotMatch(fix.title, /^Turn off/);
  assert.equal(await vscode.workspace.applyEdit(fix.edit), true);
}

function sourceActions(uri: vscode.Uri, range: vscode.Range): Thenable<vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    'source.fixAll.headroom',
  );
}
