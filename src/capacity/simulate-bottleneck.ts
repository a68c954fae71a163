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
  const heldCpuSeconds =
    pool?.heldFor === 'request'
      ? (cpuSeconds * request.queries) / (request.queries + 1)
      : request.queries * (pool?.heldCpuSeconds ?? 0);
  const queryCpuSeconds = databaseSeconds * database.cpuShare;
  const sharedSeconds = cpuSeconds + request.frontCpuSeconds + (database.cpus === null ? queryCpuSeconds : 0);
  const connections = pool === null ? Number.POSITIVE_INFINITY : web.processes * (pool.size + pool.overflow);
  return [
    { resource: 'writers', requestsPerSecond: rate(database.writers, request.writeShare * databaseSeconds) },
    { resource: 'database', requestsPerSecond: rate(database.concurrency, databaseSeconds) },
    {
      resource: 'database-cpu',
      requestsPerSecond: rate(database.cpus ?? Number.POSITIVE_INFINITY, queryCpuSeconds),
    },
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

/** Mean seconds that a request waits in each place. */
export type Waits = Readonly<Record<'workers' | 'cpu' | 'pool' | 'database', number>>;

/**
 * The smallest of the resources that requests wait for, `none` when they hardly wait. Where several are waited for, the
 * smallest causes the others' queues.
 */
export function bottleneckOf(
  configuration: StackConfiguration,
  measured: { readonly waitSeconds: Waits; readonly responseSeconds: number; readonly errorShare: number },
): Bottleneck {
  const { waitSeconds, responseSeconds, errorShare } = measured;
  const total = Object.values(waitSeconds).reduce((sum, seconds) => sum + seconds, 0);
  if (total < notableWait * responseSeconds && errorShare < notableErrors) return 'none';
  const waitedFor = resourceCapacities(configuration).filter(
    ({ resource }) => waitSeconds[places[resource]] >= notablePlace * total,
  );
  return waitedFor.reduce((least, next) => (next.requestsPerSecond < least.requestsPerSecond ? next : least)).resource;
}

/** Share of the response time below which waiting is not worth a name. */
const notableWait = 0.1;
const notableErrors = 0.001;
/** Share of all waiting that makes a place count. */
const notablePlace = 0.03;

const places: Readonly<Record<ResourceCapacity['resource'], keyof Waits>> = {
  writers: 'database',
  database: 'database',
  'database-cpu': 'database',
  cpus: 'cpu',
  'process-cpu': 'cpu',
  pool: 'pool',
  workers: 'workers',
};

function rate(servers: number, seconds: number): number {
  return seconds > 0 ? servers / seconds : Number.POSITIVE_INFINITY;
}
