import { documentedDefaults } from '../../capacity/defaults.ts';
import { type MappedText, unknownMark } from '../../text/mapped-text.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import { type CodeFacts, noCodeFacts } from '../code-facts.ts';
import type { DjangoSettings } from '../django.ts';
import type { ContainerFiles } from '../image/container-files.ts';
import { mapPausing, type Pausable } from '../pausable.ts';
import type { Pool } from '../pool.ts';
import { followCommand, type StartCommand } from '../process/follow-command.ts';
import type { ConfigReader } from '../process/gunicorn-layers.ts';
import { readGunicornSettings } from '../process/gunicorn-settings.ts';
import type { Launch, Supervision } from '../process/launch.ts';
import { readOtherSettings } from '../process/other-servers.ts';
import { readScriptServer } from '../process/script-server.ts';
import { defaultHop, type ServerSettings } from '../process/server-settings.ts';
import { readCelery } from '../process/task-workers.ts';
import { readUwsgiSettings } from '../process/uwsgi-settings.ts';
import { readCodeFacts, readOwnFacts, withSettings } from '../python/code-facts.ts';
import { dependencyVersion } from '../python/dependencies.ts';
import { djangoPools, readDjangoSettings, settingsModuleFor } from '../python/django-settings.ts';
import { evaluateModule } from '../python/evaluate.ts';
import { findPools } from '../python/pools.ts';
import { containerDisk, hostDisk, type ProgramDisk } from '../python/program-disk.ts';
import { createPythonProgram, type PythonProgram } from '../python/python-program.ts';
import type { Session } from '../session.ts';
import type { Process, UnknownNote } from '../stack.ts';
import { known, knownValue, product } from '../value.ts';
import { type Files, folderOf } from '../workspace.ts';
import { rememberCode } from './code-cache.ts';
import { pathsByName, prepareConfiguration, prepareSettings } from './prepare-code.ts';

export interface ProcessTools {
  readonly files: Files;
  readonly session: Session;
  readonly container: ContainerFiles;
  /** Folder that Python's imports may start from when nothing else says so. */
  readonly fallbackFolder: string;
}

/** The programs that a start command leads to, with their settings and what their code does. */
export function readProcesses(
  start: StartCommand,
  tools: ProcessTools & { readonly execForm: boolean },
): Pausable<readonly Process[]> {
  const written = new Set(start.words);
  return mapPausing(followCommand(start, tools), (launch) => readProcess(launch, { ...tools, written }));
}

interface ProcessWork extends ProcessTools {
  readonly execForm: boolean;
  /** The words of the image's own command; those that reach a program as they are were not expanded. */
  readonly written: ReadonlySet<MappedText>;
}

function* readProcess(launch: Launch, tools: ProcessWork): Pausable<Process> {
  const roots = pythonRoots(launch, { tools, added: [] });
  const disk = diskOf(launch, tools);
  const first = createPythonProgram({ ...tools, roots, environment: launch.environment, disk });
  yield* prepareConfiguration(launch, first);
  const settings = readSettings(launch, { tools, program: first });
  const program =
    settings.pythonPath.length === 0
      ? first
      : createPythonProgram({
          ...tools,
          roots: pythonRoots(launch, { tools, added: settings.pythonPath }),
          environment: launch.environment,
          disk,
        });
  const named = entryModule(launch, settings) ?? discoverFastapi(launch, tools);
  const entry = named && moduleOf(named, program);
  const code = yield* readCode(program, { launch, entry, tools, disk });
  // What Celery's application is configured to is known only now that its code was found.
  const configured =
    settings.server === 'celery' ? { ...settings, ...readCelery(launch, code.facts.celery) } : settings;
  const { pythonPath: _, application: __, ...kept } = configured;
  return {
    ...kept,
    ...concurrencyOf(configured, { facts: code.facts, at: launch.at }),
    ...(launch.supervised && supervise(configured, launch.supervised)),
    server: configured.server,
    at: launch.at,
    command: launch.command,
    signals: launch.signals,
    unexpanded: tools.execForm ? findUnexpanded(launch, tools.written) : [],
    environment: launch.environment,
    missing: missingOf(launch, { entry, program, files: tools.files }),
    pools: code.pools,
    django: code.django,
    code: code.facts,
    ...(launch.alternative && { alternative: true as const }),
  };
}

