import { formatBytes, writeBytes } from '../capacity/bytes.ts';
import { redisShare, sizeDatabaseCache, sizeRedisMemory } from '../capacity/memory-sizing.ts';
import { fits } from '../capacity/pool-sizing.ts';
import type { Pool } from '../model/pool.ts';
import type { Service, Store } from '../model/stack.ts';
import { isDefault, knownValue } from '../model/value.ts';
import { runsWsgi, serverDatabases, setDatabaseSettings } from './django-use.ts';
import { maxConnectionsOption, setMaxConnections } from './max-connections.ts';
import type { PlannedStack } from './planned-stack.ts';
import {
  describeSettings,
  describeSize,
  isRefused,
  largestPool,
  placeOfSize,
  setPoolSize,
  sizeForRequests,
} from './pool-size.ts';
import { connectsPerThread, poolConcurrency, usesOfPool } from './pool-use.ts';
import type { Proposal } from './recommendation.ts';
import { redisPurpose, redisUse } from './redis-use.ts';
import { runningService } from './store-service.ts';

/** Changes of pools, of the database behind them and of Redis. */
export function recommendStores(planned: PlannedStack): readonly Proposal[] {
  const { target } = planned;
  return [
    ...target.pools.flatMap((pool) => recommendPool(pool, planned)),
    ...recommendReuse(planned),
    ...recommendMaxConnections(planned),
    ...target.project.stores.flatMap((store) => {
      const service = runningService(target.project, store);
      return service
        ? [...recommendRedis({ store, service }, planned), ...recommendCache({ store, service }, planned)]
        : [];
    }),
  ];
}

function recommendPool(pool: Pool, { target, sizing, today }: PlannedStack): readonly Proposal[] {
  const { process, service, project } = target;
  const size = knownValue(pool.size);
  if (connectsPerThread(pool, process) || isRefused(pool) || size === undefined) return [];
  const others = usesOfPool(project, pool)
    .filter((use) => use.process !== process)
    .map((use) => knownValue(poolConcurrency(use.pool, use.process)) ?? 1);
  const atOnce = sizing.requestsAtOnce.value / (today.replicas * sizing.workers.value);
  const requests = Math.max(Math.ceil(atOnce), ...others);
  const current = { size, overflow: knownValue(pool.overflow) ?? 0 };
  // How many requests an event loop has in hand only the load decides: more connections than that do no harm.
  const suffices = today.threads === null && current.size + current.overflow >= requests;
  if (suffices || fits(current, requests) || requests > largestPool(pool)) return [];
  const wanted = sizeForRequests(pool, requests);
  const capacity = current.size + current.overflow;
  return [
    {
      setting:
        pool.overflowName === undefined ? (pool.sizeName ?? 'pool size') : `${pool.sizeName}, ${pool.overflowName}`,
      subject: pool.alias ?? pool.library,
      today: describeSize(pool, capacity) + (pool.sizeWritten ? '' : ' (default)'),
      planned: describeSettings(pool, wanted),
      reason:
        capacity < requests
          ? '{requests} requests at once share {capacity} connections: the others wait or fail'
          : '{requests} requests at once can never use {capacity} connections',
      values: { requests, capacity },
      figure: {
        ...sizing.poolSize,
        value: wanted.size,
        formula: 'requestsAtOnce',
        inputs: { requestsAtOnce: requests },
      },
      at: placeOfSize(pool),
      change: { kind: 'edits', edits: setPoolSize(pool, wanted) },
      services: usesOfPool(project, pool)
        .map((use) => use.service)
        .concat(service),
    },
  ];
}

function recommendReuse({ target }: PlannedStack): readonly Proposal[] {
  const { process, project, service } = target;
  if (!process.django || !runsWsgi(process)) return [];
  const { complete } = process.django;
  return serverDatabases(process, project).flatMap(({ database, store }) => {
    const { connMaxAge, connMaxAgeWritten, pool } = database;
    const reconnects = knownValue(connMaxAge) === 0 && knownValue(pool) === false && (complete || connMaxAgeWritten);
    if (!reconnects || store?.engine === 'pgbouncer') return [];
    return [
      {
        setting: 'CONN_MAX_AGE',
        subject: database.alias,
        today: connMaxAgeWritten ? '0' : '0 (default)',
        planned: '600 with health checks',
        reason: 'every request opens a connection of its own',
        figure: {
          value: 600,
          formula: '600',
          inputs: {},
          source: 'Django documentation, databases: persistent connections',
        },
        unit: 'seconds' as const,
        at: connMaxAgeWritten ? connMaxAge.at : database.at,
        change: {
          kind: 'edits' as const,
          edits: setDatabaseSettings(database, { maxAge: '600', healthChecks: 'True' }),
        },
        services: [service],
      },
    ];
  });
}

