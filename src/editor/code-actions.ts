import * as vscode from 'vscode';
import { fixAllKind, fixAllSafe } from './fix-all.ts';
import type { Folders } from './folders.ts';
import { ignoreActions } from './ignore-actions.ts';
import { findingsAt, fixActions } from './quick-fixes.ts';
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
        return [...found.flatMap(fixActions), ...silencing.flatMap(ignoreActions)];
      },
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, fixAllKind] },
  );
}
