import { unknownMark } from '../../text/mapped-text.ts';
import type { ContainerFiles } from '../image/container-files.ts';
import { type Files, folderOf, joinPath, resolveInside } from '../workspace.ts';
import { folderOfPath, normalisePath } from './paths.ts';

/** The files of the workspace as the program sees them, by its own paths. */
export interface ProgramDisk {
  /** Workspace path of the file at a path of the program's (relative ones start at its working directory). */
  find(path: string): string | undefined;
  /** The program's path of a workspace file; begins with the unknown mark where the folder is not known. */
  pathOf(path: string): string;
  /** True for a file that the image's build leaves out on purpose: an example beside it says nothing either. */
  isKeptOut(path: string): boolean;
  /** Whether a file that was not found may be there all the same: it is left out of the image, or made elsewhere. */
  mayExist(path: string): boolean;
}

/** A program that runs where its files are: the workspace's folder is not known, what lies in it is. */
export function hostDisk(files: Pick<Files, 'exists'>, workingFolder = ''): ProgramDisk {
  return {
    pathOf: (path) => `${unknownMark}/${path}`,
    isKeptOut: () => false,
    mayExist: () => true,
    find(path) {
      const isOwn = path.startsWith(`${unknownMark}/`);
      const inside = isOwn ? resolveInside('', path.slice(2)) : resolveInside(workingFolder, path);
      return inside !== undefined && files.exists(inside) ? inside : undefined;
    },
  };
}

/** A program in a container: only what its image or a mount brings there is found. */
export function containerDisk(
  container: ContainerFiles,
  program: { readonly workingDirectory: string; readonly files: Pick<Files, 'exists'> },
): ProgramDisk {
  const { workingDirectory, files } = program;
  const absolute = (path: string) => normalisePath(path.startsWith('/') ? path : `${workingDirectory}/${path}`);
  const find = (path: string) => (path.includes(unknownMark) ? undefined : container.find(absolute(path)));
  const folder = normalisePath(workingDirectory) || '/';
  return {
    find,
    isKeptOut: (path) => !path.includes(unknownMark) && container.isKeptOut(absolute(path)),
    mayExist(path) {
      const place = absolute(path);
      const name = place.slice(place.lastIndexOf('/') + 1);
      const folder = folderOfPath(place);
      const copied = container.list(folder).flatMap((file) => container.find(file) ?? []);
      const origins = new Set([...container.folders(folder), ...copied.map(folderOf)]);
      return ![...origins].some((origin) => files.exists(joinPath(origin, name)));
    },
    pathOf(path) {
      // Its path in the workspace, less the folders that the image leaves out.
      for (let rest = path; rest !== ''; rest = rest.includes('/') ? rest.slice(rest.indexOf('/') + 1) : '') {
        const candidate = `${folder === '/' ? '' : folder}/${rest}`;
        if (find(candidate) === path) return candidate;
      }
      return `${unknownMark}/${path}`;
    },
  };
}
