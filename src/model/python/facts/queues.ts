import type { SourceText } from '../../../text/source-text.ts';
import type { Location } from '../../../text/span.ts';
import type { QueueUse } from '../../code-facts.ts';
import type { RedisAddress } from '../../django.ts';
import type { Pausable } from '../../pausable.ts';
import type { Value } from '../../value.ts';
import { redisAddressOf, urlOf } from '../database-url.ts';
import { readDjangoSettings } from '../django-settings.ts';
import { evaluateModule } from '../evaluate.ts';
import type { CallRecord } from '../frame.ts';
import { findPlacesPausing, runPlace } from '../pools/pool-sites.ts';
import type { PythonProgram } from '../python-program.ts';
import { asMap, asObject, asText, type PythonValue } from '../python-value.ts';
import { addressOfClient, type RedisCall } from './redis-calls.ts';
import { hasExpiry } from './redis-writes.ts';

/** How the code uses Redis as a queue or as Celery's broker or result store. */
export function* findQueues(
  program: PythonProgram,
  from: { readonly sources: readonly SourceText[]; readonly calls: readonly RedisCall[] },
): Pausable<readonly QueueUse[]> {
  const libraries = yield* libraryQueues(program, from.sources);
  return [...listQueues(from.calls), ...libraries];
}

function listQueues(calls: readonly RedisCall[]): readonly QueueUse[] {
  const taken = new Set(
    calls.filter(({ method }) => /^(b?[lr]pop|brpoplpush|rpoplpush|b?lmove)$/.test(method)).flatMap(listNames),
  );
  const blocking = new Set(calls.filter(({ method }) => /^b/.test(method)).flatMap(listNames));
  const found = new Map<string, QueueUse>();
  for (const call of calls) {
    if (!/^(b?[lr]pop|[lr]push|brpoplpush|rpoplpush|b?lmove)$/.test(call.method)) continue;
    for (const name of listNames(call)) {
      const isQueue =
        blocking.has(name) || (taken.has(name) && /^[lr]push$/.test(call.method)) || /queue|job|task|work/i.test(name);
      if (!isQueue) continue;
      const earlier = found.get(name);
      const address = addressOfClient(call.client);
      if (earlier && (earlier.address?.known || !address?.known)) continue;
      found.set(name, { at: placeOf(call), purpose: 'queue', says: `Redis list ${name}`, address });
    }
  }
  return [...found.values()];
}

function listNames({ record }: RedisCall): readonly string[] {
  const key = record.positional[0] ?? record.keywords.get('keys') ?? record.keywords.get('name');
  if (!key) return [];
  const items = key.known && typeof key.value === 'object' && key.value?.type === 'sequence' ? key.value.items : [key];
  return items.flatMap((item) => {
    const text = asText(item);
    return text.known && text.value !== '' ? [text.value] : [];
  });
}

function placeOf({ place }: RedisCall): Location {
  return { source: place.source, span: place.call.span };
}

// Libraries that keep jobs in Redis, by the dotted name of the call.
function* libraryQueues(program: PythonProgram, sources: readonly SourceText[]): Pausable<readonly QueueUse[]> {
  const names = new Set([
    'Celery',
    'update',
    'config_from_object',
    'Queue',
    'RedisBroker',
    'RedisHuey',
    'RedisSettings',
    'Cache',
    'RedisBackend',
  ]);
  const mentioning = sources.filter((source) =>
    /celery|\brq\b|dramatiq|huey|\barq\b|flask_caching|fastapi_cache/.test(source.text),
  );
  const uses: QueueUse[] = [];
  for (const place of yield* findPlacesPausing(program, { sources: mentioning, names })) {
    const { callee } = place.call;
    if (callee.kind === 'attribute' && callee.name === 'update' && !isConf(callee.object)) continue;
    const runs = yield* runPlace(place, { program, sources });
    const record = runs.flatMap((run) => run.records.slice(0, 1))[0];
    if (record) uses.push(...usesOf(record, { source: place.source, span: place.call.span }, program));
  }
  return uses;
}

function usesOf(record: CallRecord, at: Location, program: PythonProgram): readonly QueueUse[] {
  const { callee, keywords, positional } = record;
  const given = (name: string) => keywords.get(name);
  if (/^celery\.(\w+\.)*Celery$/.test(callee))
    return celeryUses(program, { broker: given('broker'), results: given('backend'), at });
  if (/^celery\.(\w+\.)*Celery\(\)\.conf\.update$/.test(callee)) {
    const map = asMap(positional[0])?.entries;
    return celeryUses(program, {
      broker: given('broker_url') ?? map?.get('broker_url'),
      results: given('result_backend') ?? map?.get('result_backend'),
      at,
    });
  }
  if (/^celery\.(\w+\.)*Celery\(\)\.config_from_object$/.test(callee))
    return celeryModule(program, { place: at, given: positional[0] });
  if (/^rq\.(queue\.)?Queue$/.test(callee))
    return [use('queue', 'RQ', { at, address: addressOfClient(asObject(given('connection'))) })];
  if (/^dramatiq\.brokers\.redis\.RedisBroker$/.test(callee))
    return [use('broker', 'Dramatiq broker', { at, address: urlAddress(given('url')) })];
  if (/^huey\.(\w+\.)*RedisHuey$/.test(callee))
    return [use('queue', 'Huey', { at, address: urlAddress(given('url')) })];
  if (/^arq\.(\w+\.)*RedisSettings$/.test(callee)) return [use('queue', 'arq', { at, address: undefined })];
  if (/^flask_caching\.Cache$/.test(callee)) return flaskCache(given('config'), at);
  if (/^fastapi_cache\.backends\.redis\.RedisBackend$/.test(callee))
    return [use('cache', 'FastAPI cache', { at, address: addressOfClient(asObject(positional[0])) })];
  return [];
}

