import { type Dirent, existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { configurationNames, readConfiguration } from '../engine/configuration.ts';
import { decodeFile, largestFileBytes, tooLarge } from '../engine/decode-file.ts';
import { createExclusion, type Exclusion, maximumFiles } from '../engine/exclusion.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Rule } from '../rules/rule.ts';
import { createSourceText, type SourceText } from '../text/source-text.ts';

/** A folder on disk: its paths are known from the start, texts are read when the analysis asks for them. */
export interface OpenFolder {
  /** Real path of the folder. */
  readonly root: string;
  readonly workspace: Workspace;
  /** Reads these files; afterwards each has a text or a reason why it was skipped. */
  load(paths: Iterable<string>): void;
  /** Puts another text in the place of a file's, in memory only. */
  replace(path: string, text: string): void;
  /** Marks files as not looked at. */
  skip(paths: Iterable<string>, why: string): void;
}

/** Lists the folder's files. `configuration` stands in for the folder's own `headroom.yaml`. */
export function openFolder(
  folder: string,
  options: { readonly rules: readonly Rule[]; readonly configuration?: SourceText },
): OpenFolder {
  const root = realpathSync(folder);
  const texts = new Map<string, SourceText>();
  const skipped = new Map<string, string>();
  const load = (path: string) => {
    const read = readText(root, path);
    if ('why' in read) skipped.set(path, read.why);
    else texts.set(path, createSourceText(path, read.text));
  };
  const ownName = configurationNames.find((name) => existsSync(join(root, name)));
  if (ownName && !options.configuration) load(ownName);
  const configuration = options.configuration ?? (ownName && texts.get(ownName));
  const patterns = configuration ? readConfiguration(configuration, options.rules).configuration.exclude : [];
  const paths = listFiles(root, { exclusion: createExclusion(patterns), skipped });
  if (ownName) paths.add(ownName);
  return {
    root,
    workspace: { name: basename(root), paths, texts, skipped },
    load(wanted) {
      for (const path of wanted) if (!texts.has(path) && !skipped.has(path)) load(path);
    },
    replace(path, text) {
      texts.set(path, createSourceText(path, text));
    },
    skip(wanted, why) {
      for (const path of wanted) skipped.set(path, why);
    },
  };
}

/** Reads one file of the folder, or says why not. Never follows a link out of the folder. */
export function readText(
  root: string,
  path: string,
): { readonly text: string; readonly byteOrderMark: boolean; readonly realPath: string } | { readonly why: string } {
  try {
    const realPath = realpathSync(join(root, path));
    if (!isInside(root, realPath)) return { why: 'a link that leads outside the folder' };
    const stats = statSync(realPath);
    if (!stats.isFile()) return { why: 'not a file' };
    if (stats.size > largestFileBytes(path)) return { why: tooLarge(path) };
    const decoded = decodeFile(path, new Uint8Array(readFileSync(realPath)));
    return 'why' in decoded ? decoded : { ...decoded, realPath };
  } catch {
    return { why: 'cannot be read' };
  }
}

/** True when `path` is `root` or below it; both are real paths. */
export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Breadth first in name order, real folders before linked ones, so that a file is known by its own path. */
function listFiles(root: string, how: { exclusion: Exclusion; skipped: Map<string, string> }): Set<string> {
  const paths = new Set<string>();
  const visited = new Set<string>();
  const folders = [''];
  const links: string[] = [];
  for (let next = folders.shift(); next !== undefined; next = folders.shift() ?? links.shift()) {
    const folder = next;
    const realPath = enter(root, folder);
    if (realPath === undefined) {
      how.skipped.set(folder, 'a link that leads outside the folder, or to nothing');
      continue;
    }
    if (visited.has(realPath)) continue;
    visited.add(realPath);
    for (const entry of listFolder(realPath, { folder, skipped: how.skipped })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const kind = kindOf(entry, join(realPath, entry.name));
      if (kind === 'folder' || kind === 'linked folder') {
        if (!how.exclusion.skipsFolder(path)) (kind === 'folder' ? folders : links).push(path);
      } else if (kind === 'file' && !how.exclusion.skipsFile(path)) {
        if (paths.size >= maximumFiles) {
          how.skipped.set(
            folder === '' ? '.' : folder,
            `more than ${maximumFiles} files; from here on none is looked at`,
          );
          return paths;
        }
        paths.add(path);
      }
    }
  }
  return paths;
}

function enter(root: string, folder: string): string | undefined {
  try {
    const realPath = realpathSync(join(root, folder));
    return isInside(root, realPath) ? realPath : undefined;
  } catch {
    return undefined;
  }
}

function listFolder(realPath: string, where: { folder: string; skipped: Map<string, string> }): Dirent[] {
  try {
    const entries = readdirSync(realPath, { withFileTypes: true });
    return entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch {
    where.skipped.set(where.folder === '' ? '.' : where.folder, 'cannot be read');
    return [];
  }
}

function kindOf(entry: Dirent, path: string): 'file' | 'folder' | 'linked folder' | 'other' {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (!entry.isSymbolicLink()) return 'other';
  try {
    const target = statSync(path);
    return target.isDirectory() ? 'linked folder' : target.isFile() ? 'file' : 'other';
  } catch {
    return 'other';
  }
}
