import type { Figure } from '../capacity/figure.ts';
import * as sizing from '../capacity/memory-sizing.ts';
import type { Project, RedisFacts, Service } from '../model/stack.ts';
import { knownValue } from '../model/value.ts';
import type { Goal } from './goal.ts';
import { type RedisUse, redisPurpose, redisUse } from './redis-use.ts';
import type { RunningStore } from './store-service.ts';

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

/** `maxmemory` that the plan gives to a Redis without one; a cache needs no room to write its data. */
export function sizeMaxMemory(
  { store, service }: RunningStore,
  on: { readonly project: Project; readonly memoryBytes: number | undefined },
): Figure {
  const { redis } = store;
  const purpose = redisPurpose(redisUse(on.project, store));
  const persists = redis?.persists.known === true && redis.persists.value && purpose !== 'cache';
  return sizing.sizeRedisMemory({
    share: sizing.redisShare({ persists }),
    limitBytes: knownValue(service.limits.memoryBytes) ?? undefined,
    memoryBytes: on.memoryBytes,
  });
}
