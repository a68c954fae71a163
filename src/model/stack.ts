import type { YamlMapping } from '../parse/yaml-tree.ts';
import type { MappedText } from '../text/mapped-text.ts';
import type { SourceText } from '../text/source-text.ts';
import type { Location } from '../text/span.ts';
import type { Hop } from '../text/trail.ts';
import type { CodeFacts } from './code-facts.ts';
import type { DjangoSettings } from './django.ts';
import type { Pool } from './pool.ts';
import type { ProxyRoute } from './proxy/proxy-route.ts';
import type { Value } from './value.ts';

/** Everything that the files of a workspace say about how their programs run. */
export interface Stack {
  /** The default project comes first. */
  readonly projects: readonly Project[];
}

/** What one `docker compose` call would start; without compose files, what a Dockerfile, Procfile or script starts. */
export interface Project {
  readonly name: string;
  readonly kind: 'compose' | 'image' | 'script' | 'code';
  /** The files that make it up, entry file first. */
  readonly files: readonly SourceText[];
  /** Paths of the compose files that Compose is given, in merge order; absent where no compose file starts it. */
  readonly composeFiles?: readonly string[];
  readonly stage: Stage;
  readonly services: readonly Service[];
  readonly stores: readonly Store[];
  /** What could not be known, for the reports. */
  readonly unknowns: readonly UnknownNote[];
}

/** Whether the files show a production set-up, a development set-up, or neither. */
export interface Stage {
  readonly name: 'production' | 'development' | 'unknown';
  readonly trail: readonly Hop[];
}

export interface UnknownNote {
  readonly what: string;
  readonly why: string;
  readonly at: Location;
}

export type ServiceRole =
  | 'web'
  | 'worker'
  | 'scheduler'
  | 'database'
  | 'pooler'
  | 'cache'
  | 'broker'
  | 'proxy'
  | 'one-shot'
  | 'development'
  | 'unknown';

export interface Service {
  readonly name: string;
  readonly role: ServiceRole;
  /** The service's key in the compose file; for other projects the start of its command. */
  readonly at: Location;
  /** False for a service behind a profile that is not active: it takes part in no budget. */
  readonly active: boolean;
  readonly image: Value<string> | undefined;
  /** The image that its container starts from: the last `FROM` that is no stage, or `image` itself. */
  readonly baseImage?: string | undefined;
  /** Files, image stages and scripts that decide what the service runs. */
  readonly build: Build | undefined;
  readonly environment: Environment;
  readonly replicas: Value<number>;
  readonly limits: ServiceLimits;
  /** Size of `/dev/shm` where the compose file gives one. */
  readonly shmSizeBytes?: Value<number> | undefined;
  /** `ulimits` of the compose file by name. */
  readonly ulimits?: ReadonlyMap<string, Ulimit>;
  readonly stopGracePeriodSeconds: Value<number>;
  readonly stopSignal: Value<string>;
  /** Container ports that are published on the host, or exposed to a proxy of the same project. */
  readonly publishedPorts: readonly {
    readonly container: number;
    /** Port of the host; undefined where it is not known or chosen by Docker. */
    readonly host?: number | undefined;
    readonly at: Location;
  }[];
  readonly volumes: readonly Mount[];
  readonly networks: readonly string[];
  readonly processes: readonly Process[];
  /** Names by which other containers reach it; only its own name when absent. */
  readonly hostNames?: readonly string[];
  /** Where its nginx passes requests to. */
  readonly routes?: readonly ProxyRoute[];
  /** Where fixes may write; absent for a service that comes from no compose file. */
  readonly compose: ComposeOrigin | undefined;
  /** Files that it names and that are not in the workspace: its Dockerfile. */
  readonly missing?: readonly UnknownNote[];
}

export interface Build {
  /** Folder of the build context, relative to the workspace. */
  readonly context: string;
  readonly dockerfile: SourceText | undefined;
  readonly target: string | undefined;
}

/** The environment a service's programs see. */
export interface Environment {
  readonly variables: ReadonlyMap<string, Value<string>>;
  /** False when a file that would add variables is missing or unreadable; `why` says which. */
  readonly complete: boolean;
  readonly why?: string;
}

/** A limit of the operating system for each process; -1 means none. */
export interface Ulimit {
  readonly soft: Value<number>;
  readonly hard: Value<number>;
}

/** Limits in both Compose forms; `null` means none is set. */
export interface ServiceLimits {
  readonly memoryBytes: Value<number | null>;
  readonly cpus: Value<number | null>;
  readonly memoryReservationBytes: Value<number | null>;
  /** Settings that Compose knows in two forms, as they stand after merging. */
  readonly pairs: readonly LimitPair[];
}

