import { derive, type SourceText } from '../text/source-text.ts';
import type { Location, Span } from '../text/span.ts';

/** What a host knows of the user's folder: every path, and the texts it has loaded so far. */
export interface Workspace {
  /** Name of the root folder, which names the project where nothing else does. */
  readonly name?: string;
  /** Every file found, relative with forward slashes, after the exclusion matcher. */
  readonly paths: ReadonlySet<string>;
  readonly texts: ReadonlyMap<string, SourceText>;
  /** Files that were found and not taken, with the reason (too large, not UTF-8, unreadable, outside the folder). */
  readonly skipped: ReadonlyMap<string, string>;
}

/** The pure reader's door to files: it never waits; what is not loaded yet is remembered as wanted. */
export interface Files {
  readonly workspace: Workspace;
  /** The file's text, or undefined when it is absent, skipped or not loaded yet (then it becomes wanted). */
  read(path: string): SourceText | undefined;
  exists(path: string): boolean;
  /** True when the file exists and has not been loaded yet: a conclusion drawn from its absence would be premature. */
  pending(path: string): boolean;
  readonly wanted: ReadonlySet<string>;
  /** Paths that were read or looked for, present or not: the list to watch. */
  readonly touched: ReadonlySet<string>;
  /** Loaded files that hold both sides of a merge; they count as absent. */
  readonly conflicted: ReadonlyMap<string, Location>;
  /** What is found out once per reading, such as an index of the paths; `kind` tells such results apart. */
  once<T>(kind: string, find: (paths: ReadonlySet<string>) => T): T;
}

/** Opens a workspace for one reading. */
export function openFiles(workspace: Workspace): Files {
  const wanted = new Set<string>();
  const touched = new Set<string>();
  const conflicted = new Map<string, Location>();
  const found = new Map<string, unknown>();
  return {
    workspace,
    wanted,
    touched,
    conflicted,
    once<T>(kind: string, find: (paths: ReadonlySet<string>) => T): T {
      if (!found.has(kind)) found.set(kind, find(workspace.paths));
      return found.get(kind) as T;
    },
    exists(path) {
      touched.add(path);
      return workspace.paths.has(path);
    },
    pending(path) {
      return workspace.paths.has(path) && !workspace.texts.has(path) && !workspace.skipped.has(path);
    },
    read(path) {
      touched.add(path);
      const text = workspace.texts.get(path);
      if (text === undefined && this.pending(path)) wanted.add(path);
      const marker = text && derive(text, { kind: 'conflict', from: findConflict });
      if (text && marker) conflicted.set(path, { source: text, span: marker });
      return marker ? undefined : text;
    },
  };
}

/** The first marker of an unresolved merge. */
function findConflict(text: string): Span | undefined {
  const start = /^<{7}(?: .*)?$/m.exec(text);
  if (!start || !/^={7}\r?$/m.test(text) || !/^>{7}(?: |\r?$)/m.test(text)) return undefined;
  return { start: start.index, end: start.index + 7 };
}

/**
 * Joins a relative path to a folder and normalises it; undefined when the result leaves the workspace or is absolute.
 * The root folder is ''.
 */
export function resolveInside(folder: string, path: string): string | undefined {
  if (path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith('~')) return undefined;
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split(/[\\/]/)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** The path of an entry of a folder; the root folder is ''. */
export function joinPath(folder: string, entry: string): string {
  return folder === '' ? entry : `${folder}/${entry}`;
}

/** The folder of a path; '' for a file at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

/** The last component of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