function recommendMaxConnections({ target, sizing, today }: PlannedStack): readonly Proposal[] {
  const { store, project } = target;
  const figure = sizing.maxConnections;
  if (!store || !figure || today.maxConnections === null || figure.value <= today.maxConnections) return [];
  const service = runningService(project, store);
  const option = maxConnectionsOption(store, figure.value);
  const isUnset = isDefault(store.maxConnections);
  return [
    {
      setting: 'max_connections',
      subject: store.name,
      today: `${today.maxConnections}${isUnset ? ' (default)' : ''}`,
      planned: String(figure.value),
      reason: '{connections} connections can be in use at once, more than 80 % of what {store} takes',
      values: { connections: sizing.reachableConnections.value, store: store.name },
      figure,
      at: store.maxConnections.at,
      change:
        isUnset && service
          ? { kind: 'store', store, service, options: [option] }
          : { kind: 'edits', edits: setMaxConnections(project, store, figure.value) },
      services: service ? [service] : [],
    },
  ];
}

interface RunningStore {
  readonly store: Store;
  readonly service: Service;
}

function recommendRedis({ store, service }: RunningStore, { target, goal }: PlannedStack): readonly Proposal[] {
  const { redis } = store;
  if (!redis?.maxMemoryBytes.known || redis.maxMemoryBytes.value !== null) return [];
  const use = redisUse(target.project, store);
  const purpose = redisPurpose(use);
  const persists = redis.persists.known && redis.persists.value && purpose !== 'cache';
  const limit = service.limits.memoryBytes;
  const figure = sizeRedisMemory({
    share: redisShare({ persists }),
    limitBytes: (limit.known ? limit.value : null) ?? undefined,
    memoryBytes: goal.host?.memoryBytes,
  });
  const policy = purpose === 'cache' ? 'allkeys-lru' : 'noeviction';
  return [
    {
      setting: 'maxmemory',
      subject: store.name,
      today: undefined,
      planned: `${formatBytes(figure.value)}, ${policy}`,
      reason:
        purpose === 'queue'
          ? 'without a bound it fills the host; it holds a queue, so it must refuse instead of evicting'
          : 'without a bound it fills the host',
      figure,
      unit: 'bytes',
      at: store.at,
      change: {
        kind: 'store',
        store,
        service,
        options: [
          { flag: '--maxmemory', value: `${writeBytes(figure.value)}b` },
          { flag: '--maxmemory-policy', value: policy },
        ],
      },
      services: [service],
    },
  ];
}

function recommendCache({ store, service }: RunningStore, { inputs, sizing }: PlannedStack): readonly Proposal[] {
  const { memory, engine } = store;
  const databases = sizing.memory.parts.find(({ part }) => part === 'database')?.bytes.value;
  if (!memory || !isDefault(memory.cacheBytes) || !memory.cacheBytes.known || databases === undefined) return [];
  if (engine !== 'postgresql' && engine !== 'mysql' && engine !== 'mariadb') return [];
  const limit = knownValue(service.limits.memoryBytes) ?? Number.POSITIVE_INFINITY;
  const figure = sizeDatabaseCache(Math.min(limit, databases), engine);
  if (inputs.database !== engine || figure.value <= memory.cacheBytes.value) return [];
  const bytes = `${figure.value / 2 ** 20}M`;
  return [
    {
      setting: memory.cacheName,
      subject: store.name,
      today: `${formatBytes(memory.cacheBytes.value)} (default)`,
      planned: formatBytes(figure.value),
      reason: '{store} keeps few pages in memory and reads the others from disk',
      values: { store: store.name },
      figure,
      unit: 'bytes',
      at: memory.cacheBytes.at,
      change: {
        kind: 'store',
        store,
        service,
        options: [
          engine === 'postgresql'
            ? { flag: '-c', value: `${memory.cacheName}=${bytes}B` }
            : { flag: `--${memory.cacheName}`, value: bytes, style: 'equals' },
        ],
      },
      services: [service],
    },
  ];
}
