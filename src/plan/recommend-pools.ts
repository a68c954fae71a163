import { documentedDefaults } from '../capacity/defaults.ts';
import type { Figure } from '../capacity/figure.ts';
import { figuresForRequests, keptFigure, serves } from '../capacity/pool-sizing.ts';
import type { StackSizing } from '../capacity/size-stack.ts';
import type { Pool } from '../model/pool.ts';
import { knownValue } from '../model/value.ts';
import { countOf } from '../text/wording.ts';
import type { CapacityTarget } from './capacity-target.ts';
import { djangoFeature, runsWsgi, serverDatabases, setDatabaseSettings } from './django-use.ts';
import type { PlannedStack, SizedStack } from './planned-stack.ts';
import {
  describeSize,
  isRefused,
  largestPool,
  type PoolSize,
  placeOfSize,
  setPoolSize,
  sizeForRequests,
} from './pool-size.ts';
import { connectsPerThread, isSharedPool, poolConcurrency, usesOfPool } from './pool-use.ts';
import type { Proposal } from './recommendation.ts';

/** Changes of the web server's connection pools, and of Django's connections. */
export function recommendPools(planned: PlannedStack): readonly Proposal[] {
  return [...sharedPools(planned.target).flatMap((pool) => recommendPool(pool, planned)), ...recommendReuse(planned)];
}

/** The pools that the web server's requests share, those to a file (SQLite) included. */
export function sharedPools({ process }: CapacityTarget): readonly Pool[] {
  return process.pools.filter((pool) => pool.kind === 'database' && isSharedPool(pool, process));
}

/** Another size for a pool of the web server. */
export interface PoolChange {
  readonly pool: Pool;
  readonly wanted: PoolSize;
  /** Requests that share the pool in one process. */
  readonly requests: number;
  /** Connections that the pool may open today. */
  readonly capacity: number;
}

/** The size that a pool of the web server needs; undefined where the present one suits, or is not known. */
export function resizePool(pool: Pool, { target, sizing, today }: SizedStack): PoolChange | undefined {
  const { process, project, pools } = target;
  const size = knownValue(pool.size);
  const capacity = knownValue(pool.capacity);
  const isInvalid = pool.faults.some(({ kind }) => kind === 'arguments-refused');
  if (connectsPerThread(pool, process) || isInvalid || size === undefined || capacity === undefined) return;
  const others = usesOfPool(project, pool)
    .filter((use) => use.process !== process)
    .map((use) => knownValue(poolConcurrency(use.pool, use.process)) ?? 1);
  const requests = Math.max(Math.ceil(requestsInProcess(pool, { target, sizing, today })), ...others);
  // What a pool opens only when needed costs nothing until then; and connections to a file cost no server anything.
  const holdsTooMany = opensAll(pool) && pool.sizeWritten && pools.includes(pool) && capacity > 2 * requests;
  const isKept = !isRefused(pool) && serves({ size: capacity, overflow: 0 }, requests) && !holdsTooMany;
  if (isKept || requests > largestPool(pool)) return;
  const wanted = sizeForRequests(pool, requests);
  return { pool, wanted: { ...wanted, size: Math.max(wanted.size, leastSize(pool, size)) }, requests, capacity };
}

/** Requests at once that use a pool in one process: its threads, or what the load puts in flight. */
function requestsInProcess(pool: Pool, sized: Pick<SizedStack, 'target' | 'sizing' | 'today'>): number {
  const { target, sizing, today } = sized;
  const { concurrency } = target.process;
  const usesThreads = !concurrency.known || poolConcurrency(pool, target.process).known;
  const inAll = usesThreads ? sizing.requestsAtOnce : sizing.inFlight;
  return inAll.value / (today.replicas * sizing.workers.value);
}

/**
 * The figures of the web server's own pool with the size that its row writes, or that it keeps; undefined where its size
 * is not known, or it has none.
 */
export function ownPoolFigures(
  sized: SizedStack,
): Pick<StackSizing, 'poolSize' | 'maxOverflow' | 'ceilingConnections'> | undefined {
  const { target, today, sizing } = sized;
  const { pool } = target;
  const change = pool && resizePool(pool, sized);
  if (!pool?.size.known || !pool.overflow.known || !(today.pool || change)) return undefined;
  const { size, overflow } = change?.wanted ?? { size: pool.size.value, overflow: pool.overflow.value };
  if (!Number.isFinite(size + overflow)) return undefined;
  const { inputs } = sizing.ceilingConnections;
  const { replicas = 1, workers = 1, poolsPerProcess = 1, otherConnections = 0 } = inputs;
  return {
    poolSize: change ? sizeFigure(change) : keptFigure('poolSize', size),
    maxOverflow:
      pool.overflowName === undefined
        ? { value: 0, formula: '0', inputs: {}, source: `${pool.library} has no overflow` }
        : change
          ? figuresForRequests(change.requests).overflow
          : keptFigure('maxOverflow', overflow),
    ceilingConnections: {
      ...sizing.ceilingConnections,
      value: replicas * workers * poolsPerProcess * (size + overflow) + otherConnections,
      inputs: { ...inputs, poolSize: size, maxOverflow: overflow },
    },
  };
}

