import type { MappedText } from '../../text/mapped-text.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import type { ComposeOrigin, Environment, LimitPair, Mount, ServiceLimits, Ulimit, UnknownNote } from '../stack.ts';
import type { Value } from '../value.ts';

/** A compose project after discovery, interpolation, merging and extending: what `docker compose config` would print. */
export interface ComposeProject {
  readonly name: string;
  /** Compose files in merge order, then the env files that were read. */
  readonly files: readonly SourceText[];
  /** The files that give the project its name in reports: "compose.yaml + compose.override.yaml". */
  readonly entry: readonly SourceText[];
  readonly services: readonly ComposeService[];
  /** Why Compose refuses to load the files whatever the shell sets; empty when nothing is known to be wrong. */
  readonly refusals: readonly UnknownNote[];
  readonly unknowns: readonly UnknownNote[];
}

/** One service as written, values with provenance; what only the image knows is not here. */
export interface ComposeService {
  readonly name: string;
  readonly at: Location;
  readonly origin: ComposeOrigin;
  readonly active: boolean;
  readonly image: Value<string> | undefined;
  readonly build: ComposeBuild | undefined;
  /** `command:`; undefined when absent or null (the image decides), empty words when cleared. */
  readonly command: ComposeCommand | undefined;
  readonly entrypoint: ComposeCommand | undefined;
  readonly environment: Environment;
  readonly replicas: Value<number>;
  readonly limits: ServiceLimits;
  readonly limitPairs: readonly LimitPair[];
  /** Size of `/dev/shm`; undefined when not written (Docker gives 64 MB). */
  readonly shmSizeBytes: Value<number> | undefined;
  /** `ulimits` by name. */
  readonly ulimits: ReadonlyMap<string, Ulimit>;
  readonly stopGracePeriodSeconds: Value<number>;
  readonly stopSignal: Value<string> | undefined;
  readonly init: Value<boolean>;
  readonly restart: Value<string> | undefined;
  readonly ports: readonly { readonly container: number; readonly host: number | undefined; readonly at: Location }[];
  readonly expose: readonly number[];
  readonly mounts: readonly Mount[];
  /** Names by which other containers of its networks reach it: the service's own, `container_name`, network aliases. */
  readonly hostNames: readonly string[];
  /** Empty with a `networkMode`; the project's `default` when none is named. */
  readonly networks: readonly string[];
  /** `host`, `none`, `service:NAME` ...; absent when the service has networks of its own. */
  readonly networkMode?: string;
  readonly workingDirectory: Value<string> | undefined;
  readonly dependsOn: readonly ComposeDependency[];
  readonly profiles: readonly string[];
}

export interface ComposeDependency {
  readonly service: string;
  readonly condition: string;
  /** False for a service that may be missing from what is started. */
  readonly required?: false;
}

export interface ComposeBuild {
  /** Relative to the workspace; undefined when it leads outside or is remote. */
  readonly context: string | undefined;
  /** Path of the Dockerfile relative to the workspace. */
  readonly dockerfile: string | undefined;
  readonly inlineDockerfile: Location | undefined;
  readonly target: string | undefined;
  readonly args: ReadonlyMap<string, Value<string>>;
  readonly at: Location;
}

/** Words of `command:` or `entrypoint:` after interpolation, split as Compose does; no shell has seen them. */
export interface ComposeCommand {
  readonly words: readonly MappedText[];
  readonly at: Location;
  readonly form: 'json' | 'yaml-list' | 'text';
  readonly trail: readonly Hop[];
}
