import * as vscode from 'vscode';
import { configurationNames } from '../engine/configuration.ts';
import type { Finding } from '../engine/finding.ts';
import { notices } from '../engine/notices.ts';
import { configurationWithout, turnOffRule } from '../engine/turn-off-rule.ts';
import { writeSuppression } from '../engine/write-suppression.ts';
import type { FolderAnalysis } from './folder-analysis.ts';
import type { Folders } from './folders.ts';
import { uriOf } from './positions.ts';
import { addEdit, type FindingHere } from './quick-fixes.ts';

/** The command behind the ignore entry: it asks for the reason first. */
export const ignoreCommand = 'headroom.ignoreFinding';

interface IgnoreArguments {
  readonly uri: string;
  readonly rule: string;
  readonly fingerprint: string;
  /** Offset of the finding when the entry was offered, to tell equal findings apart. */
  readonly offset: number;
}

/** The entries that silence a finding: here with a reason, or its rule in `headroom.yaml`. */
export function ignoreActions(here: FindingHere): readonly vscode.CodeAction[] {
  const { finding, folder } = here;
  if (Object.hasOwn(notices, finding.rule)) return [];
  const entries = [ignoreHere(finding, folder), turnOff(finding.rule, folder)];
  if (here.diagnostic) for (const entry of entries) entry.diagnostics = [here.diagnostic];
  return entries;
}

/** Asks for a reason and writes the comment; nothing happens when the user gives up or the finding has gone. */
export async function ignoreFinding(folders: Folders, target: IgnoreArguments): Promise<void> {
  const reason = await vscode.window.showInputBox({
    title: vscode.l10n.t('Ignore {0} here', target.rule),
    prompt: vscode.l10n.t('Why is it fine here? The reason is written into the comment.'),
    validateInput: (text) =>
      text.trim() === '' ? vscode.l10n.t('A reason helps whoever reads this next.') : undefined,
  });
  if (reason === undefined || reason.trim() === '') return;
  for (const { folder, path } of folders.holding(vscode.Uri.parse(target.uri))) {
    const result = await folder.settle();
    const candidates = (result?.findings ?? []).filter(
      ({ at, rule, fingerprint }) =>
        at.source.path === path && rule === target.rule && fingerprint === target.fingerprint,
    );
    const finding = candidates.sort((left, right) => distance(left, target) - distance(right, target))[0];
    if (!finding || folder.currentText(path) !== finding.at.source) continue;
    const written = writeSuppression(finding, reason);
    if (!('edits' in written)) continue;
    const edit = new vscode.WorkspaceEdit();
    for (const one of written.edits) addEdit(edit, { folder: folder.folder.uri, edit: one });
    await vscode.workspace.applyEdit(edit);
    return;
  }
}

function distance(finding: Finding, target: IgnoreArguments): number {
  return Math.abs(finding.at.span.start - target.offset);
}

function ignoreHere(finding: Finding, folder: FolderAnalysis): vscode.CodeAction {
  const title = vscode.l10n.t('Ignore {0} here, with a reason…', finding.rule);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  const trial = writeSuppression(finding, vscode.l10n.t('reason'));
  if ('refused' in trial) action.disabled = { reason: trial.refused };
  const { rule, fingerprint, at } = finding;
  const uri = uriOf(folder.folder.uri, at.source.path).toString();
  const target: IgnoreArguments = { uri, rule, fingerprint, offset: at.span.start };
  action.command = { command: ignoreCommand, title, arguments: [target] };
  return action;
}

function turnOff(rule: string, folder: FolderAnalysis): vscode.CodeAction {
  const edit = new vscode.WorkspaceEdit();
  const paths = folder.result?.analysis.report.filesRead ?? [];
  const name = configurationNames.find((candidate) => paths.includes(candidate));
  const source = name === undefined ? undefined : folder.currentText(name);
  const title = vscode.l10n.t('Turn off {0} in {1}', rule, name ?? configurationNames[0]);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  if (source) {
    const change = turnOffRule(rule, source);
    if ('refused' in change) action.disabled = { reason: change.refused };
    else for (const one of change.edits) addEdit(edit, { folder: folder.folder.uri, edit: one });
  } else if (name === undefined) {
    const contents = new TextEncoder().encode(configurationWithout(rule));
    edit.createFile(uriOf(folder.folder.uri, configurationNames[0]), { ignoreIfExists: true, contents });
  }
  action.edit = edit;
  return action;
}
