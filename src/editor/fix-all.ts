import * as vscode from 'vscode';
import type { TextEdit } from '../text/span.ts';
import type { Folders } from './folders.ts';
import { addEdit } from './quick-fixes.ts';

/** `source.fixAll.headroom`, for `editor.codeActionsOnSave`. */
export const fixAllKind = vscode.CodeActionKind.SourceFixAll.append('headroom');

/**
 * One action with the safe fixes of the document's findings: those that can only improve, touch no other file and do
 * not overlap. No action when there are none.
 */
export async function fixAllSafe(folders: Folders, document: vscode.TextDocument): Promise<vscode.CodeAction[]> {
  const holder = folders.holding(document.uri)[0];
  if (!holder) return [];
  const { folder, path } = holder;
  const result = await folder.settle();
  const taken: TextEdit[] = [];
  for (const finding of result?.findings ?? []) {
    if (finding.suppressed || finding.at.source.path !== path) continue;
    const fix = finding.fixes.find(({ safety, refused }) => safety === 'safe' && refused === undefined);
    const isOwn = fix?.edits.every(({ source }) => source.path === path && folder.currentText(path) === source);
    if (fix && isOwn && !fix.edits.some((edit) => taken.some((other) => overlap(edit, other))))
      taken.push(...fix.edits);
  }
  if (taken.length === 0) return [];
  const action = new vscode.CodeAction(vscode.l10n.t('Fix all safe Headroom findings'), fixAllKind);
  action.edit = new vscode.WorkspaceEdit();
  for (const edit of taken) addEdit(action.edit, { folder: folder.folder.uri, edit });
  return [action];
}

function overlap(left: TextEdit, right: TextEdit): boolean {
  return left.span.start <= right.span.end && right.span.start <= left.span.end;
}
