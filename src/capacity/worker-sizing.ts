import { acceptShares } from './accept-shares.ts';
import type { CapacityInputs } from './capacity-inputs.ts';
import { responseSeconds } from './capacity-inputs.ts';
import { documentedDefaults } from './defaults.ts';
import { type Figure, sourceOf } from './figure.ts';
import { requestsInFlight } from './requests-in-flight.ts';

/** What decides the number of web workers. */
export type WorkerMachine = Pick<
  CapacityInputs,
  'cpus' | 'profile' | 'webCpuShare' | 'workerBytes' | 'concurrency' | 'replicas'
> & {
  /** Memory that the workers of one container may take; Infinity when nothing bounds it. */
  readonly webBytes: number;
};

/** Workers for each container: what its CPUs keep busy, no more than its memory holds, at least 1. */
export function countWorkers(machine: WorkerMachine): Figure {
  const { cpus, profile, webCpuShare, workerBytes, webBytes, replicas } = machine;
  const byCpu = profile === 'shared' ? sharedWorkers(cpus / replicas, webCpuShare).most : dedicatedWorkers(cpus);
  const byMemory = Math.floor(webBytes / workerBytes);
  const value = Math.max(1, Math.min(byCpu, byMemory));
  if (byMemory < byCpu) {
    return {
      value,
      formula: byMemory < 1 ? 'max(1, webBytes / workerBytes), rounded down' : 'webBytes / workerBytes, rounded down',
      inputs: { webBytes, workerBytes },
      source: sourceOf('heroku.worker_memory'),
    };
  }
  if (profile === 'dedicated') {
    const source = 'Gunicorn\'s design document, "How many workers?"';
    return { value, formula: `max(2, 2 x cpus + 1)${roundedDown(2 * cpus + 1)}`, inputs: { cpus }, source };
  }
  const workersPerCore = documentedDefaults['headroom.shared.most_workers_per_core'].value;
  const exact = (cpus * webCpuShare * workersPerCore) / replicas;
  return {
    value,
    formula: `max(2, cpus x webCpuShare x workersPerCore${replicas === 1 ? '' : ' / replicas'})${roundedDown(exact)}`,
    inputs: { cpus, webCpuShare, workersPerCore, ...(replicas !== 1 && { replicas }) },
    source: sourceOf('headroom.shared.most_workers_per_core'),
  };
}

/**
 * Worker processes to start with on a machine of its own: 2 x cores + 1 (Gunicorn's design document, "How many
 * workers?"), at least 2.
 */
export function dedicatedWorkers(cpus: number): number {
  return Math.max(2, Math.floor(roundNoise(2 * cpus + 1)));
}

/**
 * Workers that fit a host which the database, the cache and background workers share: 1 to 1.5 for each core of the web
 * server's share (half of them: 4 cores take 2 to 3, 8 cores 4 to 6, 16 cores 8 to 12), at least 2.
 */
export function sharedWorkers(
  cpus: number,
  webCpuShare: number = documentedDefaults['headroom.shared.web_cpu_share'].value,
): { readonly fewest: number; readonly most: number } {
  const cores = cpus * webCpuShare;
  const fewest = cores * documentedDefaults['headroom.shared.fewest_workers_per_core'].value;
  const most = cores * documentedDefaults['headroom.shared.most_workers_per_core'].value;
  return { fewest: Math.max(2, Math.floor(roundNoise(fewest))), most: Math.max(2, Math.floor(roundNoise(most))) };
}

/** What decides whether the workers that run already can stay. */
export interface RunningWorkers {
  readonly workers: number;
  /** Cores of each container that the load keeps busy on average. */
  readonly busyCores: number;
  /** True when so many workers, with as many threads as the cores have use for, carry the load. */
  readonly carry: boolean;
  /** True for a server whose threads no option numbers: like an event loop, one process serves any number. */
  readonly hasOwnThreads: boolean;
  /** CPUs of the container's limit on a shared machine, which are its own; undefined without one. */
  readonly cpuLimit: number | undefined;
  /** True when nobody said how many CPUs the machine has: no reason to change what somebody wrote. */
  readonly cpusAssumed: boolean;
}

