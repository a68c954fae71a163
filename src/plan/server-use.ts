import type { Project, Store } from '../model/stack.ts';
import { sum, type Value } from '../model/value.ts';
import {
  boundOf,
  type ConnectionDemand,
  certainPart,
  connectionDemand,
  type DemandTerm,
  numberOf,
} from './connection-demand.ts';

/** How full the processes of a project can make a database server. */
export interface ServerUse {
  readonly demand: ConnectionDemand;
  /** Connections that can be in use at once (`reachable`), or that open pools could fill up to (`ceiling`). */
  readonly kind: 'reachable' | 'ceiling';
  readonly connections: number;
}

/** The larger of the two figures that counts: the ceiling only where some process has no known concurrency. */
export function serverUse(project: Project, store: Store, limit: number): ServerUse | undefined {
  if (store.engine === 'pgbouncer') return undefined;
  const demand = connectionDemand(project, store);
  if (demand.terms.length === 0) return undefined;
  const reachable = certainPart(demand.reachable);
  if (reachable > limit) return { demand, kind: 'reachable', connections: reachable };
  // Nobody drives a development set-up to what its event loops could open.
  if (project.stage.name === 'development') return undefined;
  const ceiling = certainPart(demand.ceiling);
  return ceiling > limit ? { demand, kind: 'ceiling', connections: ceiling } : undefined;
}

/** "web 2 x 4 x 8 + worker 4": replicas x processes x connections of each service, ones left out; its sum for several pools. */
export function describeUse(use: ServerUse): string {
  const terms = use.demand.terms.filter((term) => certainPart(figureOf(term, use)) > 0);
  const services = [...new Set(terms.map((term) => term.service))];
  return services
    .map((service) => {
      const own = terms.filter((term) => term.service === service);
      const total = sum(
        own.map((term) => figureOf(term, use)),
        service.at,
      );
      const [only] = own;
      return `${service.name} ${only && own.length === 1 ? factorsOf(only, use) : numberOf(total)}`;
    })
    .join(' + ');
}

function factorsOf(term: DemandTerm, use: ServerUse): string {
  const isOpen = use.kind === 'ceiling' && term.open && boundOf(term) === term.ceiling;
  const factors = [term.replicas, term.workers, isOpen ? term.capacity : term.perProcess];
  const shown = factors.map(numberOf).filter((count) => count !== '1');
  return shown.length === 0 ? '1' : shown.join(' x ');
}

function figureOf(term: DemandTerm, use: ServerUse): Value<number> {
  return use.kind === 'ceiling' ? boundOf(term) : term.reachable;
}
