import { meanTime } from './random.ts';
import type { Bottleneck, StackConfiguration } from './simulate-configuration.ts';

/** The most that one resource of the stack can answer, in requests per second. */
export interface ResourceCapacity {
  readonly resource: Exclude<Bottleneck, 'none'>;
  /** Infinity for a resource that nothing needs or limits. */
  readonly requestsPerSecond: number;
}

/**
 * What each resource could answer if it alone limited the stack (the utilisation law: servers / seconds each request
 * needs one). From the inside outwards, because what waits inside also occupies everything around it.
 */
export function resourceCapacities(configuration: StackConfiguration): readonly ResourceCapacity[] {
  const { web, pool, database, request } = configuration;
  const databaseSeconds = request.queries > 0 ? meanTime(request.database) : 0;
  const cpuSeconds = meanTime(request.cpu);
  const heldCpuSeconds = pool?.heldFor === 'request' ? (cpuSeconds * request.queries) / (request.queries + 1) : 0;
  const sharedSeconds = cpuSeconds + request.frontCpuSeconds + databaseSeconds * database.sharedCpuShare;
  const connections = pool === null ? Number.POSITIVE_INFINITY : web.processes * (pool.size + pool.overflow);
  return [
    { resource: 'writers', requestsPerSecond: rate(database.writers, request.writeShare * databaseSeconds) },
    { resource: 'database', requestsPerSecond: rate(database.concurrency, databaseSeconds) },
    { resource: 'cpus', requestsPerSecond: rate(web.cpus, sharedSeconds) },
    { resource: 'process-cpu', requestsPerSecond: rate(web.processes, cpuSeconds) },
    {
      resource: 'pool',
      requestsPerSecond: rate(connections, request.queries > 0 ? databaseSeconds + heldCpuSeconds : 0),
    },
    { resource: 'workers', requestsPerSecond: rate(web.processes * web.concurrency, cpuSeconds + databaseSeconds) },
  ];
}

/** The capacity of the stack: that of its smallest resource, in requests per second (Infinity when nothing limits it). */
export function stackCapacity(configuration: StackConfiguration): ResourceCapacity {
  return resourceCapacities(configuration).reduce((least, next) =>
    next.requestsPerSecond < least.requestsPerSecond ? next : least,
  );
}

/** The smallest resource when requests wait for a notable share of their time, otherwise `none`. */
export function bottleneckOf(
  configuration: StackConfiguration,
  measured: { readonly waitSeconds: number; readonly responseSeconds: number; readonly errorShare: number },
): Bottleneck {
  const notable = 0.1;
  const waits = measured.waitSeconds > notable * measured.responseSeconds || measured.errorShare > 0.001;
  return waits ? stackCapacity(configuration).resource : 'none';
}

function rate(servers: number, seconds: number): number {
  return seconds > 0 ? servers / seconds : Number.POSITIVE_INFINITY;
}
