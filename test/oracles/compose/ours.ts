import type { ComposeProject, ComposeService } from '../../../src/model/compose/compose-service.ts';
import { brokenComposeFiles, readComposeProjects } from '../../../src/model/compose/read-compose-projects.ts';
import { finish } from '../../../src/model/pausable.ts';
import { createSession } from '../../../src/model/session.ts';
import type { Value } from '../../../src/model/value.ts';
import { folderOf, openFiles } from '../../../src/model/workspace.ts';
import { type MappedText, unknownReason } from '../../../src/text/mapped-text.ts';
import { createSourceText } from '../../../src/text/source-text.ts';
import type { Ours, OurValue, PlainValue } from '../agreement.ts';
import type { ComposeCase } from './compose-case.ts';

/** What Headroom reads from the files, in the words of `projectAnswer`. */
export function ours(given: ComposeCase): Ours {
  const texts = Object.entries(given.files).map(([path, text]) => [path, createSourceText(path, text)] as const);
  const files = openFiles({ paths: new Set(Object.keys(given.files)), texts: new Map(texts), skipped: new Map() });
  const projects = finish(
    readComposeProjects({
      files,
      session: createSession(),
      rootName: 'shop',
      ...(given.composeFiles && { composeFiles: given.composeFiles }),
    }),
  );
  const project = chooseProject(projects, given);
  if (!project) {
    const broken = brokenComposeFiles({ files, session: createSession() }).length > 0;
    return { refused: broken || undefined, values: { name: noProject, services: noProject } };
  }
  if (project.refusals.length > 0) return { refused: true, values: {} };
  const values: Record<string, OurValue> = {};
  const services = project.services.filter((service) => service.active);
  for (const [key, value] of [
    ['name', plain(project.name.replace(/ (?:\(|in ).*$/, ''))] as const,
    ['services', plain(services.map((service) => service.name).sort())] as const,
    ...services.flatMap((service) =>
      serviceValues(service).map(([key, value]) => [`${service.name}.${key}`, value] as const),
    ),
  ]) {
    if (value) values[key] = value;
  }
  return { refused: undefined, values };
}

const noProject: OurValue = { known: false, why: 'there is nothing to run' };

/** The project of the folder of the call, or of the nearest folder above. */
function chooseProject(projects: readonly ComposeProject[], { folder }: ComposeCase): ComposeProject | undefined {
  for (let at = folder ?? ''; at !== ''; at = folderOf(at)) {
    const found = projects.find(({ entry: [first] }) => first && folderOf(first.path) === at);
    if (found) return found;
  }
  return projects[0];
}

type Entry = readonly [string, OurValue | undefined];

function serviceValues(service: ComposeService): readonly Entry[] {
  const { limits } = service;
  const pids = limits.pairs.find((pair) => pair.setting === 'pids');
  const { networks } = service;
  return [
    ['image', tell(service.image)],
    ['command', words(service.command?.words)],
    ['entrypoint', words(service.entrypoint?.words)],
    ...[...service.environment.variables].map(([name, value]) => [`environment.${name}`, tell(value)] as const),
    ['replicas', tell(service.replicas, 1)],
    ['memory', tell(limits.memoryBytes, null)],
    ['cpus', tell(limits.cpus, null)],
    ['memoryReservation', tell(limits.memoryReservationBytes, null)],
    ['pids', tell(pids?.deploy ?? pids?.short, 0)],
    ['stopGracePeriod', tell(service.stopGracePeriodSeconds, 10)],
    ['stopSignal', tell(service.stopSignal)],
    ['init', tell(service.init, false)],
    ['restart', tell(service.restart)],
    ['ports', list(service.ports.map(({ host, container }) => `${host ?? ''}:${container}`))],
    ['expose', list(service.expose.map(String))],
    ['mounts', list(service.mounts.map(mountText))],
    ['networks', networks.length === 1 && networks[0] === 'default' ? undefined : plain([...networks].sort())],
    ['networkMode', service.networkMode === undefined ? undefined : plain(service.networkMode)],
    ['workingDirectory', tell(service.workingDirectory)],
    ...service.dependsOn.map((entry) => [`dependsOn.${entry.service}`, plain(entry.condition)] as const),
    ['profiles', list(service.profiles)],
    ['shmSize', tell(service.shmSizeBytes, 0)],
    ...[...service.ulimits].map(([name, { soft, hard }]) => [`ulimits.${name}`, pair(soft, hard)] as const),
    ...buildValues(service.build),
  ];
}

function buildValues(build: ComposeService['build']): readonly Entry[] {
  if (!build) return [];
  const { context, dockerfile } = build;
  const path = context && dockerfile?.startsWith(`${context}/`) ? dockerfile.slice(context.length + 1) : dockerfile;
  return [
    ['build.context', context === undefined ? undefined : plain(context || '.')],
    ['build.dockerfile', build.inlineDockerfile ? plain('inline') : path === undefined ? undefined : plain(path)],
    ['build.target', build.target === undefined ? undefined : plain(build.target)],
    ...[...build.args].map(([name, value]) => [`build.args.${name}`, tell(value)] as const),
  ];
}

function mountText({ source, target, content }: ComposeService['mounts'][number]): string {
  if (content !== undefined) return `content ${JSON.stringify(content.known ? content.value : content.why)}:${target}`;
  return `${source === '' ? '.' : (source ?? '')}:${target}`;
}

function tell(value: Value<PlainValue> | undefined, usual?: PlainValue): OurValue | undefined {
  if (!value) return undefined;
  if (!value.known) return { known: false, why: value.why };
  return value.value === usual ? undefined : plain(value.value);
}

function words(command: readonly MappedText[] | undefined): OurValue | undefined {
  const why = command?.map(unknownReason).find((reason) => reason !== undefined);
  if (why !== undefined) return { known: false, why };
  return command && plain(command.map((word) => word.text));
}

function pair(soft: Value<number>, hard: Value<number>): OurValue {
  if (!soft.known) return { known: false, why: soft.why };
  if (!hard.known) return { known: false, why: hard.why };
  return plain([soft.value, hard.value]);
}

function list(values: readonly string[]): OurValue | undefined {
  return values.length === 0 ? undefined : plain([...values].sort());
}

function plain(value: PlainValue): OurValue {
  return { known: true, value };
}
