import { documentedDefaults } from '../../../capacity/defaults.ts';
import type { Pool, PoolFault } from '../../pool.ts';
import type { StoreEngine } from '../../stack.ts';
import { isDefault, type Known, known, unknown, type Value } from '../../value.ts';
import { asMap, type PythonValue, referenceName } from '../python-value.ts';
import { refusedArgument, textFaults } from './argument-faults.ts';
import { makePool, storeOf } from './make-pool.ts';
import {
  type Arguments,
  argumentLocation,
  changeEach,
  defaultNumber,
  defaultValue,
  numberSetting,
  optionalNumberSetting,
  switchSetting,
  writtenSetting,
} from './pool-setting.ts';

export type PoolReader = (args: Arguments, alias: string | undefined) => Pool | undefined;

/** Readers of the pools that database drivers bring, by the dotted name of the call. */
export const driverPools: ReadonlyMap<string, PoolReader> = new Map<string, PoolReader>([
  ['mysql.connector.pooling.MySQLConnectionPool', mysqlConnectorPool],
  ['mysql.connector.MySQLConnectionPool', mysqlConnectorPool],
  ['mysql.connector.connect', (args, alias) => (isPooledConnect(args) ? mysqlConnectorPool(args, alias) : undefined)],
  ['psycopg_pool.ConnectionPool', psycopgPool],
  ['psycopg_pool.AsyncConnectionPool', psycopgPool],
  ['psycopg_pool.NullConnectionPool', () => undefined],
  ['psycopg2.pool.SimpleConnectionPool', psycopg2Pool],
  ['psycopg2.pool.ThreadedConnectionPool', psycopg2Pool],
  ['psycopg2.pool.PersistentConnectionPool', psycopg2Pool],
  ['asyncpg.create_pool', asyncpgPool],
  ['asyncpg.pool.create_pool', asyncpgPool],
  ['aiomysql.create_pool', aiomysqlPool],
  ['aiomysql.pool.create_pool', aiomysqlPool],
  ['dbutils.pooled_db.PooledDB', dbutilsPool],
  ['DBUtils.PooledDB.PooledDB', dbutilsPool],
]);

function isPooledConnect({ object }: Arguments): boolean {
  return object.keywords.has('pool_size') || object.keywords.has('pool_name');
}

function mysqlConnectorPool(args: Arguments, alias: string | undefined): Pool {
  const { object } = args;
  const isConnect = object.callee.endsWith('.connect');
  const request = { names: ['pool_size'], ...(!isConnect && { position: 0 }) };
  const size = numberSetting(args, { ...request, fallback: 'mysql.connector.pool_size' });
  return makePool({
    library: 'mysql.connector',
    kind: 'database',
    alias,
    at: object.at,
    sizeName: 'pool_size',
    size,
    sizeWritten: writtenSetting(args, request) !== undefined,
    opensEagerly: size,
    timeoutSeconds: defaultNumber(args, 'mysql.connector.pool_timeout'),
    engine: known<StoreEngine>('mysql', object.at),
    store: storeOf(args, { names: ['host'] }),
    async: false,
    faults: [...refusedSizes(size, args), ...textFaults(args, { library: 'MySQL Connector/Python', ...request })],
  });
}

function refusedSizes(size: Value<number>, { object }: Arguments): readonly PoolFault[] {
  const limit = documentedDefaults['mysql.connector.pool_size_limit'].value;
  if (!size.known || (size.value >= 1 && size.value <= limit)) return [];
  return [
    {
      kind: 'size-refused',
      setting: 'pool_size',
      says: `MySQL Connector/Python takes 1 to ${limit}`,
      at:
        size.at.source === object.at.source || size.trail.length > 0 ? size.at : argumentLocation(object, 'pool_size'),
      replacement: String(size.value > limit ? limit : 1),
    },
  ];
}

function psycopgPool(args: Arguments, alias: string | undefined): Pool {
  const { object } = args;
  const minimum = numberSetting(args, { names: ['min_size'], fallback: 'psycopg_pool.min_size' });
  const written = writtenSetting(args, { names: ['max_size'] });
  const hasMaximum = written && !(written.known && written.value === null);
  const size =
    hasMaximum || !object.complete
      ? numberSetting(args, { names: ['max_size'], fallback: 'psycopg_pool.max_size' })
      : minimum;
  const check = writtenSetting(args, { names: ['check'] });
  const connection = object.keywords.get('conninfo') ?? object.positional[0];
  const host = asMap(object.keywords.get('kwargs'))?.entries.get('host');
  const tooSmall = size.known && minimum.known && hasMaximum && size.value < minimum.value;
  return makePool({
    library: 'psycopg_pool',
    kind: 'database',
    alias,
    at: object.at,
    sizeName: hasMaximum ? 'max_size' : 'min_size',
    size,
    sizeWritten: hasMaximum === true || object.keywords.has('min_size'),
    opensEagerly: minimum,
    timeoutSeconds: optionalNumberSetting(args, { names: ['timeout'], fallback: 'psycopg_pool.timeout' }),
    recycleSeconds: optionalNumberSetting(args, { names: ['max_lifetime'], fallback: 'psycopg_pool.max_lifetime' }),
    prePing: check
      ? known(!(check.known && check.value === null), check.at, check.trail)
      : defaultValue(false, args, 'psycopg_pool.check'),
    engine: known<StoreEngine>('postgresql', object.at),
    store: storeOf(host ? withKeyword(args, ['host', host]) : args, {
      names: ['host'],
      ...(connection && { dsn: connection }),
    }),
    async: object.callee.includes('Async'),
    faults: [
      ...(tooSmall ? [smallMaximum({ library: 'psycopg_pool', minimum, size, names: ['min_size', 'max_size'] })] : []),
      ...psycopgFaults(args, { minimum, size }),
    ],
  });
}

