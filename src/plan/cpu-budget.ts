import type { Service } from '../model/stack.ts';
import type { Hop } from '../text/trail.ts';
import { explain } from './explain.ts';
import type { Goal } from './goal.ts';

/** CPUs that one container of a service may use, and who says so. */
export interface CpuBudget {
  readonly cpus: number;
  readonly from: 'limit' | 'host';
  /** True when other services of the stack run on the same CPUs. */
  readonly shared: boolean;
  readonly trail: readonly Hop[];
}

/** The service's CPU limit, else the host's CPUs as `headroom.yaml` states them; undefined when neither is known. */
export function cpuBudget(service: Service, goal: Goal): CpuBudget | undefined {
  const { cpus } = service.limits;
  if (cpus.known && cpus.value !== null) {
    return {
      cpus: cpus.value,
      from: 'limit',
      shared: false,
      trail: explain(`${service.name}: ${cpus.value} CPUs`, cpus),
    };
  }
  const host = goal.host?.cpus;
  // A limit that cannot be known may be smaller than the host.
  if (host === undefined || !cpus.known) return undefined;
  return { cpus: host, from: 'host', shared: goal.host?.shared === true, trail: [] };
}
