import { type MappedText, mappedFrom, mappedLiteral } from '../text/mapped-text.ts';
import type { SourceText } from '../text/source-text.ts';
import type { Location } from '../text/span.ts';
import { bareService, platformEnvironment, sameProcesses } from './bare-service.ts';
import type { ComposedProject } from './compose-project.ts';
import { finishProject } from './compose-project.ts';
import { readImageProjects } from './image-projects.ts';
import type { Pausable } from './pausable.ts';
import { procfileEntries } from './process/supervisors.ts';
import { readCodeProject } from './python/code-project.ts';
import { readProcesses } from './service/read-processes.ts';
import type { Session } from './session.ts';
import type { Environment, Project, Service } from './stack.ts';
import { known, type Value } from './value.ts';
import { type Files, folderOf, nameOf } from './workspace.ts';

interface Tools {
  readonly files: Files;
  readonly session: Session;
}

const scriptName =
  /(^|\/)[^/]*(start|run|serve|launch|boot|entry-?point|gunicorn|uvicorn|celery|worker|web)[^/]*\.(sh|bash)$/i;
const outOfTheWay = /(^|\/)(tests?|docs?|examples?|\.github|\.devcontainer|scripts\/ci|node_modules)\//i;

/**
 * Projects of what no compose file starts: Dockerfiles, Procfiles, systemd units and start scripts. When the only
 * compose project runs nothing but stores, host-run programs belong to it and join it; beside one that runs programs but
 * serves nothing, a Procfile says how the application is deployed.
 */
export function* readStandaloneProjects(
  from: { composed: readonly ComposedProject[]; used: ReadonlySet<string> },
  tools: Tools,
): Pausable<{ projects: readonly Project[]; joined: readonly Project[] }> {
  const composed = from.composed.map((entry) => entry.project);
  const runsApplication = composed.some((project) =>
    project.services.some((service) => service.build || service.processes.length > 0),
  );
  if (runsApplication) return { projects: yield* readDeployed(composed, { ...from, tools }), joined: composed };
  const isUnused = (path: string) => !from.used.has(path) && !outOfTheWay.test(path);
  const images = yield* readImageProjects({ isMeant: isUnused, besides: [] }, tools);
  const hosted = images.length > 0 ? [] : yield* readHosted(from.used, tools);
  if (images.length === 0 && hosted.length === 0) {
    const code = composed.length === 0 ? yield* readCodeProject(tools) : undefined;
    return { projects: code ? [code] : [], joined: composed };
  }
  const [first, ...others] = composed;
  if (first && hosted.length > 0) {
    const names = new Set(first.services.map((service) => service.name));
    const services = [...first.services, ...hosted.filter((service) => !names.has(service.name))];
    const files = [...first.files, ...hosted.map((service) => service.at.source)];
    const entry = [...first.files.slice(0, 1), ...hosted.map((service) => service.at.source)];
    const joined = finishProject(
      { ...first, files: [...new Set(files)], entry, services, stores: first.stores, unknowns: [] },
      tools,
    );
    return { projects: [], joined: [joined, ...others] };
  }
  return { projects: [...images, ...standaloneProject(hosted, tools)], joined: composed };
}

/**
 * What is deployed beside compose projects that serve nothing but developers: images with a web server, and the Procfile.
 * A Dockerfile of theirs counts where they run it with a development server only, or for something else.
 */
function* readDeployed(
  composed: readonly Project[],
  from: { used: ReadonlySet<string>; tools: Tools },
): Pausable<readonly Project[]> {
  const serves = (services: readonly Service[]) => services.some(({ role }) => role === 'web');
  if (composed.some(({ services, stage }) => services.some(servesOwnCode) && stage.name !== 'development')) return [];
  const all = composed.flatMap(({ services }) => services);
  const isMeant = (path: string) => {
    const builders = all.filter(({ build }) => build?.dockerfile?.path === path);
    return (
      !outOfTheWay.test(path) &&
      !path.includes('{{') &&
      (builders.length > 0 ? !serves(builders) : !from.used.has(path))
    );
  };
  const found = yield* readImageProjects({ isMeant, besides: all }, from.tools);
  const images = found.filter(({ services }) => serves(services));
  const services = yield* readHosted(from.used, from.tools, (path) => nameOf(path) === 'Procfile');
  return [...images, ...(serves(services) ? standaloneProject(services, from.tools) : [])];
}

/** A web server with code of the workspace: not a tool in an image of others. */
function servesOwnCode({ role, processes }: Service): boolean {
  return role === 'web' && processes.some(({ missing }) => (missing ?? []).length === 0);
}

function standaloneProject(services: readonly Service[], tools: Tools): readonly Project[] {
  if (services.length === 0) return [];
  const files = [...new Set(services.map((service) => service.at.source))];
  const name = folderOf(files[0]?.path ?? '') || nameOf(files[0]?.path ?? 'project');
  return [finishProject({ name, kind: 'script', files, entry: files, services, stores: [], unknowns: [] }, tools)];
}

