import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { configurationNames } from '../engine/configuration.ts';
import { UsageError } from './terminal.ts';

/** A folder to analyse, and the files of it that the report is about (all of them when undefined). */
export interface Target {
  /** Real path. */
  readonly root: string;
  /** Relative to the root, with forward slashes. */
  readonly files: readonly string[] | undefined;
}

/**
 * The folders behind the given paths. A folder is its own root; a file belongs to the nearest folder upward that holds
 * `.git` or a configuration, else to its own folder. Throws a UsageError for a path that does not exist.
 */
export function findTargets(paths: readonly string[], folder: string): readonly Target[] {
  const targets = new Map<string, string[] | undefined>();
  for (const path of paths) {
    const real = realPathOf(path, folder);
    if (statSync(real).isDirectory()) targets.set(real, undefined);
    else {
      const root = rootOf(real);
      const file = slashed(relative(root, real));
      if (!targets.has(root)) targets.set(root, [file]);
      else targets.get(root)?.push(file);
    }
  }
  return [...targets].map(([root, files]) => ({ root, files }));
}

/** Gives the paths of one target's files as reports name them: relative to the common parent of all targets. */
export function nameFilesOf(target: Target, targets: readonly Target[]): (path: string) => string {
  const base = commonParent(targets.map(({ root }) => root));
  return (path) => slashed(relative(base, isAbsolute(path) ? path : join(target.root, path))) || '.';
}

/** Path with forward slashes. */
export function slashed(path: string): string {
  return path.split(sep).join('/');
}

function realPathOf(path: string, folder: string): string {
  const absolute = resolve(folder, path);
  if (path === '' || !existsSync(absolute)) throw new UsageError(`${path || '""'} does not exist`);
  const real = realpathSync(absolute);
  const stats = statSync(real);
  if (!stats.isDirectory() && !stats.isFile()) throw new UsageError(`${path} is neither a folder nor a file`);
  return real;
}

function rootOf(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (['.git', ...configurationNames].some((name) => existsSync(join(folder, name)))) return folder;
    if (folder === dirname(folder)) return dirname(file);
  }
}

function commonParent(roots: readonly string[]): string {
  let parent = roots[0] ?? '';
  while (!roots.every((root) => root === parent || root.startsWith(parent.endsWith(sep) ? parent : parent + sep))) {
    parent = dirname(parent);
  }
  return parent;
}