export interface LimitPair {
  readonly setting: 'memory' | 'cpus' | 'memoryReservation' | 'pids' | 'scale';
  readonly shortName: string;
  readonly deployName: string;
  readonly short: Value<number> | undefined;
  readonly deploy: Value<number> | undefined;
  /** True when `deploy.resources.limits` (or reservations) exists, whether or not it holds this setting. */
  readonly deploySectionExists: boolean;
  readonly at: Location;
}

export interface Mount {
  /** Path in the workspace, or undefined for a named volume. */
  readonly source: string | undefined;
  /** What the file says where it is written in the compose file itself (`configs` with `content`). */
  readonly content?: Value<string>;
  readonly target: string;
  readonly at: Location;
}

/** The service's mapping in the compose file where fixes are written (the last file that holds the service). */
export interface ComposeOrigin {
  readonly source: SourceText;
  readonly root: YamlMapping;
  readonly body: YamlMapping;
  /** Name of the anchor when the body itself is shared with other services; then nothing may be written into it. */
  readonly sharedThrough: string | undefined;
}

/** A database, cache, broker or pooler that processes connect to. */
export interface Store {
  readonly name: string;
  readonly engine: StoreEngine;
  readonly at: Location;
  /** The service of the project that runs it; undefined for a server outside the project. */
  readonly service: string | undefined;
  readonly maxConnections: Value<number>;
  /** `maxConnections` less the connections reserved for superusers. */
  readonly usableConnections: Value<number>;
  /** Seconds of silence after which MySQL and MariaDB close a connection; undefined for other servers. */
  readonly waitTimeoutSeconds?: Value<number>;
  readonly slowQueryLog: Value<boolean> | undefined;
  readonly memory: DatabaseMemory | undefined;
  readonly redis: RedisFacts | undefined;
  readonly pooler: PoolerFacts | undefined;
  /** The server's command line, where one is written. */
  readonly command: CommandLine | undefined;
  /** Configuration files that stand in the container and that the server does not read. */
  readonly unloadedFiles: readonly UnloadedFile[];
}

/** What a database server takes of memory. */
export interface DatabaseMemory {
  /** The setting of the cache that all connections share. */
  readonly cacheName: 'shared_buffers' | 'innodb_buffer_pool_size';
  readonly cacheBytes: Value<number>;
  /** What one connection that sorts and joins once may take on top. */
  readonly perConnectionBytes: Value<number>;
}

/** What PgBouncer hands on to the database. */
export interface PoolerFacts {
  readonly maxClientConnections: Value<number>;
  /** Server connections for each pair of user and database. */
  readonly defaultPoolSize: Value<number>;
  readonly reservePoolSize: Value<number>;
  /** Server connections for each database; 0 for no limit. */
  readonly maxDatabaseConnections: Value<number>;
  readonly poolMode: Value<string>;
  readonly databases: readonly PoolerDatabase[];
}

/** A line of PgBouncer's `[databases]`. */
export interface PoolerDatabase {
  /** `*` for every database that has no line. */
  readonly name: string;
  readonly host: string | undefined;
  readonly poolSize: Value<number> | undefined;
}

/** A configuration file in a container that its server does not read. */
export interface UnloadedFile {
  /** Path in the container. */
  readonly path: string;
  /** Its text, where the workspace holds it. */
  readonly source: SourceText | undefined;
  /** The mount. */
  readonly at: Location;
  /** The command names no file, only files of another name are read in this folder, or nothing includes the folder. */
  readonly why: 'not-named' | 'wrong-name' | 'folder-not-read';
}

export type StoreEngine =
  | 'postgresql'
  | 'mysql'
  | 'mariadb'
  | 'redis'
  | 'valkey'
  | 'keydb'
  | 'pgbouncer'
  | 'mongodb'
  | 'rabbitmq'
  | 'memcached'
  | 'sqlite'
  | 'unknown';

export interface RedisFacts {
  /** `null`: no limit. */
  readonly maxMemoryBytes: Value<number | null>;
  readonly maxMemoryPolicy: Value<string>;
  /** Append-only file switched on, or snapshots written explicitly. */
  readonly persists: Value<boolean>;
}

/** A program's arguments, each with the place where it is written. */
export interface CommandLine {
  readonly words: readonly MappedText[];
  readonly at: Location;
  /** How the words are written, which decides how a fix adds one. */
  readonly form: 'json' | 'yaml-list' | 'text';
  /** The steps from the service to this command: compose command, Dockerfile CMD, script. */
  readonly trail: readonly Hop[];
}

