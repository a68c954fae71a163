import type { SourceText } from '../text/source-text.ts';
import { bareService, platformEnvironment, sameProcesses } from './bare-service.ts';
import { finishProject } from './compose-project.ts';
import { openContainerFiles } from './image/container-files.ts';
import { readImageStage } from './image/image-stage.ts';
import { findProductionTargets } from './image/production-targets.ts';
import type { Pausable } from './pausable.ts';
import { lookUpImage, systemShellOf } from './service/known-images.ts';
import { readProcesses } from './service/read-processes.ts';
import { joinStartCommand } from './service/start-command.ts';
import type { Session } from './session.ts';
import type { Project, Service } from './stack.ts';
import type { Value } from './value.ts';
import { type Files, folderOf, nameOf } from './workspace.ts';

interface Tools {
  readonly files: Files;
  readonly session: Session;
}

/**
 * One project for each stage of the meant Dockerfiles that production runs and that starts a server; a stage that starts
 * just what another service of its Dockerfile does is left out.
 */
export function* readImageProjects(
  from: { readonly isMeant: (path: string) => boolean; readonly besides: readonly Service[] },
  tools: Tools,
): Pausable<readonly Project[]> {
  const paths = [...tools.files.workspace.paths].filter(
    (path) => /(^|\/)(Containerfile|([^/]*[._-])?Dockerfile([._-][\w.-]+)?)$/i.test(path) && from.isMeant(path),
  );
  const projects: Project[] = [];
  for (const path of paths.sort().slice(0, 50)) {
    const source = tools.files.read(path);
    if (source) projects.push(...(yield* readTargets(source, { besides: from.besides, tools })));
  }
  return projects;
}

function* readTargets(
  source: SourceText,
  { besides, tools }: { besides: readonly Service[]; tools: Tools },
): Pausable<readonly Project[]> {
  const known = besides.filter(({ build }) => build?.dockerfile === source);
  const projects: Project[] = [];
  for (const target of findProductionTargets(source, tools.session)) {
    const service = yield* readImageService(source, { target, tools });
    if (!service || known.some((other) => sameProcesses(other, service))) continue;
    known.push(service);
    const name = projects.length === 0 ? source.path : `${source.path} (${target})`;
    const draft = { name, kind: 'image' as const, files: [source], entry: [source], services: [service] };
    projects.push(finishProject({ ...draft, stores: [], unknowns: [] }, tools));
  }
  return projects;
}

function* readImageService(
  source: SourceText,
  { target, tools }: { target: string | undefined; tools: Tools },
): Pausable<Service | undefined> {
  const request = { source, target, buildArguments: new Map<string, Value<string>>() };
  const stage = readImageStage(request, tools.session);
  if (!stage || (stage.baseImage.known && lookUpImage(stage.baseImage.value))) return undefined;
  const context = buildContext(
    source.path,
    stage.copies.flatMap((copy) => copy.sources),
    tools.files,
  );
  const container = openContainerFiles({ ...tools, stage, request, context, mounts: [] });
  const joined = joinStartCommand(undefined, { stage, container });
  if (!joined) return undefined;
  const environment = platformEnvironment(stage.environment);
  const systemShell = stage.baseImage.known ? systemShellOf(stage.baseImage.value) : undefined;
  const start = { ...joined, environment, workingDirectory: stage.workingDirectory, init: false, systemShell };
  const processes = yield* readProcesses(start, {
    ...tools,
    container,
    fallbackFolder: context,
    execForm: joined.execForm,
  });
  if (!processes.some((process) => process.server !== 'other')) return undefined;
  return {
    ...bareService({ name: nameOf(folderOf(source.path)) || 'app', at: joined.at, processes, environment }),
    build: { context, dockerfile: source, target },
  };
}

/** The folder a Dockerfile is built from: its own, or the nearest above it that holds most of what it copies. */
function buildContext(path: string, sources: readonly string[], files: Files): string {
  const own = folderOf(path);
  const plain = sources
    .filter((source) => !/[*?$[]/.test(source) && source !== '.' && source !== './')
    .map((source) => source.replace(/^\.?\//, '').replace(/\/$/, ''));
  const holds = (folder: string) =>
    plain.filter((source) => hasPath(files, folder === '' ? source : `${folder}/${source}`)).length;
  const candidates = [own];
  for (let folder = own; folder !== ''; ) {
    folder = folderOf(folder);
    candidates.push(folder);
  }
  return candidates.reduce((best, candidate) => (holds(candidate) > holds(best) ? candidate : best), own);
}

function hasPath(files: Files, path: string): boolean {
  if (files.workspace.paths.has(path)) return true;
  for (const candidate of files.workspace.paths) if (candidate.startsWith(`${path}/`)) return true;
  return false;
}
