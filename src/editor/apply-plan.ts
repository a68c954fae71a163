import * as vscode from 'vscode';
import type { PanelState } from '../panel/protocol.ts';
import { editsOfRows } from '../plan/plan-capacity.ts';
import type { SourceText } from '../text/source-text.ts';
import type { Folders } from './folders.ts';
import { planPanel } from './panel-plans.ts';
import { rangeOf, uriOf } from './positions.ts';

/** What became of a request to write a plan into the files. */
export type Applied = { readonly done: true; readonly files: number } | { readonly done: false; readonly why: string };

/**
 * Opens the editor's refactor preview with the edits of these rows; the user confirms them there, and one undo takes them
 * back from every file. The plan is made anew from the texts of this moment, so no edit meets a text it was not made for.
 */
export async function applyPlan(
  folders: Folders,
  wish: { readonly state: PanelState; readonly rowIds: readonly string[] },
): Promise<Applied> {
  await Promise.all(folders.all().map((folder) => folder.settle()));
  const { planned, chosen } = planPanel(folders, wish.state);
  const ids = new Set(wish.rowIds);
  const rows = planned.recommendations.filter(({ row }) => ids.has(row.id));
  if (!chosen || rows.length < ids.size) {
    return { done: false, why: vscode.l10n.t('The files changed and the plan with them: look at it again.') };
  }
  const built = editsOfRows(rows, ids);
  if ('refused' in built) return { done: false, why: built.refused };
  if (built.edits.some(({ source }) => chosen.folder.currentText(source.path) !== source)) {
    return { done: false, why: vscode.l10n.t('A file changed meanwhile: apply the plan again.') };
  }
  const edit = new vscode.WorkspaceEdit();
  for (const { source, span, newText } of built.edits) {
    const uri = uriOf(chosen.folder.folder.uri, source.path);
    const label = vscode.l10n.t('Capacity plan: {0}', source.path);
    edit.replace(uri, rangeOf(source, span), newText, { needsConfirmation: true, label });
  }
  if (edit.size === 0) return { done: false, why: vscode.l10n.t('The files hold these settings already.') };
  await vscode.workspace.applyEdit(edit, { isRefactoring: true });
  // The editor reports success also when the user confirmed none of the edits.
  const sources = [...new Set(built.edits.map(({ source }) => source))];
  const changed = await Promise.all(sources.map((source) => isChanged(source, chosen.folder.folder.uri)));
  const files = changed.filter(Boolean).length;
  return files > 0 ? { done: true, files } : { done: false, why: vscode.l10n.t('Nothing was changed.') };
}

async function isChanged({ path, text }: SourceText, folder: vscode.Uri): Promise<boolean> {
  const document = await vscode.workspace.openTextDocument(uriOf(folder, path));
  return document.getText() !== text;
}
