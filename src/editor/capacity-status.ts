import * as vscode from 'vscode';
import { openPanelCommand } from './capacity-panel.ts';
import type { Folders } from './folders.ts';
import { panelTargets, targetOfFile } from './panel-plans.ts';
import { selectFiles } from './selector.ts';

/** The command behind the status item: opens the panel for the web server of the file in front. */
const planFileCommand = 'headroom.planFile';

/** Opens the capacity panel from beside the language's name, where the workspace starts a web server. */
export function showCapacityStatus(folders: Folders): vscode.Disposable {
  let item: vscode.LanguageStatusItem | undefined;
  const subscriptions = [
    folders.onDidChange(update),
    folders.onDidRemove(update),
    // The file in front is asked for at the click, so that the item is never behind.
    vscode.commands.registerCommand(planFileCommand, () =>
      vscode.commands.executeCommand(openPanelCommand, shownTarget(folders)),
    ),
  ];
  return {
    dispose() {
      for (const disposable of subscriptions) disposable.dispose();
      item?.dispose();
    },
  };

  function update(): void {
    const [first, ...others] = panelTargets(folders);
    if (!first) {
      item?.dispose();
      item = undefined;
      return;
    }
    item ??= createItem();
    item.text =
      others.length === 0
        ? vscode.l10n.t('Capacity of {0}', first.target.service.name)
        : vscode.l10n.t('Capacity of {0} web servers', others.length + 1);
  }
}

/** The web server of the file in front, for which the panel opens. */
function shownTarget(folders: Folders): string | undefined {
  const document = vscode.window.activeTextEditor?.document;
  if (!document) return undefined;
  for (const file of folders.holding(document.uri)) {
    const id = targetOfFile(folders, file);
    if (id !== undefined) return id;
  }
  return undefined;
}

function createItem(): vscode.LanguageStatusItem {
  const item = vscode.languages.createLanguageStatusItem('headroom.capacity', selectFiles());
  item.name = vscode.l10n.t('Headroom: capacity');
  item.command = { command: planFileCommand, title: vscode.l10n.t('Plan') };
  return item;
}
