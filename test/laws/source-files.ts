import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project, type SourceFile } from 'ts-morph';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** A file with its path in the repository, forward slashes. */
export interface Source {
  readonly path: string;
  readonly tree: SourceFile;
}

/** The TypeScript files of these folders, parsed; projects that tests read as data are left out. */
export function readSources(folders: readonly string[]): Source[] {
  const project = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true });
  return folders
    .flatMap(listFiles)
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path, tree: project.addSourceFileAtPath(join(repository, path)) }));
}

/** Every file below a folder of the repository that has an ending, sorted. */
export function listFiles(folder: string): string[] {
  return readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.split(sep).join('/')}`)
    .filter((path) => /\.[a-z]+$/.test(path))
    .filter((path) => !path.startsWith('test/projects/') && !path.includes('/workspaces/'))
    .sort();
}

/** The modules a file imports, re-exports or loads; local ones as paths in the repository. */
export function importsOf({ path, tree }: Source): string[] {
  const specifiers = [
    ...tree.getImportDeclarations().map((declaration) => declaration.getModuleSpecifierValue()),
    ...tree.getExportDeclarations().flatMap((declaration) => declaration.getModuleSpecifierValue() ?? []),
    ...[...tree.getFullText().matchAll(/\b(?:import|require)\(\s*['"]([^'"]+)['"]/g)].map((match) => match[1] ?? ''),
  ];
  return specifiers.map((specifier) => (specifier.startsWith('.') ? resolve(path, specifier) : specifier));
}

function resolve(from: string, specifier: string): string {
  return relative(repository, join(repository, from, '..', specifier))
    .split(sep)
    .join('/');
}
