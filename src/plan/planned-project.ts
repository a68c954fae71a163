import type { Pool } from '../model/pool.ts';
import type { Process, Project, Service } from '../model/stack.ts';
import { isDefault, known, type Value } from '../model/value.ts';
import type { PlannedStack, SizedStack } from './planned-stack.ts';
import { samePlace } from './pool-use.ts';
import { opensAll, type PoolChange, resizePool, sharedPools } from './recommend-pools.ts';

/** The project as it is once the planned workers, threads and pools are written; its services keep their order. */
export function plannedProject(sized: SizedStack): Project {
  const { project } = sized.target;
  const changes = sharedPools(sized.target).flatMap((pool) => {
    const change = resizePool(pool, sized);
    return change ? [{ pool, change }] : [];
  });
  const resize = (pool: Pool): Pool => {
    const found = changes.find((candidate) => samePlace(candidate.pool.at, pool.at));
    return found ? resized(pool, found.change) : pool;
  };
  return {
    ...project,
    services: project.services.map((service) => ({
      ...service,
      processes: service.processes.map((process) => ({
        ...(runsTarget(process, sized.target.process) ? withWorkers(process, sized) : process),
        pools: process.pools.map(resize),
      })),
    })),
  };
}

/** A service with the planned processes; the service itself where the project has none. */
export function plannedService(service: Service, { target, after }: PlannedStack): Service {
  return after.services[target.project.services.indexOf(service)] ?? service;
}

/** The web server's process with the planned workers and threads. */
export function plannedProcess(planned: PlannedStack): Process {
  const { service, process } = planned.target;
  return plannedService(service, planned).processes[service.processes.indexOf(process)] ?? process;
}

/** True for the web server's process, and for another service that starts it by the same command and numbers. */
export function runsTarget(process: Process, target: Process): boolean {
  const isShared = (one: Value<number>, other: Value<number>) => isDefault(other) || samePlace(one.at, other.at);
  return (
    process === target ||
    (samePlace(process.at, target.at) &&
      isShared(process.workers, target.workers) &&
      isShared(process.threads, target.threads))
  );
}

function withWorkers(process: Process, { sizing, today }: SizedStack): Process {
  const workers = known(sizing.workers.value, process.workers.at);
  const isChanged = today.threads !== null && sizing.threads.value !== today.threads;
  if (!isChanged || !process.threads.known) return { ...process, workers };
  const threads = known(sizing.threads.value, process.threads.at);
  // Gunicorn runs sync workers with several threads as gthread.
  return { ...process, workers, threads, concurrency: threads, concurrencyKind: 'threads' };
}

function resized(pool: Pool, { wanted }: PoolChange): Pool {
  const size = known(wanted.size, pool.size.at);
  return {
    ...pool,
    size,
    overflow: known(wanted.overflow, pool.overflow.at),
    capacity: known(wanted.size + wanted.overflow, pool.capacity.at),
    opensEagerly: opensAll(pool) ? size : pool.opensEagerly,
  };
}
