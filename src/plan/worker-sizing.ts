import { documentedDefaults } from '../capacity/defaults.ts';
import { countThreads, countWorkers, dedicatedWorkers, sharedWorkers } from '../capacity/worker-sizing.ts';
import type { Service } from '../model/stack.ts';
import { type CpuBudget, cpuBudget } from './cpu-budget.ts';
import type { Goal } from './goal.ts';
import { judgedLoad } from './load.ts';

/** Worker processes and threads that a service's machine and load ask for. */
export interface WorkerSizing {
  readonly workers: number;
  /** Threads for each worker with which workers x threads carries the load; 1 when the workers alone do. */
  readonly threads: number;
  /** Users that the threads are sized for. */
  readonly users: number;
  /** False when so many users need more than this machine's workers and threads. */
  readonly carries: boolean;
}

/** Bytes that a Python worker process is counted with where `headroom.yaml` says nothing (Heroku's budget). */
export const workerBytes = documentedDefaults['heroku.worker_memory'].value;

/**
 * Sizes web workers: 2 x CPUs + 1 on CPUs of their own, three quarters of a shared host's, no more than the memory
 * limit holds. Threads share out the requests in flight of the load, at most 4 for each CPU (Gunicorn's settings: 2 to
 * 4 x cores). Without known CPUs the smallest machine, of one CPU, is assumed.
 */
export function sizeWorkers(service: Service, goal: Goal): WorkerSizing {
  const budget = cpuBudget(service, goal);
  const { memoryBytes } = service.limits;
  const replicas = service.replicas.known ? Math.max(1, service.replicas.value) : 1;
  const workers = countWorkers({
    cpus: budget?.cpus ?? 1,
    profile: budget?.shared ? 'shared' : 'dedicated',
    webCpuShare: documentedDefaults['headroom.shared.web_cpu_share'].value,
    workerBytes: goal.memory?.perWorkerBytes ?? workerBytes,
    concurrency: 'threads',
    replicas,
    webBytes: (memoryBytes.known ? memoryBytes.value : null) ?? Number.POSITIVE_INFINITY,
  }).value;
  const load = judgedLoad(goal);
  const threads = countThreads({ inFlight: load.inFlight, workers, replicas, cpus: budget?.cpus });
  return { workers, threads: threads.value, users: load.users, carries: threads.carries };
}

/** The most workers that make sense on these CPUs. */
export function workersForCpus(budget: CpuBudget | undefined): number {
  if (!budget) return dedicatedWorkers(1);
  return budget.shared ? sharedWorkers(budget.cpus).most : dedicatedWorkers(budget.cpus);
}
