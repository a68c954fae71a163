import type { Pool, PoolFault } from '../../pool.ts';
import { unknown, type Value } from '../../value.ts';
import { type DatabaseUrl, urlOf } from '../database-url.ts';
import { dependencyVersion, isBelow } from '../dependencies.ts';
import type { PythonMap, PythonObject } from '../python-data.ts';
import type { PythonProgram } from '../python-program.ts';
import { asMap, asText, type PythonValue, referenceName } from '../python-value.ts';
import { engineOf, hostOf, makePool, type PoolParts } from './make-pool.ts';
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
  const isAsync = /async/.test(args.object.callee) || (url.known && url.value.async);
  return enginePool(given, { library: 'sqlalchemy', ...from, url, async: isAsync });
}

/** The pool that engine arguments describe; also used for Flask-SQLAlchemy's engine options. */
export function enginePool(
  args: Arguments,
  engine: Pick<PoolParts, 'library' | 'alias' | 'async'> & {
    readonly program: PythonProgram;
    readonly url: Value<DatabaseUrl>;
    readonly recycle?: Value<number | null>;
  },
): Pool | undefined {
  const poolClass = writtenSetting(args, { names: ['poolclass'] });
  const className = poolClass && lastPart(poolClass);
  if (className === 'NullPool' || (!poolClass && opensPerThread(engine))) return undefined;
  const single = className === 'StaticPool' || className === 'AssertionPool' || className === 'SingletonThreadPool';
  const sizes =
    single && poolClass ? singleConnection(poolClass) : queueSizes(args, { poolClass, program: engine.program });
  const written = (name: string) => args.object.keywords.has(name);
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
    timeoutSeconds: optionalNumberSetting(args, { names: ['pool_timeout'], fallback: 'sqlalchemy.pool_timeout' }),
    recycleSeconds:
      (written('pool_recycle') ? undefined : engine.recycle) ??
      changeEach(
        optionalNumberSetting(args, { names: ['pool_recycle'], fallback: 'sqlalchemy.pool_recycle' }),
        (seconds) => (seconds !== null && seconds < 0 ? null : seconds),
      ),
    prePing: switchSetting(args, { names: ['pool_pre_ping'], fallback: 'sqlalchemy.pool_pre_ping' }),
    engine: engineOf(engine.url),
    store: hostOf(engine.url),
    async: engine.async,
    faults: urlFaults(engine.url),
  });
}

// SQLite in memory has a connection for each thread; its files are pooled from SQLAlchemy 2 on.
function opensPerThread(engine: { readonly url: Value<DatabaseUrl>; readonly program: PythonProgram }): boolean {
  if (!engine.url.known || engine.url.value.engine !== 'sqlite') return false;
  return engine.url.value.inMemory || isBelow(dependencyVersion(engine.program, 'SQLAlchemy'), 2) !== false;
}

function queueSizes(
  args: Arguments,
  how: { readonly poolClass: PythonValue | undefined; readonly program: PythonProgram },
): { size: Value<number>; overflow: Value<number> } {
  const { poolClass, program } = how;
  const size = numberSetting(args, { names: ['pool_size'], fallback: 'sqlalchemy.pool_size' });
  const overflow = numberSetting(args, { names: ['max_overflow'], fallback: 'sqlalchemy.max_overflow' });
  if (poolClass && !poolClass.known) {
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

function singleConnection(poolClass: PythonValue): { size: Value<number>; overflow: Value<number> } {
  const one = (value: number): Value<number> => ({ known: true, value, at: poolClass.at, trail: poolClass.trail });
  return { size: one(1), overflow: one(0) };
}

function lastPart(value: PythonValue): string | undefined {
  return referenceName(value)?.split('.').at(-1);
}

// The driver of MySQL Connector/Python is the one that reads pool settings from the URL.
function urlFaults(url: Value<DatabaseUrl>): readonly PoolFault[] {
  if (!url.known || url.value.driver === 'mysqlconnector') return [];
  return ['pool_size', 'max_overflow', 'pool_recycle', 'pool_timeout']
    .filter((name) => url.value.query.has(name))
    .map((setting) => ({
      kind: 'setting-ignored' as const,
      setting,
      says: 'SQLAlchemy hands the URL query to the driver and never reads pool settings from it',
      at: url.at,
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
  const keywords = new Map([...entries, ...object.keywords]);
  const configured: PythonObject = {
    ...object,
    positional: [],
    keywords,
    complete: object.complete && map?.complete === true && start !== undefined,
  };
  return { ...args, object: configured };
}
