import { documentedDefaults } from '../../capacity/defaults.ts';
import { parseSettings, type SettingLine } from '../../parse/settings-file.ts';
import { splitCommandLine } from '../../parse/shell-words.ts';
import { type MappedText, sliceMapped, unknownReason } from '../../text/mapped-text.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import { readNumber } from '../mapped-value.ts';
import { defaultHop } from '../process/server-settings.ts';
import type { CommandLine, Environment, RedisFacts, Store, StoreEngine } from '../stack.ts';
import { known, mapValue, unknown, type Value, withHop } from '../value.ts';
import { readDatabaseArguments, readRedisArguments, type ServerArguments } from './server-arguments.ts';

/** What a store's service gives to read its limits from. */
export interface StoreInput {
  readonly name: string;
  readonly engine: StoreEngine;
  readonly at: Location;
  /** Name of the image that runs, where it is known. */
  readonly image: string | undefined;
  readonly command: CommandLine | undefined;
  readonly environment: Environment;
  /** Text of the file at a container path, from bind mounts and COPY. */
  readonly fileAt: (containerPath: string) => SourceText | undefined;
  /** Files mounted into a container folder. */
  readonly filesIn: (containerFolder: string) => readonly SourceText[];
  /** Container paths on which something is mounted. */
  readonly mountedAt: ReadonlySet<string>;
}

/** Reads a store's limits: command line over configuration file over documented default. */
export function readStore(input: StoreInput): Store {
  const { words, hidden } = serverWords(input.command);
  const isRedis = input.engine === 'redis' || input.engine === 'valkey' || input.engine === 'keydb';
  const options = isRedis ? readRedisArguments(words, input.at) : readDatabaseArguments(words, input.at);
  const configuration = isRedis ? redisFile(input, options) : databaseFile(input, options);
  const settings: Settings = { input, options, lines: configuration.lines, missing: configuration.missing ?? hidden };
  const maxConnections = readMaxConnections(settings);
  return {
    name: input.name,
    engine: input.engine,
    at: input.at,
    service: input.name,
    maxConnections,
    usableConnections: usable(settings, maxConnections),
    slowQueryLog: readSlowQueryLog(settings),
    redis: isRedis ? readRedis(settings) : undefined,
    command: input.command,
    configurationFile: configuration.source,
  };
}

interface Settings {
  readonly input: StoreInput;
  readonly options: ServerArguments;
  readonly lines: readonly (SettingLine & { readonly source: SourceText })[];
  /** Why a configuration file that the server loads could not be read. */
  readonly missing: string | undefined;
}

const serverProgram =
  /(^|\/)(postgres|mysqld|mysqld_safe|mariadbd|redis-server|valkey-server|keydb-server|pgbouncer|memcached|mongod)$/;

interface ServerWords {
  readonly words: readonly MappedText[];
  /** Why the server may get options that are not among the words. */
  readonly hidden: string | undefined;
}

/**
 * Arguments of the server itself: the image's entrypoint puts its program in front of a command of options, a shell's
 * `-c` holds it in its text, and a script of one's own may pass anything.
 */
function serverWords(command: CommandLine | undefined): ServerWords {
  const all = command?.words ?? [];
  const words = all.flatMap((word) => (/\s/.test(word.text) && isShell(all[0]) ? splitAtBlanks(word) : [word]));
  // The value of an option (a password) hides nothing.
  const unknownWord = words.find(
    (word, index) =>
      word.segments.length === 1 && unknownReason(word) !== undefined && !words[index - 1]?.text.startsWith('-'),
  );
  const program = words.findIndex((word) => serverProgram.test(word.text));
  const first = words[0]?.text ?? '';
  const hidden =
    unknownWord !== undefined
      ? unknownReason(unknownWord)
      : program === -1 && first !== '' && !/^-|(^|\/)docker-entrypoint\.sh$/.test(first)
        ? `${first.slice(first.lastIndexOf('/') + 1)} starts the server`
        : undefined;
  return { words: words.slice(program + 1), hidden };
}

function isShell(word: MappedText | undefined): boolean {
  return word !== undefined && /(^|\/)(sh|bash|ash|dash)$/.test(word.text);
}

function splitAtBlanks(word: MappedText): readonly MappedText[] {
  return splitCommandLine(word.text).map(({ span }) => sliceMapped(word, span));
}

function find(settings: Settings, name: string): Value<string> | undefined {
  const option = settings.options.settings.get(name) ?? settings.options.settings.get(name.replaceAll('_', '-'));
  if (option) return option;
  const line = settings.lines.findLast(
    (candidate) => candidate.name.replaceAll('-', '_').toLowerCase() === name.replaceAll('-', '_'),
  );
  if (line) {
    const at = { source: line.source, span: line.valueSpan };
    return known(line.value, at, [{ at, says: `${line.name} in ${line.source.path}` }]);
  }
  return settings.missing === undefined ? undefined : unknown(settings.missing, settings.input.at);
}

