import { formatBytes, writeBytes } from '../capacity/bytes.ts';
import type { Figure } from '../capacity/figure.ts';
import { sizeDatabaseCache } from '../capacity/memory-sizing.ts';
import type { Service, Store } from '../model/stack.ts';
import { isDefault, knownValue } from '../model/value.ts';
import { maxConnectionsOption, setMaxConnections } from './max-connections.ts';
import type { PlanChange } from './plan-change.ts';
import type { PlannedStack } from './planned-stack.ts';
import type { Proposal } from './recommendation.ts';
import { sizeMaxMemory } from './redis-memory.ts';
import { redisPurpose, redisUse } from './redis-use.ts';
import { type StoreBudget, storeBudgets } from './store-budget.ts';
import { type RunningStore, runningService } from './store-service.ts';

/** Changes of the databases and poolers that the stack connects to, and of Redis. */
export function recommendStores(planned: PlannedStack): readonly Proposal[] {
  const { target } = planned;
  return [
    ...storeBudgets(planned).flatMap((budget) => recommendMaxConnections(budget, planned)),
    ...target.project.stores.flatMap((store) => {
      const service = runningService(target.project, store);
      return service
        ? [...recommendRedis({ store, service }, planned), ...recommendCache({ store, service }, planned)]
        : [];
    }),
  ];
}

function recommendMaxConnections(budget: StoreBudget, planned: PlannedStack): readonly Proposal[] {
  const { store, parts, running, limit } = budget;
  if (!running || !limit || limit.value <= running.most) return [];
  const service = runningService(planned.target.project, store);
  return [
    {
      setting: store.engine === 'pgbouncer' ? 'max_client_conn' : 'max_connections',
      subject: store.name,
      today: `${running.most}${isDefault(store.maxConnections) ? ' (default)' : ''}`,
      planned: String(limit.value),
      reason: '{connections} connections can be in use at once, more than 80 % of what {store} takes',
      values: {
        connections: limit.inputs.connections ?? parts.reduce((sum, part) => sum + part.planned, 0),
        store: store.name,
      },
      figure: limit,
      at: store.maxConnections.at,
      change: changeLimit(store, { limit: limit.value, service, planned }),
      services: service ? [service] : [],
      ...(store === planned.target.store && { decides: 'maxConnections' as const }),
    },
  ];
}

function changeLimit(
  store: Store,
  to: { readonly limit: number; readonly service: Service | undefined; readonly planned: PlannedStack },
): PlanChange {
  const { limit, service, planned } = to;
  if (!isDefault(store.maxConnections) || !service)
    return { kind: 'edits', edits: setMaxConnections(planned.target.project, store, limit) };
  if (store.engine === 'pgbouncer')
    return { kind: 'edits', edits: { refused: 'no file of this project holds the settings of PgBouncer' } };
  return { kind: 'store', store, service, options: [maxConnectionsOption(store, limit)] };
}

function recommendRedis({ store, service }: RunningStore, { target, goal }: PlannedStack): readonly Proposal[] {
  const { redis } = store;
  if (!redis?.maxMemoryBytes.known || redis.maxMemoryBytes.value !== null) return [];
  const purpose = redisPurpose(redisUse(target.project, store));
  const figure = sizeMaxMemory({ store, service }, { project: target.project, memoryBytes: goal.host?.memoryBytes });
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

/** The cache of a database that runs with its engine's small default; undefined where none would be larger. */
export function sizeCache({ store, service }: RunningStore, { inputs, sizing }: PlannedStack): Figure | undefined {
  const { memory, engine } = store;
  const databases = sizing.memory.parts.find(({ part }) => part === 'database')?.bytes.value;
  if (!memory || !isDefault(memory.cacheBytes) || !memory.cacheBytes.known || databases === undefined) return;
  if (engine !== 'postgresql' && engine !== 'mysql' && engine !== 'mariadb') return;
  const limit = knownValue(service.limits.memoryBytes) ?? Number.POSITIVE_INFINITY;
  const figure = sizeDatabaseCache(Math.min(limit, databases / inputs.databaseServers), engine);
  return inputs.database === engine && figure.value > memory.cacheBytes.value ? figure : undefined;
}

function recommendCache({ store, service }: RunningStore, planned: PlannedStack): readonly Proposal[] {
  const { memory, engine } = store;
  const figure = sizeCache({ store, service }, planned);
  if (!figure || !memory?.cacheBytes.known) return [];
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
