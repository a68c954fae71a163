import type { SourceText } from '../../text/source-text.ts';
import { type Files, folderOf, joinPath, nameOf } from '../workspace.ts';
import { importedPaths } from './imported-paths.ts';

/** A module of the workspace: its file (`a/b.py`, `a/b/__init__.py`), or the folder of a package without one. */
export interface ModulePlace {
  readonly kind: 'file' | 'folder';
  readonly path: string;
}

export interface ModuleResolver {
  /** Finds `a.b.c` as imported by the file at `from`; level counts the dots of a relative import (0 for none). */
  find(module: string, importer: { readonly from: string; readonly level: number }): ModulePlace | undefined;
  /** Finds a module inside a package. */
  child(place: ModulePlace, name: string): ModulePlace | undefined;
  /** A module's text; undefined when it is missing or not loaded yet (then it becomes wanted). */
  read(path: string): SourceText | undefined;
  /** The files that a text's imports, dotted names and lists of apps may bring in. */
  importedBy(source: SourceText): readonly string[];
  /** The Python files below the roots, for loading them at once. */
  readonly paths: readonly string[];
}

/** Resolves dotted modules to files: below the roots and their `src`, then from the importing file's folders upwards. */
export function createModuleResolver(files: Files, roots: readonly string[]): ModuleResolver {
  const read = (path: string) => files.read(path);
  // The programs of a workspace look for the same modules below the same roots over and over.
  const places = files.once(`modules ${roots.join(':')}`, (paths) => findModules(paths, { files, roots }));
  return { ...places, read };
}

type Modules = Omit<ModuleResolver, 'read'>;

function findModules(
  present: ReadonlySet<string>,
  { files, roots }: { readonly files: Files; readonly roots: readonly string[] },
): Modules {
  const { paths, folders, names } = files.once('python', listModules);
  const candidates = [...new Set(roots.flatMap((root) => [root, joinPath(root, 'src')]))];

  const within = (folder: string, module: string): ModulePlace | undefined => {
    const base = module === '' ? folder : joinPath(folder, module.replaceAll('.', '/'));
    if (module !== '' && present.has(`${base}.py`)) return { kind: 'file', path: `${base}.py` };
    const init = joinPath(base, '__init__.py');
    if (present.has(init)) return { kind: 'file', path: init };
    return folders.has(base) ? { kind: 'folder', path: base } : undefined;
  };

  const known = new Map<string, readonly ModulePlace[]>();
  const placesOf = (module: string, folder: string): readonly ModulePlace[] => {
    const first = module.split('.', 1)[0] ?? '';
    if (libraries.has(first) || (module !== '' && !names.has(first))) return [];
    const key = `${folder} ${module}`;
    const existing = known.get(key);
    if (existing) return existing;
    const found = [...candidates, ...ancestorsOf(folder)].flatMap((candidate) => within(candidate, module) ?? []);
    known.set(key, found);
    return found;
  };

  const find: Modules['find'] = (module, { from, level }) => {
    if (level > 0) {
      let folder = folderOf(from);
      for (let step = 1; step < level; step++) folder = folderOf(folder);
      return within(folder, module);
    }
    const places = placesOf(module, folderOf(from)).filter((place) => place.path !== from);
    return places.find((place) => place.kind === 'file') ?? places[0];
  };
  const child: Modules['child'] = (place, name) => {
    if (place.kind === 'folder') return within(place.path, name);
    return place.path.endsWith('__init__.py') ? within(folderOf(place.path), name) : undefined;
  };
  const imported = new Map<SourceText, readonly string[]>();
  return {
    find,
    child,
    paths: paths.filter((path) => roots.some((root) => root === '' || path.startsWith(`${root}/`))),
    importedBy(source) {
      const existing = imported.get(source);
      if (existing) return existing;
      const found = importedPaths(source, { find, child });
      imported.set(source, found);
      return found;
    },
  };
}

function listModules(all: ReadonlySet<string>) {
  const paths = [...all].filter((path) => path.endsWith('.py')).sort();
  const folders = collectFolders(paths);
  const names = new Set([...folders, ...paths.map((path) => path.slice(0, -'.py'.length))].map(nameOf));
  return { paths, folders, names };
}

/** The folder itself and every folder above it, nearest first. */
export function ancestorsOf(folder: string): readonly string[] {
  const folders = [folder];
  for (let current = folder; current !== ''; ) {
    current = folderOf(current);
    folders.push(current);
  }
  return folders;
}

/**
 * Libraries whose calls the model understands. A file of the same name beside the code (`app/celery.py`) never hides
 * them: such a program would not start.
 */
const libraries: ReadonlySet<string> = new Set([
  'aiohttp',
  'aiomysql',
  'aioredis',
  'apscheduler',
  'asyncpg',
  'celery',
  'configurations',
  'dbutils',
  'decouple',
  'dj_database_url',
  'django',
  'dotenv',
  'environ',
  'environs',
  'fastapi',
  'flask',
  'flask_socketio',
  'flask_sqlalchemy',
  'functools',
  'httpx',
  'kombu',
  'logging',
  'multiprocessing',
  'mysql',
  'os',
  'psycopg',
  'psycopg2',
  'psycopg_pool',
  'pydantic',
  'pydantic_settings',
  'pymysql',
  'redis',
  'requests',
  'rest_framework',
  'rq',
  'socketio',
  'split_settings',
  'sqlalchemy',
  'sqlmodel',
  'starlette',
  'sys',
  'typing',
]);

function collectFolders(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let folder = folderOf(path); !folders.has(folder); folder = folderOf(folder)) {
      folders.add(folder);
      if (folder === '') break;
    }
  }
  return folders;
}
