import type { Pool } from '../model/pool.ts';
import type { Process, Project, Service, Store } from '../model/stack.ts';
import { greatest, least, product, sum, type Value } from '../model/value.ts';
import type { Hop } from '../text/trail.ts';
import { explain } from './explain.ts';
import { allPoolUses, connectsPerThread, type PoolUse, poolCapacity, poolConcurrency } from './pool-use.ts';

/** What the processes of a project can want from one database server. */
export interface ConnectionDemand {
  readonly terms: readonly DemandTerm[];
  /** Connections that can be in use at once, where concurrency is known; unknown terms give it a lower bound. */
  readonly reachable: Value<number>;
  /**
   * The most that the pools of processes with open concurrency could fill up to, the others by what they reach; pools
   * that nothing bounds count with what they surely open.
   */
  readonly ceiling: Value<number>;
}

/** One pool of one service: replicas x processes x connections per process. */
export interface DemandTerm {
  readonly service: Service;
  readonly process: Process;
  readonly pool: Pool;
  readonly replicas: Value<number>;
  readonly workers: Value<number>;
  /** The most connections one process can hold through the pool. */
  readonly capacity: Value<number>;
  /** max(opened eagerly, min(size + overflow, concurrency)). */
  readonly perProcess: Value<number>;
  readonly reachable: Value<number>;
  readonly ceiling: Value<number>;
  /** True when nothing but the pool bounds the process (event loops, unknown worker classes). */
  readonly open: boolean;
}

/** Adds up every pool that points at the store; of a script's alternatives only the one with the largest demand. */
export function connectionDemand(project: Project, store: Store): ConnectionDemand {
  const terms = withoutLesserAlternatives(
    allPoolUses(project)
      .filter(({ pool }) => pool.kind === 'database' && pool.store.known && pool.store.value === store.name)
      .map(readTerm),
  );
  return { terms, ...addTerms(terms, store) };
}

/** Adds up terms; also for the demand that a changed pool would have. */
export function addTerms(terms: readonly DemandTerm[], store: Store): Pick<ConnectionDemand, 'reachable' | 'ceiling'> {
  return {
    reachable: sum(
      terms.map((term) => term.reachable),
      store.at,
    ),
    ceiling: sum(terms.map(boundOf), store.at),
  };
}

/** What a term counts with in the ceiling. */
export function boundOf(term: DemandTerm): Value<number> {
  const bounded = !term.capacity.known || Number.isFinite(term.capacity.value);
  return term.open && bounded ? term.ceiling : term.reachable;
}

/** The term that a pool of one process gives; `capacity` stands in for what is written, to try another size. */
export function readTerm(from: PoolUse & { readonly capacity?: Value<number> }): DemandTerm {
  const { service, process, pool } = from;
  const concurrency = poolConcurrency(pool, process);
  const capacity = from.capacity ?? poolCapacity(pool, process);
  const used = least([capacity, concurrency], pool.at);
  const eager = connectsPerThread(pool, process) ? [] : [pool.opensEagerly];
  const perProcess = greatest([...eager, used], pool.at);
  const factors = [service.replicas, process.workers];
  return {
    service,
    process,
    pool,
    replicas: service.replicas,
    workers: process.workers,
    capacity,
    perProcess,
    reachable: product([...factors, perProcess], pool.at),
    ceiling: product([...factors, capacity], pool.at),
    open: !concurrency.known,
  };
}

function withoutLesserAlternatives(terms: readonly DemandTerm[]): readonly DemandTerm[] {
  const weights = new Map<Service, Map<Process, number>>();
  for (const term of terms) {
    if (!term.process.alternative) continue;
    const ofService = weights.get(term.service) ?? new Map<Process, number>();
    ofService.set(term.process, (ofService.get(term.process) ?? 0) + certainPart(boundOf(term)));
    weights.set(term.service, ofService);
  }
  const heaviest = (service: Service) =>
    [...(weights.get(service) ?? [])].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
  return terms.filter((term) => !term.process.alternative || heaviest(term.service) === term.process);
}

/** The hops of a term: where replicas, workers and the pool's size come from, each with its number. */
export function termHops(term: DemandTerm): readonly Hop[] {
  const values: [string, Value<number>][] = [
    ['replicas', term.replicas],
    ['worker processes', term.workers],
    ['connections in the pool', term.capacity],
  ];
  if (term.process.concurrency.known) values.push(['requests at once in a process', term.process.concurrency]);
  return values.flatMap(([name, value]) => explain(`${term.service.name}: ${name}: ${numberOf(value)}`, value));
}

/** A count for messages; of an unknown one what it is at least. */
export function numberOf(value: Value<number>): string {
  if (value.known) return Number.isFinite(value.value) ? String(value.value) : 'unlimited';
  return value.atLeast !== undefined && value.atLeast > 0 ? `at least ${value.atLeast}` : 'unknown';
}

/** A number that a test of the arithmetic can compare: the value, or the least it can be. */
export function certainPart(value: Value<number>): number {
  return value.known ? value.value : (value.atLeast ?? 0);
}
