import type { Pool } from '../model/pool.ts';
import type { Process, Project, Service, Store } from '../model/stack.ts';
import { mapValue, type Value } from '../model/value.ts';
import type { Location } from '../text/span.ts';

/** A setting's value as reports show it; null means none or no bound. */
export type SettingValue = number | string | boolean | null;

/** One effective setting of a service, process, pool or store. */
export interface StackSetting {
  /** Its name in the JSON of `headroom stack`, with the unit where the number needs one. */
  readonly key: string;
  /** Its name for people. */
  readonly name: string;
  readonly value: Value<SettingValue>;
  readonly unit: 'bytes' | 'seconds' | undefined;
}

/** Settings that every report shows of a service. */
export function serviceSettings(service: Service): readonly StackSetting[] {
  const { limits } = service;
  return [
    setting('replicas', 'replicas', service.replicas),
    bytes('memoryLimitBytes', 'memory limit', limits.memoryBytes),
    bytes('memoryReservationBytes', 'memory reservation', limits.memoryReservationBytes),
    setting('cpuLimit', 'cpu limit', limits.cpus),
    seconds('stopGracePeriodSeconds', 'stop grace period', service.stopGracePeriodSeconds),
    setting('stopSignal', 'stop signal', service.stopSignal),
  ];
}

/** Settings of a server process; Gunicorn's own where it is one. */
export function processSettings(process: Process): readonly StackSetting[] {
  const { gunicorn } = process;
  return [
    setting('workers', 'workers', process.workers),
    setting('threads', 'threads', process.threads),
    setting('workerClass', 'worker class', process.workerClass),
    seconds('timeoutSeconds', 'timeout', process.timeoutSeconds),
    seconds('gracefulTimeoutSeconds', 'graceful timeout', process.gracefulTimeoutSeconds),
    setting('maxRequests', 'max requests', process.maxRequests),
    setting('concurrency', 'concurrency', process.concurrency),
    setting(
      'bind',
      'bind',
      mapValue(process.bind, (addresses) => addresses.join(' ')),
    ),
    setting('reload', 'reload', process.reload),
    ...(gunicorn
      ? [
          setting('maxRequestsJitter', 'max requests jitter', gunicorn.maxRequestsJitter),
          seconds('keepAliveSeconds', 'keep-alive', gunicorn.keepAliveSeconds),
          setting('workerConnections', 'worker connections', gunicorn.workerConnections),
          setting('backlog', 'backlog', gunicorn.backlog),
          setting('preload', 'preload', gunicorn.preload),
        ]
      : []),
  ];
}

/** Settings of a connection pool. */
export function poolSettings(pool: Pool): readonly StackSetting[] {
  return [
    setting('size', 'size', pool.size),
    setting('overflow', 'overflow', pool.overflow),
    setting('opensEagerly', 'opens eagerly', pool.opensEagerly),
    seconds('timeoutSeconds', 'checkout timeout', pool.timeoutSeconds),
    seconds('recycleSeconds', 'recycle', pool.recycleSeconds),
    setting('prePing', 'pre-ping', pool.prePing),
  ];
}

/** Settings of a database, cache or broker. */
export function storeSettings(store: Store): readonly StackSetting[] {
  const { memory, pooler, redis, slowQueryLog } = store;
  return [
    setting('maxConnections', 'max connections', store.maxConnections),
    setting('usableConnections', 'usable connections', store.usableConnections),
    ...(slowQueryLog ? [setting('slowQueryLog', 'slow query log', slowQueryLog)] : []),
    ...(memory
      ? [
          bytes('cacheBytes', memory.cacheName, memory.cacheBytes),
          bytes('connectionBytes', 'memory of a connection', memory.perConnectionBytes),
        ]
      : []),
    ...(pooler
      ? [
          setting('poolMode', 'pool mode', pooler.poolMode),
          setting('defaultPoolSize', 'default pool size', pooler.defaultPoolSize),
          setting('reservePoolSize', 'reserve pool size', pooler.reservePoolSize),
          setting('maxDatabaseConnections', 'max database connections', pooler.maxDatabaseConnections),
        ]
      : []),
    ...(redis
      ? [
          bytes('maxMemoryBytes', 'maxmemory', redis.maxMemoryBytes),
          setting('maxMemoryPolicy', 'maxmemory policy', redis.maxMemoryPolicy),
          setting('persists', 'persists', redis.persists),
        ]
      : []),
  ];
}

/** A service, process, pool or store with its settings. */
export interface StackSubject {
  /** As in "web gunicorn". */
  readonly name: string;
  readonly at: Location;
  readonly settings: readonly StackSetting[];
}

/** Everything in a project that has settings, services first. */
export function subjectsOf(project: Project): readonly StackSubject[] {
  const services = project.services.flatMap((service) => [
    { name: service.name, at: service.at, settings: serviceSettings(service) },
    ...service.processes.flatMap((process) => [
      { name: `${service.name} ${process.server}`, at: process.at, settings: processSettings(process) },
      ...process.pools.map((pool) => ({
        name: `${service.name} ${pool.library}${pool.alias === undefined ? '' : ` ${pool.alias}`}`,
        at: pool.at,
        settings: poolSettings(pool),
      })),
    ]),
  ]);
  const stores = project.stores.map((store) => ({ name: store.name, at: store.at, settings: storeSettings(store) }));
  return [...services, ...stores];
}

function setting(key: string, name: string, value: Value<SettingValue>): StackSetting {
  return { key, name, value, unit: undefined };
}

function bytes(key: string, name: string, value: Value<number | null>): StackSetting {
  return { key, name, value, unit: 'bytes' };
}

function seconds(key: string, name: string, value: Value<number | null>): StackSetting {
  return { key, name, value, unit: 'seconds' };
}
