import * as vscode from 'vscode';
import { openPanelCommand } from './capacity-panel.ts';
import { fixAllKind, fixAllSafe } from './fix-all.ts';
import type { Folders } from './folders.ts';
import { ignoreActions } from './ignore-actions.ts';
import { targetOfFinding } from './panel-plans.ts';
import { type FindingHere, findingsAt, fixActions } from './quick-fixes.ts';
import { readSettings } from './read-settings.ts';
import { selectFiles } from './selector.ts';

/** Offers the fixes of the findings at the cursor, what silences them last, and all safe fixes on request. */
export function offerCodeActions(folders: Folders): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    selectFiles(),
    {
      async provideCodeActions(document, range, context) {
        if (context.only && fixAllKind.intersects(context.only)) return fixAllSafe(folders, document);
        if (context.only && !context.only.contains(vscode.CodeActionKind.QuickFix)) return [];
        const found = await findingsAt(folders, { document, range, diagnostics: context.diagnostics });
        const silencing = found.filter(({ folder }) => readSettings(folder.folder).showIgnore);
        const planning = found.filter(({ finding }) => isAboutCapacity(finding.rule)).slice(0, 1);
        return [
          ...found.flatMap(fixActions),
          ...planning.map((here) => planAction(folders, here)),
          ...silencing.flatMap(ignoreActions),
        ];
      },
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, fixAllKind] },
  );
}

/** Rules about figures that the capacity plan computes. */
function isAboutCapacity(rule: string): boolean {
  return /^(pool-(undersized|oversized|unbounded)|connections-|concurrency-|gunicorn-(workers|too-many)|workers-|limits-exceed|memory-limit|database-memory|redis-memory)/.test(
    rule,
  );
}

function planAction(folders: Folders, here: FindingHere): vscode.CodeAction {
  const title = vscode.l10n.t('Open the capacity panel');
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { command: openPanelCommand, title, arguments: [targetOfFinding(folders, here)] };
  if (here.diagnostic) action.diagnostics = [here.diagnostic];
  return action;
}
