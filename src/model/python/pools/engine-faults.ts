import type { PoolFault } from '../../pool.ts';
import type { Value } from '../../value.ts';
import type { DatabaseUrl } from '../database-url.ts';
import { dependencyVersion, isBelow } from '../dependencies.ts';
import type { PythonProgram } from '../python-program.ts';
import { referenceName } from '../python-value.ts';
import { refusedArgument, textFaults } from './argument-faults.ts';
import { type Arguments, numberSetting, writtenSetting } from './pool-setting.ts';

/** What an engine is made for: its URL and whether SQLAlchemy's asyncio extension makes it. */
export interface EngineRequest {
  readonly library: 'sqlalchemy' | 'flask-sqlalchemy';
  readonly program: PythonProgram;
  readonly url: Value<DatabaseUrl>;
  /** True for `create_async_engine`. */
  readonly async: boolean;
}

/** SQLAlchemy's pool classes; "given" for a pool object, undefined where the class cannot be known. */
export type PoolClass =
  | 'QueuePool'
  | 'AsyncAdaptedQueuePool'
  | 'NullPool'
  | 'StaticPool'
  | 'AssertionPool'
  | 'SingletonThreadPool'
  | 'given';

/** The class of an engine's pool: as written, else the dialect's (sqlalchemy/dialects: get_pool_class). */
export function poolClassOf(args: Arguments, engine: EngineRequest): PoolClass | undefined {
  const isWritten = (name: string) => {
    const value = writtenSetting(args, { names: [name] });
    return value && !(value.known && value.value === null) ? value : undefined;
  };
  if (isWritten('pool')) return 'given';
  const { url } = engine;
  const isMemory = url.known && url.value.inMemory;
  // Flask-SQLAlchemy gives SQLite in memory a StaticPool, whatever the options say.
  if (isMemory && engine.library === 'flask-sqlalchemy') return 'StaticPool';
  const written = isWritten('poolclass');
  if (written) {
    const name = referenceName(written)?.split('.').at(-1);
    return poolClasses.find((known) => known === name);
  }
  const isAsync = isAsyncDialect(engine);
  if (url.known && url.value.engine === 'sqlite') {
    if (isMemory) return isAsync ? 'StaticPool' : 'SingletonThreadPool';
    const isOld = isBelow(dependencyVersion(engine.program, 'SQLAlchemy'), 2);
    if (isOld !== false) return isOld ? 'NullPool' : undefined;
  }
  return isAsync ? 'AsyncAdaptedQueuePool' : 'QueuePool';
}

const poolClasses = [
  'QueuePool',
  'AsyncAdaptedQueuePool',
  'NullPool',
  'StaticPool',
  'AssertionPool',
  'SingletonThreadPool',
] as const;

/** The arguments of an engine that SQLAlchemy refuses when the engine is made, or at its first connection. */
export function engineFaults(args: Arguments, engine: EngineRequest): readonly PoolFault[] {
  const poolClass = poolClassOf(args, engine);
  const refused = refusedByClass(args, { poolClass, engine });
  // SingletonThreadPool only counts with its pool_size, later.
  const known = new Set([
    ...refused.map(({ setting }) => setting),
    ...(poolClass === 'SingletonThreadPool' ? ['pool_size'] : []),
  ]);
  const texts = textFaults(args, { library: 'SQLAlchemy', names: ['pool_size', 'max_overflow'] });
  return [
    ...refused,
    ...unknownArguments(args, engine),
    ...texts.filter(({ setting }) => !known.has(setting)),
    ...numberFaults(args, known),
    ...mismatch(args, { poolClass, engine }),
  ];
}

function refusedByClass(
  args: Arguments,
  made: { readonly poolClass: PoolClass | undefined; readonly engine: EngineRequest },
): readonly PoolFault[] {
  const { poolClass, engine } = made;
  if (poolClass === undefined || poolClass.endsWith('QueuePool')) return [];
  const isDefault = !args.object.keywords.has('poolclass');
  if (isDefault && poolClass !== 'given' && !engine.url.known) return [];
  const name = poolClass === 'given' ? 'an engine that is given its pool' : poolClass;
  const why = isDefault && poolClass !== 'given' ? ', which SQLite gets here,' : '';
  return (poolClass === 'given' ? [...queueArguments, ...poolArguments] : queueArguments)
    .filter((setting) => args.object.keywords.has(setting))
    .filter((setting) => poolClass !== 'SingletonThreadPool' || setting !== 'pool_size')
    .map((setting) => refusedArgument(args, { setting, says: `${name}${why} takes no ${setting}` }));
}

