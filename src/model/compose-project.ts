import type { SourceText } from '../text/source-text.ts';
import type { ComposeProject } from './compose/compose-service.ts';
import type { ImageBuilds } from './image-builds.ts';
import { linkStores } from './link-stores.ts';
import { mapPausing, type Pausable } from './pausable.ts';
import { readService } from './service/read-service.ts';
import type { Session } from './session.ts';
import type { Project, Service, Store } from './stack.ts';
import { judgeStage } from './stage.ts';
import { collectUnknowns } from './unknowns.ts';
import { type Files, nameOf } from './workspace.ts';

/** A compose project joined with images, scripts and code. */
export interface ComposedProject {
  readonly project: Project;
  /** Dockerfiles, scripts and code that it uses: they need no project of their own. */
  readonly used: ReadonlySet<string>;
}

/** Joins one compose project; `builds` tells how the workspace builds the images that it only names. */
export function* readComposeProject(
  compose: ComposeProject,
  tools: { files: Files; session: Session; builds: ImageBuilds },
): Pausable<ComposedProject> {
  const siblings = compose.services.map((service) => {
    const build = tools.builds(service);
    return build ? { ...service, build } : service;
  });
  const readings = yield* mapPausing(siblings, (service) => readService({ service, siblings }, tools));
  const stores = readings.flatMap((reading) => reading.store ?? []);
  const services = readings.map((reading) => reading.service);
  const project = finishProject(
    {
      name: compose.name,
      kind: 'compose',
      files: compose.files,
      entry: compose.entry,
      composeFiles: compose.entry.map(({ path }) => path),
      services,
      stores,
      unknowns: [...compose.refusals, ...compose.unknowns],
    },
    tools,
  );
  return { project, used: new Set(services.flatMap(filesOfService)) };
}

/** What the last step of joining needs; shared by compose and standalone projects. */
export interface ProjectDraft extends Pick<Project, 'name' | 'kind' | 'files' | 'composeFiles' | 'unknowns'> {
  readonly entry: readonly SourceText[];
  readonly services: readonly Service[];
  readonly stores: readonly Store[];
}

/** Links pools to stores, judges the stage and collects what could not be known. */
export function finishProject(draft: ProjectDraft, tools: { files: Files }): Project {
  const { services, stores } = linkStores(draft.services, draft.stores);
  const { entry, ...kept } = draft;
  const stage = judgeStage({
    entry,
    name: draft.name,
    services,
    namedBy: deployScriptsNaming(entry, tools.files),
    paths: tools.files.workspace.paths,
  });
  const project: Project = { ...kept, stage, services, stores };
  return { ...project, unknowns: [...draft.unknowns, ...collectUnknowns(project)] };
}

/** Deploy scripts and Makefiles that name the entry file: they show that it is really deployed. */
function deployScriptsNaming(entry: readonly SourceText[], files: Files): readonly SourceText[] {
  const names = entry.map((file) => nameOf(file.path));
  return files
    .once('deploy scripts', listDeployScripts)
    .filter((path) => !names.includes(nameOf(path)))
    .slice(0, 20)
    .flatMap((path) => {
      const source = files.read(path);
      return source && names.some((name) => source.text.includes(name)) ? [source] : [];
    });
}

function listDeployScripts(paths: ReadonlySet<string>): readonly string[] {
  return [...paths].filter((path) => /(^|\/)[^/]*(deploy|release)[^/]*\.(sh|ya?ml)$/i.test(path)).sort();
}

function filesOfService(service: Service): string[] {
  const scripts = service.processes.flatMap((process) => [
    process.at.source.path,
    ...process.command.trail.flatMap((hop) => ('default' in hop.at ? [] : [hop.at.source.path])),
  ]);
  return [...(service.build?.dockerfile ? [service.build.dockerfile.path] : []), ...scripts];
}
