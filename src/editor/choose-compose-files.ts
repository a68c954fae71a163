import * as vscode from 'vscode';
import type { FolderAnalysis } from './folder-analysis.ts';
import { projectName } from './project-name.ts';
import { readSettings } from './read-settings.ts';

/** The command that picks one of several compose projects. */
export const chooseComposeFilesCommand = 'headroom.chooseComposeFiles';

/** Lets the user pick the compose project of a folder, and keeps the choice in the folder's settings. */
export async function chooseComposeFiles({ folder, result }: FolderAnalysis): Promise<void> {
  const projects = result?.analysis.reading.composeProjects ?? [];
  const chosen = readSettings(folder).composeFiles?.join('\n') ?? '';
  const items = [
    { label: vscode.l10n.t('All projects'), description: vscode.l10n.t('each for itself'), files: [] },
    ...projects.map(({ name, files }) => ({ label: projectName(name), description: files.join(' + '), files })),
  ].map((item) => ({ ...item, label: item.files.join('\n') === chosen ? `$(check) ${item.label}` : item.label }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Compose files of {0}', folder.name),
    placeHolder:
      projects.length === 0
        ? vscode.l10n.t('No compose project was found')
        : vscode.l10n.t('The files that are started together'),
    matchOnDescription: true,
  });
  if (!picked) return;
  const settings = vscode.workspace.getConfiguration('headroom', folder);
  const target = vscode.ConfigurationTarget.WorkspaceFolder;
  await settings.update('composeFiles', picked.files.length === 0 ? undefined : picked.files, target);
}
