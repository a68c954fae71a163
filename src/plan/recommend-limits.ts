import { formatBytes, writeBytes } from '../capacity/bytes.ts';
import { sizeMemory } from './memory-sizing.ts';
import type { PlannedStack } from './planned-stack.ts';
import type { Proposal } from './recommendation.ts';

/** A memory limit for each container that has none. */
export function recommendLimits({ target, goal }: PlannedStack): readonly Proposal[] {
  const { project } = target;
  return project.services.flatMap((service): readonly Proposal[] => {
    const { memoryBytes } = service.limits;
    if (!service.active || !service.compose || service.role === 'one-shot') return [];
    if (!memoryBytes.known || memoryBytes.value !== null) return [];
    const figure = sizeMemory(service, { project, goal });
    if (!figure) return [];
    return [
      {
        setting: 'memory limit',
        subject: service.name,
        today: undefined,
        planned: formatBytes(figure.value),
        reason: 'without a limit {service} can take the memory of all others',
        values: { service: service.name },
        figure,
        unit: 'bytes',
        at: service.at,
        change: { kind: 'limits', service, limits: { memory: writeBytes(figure.value).toUpperCase() } },
        services: [service],
      },
    ];
  });
}
