import type { DjangoCache, DjangoCacheUse } from '../model/django.ts';
import type { Edits } from '../model/fix.ts';
import { setDictEntries } from '../model/fixes/set-dict-entry.ts';
import { setModuleSetting } from '../model/fixes/set-module-setting.ts';
import type { Process, Project } from '../model/stack.ts';
import { isDefault, knownValue, product } from '../model/value.ts';
import { localCaches } from '../plan/django-use.ts';
import { explain } from '../plan/explain.ts';
import { servesRequests } from '../plan/pool-use.ts';
import { freeRedisDatabase } from '../plan/redis-database.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'django-cache-per-process',
  on: 'process',
  severity: 'warning',
  production: true,
  summary: 'Several worker processes each keep a Django cache of their own.',
  why: `Without \`CACHES\` Django keeps its cache in the memory of the process (\`LocMemCache\`). Every worker process then has another one: a value that one worker sets or deletes is missing or stale in the others, sessions kept in the cache come and go from request to request, and a throttle of 100 requests counts to 100 in each worker.

A cache that all processes share (Redis, Memcached, the database) says the same to everyone, and survives the recycling of a worker. The rule speaks only where the cache is really used: sessions, whole pages or throttling in the settings, or code that writes to it.`,
  references: [
    'Django 5.2, topics/cache: "Local-memory caching": each process will have its own private cache instance',
    'Django 5.2, conf/global_settings.py: CACHES',
    'Django 5.2, topics/http/sessions: "Using cached sessions"',
    'Django REST framework 3.16, api-guide/throttling: the throttle classes use the cache backend',
  ],
  messages: {
    written:
      'The cache "{alias}" lives in each worker process: {workers} workers keep {workers} different ones. Use a cache that they share.',
    unset:
      'No CACHES: each of {workers} worker processes keeps a cache of its own. Set CACHES to one that they share, such as Redis.',
    share: 'Keep the cache in {host}, database {database} (needs Django 4.0 and the package redis)',
  },
  *check({ process, service }, { project }) {
    if (!servesRequests(process)) return;
    const workers = product([service.replicas, process.workers], process.workers.at);
    if (!workers.known || workers.value < 2) return;
    for (const { cache, uses } of localCaches(process)) {
      const [first] = uses;
      if (!first) continue;
      const isUnset = isDefault(cache.backend);
      yield {
        at: isUnset ? first.at : cache.backend.at,
        subject: cache.alias,
        message: { says: isUnset ? 'unset' : 'written', with: { alias: cache.alias, workers: workers.value } },
        trail: [
          ...usesOf(uses),
          ...explain('the local-memory cache', cache.backend),
          ...explain('worker processes', process.workers),
          ...(knownValue(service.replicas) === 1 ? [] : explain('replicas', service.replicas)),
        ],
        fixes: () => shareCache(cache, { process, project }),
      };
    }
  },
});

function usesOf(uses: readonly DjangoCacheUse[]) {
  return uses.slice(0, 3).map(({ at, says }) => ({ at, says }));
}

function shareCache(cache: DjangoCache, { process, project }: { process: Process; project: Project }) {
  const store = project.stores.find(
    ({ engine, service }) => service !== undefined && (engine === 'redis' || engine === 'valkey'),
  );
  const database = freeRedisDatabase(process);
  const settings = process.django?.at.source;
  if (!store || database === undefined || !settings) return [];
  const backend = "'django.core.cache.backends.redis.RedisCache'";
  const location = `'redis://${store.name}:6379/${database}'`;
  const edits: Edits = cache.dictAt
    ? setDictEntries(cache.dictAt, [
        { key: 'BACKEND', text: backend },
        { key: 'LOCATION', text: location },
      ])
    : isDefault(cache.backend)
      ? setModuleSetting(settings, 'CACHES', `{'default': {'BACKEND': ${backend}, 'LOCATION': ${location}}}`)
      : { refused: 'the settings of this cache are not one dict in the file' };
  return [
    { title: { says: 'share' as const, with: { host: store.name, database } }, safety: 'review' as const, edits },
  ];
}
