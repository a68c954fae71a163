import { documentedDefaults } from '../../capacity/defaults.ts';
import type { SettingLine } from '../../parse/settings-file.ts';
import type { SourceText } from '../../text/source-text.ts';
import { defaultHop } from '../process/server-settings.ts';
import type { DatabaseMemory, UnloadedFile } from '../stack.ts';
import { known, mapValue, sum, type Value } from '../value.ts';
import { cleanPath, type FileReader, hiddenStep, plainStep, readConfigurationFile } from './configuration-files.ts';
import { readInitScripts } from './init-scripts.ts';
import { readOptionText, readServerArguments } from './server-arguments.ts';
import { isAtLeast, readServerImage, type ServerImage } from './server-image.ts';
import { readPostgresqlBytes, toNumber } from './setting-values.ts';
import type { StoreInput } from './store-input.ts';
import { hiddenReason, lookUp, type SettingStep } from './store-settings.ts';
import { dockerfileStep, mountedFiles, setsSomething } from './unloaded-files.ts';

/** What a PostgreSQL server is told. */
export interface PostgresqlReading {
  readonly maxConnections: Value<number>;
  /** Less the connections that are reserved. */
  readonly usableConnections: Value<number>;
  readonly slowQueryLog: Value<boolean>;
  readonly memory: DatabaseMemory;
  readonly unloadedFiles: readonly UnloadedFile[];
}

/** Reads a server's limits: initdb's options, its configuration file, ALTER SYSTEM, then the command line. */
export function readPostgresql(input: StoreInput): PostgresqlReading {
  const image = readServerImage(input.image);
  const reader = fileReader(input);
  const given = readServerArguments(input.command, { style: 'postgresql', at: input.at });
  const file = configurationFile(given.steps, input);
  const steps = [
    ...dockerfileStep(input, /postgresql\.conf|\bpg_conftool\b/),
    ...imageSteps(input, image),
    ...(file.named || input.fileAt(file.path) || input.mounts.some(({ target }) => target === file.path)
      ? readConfigurationFile(file.path, reader)
      : initdbSteps(input, image)),
    ...(file.hidden === undefined ? [] : [hiddenStep(file.hidden, input)]),
    ...readInitScripts(input, { persists: true }),
    ...given.steps,
    ...extraFlags(input, image),
  ];
  const written = lookUp(steps, 'max_connections');
  const maxConnections = written
    ? toNumber(written, { name: 'max_connections' })
    : defaultValue('postgresql.max_connections', input);
  return {
    maxConnections,
    usableConnections: usable(maxConnections, { steps, input, image }),
    slowQueryLog: readSlowQueryLog(steps, input),
    memory: readMemory(steps, input),
    unloadedFiles: unloaded(input, { steps, image, reader, named: file.named }),
  };
}

type NumberDefault =
  | 'postgresql.max_connections'
  | 'postgresql.superuser_reserved_connections'
  | 'postgresql.shared_buffers'
  | 'postgresql.work_mem'
  | 'postgresql.bytes_per_connection';

function defaultValue(id: NumberDefault, { at }: StoreInput): Value<number> {
  return known(documentedDefaults[id].value, at, [defaultHop(id)]);
}

/** Reserved for superusers, and since 16 for roles with pg_use_reserved_connections. */
function usable(
  maxConnections: Value<number>,
  read: { steps: readonly SettingStep[]; input: StoreInput; image: ServerImage },
): Value<number> {
  const { steps, input, image } = read;
  const superusers = lookUp(steps, 'superuser_reserved_connections');
  const roles =
    isAtLeast(image.version, [16]) || image.version.length === 0 ? lookUp(steps, 'reserved_connections') : undefined;
  const reserved = [
    superusers
      ? toNumber(superusers, { name: 'superuser_reserved_connections' })
      : defaultValue('postgresql.superuser_reserved_connections', input),
    ...(roles ? [toNumber(roles, { name: 'reserved_connections' })] : []),
  ];
  const total = sum(reserved, input.at);
  if (!total.known) return maxConnections.known ? { ...total, atLeast: 0 } : maxConnections;
  const reduced = mapValue(maxConnections, (count) => count - total.value);
  return { ...reduced, trail: [...reduced.trail, ...total.trail] };
}

function readSlowQueryLog(steps: readonly SettingStep[], { at }: StoreInput): Value<boolean> {
  const written = lookUp(steps, 'log_min_duration_statement');
  if (written) return mapValue(written, (text) => !/^\s*-/.test(text));
  const preloaded = lookUp(steps, 'shared_preload_libraries');
  if (preloaded && (!preloaded.known || /auto_explain|pg_stat_statements/.test(preloaded.value)))
    return mapValue(preloaded, () => true);
  const sampled = lookUp(steps, 'log_min_duration_sample');
  if (sampled) return mapValue(sampled, (text) => !/^\s*-/.test(text));
  return known(false, at, [defaultHop('postgresql.log_min_duration_statement')]);
}

const kibibyte = 1024;
/** Buffers are pages of 8 kB. */
const page = 8 * kibibyte;

