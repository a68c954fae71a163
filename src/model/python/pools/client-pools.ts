import type { DefaultId } from '../../../capacity/defaults.ts';
import type { Pool, PoolFault } from '../../pool.ts';
import type { StoreEngine } from '../../stack.ts';
import { known, unknown, type Value } from '../../value.ts';
import { urlOf } from '../database-url.ts';
import { dependencyVersion, isBelow } from '../dependencies.ts';
import type { PythonObject } from '../python-data.ts';
import type { PythonProgram } from '../python-program.ts';
import { asNumberOrNone, asObject, type PythonValue } from '../python-value.ts';
import { textFaults } from './argument-faults.ts';
import { hostOf, makePool, storeOf } from './make-pool.ts';
import {
  type Arguments,
  argumentLocation,
  changeEach,
  defaultNumber,
  defaultValue,
  numberSetting,
  optionalNumberSetting,
  writtenSetting,
} from './pool-setting.ts';

/** The pool of a redis-py client or pool; undefined without a bound where the default depends on an unknown version. */
export function redisPool(
  args: Arguments,
  from: { readonly program: PythonProgram; readonly alias: string | undefined },
): Pool | undefined {
  const { object } = args;
  const isBlocking = object.callee.includes('BlockingConnectionPool');
  const given = object.callee.endsWith('from_url') ? (object.keywords.get('url') ?? object.positional[0]) : undefined;
  const url = given && urlOf(given);
  const bound = url?.known ? Number(url.value.query.get('max_connections')) : Number.NaN;
  const fallback = isBlocking ? 'redis-py.blocking.max_connections' : defaultBound(from.program);
  const number = numberSetting(args, { names: ['max_connections'], fallback: fallback ?? 'redis-py.max_connections' });
  const written = writtenSetting(args, { names: ['max_connections'] });
  const isDefault = written === undefined || (written.known && (written.value === null || written.value === 0));
  const isInUrl = url !== undefined && Number.isInteger(bound) && bound > 0;
  if (object.keywords.has('connection_pool') || (isDefault && !isInUrl && fallback === undefined)) return undefined;
  const size = isInUrl
    ? known(bound, url.at, url.trail)
    : isDefault && fallback !== undefined && object.complete
      ? defaultNumber(args, fallback)
      : number;
  return makePool({
    library: 'redis-py',
    kind: 'redis',
    alias: from.alias,
    at: object.at,
    sizeName: 'max_connections',
    size,
    sizeWritten: isInUrl || !isDefault,
    timeoutSeconds: isBlocking
      ? optionalNumberSetting(args, { names: ['timeout'], fallback: 'redis-py.blocking.timeout' })
      : defaultNumber(args, 'redis-py.timeout'),
    engine: known<StoreEngine>('redis', object.at),
    store: url ? hostOf(url) : storeOf(args, { names: ['host'] }),
    async: object.callee.startsWith('redis.asyncio') || object.callee.startsWith('aioredis'),
    faults: [...negativeBound(number), ...textFaults(args, { library: 'redis-py', names: ['max_connections'] })],
  });
}

function defaultBound(program: PythonProgram): DefaultId | undefined {
  const version = dependencyVersion(program, 'redis');
  const isOld = version && isBelow(version, 8);
  if (isOld === undefined) return undefined;
  return isOld ? 'redis-py.max_connections.before-8' : 'redis-py.max_connections';
}

function negativeBound(size: Value<number>): readonly PoolFault[] {
  if (!size.known || size.value >= 0) return [];
  const says = 'redis-py takes no max_connections below 0';
  return [{ kind: 'size-refused', setting: 'max_connections', says, at: size.at }];
}

/** True for redis-py's clients and pools. */
export function isRedisClient(callee: string): boolean {
  return (
    /^(redis|aioredis)\.([\w.]+\.)?(Strict)?(Redis|ConnectionPool|BlockingConnectionPool)(\.from_url)?$/.test(callee) ||
    /^(redis|aioredis)\.([\w.]+\.)?from_url$/.test(callee)
  );
}

/** The connection pool of an httpx client. */
export function httpxPool(args: Arguments, alias: string | undefined): Pool {
  const { object } = args;
  const transport = asObject(object.keywords.get('transport'));
  const written = object.keywords.get('limits') ?? transport?.keywords.get('limits');
  const limits = written && asObject(written);
  return limits && isLimits(limits)
    ? limitsPool({ object: limits, trail: args.trail }, { alias, client: object })
    : plainClient(args, { alias, limits: written });
}

