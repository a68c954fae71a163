import { bottleneckOf, stackCapacity } from './simulate-bottleneck.ts';
import { checkSimulation } from './simulate-check.ts';
import type { Checked, SimulationOptions, SimulationResult, StackConfiguration } from './simulate-configuration.ts';
import { type Measured, runSimulation } from './simulate-run.ts';

/**
 * Simulates a stack under a load, event by event: think time, backlog, worker slot, CPU (one computing thread per process,
 * cores shared), pool checkout, database, answer. The same inputs always give the same result, and two configurations
 * with the same seed meet the same users with the same requests. Unusable inputs come back as problems, field by field.
 */
export function simulate(
  configuration: StackConfiguration,
  options: SimulationOptions = {},
): Checked<SimulationResult> {
  const problems = checkSimulation(configuration, options);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, result: summarise(configuration, runSimulation(configuration, options)) };
}

function summarise(configuration: StackConfiguration, measured: Measured): SimulationResult {
  const { seconds, outcomes, waits, busy } = measured;
  const { web, pool, database } = configuration;
  const finished = outcomes.answeredCount() + outcomes.failedCount();
  const share = (count: number) => count / Math.max(1, finished);
  const utilisation = (busySeconds: number, servers: number) => Math.min(1, busySeconds / seconds / servers);
  const errors = {
    refused: share(outcomes.errors.refused),
    poolTimeout: share(outcomes.errors.poolTimeout),
    workerTimeout: share(outcomes.errors.workerTimeout),
    proxyTimeout: share(outcomes.errors.proxyTimeout),
  };
  const waitSeconds = {
    workers: share(waits.workers),
    cpu: Math.max(0, share(waits.cpu)),
    pool: share(waits.pool),
    database: Math.max(0, share(waits.database)),
  };
  const responseSeconds = outcomes.responseTimes(measured.unfinished);
  const errorShare = share(outcomes.failedCount());
  return {
    throughputPerSecond: outcomes.answeredCount() / seconds,
    responseSeconds,
    errors,
    errorShare,
    utilisation: {
      workers: utilisation(busy.workers, web.processes * web.concurrency),
      processCpu: utilisation(busy.processCpu, web.processes),
      cpus: utilisation(busy.cpus, web.cpus),
      pool: pool === null ? 0 : utilisation(busy.pool, web.processes * (pool.size + pool.overflow)),
      database: utilisation(busy.database, database.concurrency),
      databaseCpu: database.cpus === null ? 0 : utilisation(busy.databaseCpu, database.cpus),
    },
    waitSeconds,
    requestsInSystem: busy.requests / seconds,
    bottleneck: bottleneckOf(configuration, {
      waitSeconds,
      responseSeconds: responseSeconds.mean,
      // A stack that answers nobody has failed, whether or not a timeout says so yet.
      errorShare: finished === 0 ? 1 : errorShare,
    }),
    stable: offeredPerSecond(configuration) <= stackCapacity(configuration).requestsPerSecond,
    finishedRequests: finished,
    simulatedSeconds: seconds,
  };
}

/** Requests per second that come whatever happens; none from users, who wait for their answers. */
function offeredPerSecond({ load }: StackConfiguration): number {
  if (load.kind === 'users') return 0;
  return load.kind === 'arrivals' ? load.requestsPerSecond : load.requests / load.everySeconds;
}
