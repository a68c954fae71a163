import type { DjangoCache, RedisAddress } from '../model/django.ts';
import { replaceText } from '../model/fixes/replace-text.ts';
import type { Process } from '../model/stack.ts';
import { knownValue, type Value } from '../model/value.ts';
import { samePlace } from '../plan/pool-use.ts';
import { freeRedisDatabase } from '../plan/redis-database.ts';
import { textAt } from '../text/span.ts';
import type { Hop } from '../text/trail.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'django-cache-shares-broker',
  on: 'process',
  severity: 'warning',
  summary: "Django's cache and Celery's broker use the same Redis database number.",
  why: `\`cache.clear()\` of Django's Redis cache is \`FLUSHDB\`: it deletes everything in that database number, queued Celery tasks included. The other way round, queue keys count against the memory that the cache may fill, and no eviction policy suits both: a cache wants \`allkeys-lru\`, a queue must never lose a key.

Another database number on the same server protects against \`FLUSHDB\`. Memory and eviction are shared by the whole server, so a busy stack gives cache and broker a Redis of their own.`,
  references: [
    'Django 5.2, core/cache/backends/redis.py: clear() is flushdb',
    'Redis documentation, SELECT and FLUSHDB; eviction applies to the whole instance',
    'Celery 5.6, getting-started/backends-and-brokers/redis.rst',
  ],
  messages: {
    shared:
      'The cache "{alias}" and Celery\'s broker share Redis database {database}: clearing the cache deletes queued tasks. Give the cache a database number of its own.',
    sharedAddress:
      'The cache "{alias}" and Celery\'s broker use the same Redis URL: clearing the cache deletes queued tasks. Give the cache a database number of its own.',
    move: 'Use database {free} for the cache (it starts empty)',
    separate: 'Give the cache a URL of its own',
  },
  *check({ process }) {
    const { django } = process;
    if (!django) return;
    for (const cache of django.caches) {
      for (const broker of brokersOf(process)) {
        const { address } = cache;
        if (!address || !sameAddress(address, broker.address)) continue;
        const database = knownValue(address)?.database;
        yield {
          at: placeOf(cache),
          subject: cache.alias,
          message:
            database === undefined
              ? { says: 'sharedAddress', with: { alias: cache.alias } }
              : { says: 'shared', with: { alias: cache.alias, database } },
          trail: trailOf(cache, broker),
          fixes: () => fixesFor(address, { broker: broker.address, free: freeRedisDatabase(process) }),
        };
        break;
      }
    }
  },
});

interface Broker {
  readonly address: Value<RedisAddress>;
  readonly hop: Hop;
}

function brokersOf(process: Process): readonly Broker[] {
  const setting = process.django?.celeryBrokerUrl;
  const own: Broker[] = setting ? [{ address: setting, hop: { at: setting.at, says: "Celery's broker" } }] : [];
  const uses = process.code.queues.flatMap((use) =>
    use.purpose === 'broker' && use.address ? [{ address: use.address, hop: { at: use.at, says: use.says } }] : [],
  );
  return [...own, ...uses];
}

/** A number can be changed where a URL of the cache alone is written; a shared one has to be taken apart by hand. */
function fixesFor(address: Value<RedisAddress>, to: { broker: Value<RedisAddress>; free: number | undefined }) {
  const { broker, free } = to;
  if (sameOrigin(address, broker)) {
    const edits = { refused: 'cache and broker take the same URL: add a variable for the cache' };
    return [{ title: { says: 'separate' as const }, safety: 'review' as const, edits }];
  }
  if (!address.known || free === undefined) return [];
  const url = /^["']?(rediss?:\/\/[^/?"'{}]+)(?:\/\d*)?["']?$/.exec(textAt(address.at))?.[1];
  if (url === undefined) return [];
  const edits = replaceText(address.at, `${url}/${free}`);
  return [{ title: { says: 'move' as const, with: { free } }, safety: 'review' as const, edits }];
}

/** Equal addresses, or unknown ones that come from the same place of a file. */
function sameAddress(left: Value<RedisAddress>, right: Value<RedisAddress>): boolean {
  if (!left.known || !right.known) return !left.known && !right.known && sameOrigin(left, right);
  const { host, port, database } = left.value;
  return host === right.value.host && port === right.value.port && database === right.value.database;
}

function sameOrigin(left: Value<RedisAddress>, right: Value<RedisAddress>): boolean {
  return samePlace(left.at, right.at);
}

function placeOf(cache: DjangoCache) {
  return cache.locationAt ?? cache.at;
}

/** Addresses from one place stay equal whatever that place says: then nothing is assumed. */
function trailOf(cache: DjangoCache, broker: Broker): readonly Hop[] {
  const address = cache.address;
  if (!address) return [broker.hop];
  const assumed = sameOrigin(address, broker.address)
    ? []
    : [...address.trail, ...broker.address.trail].filter((hop) => hop.assumed === true);
  return [{ at: address.at, says: `LOCATION of the cache "${cache.alias}"` }, broker.hop, ...assumed];
}
