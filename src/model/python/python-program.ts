import { parsePython } from '../../parse/python.ts';
import type { PythonModule } from '../../parse/python-tree.ts';
import { findCalls, scanImports } from '../../parse/python-walk.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Pausable } from '../pausable.ts';
import type { Session } from '../session.ts';
import type { Environment } from '../stack.ts';
import { type Files, folderOf } from '../workspace.ts';
import { createRuntime } from './evaluate.ts';
import type { CallPlace, Runtime } from './frame.ts';
import { createModuleResolver, type ModulePlace, type ModuleResolver } from './module-resolver.ts';
import { hostDisk, type ProgramDisk } from './program-disk.ts';

/** The Python code of one process: where its modules are and which environment it reads. */
export interface PythonProgram {
  readonly files: Files;
  readonly environment: Environment;
  /** Folders that modules are looked up in. */
  readonly roots: readonly string[];
  readonly resolver: ModuleResolver;
  /** The evaluator's memory. */
  readonly runtime: Runtime;
  parse(source: SourceText): PythonModule;
  /** Every call of a file with where it stands; found once per text. */
  calls(source: SourceText): readonly CallPlace[];
  /** The file of a module ("app.main", "app.main:app") or of a path; undefined when missing or not loaded yet. */
  find(entry: string): SourceText | undefined;
  /** The files that a module imports, directly or not, itself first; at most 3,000. */
  reachable(entry: string): Pausable<readonly SourceText[]>;
}

const maximumFiles = 3_000;

/**
 * Opens the code of a process. `roots` are the folders its modules are looked up in, the nearest first (working
 * directory, build context). Files that are not loaded yet become wanted; every pending Python file below the roots is
 * then asked for at once, because each round of loading repeats the whole reading.
 */
export function createPythonProgram(setting: {
  readonly files: Files;
  readonly session: Session;
  readonly roots: readonly string[];
  readonly environment: Environment;
  /** Where the program finds the files that it opens itself; beside its code unless given. */
  readonly disk?: ProgramDisk;
}): PythonProgram {
  const { files, session, roots, environment } = setting;
  const disk = setting.disk ?? hostDisk(files, roots[0]);
  const parse = (source: SourceText) => session.derive(source, { kind: 'python', from: parsePython });
  const resolver = requestingResolver(createModuleResolver(files, roots), files);
  const runtime = createRuntime({ environment, resolver, disk, parse });
  const find = (entry: string) => {
    const path = pathOf(entry, { files, resolver, roots });
    return path === undefined ? undefined : resolver.read(path);
  };
  return {
    files,
    environment,
    roots,
    resolver,
    runtime,
    parse,
    calls: (source) =>
      session.derive(source, {
        kind: 'python-calls',
        from: () => findCalls(parse(source), () => true).map((found) => ({ ...found, source })),
      }),
    find,
    *reachable(entry) {
      const first = find(entry);
      const settings = environment.variables.get('DJANGO_SETTINGS_MODULE');
      const second = settings?.known ? find(settings.value) : undefined;
      return first ? yield* collectReachable([first, ...(second ? [second] : [])], { resolver, session }) : [];
    },
  };
}

function requestingResolver(resolver: ModuleResolver, files: Files): ModuleResolver {
  let requested = false;
  return {
    ...resolver,
    read(path) {
      if (!requested && files.pending(path)) {
        requested = true;
        for (const candidate of resolver.paths.slice(0, maximumFiles))
          if (files.pending(candidate)) files.read(candidate);
      }
      return resolver.read(path);
    },
  };
}

function pathOf(
  entry: string,
  where: { files: Files; resolver: ModuleResolver; roots: readonly string[] },
): string | undefined {
  if (entry.endsWith('.py')) {
    const candidates = [entry, ...where.roots.map((root) => (root === '' ? entry : `${root}/${entry}`))];
    return candidates.find((path) => where.files.exists(path));
  }
  const from = where.roots[0] === undefined || where.roots[0] === '' ? '' : `${where.roots[0]}/`;
  const place = where.resolver.find(entry.split(':')[0] ?? '', { from, level: 0 });
  return place?.kind === 'file' ? place.path : undefined;
}

