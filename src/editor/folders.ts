import * as vscode from 'vscode';
import type { Rule } from '../rules/rule.ts';
import { analyseFolder, type FolderAnalysis } from './folder-analysis.ts';
import type { RealPaths } from './links.ts';
import type { Log } from './log.ts';
import { pathIn } from './positions.ts';
import { readSettings } from './read-settings.ts';

/** The workspace folders under analysis, each on its own. */
export interface Folders extends vscode.Disposable {
  all(): readonly FolderAnalysis[];
  /** The folders that hold a file, the innermost first, with the file's path in each. */
  holding(uri: vscode.Uri): readonly { readonly folder: FolderAnalysis; readonly path: string }[];
  /** Fires after every analysis and when a folder starts or ends to be busy. */
  readonly onDidChange: vscode.Event<FolderAnalysis>;
  /** Fires when a folder is no longer analysed. */
  readonly onDidRemove: vscode.Event<FolderAnalysis>;
}

/** Analyses all workspace folders whose settings allow it and follows documents, files, folders and settings. */
export function watchFolders(tools: {
  readonly rules: readonly Rule[];
  readonly realPaths: RealPaths | undefined;
  readonly log: Log;
}): Folders {
  const changed = new vscode.EventEmitter<FolderAnalysis>();
  const removed = new vscode.EventEmitter<FolderAnalysis>();
  const open = new Map<string, { readonly analysis: FolderAnalysis; readonly watcher: vscode.Disposable }>();
  const all = () => [...open.values()].map(({ analysis }) => analysis);
  const subscriptions = [
    vscode.workspace.onDidChangeWorkspaceFolders(update),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('headroom')) return;
      update();
      for (const folder of all()) folder.request();
    }),
    vscode.workspace.onDidOpenTextDocument(takeDocument),
    vscode.workspace.onDidChangeTextDocument(({ document }) => takeDocument(document)),
    vscode.workspace.onDidCloseTextDocument((document) => {
      for (const folder of all()) folder.closeDocument(document);
    }),
    // Besides the watcher: they come at once, and where the file system cannot be watched.
    vscode.workspace.onDidSaveTextDocument(({ uri }) => takeFile(uri, 'created')),
    vscode.workspace.onDidCreateFiles(({ files }) => {
      for (const uri of files) takeFile(uri, 'created');
    }),
    vscode.workspace.onDidDeleteFiles(({ files }) => {
      for (const uri of files) takeFile(uri, 'deleted');
    }),
    vscode.workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri } of files) takeFile(oldUri, 'deleted');
      for (const { newUri } of files) takeFile(newUri, 'created');
    }),
    changed,
    removed,
  ];
  update();
  return {
    all,
    holding(uri) {
      return all()
        .flatMap((folder) => {
          const path = pathIn(folder.folder.uri, uri);
          return path === undefined ? [] : [{ folder, path }];
        })
        .sort((left, right) => left.path.length - right.path.length);
    },
    onDidChange: changed.event,
    onDidRemove: removed.event,
    dispose() {
      for (const key of [...open.keys()]) close(key);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };

  function update(): void {
    const wanted = (vscode.workspace.workspaceFolders ?? []).filter((folder) => readSettings(folder).enabled);
    const keys = new Set(wanted.map((folder) => folder.uri.toString()));
    for (const key of [...open.keys()]) if (!keys.has(key)) close(key);
    for (const folder of wanted) if (!open.has(folder.uri.toString())) start(folder);
  }

  function start(folder: vscode.WorkspaceFolder): void {
    const analysis = analyseFolder(folder, { ...tools, onChange: (one) => changed.fire(one) });
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '**/*'));
    watcher.onDidCreate((uri) => analysis.takeFile(uri, 'created'));
    watcher.onDidChange((uri) => analysis.takeFile(uri, 'changed'));
    watcher.onDidDelete((uri) => analysis.takeFile(uri, 'deleted'));
    open.set(folder.uri.toString(), { analysis, watcher });
  }

  function close(key: string): void {
    const entry = open.get(key);
    if (!entry) return;
    open.delete(key);
    entry.watcher.dispose();
    entry.analysis.dispose();
    removed.fire(entry.analysis);
  }

  function takeDocument(document: vscode.TextDocument): void {
    for (const folder of all()) folder.takeDocument(document);
  }

  function takeFile(uri: vscode.Uri, what: 'created' | 'deleted'): void {
    for (const folder of all()) folder.takeFile(uri, what);
  }
}