function readMemory(steps: readonly SettingStep[], input: StoreInput): DatabaseMemory {
  const buffers = lookUp(steps, 'shared_buffers');
  const sorting = lookUp(steps, 'work_mem');
  const bytes = (unit: number) => (text: string) => readPostgresqlBytes(text, unit);
  const workMemory = sorting
    ? toNumber(sorting, { name: 'work_mem', read: bytes(kibibyte) })
    : defaultValue('postgresql.work_mem', input);
  return {
    cacheName: 'shared_buffers',
    cacheBytes: buffers
      ? toNumber(buffers, { name: 'shared_buffers', read: bytes(page) })
      : defaultValue('postgresql.shared_buffers', input),
    perConnectionBytes: sum([defaultValue('postgresql.bytes_per_connection', input), workMemory], input.at),
  };
}

function fileReader(input: StoreInput): FileReader {
  const step = (line: SettingLine, source: SourceText) => plainStep(line.name.toLowerCase(), line, source);
  return { input, dialect: 'postgresql', step, takes: (name) => /^[^.].*\.conf$/.test(name), loaded: new Set() };
}

interface ServerFile {
  readonly path: string;
  /** True when the command names it; else it is the one that initdb makes in the data directory. */
  readonly named: boolean;
  readonly hidden?: string;
}

function configurationFile(options: readonly SettingStep[], input: StoreInput): ServerFile {
  const named = lookUp(
    options.filter((step) => 'name' in step),
    'config_file',
  );
  if (named) {
    if (!named.known) return { path: '', named: false, hidden: named.why };
    return { path: cleanPath(named.value), named: true };
  }
  const folder =
    lookUp(
      options.filter((step) => 'name' in step),
      'data_directory',
    ) ?? input.environment.variables.get('PGDATA');
  if (folder && !folder.known) return { path: '', named: false, hidden: folder.why };
  return { path: cleanPath(`${folder?.known ? folder.value : dataDirectory(input)}/postgresql.conf`), named: false };
}

/** PGDATA of docker-library/postgres: a folder of its own for each version from 18. */
function dataDirectory(input: StoreInput): string {
  const { version } = readServerImage(input.image);
  const root = '/var/lib/postgresql';
  return isAtLeast(version, [18]) ? `${root}/${version[0]}/docker` : `${root}/data`;
}

/** What stands in the file that initdb makes: the sample, and since 16 the settings among its options. */
function initdbSteps(input: StoreInput, image: ServerImage): readonly SettingStep[] {
  const samples = [
    '/usr/share/postgresql/postgresql.conf.sample',
    '/usr/local/share/postgresql/postgresql.conf.sample',
  ];
  const sample = samples.find((path) => input.fileAt(path));
  const options = input.environment.variables.get('POSTGRES_INITDB_ARGS');
  return [
    ...(sample === undefined ? [] : readConfigurationFile(sample, fileReader(input))),
    ...(options && !(image.version.length > 0 && !isAtLeast(image.version, [16]))
      ? readOptionText(options, { style: 'postgresql', at: input.at })
      : []),
  ];
}

/** Images that configure the server themselves. */
function imageSteps(input: StoreInput, image: ServerImage): readonly SettingStep[] {
  const { variables } = input.environment;
  if (image.family === 'official') return [];
  if (image.family === 'timescale') {
    const off = variables.get('NO_TS_TUNE');
    return off?.known && off.value !== '' ? [] : [hiddenStep('timescaledb-tune sizes it at the first start', input)];
  }
  if (image.family !== 'bitnami') return [hiddenStep('the image may bring a configuration of its own', input)];
  if (!input.environment.complete) return [hiddenStep(input.environment.why ?? 'the environment is not known', input)];
  const count = variables.get('POSTGRESQL_MAX_CONNECTIONS');
  const mounted = input.mounts.some(({ target }) => target.includes('/postgresql/conf'));
  return [
    ...(mounted ? [hiddenStep('Bitnami reads the mounted configuration', input)] : []),
    ...(count ? [{ name: 'max_connections', value: count }] : []),
  ];
}

function extraFlags(input: StoreInput, image: ServerImage): readonly SettingStep[] {
  const flags = input.environment.variables.get('POSTGRESQL_EXTRA_FLAGS');
  return flags && image.family === 'bitnami' ? readOptionText(flags, { style: 'postgresql', at: input.at }) : [];
}

/** A file that neither the command names nor another includes; the image reads nothing outside its data directory. */
function unloaded(
  input: StoreInput,
  read: { steps: readonly SettingStep[]; image: ServerImage; reader: FileReader; named: boolean },
): readonly UnloadedFile[] {
  const { steps, image, reader } = read;
  const isForeign = image.family !== 'official' || hiddenReason(steps) !== undefined;
  // A script of the first start may copy the file to its place.
  if (read.named || isForeign || input.mounts.some(({ target }) => /docker-entrypoint-initdb\.d/.test(target)))
    return [];
  return mountedFiles(input, (path) => /(^|\/)(postgres|postgresql|custom-postgresql)\.conf$/.test(path))
    .filter(({ path, source }) => !reader.loaded.has(path) && setsSomething(source, 'postgresql'))
    .map((file) => ({ ...file, why: 'not-named' as const }));
}
