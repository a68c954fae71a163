import * as vscode from 'vscode';
import type { PanelState } from '../panel/protocol.ts';
import { editsOfRows } from '../plan/plan-capacity.ts';
import type { SourceText } from '../text/source-text.ts';
import type { TextEdit } from '../text/span.ts';
import type { Folders } from './folders.ts';
import { planPanel } from './panel-plans.ts';
import { rangeOf, uriOf } from './positions.ts';

/** What became of a request to write a plan into the files. */
export type Applied = { readonly done: true; readonly files: number } | { readonly done: false; readonly why: string };

/** Rows of the plan for what was typed, by their ids. */
interface Wish {
  readonly state: PanelState;
  readonly rowIds: readonly string[];
}

/**
 * Opens the editor's refactor preview with the edits of these rows; the user confirms them there, and one undo takes them
 * back from every file. The plan is made anew from the texts of this moment, so no edit meets a text it was not made for.
 */
export async function applyPlan(folders: Folders, wish: Wish): Promise<Applied> {
  const expected = await planEdits(folders, wish);
  if ('why' in expected) return { done: false, why: expected.why };
  // A file may have changed on disk without a word of its watcher so far; a document that opens now has what is there.
  const documents = new Map<string, vscode.TextDocument | undefined>();
  for (const { path } of sourcesOf(expected.edits)) documents.set(path, await openDocument(expected.folder, path));
  const made = await planEdits(folders, wish);
  if ('why' in made) return { done: false, why: made.why };
  const { folder, edits } = made;
  const sources = sourcesOf(edits);
  if (sources.some(({ path, text }) => documents.get(path)?.getText() !== text)) {
    return { done: false, why: vscode.l10n.t('A file changed meanwhile: apply the plan again.') };
  }
  const edit = new vscode.WorkspaceEdit();
  for (const { source, span, newText } of edits) {
    const label = vscode.l10n.t('Capacity plan: {0}', source.path);
    const range = rangeOf(source, span);
    edit.replace(uriOf(folder, source.path), range, newText, { needsConfirmation: true, label });
  }
  if (edit.size === 0) return { done: false, why: vscode.l10n.t('The files hold these settings already.') };
  await vscode.workspace.applyEdit(edit, { isRefactoring: true });
  // The editor reports success also when the user confirmed none of the edits.
  const changed = await Promise.all(sources.map((source) => isChanged(source, folder)));
  const files = changed.filter(Boolean).length;
  return files > 0 ? { done: true, files } : { done: false, why: vscode.l10n.t('Nothing was changed.') };
}

/** The edits of the wanted rows, from the texts of this moment, or why there are none. */
async function planEdits(
  folders: Folders,
  { state, rowIds }: Wish,
): Promise<{ readonly folder: vscode.Uri; readonly edits: readonly TextEdit[] } | { readonly why: string }> {
  await Promise.all(folders.all().map((folder) => folder.settle()));
  const { planned, chosen } = planPanel(folders, state);
  const ids = new Set(rowIds);
  const rows = planned.recommendations.filter(({ row }) => ids.has(row.id));
  if (!chosen || rows.length < ids.size) {
    return { why: vscode.l10n.t('The files changed and the plan with them: look at it again.') };
  }
  const built = editsOfRows(rows, ids);
  return 'refused' in built ? { why: built.refused } : { folder: chosen.folder.folder.uri, edits: built.edits };
}

function sourcesOf(edits: readonly TextEdit[]): readonly SourceText[] {
  return [...new Set(edits.map(({ source }) => source))];
}

async function isChanged({ path, text }: SourceText, folder: vscode.Uri): Promise<boolean> {
  return (await openDocument(folder, path))?.getText() !== text;
}

/** The document of a file; undefined when the file is gone or cannot be opened as text. */
async function openDocument(folder: vscode.Uri, path: string): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uriOf(folder, path));
  } catch {
    return undefined;
  }
}
