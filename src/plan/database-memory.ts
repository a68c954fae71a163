import { documentedDefaults } from '../capacity/defaults.ts';
import type { Project, Store } from '../model/stack.ts';
import { isDefault, type Known, known } from '../model/value.ts';
import { certainPart, connectionDemand } from './connection-demand.ts';

/** What a database server may take of its container's memory, and what that is made of. */
export interface DatabaseMemoryUse {
  readonly totalBytes: number;
  readonly cache: Known<number>;
  readonly connections: Known<number>;
  readonly each: Known<number>;
  /** True when the processes' own demand is counted, false for every connection that the server takes. */
  readonly demanded: boolean;
}

/**
 * Cache + connections x memory of each, as MySQLTuner and the sizing pages of PostgreSQL add it up. Connections are
 * those that the stack's processes can use at once; where nobody's demand is known, those that the server was told to
 * take, each with no more than PostgreSQL's process needs before it sorts. Undefined where that is not known.
 */
export function databaseMemoryUse(project: Project, store: Store): DatabaseMemoryUse | undefined {
  const { memory, maxConnections } = store;
  if (!memory?.cacheBytes.known) return undefined;
  const cache = memory.cacheBytes;
  const demand = certainPart(connectionDemand(project, store).reachable);
  if (demand > 0 && memory.perConnectionBytes.known) {
    const count = maxConnections.known ? Math.min(demand, maxConnections.value) : demand;
    return useOf({ cache, connections: known(count, store.at), each: memory.perConnectionBytes, demanded: true });
  }
  const isWritten = maxConnections.known && !isDefault(maxConnections);
  if (store.engine !== 'postgresql' || !isWritten) return undefined;
  const each = known(documentedDefaults['postgresql.bytes_per_connection'].value, store.at, [
    { at: { default: 'postgresql.bytes_per_connection' }, says: 'memory of a connection before it sorts' },
  ]);
  return useOf({ cache, connections: maxConnections, each, demanded: false });
}

function useOf(parts: Omit<DatabaseMemoryUse, 'totalBytes'>): DatabaseMemoryUse {
  return { ...parts, totalBytes: parts.cache.value + parts.connections.value * parts.each.value };
}
