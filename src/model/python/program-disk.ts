import { unknownMark } from '../../text/mapped-text.ts';
import type { ContainerFiles } from '../image/container-files.ts';
import { type Files, resolveInside } from '../workspace.ts';
import { normalisePath } from './paths.ts';

/** The files of the workspace as the program sees them, by its own paths. */
export interface ProgramDisk {
  /** Workspace path of the file at a path of the program's (relative ones start at its working directory). */
  find(path: string): string | undefined;
  /** The program's path of a workspace file; begins with the unknown mark where the folder is not known. */
  pathOf(path: string): string;
}

/** A program that runs where its files are: the workspace's folder is not known, what lies in it is. */
export function hostDisk(files: Pick<Files, 'exists'>, workingFolder = ''): ProgramDisk {
  return {
    pathOf: (path) => `${unknownMark}/${path}`,
    find(path) {
      const isOwn = path.startsWith(`${unknownMark}/`);
      const inside = isOwn ? resolveInside('', path.slice(2)) : resolveInside(workingFolder, path);
      return inside !== undefined && files.exists(inside) ? inside : undefined;
    },
  };
}

/** A program in a container: only what its image or a mount brings there is found. */
export function containerDisk(container: ContainerFiles, workingDirectory: string): ProgramDisk {
  const find = (path: string) => {
    if (path.includes(unknownMark)) return undefined;
    return container.find(normalisePath(path.startsWith('/') ? path : `${workingDirectory}/${path}`));
  };
  const folder = normalisePath(workingDirectory) || '/';
  return {
    find,
    pathOf(path) {
      for (const origin of container.folders(folder)) {
        const rest = origin === '' ? path : path.startsWith(`${origin}/`) ? path.slice(origin.length + 1) : undefined;
        const candidate = rest === undefined ? undefined : `${folder === '/' ? '' : folder}/${rest}`;
        if (candidate !== undefined && find(candidate) === path) return candidate;
      }
      return `${unknownMark}/${path}`;
    },
  };
}