function psycopgFaults(
  args: Arguments,
  sizes: { readonly minimum: Value<number>; readonly size: Value<number> },
): readonly PoolFault[] {
  const { minimum, size } = sizes;
  const texts = textFaults(args, { library: 'psycopg_pool', names: ['min_size', 'max_size'] });
  const others = [...args.object.keywords.keys()]
    .filter((name) => !psycopgArguments.has(name))
    .map((setting) => refusedArgument(args, { setting, says: `psycopg_pool takes no ${setting}` }));
  const helpers = writtenSetting(args, { names: ['num_workers'] });
  const idle = helpers?.known && typeof helpers.value === 'number' && helpers.value < 1;
  if (idle) others.push(refusedArgument(args, { setting: 'num_workers', says: 'psycopg_pool needs 1 num_workers' }));
  const isEmpty = minimum.known && minimum.value === 0 && size.known && size.value === 0;
  const empty: PoolFault[] = isEmpty ? [emptyPool('psycopg_pool', size)] : [];
  return [...texts, ...others, ...empty, ...negativeMinimum({ library: 'psycopg_pool', name: 'min_size', minimum })];
}

// psycopg_pool 3.1 to 3.3, psycopg_pool/pool.py and pool_async.py
const psycopgArguments: ReadonlySet<string> = new Set([
  ...['conninfo', 'connection_class', 'kwargs', 'min_size', 'max_size', 'open', 'configure', 'check', 'reset', 'name'],
  ...['close_returns', 'timeout', 'max_waiting', 'max_lifetime', 'max_idle', 'reconnect_timeout', 'reconnect_failed'],
  'num_workers',
]);

function emptyPool(library: string, size: Value<number>): PoolFault {
  const says = `${library} takes no pool of 0 connections`;
  return { kind: 'size-refused', setting: 'max_size', says, at: size.at };
}

function negativeMinimum(pool: {
  readonly library: string;
  readonly name: string;
  readonly minimum: Value<number>;
}): readonly PoolFault[] {
  const { library, name, minimum } = pool;
  if (!minimum.known || minimum.value >= 0) return [];
  const says = `${library} takes no ${name} below 0`;
  return [{ kind: 'size-refused', setting: name, says, at: minimum.at, replacement: '0' }];
}

function withKeyword(args: Arguments, [name, value]: readonly [string, PythonValue]): Arguments {
  return { ...args, object: { ...args.object, keywords: new Map([...args.object.keywords, [name, value]]) } };
}

function psycopg2Pool(args: Arguments, alias: string | undefined): Pool {
  const { object } = args;
  const required = (name: string, position: number): Value<number> => {
    const value = writtenSetting(args, { names: [name], position });
    if (!value) return unknown(`${name} is not in the files that were read`, object.at);
    return numberSetting(args, { names: [name], position, fallback: 'psycopg2.pool_timeout' });
  };
  const connection = object.keywords.get('dsn') ?? object.positional[2];
  const size = required('maxconn', 1);
  return makePool({
    library: 'psycopg2',
    kind: 'database',
    alias,
    at: object.at,
    sizeName: 'maxconn',
    size,
    sizeWritten: size.known || size.trail.length > 0,
    opensEagerly: required('minconn', 0),
    timeoutSeconds: defaultNumber(args, 'psycopg2.pool_timeout'),
    engine: known<StoreEngine>('postgresql', object.at),
    store: storeOf(args, { names: ['host'], ...(connection && { dsn: connection }) }),
    async: false,
  });
}

function asyncpgPool(args: Arguments, alias: string | undefined): Pool {
  const { object } = args;
  const minimum = numberSetting(args, { names: ['min_size'], fallback: 'asyncpg.min_size' });
  const size = numberSetting(args, { names: ['max_size'], fallback: 'asyncpg.max_size' });
  const connection = object.keywords.get('dsn') ?? object.positional[0];
  const tooSmall = size.known && minimum.known && size.value < minimum.value;
  return makePool({
    library: 'asyncpg',
    kind: 'database',
    alias,
    at: object.at,
    sizeName: 'max_size',
    size,
    sizeWritten: object.keywords.has('max_size'),
    opensEagerly: minimum,
    timeoutSeconds: defaultValue<number | null>(null, args, 'asyncpg.timeout'),
    recycleSeconds: optionalNumberSetting(args, {
      names: ['max_inactive_connection_lifetime'],
      fallback: 'asyncpg.max_inactive_connection_lifetime',
    }),
    engine: known<StoreEngine>('postgresql', object.at),
    store: storeOf(args, { names: ['host'], ...(connection && { dsn: connection }) }),
    async: true,
    faults: [
      ...(tooSmall ? [smallMaximum({ library: 'asyncpg', minimum, size, names: ['min_size', 'max_size'] })] : []),
      ...negativeMinimum({ library: 'asyncpg', name: 'min_size', minimum }),
      ...(size.known && size.value === 0 && !tooSmall ? [emptyPool('asyncpg', size)] : []),
      ...textFaults(args, { library: 'asyncpg', names: ['min_size', 'max_size'] }),
    ],
  });
}

