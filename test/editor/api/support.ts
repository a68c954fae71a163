import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';

/** Address of a file in the first workspace folder, or in the one that is named. */
export function fileUri(path: string, folderName?: string): vscode.Uri {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const folder = folderName === undefined ? folders[0] : folders.find(({ name }) => name === folderName);
  assert.ok(folder, `a workspace folder ${folderName ?? ''}`);
  return vscode.Uri.joinPath(folder.uri, path);
}

/** Headroom's diagnostics of a file as `severity rule text`, the text being what the range covers. */
export async function findingsIn(uri: vscode.Uri): Promise<string[]> {
  const document = await vscode.workspace.openTextDocument(uri);
  return diagnosticsOf(uri).map(
    (one) => `${vscode.DiagnosticSeverity[one.severity]} ${ruleOf(one)} ${document.getText(one.range)}`,
  );
}

/** Headroom's diagnostics of a file. */
export function diagnosticsOf(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Headroom');
}

/** The diagnostic of a rule in a file, waited for. */
export async function waitForFinding(uri: vscode.Uri, rule: string): Promise<vscode.Diagnostic> {
  return waitFor(
    () => diagnosticsOf(uri).find((one) => ruleOf(one) === rule),
    `${rule} in ${uri.path}`,
    () => diagnosticsOf(uri).map(ruleOf).join(', '),
  );
}

/** Waits until a rule has no diagnostic in a file. */
export async function waitForNoFinding(uri: vscode.Uri, rule: string): Promise<void> {
  await waitFor(() => !diagnosticsOf(uri).some((one) => ruleOf(one) === rule), `no ${rule} in ${uri.path}`);
}

/** The rule's id in a diagnostic's code. */
export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** Replaces the first occurrence of a text in a document, without saving. */
export async function replaceText(uri: vscode.Uri, change: { from: string; to: string }): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const offset = document.getText().indexOf(change.from);
  assert.notEqual(offset, -1, `"${change.from}" in ${uri.path}`);
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + change.from.length));
  edit.replace(uri, range, change.to);
  assert.equal(await vscode.workspace.applyEdit(edit), true);
}

/** Light bulb entries at a diagnostic. */
export async function actionsAt(uri: vscode.Uri, diagnostic: vscode.Diagnostic): Promise<vscode.CodeAction[]> {
  await vscode.workspace.openTextDocument(uri);
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    diagnostic.range,
    vscode.CodeActionKind.QuickFix.value,
  );
}

/** Gives every changed file its content on disk back, closes the editors and waits for the analysis of that. */
export async function revertAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const [file] = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, '**/Dockerfile'), null, 1);
    if (!file) continue;
    await vscode.workspace.openTextDocument(file);
    // Actions come from an analysis of the present texts, so that their end is the analysis' end.
    const start = new vscode.Range(0, 0, 0, 0);
    await vscode.commands.executeCommand('vscode.executeCodeActionProvider', file, start);
  }
}

/** Waits until `read` gives something true and returns it. */
export async function waitFor<T>(
  read: () => T | Promise<T>,
  what: string,
  seen: () => unknown = () => '',
): Promise<NonNullable<T>> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; await pause(20)) {
    const value = await read();
    if (value) return value;
  }
  assert.fail(`waited 15 s for ${what}; seen: ${seen()}`);
}

/** Waits for a while, to prove that nothing happens. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