function readMaxConnections(settings: Settings): Value<number> {
  const { engine, at, environment } = settings.input;
  if (engine === 'pgbouncer') return readPgbouncerClients(settings, environment);
  if (engine !== 'postgresql' && engine !== 'mysql' && engine !== 'mariadb')
    return unknown('not read for this kind of server', at);
  const written = find(settings, 'max_connections');
  if (written) return toNumber(written, 'max_connections');
  const image =
    environment.variables.get('POSTGRESQL_MAX_CONNECTIONS') ?? environment.variables.get('MYSQL_MAX_CONNECTIONS');
  if (image) return toNumber(image, 'max_connections');
  const id = `${engine}.max_connections` as const;
  return known(documentedDefaults[id].value, at, [defaultHop(id)]);
}

function readPgbouncerClients(settings: Settings, environment: Environment): Value<number> {
  const variable =
    environment.variables.get('MAX_CLIENT_CONN') ?? environment.variables.get('PGBOUNCER_MAX_CLIENT_CONN');
  // The images write their file from variables only when none is mounted.
  const inFile = settings.lines.length > 0;
  const written = (inFile ? undefined : variable) ?? find(settings, 'max_client_conn');
  if (written) return toNumber(written, 'max_client_conn');
  if (!inFile && !environment.complete)
    return unknown(environment.why ?? 'the environment is not known', settings.input.at);
  return known(100, settings.input.at, [defaultHop('pgbouncer.max_client_conn')]);
}

function usable(settings: Settings, maxConnections: Value<number>): Value<number> {
  if (settings.input.engine !== 'postgresql') return maxConnections;
  const reserved = ['superuser_reserved_connections', 'reserved_connections'].map((name) => find(settings, name));
  const superuser = reserved[0] ? toNumber(reserved[0], 'superuser_reserved_connections') : undefined;
  const count = superuser?.known ? superuser.value : 3;
  const extra = reserved[1] ? toNumber(reserved[1], 'reserved_connections') : undefined;
  const total = count + (extra?.known ? extra.value : 0);
  const hop = superuser?.known
    ? { at: superuser.at, says: `${count} reserved for superusers` }
    : defaultHop('postgresql.superuser_reserved_connections');
  const reduced = mapValue(maxConnections, (value) => value - total);
  return { ...reduced, trail: [...reduced.trail, hop] };
}

function readSlowQueryLog(settings: Settings): Value<boolean> | undefined {
  const { engine, at } = settings.input;
  if (engine === 'mysql' || engine === 'mariadb') {
    const written = find(settings, 'slow_query_log') ?? find(settings, 'log_slow_query');
    if (written) return mapValue(written, (text) => /^(1|on|true|yes)$/i.test(text));
    return known(false, at, [defaultHop(`${engine}.slow_query_log`)]);
  }
  if (engine !== 'postgresql') return undefined;
  const written = find(settings, 'log_min_duration_statement');
  if (written) return mapValue(written, (text) => !/^-1/.test(text));
  const preloaded = find(settings, 'shared_preload_libraries') ?? find(settings, 'log_min_duration_sample');
  if (preloaded) return mapValue(preloaded, (text) => /auto_explain|pg_stat_statements|^\d/.test(text));
  return known(false, at, [defaultHop('postgresql.log_min_duration_statement')]);
}

function readRedis(settings: Settings): RedisFacts {
  const { at } = settings.input;
  const hidden = hiddenRedisOptions(settings);
  const maxMemory = find(settings, 'maxmemory');
  const policy = find(settings, 'maxmemory-policy');
  const append = find(settings, 'appendonly');
  const save = find(settings, 'save');
  const other = <T>(): Value<T> | undefined => (hidden === undefined ? undefined : unknown(hidden, at));
  return {
    maxMemoryBytes: maxMemory
      ? toMemory(maxMemory)
      : (other<number | null>() ?? known(null, at, [defaultHop('redis.maxmemory')])),
    maxMemoryPolicy: policy ?? other<string>() ?? known('noeviction', at, [defaultHop('redis.maxmemory-policy')]),
    persists:
      append?.known || save?.known
        ? known(
            (append?.known && /^yes$/i.test(append.value)) || (save?.known === true && save.value.trim() !== ''),
            append?.at ?? save?.at ?? at,
          )
        : (other<boolean>() ?? known(false, at, [defaultHop('redis.appendonly')])),
  };
}

