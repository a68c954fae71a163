import type { SourceText } from '../../text/source-text.ts';
import { known, unknown, type Value } from '../value.ts';
import type { ComposeService } from './compose-service.ts';
import { parseDurationSeconds } from './compose-units.ts';
import { type ConfigNode, childOf, descendantOf, entriesOf, itemsOf, presentChild } from './config-node.ts';
import { knownChild, knownText, stringValue } from './config-text.ts';
import type { ServiceOrigin } from './load-config.ts';
import { readBuild } from './read-build.ts';
import { readCommand } from './read-command.ts';
import { readEnvironment } from './read-environment.ts';
import { readLimits, readReplicas } from './read-limits.ts';
import { readMounts } from './read-mounts.ts';
import { readExpose, readPorts } from './read-ports.ts';
import {
  defaultValue,
  optionalValue,
  parsedValue,
  type ServiceContext,
  settledValue,
  sizeValue,
} from './read-setting.ts';
import { readUlimits } from './read-ulimits.ts';
import type { ComposeReading } from './variables.ts';

/** What reading a service needs besides its configuration. */
export interface ServiceReading {
  readonly reading: ComposeReading;
  readonly origin: ServiceOrigin;
  /** Profiles that are switched on. */
  readonly profiles: readonly string[];
  /** Receives the env files that were read. */
  readonly sources: Set<SourceText>;
}

/** A service after merging, as values. */
export function readService(context: ServiceContext, request: ServiceReading): ComposeService {
  const { body, at } = context;
  const limits = readLimits(context);
  const profiles = [...new Set(itemsOf(childOf(body, 'profiles')).flatMap((item) => knownText(item) ?? []))];
  const { keyAt, ...origin } = request.origin;
  const networkMode = knownChild(body, 'network_mode');
  return {
    name: context.name,
    at: keyAt,
    origin,
    active: profiles.length === 0 || profiles.some((profile) => isActive(profile, request.profiles)),
    image: optionalValue(context, stringValue(presentChild(body, 'image'))),
    build: readBuild(context),
    command: readCommand(context, 'command'),
    entrypoint: readCommand(context, 'entrypoint'),
    environment: readEnvironment(context, request),
    replicas: readReplicas(context, limits),
    limits,
    limitPairs: limits.pairs,
    shmSizeBytes: optionalValue(context, sizeValue(presentChild(body, 'shm_size'))),
    ulimits: readUlimits(context),
    stopGracePeriodSeconds: settledValue(
      context,
      parsedValue(childOf(body, 'stop_grace_period'), parseDurationSeconds),
      () => defaultValue(10, 'compose.stop_grace_period', at),
    ),
    stopSignal: optionalValue(context, stringValue(presentChild(body, 'stop_signal'))),
    init: settledValue(context, readBoolean(presentChild(body, 'init')), () => known(false, at)),
    restart: optionalValue(context, readRestart(body)),
    ports: readPorts(context),
    expose: readExpose(context),
    mounts: readMounts(context),
    hostNames: readHostNames(context.name, body),
    networks: networkMode === undefined && !childOf(body, 'provider') ? readNetworks(body) : [],
    ...(networkMode !== undefined && { networkMode }),
    workingDirectory: optionalValue(context, stringValue(presentChild(body, 'working_dir'))),
    dependsOn: readDependencies(body),
    profiles,
  };
}

function isActive(profile: string, active: readonly string[]): boolean {
  return active.includes('*') || active.includes(profile);
}

function readBoolean(node: ConfigNode | undefined): Value<boolean> | undefined {
  const text = stringValue(node);
  if (!text) return undefined;
  if (!text.known) return unknown(text.why, text.at, { trail: text.trail });
  const word = text.value.toLowerCase();
  if (['true', 'y', 'yes', 'on'].includes(word)) return { ...text, value: true };
  if (['false', 'n', 'no', 'off'].includes(word)) return { ...text, value: false };
  return unknown('Compose refuses this value', text.at, { trail: text.trail });
}

/** `deploy.restart_policy` wins over `restart` (docker compose pkg/compose/create.go). */
function readRestart(body: ConfigNode): Value<string> | undefined {
  const condition = stringValue(descendantOf(body, ['deploy', 'restart_policy', 'condition']));
  if (!condition?.known) return condition ?? stringValue(presentChild(body, 'restart'));
  const names: ReadonlyMap<string, string> = new Map([
    ['none', 'no'],
    ['any', 'always'],
  ]);
  return { ...condition, value: names.get(condition.value) ?? condition.value };
}

function readNetworks(body: ConfigNode): readonly string[] {
  const node = childOf(body, 'networks');
  const names = [
    ...entriesOf(node).map((entry) => entry.key),
    ...itemsOf(node).flatMap((item) => knownText(item) ?? []),
  ];
  return names.length === 0 ? ['default'] : names;
}

function readHostNames(name: string, body: ConfigNode): readonly string[] {
  const aliases = entriesOf(childOf(body, 'networks')).flatMap(({ value }) => itemsOf(childOf(value, 'aliases')));
  const container = knownChild(body, 'container_name');
  const others = [
    ...(container === undefined ? [] : [container]),
    ...aliases.flatMap((alias) => knownText(alias) ?? []),
  ];
  return [...new Set([name, ...others])];
}

/** `depends_on` in both forms, and what `links`, `network_mode` and `volumes_from` imply. */
function readDependencies(body: ConfigNode): ComposeService['dependsOn'] {
  const node = childOf(body, 'depends_on');
  const found = new Map<string, ComposeService['dependsOn'][number]>();
  for (const { key: service, value } of entriesOf(node)) {
    const condition = knownChild(value, 'condition') ?? 'service_started';
    const optional = knownChild(value, 'required') === 'false';
    found.set(service, { service, condition, ...(optional && { required: false as const }) });
  }
  const textsOf = (key: string): string[] => itemsOf(childOf(body, key)).flatMap((item) => knownText(item) ?? []);
  const shared = ['network_mode', 'ipc', 'pid'].map((key) => knownChild(body, key) ?? '');
  const implied = [
    ...textsOf('depends_on'),
    ...textsOf('links').map((link) => link.split(':')[0] ?? ''),
    ...shared.flatMap((mode) => /^service:(.+)$/.exec(mode)?.[1] ?? []),
    ...textsOf('volumes_from').flatMap((from) => (from.startsWith('container:') ? [] : (from.split(':')[0] ?? []))),
  ];
  for (const service of implied) if (!found.has(service)) found.set(service, { service, condition: 'service_started' });
  return [...found.values()];
}
