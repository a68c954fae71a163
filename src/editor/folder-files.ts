import * as vscode from 'vscode';
import { configurationNames, readConfiguration } from '../engine/configuration.ts';
import { decodeFile, largestFileBytes, tooLarge } from '../engine/decode-file.ts';
import { createExclusion, type Exclusion } from '../engine/exclusion.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Rule } from '../rules/rule.ts';
import { createSourceText, type SourceText } from '../text/source-text.ts';
import { createLinkGuard, type LinkGuard, type RealPaths } from './links.ts';
import { listFolder } from './list-folder.ts';
import { pathIn, uriOf } from './positions.ts';

/**
 * The files of one workspace folder: listed from the file system, read when the analysis wants them, the text of an
 * open document before the file's. A text keeps its object while it stays the same, because caches hang on it.
 */
export interface FolderFiles {
  readonly folder: vscode.Uri;
  /** Live: what the analysis reads. */
  readonly workspace: Workspace;
  /** Lists the folder anew and forgets the texts; the configuration is read first, for its `exclude` patterns. */
  list(): Promise<void>;
  /** Reads these files; afterwards each has a text or a reason why it was skipped. */
  load(paths: Iterable<string>): Promise<void>;
  skip(paths: Iterable<string>, why: string): void;
  /** Takes over a document's text; true when a file that matters changed by it. */
  takeDocument(document: vscode.TextDocument): boolean;
  /** Reads a file again after its document was closed or the file changed; true when a file that matters changed. */
  refresh(uri: vscode.Uri): Promise<boolean>;
  /** Takes in a new file or folder; true when the list of files changed. */
  add(uri: vscode.Uri): Promise<boolean>;
  /** Drops a file, or what lay below a folder; true when the list of files changed. */
  remove(uri: vscode.Uri): boolean;
  /** True when the `exclude` patterns of the configuration are no longer those of the last listing. */
  excludesOtherwise(patterns: readonly string[]): boolean;
}

/** Opens a folder; nothing is listed or read yet. */
export async function openFolderFiles(
  folder: vscode.Uri,
  tools: { readonly rules: readonly Rule[]; readonly realPaths: RealPaths | undefined },
): Promise<FolderFiles> {
  const guard = await createLinkGuard(folder, tools.realPaths);
  const paths = new Set<string>();
  const texts = new Map<string, SourceText>();
  const skipped = new Map<string, string>();
  const reader = { folder, guard, texts, skipped };
  let patterns: readonly string[] = [];
  let exclusion: Exclusion = createExclusion();
  return {
    folder,
    workspace: { name: folder.path.slice(folder.path.lastIndexOf('/') + 1), paths, texts, skipped },
    async list() {
      texts.clear();
      skipped.clear();
      patterns = await readPatterns(reader, tools.rules);
      exclusion = createExclusion(patterns);
      const listing = await listFolder('', { folder, exclusion, guard });
      paths.clear();
      for (const path of [...listing.paths, ...configurationNames.filter((name) => texts.has(name))]) paths.add(path);
      for (const [path, why] of listing.skipped) skipped.set(path, why);
    },
    async load(wanted) {
      const missing = [...wanted].filter((path) => !texts.has(path) && !skipped.has(path));
      await Promise.all(missing.map((path) => readInto(reader, path)));
    },
    skip(wanted, why) {
      for (const path of wanted) skipped.set(path, why);
    },
    takeDocument(document) {
      const path = pathIn(folder, document.uri);
      return path !== undefined && (texts.has(path) || skipped.has(path)) && keep(reader, path, document.getText());
    },
    async refresh(uri) {
      const path = pathIn(folder, uri);
      if (path === undefined || !paths.has(path) || !(texts.has(path) || skipped.has(path))) return false;
      return readInto(reader, path);
    },
    async add(uri) {
      const path = pathIn(folder, uri);
      if (path === undefined || paths.has(path) || isExcluded(path, exclusion)) return false;
      const found = await listEntry(path, { folder, exclusion, guard });
      for (const entry of found) paths.add(entry);
      return found.length > 0;
    },
    remove(uri) {
      const path = pathIn(folder, uri);
      if (path === undefined) return false;
      const gone = [...paths].filter((candidate) => candidate === path || candidate.startsWith(`${path}/`));
      for (const each of gone) for (const collection of [paths, texts, skipped]) collection.delete(each);
      return gone.length > 0;
    },
    excludesOtherwise: (wanted) => wanted.join('\n') !== patterns.join('\n'),
  };
}

interface Reader {
  readonly folder: vscode.Uri;
  readonly guard: LinkGuard;
  readonly texts: Map<string, SourceText>;
  readonly skipped: Map<string, string>;
}

async function readPatterns(reader: Reader, rules: readonly Rule[]): Promise<readonly string[]> {
  for (const name of configurationNames) {
    if (!(await exists(uriOf(reader.folder, name)))) continue;
    await readInto(reader, name);
    const source = reader.texts.get(name);
    return source ? readConfiguration(source, rules).configuration.exclude : [];
  }
  return [];
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File) !== 0;
  } catch {
    return false;
  }
}

/** Reads one file, or says why not; true when something changed by it. */
async function readInto(reader: Reader, path: string): Promise<boolean> {
  const uri = uriOf(reader.folder, path);
  const read = textOfDocument(uri) ?? (await readFile(reader, path));
  // The document may have been opened or changed while the file was read.
  const text = textOfDocument(uri) ?? read;
  if (typeof text === 'string') return keep(reader, path, text);
  reader.texts.delete(path);
  const changed = reader.skipped.get(path) !== text.why;
  reader.skipped.set(path, text.why);
  return changed;
}

async function readFile(reader: Reader, path: string): Promise<string | { readonly why: string }> {
  const uri = uriOf(reader.folder, path);
  try {
    if ((await reader.guard.enter(path)) === undefined) return { why: 'a link that leads outside the folder' };
    const { type, size } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.File) === 0) return { why: 'not a file' };
    if (size > largestFileBytes(path)) return { why: tooLarge(path) };
    const decoded = decodeFile(path, await vscode.workspace.fs.readFile(uri));
    return 'why' in decoded ? decoded : decoded.text;
  } catch {
    return { why: 'cannot be read' };
  }
}

function textOfDocument(uri: vscode.Uri): string | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key)?.getText();
}

function keep(reader: Reader, path: string, text: string): boolean {
  const source = createSourceText(path, text);
  reader.skipped.delete(path);
  if (reader.texts.get(path)?.text === source.text) return false;
  reader.texts.set(path, source);
  return true;
}

function isExcluded(path: string, exclusion: Exclusion): boolean {
  const parts = path.split('/');
  return parts.some((_, index) => index > 0 && exclusion.skipsFolder(parts.slice(0, index).join('/')));
}

async function listEntry(
  path: string,
  how: { readonly folder: vscode.Uri; readonly exclusion: Exclusion; readonly guard: LinkGuard },
): Promise<readonly string[]> {
  try {
    const { type } = await vscode.workspace.fs.stat(uriOf(how.folder, path));
    if ((type & vscode.FileType.SymbolicLink) !== 0 && !how.guard.followsLinks) return [];
    if ((type & vscode.FileType.Directory) === 0) return how.exclusion.skipsFile(path) ? [] : [path];
    return how.exclusion.skipsFolder(path) ? [] : [...(await listFolder(path, how)).paths];
  } catch {
    return [];
  }
}
