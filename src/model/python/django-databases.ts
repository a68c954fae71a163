import type { DefaultId } from '../../capacity/defaults.ts';
import { documentedDefaults } from '../../capacity/defaults.ts';
import type { Location } from '../../text/span.ts';
import type { DjangoDatabase, DjangoPoolSizes } from '../django.ts';
import type { StoreEngine } from '../stack.ts';
import { isDefault, known, unknown, type Value } from '../value.ts';
import { engineOfScheme } from './database-url.ts';
import { djangoPoolFaults } from './pools/django-pool-faults.ts';
import type { PythonMap } from './python-data.ts';
import type { PythonProgram } from './python-program.ts';
import {
  asMap,
  asNumber,
  asNumberOrNone,
  asText,
  asTruth,
  joinAlternatives,
  mapAlternatives,
  optionsOf,
  type PythonValue,
} from './python-value.ts';

/** The aliases of a DATABASES value; settings that differ between alternatives keep them per setting. */
export function readDatabases(databases: PythonValue, program: PythonProgram): readonly DjangoDatabase[] {
  const maps = (optionsOf(databases) ?? []).flatMap((option) => asMap(option) ?? []);
  const aliases = new Set(maps.flatMap((map) => [...map.entries.keys()]));
  return [...aliases].flatMap((alias) => {
    const holder = maps.find((map) => map.entries.has(alias));
    const values = maps.flatMap((map) => map.entries.get(alias) ?? []);
    const first = values[0];
    if (!first) return [];
    const at = holder?.keys?.get(alias) ?? first.at;
    const options = values.flatMap((value) => optionsOf(value) ?? []);
    const settings = options.flatMap((option) => asMap(option) ?? []).filter((map) => !isDummy(map));
    if (settings.length === 0) return options.some((option) => asMap(option)) ? [] : [unreadable(alias, at, first)];
    const [main, ...others] = [...new Set(settings)].map((map) => readDatabase(map, { alias, at, program }));
    return main ? [joinDatabases(main, others)] : [];
  });
}

// `'default': {}` is Django's way to have no database.
function isDummy(map: PythonMap): boolean {
  return map.complete && map.entries.size === 0;
}

function unreadable(alias: string, at: Location, value: PythonValue): DjangoDatabase {
  const why = value.known ? 'the settings of this database are not in the files that were read' : value.why;
  const missing = <T>(): Value<T> => unknown(why, value.at);
  return {
    alias,
    at,
    engine: missing(),
    host: missing(),
    connMaxAge: missing(),
    connMaxAgeWritten: false,
    healthChecks: missing(),
    pool: missing(),
    poolAt: undefined,
    dictAt: undefined,
  };
}

function readDatabase(map: PythonMap, where: { alias: string; at: Location; program: PythonProgram }): DjangoDatabase {
  const place = map.literal?.at ?? map.urlCall?.at ?? where.at;
  const engine = map.entries.get('ENGINE');
  const age = map.entries.get('CONN_MAX_AGE');
  const checks = map.entries.get('CONN_HEALTH_CHECKS');
  const absent = <T extends number | boolean | null>(id: DefaultId, value: T): Value<T> =>
    absentSetting(map, { id, value, place });
  const hasOwnPool = engine?.known && typeof engine.value === 'string' && engine.value.startsWith('dj_db_conn_pool');
  const pool = hasOwnPool
    ? { value: unknown<boolean>('dj_db_conn_pool keeps a pool of its own', place), written: undefined }
    : readPool(map, place);
  const isOn = pool.value.known && pool.value.value;
  return {
    alias: where.alias,
    at: where.at,
    engine: engine ? readEngine(engine) : unknown('ENGINE is not in the files that were read', place),
    host: readHost(map, place),
    connMaxAge: age ? asNumberOrNone(age) : absent<number | null>('django.conn_max_age', 0),
    connMaxAgeWritten: age !== undefined,
    healthChecks: checks ? asTruth(checks) : absent('django.conn_health_checks', false),
    pool: pool.value,
    poolAt: pool.written?.at,
    dictAt: map.literal?.node.kind === 'dict' ? map.literal.at : undefined,
    ...(isOn && pool.written && readOwnPool(pool.written, { map, program: where.program })),
    ...urlCallOf(map),
  };
}

function absentSetting<T>(map: PythonMap, how: { id: DefaultId; value: T; place: Location }): Value<T> {
  if (!map.complete) return unknown('the settings of this database are not fully known', how.place);
  return known(how.value, how.place, [
    { at: { default: how.id }, says: `${documentedDefaults[how.id].program}'s default` },
  ]);
}

