import * as sizing from '../capacity/memory-sizing.ts';
import type { RedisFacts, Service } from '../model/stack.ts';
import type { Goal } from './goal.ts';
import type { RedisUse } from './redis-use.ts';

/**
 * Share of the container's memory that `maxmemory` may take: less with persistence, whose rewriting copies the pages
 * that change meanwhile.
 */
export function redisShare(of: { readonly persists: RedisFacts['persists']; readonly use: RedisUse }): number {
  const onlyCache = of.use.uses.length > 0 && of.use.uses.every(({ use }) => use.purpose === 'cache');
  return sizing.redisShare({ persists: of.persists.known && of.persists.value && !onlyCache });
}

/** `maxmemory` for a Redis that has none: what its container's limit, or else the host, leaves room for. */
export function redisMemory(service: Service, from: { readonly share: number; readonly goal: Goal }): number {
  const { memoryBytes } = service.limits;
  return sizing.sizeRedisMemory({
    share: from.share,
    limitBytes: (memoryBytes.known ? memoryBytes.value : null) ?? undefined,
    memoryBytes: from.goal.host?.memoryBytes,
  }).value;
}