/** A supervisor's copies of a program are as many sets of its processes. */
function supervise(
  { workers }: Pick<ServerSettings, 'workers'>,
  { copies, stopPeriodSeconds }: Supervision,
): Pick<Process, 'workers' | 'stopPeriodSeconds'> {
  return {
    workers: knownValue(copies) === 1 ? workers : product([workers, copies], workers.at),
    ...(stopPeriodSeconds && { stopPeriodSeconds }),
  };
}

function readSettings(
  launch: Launch,
  work: { tools: ProcessTools; program: PythonProgram },
): ServerSettings & { server: Process['server'] } {
  const { tools, program } = work;
  if (launch.server === 'gunicorn')
    return { ...readGunicornSettings(launch, configReader(tools, program)), server: 'gunicorn' };
  if (launch.server === 'uwsgi') return { ...readUwsgiSettings(launch, configReader(tools, program)), server: 'uwsgi' };
  if (launch.server === 'python' && launch.scriptPath !== undefined) {
    const source = tools.files.read(launch.scriptPath);
    const found = source && readScriptServer(launch, { source, program });
    if (found) return found;
  }
  return { ...readOtherSettings(launch), server: launch.server };
}

function configReader(tools: ProcessTools, program: PythonProgram): ConfigReader {
  return {
    find: (path) => tools.container.find(path),
    read: (path) => tools.files.read(path),
    exists: (path) => tools.files.exists(path),
    pending: (path) => tools.files.pending(path),
    version: (packageName) => dependencyVersion(program, packageName),
    evaluate: (source) => evaluateModule(source, program),
    below: (folder, name) => containerPathsBelow(folder, { name, tools }),
    isWellFormed: (source) => program.parse(source).errors.length === 0,
  };
}

/** What the program finds when it opens a file: what its image and mounts hold, or the workspace itself. */
function diskOf(launch: Launch, { container, files, fallbackFolder }: ProcessTools): ProgramDisk {
  const folder = normalise(launch.workingDirectory);
  const isInContainer = container.folders(folder).length > 0 || container.list(folder).length > 0;
  return isInContainer
    ? containerDisk(container, { workingDirectory: launch.workingDirectory, files })
    : hostDisk(files, fallbackFolder);
}

function containerPathsBelow(folder: string, from: { name: string; tools: ProcessTools }): readonly string[] {
  const { container, files } = from.tools;
  const paths =
    pathsByName(files)
      .get(from.name)
      ?.filter((path) => path.includes('/')) ?? [];
  return container.folders(folder).flatMap((root) =>
    paths.flatMap((path) => {
      if (root !== '' && !path.startsWith(`${root}/`)) return [];
      const containerPath = `${folder.replace(/\/$/, '')}/${root === '' ? path : path.slice(root.length + 1)}`;
      return container.find(containerPath) === path ? [containerPath] : [];
    }),
  );
}

/** Folders of the workspace that stand on Python's path: the working directory's content and what options add. */
function pythonRoots(launch: Launch, work: { tools: ProcessTools; added: readonly string[] }): readonly string[] {
  const { container, fallbackFolder } = work.tools;
  const pythonPath = launch.environment.variables.get('PYTHONPATH');
  const fromVariable = pythonPath?.known ? pythonPath.value.split(':').filter((part) => part !== '') : [];
  const paths = [...work.added, ...fromVariable, '.'].map((path) =>
    path.startsWith('/') ? path : `${launch.workingDirectory.replace(/\/$/, '')}/${path}`,
  );
  const roots = paths.flatMap((path) => container.folders(normalise(path)));
  const script = launch.scriptPath === undefined ? [] : [folderOf(launch.scriptPath)];
  return [...new Set([...script, ...roots, fallbackFolder])];
}

