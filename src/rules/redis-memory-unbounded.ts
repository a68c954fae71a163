import { formatBytes, writeBytes } from '../capacity/bytes.ts';
import { explain } from '../plan/explain.ts';
import { redisMemory, redisShare } from '../plan/redis-memory.ts';
import { redisPurpose, redisUse } from '../plan/redis-use.ts';
import { setStoreOptions } from '../plan/store-options.ts';
import { runningService } from '../plan/store-service.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'redis-memory-unbounded',
  on: 'store',
  severity: 'warning',
  production: true,
  summary: 'A Redis server has no `maxmemory`, so it grows until the kernel kills it or its neighbours.',
  why: `Redis keeps everything in memory, and without \`maxmemory\` nothing stops it from growing: its default is 0, no limit. A queue that is read too slowly, or keys that never expire, then fill the container or the host. The kernel ends that by killing a process: Redis itself, or whatever else is largest on the host.

With \`maxmemory\` Redis decides instead. \`noeviction\` answers writes with an error and keeps every key: right for queues, brokers, sessions and anything that must not vanish. \`allkeys-lru\` throws away the keys not used for longest: right for a server that holds nothing but a cache.

\`maxmemory\` counts data only. Buffers, fragmentation and the copy made while the file is rewritten come on top, so it should stay below 80 % of the container's memory limit for a cache and below 60 % with persistence.`,
  references: [
    'redis src/config.c: maxmemory 0, maxmemory-policy noeviction',
    'Redis documentation: key eviction; administration, memory',
  ],
  messages: {
    queue:
      '{name} has no maxmemory: it may grow until {end}. It holds a queue ({holds}), so bound it with noeviction: allkeys-lru would drop jobs.',
    cache:
      '{name} has no maxmemory: it may grow until {end}. It serves as a cache ({holds}): bound it with allkeys-lru, or noeviction if it also holds what must not vanish.',
    open: '{name} has no maxmemory: it may grow until {end}. Bound it, with noeviction if a key must not vanish, with allkeys-lru for a cache.',
    keep: 'Set maxmemory {amount} with noeviction: when it is full, writes fail and nothing is lost',
    expiring: 'Set maxmemory {amount} with volatile-ttl: when it is full, keys with an expiry go first, queues stay',
    evict: 'Set maxmemory {amount} with allkeys-lru: when it is full, keys not used for longest are dropped',
  },
  *check({ store }, { project, goal }) {
    const service = runningService(project, store);
    const maxMemory = store.redis?.maxMemoryBytes;
    if (!store.redis || !service || !maxMemory?.known || maxMemory.value !== null) return;
    const use = redisUse(project, store);
    const purpose = redisPurpose(use);
    const limit = service.limits.memoryBytes;
    const host = goal.host?.memoryBytes;
    const end =
      limit.known && limit.value !== null
        ? `its limit of ${formatBytes(limit.value)} kills it`
        : host === undefined
          ? 'the host is out of memory'
          : `the host (${formatBytes(host)}) is full`;
    const amount = redisMemory(service, { share: redisShare({ persists: store.redis.persists, use }), goal });
    const queues = use.uses.filter(({ use: { purpose: kind } }) => kind === 'queue' || kind === 'broker');
    yield {
      at: store.at,
      subject: store.name,
      message: {
        says: purpose === 'queue' ? 'queue' : purpose === 'cache' ? 'cache' : 'open',
        with: { name: store.name, end, holds: (queues[0] ?? use.uses[0])?.use.says ?? '' },
      },
      trail: [
        ...explain('no maxmemory', maxMemory),
        ...(limit.known && limit.value !== null ? explain(`memory limit ${formatBytes(limit.value)}`, limit) : []),
        ...use.uses.map(({ hop }) => ({ at: hop.at, says: hop.says })),
      ],
      fixes: () =>
        policies[purpose].map(({ says, policy }) => ({
          title: { says, with: { amount: formatBytes(amount) } },
          safety: 'review',
          edits: setStoreOptions({ store, service }, [
            { flag: '--maxmemory', value: `${writeBytes(amount)}b` },
            { flag: '--maxmemory-policy', value: policy },
          ]),
        })),
    };
  },
});

const keep = { says: 'keep', policy: 'noeviction' } as const;
const expiring = { says: 'expiring', policy: 'volatile-ttl' } as const;
const evict = { says: 'evict', policy: 'allkeys-lru' } as const;

/** Policies to offer, the one that fits best first; a queue is never offered one that may drop it. */
const policies = { queue: [keep, expiring], cache: [evict, keep], unknown: [keep, evict] } as const;