/** Variables through which some images pass further options to the server. */
function hiddenRedisOptions(settings: Settings): string | undefined {
  for (const name of settings.input.environment.variables.keys()) {
    if (
      /^(REDIS_ARGS|REDIS_EXTRA_FLAGS|VALKEY_EXTRA_FLAGS|VALKEY_ARGS|REDIS_MAXMEMORY.*|REDIS_CONF.*|REDIS_OVERRIDES_FILE)$/.test(
        name,
      )
    ) {
      return `${name} passes further options`;
    }
  }
  // The official images take no options from variables, so a missing env file hides none.
  const { image, environment } = settings.input;
  return environment.complete || (image !== undefined && !/bitnami|stack|chainguard|opstree/.test(image))
    ? undefined
    : environment.why;
}

interface ConfigurationFile {
  readonly source: SourceText | undefined;
  readonly lines: Settings['lines'];
  readonly missing: string | undefined;
}

function redisFile(input: StoreInput, options: ServerArguments): ConfigurationFile {
  const named = options.operands.find((word) => /\.conf$/.test(word.text));
  if (!named) return { source: undefined, lines: [], missing: undefined };
  const source = input.fileAt(named.text);
  if (!source)
    return {
      source: undefined,
      lines: [],
      missing: 'the configuration file that the command names is not in the workspace',
    };
  return { source, lines: linesOf(source, 'blank'), missing: undefined };
}

function databaseFile(input: StoreInput, options: ServerArguments): ConfigurationFile {
  const none = { source: undefined, lines: [], missing: undefined };
  if (input.engine === 'postgresql') {
    const named = options.settings.get('config_file');
    if (!named) return none;
    const source = named.known ? input.fileAt(named.value) : undefined;
    if (!source) return { ...none, missing: 'the configuration file that the command names is not in the workspace' };
    return { source, lines: linesOf(source, 'equals'), missing: undefined };
  }
  if (input.engine === 'pgbouncer') return pgbouncerFile(input);
  if (input.engine !== 'mysql' && input.engine !== 'mariadb') return none;
  const folders = ['/etc/mysql/conf.d', '/etc/mysql/mysql.conf.d', '/etc/mysql/mariadb.conf.d', '/etc/my.cnf.d'];
  const files = [input.fileAt('/etc/my.cnf'), input.fileAt('/etc/mysql/my.cnf'), ...folders.flatMap(input.filesIn)];
  const sources = files.filter((file) => file !== undefined);
  const lines = sources.flatMap((source) =>
    linesOf(source, 'equals').filter((line) => /^(mysqld|mariadb|mariadbd|server|mysqld-.*)$/.test(line.section)),
  );
  const unread = ['/etc/my.cnf', '/etc/mysql/my.cnf', ...folders].find((path) => input.mountedAt.has(path));
  const missing =
    sources.length === 0 && unread !== undefined ? `what is mounted at ${unread} is not in the workspace` : undefined;
  return { source: sources.at(-1), lines, missing };
}

function pgbouncerFile(input: StoreInput): ConfigurationFile {
  const path = '/etc/pgbouncer/pgbouncer.ini';
  const source = input.fileAt(path);
  const isHidden = input.mountedAt.has(path) || input.mountedAt.has('/etc/pgbouncer');
  if (!source)
    return { source, lines: [], missing: isHidden ? `what is mounted at ${path} is not in the workspace` : undefined };
  return {
    source,
    lines: linesOf(source, 'equals').filter((line) => line.section === 'pgbouncer'),
    missing: undefined,
  };
}

function linesOf(source: SourceText, style: 'equals' | 'blank') {
  return parseSettings(source.text, style).map((line) => ({ ...line, source }));
}

function toNumber(value: Value<string>, name: string): Value<number> {
  if (!value.known) return { ...unknown<number>(value.why, value.at), trail: value.trail };
  const number = readNumber(value.value, 'int');
  if (number === undefined) return unknown(`${name} is not a number`, value.at, { trail: value.trail });
  return known(
    number,
    value.at,
    value.trail.length > 0 ? value.trail : [{ at: value.at, says: `${name} of the server` }],
  );
}

/** Redis' memory units: `512mb` is 1024-based, `512m` is 1000-based. */
function toMemory(value: Value<string>): Value<number | null> {
  if (!value.known) return { ...unknown<number | null>(value.why, value.at), trail: value.trail };
  const match = /^(\d+)\s*(b|k|kb|m|mb|g|gb)?$/i.exec(value.value.trim());
  if (!match) return unknown('maxmemory is not an amount of memory', value.at, { trail: value.trail });
  const unit = (match[2] ?? 'b').toLowerCase();
  const factors: Readonly<Record<string, number>> = {
    b: 1,
    k: 1e3,
    kb: 2 ** 10,
    m: 1e6,
    mb: 2 ** 20,
    g: 1e9,
    gb: 2 ** 30,
  };
  const bytes = Number(match[1]) * (factors[unit] ?? 1);
  const result = known<number | null>(bytes === 0 ? null : bytes, value.at, value.trail);
  return value.trail.length > 0 ? result : withHop(result, { at: value.at, says: 'maxmemory of the server' });
}
