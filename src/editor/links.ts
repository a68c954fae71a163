import * as vscode from 'vscode';
import { uriOf } from './positions.ts';

/** Real paths where the host can tell them. */
export interface RealPaths {
  readonly separator: string;
  /** The path with every symbolic link followed; undefined for a file system without links, or for a dead link. */
  resolve(uri: vscode.Uri): Promise<string | undefined>;
}

/** Decides whether a file or folder of a workspace folder may be read: links must not lead outside. */
export interface LinkGuard {
  /** True when real paths are known; without them every symbolic link is refused. */
  readonly followsLinks: boolean;
  /** The real path when it lies inside the folder; for file systems without real paths, the path itself. */
  enter(path: string): Promise<string | undefined>;
}

/** Creates the guard of one workspace folder. */
export async function createLinkGuard(folder: vscode.Uri, paths: RealPaths | undefined): Promise<LinkGuard> {
  const root = await paths?.resolve(folder);
  if (!paths || root === undefined) return { followsLinks: false, enter: (path) => enterWithoutLinks(folder, path) };
  const base = root.endsWith(paths.separator) ? root : root + paths.separator;
  return {
    followsLinks: true,
    async enter(path) {
      const real = path === '' ? root : await paths.resolve(uriOf(folder, path));
      return real === root || real?.startsWith(base) ? real : undefined;
    },
  };
}

async function enterWithoutLinks(folder: vscode.Uri, path: string): Promise<string | undefined> {
  const parts = path.split('/');
  for (let length = 1; length <= parts.length && path !== ''; length++) {
    try {
      const { type } = await vscode.workspace.fs.stat(uriOf(folder, parts.slice(0, length).join('/')));
      if ((type & vscode.FileType.SymbolicLink) !== 0) return undefined;
    } catch {
      return undefined;
    }
  }
  return path;
}
