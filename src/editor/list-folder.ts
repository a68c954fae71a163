import * as vscode from 'vscode';
import { type Exclusion, maximumFiles } from '../engine/exclusion.ts';
import type { LinkGuard } from './links.ts';
import { uriOf } from './positions.ts';

/** The files found below a folder, and the folders and links that were not entered, with the reason. */
export interface Listing {
  readonly paths: ReadonlySet<string>;
  readonly skipped: ReadonlyMap<string, string>;
}

/**
 * Lists the files below `start` (a folder's path, '' for the root) breadth first in name order, real folders before
 * linked ones: the order of the command, so that both see the same files. It asks the file system and not VS Code's
 * search, which gives no order, obeys settings that the command does not know, and is absent from virtual workspaces.
 */
export async function listFolder(
  start: string,
  how: { readonly folder: vscode.Uri; readonly exclusion: Exclusion; readonly guard: LinkGuard },
): Promise<Listing> {
  const paths = new Set<string>();
  const skipped = new Map<string, string>();
  const visited = new Set<string>();
  let folders = [start];
  const links: string[] = [];
  for (;;) {
    const link = folders.length === 0 ? links.shift() : undefined;
    if (link !== undefined) folders.push(link);
    if (folders.length === 0) return { paths, skipped };
    const below: string[] = [];
    for (const group of groupsOf(folders, 16)) {
      const read = await Promise.all(group.map((path) => enterFolder(path, { ...how, visited, skipped })));
      for (const { path, name, type } of read.flat()) {
        const isLink = (type & vscode.FileType.SymbolicLink) !== 0;
        const isFolder = (type & vscode.FileType.Directory) !== 0;
        const isFile = (type & vscode.FileType.File) !== 0;
        if (isFolder ? how.exclusion.skipsFolder(path) : !isFile || how.exclusion.skipsFile(path)) continue;
        if (isLink && !how.guard.followsLinks) skipped.set(path, 'a symbolic link');
        else if (isFolder) (isLink ? links : below).push(path);
        else if (paths.size < maximumFiles) paths.add(path);
        else {
          skipped.set(
            path.slice(0, -name.length - 1) || '.',
            `more than ${maximumFiles} files; from here on none is looked at`,
          );
          return { paths, skipped };
        }
      }
    }
    folders = below;
  }
}

interface Entry {
  readonly path: string;
  readonly name: string;
  readonly type: vscode.FileType;
}

async function enterFolder(
  path: string,
  how: { folder: vscode.Uri; guard: LinkGuard; visited: Set<string>; skipped: Map<string, string> },
): Promise<Entry[]> {
  // Without real paths no link is ever followed, so that every folder met here is a real one.
  const realPath = how.guard.followsLinks ? await how.guard.enter(path) : path;
  if (realPath === undefined) {
    how.skipped.set(path || '.', 'a link that leads outside the folder, or to nothing');
    return [];
  }
  if (how.visited.has(realPath)) return [];
  how.visited.add(realPath);
  try {
    const entries = await vscode.workspace.fs.readDirectory(path === '' ? how.folder : uriOf(how.folder, path));
    return entries
      .map(([name, type]) => ({ name, type, path: path === '' ? name : `${path}/${name}` }))
      .sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch {
    how.skipped.set(path || '.', 'cannot be read');
    return [];
  }
}

function groupsOf<T>(items: readonly T[], size: number): T[][] {
  const groups: T[][] = [];
  for (let start = 0; start < items.length; start += size) groups.push(items.slice(start, start + size));
  return groups;
}