/**
 * The workers that run already, where the machine's CPUs and memory suit them; else undefined. Event loops need only as
 * many as the load keeps busy, because one serves any number of requests that wait.
 */
export function keepWorkers(machine: WorkerMachine, running: RunningWorkers): Figure | undefined {
  const { cpus, profile, webCpuShare, workerBytes, webBytes, concurrency, replicas } = machine;
  const { workers, carry, cpuLimit, cpusAssumed } = running;
  const busy = Math.max(1, Math.ceil(running.busyCores / documentedDefaults['headroom.connection_alert_share'].value));
  const forThreads =
    profile === 'shared'
      ? sharedWorkers(cpus / replicas, webCpuShare).fewest
      : Math.max(2, Math.floor(roundNoise(cpus)));
  const isLoop = concurrency === 'event-loop' || (running.hasOwnThreads && carry);
  const fewest = isLoop ? busy : cpusAssumed && carry ? Math.max(2, busy) : forThreads;
  const byMemory = Math.floor(webBytes / workerBytes);
  const byCpu = Math.max(countWorkers(machine).value, cpuLimit === undefined ? 0 : dedicatedWorkers(cpuLimit));
  const most = cpusAssumed ? byMemory : Math.min(byCpu, byMemory);
  if (workers < fewest || workers > most) return undefined;
  return {
    value: workers,
    formula: 'workers',
    inputs: { workers },
    source: cpusAssumed
      ? 'as it is: nobody said how many CPUs the machine has'
      : `as it is: ${fewest} to ${most} suit this machine`,
  };
}

/**
 * Task workers of a container: one for each CPU of its limit, else what the tasks' share of the cores keeps busy (at least
 * 2, so that a long task does not stop the others); no more than its memory holds, at least 1.
 */
export function sizeTaskWorkers(of: {
  /** CPUs of the container's limit. */
  readonly limit: number | undefined;
  readonly cpus: number;
  readonly tasksCpuShare: number;
  /** What the container may use; undefined when nothing bounds it. */
  readonly memoryBytes: number | undefined;
  readonly taskWorkerBytes: number;
}): Figure {
  const { limit, cpus, tasksCpuShare, memoryBytes, taskWorkerBytes } = of;
  const workersPerCore = documentedDefaults['headroom.shared.most_workers_per_core'].value;
  const byCpu =
    limit === undefined
      ? Math.max(2, Math.floor(roundNoise(cpus * tasksCpuShare * workersPerCore)))
      : Math.ceil(roundNoise(limit));
  const byMemory = memoryBytes === undefined ? byCpu : Math.floor(memoryBytes / taskWorkerBytes);
  const value = Math.max(1, Math.min(byCpu, byMemory));
  if (memoryBytes !== undefined && byMemory < byCpu) {
    return {
      value,
      formula: `${byMemory < 1 ? 'max(1, memoryBytes / taskWorkerBytes)' : 'memoryBytes / taskWorkerBytes'}, rounded down`,
      inputs: { memoryBytes, taskWorkerBytes },
      source: sourceOf('heroku.worker_memory'),
    };
  }
  if (limit !== undefined) {
    const source = 'Celery documentation, workers: concurrency';
    return { value, formula: 'limit, rounded up', inputs: { limit }, source };
  }
  return {
    value,
    formula: `max(2, cpus x tasksCpuShare x workersPerCore)${roundedDown(cpus * tasksCpuShare * workersPerCore)}`,
    inputs: { cpus, tasksCpuShare, workersPerCore },
    source: sourceOf('headroom.shared.tasks_cpu_share'),
  };
}

