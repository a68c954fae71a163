import type { Process } from '../model/stack.ts';
import { knownValue } from '../model/value.ts';

/** The lowest database number of Redis' 16 that no cache, broker or queue of the process uses. */
export function freeRedisDatabase(process: Process): number | undefined {
  const addresses = [
    process.django?.celeryBrokerUrl,
    ...(process.django?.caches ?? []).map((cache) => cache.address),
    ...process.code.queues.map((use) => use.address),
  ];
  const taken = new Set(addresses.map((address) => address && knownValue(address)?.database));
  return [...Array(16).keys()].find((number) => !taken.has(number));
}
