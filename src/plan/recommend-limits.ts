import { formatBytes, writeBytes } from '../capacity/bytes.ts';
import type { Figure } from '../capacity/figure.ts';
import { roundUpReadable } from '../capacity/memory-sizing.ts';
import type { Project, Service } from '../model/stack.ts';
import { isDefault, type Known, known, knownValue, upperBound, type Value } from '../model/value.ts';
import { findMemoryExcess, raisedLimit } from './database-memory.ts';
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
  /** Today's limit where it is too small, and what it does not hold. */
  readonly tooSmall?: {
    readonly limitBytes: number;
    readonly says: string;
    readonly values: Readonly<Record<string, string | number>>;
  };
}

/** The memory limits to write: none where all limits together would promise more memory than the host has. */
export function memoryLimits(planned: PlannedStack): readonly MemoryLimit[] {
  const { target, goal } = planned;
  const limits = [...newLimits(planned), ...raisedDatabases(planned), ...raisedWeb(planned)];
  const added = limits.reduce((sum, { service, figure, tooSmall }) => {
    const addedBytes = figure.value - (tooSmall?.limitBytes ?? 0);
    return sum + addedBytes * (upperBound(service.replicas) ?? 1);
  }, 0);
  const most = goal.host?.memoryBytes ?? Number.POSITIVE_INFINITY;
  return hostLimits(target.project, 'memoryBytes').total + added <= most ? limits : [];
}

function newLimits(planned: PlannedStack): readonly MemoryLimit[] {
  const project = withPlannedStores(planned);
  return planned.target.project.services.filter(isUnlimited).flatMap((service) => {
    const sized = plannedService(service, planned);
    const figure = sizeMemory(sized, { project, goal: planned.goal, isPlanned: true });
    return figure ? [{ service, figure }] : [];
  });
}

/** Databases that their cache and the planned connections may take beyond their limit. */
function raisedDatabases(planned: PlannedStack): readonly MemoryLimit[] {
  const project = withPlannedStores(planned);
  return project.stores.flatMap((store) => {
    const service = runningService(planned.target.project, store);
    const excess = service && findMemoryExcess(store, { project, service });
    if (!service || !excess) return [];
    const values = {
      cache: excess.cacheName,
      bytes: formatBytes(excess.cacheBytes),
      connections: excess.connections,
      each: formatBytes(excess.bytesPerConnection),
      total: formatBytes(excess.totalBytes),
    };
    const says = '{cache} of {bytes} and {connections} connections of {each} may take {total}';
    return [{ service, figure: raisedLimit(excess), tooSmall: { limitBytes: excess.limitBytes, says, values } }];
  });
}

/** The web server's limit where it is below the measured memory of its planned workers. */
function raisedWeb({ target, inputs, origins, sizing }: PlannedStack): readonly MemoryLimit[] {
  const { service } = target;
  const limitBytes = knownValue(service.limits.memoryBytes);
  const workers = sizing.workers.value;
  const { workerBytes } = inputs;
  const isMeasured = origins.workerBytes.kind === 'file' || origins.workerBytes.kind === 'given';
  if (!service.compose || !isMeasured || !limitBytes || workers * workerBytes <= limitBytes) return [];
  const figure = {
    value: roundUpReadable(workers * workerBytes),
    formula: 'workers x workerBytes, rounded up',
    inputs: { workers, workerBytes },
    source: 'as measured',
  };
  const says = '{workers} worker processes of {each} do not fit';
  return [{ service, figure, tooSmall: { limitBytes, says, values: { workers, each: formatBytes(workerBytes) } } }];
}

/** The planned project with the planned limits and caches of its stores. */
export function withPlannedStores(planned: PlannedStack): Project {
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
    today: tooSmall ? formatBytes(tooSmall.limitBytes) : sayUnlimited(service.limits.memoryBytes),
    planned: formatBytes(figure.value),
    reason: tooSmall?.says ?? 'without a limit {service} can take the memory of all others',
    values: tooSmall?.values ?? { service: service.name },
    figure,
    unit: 'bytes',
    at: isDefault(service.limits.memoryBytes) ? service.at : service.limits.memoryBytes.at,
    change: { kind: 'limits', service, limits: { memory: writeCompose(figure.value) } },
    services: [service],
  };
}

/** A limit that is written as none; undefined where nothing is written. */
function sayUnlimited(limit: Value<number | null>): string | undefined {
  return isDefault(limit) ? undefined : '0 (no limit)';
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
      today: sayUnlimited(service.limits.cpus),
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
  const { target, sizing, origins } = planned;
  const { service } = target;
  const { memoryBytes, memoryReservationBytes: reserved } = service.limits;
  const newLimit = limits.find((limit) => limit.service === service)?.figure.value;
  const limitBytes = (memoryBytes.known ? memoryBytes.value : undefined) ?? newLimit;
  const figure = sizing.memoryReservationBytes;
  if (!service.compose || !reserved.known || limitBytes === undefined || figure.value >= limitBytes) return [];
  // An assumed worker is no reason to doubt a reservation that someone wrote.
  const isEnough = reserved.value !== null && reserved.value >= figure.value;
  if (isEnough || (reserved.value !== null && origins.workerBytes.kind === 'assumed')) return [];
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