/** Above this number of workers for each CPU the processes only take turns (Gunicorn's settings: 2 to 4 x cores). */
export const mostWorkersPerCpu = 4;

/** Requests being served on average when nothing waits: Little's law for users or for arrivals. */
export function loadInFlight(inputs: CapacityInputs): Figure {
  const { users, thinkSeconds, requestsPerSecond } = inputs;
  const seconds = responseSeconds(inputs);
  if (requestsPerSecond !== null) {
    return {
      value: requestsPerSecond * seconds,
      formula: 'requestsPerSecond x responseSeconds',
      inputs: { requestsPerSecond, responseSeconds: seconds },
      source: "Little's law",
    };
  }
  return {
    value: requestsInFlight({ users, thinkSeconds, responseSeconds: seconds }),
    formula: 'users x responseSeconds / (responseSeconds + thinkSeconds)',
    inputs: { users, responseSeconds: seconds, thinkSeconds },
    source: "Little's law for a closed population",
  };
}

/**
 * Threads for each worker with which the busiest carries its part of the load, at most 4 for each CPU: threaded workers
 * accept unevenly. 1 where as many sync workers, which take requests from one queue, are enough.
 */
export function countThreads(of: {
  readonly inFlight: number;
  readonly workers: number;
  readonly replicas: number;
  readonly cpus: number | undefined;
  /** Share of the threads that may be busy on average; 1 for users, who send less while they wait. */
  readonly busyShare?: number;
}): Figure & { readonly carries: boolean } {
  const { inFlight, workers, replicas, busyShare = 1 } = of;
  const carried = inFlight / replicas / busyShare;
  if (roundNoise(carried) <= workers) {
    const source = "Little's law: one worker for each request in flight";
    return { value: 1, formula: '1', inputs: {}, source, carries: true };
  }
  const busiestShare = shareOfBusiest(workers);
  const needed = Math.ceil(roundNoise(carried * busiestShare));
  const threadsPerCpu = documentedDefaults['gunicorn.threads_per_cpu'].value;
  const cores = Math.ceil(of.cpus ?? 2);
  const most = mostThreads(cores);
  if (needed > most) {
    return {
      value: most,
      formula: 'threadsPerCpu x max(2, cores)',
      inputs: { threadsPerCpu, cores },
      source: sourceOf('gunicorn.threads_per_cpu'),
      carries: roundNoise(carried) <= workers * most,
    };
  }
  const isAlone = workers === 1;
  return {
    value: needed,
    formula: `inFlight${replicas === 1 ? '' : ' / replicas'}${busyShare === 1 ? '' : ' / busyShare'}${isAlone ? '' : ' x busiestShare'}, rounded up`,
    inputs: {
      inFlight,
      ...(!isAlone && { busiestShare }),
      ...(replicas !== 1 && { replicas }),
      ...(busyShare !== 1 && { busyShare }),
    },
    source: `Little's law for the busiest worker; ${sourceOf('gunicorn.accept_ratio')}`,
    carries: true,
  };
}

/** Beyond the numbers of workers that were measured, the busiest is taken for as many times busier than the mean. */
function shareOfBusiest(workers: number): number {
  const measured = Math.min(workers, mostMeasuredWorkers);
  return ((acceptShares(measured)[0] ?? 1) * measured) / workers;
}

/** See `gunicorn.accept_ratio`. */
const mostMeasuredWorkers = 8;

/** Threads of a worker that its cores have use for: Gunicorn's 2 to 4 for each, of two cores at least. */
export function mostThreads(cpus: number): number {
  return documentedDefaults['gunicorn.threads_per_cpu'].value * Math.max(2, Math.ceil(cpus));
}

/** What a formula adds where its result is no whole number. */
function roundedDown(exact: number): string {
  return exact > 2 && !Number.isInteger(roundNoise(exact)) ? ', rounded down' : '';
}

/** 3.0000000000000004 requests need 3 threads, not 4. */
function roundNoise(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}