export type ServerProgram =
  | 'gunicorn'
  | 'uvicorn'
  | 'hypercorn'
  | 'daphne'
  | 'granian'
  | 'uwsgi'
  | 'celery'
  | 'celery-beat'
  | 'rq'
  | 'dramatiq'
  | 'huey'
  | 'django-runserver'
  | 'flask-run'
  | 'python'
  | 'node'
  | 'other'
  | 'unknown';

/** How requests or tasks share a process: one per thread, one per event loop, one at a time, or not known. */
export type ConcurrencyKind = 'single' | 'threads' | 'async' | 'unbounded-threads' | 'unknown';

/** One program that a service runs (with its worker processes). */
export interface Process {
  readonly server: ServerProgram;
  /** The program's word in its command. */
  readonly at: Location;
  readonly command: CommandLine;
  readonly workers: Value<number>;
  readonly threads: Value<number>;
  readonly workerClass: Value<string>;
  /** Gunicorn's worker timeout; for Celery the time limit of a task. */
  readonly timeoutSeconds: Value<number>;
  readonly gracefulTimeoutSeconds: Value<number>;
  readonly maxRequests: Value<number>;
  readonly bind: Value<readonly string[]>;
  readonly reload: Value<boolean>;
  /** Requests or tasks that one worker process can have in hand at once. */
  readonly concurrency: Value<number>;
  readonly concurrencyKind: ConcurrencyKind;
  /** Settings that the server would refuse, with its reason in our words. */
  readonly refusals: readonly Refusal[];
  /** What only Gunicorn has. */
  readonly gunicorn: GunicornSettings | undefined;
  readonly signals: SignalPath;
  /** Variables that reach the program as literal `$NAME` text because no shell expands them. */
  readonly unexpanded: readonly { readonly name: string; readonly text: string; readonly at: Location }[];
  readonly environment: Environment;
  readonly pools: readonly Pool[];
  readonly django: DjangoSettings | undefined;
  readonly code: CodeFacts;
  /** Scripts, modules and settings that it names and that are not in the workspace. */
  readonly missing?: readonly UnknownNote[];
  /** Seconds until the program's supervisor kills it; absent where only the container's own stop period counts. */
  readonly stopPeriodSeconds?: Value<number>;
  /** Set for one of several programs that a start script chooses between: only one of them runs. */
  readonly alternative?: true;
}

/** Effective settings that only Gunicorn has. */
export interface GunicornSettings {
  /** What is served, as `module:object`: named by the command, else by the file's `wsgi_app`. */
  readonly application: Value<string>;
  /** The file whose settings were read: named by `-c`, or `gunicorn.conf.py` in the working directory. */
  readonly configurationFile: Value<SourceText | null>;
  /** Names in that file that are meant as settings and are none to Gunicorn. */
  readonly misnamed: readonly MisnamedSetting[];
  /** A `gunicorn.conf.py` of the image that stands near the working directory and is not loaded. */
  readonly missedFile: MissedFile | undefined;
  readonly workerConnections: Value<number>;
  readonly maxRequestsJitter: Value<number>;
  readonly keepAliveSeconds: Value<number>;
  readonly backlog: Value<number>;
  /** Whether the application is imported before the workers are forked. */
  readonly preload: Value<boolean>;
  /** Folder of the heartbeat files; empty for the system's temporary folder. */
  readonly workerTmpDir: Value<string>;
  /** Absolute folder that Gunicorn changes to. */
  readonly chdir: Value<string>;
}

/** A configuration file that is not read because the working directory is another folder; both as container paths. */
export interface MissedFile {
  readonly source: SourceText;
  readonly containerPath: string;
  readonly workingDirectory: string;
}

/** A name in Gunicorn's configuration file that differs from a setting's in case or spelling, and so sets nothing. */
export interface MisnamedSetting {
  readonly name: string;
  readonly setting: string;
  /** The name in its assignment. */
  readonly at: Location;
}

export interface Refusal {
  readonly setting: string;
  readonly kind:
    | 'empty'
    | 'not-a-number'
    | 'none'
    | 'not-a-boolean'
    | 'fraction'
    | 'out-of-range'
    | 'missing-value'
    | 'unneeded-value'
    | 'open-quote'
    | 'unknown-option'
    | 'ambiguous-option'
    | 'unknown-class'
    | 'removed-class';
  readonly at: Location;
  readonly trail: readonly Hop[];
  /** What a misspelt option is really called. */
  readonly replacement?: string;
}

/** Whether the container's stop signal reaches the program. */
export interface SignalPath {
  readonly forwarded: Value<boolean>;
  /** The command that would have to be written with `exec`. */
  readonly blockedAt: Location | undefined;
  readonly blockedBy: 'script' | 'shell' | undefined;
}