/** Programs that start scripts, Procfiles and systemd units run on the host itself. */
function* readHosted(
  used: ReadonlySet<string>,
  tools: Tools,
  isMeant: (path: string) => boolean = () => true,
): Pausable<readonly Service[]> {
  const found: Service[] = [];
  const paths = [...tools.files.workspace.paths]
    .filter((path) => !outOfTheWay.test(path) && !used.has(path) && isMeant(path))
    .sort();
  for (const path of paths) {
    const isProcfile = /(^|\/)Procfile(\.[\w-]+)?$/.test(path);
    if (!isProcfile && !scriptName.test(path) && !/\.service$/.test(path)) continue;
    const source = tools.files.read(path);
    if (!source || source.text === '') continue;
    for (const start of isProcfile
      ? procfileLines(source)
      : /\.service$/.test(path)
        ? unitCommands(source)
        : [wholeScript(source)]) {
      const service = yield* readHostedService(start, { source, tools });
      const repeated = service && found.some((other) => sameProcesses(other, service));
      if (service && !repeated) found.push(service);
    }
  }
  return found.slice(0, 20);
}

interface HostedStart {
  readonly name: string;
  readonly words: readonly MappedText[];
  readonly at: Location;
  readonly workingDirectory: string | undefined;
  /** What is known of the variables it starts with; undefined when a platform may set any. */
  readonly environment?: Environment;
}

function* readHostedService(
  start: HostedStart,
  from: { source: SourceText; tools: Tools },
): Pausable<Service | undefined> {
  const { source, tools } = from;
  const folder = folderOf(source.path);
  const container = {
    find: (path: string) => hostCandidates(path, folder).find((candidate) => tools.files.exists(candidate)),
    folders: (path: string) => hostCandidates(path, folder),
    inline: () => undefined,
    isKeptOut: () => false,
    names: () => [],
    list: () => [],
  };
  const environment = start.environment ?? platformEnvironment(new Map());
  const processes = yield* readProcesses(
    {
      words: start.words,
      at: start.at,
      form: 'text',
      trail: [{ at: start.at, says: `started by ${source.path}` }],
      environment,
      workingDirectory: `/${folder}`,
      init: true,
      systemShell: undefined,
    },
    { ...tools, container, fallbackFolder: folder, execForm: false },
  );
  const servers = processes.filter((process) => !['other', 'unknown', 'python', 'node'].includes(process.server));
  return servers.length === 0
    ? undefined
    : bareService({ name: start.name, at: start.at, processes: servers, environment });
}

/** Host paths are taken as paths of the workspace: absolute ones by their longest tail that exists. */
function hostCandidates(path: string, folder: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  const tails = parts.map((_, index) => parts.slice(index).join('/'));
  return [
    ...new Set([
      ...tails,
      ...tails.map((tail) => (folder === '' ? tail : `${folder}/${tail}`)),
      ...(parts.length === 0 ? ['', folder] : []),
    ]),
  ];
}

function wholeScript(source: SourceText): HostedStart {
  const at = { source, span: { start: 0, end: source.text.length } };
  const script = mappedLiteral(`/${source.path}`, { at: { source, span: { start: 0, end: 0 } }, exact: false });
  return { name: nameOf(source.path).replace(/\.(sh|bash)$/, ''), words: [script], at, workingDirectory: undefined };
}

function procfileLines(source: SourceText): HostedStart[] {
  return procfileEntries(source).map((entry) => shellStart(source, entry));
}

function unitCommands(source: SourceText): HostedStart[] {
  const environment = unitEnvironment(source);
  return [...source.text.matchAll(/^ExecStart=[-@:+!]*(\S.*(?:\\\r?\n.*)*)$/gm)].map((match) => ({
    ...shellStart(source, {
      name: nameOf(source.path).replace(/\.service$/, ''),
      start: match.index + match[0].length - (match[1] ?? '').length,
      text: match[1] ?? '',
    }),
    ...(environment && { environment }),
  }));
}

/** systemd gives a service only what its unit says; with an EnvironmentFile, a file of the host may add to it. */
function unitEnvironment(source: SourceText): Environment | undefined {
  if (/^(EnvironmentFile|PassEnvironment)=/m.test(source.text)) return undefined;
  const variables = new Map<string, Value<string>>();
  for (const match of source.text.matchAll(/^Environment=(.*)$/gm)) {
    for (const [pair, name = '', value = ''] of (match[1] ?? '').matchAll(/"?([A-Za-z_]\w*)=([^"\s]*)"?/g)) {
      const start = match.index + match[0].indexOf(pair) + pair.indexOf('=') + 1;
      const at = { source, span: { start, end: start + value.length } };
      variables.set(name, known(value, at, [{ at, says: `${name} set in ${source.path}` }]));
    }
  }
  return { variables, complete: true };
}

function shellStart(source: SourceText, line: { name: string; start: number; text: string }): HostedStart {
  const at = { source, span: { start: line.start, end: line.start + line.text.length } };
  const shell = ['/bin/bash', '-c'].map((word) => mappedLiteral(word, { at, exact: false }));
  return { name: line.name, words: [...shell, mappedFrom(at)], at, workingDirectory: undefined };
}
