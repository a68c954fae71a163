import { formatBytes, writeBytes } from '../capacity/bytes.ts';
import { documentedDefaults } from '../capacity/defaults.ts';
import type { Figure } from '../capacity/figure.ts';
import { roundUpReadable, sizeDatabaseCache } from '../capacity/memory-sizing.ts';
import type { Edits } from '../model/fix.ts';
import { replaceText } from '../model/fixes/replace-text.ts';
import { setServiceLimits } from '../model/fixes/service-limits.ts';
import type { Project, Service, Store } from '../model/stack.ts';
import { isDefault, type Known, known } from '../model/value.ts';
import type { Location } from '../text/span.ts';
import { type Hop, isDefaultHop } from '../text/trail.ts';
import { certainPart, connectionDemand } from './connection-demand.ts';
import { explain } from './explain.ts';

/** A database server that may take more memory than its container has. */
export interface DatabaseMemoryExcess {
  /** The cache alone reaches the limit, or with the connections that are used, or that the server was told to take. */
  readonly kind: 'cache' | 'demanded' | 'allowed';
  readonly cacheName: string;
  readonly cacheBytes: number;
  readonly connections: number;
  readonly bytesPerConnection: number;
  readonly totalBytes: number;
  readonly limitBytes: number;
  /** The setting that takes most, as far as it is written. */
  readonly at: Location;
  readonly trail: readonly Hop[];
}

/** Holds cache and connections against the limit of the container; undefined where they fit, or nobody configured them. */
export function findMemoryExcess(
  store: Store,
  where: { readonly project: Project; readonly service: Service },
): DatabaseMemoryExcess | undefined {
  const { memory } = store;
  const limit = where.service.limits.memoryBytes;
  if (!memory?.cacheBytes.known || !limit.known || limit.value === null) return undefined;
  const { cacheBytes, cacheName } = memory;
  const use = databaseMemoryUse(where.project, store);
  const alone = !isDefault(cacheBytes) && cacheBytes.value >= limit.value;
  if (!alone && !(use && use.totalBytes > limit.value && isConfigured(store))) return undefined;
  return {
    kind: alone ? 'cache' : use?.demanded ? 'demanded' : 'allowed',
    cacheName,
    cacheBytes: cacheBytes.value,
    connections: use?.connections.value ?? 0,
    bytesPerConnection: use?.each.value ?? 0,
    totalBytes: use?.totalBytes ?? cacheBytes.value,
    limitBytes: limit.value,
    at: placeOf(store, use),
    trail: [
      ...explain(`${cacheName} ${formatBytes(cacheBytes.value)}`, cacheBytes),
      ...(use && !alone ? useHops(use) : []),
      ...explain(`memory limit ${formatBytes(limit.value)}`, limit),
    ],
  };
}

/** A limit with a quarter to spare. */
export function raisedLimit({ cacheBytes, connections, bytesPerConnection, totalBytes }: DatabaseMemoryExcess): Figure {
  return {
    value: roundUpReadable(totalBytes * toSpare),
    formula: '(cacheBytes + connections x connectionBytes) x toSpare, rounded up',
    inputs: { cacheBytes, connections, connectionBytes: bytesPerConnection, toSpare },
    source: 'MySQLTuner, mysqltuner.pl: calculations(), maximum memory',
  };
}

const toSpare = 1.25;

/** What a database server may take with a quarter to spare; undefined where its use is not known. */
export function databaseBytes(project: Project, store: Store): Figure | undefined {
  const use = databaseMemoryUse(project, store);
  if (!use) return undefined;
  return {
    value: use.totalBytes * toSpare,
    formula: '(cacheBytes + connections x connectionBytes) x toSpare',
    inputs: {
      cacheBytes: use.cache.value,
      connections: use.connections.value,
      connectionBytes: use.each.value,
      toSpare,
    },
    source: 'MySQLTuner, mysqltuner.pl: calculations(), maximum memory',
  };
}

/** The edits of a limit with a quarter to spare. */
export function raiseMemoryLimit(service: Service, excess: DatabaseMemoryExcess): { bytes: number; edits: Edits } {
  const bytes = raisedLimit(excess).value;
  return { bytes, edits: setServiceLimits(service, { memory: writeBytes(bytes).toUpperCase() }) };
}

/** A smaller cache, where that is enough; undefined where the connections alone do not fit or the cache is not written. */
export function lowerDatabaseCache(
  store: Store,
  excess: DatabaseMemoryExcess,
): { bytes: number; edits: Edits } | undefined {
  const { memory, engine } = store;
  if (!memory || isDefault(memory.cacheBytes)) return undefined;
  if (engine !== 'postgresql' && engine !== 'mysql' && engine !== 'mariadb') return undefined;
  const { cacheBytes, totalBytes, limitBytes } = excess;
  const bytes = sizeDatabaseCache(limitBytes, engine).value;
  if (bytes <= 0 || bytes >= cacheBytes || bytes + totalBytes - cacheBytes > limitBytes) return undefined;
  const text = engine === 'postgresql' ? `${bytes / 2 ** 20}MB` : writeBytes(bytes).toUpperCase();
  return { bytes, edits: replaceText(memory.cacheBytes.at, text) };
}

/** What a database server may take of its container's memory, and what that is made of. */
interface DatabaseMemoryUse {
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
function databaseMemoryUse(project: Project, store: Store): DatabaseMemoryUse | undefined {
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

/** True when someone chose the cache, the memory of a connection or their number. */
function isConfigured({ memory, maxConnections }: Store): boolean {
  if (!memory) return false;
  const each = memory.perConnectionBytes.trail.some((hop) => !isDefaultHop(hop));
  return each || [memory.cacheBytes, maxConnections].some((value) => value.known && !isDefault(value));
}

/** The setting that takes most, as far as it is written. */
function placeOf({ memory, maxConnections, at }: Store, use: DatabaseMemoryUse | undefined): Location {
  const cache = memory && !isDefault(memory.cacheBytes) ? memory.cacheBytes.at : undefined;
  const each = use?.each.trail.flatMap((hop) => (isDefaultHop(hop) ? [] : [hop.at])).at(-1);
  const connections = isDefault(maxConnections) ? undefined : maxConnections.at;
  const mostlyCache = use === undefined || use.cache.value >= use.totalBytes / 2;
  const places = mostlyCache ? [cache, each, connections] : [each, connections, cache];
  return places.find((place) => place !== undefined && 'source' in place) ?? at;
}

function useHops(use: DatabaseMemoryUse): readonly Hop[] {
  const says = use.demanded ? 'connections that the processes can use at once' : 'connections that it takes';
  return [
    ...explain(`${use.connections.value} ${says}`, use.connections),
    ...explain(`${formatBytes(use.each.value)} for each`, use.each),
  ];
}
