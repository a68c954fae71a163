import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import type { Uri } from 'vscode';
import type { RealPaths } from './links.ts';

/** Real paths of files on the local disk, for hosts with Node; other file systems have none. */
export const diskPaths: RealPaths = {
  separator: sep,
  async resolve(uri: Uri) {
    if (uri.scheme !== 'file') return undefined;
    try {
      return await realpath(uri.fsPath);
    } catch {
      return undefined;
    }
  },
};
