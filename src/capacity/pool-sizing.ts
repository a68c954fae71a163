import { documentedDefaults } from './defaults.ts';
import { type Figure, sourceOf } from './figure.ts';

/** Connections kept open and further ones under load. */
export interface PoolSize {
  readonly size: number;
  readonly overflow: number;
}

/**
 * A size for a process that works on `requests` at once. Where the library opens connections only when needed, as many
 * again leave room for a second one in a request; beyond `headroom.connections_kept_open` the rest is overflow.
 */
export function sizeForRequests(requests: number, library: { readonly overflows: boolean }): PoolSize {
  if (!library.overflows) return { size: Math.max(requests, 2), overflow: 0 };
  const { size, overflow } = figuresForRequests(requests);
  return { size: size.value, overflow: overflow.value };
}

/** `sizeForRequests` of a library that overflows, with formulas. */
export function figuresForRequests(requestsAtOnce: number): { readonly size: Figure; readonly overflow: Figure } {
  const keptOpen = documentedDefaults['headroom.connections_kept_open'].value;
  if (requestsAtOnce <= keptOpen) {
    const figure = { value: requestsAtOnce, formula: 'requestsAtOnce', inputs: { requestsAtOnce } };
    return {
      size: {
        ...figure,
        source: 'SQLAlchemy documentation, connection pooling: a thread uses one connection at a time',
      },
      overflow: {
        ...figure,
        source: "Headroom's share: a second connection for each request, opened only when needed",
      },
    };
  }
  const source = sourceOf('headroom.connections_kept_open');
  return {
    size: { value: keptOpen, formula: 'keptOpen', inputs: { keptOpen }, source },
    overflow: {
      value: Math.max(keptOpen, requestsAtOnce - keptOpen),
      formula: 'max(keptOpen, requestsAtOnce - keptOpen)',
      inputs: { keptOpen, requestsAtOnce },
      source,
    },
  };
}

/** A size with which `connections` requests find a connection each; overflow only where the library has it. */
export function sizeForConnections(
  connections: number,
  library: { readonly overflows: boolean; readonly current?: number },
): PoolSize {
  if (!library.overflows) return { size: connections, overflow: 0 };
  const current = library.current ?? 0;
  const keptOpen = documentedDefaults['headroom.connections_kept_open'].value;
  const most = Number.isFinite(current) ? Math.max(keptOpen, current) : keptOpen;
  const size = Math.min(connections, most);
  return { size, overflow: connections - size };
}

/** `max_connections` that leaves a quarter free for `connections`, reserved ones added, in steps of 50. */
export function roomFor(connections: number, reserved: number): number {
  return Math.ceil((connections / documentedDefaults['headroom.connection_room'].value + reserved) / 50) * 50;
}

/** What the pools of a stack ask of its database. */
export interface ConnectionSizing {
  readonly poolSize: Figure;
  readonly maxOverflow: Figure;
  /** Connections in use at once in the worst case, other programs included. */
  readonly reachableConnections: Figure;
  /** Connections that the pools could open. */
  readonly ceilingConnections: Figure;
  readonly maxConnections: Figure | undefined;
}

/** Sizes pool and database for processes that work on `perProcess` requests at once each. */
export function sizeConnections(of: {
  readonly perProcess: number;
  readonly pool: PoolSize | undefined;
  readonly poolsPerProcess: number;
  readonly workers: number;
  readonly replicas: number;
  readonly otherConnections: number;
  readonly database: 'postgresql' | 'mysql' | 'mariadb' | 'none';
  readonly maxConnections: number | undefined;
  /** True for event loops: nothing but the pool bounds their connections, so the server must take its ceiling. */
  readonly isOpen: boolean;
}): ConnectionSizing {
  const { perProcess, workers, replicas, poolsPerProcess, otherConnections, database, isOpen } = of;
  const kept = of.pool && serves(of.pool, perProcess) ? of.pool : undefined;
  const fitting = figuresForRequests(perProcess);
  const poolFigure = kept ? keptFigure('poolSize', kept.size) : fitting.size;
  const overflowFigure = kept ? keptFigure('maxOverflow', kept.overflow) : fitting.overflow;
  const [poolSize, maxOverflow] = [poolFigure.value, overflowFigure.value];
  const processes = { replicas, workers };
  const reachable = replicas * workers * poolsPerProcess * perProcess + otherConnections;
  const ceiling = replicas * workers * poolsPerProcess * (poolSize + maxOverflow) + otherConnections;
  return {
    poolSize: poolFigure,
    maxOverflow: overflowFigure,
    reachableConnections: {
      value: reachable,
      formula: 'replicas x workers x poolsPerProcess x requestsAtOnce + otherConnections',
      inputs: { ...processes, poolsPerProcess, requestsAtOnce: perProcess, otherConnections },
      source: 'a process uses at most one connection for each request at once',
    },
    ceilingConnections: {
      value: ceiling,
      formula: 'replicas x workers x poolsPerProcess x (poolSize + maxOverflow) + otherConnections',
      inputs: { ...processes, poolsPerProcess, poolSize, maxOverflow, otherConnections },
      source: 'sqlalchemy/pool/impl.py QueuePool: each process has its own pool',
    },
    maxConnections:
      database === 'none'
        ? undefined
        : sizeMaxConnections(isOpen ? ceiling : reachable, { database, running: of.maxConnections }),
  };
}

/** A number of a pool that stays. */
export function keptFigure(name: 'poolSize' | 'maxOverflow', value: number): Figure {
  return { value, formula: name, inputs: { [name]: value }, source: 'as it is: every request finds a connection' };
}

/** True for a bounded pool in which every one of so many requests finds a connection. */
export function serves({ size, overflow }: PoolSize, requests: number): boolean {
  return size + overflow >= requests && Number.isFinite(size + overflow);
}

/** What the server takes today (else its default) where 80 % of it suffices, else room for the demand. */
export function sizeMaxConnections(
  connections: number,
  of: {
    readonly database: 'postgresql' | 'mysql' | 'mariadb' | 'pgbouncer';
    readonly running: number | undefined;
    /** Connections that programs cannot use; as many as the server reserves by default unless given. */
    readonly reserved?: number;
  },
): Figure {
  const { database, running } = of;
  const reserved = of.reserved ?? reservedConnections(database);
  const id = database === 'pgbouncer' ? 'pgbouncer.max_client_conn' : (`${database}.max_connections` as const);
  const standard = running ?? documentedDefaults[id].value;
  const alertShare = documentedDefaults['headroom.connection_alert_share'].value;
  if (connections <= (standard - reserved) * alertShare) {
    return { value: standard, formula: 'maxConnections', inputs: { maxConnections: standard }, source: sourceOf(id) };
  }
  return {
    value: roomFor(connections, reserved),
    formula: '(connections / room + reserved), rounded up to 50',
    inputs: { connections, room: documentedDefaults['headroom.connection_room'].value, reserved },
    source: sourceOf('headroom.connection_room'),
  };
}

/** Connections that the server keeps for its administrators. */
export function reservedConnections(database: string): number {
  return database === 'postgresql' ? documentedDefaults['postgresql.superuser_reserved_connections'].value : 0;
}
