import { documentedDefaults } from '../capacity/defaults.ts';
import type { Project, Service, Store } from '../model/stack.ts';
import { upperBound } from '../model/value.ts';
import type { Goal } from './goal.ts';
import { redisShare } from './redis-memory.ts';
import { redisUse } from './redis-use.ts';
import { sizeWorkers, workerBytes } from './worker-sizing.ts';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/**
 * A memory limit to start with for one container: what its processes or its server are counted with, twice over for
 * what the figures leave out (a limit below the need kills the program), in steps that read well. Undefined for programs
 * whose need nobody can tell from their files.
 */
export function sizeMemory(
  service: Service,
  from: { readonly project: Project; readonly goal: Goal },
): number | undefined {
  const store = from.project.stores.find((candidate) => candidate.service === service.name);
  const bytes = store ? storeBytes(store, from.project) : processBytes(service, from.goal);
  return bytes === undefined ? undefined : roundUp(bytes);
}

/** Web workers as they run, or as they should where only one does; children of task queues; else by the role. */
function processBytes(service: Service, goal: Goal): number | undefined {
  const each = goal.memory?.perWorkerBytes ?? workerBytes;
  const counts = service.processes.map((process) => upperBound(process.workers));
  const workers = counts.reduce<number>((total, count) => total + (count ?? 1), 0);
  switch (service.role) {
    case 'web':
      return 2 * each * Math.max(workers, sizeWorkers(service, goal).workers);
    case 'worker':
      // A task may hold a whole document: without children to count, as much as eight of them.
      return 2 * each * Math.max(workers, service.processes.some((process) => process.server === 'celery') ? 2 : 8);
    case 'scheduler':
    case 'proxy':
      return each;
    case 'development':
      return 4 * each;
    default:
      return undefined;
  }
}

function storeBytes(store: Store, project: Project): number {
  const { redis, maxConnections } = store;
  if (redis) {
    const { maxMemoryBytes } = redis;
    if (!maxMemoryBytes.known || maxMemoryBytes.value === null) return gibibyte;
    return maxMemoryBytes.value / redisShare({ persists: redis.persists, use: redisUse(project, store) });
  }
  switch (store.engine) {
    case 'postgresql':
      // Amazon's budget: one connection for each 9.1 MiB, shared buffers and the rest included.
      return Math.max(
        gibibyte,
        (upperBound(maxConnections) ?? documentedDefaults['postgresql.max_connections'].value) *
          documentedDefaults['rds.bytes_per_connection'].value,
      );
    case 'mysql':
    case 'mariadb':
      // The defaults are made for a machine of 512 MB (MySQL manual, how MySQL uses memory).
      return gibibyte;
    case 'pgbouncer':
    case 'memcached':
      return 128 * mebibyte;
    default:
      return gibibyte;
  }
}

/** Up to the next 128 MiB below 1 GiB, 512 MiB below 4 GiB, whole GiB above. */
function roundUp(bytes: number): number {
  const step = bytes <= gibibyte ? 128 * mebibyte : bytes <= 4 * gibibyte ? 512 * mebibyte : gibibyte;
  return Math.ceil(bytes / step) * step;
}
