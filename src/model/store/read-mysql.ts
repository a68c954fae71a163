import { documentedDefaults } from '../../capacity/defaults.ts';
import type { SettingLine } from '../../parse/settings-file.ts';
import type { SourceText } from '../../text/source-text.ts';
import { defaultHop } from '../process/server-settings.ts';
import type { DatabaseMemory, UnloadedFile } from '../stack.ts';
import { known, mapValue, sum, type Value } from '../value.ts';
import {
  doubtfulStep,
  type FileReader,
  hiddenStep,
  readConfigurationFile,
  readConfigurationFolder,
} from './configuration-files.ts';
import { readInitScripts } from './init-scripts.ts';
import { readOptionText, readServerArguments, switchStep } from './server-arguments.ts';
import { isAtLeast, readServerImage, type ServerImage } from './server-image.ts';
import { readMysqlNumber, readMysqlSwitch, toNumber, toSwitch } from './setting-values.ts';
import type { StoreInput } from './store-input.ts';
import { hiddenReason, lineValue, lookUp, type SettingStep, underscored } from './store-settings.ts';
import { dockerfileStep, mountedFiles, setsSomething } from './unloaded-files.ts';

/** What a MySQL or MariaDB server is told. */
export interface MysqlReading {
  readonly maxConnections: Value<number>;
  readonly waitTimeoutSeconds: Value<number>;
  readonly slowQueryLog: Value<boolean>;
  readonly memory: DatabaseMemory;
  readonly unloadedFiles: readonly UnloadedFile[];
}

