import type { Pool, PoolFault } from '../../pool.ts';
import { known, unknown, type Value } from '../../value.ts';
import { toInteger } from '../casts.ts';
import { type DatabaseUrl, urlOf } from '../database-url.ts';
import { dependencyVersion, isBelow, listedPackages } from '../dependencies.ts';
import type { PythonMap, PythonObject } from '../python-data.ts';
import type { PythonProgram } from '../python-program.ts';
import { asMap, asText, type PythonValue } from '../python-value.ts';
import { type EngineRequest, engineFaults, type PoolClass, poolClassOf } from './engine-faults.ts';
import { engineOf, hostOf, makePool } from './make-pool.ts';
import {
  type Arguments,
  changeEach,
  defaultNumber,
  numberSetting,
  optionalNumberSetting,
  switchSetting,
  writtenSetting,
} from './pool-setting.ts';

/** Last parts of the names of the calls that make SQLAlchemy engines. */
export const engineCalls: ReadonlySet<string> = new Set([
  'create_engine',
  'create_async_engine',
  'engine_from_config',
  'async_engine_from_config',
]);

/** True for the dotted names of SQLAlchemy's and SQLModel's engine functions. */
export function isEngineCall(callee: string): boolean {
  return /^(sqlalchemy|sqlmodel)\.([\w.]+\.)?(async_)?(create_engine|create_async_engine|engine_from_config)$/.test(
    callee,
  );
}

/** The pool of an engine; undefined for engines without one (NullPool). */
export function sqlalchemyPool(
  args: Arguments,
  from: { readonly program: PythonProgram; readonly alias: string | undefined },
): Pool | undefined {
  const isConfigured = args.object.callee.endsWith('engine_from_config');
  const given = isConfigured ? configuredArguments(args) : args;
  const urlValue = given.object.keywords.get('url') ?? given.object.positional[0];
  const url: Value<DatabaseUrl> = urlValue
    ? urlOf(urlValue)
    : unknown('the URL is not in the files that were read', given.object.at);
  const isAsync = /async/.test(args.object.callee);
  return enginePool(given, { library: 'sqlalchemy', ...from, url, async: isAsync });
}

/** The pool that engine arguments describe; also used for Flask-SQLAlchemy's engine options. */
export function enginePool(
  args: Arguments,
  engine: EngineRequest & { readonly alias: string | undefined; readonly recycle?: Value<number | null> },
): Pool | undefined {
  if (lacksDriver(engine)) return undefined;
  const poolClass = poolClassOf(args, engine);
  const refused = engineFaults(args, engine);
  const keepsNone = poolClass === 'NullPool' || poolClass === 'SingletonThreadPool' || isUnclearFile(engine, args);
  if (keepsNone && refused.length === 0) return undefined;
  const isSingle = poolClass === 'StaticPool' || poolClass === 'AssertionPool';
  const sizes = isSingle ? singleConnection(args) : queueSizes(args, { poolClass, program: engine.program });
  const written = (name: string) => args.object.keywords.has(name);
  const isQueue = poolClass === 'QueuePool' || poolClass === 'AsyncAdaptedQueuePool';
  return makePool({
    library: engine.library,
    kind: 'database',
    alias: engine.alias,
    at: args.object.at,
    sizeName: 'pool_size',
    overflowName: 'max_overflow',
    ...sizes,
    sizeWritten: written('pool_size') || written('max_overflow'),
    opensEagerly: defaultNumber(args, 'sqlalchemy.opens_eagerly'),
    timeoutSeconds: isQueue
      ? optionalNumberSetting(args, { names: ['pool_timeout'], fallback: 'sqlalchemy.pool_timeout' })
      : unknown('this class of pool does not wait', args.object.at),
    recycleSeconds:
      (written('pool_recycle') ? undefined : engine.recycle) ??
      changeEach(
        optionalNumberSetting(args, { names: ['pool_recycle'], fallback: 'sqlalchemy.pool_recycle' }),
        (seconds) => (seconds !== null && seconds < 0 ? null : seconds),
      ),
    prePing: switchSetting(args, { names: ['pool_pre_ping'], fallback: 'sqlalchemy.pool_pre_ping' }),
    engine: engineOf(engine.url),
    store: hostOf(engine.url),
    async: engine.async || (engine.url.known && engine.url.value.async),
    faults: [...refused, ...urlFaults(engine.url)],
  });
}

// An engine whose driver is not installed is one that this deployment never makes.
function lacksDriver({ url, program }: EngineRequest): boolean {
  const name = url.known && url.value.driver !== undefined ? driverPackages.get(url.value.driver) : undefined;
  const packages = name === undefined ? undefined : listedPackages(program);
  if (!packages?.has('sqlalchemy')) return false;
  return ![...packages].some((listed) => listed.includes(name ?? ''));
}

