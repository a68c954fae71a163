import { formatBytes, writeBytes } from '../capacity/bytes.ts';
import { sizeRedisMemory } from '../capacity/memory-sizing.ts';
import { replaceText } from '../model/fixes/replace-text.ts';
import { setServiceLimits } from '../model/fixes/service-limits.ts';
import { explain } from '../plan/explain.ts';
import { redisShare } from '../plan/redis-memory.ts';
import { redisUse } from '../plan/redis-use.ts';
import { runningService } from '../plan/store-service.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'redis-memory-exceeds-limit',
  on: 'store',
  severity: 'warning',
  severities: { exceeds: 'error' },
  summary: 'Redis may use more memory (`maxmemory`) than its container is allowed, so the kernel kills it first.',
  why: `\`maxmemory\` counts the data only. The process also needs client and replication buffers, fragmented memory, and, while it rewrites the append-only file or a snapshot, copies of every page that changes meanwhile: up to twice the data on a server with many writes.

When \`maxmemory\` reaches the container's memory limit, the kernel kills Redis before its own policy ever acts: every client loses its connection and an unsaved data set is gone. Redis' documentation advises 8 to 9 GB of \`maxmemory\` for 10 GB of free memory without persistence.

Headroom warns above 80 % of the limit for a cache, and above 60 % with persistence.`,
  references: [
    'Redis documentation: administration (memory, background saving), key eviction (maxmemory)',
    'Compose specification: deploy.resources.limits.memory',
  ],
  messages: {
    exceeds:
      'maxmemory {maxMemory} is not below the limit of {limit}: the kernel kills {name} before it can evict or refuse. Use at most {advised}.',
    near: 'maxmemory {maxMemory} is {percent} % of the limit of {limit}: buffers and fragmentation do not fit. Use at most {advised} ({share} %).',
    persists:
      'maxmemory {maxMemory} is {percent} % of the limit of {limit}: rewriting its file needs a copy. With persistence use at most {advised} ({share} %).',
    lower: 'Lower maxmemory to {advised}: Redis evicts or refuses writes earlier',
    raise: 'Raise the memory limit to {needed}: the host must have it',
  },
  *check({ store }, { project }) {
    const service = runningService(project, store);
    const maxMemory = store.redis?.maxMemoryBytes;
    const limit = service?.limits.memoryBytes;
    if (!store.redis || !service || !maxMemory?.known || !limit?.known) return;
    if (maxMemory.value === null || limit.value === null) return;
    const { persists } = store.redis;
    const share = redisShare({ persists, use: redisUse(project, store) });
    const exceeds = maxMemory.value >= limit.value;
    if (!exceeds && maxMemory.value <= limit.value * share) return;
    const advised = sizeRedisMemory({ share, limitBytes: limit.value, memoryBytes: undefined }).value;
    const needed = roundUp(maxMemory.value / share);
    const withPersistence = persists.known && persists.value && share < 0.8;
    yield {
      at: maxMemory.at,
      subject: store.name,
      message: {
        says: exceeds ? 'exceeds' : withPersistence ? 'persists' : 'near',
        with: {
          name: store.name,
          maxMemory: formatBytes(maxMemory.value),
          limit: formatBytes(limit.value),
          percent: Math.round((100 * maxMemory.value) / limit.value),
          advised: formatBytes(advised),
          share: share * 100,
        },
      },
      ...(exceeds && { case: 'exceeds' as const }),
      trail: [
        ...explain(`maxmemory ${formatBytes(maxMemory.value)}`, maxMemory),
        ...explain(`memory limit ${formatBytes(limit.value)}`, limit),
        ...(withPersistence ? explain('written to disk', persists) : []),
      ],
      fixes: () => [
        {
          title: { says: 'lower', with: { advised: formatBytes(advised) } },
          safety: 'review',
          edits: replaceText(maxMemory.at, `${writeBytes(advised)}b`),
        },
        {
          title: { says: 'raise', with: { needed: formatBytes(needed) } },
          safety: 'review',
          edits: setServiceLimits(service, { memory: writeBytes(needed).toUpperCase() }),
        },
      ],
    };
  },
});

function roundUp(bytes: number): number {
  const step = bytes > 2 ** 30 ? 2 ** 28 : 2 ** 26;
  return Math.ceil(bytes / step) * step;
}
