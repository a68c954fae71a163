import { formatBytes, writeBytes } from '../capacity/bytes.ts';
import type { Figure } from '../capacity/figure.ts';
import type { Service } from '../model/stack.ts';
import { type Known, upperBound, type Value } from '../model/value.ts';
import { hostLimits } from './host-limits.ts';
import { sizeMemory } from './memory-sizing.ts';
import type { PlannedStack } from './planned-stack.ts';
import type { Proposal } from './recommendation.ts';

/** Memory limits for containers that have none; CPU limit and memory reservation of the web server's containers. */
export function recommendLimits(planned: PlannedStack): readonly Proposal[] {
  const limits = memoryLimits(planned);
  return [
    ...limits.map(recommendMemoryLimit),
    ...recommendCpuLimit(planned),
    ...recommendReservation(planned, limits.find(({ service }) => service === planned.target.service)?.figure),
  ];
}

interface MemoryLimit {
  readonly service: Service;
  readonly figure: Figure;
}

/** None where all limits together would promise more memory than the host has. */
function memoryLimits({ target, goal }: PlannedStack): readonly MemoryLimit[] {
  const { project } = target;
  const limits = project.services.filter(isUnlimited).flatMap((service) => {
    const figure = sizeMemory(service, { project, goal });
    return figure ? [{ service, figure }] : [];
  });
  const added = limits.reduce(
    (sum, { service, figure }) => sum + figure.value * (upperBound(service.replicas) ?? 1),
    0,
  );
  const most = goal.host?.memoryBytes ?? Number.POSITIVE_INFINITY;
  return hostLimits(project, 'memoryBytes').total + added <= most ? limits : [];
}

function isUnlimited({ active, compose, role, limits }: Service): boolean {
  return active && compose !== undefined && role !== 'one-shot' && isUnset(limits.memoryBytes);
}

function isUnset(limit: Value<number | null>): limit is Known<null> {
  return limit.known && limit.value === null;
}

function recommendMemoryLimit({ service, figure }: MemoryLimit): Proposal {
  return {
    setting: 'memory limit',
    subject: service.name,
    today: undefined,
    planned: formatBytes(figure.value),
    reason: 'without a limit {service} can take the memory of all others',
    values: { service: service.name },
    figure,
    unit: 'bytes',
    at: service.at,
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
function recommendReservation(planned: PlannedStack, newLimit: Figure | undefined): readonly Proposal[] {
  const { target, sizing } = planned;
  const { service } = target;
  const { memoryBytes, memoryReservationBytes: reserved } = service.limits;
  const limitBytes = (memoryBytes.known ? memoryBytes.value : undefined) ?? newLimit?.value;
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