function normalise(path: string): string {
  return path.replace(/\/\.(?=\/|$)/g, '').replace(/\/+/g, '/') || '/';
}

/** Celery takes `package.module.attribute` too: where no module has that name, the attribute is cut off. */
function moduleOf(named: string, program: PythonProgram): string {
  const parent = named.replace(/\.\w+$/, '');
  return parent !== named && !named.endsWith('.py') && !program.find(named) && program.find(parent) ? parent : named;
}

/** What the process names and the workspace does not hold: its script, its application's module, its settings. */
function missingOf(
  launch: Launch,
  work: { entry: string | undefined; program: PythonProgram; files: Files },
): readonly UnknownNote[] {
  const { entry, program, files } = work;
  const at = launch.at;
  if (launch.missing !== undefined) return [{ what: `what ${launch.program} starts`, why: launch.missing, at }];
  // While files are still to be loaded nothing is missing for certain.
  if (files.wanted.size > 0 || launch.server === 'other' || launch.server === 'node') return [];
  const settings = launch.environment.variables.get('DJANGO_SETTINGS_MODULE');
  const notes: UnknownNote[] = [];
  if (entry !== undefined && !/^(flask|celery|app)$/.test(entry) && !program.find(entry))
    notes.push({ what: `the code of ${launch.program}`, why: `${entry} is not in the workspace`, at });
  if (settings?.known && !program.find(settings.value))
    notes.push({
      what: `the settings of ${launch.program}`,
      why: `${settings.value} is not in the workspace`,
      at: settings.at,
    });
  return notes;
}

/** The module whose import brings the application's code in: dotted, or a file path for a script. */
function entryModule(launch: Launch, settings: ServerSettings): string | undefined {
  if (settings.application !== undefined && !settings.application.includes(unknownMark))
    return settings.application.split(':')[0];
  if (launch.scriptPath !== undefined) return launch.scriptPath;
  if (launch.server !== 'flask-run') return undefined;
  const option = launch.command.words.findIndex((word) => word.text === '--app' || word.text === '-A');
  const named = option === -1 ? undefined : launch.command.words[option + 1]?.text;
  const variable = launch.environment.variables.get('FLASK_APP');
  return (named ?? (variable?.known ? variable.value : undefined) ?? 'app').split(':')[0];
}

interface Code {
  readonly pools: readonly Pool[];
  readonly django: DjangoSettings | undefined;
  readonly facts: CodeFacts;
}

/** `fastapi run` without a path takes the first of these files (fastapi-cli, discover.py: get_default_path). */
function discoverFastapi(launch: Launch, tools: ProcessTools): string | undefined {
  if (launch.program !== 'fastapi') return undefined;
  const candidates = ['main', 'app', 'api', 'app.main', 'app.app', 'app.api'];
  const folder = launch.workingDirectory.replace(/\/$/, '');
  return candidates.find((module) => tools.container.find(`${folder}/${module.replace('.', '/')}.py`) !== undefined);
}

function* readCode(
  program: PythonProgram,
  from: { launch: Launch; entry: string | undefined; tools: ProcessTools; disk: ProgramDisk },
): Pausable<Code> {
  const { launch, entry, disk } = from;
  if (launch.server === 'other' || launch.server === 'node')
    return { pools: [], django: undefined, facts: noCodeFacts };
  const { roots, environment } = program;
  const key = `code ${entry ?? ''} ${roots.join(':')}`;
  const code = yield* rememberCode({ key, ...from.tools, environment, disk }, (seen) =>
    readSharedCode(createPythonProgram({ ...from.tools, ...seen, roots }), {
      entry,
      tools: from.tools,
      disk: seen.disk,
    }),
  );
  return { ...code, pools: [...code.pools, ...(code.django ? djangoPools(code.django, launch.at) : [])] };
}

