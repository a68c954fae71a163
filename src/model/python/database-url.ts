import { unknownMark } from '../../text/mapped-text.ts';
import type { RedisAddress } from '../django.ts';
import type { StoreEngine } from '../stack.ts';
import { known, unknown, type Value } from '../value.ts';
import { toInteger } from './casts.ts';
import type { PythonObject } from './python-data.ts';
import { markedText } from './python-text.ts';
import { asObject, asText, mapAlternatives, type PythonValue } from './python-value.ts';

/** The parts of a database or broker URL that matter; credentials and database names are never kept. */
export interface DatabaseUrl {
  readonly engine: StoreEngine;
  /** Driver after the plus sign, lower case: "asyncpg". */
  readonly driver: string | undefined;
  readonly async: boolean;
  /** Empty for a local socket or a file; undefined when it cannot be known. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** Path (or `db` of the query) of a Redis URL as database number, 0 where neither is written. */
  readonly databaseNumber: number | undefined;
  /** True when the URL itself names the database number. */
  readonly hasNumber: boolean;
  readonly query: ReadonlyMap<string, string>;
  /** True for SQLite's database in memory. */
  readonly inMemory: boolean;
}

/** Takes a URL apart; undefined for a text that is none or whose scheme is not known. */
export function parseDatabaseUrl(text: string): DatabaseUrl | undefined {
  const match = /^([A-Za-z][\w]*)(?:\+([\w.-]+))?:/.exec(text.trim());
  if (!match) return undefined;
  const scheme = (match[1] ?? '').toLowerCase();
  const driver = match[2]?.toLowerCase();
  const rest = text.trim().slice(match[0].length).replace(/^\/\//, '');
  const [beforeQuery = '', queryText = ''] = splitOnce(rest, '?');
  const slash =
    beforeQuery.lastIndexOf('@') >= 0
      ? beforeQuery.indexOf('/', beforeQuery.lastIndexOf('@'))
      : beforeQuery.indexOf('/');
  const authority = slash === -1 ? beforeQuery : beforeQuery.slice(0, slash);
  const path = slash === -1 ? '' : beforeQuery.slice(slash + 1);
  const place = authority.slice(authority.lastIndexOf('@') + 1);
  const [host, port] = splitHost(place);
  const engine = engineOfScheme(scheme);
  const query = readQuery(queryText);
  const database = query.get('db') ?? path;
  const number = /^\d+$/.test(database) ? Number(database) : database === '' ? 0 : undefined;
  return {
    engine,
    driver,
    async: driver !== undefined && asyncDrivers.has(driver),
    host: engine === 'sqlite' ? '' : host.includes(unknownMark) ? undefined : host,
    port: /^\d+$/.test(port) ? Number(port) : undefined,
    databaseNumber: number,
    hasNumber: database !== '',
    query,
    inMemory: engine === 'sqlite' && (path === '' || path === ':memory:' || query.get('mode') === 'memory'),
  };
}

/** The URL behind a value: a string, a text with unknown pieces, or a call that builds one (`URL.create(...)`). */
export function urlOf(value: PythonValue): Value<DatabaseUrl> {
  return mapAlternatives(value, (option) => {
    const object = asObject(option);
    const built = object && builtUrl(object);
    if (built) return { ...option, value: built };
    const text = markedText(option.value);
    const url = text === undefined ? undefined : parseDatabaseUrl(text);
    if (url) return { ...option, value: url };
    return unknown('the URL is not in the files that were read', option.at, { trail: option.trail });
  });
}

/**
 * Server, port and database number of a Redis URL value; undefined parts make it unknown. `number` is what the client
 * takes where the URL names none (redis-py: keyword arguments yield to the URL).
 */
export function redisAddressOf(value: PythonValue, number?: PythonValue): Value<RedisAddress> {
  return mapAlternatives(urlOf(value), (url) => {
    const { engine, host, port } = url.value;
    const other = number && !url.value.hasNumber ? toInteger(number) : undefined;
    const databaseNumber = other
      ? other.known && typeof other.value === 'number'
        ? other.value
        : undefined
      : url.value.databaseNumber;
    if (engine !== 'redis') return unknown('is not a Redis URL', url.at, { trail: url.trail });
    if (host === undefined || databaseNumber === undefined)
      return unknown('the Redis server is not in the files that were read', url.at, { trail: url.trail });
    return known(
      { host: host === '' ? 'localhost' : host, port: port ?? 6379, database: databaseNumber },
      url.at,
      url.trail,
    );
  });
}

/** The database engine that a URL scheme or a Django ENGINE names. */
export function engineOfScheme(scheme: string): StoreEngine {
  if (/^(postgres|postgresql|psql|pgsql|postgis|timescale\w*|redshift)$/.test(scheme)) return 'postgresql';
  if (/^mysql(2|gis)?$/.test(scheme)) return 'mysql';
  if (scheme === 'mariadb') return 'mariadb';
  if (/^(sqlite|sqlite3|spatialite)$/.test(scheme)) return 'sqlite';
  if (/^(redis|rediss|rediscache|sentinel)$/.test(scheme)) return 'redis';
  if (/^(amqp|amqps|pyamqp)$/.test(scheme)) return 'rabbitmq';
  if (/^(mongodb|mongo)$/.test(scheme)) return 'mongodb';
  return /^(memcache|pymemcache|locmemcache)/.test(scheme) ? 'memcached' : 'unknown';
}

const asyncDrivers: ReadonlySet<string> = new Set([
  'asyncpg',
  'aiomysql',
  'asyncmy',
  'aiosqlite',
  'psycopg_async',
  'aioodbc',
]);

function builtUrl(object: PythonObject): DatabaseUrl | undefined {
  const { callee } = object;
  const takesText = /(^|\.)make_url$/.test(callee) || /^pydantic(_core|\.networks)?\.(\w*Dsn|\w*Url)$/.test(callee);
  if (takesText) {
    const url = object.positional[0] && urlOf(object.positional[0]);
    return url?.known ? url.value : undefined;
  }
  const isBuilder = /(^|\.)URL(\.create)?$/.test(callee) || /(Dsn|Url)\.build$/.test(callee);
  if (!isBuilder) return undefined;
  const part = (name: string, index: number) => {
    const value = object.keywords.get(name) ?? object.positional[index];
    return value && asText(value);
  };
  const scheme = part('drivername', 0) ?? part('scheme', 0);
  if (!scheme?.known) return undefined;
  const [dialect = '', driver] = scheme.value.split('+');
  const host = part('host', 3);
  const engine = engineOfScheme(dialect);
  return {
    engine,
    driver,
    async: driver !== undefined && asyncDrivers.has(driver),
    host: engine === 'sqlite' || !host ? '' : host.known ? host.value : undefined,
    port: undefined,
    databaseNumber: undefined,
    hasNumber: false,
    query: new Map(),
    inMemory: engine === 'sqlite' && !part('database', 5),
  };
}

function splitOnce(text: string, separator: string): readonly string[] {
  const index = text.indexOf(separator);
  return index === -1 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

function splitHost(place: string): readonly [string, string] {
  const bracket = /^\[([^\]]*)\](?::(.*))?$/.exec(place);
  if (bracket) return [bracket[1] ?? '', bracket[2] ?? ''];
  const colon = place.lastIndexOf(':');
  return colon === -1 ? [place, ''] : [place.slice(0, colon), place.slice(colon + 1)];
}

function readQuery(text: string): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const pair of text.split('#')[0]?.split('&') ?? []) {
    const [name = '', value = ''] = splitOnce(pair, '=');
    if (name !== '') query.set(name, value);
  }
  return query;
}
