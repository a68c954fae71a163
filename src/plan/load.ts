import { requestsInFlight } from '../capacity/requests-in-flight.ts';
import type { Pool } from '../model/pool.ts';
import type { Process, Project, Service } from '../model/stack.ts';
import { product, sum, type Value } from '../model/value.ts';
import type { Hop } from '../text/trail.ts';
import { type Goal, type Load, suggestedUsers } from './goal.ts';
import { servesRequests, usesOfPool } from './pool-use.ts';

/** The load that a project is judged against. */
export interface JudgedLoad extends Load {
  /** False for the suggested load of a project without `headroom.yaml`: then nothing is more than information. */
  readonly configured: boolean;
  /** Requests being served on average when nothing waits: users x response / (response + think). */
  readonly inFlight: number;
  /** "50 x 0.5 / (0.5 + 1) = 16.7". */
  readonly arithmetic: string;
  /** Where the load is stated; none for the suggested one. */
  readonly trail: readonly Hop[];
}

/** The configured load; without one 50 users with 1 s between requests of 0.5 s, as `headroom.yaml` fills in. */
export function judgedLoad(goal: Goal): JudgedLoad {
  const load = goal.load ?? { users: suggestedUsers, thinkSeconds: 1, responseSeconds: 0.5 };
  const inFlight = requestsInFlight(load);
  const { users, thinkSeconds, responseSeconds } = load;
  const arithmetic = `${users} x ${responseSeconds} / (${responseSeconds} + ${thinkSeconds}) = ${roundTenths(inFlight)}`;
  const trail = goal.loadAt ? [{ at: goal.loadAt, says: `${users} users: ${arithmetic} requests in flight` }] : [];
  return { ...load, configured: goal.load !== undefined, inFlight, arithmetic, trail };
}

/** One decimal is enough for requests in flight. */
export function roundTenths(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Processes that share the requests of a service: replicas x workers. */
function processCount(service: Service, process: Process): Value<number> {
  return product([service.replicas, process.workers], process.at);
}

/** A web server of a service. */
export interface WebProcess {
  readonly service: Service;
  readonly process: Process;
}

/** The web servers among which the users are shared out. */
export function webProcesses(project: Project): readonly WebProcess[] {
  return project.services
    .filter((service) => service.active && service.role !== 'one-shot')
    .flatMap((service) => service.processes.filter(servesRequests).map((process) => ({ service, process })));
}

/** Requests at once in one process when the load is shared out over all processes that use the pool. */
export function requestsPerProcess(load: JudgedLoad, of: { pool: Pool; project: Project }): number | undefined {
  const servers = usesOfPool(of.project, of.pool).filter(({ process }) => servesRequests(process));
  const processes = sum(
    servers.map(({ service, process }) => processCount(service, process)),
    of.pool.at,
  );
  if (servers.length === 0 || !processes.known || processes.value < 1) return undefined;
  return Math.ceil(load.inFlight / processes.value);
}