interface Reaching {
  readonly resolver: ModuleResolver;
  readonly session: Session;
}

function* collectReachable(entries: readonly SourceText[], reaching: Reaching): Pausable<readonly SourceText[]> {
  const found = new Set<SourceText>(entries);
  const missing = new Set<string>();
  // A set grows while it is walked: this is the work list.
  for (const source of found) {
    for (const path of importedPaths(source, reaching)) {
      if (found.size >= maximumFiles || missing.has(path)) continue;
      const text = reaching.resolver.read(path);
      if (text) found.add(text);
      else missing.add(path);
    }
    yield;
  }
  return [...found];
}

function importedPaths(source: SourceText, { resolver, session }: Reaching): readonly string[] {
  const paths = new Set<string>();
  const add = (place: ModulePlace | undefined) => {
    if (place?.kind !== 'file') return;
    paths.add(place.path);
  };
  const references = session.derive(source, { kind: 'python-references', from: readReferences });
  for (const { module, level, names } of references.imports) {
    const place = resolver.find(module, { from: source.path, level });
    if (!place) continue;
    add(place);
    addPackages(module, { from: source.path, level, resolver, add });
    for (const name of names) add(resolver.child(place, name));
  }
  for (const dotted of references.dotted) {
    add(resolver.find(dotted, { from: source.path, level: 0 }) ?? parentModule(dotted, source, resolver));
  }
  for (const app of references.apps) addApp(resolver.find(app, { from: source.path, level: 0 }), { resolver, add });
  return [...paths];
}

function addPackages(
  module: string,
  how: { from: string; level: number; resolver: ModuleResolver; add: (place: ModulePlace | undefined) => void },
): void {
  const parts = module.split('.');
  for (let length = 1; length < parts.length; length++) {
    how.add(how.resolver.find(parts.slice(0, length).join('.'), how));
  }
}

// "core.views.Index" names something inside a module.
function parentModule(dotted: string, source: SourceText, resolver: ModuleResolver): ModulePlace | undefined {
  const parts = dotted.split('.');
  for (let length = parts.length - 1; length >= Math.max(1, parts.length - 3); length--) {
    const place = resolver.find(parts.slice(0, length).join('.'), { from: source.path, level: 0 });
    if (place?.kind === 'file' && place.path !== source.path) return place;
  }
  return undefined;
}

function addApp(
  place: ModulePlace | undefined,
  how: { resolver: ModuleResolver; add: (place: ModulePlace | undefined) => void },
): void {
  if (!place) return;
  how.add(place);
  const folder: ModulePlace = place.kind === 'folder' ? place : { kind: 'folder', path: folderOf(place.path) };
  if (place.kind === 'file' && !place.path.endsWith('__init__.py')) return;
  for (const part of ['apps', 'models', 'tasks', 'urls', 'views', 'signals']) how.add(how.resolver.child(folder, part));
}

interface References {
  readonly imports: ReturnType<typeof scanImports>;
  /** Strings that look like dotted names: `include('app.urls')`, `'app.apps.Config'`. */
  readonly dotted: readonly string[];
  /** Plain names in files that list INSTALLED_APPS. */
  readonly apps: readonly string[];
}

function readReferences(text: string): References {
  const dotted = new Set<string>();
  for (const match of text.matchAll(/['"]([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)(?::\w+)?['"]/g)) dotted.add(match[1] ?? '');
  const apps = new Set<string>();
  if (text.includes('INSTALLED_APPS'))
    for (const match of text.matchAll(/['"]([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)['"]/g)) apps.add(match[1] ?? '');
  return { imports: scanImports(text), dotted: [...dotted], apps: [...apps] };
}
