import * as vscode from 'vscode';
import { rules } from '../rules/index.ts';
import { showCapacityLenses } from './capacity-lens.ts';
import { registerCapacityPanel } from './capacity-panel.ts';
import { showCapacityStatus } from './capacity-status.ts';
import { offerCodeActions } from './code-actions.ts';
import { registerCommands } from './commands.ts';
import { diskPaths } from './desktop.ts';
import { showDiagnostics } from './diagnostics.ts';
import { watchFolders } from './folders.ts';
import { showHovers } from './hover.ts';
import { showLanguageStatus } from './language-status.ts';
import { createLog } from './log.ts';
import { createRulePages } from './rule-pages.ts';

/** Called by VS Code when a folder with a relevant file is opened. */
export function activate(context: vscode.ExtensionContext): void {
  const log = createLog();
  const pages = createRulePages(context.extensionUri, rules);
  const folders = watchFolders({ rules, realPaths: diskPaths, log });
  const diagnostics = showDiagnostics(folders, pages);
  context.subscriptions.push(
    log,
    pages,
    folders,
    diagnostics,
    offerCodeActions(folders),
    showHovers(folders),
    showCapacityLenses(folders),
    registerCapacityPanel(context, { folders, log }),
    showCapacityStatus(folders),
    showLanguageStatus(folders, diagnostics),
    registerCommands({ folders, diagnostics, pages, log }),
  );
  void vscode.commands.executeCommand('setContext', 'headroom.active', true);
}

/** Called by VS Code at the end; what was registered is disposed by its owner. */
export function deactivate(): void {}
