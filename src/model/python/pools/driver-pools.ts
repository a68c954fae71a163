import type { Pool } from '../../pool.ts';
import type { StoreEngine } from '../../stack.ts';
import { alternatives, known, unknown, type Value } from '../../value.ts';
import { type DatabaseUrl, urlOf } from '../database-url.ts';
import { asMap, type PythonValue, referenceName } from '../python-value.ts';
import { textFaults } from './argument-faults.ts';
import { emptyPool, negativeMinimum, psycopgFaults, refusedSizes, smallMaximum } from './driver-faults.ts';
import { hostOf, makePool, storeOf } from './make-pool.ts';
import {
  type Arguments,
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
  ['databases.Database', databasesPool],
  ['databases.core.Database', databasesPool],
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

/** The driver's pool of encode/databases, which hands on its sizes (databases 0.9, backends/asyncpg.py, aiomysql.py). */
function databasesPool(args: Arguments, alias: string | undefined): Pool | undefined {
  const { object } = args;
  const given = object.keywords.get('url') ?? object.positional[0];
  const url = given && urlOf(given);
  const options = url ? alternatives(url) : [];
  const [first] = options;
  // The query of the URL gives sizes too, and SQLite has no pool.
  const isPlain = options.every(({ value }) => value.query.size === 0 && value.engine === first?.value.engine);
  if (!url || !first || !isPlain || !isDecided(url)) return undefined;
  const { engine } = first.value;
  const isPostgres = engine === 'postgresql';
  if (!isPostgres && engine !== 'mysql') return undefined;
  const [least, most] = isPostgres ? asyncpgSizes : aiomysqlSizes;
  return makePool({
    library: isPostgres ? 'asyncpg' : 'aiomysql',
    kind: 'database',
    alias,
    at: object.at,
    sizeName: 'max_size',
    size: numberSetting(args, { names: ['max_size'], fallback: most }),
    sizeWritten: object.keywords.has('max_size'),
    opensEagerly: numberSetting(args, { names: ['min_size'], fallback: least }),
    timeoutSeconds: defaultValue<number | null>(null, args, isPostgres ? 'asyncpg.timeout' : 'aiomysql.timeout'),
    engine: known<StoreEngine>(engine, object.at),
    store: hostOf(url),
    async: true,
  });
}

/** True where every alternative of a URL is known; on a path that sets no name for it the call would not be reached. */
function isDecided(url: Value<DatabaseUrl>): boolean {
  return url.known || (url.oneOf?.every(isDecided) ?? / is set under a condition$/.test(url.why));
}

const asyncpgSizes = ['asyncpg.min_size', 'asyncpg.max_size'] as const;
const aiomysqlSizes = ['aiomysql.minsize', 'aiomysql.maxsize'] as const;

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
