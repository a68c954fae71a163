import type { Answer, PlainValue } from '../agreement.ts';

/** The values of `docker compose config --format json` that decide how services run; Compose's defaults left out. */
export function projectAnswer(output: string, root: string): Answer {
  const config = undouble(JSON.parse(output)) as Config;
  const services = Object.entries(config.services ?? {});
  const values: Record<string, PlainValue> = {
    name: config.name ?? null,
    services: services.map(([name]) => name).sort(),
  };
  for (const [name, service] of services) {
    for (const [key, value] of serviceValues(service, { config, root })) {
      if (value !== undefined) values[`${name}.${key}`] = value;
    }
  }
  return { refused: false, values };
}

interface Config {
  readonly name?: string;
  readonly services?: Readonly<Record<string, ServiceConfig>>;
  readonly configs?: Readonly<Record<string, FileConfig>>;
  readonly secrets?: Readonly<Record<string, FileConfig>>;
}

interface FileConfig {
  readonly file?: string;
  readonly content?: string;
}

interface Resources {
  readonly cpus?: number | string;
  readonly memory?: string;
  readonly pids?: number;
}

interface ServiceConfig {
  readonly [key: string]: unknown;
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly deploy?: {
    readonly mode?: string;
    readonly replicas?: number;
    readonly resources?: { readonly limits?: Resources; readonly reservations?: Resources };
    readonly restart_policy?: { readonly condition?: string };
  };
  readonly ports?: readonly { readonly target: number; readonly published?: string }[];
  readonly volumes?: readonly { readonly type: string; readonly source?: string; readonly target: string }[];
  readonly configs?: readonly { readonly source: string; readonly target?: string }[];
  readonly secrets?: readonly { readonly source: string; readonly target?: string }[];
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ulimits?: Readonly<Record<string, number | { readonly soft: number; readonly hard: number }>>;
  readonly build?: {
    readonly context?: string;
    readonly dockerfile?: string;
    readonly dockerfile_inline?: string;
    readonly target?: string;
    readonly args?: Readonly<Record<string, string | null>>;
  };
}

type Entry = readonly [string, PlainValue | undefined];

function serviceValues(service: ServiceConfig, place: { config: Config; root: string }): readonly Entry[] {
  const { limits, reservations } = service.deploy?.resources ?? {};
  const quota = Math.max(0, Number(service.cpu_quota ?? 0)) / Number(service.cpu_period ?? 100_000);
  const networks = Object.keys(service.networks ?? {}).sort();
  return [
    ['image', service.image],
    ['command', listOf(service.command)],
    ['entrypoint', listOf(service.entrypoint)],
    ...entriesUnder('environment', service.environment),
    ['replicas', unless(service.deploy?.replicas ?? Number(service.scale ?? 1), 1)],
    ['memory', limitOf(limits?.memory, service.mem_limit)],
    ['cpus', limitOf(limits?.cpus, service.cpus) ?? unless(quota, 0)],
    ['memoryReservation', limitOf(reservations?.memory, service.mem_reservation)],
    ['pids', unless(limits?.pids ?? numberOf(service.pids_limit), 0)],
    ['stopGracePeriod', unless(secondsOf(textOf(service.stop_grace_period) ?? '10s'), 10)],
    ['stopSignal', textOf(service.stop_signal)],
    ['init', service.init === true ? true : undefined],
    ['restart', restartOf(service)],
    [
      'ports',
      nonEmpty(
        (service.ports ?? []).map(({ target, published }) => `${/^\d+$/.exec(published ?? '') ?? ''}:${target}`),
      ),
    ],
    ['expose', nonEmpty([...new Set(((service.expose as readonly string[] | undefined) ?? []).flatMap(exposed))])],
    ['mounts', nonEmpty(mountsOf(service, place))],
    ['networks', networks.length === 1 && networks[0] === 'default' ? undefined : networks],
    ['networkMode', textOf(service.network_mode)],
    ['workingDirectory', textOf(service.working_dir)],
    ...Object.entries(service.depends_on ?? {}).map(([name, entry]) => [`dependsOn.${name}`, entry.condition] as const),
    ['profiles', nonEmpty((service.profiles as readonly string[] | undefined) ?? [])],
    ['shmSize', unless(numberOf(service.shm_size), 0)],
    ...Object.entries(service.ulimits ?? {}).map(([name, limit]) => [`ulimits.${name}`, ulimitOf(limit)] as const),
    ...buildValues(service.build, place.root),
  ];
}

