import { documentedDefaults } from '../capacity/defaults.ts';
import { type Figure, sourceOf } from '../capacity/figure.ts';
import { roundUpReadable, sizeMemoryLimit } from '../capacity/memory-sizing.ts';
import type { Project, Service } from '../model/stack.ts';
import { upperBound } from '../model/value.ts';
import type { Goal } from './goal.ts';
import { storeNeed } from './store-memory.ts';
import { sizeWorkers, workerBytes } from './worker-sizing.ts';

interface Sizing {
  readonly project: Project;
  readonly goal: Goal;
  /** True where the processes are those of a plan: then they run as many workers as they should. */
  readonly isPlanned?: true;
}

/**
 * A memory limit to start with for one container: what its processes are counted with twice over for what the figures
 * leave out (a limit below the need kills the program), less where the host is too small for that; of a server what it
 * may use. In steps that read well. Undefined for programs whose need nobody can tell from their files.
 */
export function sizeMemory(service: Service, from: Sizing): Figure | undefined {
  const need = memoryNeed(service, from);
  if (!need) return undefined;
  if (need.grows) return sizeMemoryLimit(need.bytes, limitFactor(from));
  return {
    value: roundUpReadable(need.bytes),
    formula: 'needBytes, rounded up',
    inputs: { needBytes: need.bytes },
    source: sourceOf('headroom.limit_headroom'),
  };
}

/** What a container is counted with. */
export interface MemoryNeed {
  readonly bytes: number;
  /** True for an estimate that a limit must leave room above; false for a bound that the server keeps itself. */
  readonly grows: boolean;
}

/** The memory that one container needs; undefined for programs whose need nobody can tell from their files. */
export function memoryNeed(service: Service, from: Sizing): MemoryNeed | undefined {
  const store = from.project.stores.find((candidate) => candidate.service === service.name);
  return store ? { bytes: storeNeed(store, from).value, grows: false } : processNeed(service, from);
}

/** How often the needs of the processes fit into the host beside its servers and its system: at most twice, at least once. */
function limitFactor(from: Sizing): number {
  const { project, goal } = from;
  const most = documentedDefaults['headroom.limit_headroom'].value;
  const host = goal.host?.memoryBytes;
  if (host === undefined) return most;
  const needs = project.services
    .filter((service) => service.active && service.compose && service.role !== 'one-shot')
    .flatMap((service) => {
      const need = memoryNeed(service, from);
      const replicas = upperBound(service.replicas) ?? 1;
      return need ? [{ ...need, bytes: need.bytes * replicas }] : [];
    });
  const sum = (grows: boolean) =>
    needs.filter((need) => need.grows === grows).reduce((total, { bytes }) => total + bytes, 0);
  const growing = sum(true);
  const free = host * (1 - documentedDefaults['headroom.system_memory_share'].value) - sum(false);
  return growing === 0 ? most : Math.min(most, Math.max(1, free / growing));
}

/** Web workers as they run, or as they should where only one does; children of task queues; else by the role. */
function processNeed(service: Service, { goal, isPlanned }: Sizing): MemoryNeed | undefined {
  const each = goal.memory?.perWorkerBytes ?? workerBytes;
  const counts = service.processes.map((process) => upperBound(process.workers));
  const workers = counts.reduce<number>((total, count) => total + (count ?? 1), 0);
  switch (service.role) {
    case 'web':
      return { bytes: each * Math.max(workers, isPlanned ? 1 : sizeWorkers(service, goal).workers), grows: true };
    case 'worker': {
      const hasChildren = service.processes.some((process) => process.server === 'celery');
      // A task may hold a whole document: without children to count, as much as eight of them.
      const fewest = hasChildren ? 2 : documentedDefaults['headroom.task_workers_without_count'].value;
      return { bytes: each * Math.max(workers, fewest), grows: true };
    }
    case 'scheduler':
    case 'proxy':
      return { bytes: each, grows: false };
    case 'development':
      return { bytes: each * Math.max(4, isPlanned ? workers : 0), grows: false };
    default:
      return undefined;
  }
}