function isConf(expression: { readonly kind: string; readonly name?: string }): boolean {
  return expression.kind === 'attribute' && expression.name === 'conf';
}

function use(
  purpose: QueueUse['purpose'],
  says: string,
  where: { at: Location; address: Value<RedisAddress> | undefined },
): QueueUse {
  return { purpose, says, at: where.at, address: where.address };
}

function urlAddress(url: PythonValue | undefined): Value<RedisAddress> | undefined {
  return url && redisAddressOf(url);
}

/**
 * Broker and result store of Celery; another kind of server (RabbitMQ, a database) is no use of Redis. The environment
 * wins over the application's settings (celery/app/utils.py: Settings.broker_url, result_backend).
 */
function celeryUses(
  program: PythonProgram,
  configured: { broker: PythonValue | undefined; results: PythonValue | undefined; at: Location },
): readonly QueueUse[] {
  const { at } = configured;
  const set = (name: string): PythonValue | undefined => {
    const value = program.environment.variables.get(name);
    return value?.known && value.value !== '' ? value : undefined;
  };
  const urls = {
    broker: set('CELERY_BROKER_URL') ?? configured.broker,
    results: set('CELERY_RESULT_BACKEND') ?? configured.results,
  };
  const isElsewhere = (value: PythonValue) => {
    const url = urlOf(value);
    return (url.known && url.value.engine !== 'redis') || (value.known && value.value === null);
  };
  const uses: QueueUse[] = [];
  if (urls.broker && !isElsewhere(urls.broker))
    uses.push(use('broker', 'Celery broker', { at, address: redisAddressOf(urls.broker) }));
  if (urls.results && !isElsewhere(urls.results) && !isPlainBackend(urls.results))
    uses.push(use('results', 'Celery results', { at, address: redisAddressOf(urls.results) }));
  return uses;
}

// 'django-db', 'rpc' and the like.
function isPlainBackend(value: PythonValue): boolean {
  const text = asText(value);
  return text.known && !text.value.startsWith('redis');
}

function celeryModule(
  program: PythonProgram,
  from: { place: Location; given: PythonValue | undefined },
): readonly QueueUse[] {
  const text = from.given && asText(from.given);
  if (!text?.known || text.value.startsWith('django.conf')) return [];
  const place = program.resolver.find(text.value, { from: from.place.source.path, level: 0 });
  const source = place?.kind === 'file' ? program.resolver.read(place.path) : undefined;
  if (!source) return [];
  const scope = evaluateModule(source, program);
  const broker = scope.get('broker_url') ?? scope.get('BROKER_URL') ?? scope.get('CELERY_BROKER_URL');
  const results = scope.get('result_backend') ?? scope.get('CELERY_RESULT_BACKEND');
  return celeryUses(program, { broker, results, at: broker?.at ?? from.place });
}

function flaskCache(config: PythonValue | undefined, at: Location): readonly QueueUse[] {
  const entries = asMap(config)?.entries;
  const type = entries?.get('CACHE_TYPE');
  const text = type && asText(type);
  if (!text?.known || !/redis/i.test(text.value)) return [];
  return [use('cache', 'Flask-Caching', { at, address: urlAddress(entries?.get('CACHE_REDIS_URL')) })];
}

/** How Redis is used by what Django's settings name. */
export function settingsQueues(program: PythonProgram, module: string): readonly QueueUse[] {
  const source = program.find(module);
  const settings = readDjangoSettings(program, module);
  if (!settings || !source) return [];
  const scope = evaluateModule(source, program);
  const broker = scope.get('CELERY_BROKER_URL') ?? scope.get('BROKER_URL');
  const results = scope.get('CELERY_RESULT_BACKEND');
  const caches = settings.caches
    .filter((cache) => cache.address !== undefined)
    .map((cache) => use('cache', `Django cache ${cache.alias}`, { at: cache.at, address: cache.address }));
  const queues = asMap(scope.get('RQ_QUEUES')) ? scope.get('RQ_QUEUES') : undefined;
  return [
    ...celeryUses(program, { broker, results, at: broker?.at ?? settings.at }),
    ...caches,
    ...(queues ? [use('queue', 'django-rq', { at: queues.at, address: undefined })] : []),
  ];
}

/** Clients of which only `get` and expiring `set` are used. */
export function findPlainCaches(calls: readonly RedisCall[]): readonly QueueUse[] {
  const byClient = new Map<unknown, RedisCall[]>();
  for (const call of calls) {
    if (!call.client) continue;
    const key = call.client.call;
    byClient.set(key, [...(byClient.get(key) ?? []), call]);
  }
  return [...byClient.values()].flatMap((group) => {
    const client = group[0]?.client;
    const methods = new Set(group.map((call) => call.method));
    const writes = group.filter(({ method }) => /^(p?setex|set)$/.test(method));
    const isCache =
      methods.has('get') &&
      writes.length > 0 &&
      writes.every(hasExpiry) &&
      [...methods].every((method) => /^(get|set|p?setex|mget|delete|exists|expire|ttl)$/.test(method));
    if (!client || !isCache) return [];
    return [use('cache', 'Redis as a cache', { at: client.at, address: addressOfClient(client) })];
  });
}