function buildValues(build: ServiceConfig['build'], root: string): readonly Entry[] {
  if (!build) return [];
  const context = inside(root, build.context ?? root);
  return [
    ['build.context', context],
    ['build.dockerfile', context && (build.dockerfile_inline === undefined ? build.dockerfile : 'inline')],
    ['build.target', build.target],
    ...entriesUnder('build.args', build.args),
  ];
}

function mountsOf(
  { volumes = [], configs = [], secrets = [] }: ServiceConfig,
  place: { config: Config; root: string },
): string[] {
  const { config, root } = place;
  const fileOf = (file: FileConfig | undefined): string => {
    if (file?.content !== undefined) return `content ${JSON.stringify(file.content)}`;
    return (file?.file !== undefined && inside(root, file.file)) || '';
  };
  return [
    ...volumes.map(
      ({ type, source, target }) => `${(type === 'bind' && source && inside(root, source)) || ''}:${target}`,
    ),
    ...configs.map(({ source, target }) => `${fileOf(config.configs?.[source])}:${absolute(target ?? source, '/')}`),
    ...secrets.map(
      ({ source, target }) => `${fileOf(config.secrets?.[source])}:${absolute(target ?? source, '/run/secrets/')}`,
    ),
  ].sort();
}

/** The port numbers of an `expose` entry. */
function exposed(text: string): readonly string[] {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?(?:\/\w+)?$/.exec(text) ?? [];
  const count = first === undefined ? 0 : Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, index) => String(Number(first) + index));
}

function absolute(target: string, folder: string): string {
  return target.startsWith('/') ? target : `${folder}${target}`;
}

/** The path in the workspace; the root is '.'. */
function inside(root: string, path: string): string | undefined {
  if (path === root) return '.';
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : undefined;
}

/** A limit of zero sets none, and the long form wins (docker compose pkg/compose/create.go). */
function limitOf(deploy: unknown, short: unknown): number | undefined {
  return unless(numberOf(deploy), 0) ?? unless(numberOf(short), 0);
}

function ulimitOf(limit: number | { readonly soft: number; readonly hard: number }): PlainValue {
  return typeof limit === 'number' ? [limit, limit] : [limit.soft, limit.hard];
}

function restartOf(service: ServiceConfig): string | undefined {
  const condition = service.deploy?.restart_policy?.condition;
  const names: Readonly<Record<string, string>> = { none: 'no', any: 'always' };
  return condition === undefined ? textOf(service.restart) : (names[condition] ?? condition);
}

function entriesUnder(key: string, entries: Readonly<Record<string, string | null>> = {}): readonly Entry[] {
  return Object.entries(entries)
    .filter(([name]) => name !== '' && name !== '#extensions')
    .map(([name, value]) => [`${key}.${name}`, value] as const);
}

function secondsOf(text: string): number {
  const size: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, µs: 1e-6, ns: 1e-9 };
  const parts = [...text.matchAll(/([\d.]+)(ms|µs|ns|h|m|s)/g)];
  return Number(parts.reduce((total, [, count, unit = '']) => total + Number(count) * (size[unit] ?? 0), 0).toFixed(6));
}

function listOf(value: unknown): PlainValue | undefined {
  return Array.isArray(value) ? (value as string[]) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return value === undefined || value === null ? undefined : Number(value);
}

function nonEmpty(values: readonly string[]): PlainValue | undefined {
  return values.length === 0 ? undefined : [...values].sort();
}

function unless(value: number | undefined, usual: number): number | undefined {
  return value === usual ? undefined : value;
}

/** The output can be read as a compose file again, where `$$` stands for a dollar sign. */
function undouble(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$$', '$');
  if (Array.isArray(value)) return value.map(undouble);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [undouble(key), undouble(entry)]));
}
