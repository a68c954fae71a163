import { parsePython, parsePythonPausing } from '../../parse/python.ts';
import type { PythonModule } from '../../parse/python-tree.ts';
import { findCalls } from '../../parse/python-walk.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Pausable } from '../pausable.ts';
import type { Session } from '../session.ts';
import type { Environment } from '../stack.ts';
import type { Files } from '../workspace.ts';
import { createRuntime } from './evaluate.ts';
import type { CallPlace, Runtime } from './frame.ts';
import { changesEnvironment } from './imports.ts';
import { createModuleResolver, type ModuleResolver } from './module-resolver.ts';
import { modulesRunWith } from './modules-run-with.ts';
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
  /** Parses a file, and those that it most likely runs when it is imported, where nobody has done so yet. */
  prepare(source: SourceText): Pausable<void>;
  /** Every call of a file with where it stands; found once per text. */
  calls(source: SourceText): readonly CallPlace[];
  /** The file of a module ("app.main", "app.main:app") or of a path; undefined when missing or not loaded yet. */
  find(entry: string): SourceText | undefined;
  /** The files that a module imports, directly or not, itself first; at most 3,000. */
  reachable(entry: string): Pausable<readonly SourceText[]>;
}

const maximumFiles = 3_000;
const parsed = 'python';

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
  const parse = (source: SourceText) => session.derive(source, { kind: parsed, from: parsePython });
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
    *prepare(source) {
      const needed = new Set([source]);
      // A set grows while it is walked: this is the work list.
      for (const { path, text, derived } of needed) {
        if (derived.has(parsed)) continue;
        const module = yield* parsePythonPausing(text);
        derived.set(parsed, module);
        for (const other of modulesRunWith(module, { path, resolver })) {
          const next = files.workspace.texts.get(other.path);
          if (next && (other.isUsed || changesEnvironment(next))) needed.add(next);
        }
      }
    },
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
      return first ? yield* collectReachable([first, ...(second ? [second] : [])], resolver) : [];
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

function* collectReachable(entries: readonly SourceText[], resolver: ModuleResolver): Pausable<readonly SourceText[]> {
  const found = new Set<SourceText>(entries);
  const missing = new Set<string>();
  // A set grows while it is walked: this is the work list.
  for (const source of found) {
    for (const path of resolver.importedBy(source)) {
      if (found.size >= maximumFiles || missing.has(path)) continue;
      const text = resolver.read(path);
      if (text) found.add(text);
      else missing.add(path);
    }
    yield;
  }
  return [...found];
}