/** The fault of a maximum below the minimum; where the maximum is a default, the minimum is what is written. */
export function smallMaximum(pool: {
  library: string;
  minimum: Known<number>;
  size: Known<number>;
  names: readonly [string, string];
}): PoolFault {
  const { library, minimum, size } = pool;
  const [least, most] = pool.names;
  return isDefault(size)
    ? {
        kind: 'size-refused',
        setting: least,
        says: `${library} takes no ${least} above ${most}, by default ${size.value}`,
        at: minimum.at,
        replacement: String(size.value),
      }
    : {
        kind: 'size-refused',
        setting: most,
        says: `${library} takes no ${most} below ${least}`,
        at: size.at,
        replacement: String(minimum.value),
      };
}

function aiomysqlPool(args: Arguments, alias: string | undefined): Pool {
  const { object } = args;
  const size = changeEach(
    numberSetting(args, { names: ['maxsize'], position: 1, fallback: 'aiomysql.maxsize' }),
    zeroIsUnlimited,
  );
  const minimum = numberSetting(args, { names: ['minsize'], position: 0, fallback: 'aiomysql.minsize' });
  const tooSmall = size.known && minimum.known && size.value < minimum.value;
  return makePool({
    library: 'aiomysql',
    kind: 'database',
    alias,
    at: object.at,
    sizeName: 'maxsize',
    size,
    sizeWritten: object.keywords.has('maxsize') || object.positional.length > 1,
    opensEagerly: minimum,
    timeoutSeconds: defaultValue<number | null>(null, args, 'aiomysql.timeout'),
    recycleSeconds: changeEach(
      optionalNumberSetting(args, { names: ['pool_recycle'], fallback: 'aiomysql.pool_recycle' }),
      (seconds) => (seconds !== null && seconds < 0 ? null : seconds),
    ),
    engine: known<StoreEngine>('mysql', object.at),
    store: storeOf(args, { names: ['host'] }),
    async: true,
    faults: [
      ...(tooSmall ? [smallMaximum({ library: 'aiomysql', minimum, size, names: ['minsize', 'maxsize'] })] : []),
      ...negativeMinimum({ library: 'aiomysql', name: 'minsize', minimum }),
      ...textFaults(args, { library: 'aiomysql', names: ['minsize', 'maxsize'] }),
    ],
  });
}

function dbutilsPool(args: Arguments, alias: string | undefined): Pool {
  const { object } = args;
  const blocking = switchSetting(args, { names: ['blocking'], position: 5, fallback: 'dbutils.blocking' });
  const creator = object.keywords.get('creator') ?? object.positional[0];
  const most = changeEach(
    numberSetting(args, { names: ['maxconnections'], position: 4, fallback: 'dbutils.maxconnections' }),
    zeroIsUnlimited,
  );
  const cached = numberSetting(args, { names: ['maxcached'], position: 2, fallback: 'dbutils.maxcached' });
  // dbutils/pooled_db.py raises the bound to what may stay idle.
  const size = most.known && cached.known && cached.value > most.value ? cached : most;
  return makePool({
    library: 'dbutils',
    kind: 'database',
    alias,
    at: object.at,
    sizeName: 'maxconnections',
    size,
    sizeWritten: object.keywords.has('maxconnections') || object.positional.length > 4,
    opensEagerly: numberSetting(args, { names: ['mincached'], position: 1, fallback: 'dbutils.mincached' }),
    timeoutSeconds: changeEach(blocking, (waits) => (waits ? null : 0)),
    prePing: switchSetting(args, { names: ['ping'], fallback: 'dbutils.ping' }),
    engine: engineOfCreator(creator, args),
    store: storeOf(args, { names: ['host'] }),
    async: false,
  });
}

function engineOfCreator(creator: PythonValue | undefined, { object }: Arguments): Value<StoreEngine> {
  const name = referenceName(creator)?.split('.')[0] ?? '';
  if (/^(pymysql|MySQLdb|mysql)$/.test(name)) return known<StoreEngine>('mysql', object.at);
  if (/^(psycopg2|psycopg|pg8000)$/.test(name)) return known<StoreEngine>('postgresql', object.at);
  if (name === 'sqlite3') return known<StoreEngine>('sqlite', object.at);
  return unknown('the driver of the pool is not known', object.at);
}

function zeroIsUnlimited(size: number): number {
  return size === 0 ? Number.POSITIVE_INFINITY : size;
}
