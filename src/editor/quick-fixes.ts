import * as vscode from 'vscode';
import type { Finding, FindingFix } from '../engine/finding.ts';
import { rankOf } from '../engine/severity.ts';
import type { TextEdit } from '../text/span.ts';
import { diagnosticSource } from './diagnostics.ts';
import type { FolderAnalysis } from './folder-analysis.ts';
import type { Folders } from './folders.ts';
import { rangeOf, uriOf } from './positions.ts';

/** A finding at the place where the user asks for actions. */
export interface FindingHere {
  readonly finding: Finding;
  readonly folder: FolderAnalysis;
  readonly range: vscode.Range;
  /** The editor's diagnostic of it, when it is shown. */
  readonly diagnostic: vscode.Diagnostic | undefined;
}

/** The findings that touch a range of a document, the worst first, from an analysis of the texts of this moment. */
export async function findingsAt(
  folders: Folders,
  at: {
    readonly document: vscode.TextDocument;
    readonly range: vscode.Range;
    readonly diagnostics: readonly vscode.Diagnostic[];
  },
): Promise<readonly FindingHere[]> {
  const found: FindingHere[] = [];
  for (const { folder, path } of folders.holding(at.document.uri)) {
    const result = await folder.settle();
    for (const finding of result?.findings ?? []) {
      if (finding.at.source.path !== path || finding.suppressed) continue;
      const range = rangeOf(finding.at.source, finding.at.span);
      if (!range.intersection(at.range) || found.some((other) => isSame(other, { finding, range }))) continue;
      const diagnostic = at.diagnostics.find((one) => isOf(one, { finding, range }));
      found.push({ finding, folder, range, diagnostic });
    }
  }
  return found.sort((left, right) => rankOf(left.finding.severity) - rankOf(right.finding.severity));
}

/** The fixes of a finding in the rule's order; a refused one is a disabled action that gives the reason. */
export function fixActions(here: FindingHere): readonly vscode.CodeAction[] {
  return here.finding.fixes.flatMap((fix, index) => {
    const action = new vscode.CodeAction(titleOf(fix, here.finding), vscode.CodeActionKind.QuickFix);
    if (here.diagnostic) action.diagnostics = [here.diagnostic];
    if (fix.refused !== undefined) action.disabled = { reason: fix.refused };
    else if (fix.edits.every(({ source }) => here.folder.currentText(source.path) === source)) {
      action.edit = workspaceEdit(here.folder.folder.uri, fix);
      action.isPreferred = index === 0 && fix.safety === 'safe';
    } else return [];
    return [action];
  });
}

/** A fix that leaves the file before the user alone says which one it changes. */
function titleOf({ title, edits }: FindingFix, finding: Finding): string {
  const paths = new Set(edits.map(({ source }) => source.path));
  const [other] = paths;
  if (paths.size !== 1 || other === undefined || other === finding.at.source.path) return title;
  return vscode.l10n.t('{0} ({1})', title, other);
}

/** A fix as an edit; one that changes production behaviour in several files asks before it is applied. */
function workspaceEdit(folder: vscode.Uri, fix: FindingFix): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  const paths = new Set(fix.edits.map(({ source }) => source.path));
  const ask: vscode.WorkspaceEditEntryMetadata | undefined =
    fix.safety === 'review' && paths.size > 1 ? { needsConfirmation: true, label: fix.title } : undefined;
  for (const one of fix.edits) addEdit(edit, { folder, edit: one, ask });
  return edit;
}

/** Adds one of the engine's edits to an edit of the editor. */
export function addEdit(
  to: vscode.WorkspaceEdit,
  one: { folder: vscode.Uri; edit: TextEdit; ask?: vscode.WorkspaceEditEntryMetadata | undefined },
): void {
  const { source, span, newText } = one.edit;
  to.replace(uriOf(one.folder, source.path), rangeOf(source, span), newText, one.ask);
}

function isSame(other: FindingHere, one: { readonly finding: Finding; readonly range: vscode.Range }): boolean {
  return other.finding.rule === one.finding.rule && other.range.isEqual(one.range);
}

function isOf(
  diagnostic: vscode.Diagnostic,
  one: { readonly finding: Finding; readonly range: vscode.Range },
): boolean {
  const { code } = diagnostic;
  const rule = typeof code === 'object' ? code.value : code;
  return diagnostic.source === diagnosticSource && rule === one.finding.rule && diagnostic.range.isEqual(one.range);
}
