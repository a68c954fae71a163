import type { CapacityInputs } from './capacity-inputs.ts';
import { databaseCores, databaseCpuShareOfTime } from './database-cpu.ts';
import { documentedDefaults } from './defaults.ts';
import { reservedConnections } from './pool-sizing.ts';
import type { StackConfiguration } from './simulate-configuration.ts';
import type { StackSizing } from './size-stack.ts';

/** The settings that decide what a stack carries, as they are or as they should be. */
export interface StackSettings {
  readonly replicas: number;
  readonly workers: number;
  /** Requests at once in one worker: threads, 1 for sync; null for an event loop, which takes what comes. */
  readonly threads: number | null;
  /** Null when requests open connections of their own, or use no database. */
  readonly pool: {
    readonly size: number;
    readonly overflow: number;
    /** Seconds that a request waits for a connection; null waits for ever, 0 fails at once. */
    readonly timeoutSeconds: number | null;
  } | null;
  /** Null when the server's limit cannot be known. */
  readonly maxConnections: number | null;
  /** Seconds after which a sync worker is killed; 0 for never. */
  readonly workerTimeoutSeconds: number;
  /** Null without a proxy. */
  readonly proxyTimeoutSeconds: number | null;
  /** Settings that no edit can change: unknown ones, a development server's one process, AnyIO's threads. */
  readonly fixed?: readonly ('workers' | 'threads')[];
}

/** The recommended settings, for a simulation beside today's. */
export function recommendedSettings(sizing: StackSizing, today: StackSettings): StackSettings {
  return {
    replicas: today.replicas,
    workers: sizing.workers.value,
    threads: today.threads === null ? null : sizing.threads.value,
    pool:
      today.pool === null
        ? null
        : {
            size: sizing.poolSize.value,
            overflow: sizing.maxOverflow.value,
            timeoutSeconds: today.pool.timeoutSeconds === 0 ? 0 : sizing.poolTimeoutSeconds.value,
          },
    maxConnections: sizing.maxConnections?.value ?? today.maxConnections,
    workerTimeoutSeconds: today.workerTimeoutSeconds,
    proxyTimeoutSeconds: today.proxyTimeoutSeconds,
  };
}

/**
 * The stack as the simulation takes it. Requests hold their connection until they are answered; the database takes as
 * many queries at once as it has connections, and computes for them on its own cores; the web server has its share of a
 * shared machine.
 */
export function toStackConfiguration(inputs: CapacityInputs, settings: StackSettings): StackConfiguration {
  const { replicas, workers, threads, pool, maxConnections } = settings;
  const kind = threads === null ? 'async' : threads === 1 ? 'sync' : 'threads';
  const usable =
    maxConnections === null ? Number.POSITIVE_INFINITY : maxConnections - reservedConnections(inputs.database);
  const concurrency = Math.max(1, usable - inputs.otherConnections);
  const variation = documentedDefaults['headroom.request_variation'].value;
  return {
    web: {
      kind,
      processes: replicas * workers,
      concurrency: threads ?? 1000,
      cpus: inputs.profile === 'shared' ? inputs.cpus * inputs.webCpuShare : inputs.cpus * replicas,
      backlog: documentedDefaults['gunicorn.backlog'].value,
      timeoutSeconds: settings.workerTimeoutSeconds,
      restartSeconds: documentedDefaults['headroom.worker_restart_seconds'].value,
    },
    pool: pool && {
      ...pool,
      heldFor: 'request',
      connectSeconds: documentedDefaults['headroom.connect_seconds'].value,
      connectCpuSeconds: documentedDefaults['headroom.connect_cpu_seconds'].value,
    },
    database: {
      concurrency,
      writers: concurrency,
      cpuShare: databaseCpuShareOfTime(inputs),
      cpus: databaseCores(inputs),
    },
    request: {
      cpu: { kind: 'lognormal', meanSeconds: inputs.cpuSeconds, variation },
      database: { kind: 'lognormal', meanSeconds: inputs.databaseSeconds, variation },
      queries: inputs.databaseSeconds > 0 ? 1 : 0,
      // The code after the query is not reached; what an error page costs is not known.
      failedCpuSeconds: 0,
      writeShare: 0,
      frontCpuSeconds: 0,
    },
    load:
      inputs.requestsPerSecond === null
        ? { kind: 'users', users: inputs.users, think: { kind: 'exponential', meanSeconds: inputs.thinkSeconds } }
        : { kind: 'arrivals', requestsPerSecond: inputs.requestsPerSecond },
    proxyTimeoutSeconds: settings.proxyTimeoutSeconds,
  };
}
