import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { applyPlan } from '../../../../src/editor/apply-plan.ts';
import { diskPaths } from '../../../../src/editor/desktop.ts';
import { type Folders, watchFolders } from '../../../../src/editor/folders.ts';
import { createLog, type Log } from '../../../../src/editor/log.ts';
import { planPanel } from '../../../../src/editor/panel-plans.ts';
import { emptyState } from '../../../../src/panel/protocol.ts';
import { rules } from '../../../../src/rules/index.ts';
import { fileUri, revertAll, waitFor } from '../support.ts';

describe('writing a plan into the files', () => {
  const path = 'shared/database.py';
  const { fsPath } = fileUri(path);
  const original = readFileSync(fsPath, 'utf8');
  let log: Log;
  let folders: Folders;

  before(() => {
    log = createLog();
    folders = watchFolders({ rules, realPaths: diskPaths, log });
  });
  beforeEach(() => waitFor(() => rowIds().length > 0, 'a row about the pool'));
  afterEach(async () => {
    writeFileSync(fsPath, original);
    await revertAll();
  });
  after(() => {
    folders.dispose();
    log.dispose();
  });

  it('asks to look at the plan again when the file has changed on disk', async () => {
    const ids = rowIds();
    const changed = '# The pools are elsewhere now.\n';
    writeFileSync(fsPath, changed);
    const applied = await applyPlan(folders, { state: emptyState, rowIds: ids });
    assert.deepEqual(applied, { done: false, why: 'The files changed and the plan with them: look at it again.' });
    assert.equal(readFileSync(fsPath, 'utf8'), changed);
  });

  it('says so when the files hold the settings of no row', async () => {
    const applied = await applyPlan(folders, { state: emptyState, rowIds: [] });
    assert.deepEqual(applied, { done: false, why: 'The files hold these settings already.' });
    assert.equal(
      vscode.workspace.textDocuments.some(({ isDirty }) => isDirty),
      false,
    );
  });

  function rowIds(): string[] {
    const { rows } = planPanel(folders, emptyState).planned.plan;
    return rows.filter(({ place }) => place?.path === path).map(({ id }) => id);
  }
});