const queueArguments = ['pool_size', 'max_overflow', 'pool_timeout', 'pool_use_lifo'] as const;
const poolArguments = ['poolclass', 'pool_recycle', 'pool_pre_ping', 'pool_reset_on_return', 'echo_pool'] as const;

// Only names that read like a pool's: dialects of other packages have arguments of their own.
function unknownArguments(args: Arguments, engine: EngineRequest): readonly PoolFault[] {
  if (!engine.url.known || engine.url.value.engine === 'unknown') return [];
  return [...args.object.keywords.keys()].flatMap((setting) => {
    const isMeant = unknownNames.has(setting) || (setting.startsWith('pool_') && !pooledNames.has(setting));
    if (!isMeant) return [];
    const meant = meantNames.get(setting);
    const hint = meant === undefined ? '' : `; it is called ${meant}`;
    return [refusedArgument(args, { setting, says: `SQLAlchemy takes no ${setting}${hint}` })];
  });
}

const pooledNames: ReadonlySet<string> = new Set([
  'pool_size',
  'pool_timeout',
  'pool_recycle',
  'pool_pre_ping',
  'pool_use_lifo',
  'pool_reset_on_return',
  'pool_logging_name',
  'pool_events',
  'pool_threadlocal',
]);

const meantNames: ReadonlyMap<string, string> = new Map([
  ['pool_max_overflow', 'max_overflow'],
  ['overflow', 'max_overflow'],
  ['pool_overflow', 'max_overflow'],
  ['pool_class', 'poolclass'],
  ['pre_ping', 'pool_pre_ping'],
  ['pool_preping', 'pool_pre_ping'],
]);

const unknownNames: ReadonlySet<string> = new Set([
  ...meantNames.keys(),
  'max_size',
  'min_size',
  'maxsize',
  'minsize',
  'max_connections',
  'poolsize',
]);

function numberFaults(args: Arguments, refused: ReadonlySet<string>): readonly PoolFault[] {
  const size = writtenSetting(args, { names: ['pool_size'] });
  const isNone = size?.known && size.value === null && !refused.has('pool_size');
  const overflow = numberSetting(args, { names: ['max_overflow'], fallback: 'sqlalchemy.max_overflow' });
  const isBelow = overflow.known && overflow.value < -1 && !refused.has('max_overflow');
  return [
    ...(isNone
      ? [refusedArgument(args, { setting: 'pool_size', says: 'QueuePool takes a number for pool_size' })]
      : []),
    ...(isBelow
      ? [
          {
            kind: 'size-refused' as const,
            setting: 'max_overflow',
            says: 'SQLAlchemy knows -1 for no limit and gives no connection below it',
            at: overflow.at,
            replacement: '-1',
          },
        ]
      : []),
  ];
}

function mismatch(
  args: Arguments,
  made: { readonly poolClass: PoolClass | undefined; readonly engine: EngineRequest },
): readonly PoolFault[] {
  const { poolClass, engine } = made;
  if (engine.async && engine.url.known && isPlainDriver(engine.url.value)) {
    const { driver, engine: database } = engine.url.value;
    const says = `create_async_engine needs an asynchronous driver, and the URL names ${driver ?? `none (${database}+...)`}`;
    return [{ kind: 'arguments-refused', setting: 'url', says, at: engine.url.at }];
  }
  if (!args.object.keywords.has('poolclass') || (!engine.async && !engine.url.known)) return [];
  const isAsync = isAsyncDialect(engine);
  const isForPlain = poolClass === 'QueuePool' || poolClass === 'SingletonThreadPool';
  if (!(isAsync ? isForPlain : poolClass === 'AsyncAdaptedQueuePool')) return [];
  const kind = isAsync ? 'an asyncio engine' : 'an engine without asyncio';
  return [refusedArgument(args, { setting: 'poolclass', says: `${poolClass} does not work with ${kind}` })];
}

function isAsyncDialect(engine: EngineRequest): boolean {
  return engine.async || (engine.url.known && engine.url.value.async);
}

function isPlainDriver({ driver, engine }: DatabaseUrl): boolean {
  if (driver !== undefined) return plainDrivers.has(driver);
  return engine === 'postgresql' || engine === 'mysql' || engine === 'mariadb' || engine === 'sqlite';
}

const plainDrivers: ReadonlySet<string> = new Set([
  'psycopg2',
  'pg8000',
  'pymysql',
  'mysqldb',
  'mysqlconnector',
  'pysqlite',
  'pyodbc',
  'cx_oracle',
]);
