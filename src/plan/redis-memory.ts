import type { RedisFacts, Service } from '../model/stack.ts';
import type { RedisUse } from './redis-use.ts';

/**
 * Share of the container's memory that `maxmemory` may take: 0.8 for a cache (Redis' administration page: 8 to 9 GB of
 * 10), 0.6 with persistence, whose rewriting copies the pages that change meanwhile (the page: up to twice the memory
 * where much is written; the ratio in between is ours).
 */
export function redisShare(of: { readonly persists: RedisFacts['persists']; readonly use: RedisUse }): number {
  const onlyCache = of.use.uses.length > 0 && of.use.uses.every(({ use }) => use.purpose === 'cache');
  return of.persists.known && of.persists.value && !onlyCache ? 0.6 : 0.8;
}

/**
 * `maxmemory` for a Redis that has none: what its container's limit leaves room for, else 512 MiB, which suits a
 * container of 1 GiB with persistence (50 %).
 */
export function redisMemory(service: Service, share: number): number {
  const { memoryBytes } = service.limits;
  if (!memoryBytes.known || memoryBytes.value === null) return 512 * 2 ** 20;
  const step = 16 * 2 ** 20;
  return Math.max(step, Math.floor((memoryBytes.value * share) / step) * step);
}
