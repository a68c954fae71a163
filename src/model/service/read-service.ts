import { type MappedText, trailOf } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import type { ComposeService } from '../compose/compose-service.ts';
import { openContainerFiles } from '../image/container-files.ts';
import { type ImageStage, readImageStage, type StageRequest } from '../image/image-stage.ts';
import type { Pausable } from '../pausable.ts';
import { defaultHop } from '../process/server-settings.ts';
import { readRoutes } from '../proxy/read-routes.ts';
import type { Session } from '../session.ts';
import type { Build, CommandLine, Environment, Service, Store, UnknownNote } from '../stack.ts';
import { readStore } from '../store/read-store.ts';
import { known, winsOver } from '../value.ts';
import type { Files } from '../workspace.ts';
import { lookUpImage, systemShellOf } from './known-images.ts';
import { readProcesses } from './read-processes.ts';
import { findRole } from './role.ts';
import { joinStartCommand } from './start-command.ts';

export interface ServiceReading {
  readonly service: Service;
  /** The store the service runs, when its image is one. */
  readonly store: Store | undefined;
}

export interface ServiceInput {
  readonly service: ComposeService;
  /** Services of the same project that are built here, by the image name they give: for `image:` of a sibling. */
  readonly siblings: readonly ComposeService[];
}

/** Joins a compose service with its image, scripts and code. */
export function* readService(input: ServiceInput, tools: { files: Files; session: Session }): Pausable<ServiceReading> {
  const { service } = input;
  const built = service.build ? service : siblingThatBuilds(input);
  const { stage, request, build } = readBuild(built, tools);
  const environment = joinEnvironment(service.environment, stage);
  const container = openContainerFiles({ ...tools, stage, request, context: build?.context, mounts: service.mounts });
  // In this mode the image upgrades the data of PostgreSQL and ends (pgautoupgrade/docker-pgautoupgrade, README).
  const isUpgrade = environment.variables.has('PGAUTO_ONESHOT');
  const imageName = isUpgrade ? undefined : baseImageName(service, stage);
  const joined = joinStartCommand(service, { stage, container });
  const command = joined?.words.map(({ text }) => text).join(' ') ?? '';
  const workingDirectory = service.workingDirectory?.known
    ? service.workingDirectory.value
    : (stage?.workingDirectory ?? '/');
  const engine = imageName === undefined ? undefined : lookUpImage(imageName)?.engine;
  const processes =
    joined && engine === undefined
      ? yield* readProcesses(
          {
            ...joined,
            environment,
            workingDirectory,
            init: service.init.known && service.init.value,
            systemShell: imageName === undefined ? undefined : systemShellOf(imageName),
          },
          { ...tools, container, fallbackFolder: build?.context ?? '', execForm: joined.execForm },
        )
      : [];
  const ends = endsByItself(input);
  const role = findRole({ image: imageName, processes, hasCommand: joined !== undefined, ends });
  const result: Service = {
    name: service.name,
    role,
    at: service.at,
    active: service.active,
    image: service.image,
    baseImage: imageName,
    build,
    environment,
    replicas: service.replicas,
    limits: service.limits,
    shmSizeBytes: service.shmSizeBytes,
    ulimits: service.ulimits,
    stopGracePeriodSeconds: service.stopGracePeriodSeconds,
    stopSignal:
      service.stopSignal ?? stage?.stopSignal ?? known('SIGTERM', service.at, [defaultHop('docker.stop_signal')]),
    publishedPorts: service.ports.map(({ container: port, host, at }) => ({ container: port, host, at })),
    volumes: service.mounts,
    networks: service.networks,
    hostNames: service.hostNames,
    routes: readRoutes({ ...tools, container, environment, service, stage, image: imageName, command }),
    processes: role === 'one-shot' ? [] : processes,
    compose: service.origin,
    missing: missingDockerfile(built, tools),
  };
  const store =
    engine === undefined
      ? undefined
      : readStore({
          name: service.name,
          engine,
          image: imageName,
          at: service.at,
          command: joined && commandLine(joined),
          environment,
          dockerfile: build?.dockerfile,
          // Redis' images start in /data.
          workingDirectory: workingDirectory === '/' ? '/data' : workingDirectory,
          mounts: service.mounts,
          fileAt: (path) => readAt(container.find(path), tools.files),
          namesIn: (folder) => container.list(folder).map((path) => path.slice(path.lastIndexOf('/') + 1)),
        });
  return { service: result, store };
}

function siblingThatBuilds(input: ServiceInput): ComposeService | undefined {
  const image = input.service.image;
  if (!image?.known) return undefined;
  return input.siblings.find((sibling) => sibling.build && sibling.image?.known && sibling.image.value === image.value);
}

function readBuild(
  service: ComposeService | undefined,
  tools: { files: Files; session: Session },
): { stage: ImageStage | undefined; request: StageRequest | undefined; build: Build | undefined } {
  const build = service?.build;
  if (!build || build.context === undefined) return { stage: undefined, request: undefined, build: undefined };
  const source = build.dockerfile === undefined ? undefined : tools.files.read(build.dockerfile);
  const request = source && { source, target: build.target, buildArguments: build.args };
  return {
    stage: request && readImageStage(request, tools.session),
    request,
    build: { context: build.context, dockerfile: source, target: build.target },
  };
}

function missingDockerfile(service: ComposeService | undefined, tools: { files: Files }): readonly UnknownNote[] {
  const build = service?.build;
  const path = build?.dockerfile;
  if (!build || path === undefined || build.inlineDockerfile || tools.files.exists(path)) return [];
  return [{ what: 'the image', why: `${path} is not in the workspace`, at: build.at }];
}

/** Variables of the service win over those of its image. */
function joinEnvironment(own: Environment, stage: ImageStage | undefined): Environment {
  if (!stage) return own;
  const variables = new Map(stage.environment);
  for (const [name, value] of own.variables) {
    variables.set(name, winsOver(value, stage.environment.get(name), 'the service wins over its image'));
  }
  return { ...own, variables };
}

function baseImageName(service: ComposeService, stage: ImageStage | undefined): string | undefined {
  if (stage?.baseImage.known) return stage.baseImage.value;
  return service.image?.known && !service.build ? service.image.value : undefined;
}

function endsByItself(input: ServiceInput): boolean {
  const { service, siblings } = input;
  if (service.restart?.known && service.restart.value === 'no') return true;
  return siblings.some((sibling) =>
    sibling.dependsOn.some(
      (entry) => entry.service === service.name && entry.condition === 'service_completed_successfully',
    ),
  );
}

function commandLine(joined: {
  words: readonly MappedText[];
  at: Location;
  form: CommandLine['form'];
  trail: CommandLine['trail'];
}): CommandLine {
  return {
    words: joined.words,
    at: joined.at,
    form: joined.form,
    trail: [...joined.trail, ...joined.words.flatMap((word) => trailOf(word))],
  };
}

function readAt(path: string | undefined, files: Files) {
  return path === undefined ? undefined : files.read(path);
}
