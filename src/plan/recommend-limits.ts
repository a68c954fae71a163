import { formatBytes, writeBytes } from '../capacity/bytes.ts';
import type { Figure } from '../capacity/figure.ts';
import type { Project, Service } from '../model/stack.ts';
import { type Known, known, knownValue, upperBound, type Value } from '../model/value.ts';
import { type DatabaseMemoryExcess, findMemoryExcess, raisedLimit } from './database-memory.ts';
import { hostLimits } from './host-limits.ts';
import { sizeMemory } from './memory-sizing.ts';
import { plannedService } from './planned-project.ts';
import type { PlannedStack } from './planned-stack.ts';
import { sizeCache } from './recommend-stores.ts';
import type { Proposal } from './recommendation.ts';
import { storeBudgets } from './store-budget.ts';
import { runningService } from './store-service.ts';

/** Memory limits of containers that have none or too little; CPU limit and memory reservation of the web server's. */
export function recommendLimits(planned: PlannedStack): readonly Proposal[] {
  const limits = memoryLimits(planned);
  return [...limits.map(recommendMemoryLimit), ...recommendCpuLimit(planned), ...recommendReservation(planned, limits)];
}

/** A memory limit to write. */
export interface MemoryLimit {
  readonly service: Service;
  readonly figure: Figure;
  /** The limit of today that does not hold what a database may take. */
  readonly tooSmall?: DatabaseMemoryExcess;
}

/** The memory limits to write: none where all limits together would promise more memory than the host has. */
export function memoryLimits(planned: PlannedStack): readonly MemoryLimit[] {
  const { target, goal } = planned;
  const { services } = target.project;
  const project = withPlannedStores(planned);
  const limits = [
    ...services.filter(isUnlimited).flatMap((service) => {
      const figure = sizeMemory(plannedService(service, planned), { project, goal, isPlanned: true });
      return figure ? [{ service, figure, addedBytes: figure.value }] : [];
    }),
    ...project.stores.flatMap((store) => {
      const service = runningService(target.project, store);
      const tooSmall = service && findMemoryExcess(store, { project, service });
      if (!service || !tooSmall) return [];
      const figure = raisedLimit(tooSmall);
      return [{ service, figure, tooSmall, addedBytes: figure.value - tooSmall.limitBytes }];
    }),
  ];
  const replicas = (service: Service) => upperBound(service.replicas) ?? 1;
  const added = limits.reduce((sum, { service, addedBytes }) => sum + addedBytes * replicas(service), 0);
  const most = goal.host?.memoryBytes ?? Number.POSITIVE_INFINITY;
  return hostLimits(target.project, 'memoryBytes').total + added <= most ? limits : [];
}

/** The planned project with the planned limits and caches of its stores. */
function withPlannedStores(planned: PlannedStack): Project {
  const { target, after } = planned;
  const budgets = storeBudgets(planned);
  const stores = after.stores.map((store) => {
    const service = runningService(target.project, store);
    const cache = service && sizeCache({ store, service }, planned);
    const limit = budgets.find((budget) => budget.store === store)?.limit;
    const isRaised = limit !== undefined && limit.value > (knownValue(store.maxConnections) ?? Infinity);
    return {
      ...store,
      ...(isRaised && { maxConnections: known(limit.value, store.maxConnections.at) }),
      ...(store.memory && cache && { memory: { ...store.memory, cacheBytes: known(cache.value, store.at) } }),
    };
  });
  return { ...after, stores };
}

function isUnlimited({ active, compose, role, limits }: Service): boolean {
  return active && compose !== undefined && role !== 'one-shot' && isUnset(limits.memoryBytes);
}

function isUnset(limit: Value<number | null>): limit is Known<null> {
  return limit.known && limit.value === null;
}

function recommendMemoryLimit({ service, figure, tooSmall }: MemoryLimit): Proposal {
  return {
    setting: 'memory limit',
    subject: service.name,
    today: tooSmall && formatBytes(tooSmall.limitBytes),
    planned: formatBytes(figure.value),
    reason: tooSmall
      ? '{cache} of {bytes} and {connections} connections of {each} may take {total}'
      : 'without a limit {service} can take the memory of all others',
    values: tooSmall
      ? {
          cache: tooSmall.cacheName,
          bytes: formatBytes(tooSmall.cacheBytes),
          connections: tooSmall.connections,
          each: formatBytes(tooSmall.bytesPerConnection),
          total: formatBytes(tooSmall.totalBytes),
        }
      : { service: service.name },
    figure,
    unit: 'bytes',
    at: tooSmall ? service.limits.memoryBytes.at : service.at,
    change: { kind: 'limits', service, limits: { memory: writeCompose(figure.value) } },
    services: [service],
  };
}

/**
 * The web server's share of a shared machine's cores as a limit. Not where the number of cores is a guess, not below one
 * core (it would slow every request), and not where programs count the cores of the host: they would count too many.
 */
function recommendCpuLimit({ target, inputs, origins, sizing }: PlannedStack): readonly Proposal[] {
  const { service } = target;
  const { cpuLimit: figure } = sizing;
  const isKnown = origins.cpus.kind === 'file' || origins.cpus.kind === 'given';
  const countsCores = service.processes.some(({ workers }) => !workers.known);
  if (inputs.profile !== 'shared' || !isKnown || figure.value < 1 || countsCores) return [];
  if (!service.compose || !isUnset(service.limits.cpus)) return [];
  return [
    {
      setting: 'CPU limit',
      subject: service.name,
      today: undefined,
      planned: String(figure.value),
      reason: 'without a limit a burst of requests takes all cores of the machine',
      figure,
      at: service.at,
      change: { kind: 'limits', service, limits: { cpus: String(figure.value) } },
      services: [service],
    },
  ];
}

/** The memory that the planned workers need, kept for them below the limit. */
function recommendReservation(planned: PlannedStack, limits: readonly MemoryLimit[]): readonly Proposal[] {
  const { target, sizing } = planned;
  const { service } = target;
  const { memoryBytes, memoryReservationBytes: reserved } = service.limits;
  const newLimit = limits.find((limit) => limit.service === service)?.figure.value;
  const limitBytes = (memoryBytes.known ? memoryBytes.value : undefined) ?? newLimit;
  const figure = sizing.memoryReservationBytes;
  if (!service.compose || !reserved.known || limitBytes === undefined || figure.value >= limitBytes) return [];
  if (reserved.value !== null && reserved.value >= figure.value) return [];
  return [
    {
      setting: 'memory reservation',
      subject: service.name,
      today: reserved.value === null ? undefined : formatBytes(reserved.value),
      planned: formatBytes(figure.value),
      reason: 'when the host runs short of memory, the kernel takes it first from containers above their reservation',
      figure,
      unit: 'bytes',
      at: reserved.value === null ? service.at : reserved.at,
      change: { kind: 'limits', service, limits: { memoryReservation: writeCompose(figure.value) } },
      services: [service],
    },
  ];
}

function writeCompose(bytes: number): string {
  return writeBytes(bytes).toUpperCase();
}
