import { documentedDefaults } from '../capacity/defaults.ts';
import { roomFor as roomForConnections } from '../capacity/pool-sizing.ts';
import { type Edits, joinEdits } from '../model/fix.ts';
import type { Pool } from '../model/pool.ts';
import type { Project, Store } from '../model/stack.ts';
import { known, knownValue } from '../model/value.ts';
import { addTerms, certainPart, connectionDemand, readTerm } from './connection-demand.ts';
import { setMaxConnections } from './max-connections.ts';
import { samePlace } from './pool-use.ts';

/**
 * Share of the usable connections from which a server counts as nearly full: what is left must do for migrations,
 * backups, administrators and the overlap of a rolling restart (MySQLTuner warns from 85 %).
 */
export const nearlyFull = documentedDefaults['headroom.connection_alert_share'].value;

/** What a change of a pool's size does to the server behind it. */
export interface BudgetChange {
  readonly store: Store;
  /** Connections that all processes can want after the change. */
  readonly connections: number;
  readonly usable: number;
  /** `max_connections` with which the server is not nearly full; undefined when the present one will do. */
  readonly maxConnections: number | undefined;
}

/** The connections of a pool's server when every process may hold `capacity` of them; undefined for unknown servers. */
export function budgetWith(project: Project, change: { pool: Pool; capacity: number }): BudgetChange | undefined {
  const { pool } = change;
  const name = knownValue(pool.store);
  const store = project.stores.find((candidate) => candidate.name === name);
  const usable = store && knownValue(store.usableConnections);
  if (!store || usable === undefined || store.engine === 'pgbouncer') return undefined;
  const terms = connectionDemand(project, store).terms.map((term) =>
    samePlace(term.pool.at, pool.at) ? readTerm({ ...term, capacity: known(change.capacity, pool.at) }) : term,
  );
  const connections = certainPart(addTerms(terms, store).ceiling);
  const tooMany = connections > usable * nearlyFull;
  return { store, connections, usable, maxConnections: tooMany ? roomFor(connections, store) : undefined };
}

/** `max_connections` that leaves a quarter free for `connections`, reserved ones added, in steps of 50. */
export function roomFor(connections: number, store: Store): number {
  const reserved = (knownValue(store.maxConnections) ?? 0) - (knownValue(store.usableConnections) ?? 0);
  return roomForConnections(connections, reserved);
}

/** Adds the raise of `max_connections` that a change of a pool needs. */
export function withRoom(edits: Edits, work: { project: Project; budget: BudgetChange | undefined }): Edits {
  const { project, budget } = work;
  if (budget?.maxConnections === undefined) return edits;
  return joinEdits([edits, setMaxConnections(project, budget.store, budget.maxConnections)]);
}