const driverPackages: ReadonlyMap<string, string> = new Map([
  ['asyncpg', 'asyncpg'],
  ['psycopg', 'psycopg'],
  ['psycopg2', 'psycopg2'],
  ['pg8000', 'pg8000'],
  ['pymysql', 'pymysql'],
  ['aiomysql', 'aiomysql'],
  ['asyncmy', 'asyncmy'],
  ['mysqldb', 'mysqlclient'],
  ['mysqlconnector', 'mysql-connector'],
]);

// Whether SQLite's files are pooled depends on the version of SQLAlchemy, which is not always known.
function isUnclearFile(engine: EngineRequest, args: Arguments): boolean {
  const isSqlite = engine.url.known && engine.url.value.engine === 'sqlite';
  return isSqlite && poolClassOf(args, engine) === undefined && !args.object.keywords.has('poolclass');
}

function queueSizes(
  args: Arguments,
  how: { readonly poolClass: PoolClass | undefined; readonly program: PythonProgram },
): { size: Value<number>; overflow: Value<number> } {
  const { poolClass, program } = how;
  const size = numberSetting(args, { names: ['pool_size'], fallback: 'sqlalchemy.pool_size' });
  const overflow = numberSetting(args, { names: ['max_overflow'], fallback: 'sqlalchemy.max_overflow' });
  if (poolClass !== 'QueuePool' && poolClass !== 'AsyncAdaptedQueuePool') {
    const why = 'the class of the pool is not known';
    return {
      size: unknown(why, size.at, { trail: size.trail }),
      overflow: unknown(why, overflow.at, { trail: overflow.trail }),
    };
  }
  return {
    size: sizeOfZero(size, isBelow(dependencyVersion(program, 'SQLAlchemy'), 2)),
    overflow: changeEach(overflow, (number) => (number < 0 ? Number.POSITIVE_INFINITY : number)),
  };
}

// SQLAlchemy 2 takes a size of 0 for no limit, as all versions do with a negative overflow; 1.4 keeps none open.
function sizeOfZero(size: Value<number>, isOld: boolean | undefined): Value<number> {
  if (isOld) return size;
  if (isOld === undefined && size.known && size.value === 0)
    return unknown('what 0 means depends on the version of SQLAlchemy', size.at, { trail: size.trail });
  return changeEach(size, (number) => (number === 0 ? Number.POSITIVE_INFINITY : number));
}

function singleConnection(args: Arguments): { size: Value<number>; overflow: Value<number> } {
  const { at, trail } = writtenSetting(args, { names: ['poolclass'] }) ?? { at: args.object.at, trail: args.trail };
  return { size: known(1, at, trail), overflow: known(0, at, trail) };
}

// The driver of MySQL Connector/Python is the one that reads pool settings from the URL.
function urlFaults(url: Value<DatabaseUrl>): readonly PoolFault[] {
  if (!url.known || url.value.driver === 'mysqlconnector') return [];
  const { query } = url.value;
  const meant = ['pool_size', 'max_overflow', 'pool_recycle', 'pool_timeout'].flatMap((key) => {
    const text = query.get(key);
    return text === undefined ? [] : [{ key, text }];
  });
  return meant.map(({ key }) => ({
    kind: 'setting-ignored',
    setting: key,
    says: 'SQLAlchemy hands the URL query to the driver and never reads pool settings from it',
    at: url.at,
    meant,
  }));
}

// engine_from_config({'sqlalchemy.url': ..., 'sqlalchemy.pool_size': ...}, prefix='sqlalchemy.')
function configuredArguments(args: Arguments): Arguments {
  const { object } = args;
  const first = object.positional[0] ?? object.keywords.get('configuration');
  const map: PythonMap | undefined = asMap(first);
  const prefixValue = object.keywords.get('prefix') ?? object.positional[1];
  const prefix = prefixValue ? asText(prefixValue) : undefined;
  const start = prefix === undefined ? 'sqlalchemy.' : prefix.known ? prefix.value : undefined;
  const entries = [...(map?.entries ?? [])].flatMap(([key, value]) =>
    start !== undefined && key.startsWith(start) ? [[key.slice(start.length), value] as const] : [],
  );
  const keywords = new Map([...entries, ...object.keywords].map(([name, value]) => [name, coerced(name, value)]));
  const configured: PythonObject = {
    ...object,
    positional: [],
    keywords,
    complete: object.complete && map?.complete === true && start !== undefined,
  };
  return { ...args, object: configured };
}

// sqlalchemy/engine/default.py: engine_config_types
function coerced(name: string, value: PythonValue): PythonValue {
  if (!/^(pool_size|max_overflow|pool_timeout|pool_recycle)$/.test(name)) return value;
  const number = toInteger(value);
  return number.known ? number : value;
}