/** True for `httpx.Limits`. */
export function isLimits(object: PythonObject): boolean {
  return /^httpx\.(_config\.)?Limits$/.test(object.callee);
}

/** The pool that `httpx.Limits(...)` describes, with the client that uses it when there is one. */
export function limitsPool(
  args: Arguments,
  use: { alias: string | undefined; client: PythonObject | undefined },
): Pool {
  const { object } = args;
  const maximum = optionalNumberSetting(args, { names: ['max_connections'], fallback: 'httpx.limits.max_connections' });
  const isUnbounded = maximum.known && maximum.value === null;
  return makePool({
    library: 'httpx',
    kind: 'http',
    alias: use.alias,
    at: object.at,
    sizeName: 'max_connections',
    size: changeEach(maximum, (number) => number ?? Number.POSITIVE_INFINITY),
    sizeWritten: object.keywords.has('max_connections') || object.keywords.has('max_keepalive_connections'),
    timeoutSeconds: timeoutOf(use.client, args),
    engine: known<StoreEngine>('unknown', object.at),
    store: unknown('an HTTP client has no store', object.at),
    async: use.client?.callee.includes('Async') ?? false,
    faults: isUnbounded && !object.keywords.has('max_connections') ? droppedDefault(object) : [],
    keepAlive: optionalNumberSetting(args, {
      names: ['max_keepalive_connections'],
      fallback: 'httpx.limits.max_keepalive_connections',
    }),
  });
}

function droppedDefault(object: PythonObject): readonly PoolFault[] {
  const setting = 'max_keepalive_connections';
  if (!object.keywords.has(setting)) return [];
  return [
    {
      kind: 'setting-ignored',
      setting,
      says: 'httpx drops its default of 100 connections when Limits sets only this one: their number has no bound',
      at: argumentLocation(object, setting),
    },
  ];
}

function plainClient(args: Arguments, use: { alias: string | undefined; limits: PythonValue | undefined }): Pool {
  const { object } = args;
  const isKnown = object.complete && use.limits === undefined;
  const why = 'the limits are not in the files that were read';
  return makePool({
    library: 'httpx',
    kind: 'http',
    alias: use.alias,
    at: object.at,
    sizeName: 'max_connections',
    size: isKnown ? defaultNumber(args, 'httpx.max_connections') : unknown(why, object.at),
    sizeWritten: false,
    timeoutSeconds: timeoutOf(object, args),
    engine: known<StoreEngine>('unknown', object.at),
    store: unknown('an HTTP client has no store', object.at),
    async: object.callee.includes('Async'),
    keepAlive: isKnown ? defaultNumber(args, 'httpx.max_keepalive_connections') : unknown(why, object.at),
  });
}

function timeoutOf(client: PythonObject | undefined, args: Arguments): Value<number | null> {
  if (!client) return unknown('the client of these limits is not known', args.object.at);
  const written = client.keywords.get('timeout');
  if (!written)
    return client.complete
      ? defaultValue<number | null>(5, { ...args, object: client }, 'httpx.timeout')
      : unknown('may be among arguments that the files do not show', client.at);
  const timeout = asObject(written);
  if (!timeout) return asNumberOrNone(written);
  const pool = timeout.keywords.get('pool') ?? timeout.keywords.get('timeout') ?? timeout.positional[0];
  return pool ? asNumberOrNone(pool) : unknown('the pool timeout is not known', timeout.at);
}

/** The connection pool of an aiohttp connector. */
export function aiohttpPool(args: Arguments, alias: string | undefined): Pool {
  const { object } = args;
  return makePool({
    library: 'aiohttp',
    kind: 'http',
    alias,
    at: object.at,
    sizeName: 'limit',
    size: changeEach(numberSetting(args, { names: ['limit'], fallback: 'aiohttp.limit' }), (limit) =>
      limit === 0 ? Number.POSITIVE_INFINITY : limit,
    ),
    sizeWritten: object.keywords.has('limit'),
    timeoutSeconds: unknown('the wait is bounded by the time-out of each request', object.at),
    engine: known<StoreEngine>('unknown', object.at),
    store: unknown('an HTTP client has no store', object.at),
    async: true,
    keepAlive: known<number | null>(null, object.at),
  });
}
