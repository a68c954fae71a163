import type { Project, Service } from '../model/stack.ts';
import { type Known, lowerBound } from '../model/value.ts';

/** A limit of a service, and how many containers have it. */
export interface HostLimit {
  readonly service: Service;
  readonly limit: Known<number>;
  readonly replicas: number;
}

/** The limits of the containers that run beside each other on one host, the largest first, and their sum. */
export function hostLimits(
  project: Project,
  resource: 'memoryBytes' | 'cpus',
): { readonly limits: readonly HostLimit[]; readonly total: number } {
  const limits = project.services
    .filter((service) => service.active && service.compose && service.role !== 'one-shot')
    .flatMap((service): readonly HostLimit[] => {
      const limit = service.limits[resource];
      if (!limit.known || limit.value === null) return [];
      return [{ service, limit: { ...limit, value: limit.value }, replicas: lowerBound(service.replicas) ?? 1 }];
    })
    .sort((left, right) => right.limit.value * right.replicas - left.limit.value * left.replicas);
  const total = limits.reduce((sum, { limit, replicas }) => sum + limit.value * replicas, 0);
  return { limits, total: Math.round(total * 1000) / 1000 };
}
