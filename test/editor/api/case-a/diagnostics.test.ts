import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import {
  diagnosticsOf,
  fileUri,
  findingsIn,
  replaceText,
  revertAll,
  waitFor,
  waitForFinding,
  waitForNoFinding,
} from '../support.ts';

describe('diagnostics', () => {
  const compose = fileUri('docker-compose.unified.yml');
  const dockerfile = fileUri('backend/Dockerfile');
  afterEach(revertAll);

  it('appear with severity, page and the way of the numbers', async () => {
    const finding = await waitForFinding(dockerfile, 'gunicorn-workers-unset');
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Warning);
    assert.match(finding.message, /1 worker/);
    const { code } = finding;
    assert.ok(typeof code === 'object');
    assert.match(code.target.path, /\/docs\/rules\/gunicorn-workers-unset\.md$/);
    const related = finding.relatedInformation ?? [];
    assert.ok(
      related.some(({ message }) => /default of Gunicorn: gunicorn\/config\.py/.test(message)),
      JSON.stringify(related),
    );
    assert.ok((await findingsIn(compose)).includes('Warning redis-memory-unbounded redis'));
  });

  it('follow an unsaved change in a joined file, and its undoing', async () => {
    await waitForFinding(dockerfile, 'gunicorn-workers-unset');
    await replaceText(fileUri('.env'), { from: 'LOG_LEVEL=INFO', to: 'LOG_LEVEL=INFO\nWEB_CONCURRENCY=3' });
    await waitForNoFinding(dockerfile, 'gunicorn-workers-unset');
    await revertAll();
    await waitForFinding(dockerfile, 'gunicorn-workers-unset');
  });

  it('move with the text while it is typed', async () => {
    const before = await waitForFinding(compose, 'redis-memory-unbounded');
    await replaceText(compose, { from: 'name: docjobs\n', to: 'name: docjobs\n\n\n' });
    await waitFor(
      () => diagnosticsOf(compose).some(({ range }) => range.start.line === before.range.start.line + 2),
      'the finding two lines below',
    );
  });

  it('stay while the YAML cannot be parsed, with one hint about it', async () => {
    await waitForFinding(compose, 'redis-memory-unbounded');
    const inDockerfile = (await findingsIn(dockerfile)).sort();
    const inCompose = (await findingsIn(compose)).sort();
    await replaceText(compose, { from: 'services:\n', to: 'services: [\n\n' });
    const hint = await waitForFinding(compose, 'file-not-analysed');
    assert.equal(hint.severity, vscode.DiagnosticSeverity.Hint);
    assert.deepEqual((await findingsIn(dockerfile)).sort(), inDockerfile);
    const shown = (await findingsIn(compose)).filter((text) => !text.includes('file-not-analysed'));
    assert.deepEqual(shown.sort(), inCompose);
    await revertAll();
    await waitForNoFinding(compose, 'file-not-analysed');
    assert.deepEqual((await findingsIn(compose)).sort(), inCompose);
  });

  it('follow files that come, change and go on disk', async () => {
    const configuration = fileUri('headroom.yaml');
    const content = await vscode.workspace.fs.readFile(configuration);
    await waitForFinding(compose, 'redis-memory-unbounded');
    const document = await vscode.workspace.openTextDocument(configuration);
    const editor = await vscode.window.showTextDocument(document);
    const end = document.positionAt(document.getText().length);
    await editor.edit((builder) => builder.insert(end, '\nrules:\n  redis-memory-unbounded: off\n'));
    await document.save();
    await waitForNoFinding(compose, 'redis-memory-unbounded');
    await vscode.workspace.fs.writeFile(configuration, content);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await waitForFinding(compose, 'redis-memory-unbounded');
  });

  it('obey the settings', async () => {
    const settings = vscode.workspace.getConfiguration('headroom');
    const set = (name: string, value: unknown) => settings.update(name, value, vscode.ConfigurationTarget.Workspace);
    const { severity } = await waitForFinding(compose, 'redis-memory-unbounded');
    assert.equal(severity, vscode.DiagnosticSeverity.Warning);
    try {
      await set('rules', { 'redis-memory-unbounded': 'hint', 'gunicorn-workers-unset': 'off' });
      await waitForNoFinding(dockerfile, 'gunicorn-workers-unset');
      const capped = await waitForFinding(compose, 'redis-memory-unbounded');
      assert.equal(capped.severity, vscode.DiagnosticSeverity.Hint);
      await set('rules', undefined);
      await waitForFinding(dockerfile, 'gunicorn-workers-unset');
      await set('analyse', 'openFiles');
      await waitFor(() => diagnosticsOf(dockerfile).length === 0, 'no finding in a closed file');
      await vscode.window.showTextDocument(dockerfile);
      await waitForFinding(dockerfile, 'gunicorn-workers-unset');
      await set('analyse', undefined);
      await set('enable', false);
      await waitFor(() => diagnosticsOf(dockerfile).length === 0, 'nothing while switched off');
    } finally {
      for (const name of ['rules', 'analyse', 'enable']) await set(name, undefined);
    }
    await waitForFinding(compose, 'redis-memory-unbounded');
  });

  it('can be hidden for a while', async () => {
    await waitForFinding(compose, 'redis-memory-unbounded');
    await vscode.commands.executeCommand('headroom.toggleFindings');
    assert.equal(diagnosticsOf(compose).length, 0);
    await vscode.commands.executeCommand('headroom.toggleFindings');
    assert.notEqual(diagnosticsOf(compose).length, 0);
  });
});
