import * as vscode from 'vscode';
import { knownValue } from '../model/value.ts';
import { openPanelCommand } from './capacity-panel.ts';
import type { Folders } from './folders.ts';
import { type PanelTarget, panelTargets } from './panel-plans.ts';
import { pathIn, rangeOf } from './positions.ts';
import { readSettings } from './read-settings.ts';
import { selectFiles } from './selector.ts';

/** Puts a line above each web server's service that sums it up and opens its plan. */
export function showCapacityLenses(folders: Folders): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses(document) {
      return panelTargets(folders)
        .filter(({ folder, target }) => {
          const { source } = target.service.at;
          const isHere = pathIn(folder.folder.uri, document.uri) === source.path;
          // A lens over a text that is being changed comes with the next analysis.
          return isHere && folder.currentText(source.path) === source && readSettings(folder.folder).showLens;
        })
        .map(lensOf);
    },
  };
  return vscode.Disposable.from(
    changed,
    folders.onDidChange(() => changed.fire()),
    vscode.languages.registerCodeLensProvider(selectFiles(), provider),
  );
}

function lensOf({ id, target }: PanelTarget): vscode.CodeLens {
  const { service, process } = target;
  const range = rangeOf(service.at.source, service.at.span);
  return new vscode.CodeLens(range, {
    command: openPanelCommand,
    title: `$(graph) ${titleOf(knownValue(process.workers), knownValue(process.threads))}`,
    arguments: [id],
  });
}

function titleOf(workers: number | undefined, threads: number | undefined): string {
  if (workers === undefined) return vscode.l10n.t('Plan capacity');
  if (threads === undefined || threads <= 1) return vscode.l10n.t('Plan capacity: workers {0}', workers);
  return vscode.l10n.t('Plan capacity: workers {0} × threads {1}', workers, threads);
}