/** Reads a server's limits: option files in the order of the image, then its command line; the last one wins. */
export function readMysql(input: StoreInput): MysqlReading {
  const image = readServerImage(input.image);
  const reader = fileReader(input, image);
  const given = readServerArguments(input.command, { style: 'mysql', at: input.at });
  const steps = [
    ...dockerfileStep(input, /\bmy\.cnf\b|\/(conf\.d|mysql\.conf\.d|mariadb\.conf\.d)\//),
    ...optionFiles(given.steps, { input, image, reader }),
    ...readInitScripts(input, { persists: isAtLeast(image.version, [8]) || image.version.length === 0 }),
    ...given.steps.map(normalised),
    ...extraFlags(input),
  ];
  const written = lookUp(steps, 'max_connections');
  const waitTimeout = lookUp(steps, 'wait_timeout');
  return {
    maxConnections: written
      ? mapValue(toNumber(written, { name: 'max_connections', read: readMysqlNumber }), (count) =>
          Math.min(Math.max(count, input.engine === 'mariadb' ? 10 : 1), 100_000),
        )
      : defaultNumber(input, 'max_connections'),
    waitTimeoutSeconds: waitTimeout
      ? toNumber(waitTimeout, { name: 'wait_timeout', read: readMysqlNumber })
      : defaultNumber(input, 'wait_timeout'),
    slowQueryLog: readSlowQueryLog(steps, input),
    memory: readMemory(steps, input),
    unloadedFiles: unloaded(input, { steps, image, reader }),
  };
}

function defaultNumber(input: StoreInput, setting: 'max_connections' | 'wait_timeout' | MemorySetting): Value<number> {
  const id = `${input.engine === 'mariadb' ? 'mariadb' : 'mysql'}.${setting}` as const;
  return known(documentedDefaults[id].value, input.at, [defaultHop(id)]);
}

function readSlowQueryLog(steps: readonly SettingStep[], { engine, at }: StoreInput): Value<boolean> {
  const written = lookUp(steps, 'slow_query_log', ...(engine === 'mariadb' ? ['log_slow_query'] : []));
  if (written) return toSwitch(written, readMysqlSwitch);
  return known(false, at, [defaultHop(engine === 'mariadb' ? 'mariadb.slow_query_log' : 'mysql.slow_query_log')]);
}

type MemorySetting = 'innodb_buffer_pool_size' | (typeof perConnection)[number];

/** What MySQLTuner adds up for each connection, without the stack and temporary tables. */
const perConnection = [
  'sort_buffer_size',
  'join_buffer_size',
  'read_buffer_size',
  'read_rnd_buffer_size',
  'binlog_cache_size',
] as const;

function readMemory(steps: readonly SettingStep[], input: StoreInput): DatabaseMemory {
  const read = (setting: MemorySetting): Value<number> => {
    const written = lookUp(steps, setting);
    return written ? toNumber(written, { name: setting, read: readMysqlNumber }) : defaultNumber(input, setting);
  };
  const dedicated = lookUp(steps, 'innodb_dedicated_server');
  const isDedicated = dedicated && !(dedicated.known && readMysqlSwitch(dedicated.value) === false);
  const cacheBytes = read('innodb_buffer_pool_size');
  return {
    cacheName: 'innodb_buffer_pool_size',
    cacheBytes:
      isDedicated && lookUp(steps, 'innodb_buffer_pool_size') === undefined
        ? { known: false, why: 'innodb_dedicated_server sizes it by the machine', at: dedicated.at, trail: [] }
        : cacheBytes,
    perConnectionBytes: sum(perConnection.map(read), input.at),
  };
}

/** The groups that the server reads; of a version's own group it is certain only when the tag says the version. */
function fileReader(input: StoreInput, image: ServerImage): FileReader {
  const groups =
    input.engine === 'mariadb' ? /^(mysqld|server|mariadb|mariadbd|client-server|galera)$/ : /^(mysqld|server)$/;
  const step = (line: SettingLine, source: SourceText): SettingStep | undefined => {
    const versioned = /^(?:mysqld|mariadb|mariadbd)-(\d+)\.(\d+)$/.exec(line.section);
    if (!versioned && !groups.test(line.section)) return undefined;
    const [major, minor] = image.version;
    const isOwn = Number(versioned?.[1]) === major && Number(versioned?.[2]) === minor;
    if (versioned && minor !== undefined && !isOwn) return undefined;
    const name = underscored(line.name).replace(/^loose_/, '');
    const at = { source, span: line.nameSpan };
    if (versioned && !isOwn)
      return doubtfulStep(name, `the version that reads [${line.section}] is not known`, { line, source });
    return line.value === undefined ? switchStep(name, at) : { name, value: lineValue(line, { source, alone: '1' }) };
  };
  return { input, dialect: 'mysql', step, takes: (name) => /\.cnf$/.test(name), loaded: new Set() };
}

function normalised(step: SettingStep): SettingStep {
  return 'hidden' in step ? step : { ...step, name: step.name.replace(/^loose_/, '') };
}

/**
 * The option files in the order they are read. `--defaults-file` replaces them all; a main file of one's own loads the
 * folders it names itself, that of the image the folders it is documented to name.
 */
function optionFiles(
  options: readonly SettingStep[],
  read: { input: StoreInput; image: ServerImage; reader: FileReader },
): readonly SettingStep[] {
  const { input, reader } = read;
  const option = (name: string) => options.find((step) => 'name' in step && step.name === name);
  if (option('no_defaults')) return [];
  const only = fileNamedBy(option('defaults_file'), reader);
  if (only) return only;
  const main = read.image.family === 'official' ? mainFiles(read) : undefined;
  const extra = fileNamedBy(option('defaults_extra_file'), reader) ?? [];
  const foreign = hiddenStep('the image may bring a configuration of its own', input);
  return [...(main ?? [foreign, ...folderSteps(['/etc/mysql/conf.d'], read.reader)]), ...extra];
}

function fileNamedBy(step: SettingStep | undefined, reader: FileReader): readonly SettingStep[] | undefined {
  if (!step || 'hidden' in step) return undefined;
  if (!step.value.known) return [{ hidden: step.value.why, at: step.value.at }];
  return readConfigurationFile(step.value.value, reader);
}

/** /etc/my.cnf, then /etc/mysql/my.cnf: the image's own stands where the user puts none (docker-library mysql, mariadb). */
function mainFiles(read: { input: StoreInput; image: ServerImage; reader: FileReader }): readonly SettingStep[] {
  const { input, image, reader } = read;
  const own = imageFolders(input, image);
  return ['/etc/my.cnf', '/etc/mysql/my.cnf'].flatMap((path) => {
    const isThere = input.fileAt(path) !== undefined || input.mounts.some(({ target }) => target === path);
    if (isThere) return readConfigurationFile(path, reader);
    return path === own.file ? folderSteps(own.folders, reader) : [];
  });
}

function folderSteps(folders: readonly string[], reader: FileReader): readonly SettingStep[] {
  return folders.flatMap((folder) => readConfigurationFolder(folder, reader));
}

/** The main file of the image, and the folders that it includes, in order. */
function imageFolders(input: StoreInput, image: ServerImage): { file: string; folders: readonly string[] } {
  // The image of MariaDB turns Debian's order round, so that the documented conf.d comes last.
  if (input.engine === 'mariadb')
    return { file: '/etc/mysql/my.cnf', folders: ['/etc/mysql/mariadb.conf.d', '/etc/mysql/conf.d'] };
  const folders = ['/etc/mysql/conf.d', '/etc/mysql/mysql.conf.d'];
  if (mysqlBase(image) === 'oracle') return { file: '/etc/my.cnf', folders: folders.slice(0, 1) };
  return { file: '/etc/mysql/my.cnf', folders };
}

/** MySQL's image is built on Oracle Linux since 8.1; older tags without a suffix changed in between. */
export function mysqlBase(image: ServerImage): 'oracle' | 'debian' | 'either' {
  if (/debian|bookworm|bullseye|buster/.test(image.tag)) return 'debian';
  const isNew = image.version.length === 0 || isAtLeast(image.version, [8, 1]) || image.version.length === 1;
  if (/oracle/.test(image.tag) || (isNew && !(image.version[0] !== undefined && image.version[0] < 8))) return 'oracle';
  return 'either';
}

/** Bitnami's images pass the words of a variable on; others read none. */
function extraFlags(input: StoreInput): readonly SettingStep[] {
  const { environment, at } = input;
  const flags = environment.variables.get('MARIADB_EXTRA_FLAGS') ?? environment.variables.get('MYSQL_EXTRA_FLAGS');
  if (!flags || readServerImage(input.image).family !== 'bitnami') return [];
  return readOptionText(flags, { style: 'mysql', at }).map(normalised);
}

/** Files in the folders that are included, under names that are not: only `*.cnf` is read. */
function unloaded(
  input: StoreInput,
  read: { steps: readonly SettingStep[]; image: ServerImage; reader: FileReader },
): readonly UnloadedFile[] {
  const { steps, image, reader } = read;
  if (image.family !== 'official' || hiddenReason(steps) !== undefined) return [];
  const folders = imageFolders(input, image).folders;
  const named = mountedFiles(input, (path) => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    return folders.includes(folder) && /\.(conf|ini|cfg)$|\/(my|mysql|mysqld|mariadb)$/.test(path);
  }).map((file) => ({ ...file, why: 'wrong-name' as const }));
  const elsewhere =
    input.engine === 'mysql' && mysqlBase(image) === 'oracle'
      ? mountedFiles(input, (path) => /^\/etc\/(mysql\/mysql\.conf\.d|my\.cnf\.d)\/[^/]+\.cnf$/.test(path))
      : [];
  return [...named, ...elsewhere.map((file) => ({ ...file, why: 'folder-not-read' as const }))].filter(
    ({ path, source }) => !reader.loaded.has(path) && setsSomething(source, 'mysql'),
  );
}