/** Libraries with a minimum take no maximum below it. */
function leastSize(pool: Pool, size: number): number {
  return opensAll(pool) ? 0 : (knownValue(pool.opensEagerly) ?? size);
}

/** True for a library that opens every connection of its pool at once. */
export function opensAll({ library }: Pool): boolean {
  return library === 'mysql.connector';
}

function recommendPool(pool: Pool, planned: PlannedStack): readonly Proposal[] {
  const { target } = planned;
  const change = resizePool(pool, planned);
  if (!change) return [];
  const { wanted } = change;
  return [
    {
      setting:
        pool.overflowName === undefined ? (pool.sizeName ?? 'pool size') : `${pool.sizeName}, ${pool.overflowName}`,
      subject: pool.alias ?? pool.library,
      today: Number.isFinite(change.capacity)
        ? describeSize(pool, change.capacity) + (pool.sizeWritten ? '' : ' (default)')
        : 'unlimited',
      planned: describeWanted(pool, wanted),
      ...explainChange(pool, { change, planned }),
      figure: sizeFigure(change),
      at: placeOfSize(pool),
      change: { kind: 'edits', edits: setPoolSize(pool, wanted) },
      services: usesOfPool(target.project, pool)
        .map((use) => use.service)
        .concat(target.service),
      ...(pool === target.pool && { decides: 'poolSize' as const }),
    },
  ];
}

function sizeFigure({ wanted, requests, pool }: PoolChange): Figure {
  const inputs = { requestsAtOnce: requests };
  const fitting = figuresForRequests(requests).size;
  if (pool.overflowName !== undefined && wanted.size <= fitting.value) return fitting;
  const { source } = figuresForRequests(1).size;
  return wanted.size > requests
    ? { value: wanted.size, formula: 'max(requestsAtOnce, least)', inputs: { ...inputs, least: wanted.size }, source }
    : { value: wanted.size, formula: 'requestsAtOnce', inputs, source };
}

/** In the form of today's size: the settings are named beside it. */
function describeWanted(pool: Pool, { size, overflow }: PoolSize): string {
  return pool.overflowName === undefined ? String(size) : `${size} + ${overflow} = ${size + overflow}`;
}

function explainChange(
  pool: Pool,
  of: { readonly change: PoolChange; readonly planned: PlannedStack },
): Pick<Proposal, 'reason' | 'values'> {
  const { requests, capacity } = of.change;
  const { sizing, today } = of.planned;
  const busy = Math.ceil(sizing.inFlight.value / (today.replicas * sizing.workers.value));
  const values = {
    library: pool.library,
    requests: countOf(requests, 'request'),
    capacity: countOf(capacity, 'connection'),
    busy,
  };
  return { reason: reasonOf(pool, { requests, capacity, busy }), values };
}

function reasonOf(
  pool: Pool,
  of: { readonly requests: number; readonly capacity: number; readonly busy: number },
): string {
  const { requests, capacity, busy } = of;
  const most = documentedDefaults['headroom.connection_alert_share'].value;
  if (isRefused(pool)) return '{library} does not create this pool: it refuses its size';
  if (!Number.isFinite(capacity)) return 'nothing but the server bounds the connections of a burst';
  if (capacity >= requests) return '{requests} at once can never use {capacity}, all of which are held open';
  if (busy > most * capacity) return '{requests} at once share {capacity}: the others wait or fail';
  return 'this load keeps about {busy} of {capacity} busy; at a peak {requests} share them: the others wait or fail';
}

function recommendReuse({ target }: PlannedStack): readonly Proposal[] {
  const { process, project, service } = target;
  if (!process.django || !runsWsgi(process)) return [];
  const { complete } = process.django;
  const checks = djangoFeature(process.django, 'healthChecks');
  return serverDatabases(process, project).flatMap(({ database, store }) => {
    const { connMaxAge, connMaxAgeWritten, pool } = database;
    const reconnects = knownValue(connMaxAge) === 0 && knownValue(pool) === false && (complete || connMaxAgeWritten);
    if (!reconnects || store?.engine === 'pgbouncer') return [];
    return [
      {
        setting: 'CONN_MAX_AGE',
        subject: database.alias,
        today: connMaxAgeWritten ? '0' : '0 (default)',
        planned: checks.available ? `600 with health checks${checks.note}` : '600',
        reason: 'every request opens a connection of its own',
        figure: {
          value: 600,
          formula: '600',
          inputs: {},
          source: 'Django documentation, databases: persistent connections',
        },
        unit: 'seconds' as const,
        at: connMaxAgeWritten ? connMaxAge.at : database.at,
        change: {
          kind: 'edits' as const,
          edits: setDatabaseSettings(database, {
            maxAge: '600',
            ...(checks.available && { healthChecks: 'True' }),
          }),
        },
        services: [service],
      },
    ];
  });
}