function* readSharedCode(
  program: PythonProgram,
  from: { entry: string | undefined; tools: ProcessTools; disk: ProgramDisk },
): Pausable<Code> {
  const { entry, tools, disk } = from;
  const sources = entry === undefined ? [] : yield* program.reachable(entry);
  const [first] = sources;
  // What the entry puts into the environment stands before the settings read it.
  if (first && /\b(dotenv|environ|environs|decouple)\b/.test(first.text)) evaluateModule(first, program);
  const module = settingsModuleFor(program, { entry, sources });
  if (module !== undefined) yield* prepareSettings(program, module);
  const django = module === undefined ? undefined : readDjangoSettings(program, module);
  // While files are still to be loaded the reading is repeated anyway.
  if (program.files.wanted.size > 0) return { pools: [], django, facts: noCodeFacts };
  if (!django)
    return { pools: yield* findPools(program, sources), django, facts: yield* readCodeFacts(program, sources) };
  // All programs of one Django project share its applications, whichever module starts them.
  const { files, environment, roots } = program;
  const key = `django ${module ?? ''} ${[...roots].sort().join(':')}`;
  const shared = yield* rememberCode({ key, ...tools, files, environment, disk }, function* (seen) {
    const whole = createPythonProgram({ ...tools, ...seen, roots });
    const reached = entry === undefined ? [] : yield* whole.reachable(entry);
    const all = [...new Set([...reached, ...applicationFiles(whole)])];
    return { pools: yield* findPools(whole, all), facts: yield* readOwnFacts(whole, all) };
  });
  return { pools: shared.pools, facts: withSettings(shared.facts, program), django };
}

/** Django finds its applications by name, not by import: every file of the program counts, tests and migrations apart. */
function applicationFiles(program: PythonProgram): readonly SourceText[] {
  const paths = program.resolver.paths.filter(
    (path) => !/(^|\/)(tests?|migrations)(\/|\.py$)|(^|\/)test_[^/]*\.py$/.test(path),
  );
  return paths.slice(0, 3_000).flatMap((path) => program.resolver.read(path) ?? []);
}

/** An ASGI server serves plain `def` endpoints from AnyIO's threads. */
function concurrencyOf(
  settings: ServerSettings,
  work: { facts: CodeFacts; at: Location },
): Pick<Process, 'concurrency' | 'concurrencyKind'> {
  const { syncEndpoints, threadLimit } = work.facts;
  if (settings.concurrencyKind !== 'async' || !syncEndpoints || threadLimit?.known === false) return settings;
  const limit = threadLimit
    ? [{ at: threadLimit.at, says: `AnyIO is given ${threadLimit.value} threads` }, ...threadLimit.trail]
    : [defaultHop('anyio.threads')];
  const hops = [{ at: syncEndpoints, says: 'plain def endpoints run in threads' }, ...limit];
  const threads = threadLimit?.value ?? documentedDefaults['anyio.threads'].value;
  return { concurrency: known(threads, work.at, hops), concurrencyKind: 'threads' };
}

function findUnexpanded(launch: Launch, written: ReadonlySet<MappedText>): Process['unexpanded'] {
  return launch.command.words.flatMap((word) => {
    // A script may hand its own arguments on, as `exec "$@"` does; the words of its own text it has expanded.
    if (launch.throughShell && !written.has(word)) return [];
    const segment = word.segments[0];
    return [...word.text.matchAll(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)[^}]*\})/g)].flatMap((match) => {
      const name = match[1] ?? match[2];
      if (!segment || name === undefined) return [];
      const start = segment.exact ? segment.at.span.start + match.index : segment.at.span.start;
      const end = segment.exact ? start + match[0].length : segment.at.span.end;
      return [{ name, text: match[0], at: { source: segment.at.source, span: { start, end } } }];
    });
  });
}
