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
  if (sourcesOf(edits).some(({ path, text }) => documents.get(path)?.getText() !== text)) {
    return { done: false, why: vscode.l10n.t('A file changed meanwhile: apply the plan again.') };
  }
  if (edits.length === 0) return { done: false, why: vscode.l10n.t('The files hold these settings already.') };
  const files = await confirmEdits(edits, folder);
  return files > 0 ? { done: true, files } : { done: false, why: vscode.l10n.t('Nothing was changed.') };
}

/** Lets the user pick among the edits, and returns in how many files some of them were made. */
async function confirmEdits(edits: readonly TextEdit[], folder: vscode.Uri): Promise<number> {
  const all = new vscode.WorkspaceEdit();
  for (const { source, span, newText } of edits) {
    const label = vscode.l10n.t('Capacity plan: {0}', source.path);
    const range = rangeOf(source, span);
    all.replace(uriOf(folder, source.path), range, newText, { needsConfirmation: true, label });
  }
  // The editor reports success also when none was confirmed, and the user may type while the preview is open.
  const changed = new Set<string>();
  const watcher = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    const planned = all.get(document.uri);
    if (contentChanges.some((change) => planned.some((edit) => isSameChange(edit, change)))) {
      changed.add(document.uri.toString());
    }
  });
  try {
    await vscode.workspace.applyEdit(all, { isRefactoring: true });
  } finally {
    watcher.dispose();
  }
  return changed.size;
}

function isSameChange(edit: vscode.TextEdit, { range, text }: vscode.TextDocumentContentChangeEvent): boolean {
  return edit.range.isEqual(range) && edit.newText.replaceAll('\r\n', '\n') === text.replaceAll('\r\n', '\n');
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

/** The document of a file; undefined when the file is gone or cannot be opened as text. */
async function openDocument(folder: vscode.Uri, path: string): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uriOf(folder, path));
  } catch {
    return undefined;
  }
}
