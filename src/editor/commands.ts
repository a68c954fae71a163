import * as vscode from 'vscode';
import { configurationNames } from '../engine/configuration.ts';
import { configurationTemplate } from '../engine/configuration-template.ts';
import { chooseComposeFiles, chooseComposeFilesCommand } from './choose-compose-files.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { FolderAnalysis } from './folder-analysis.ts';
import type { Folders } from './folders.ts';
import { ignoreCommand, ignoreFinding } from './ignore-actions.ts';
import { showFiles, showFilesCommand } from './language-status.ts';
import type { Log } from './log.ts';
import { uriOf } from './positions.ts';
import type { RulePages } from './rule-pages.ts';

/** Registers the commands of the palette, and those behind code actions and the status item. */
export function registerCommands(host: {
  readonly folders: Folders;
  readonly diagnostics: Diagnostics;
  readonly pages: RulePages;
  readonly log: Log;
}): vscode.Disposable {
  const { folders, diagnostics, pages, log } = host;
  const commands: Readonly<Record<string, (argument: unknown) => unknown>> = {
    'headroom.analyse': () => {
      for (const folder of folders.all()) folder.restart();
    },
    'headroom.showLog': () => log.show(),
    'headroom.openConfiguration': openConfiguration,
    'headroom.toggleFindings': () => diagnostics.toggle(),
    'headroom.explainRule': () => explainRule(pages),
    [chooseComposeFilesCommand]: async () => {
      const folder = await pickFolder(folders);
      if (folder) await chooseComposeFiles(folder);
    },
    [showFilesCommand]: async (uri) => {
      const folder = folders.all().find((one) => one.folder.uri.toString() === uri) ?? (await pickFolder(folders));
      if (folder) await showFiles(folder);
    },
    [ignoreCommand]: (target) => isIgnoreTarget(target) && ignoreFinding(folders, target),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run)),
  );
}

/** Opens the folder's `headroom.yaml`, writing one in which everything is commented out when there is none. */
async function openConfiguration(): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const folder = folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0];
  if (!folder) return;
  const candidates = configurationNames.map((name) => uriOf(folder.uri, name));
  for (const uri of candidates) {
    if (await exists(uri)) {
      await vscode.window.showTextDocument(uri);
      return;
    }
  }
  const uri = uriOf(folder.uri, configurationNames[0]);
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { ignoreIfExists: true, contents: new TextEncoder().encode(configurationTemplate) });
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(uri);
}

async function explainRule(pages: RulePages): Promise<void> {
  const items = pages.entries.map(({ id, summary }) => ({ label: id, detail: summary }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Explain a Headroom rule'),
    matchOnDetail: true,
  });
  if (picked) await pages.open(picked.label);
}

async function pickFolder(folders: Folders): Promise<FolderAnalysis | undefined> {
  const all = folders.all();
  if (all.length < 2) return all[0];
  const items = all.map((folder) => ({ label: folder.folder.name, folder }));
  return (await vscode.window.showQuickPick(items))?.folder;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

function isIgnoreTarget(value: unknown): value is Parameters<typeof ignoreFinding>[1] {
  if (typeof value !== 'object' || value === null) return false;
  const { uri, rule, fingerprint, offset } = value as Record<string, unknown>;
  return [uri, rule, fingerprint].every((one) => typeof one === 'string') && typeof offset === 'number';
}