function readEngine(value: PythonValue): Value<StoreEngine> {
  return mapAlternatives(asText(value), (option) => {
    const word = option.value.toLowerCase();
    const engine = /postg|psycopg|timescale/.test(word)
      ? 'postgresql'
      : /mysql/.test(word)
        ? 'mysql'
        : /sqlite|spatialite/.test(word)
          ? 'sqlite'
          : engineOfScheme(word.split('.').at(-1) ?? '');
    return engine === 'unknown'
      ? unknown('the database engine is not one that Headroom knows', option.at, { trail: option.trail })
      : { ...option, value: engine };
  });
}

function readHost(map: PythonMap, place: Location): Value<string> {
  const host = map.entries.get('HOST');
  if (!host)
    return map.complete ? known('localhost', place) : unknown('HOST is not in the files that were read', place);
  return mapAlternatives(asText(host), (option) => (option.value === '' ? { ...option, value: 'localhost' } : option));
}

interface PoolOption {
  readonly value: Value<boolean>;
  readonly written: PythonValue | undefined;
}

function readPool(map: PythonMap, place: Location): PoolOption {
  const off = absentSetting(map, { id: 'django.pool', value: false, place });
  const options = map.entries.get('OPTIONS');
  if (!options) return { value: off, written: undefined };
  const given = asMap(options);
  if (!given) {
    const alternatives = (optionsOf(options) ?? []).map(asMap);
    const isOff =
      alternatives.length > 0 && alternatives.every((option) => option?.complete && !option.entries.has('pool'));
    return {
      value: isOff ? off : unknown('OPTIONS is not in the files that were read', options.at, { trail: options.trail }),
      written: undefined,
    };
  }
  const pool = given.entries.get('pool');
  if (!pool) return { value: absentSetting(given, { id: 'django.pool', value: false, place }), written: undefined };
  return { value: asTruth(pool), written: pool };
}

function readOwnPool(
  pool: PythonValue,
  database: { readonly map: PythonMap; readonly program: PythonProgram },
): Pick<DjangoDatabase, 'poolSizes' | 'poolFaults'> {
  const poolSizes = readPoolSizes(asMap(pool), pool.at);
  const backend = database.map.entries.get('ENGINE');
  return { poolSizes, poolFaults: djangoPoolFaults(pool, { sizes: poolSizes, backend, program: database.program }) };
}

function readPoolSizes(map: PythonMap | undefined, place: Location): DjangoPoolSizes {
  const absent = (id: 'psycopg_pool.min_size' | 'psycopg_pool.timeout' | 'psycopg_pool.max_lifetime'): Value<number> =>
    map && !map.complete
      ? unknown('the settings of the pool are not fully known', place)
      : known(documentedDefaults[id].value, place, [{ at: { default: id }, says: "psycopg_pool's default" }]);
  const minimum = map?.entries.get('min_size');
  const maximum = map?.entries.get('max_size');
  const hasMaximum = maximum && !(maximum.known && maximum.value === null);
  const least = minimum ? asNumber(minimum) : absent('psycopg_pool.min_size');
  const timeout = map?.entries.get('timeout');
  const lifetime = map?.entries.get('max_lifetime');
  return {
    minimum: least,
    maximum: hasMaximum ? asNumber(maximum) : least,
    timeoutSeconds: timeout ? asNumberOrNone(timeout) : absent('psycopg_pool.timeout'),
    lifetimeSeconds: lifetime ? asNumberOrNone(lifetime) : absent('psycopg_pool.max_lifetime'),
    written: minimum !== undefined || hasMaximum === true,
  };
}

function urlCallOf(map: PythonMap): Pick<DjangoDatabase, 'urlCall'> {
  const call = map.urlCall;
  if (!call || !/^dj_database_url\.|dj_db_url$/.test(call.callee)) return {};
  const { source } = call.at;
  const { end } = call.node.argumentsSpan;
  return {
    urlCall: {
      at: call.at,
      argumentsEnd: { source, span: { start: end, end } },
      hasArguments: call.node.arguments.length > 0,
    },
  };
}

function joinDatabases(first: DjangoDatabase, others: readonly DjangoDatabase[]): DjangoDatabase {
  if (others.length === 0) return first;
  const read = [first, ...others];
  const join = <T>(pick: (database: DjangoDatabase) => Value<T>): Value<T> =>
    joinAlternatives(read.map(pick), pick(first).at);
  const written = read.find((database) => database.connMaxAgeWritten);
  const pool = join((database) => database.pool);
  const { poolSizes, poolFaults, ...plain } = first;
  return {
    ...plain,
    engine: join((database) => database.engine),
    host: join((database) => database.host),
    connMaxAge: join((database) => database.connMaxAge),
    connMaxAgeWritten: written !== undefined && !isDefault(written.connMaxAge),
    healthChecks: join((database) => database.healthChecks),
    pool,
    poolAt: read.find((database) => database.poolAt)?.poolAt,
    dictAt: undefined,
    ...(pool.known && poolSizes && { poolSizes }),
    ...(pool.known && poolFaults && { poolFaults }),
  };
}
