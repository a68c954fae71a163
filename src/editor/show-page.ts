import * as vscode from 'vscode';

/** Shows a Markdown page as a reader wants it; as text in a host without Markdown's preview. */
export async function showPage(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  } catch {
    await vscode.window.showTextDocument(uri);
  }
}
