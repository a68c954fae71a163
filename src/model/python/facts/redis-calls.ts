import type { PythonExpression } from '../../../parse/python-tree.ts';
import type { SourceText } from '../../../text/source-text.ts';
import type { RedisAddress } from '../../django.ts';
import type { Pausable } from '../../pausable.ts';
import { known, unknown, type Value } from '../../value.ts';
import { redisAddressOf } from '../database-url.ts';
import type { CallRecord } from '../frame.ts';
import { isRedisClient } from '../pools/client-pools.ts';
import { type CallPlace, runAlone } from '../pools/pool-sites.ts';
import type { PythonObject } from '../python-data.ts';
import type { PythonProgram } from '../python-program.ts';
import { asNumber, asObject, asText, type PythonValue } from '../python-value.ts';
import { flatMapFiles } from './flat-map-files.ts';

/** A method called on something that evidently is a redis-py client (or its pipeline). */
export interface RedisCall {
  readonly place: CallPlace;
  readonly record: CallRecord;
  readonly method: string;
  /** The client, when its creation is in the files. */
  readonly client: PythonObject | undefined;
}

const maximumFunctions = 400;

/** Calls of Redis commands in the files that mention Redis. */
export function* findRedisCalls(
  program: PythonProgram,
  sources: readonly SourceText[],
): Pausable<readonly RedisCall[]> {
  const places = yield* flatMapFiles(sources, {
    program,
    matters: ({ text }) => /redis|Redis/.test(text),
    read: (source) => commandsIn(source, program),
  });
  const run = new Set<unknown>();
  const calls: RedisCall[] = [];
  for (const place of places) {
    const owner = place.function;
    if (owner && !run.has(owner) && run.size < maximumFunctions) {
      run.add(owner);
      runAlone(place, program);
    } else if (!owner) program.runtime.moduleScope(place.source);
    const records = program.runtime.records.get(place.call) ?? [];
    const record = records.find((candidate) => methodOf(candidate.callee) !== undefined);
    const method = record && methodOf(record.callee);
    if (record && method !== undefined) calls.push({ place, record, method, client: clientOf(record) });
    yield;
  }
  return calls;
}

function commandsIn(source: SourceText, program: PythonProgram): readonly CallPlace[] {
  const found = program
    .calls(source)
    .filter(({ call: { callee } }) => callee.kind === 'attribute' && commands.has(callee.name) && mayBeRedis(callee));
  return found.map((place) => ({ ...place, source }));
}

/** Every dict has a `get`: names that only read count where what they are called on is named like a client. */
function mayBeRedis(callee: PythonExpression & { kind: 'attribute' }): boolean {
  if (!readOnly.has(callee.name)) return true;
  const { object } = callee;
  const name = object.kind === 'name' || object.kind === 'attribute' ? object.name : '';
  return /redis|cache|client|conn|store|rdb|kv|pipe|^r$/i.test(name);
}

const readOnly: ReadonlySet<string> = new Set(['get', 'mget', 'hget', 'hgetall', 'delete', 'exists', 'ttl']);

/** Where a client connects to; undefined when the client is not known. */
export function addressOfClient(client: PythonObject | undefined): Value<RedisAddress> | undefined {
  if (!client) return undefined;
  const pool = asObject(client.keywords.get('connection_pool'));
  if (pool) return addressOfClient(pool);
  const isUrl = client.callee.endsWith('from_url');
  const url = client.keywords.get('url') ?? (isUrl ? client.positional[0] : undefined);
  if (url) return redisAddressOf(url);
  if (isUrl || !client.complete) return unknown('the Redis server is not in the files that were read', client.at);
  return addressOfArguments(client);
}

const commands: ReadonlySet<string> = new Set([
  'set',
  'get',
  'setex',
  'psetex',
  'setnx',
  'mset',
  'mget',
  'getset',
  'hset',
  'hmset',
  'hsetnx',
  'hget',
  'hgetall',
  'delete',
  'exists',
  'expire',
  'expireat',
  'pexpire',
  'ttl',
  'incr',
  'incrby',
  'decr',
  'lpush',
  'rpush',
  'lpop',
  'rpop',
  'blpop',
  'brpop',
  'brpoplpush',
  'blmove',
  'rpoplpush',
  'lmove',
  'llen',
  'lrange',
  'sadd',
  'smembers',
  'zadd',
  'zrange',
  'publish',
  'xadd',
  'xreadgroup',
]);

function methodOf(callee: string): string | undefined {
  const match = /^(.*)\(\)\.(\w+)$/.exec(callee);
  const holder = match?.[1]?.replace(/\(\)\.pipeline$/, '');
  return holder !== undefined && isRedisClient(holder) ? match?.[2] : undefined;
}

function clientOf(record: CallRecord): PythonObject | undefined {
  const object = asObject(record.receiver);
  return object && isRedisClient(object.callee) ? object : undefined;
}

function addressOfArguments(client: PythonObject): Value<RedisAddress> {
  const read = (name: string, position: number): PythonValue | undefined =>
    client.keywords.get(name) ?? client.positional[position];
  const hostValue = read('host', 0);
  const host = hostValue ? asText(hostValue) : known('localhost', client.at);
  const portValue = read('port', 1);
  const port = portValue ? asNumber(toNumber(portValue)) : known(6379, client.at);
  const numberValue = read('db', 2);
  const database = numberValue ? asNumber(toNumber(numberValue)) : known(0, client.at);
  if (!host.known || !port.known || !database.known)
    return unknown('the Redis server is not in the files that were read', client.at);
  const trail = [...host.trail, ...port.trail, ...database.trail];
  return known({ host: host.value, port: port.value, database: database.value }, client.at, trail);
}

// redis-py takes ports and database numbers as text too.
function toNumber(value: PythonValue): PythonValue {
  if (!value.known || typeof value.value !== 'string' || !/^\d+$/.test(value.value)) return value;
  return { ...value, value: Number(value.value) };
}
