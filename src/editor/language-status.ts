import * as vscode from 'vscode';
import type { Diagnostics } from './diagnostics.ts';
import type { FolderAnalysis, FolderResult } from './folder-analysis.ts';
import type { Folders } from './folders.ts';
import { rangeOf, uriOf } from './positions.ts';
import { projectName } from './project-name.ts';
import { selectFiles } from './selector.ts';

/** The command behind the status item. */
export const showFilesCommand = 'headroom.showFiles';

/** Says beside the language's name what was read and found, one item per folder with something to say. */
export function showLanguageStatus(folders: Folders, diagnostics: Diagnostics): vscode.Disposable {
  const items = new Map<FolderAnalysis, vscode.LanguageStatusItem>();
  const subscriptions = [
    folders.onDidChange(update),
    folders.onDidRemove((folder) => {
      items.get(folder)?.dispose();
      items.delete(folder);
    }),
    diagnostics.onDidToggle(() => {
      for (const folder of folders.all()) update(folder);
    }),
  ];
  return {
    dispose() {
      for (const disposable of [...subscriptions, ...items.values()]) disposable.dispose();
    },
  };

  function update(folder: FolderAnalysis): void {
    const { result } = folder;
    const isFirst = result === undefined && folder.busy;
    if (!isFirst && (!result || result.analysis.report.filesRead.length === 0)) {
      items.get(folder)?.dispose();
      items.delete(folder);
      return;
    }
    const item = items.get(folder) ?? createItem(folder);
    items.set(folder, item);
    item.busy = folder.busy;
    if (!result) {
      item.text = vscode.l10n.t('Headroom: reading the workspace');
      item.detail = vscode.l10n.t('{0} files so far', folder.filesLoaded);
      return;
    }
    item.text = diagnostics.hidden ? vscode.l10n.t('Headroom: findings hidden') : countFindings(result);
    item.detail = describeReading(result);
  }
}

/** Lists the files that were read or skipped and the values that are unknown; picking one jumps to it. */
export async function showFiles(folder: FolderAnalysis): Promise<void> {
  const { result } = folder;
  if (!result) return;
  const picked = await vscode.window.showQuickPick(listReading(folder, result), {
    title: vscode.l10n.t('What Headroom read in {0}', folder.folder.name),
    placeHolder: vscode.l10n.t('Go to a file or to a value that could not be known'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (!picked?.target) return;
  const { uri, range } = picked.target;
  await vscode.window.showTextDocument(uri, range ? { selection: range } : {});
}

function createItem(folder: FolderAnalysis): vscode.LanguageStatusItem {
  const item = vscode.languages.createLanguageStatusItem(`headroom.${folder.folder.name}`, selectFiles(folder.folder));
  item.name = 'Headroom';
  item.command = {
    command: showFilesCommand,
    title: vscode.l10n.t('Show Files'),
    arguments: [folder.folder.uri.toString()],
  };
  return item;
}

function countFindings({ findings }: FolderResult): string {
  const count = findings.filter(({ suppressed }) => !suppressed).length;
  if (count === 0) return vscode.l10n.t('Headroom: no findings');
  return count === 1 ? vscode.l10n.t('Headroom: 1 finding') : vscode.l10n.t('Headroom: {0} findings', count);
}

function describeReading({ analysis }: FolderResult): string {
  const { report, reading } = analysis;
  const files = report.filesRead.length;
  const { projects } = reading.stack;
  const unknowns = report.unknowns.length;
  return [
    files === 1 ? vscode.l10n.t('read 1 file') : vscode.l10n.t('read {0} files', files),
    projects.length === 1 ? shortName(projects[0]?.name ?? '') : vscode.l10n.t('{0} projects', projects.length),
    ...(unknowns === 0
      ? []
      : [unknowns === 1 ? vscode.l10n.t('1 value unknown') : vscode.l10n.t('{0} values unknown', unknowns)]),
  ].join(', ');
}

/** The pop-up holds one short line; the list of files names them. */
function shortName(name: string): string {
  const short = projectName(name);
  return short.length > 24 ? `${short.slice(0, 23)}…` : short;
}

interface ReadingItem extends vscode.QuickPickItem {
  readonly target?: { readonly uri: vscode.Uri; readonly range?: vscode.Range };
}

function listReading({ folder }: FolderAnalysis, { analysis }: FolderResult): ReadingItem[] {
  const { unknowns, filesRead, filesSkipped } = analysis.report;
  const values = unknowns.map(({ what, why, at }) => ({
    label: `$(question) ${what}`,
    description: `${at.source.path}:${rangeOf(at.source, at.span).start.line + 1}`,
    detail: why,
    target: { uri: uriOf(folder.uri, at.source.path), range: rangeOf(at.source, at.span) },
  }));
  const files = filesRead.map((path) => ({ label: `$(file) ${path}`, target: { uri: uriOf(folder.uri, path) } }));
  const skipped = filesSkipped.map(({ path, why }) => ({
    label: `$(circle-slash) ${path}`,
    description: why,
    target: { uri: uriOf(folder.uri, path) },
  }));
  return [
    ...group(vscode.l10n.t('Unknown values'), values),
    ...group(vscode.l10n.t('Files read'), files),
    ...group(vscode.l10n.t('Not read'), skipped),
  ];
}

function group(label: string, items: readonly ReadingItem[]): ReadingItem[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
