import type { DjangoDatabase } from '../model/django.ts';
import type { Pool } from '../model/pool.ts';
import type { Process, Project, Service } from '../model/stack.ts';
import { known, knownValue, lowerBound, unknown, type Value } from '../model/value.ts';
import { type Location, textAt } from '../text/span.ts';
import type { Hop } from '../text/trail.ts';
import { explain } from './explain.ts';

/** One pool as one program of a service uses it. */
export interface PoolUse {
  readonly service: Service;
  readonly process: Process;
  readonly pool: Pool;
}

/**
 * Connections that one process can want from this pool at the same time: its threads, one for sync workers; unknown
 * for event loops, and for asynchronous pools, which AnyIO's threads do not use.
 */
export function poolConcurrency(pool: Pool, process: Process): Value<number> {
  if (pool.async && runsAnyioThreads(process)) return unknown('coroutines take connections, not threads', process.at);
  return process.concurrency;
}

/** True when the requests of an event loop are served from AnyIO's threads (plain `def` endpoints). */
function runsAnyioThreads(process: Process): boolean {
  const { syncEndpoints } = process.code;
  return syncEndpoints !== undefined && process.concurrency.trail[0]?.at === syncEndpoints;
}

/** What works at once in a process: "40 threads (AnyIO)", "8 threads", "1 request", "100 greenlets". */
export function describeConcurrency(process: Process): string {
  const count = lowerBound(process.concurrency) ?? 0;
  if (runsAnyioThreads(process)) return `${count} threads (AnyIO)`;
  if (process.concurrencyKind === 'async') return `${count} greenlets`;
  return count === 1 ? '1 request' : `${count} threads`;
}

/** Where the number of requests at once in a process comes from. */
export function concurrencyHops(process: Process): readonly Hop[] {
  const { concurrency } = process;
  if (runsAnyioThreads(process)) return concurrency.trail;
  return explain(`${describeConcurrency(process)} at once in a process`, concurrency);
}

/** True for a program that answers requests (development servers included), not tasks. */
export function servesRequests(process: Process): boolean {
  return webServers.has(process.server);
}

const webServers: ReadonlySet<Process['server']> = new Set([
  'gunicorn',
  'uvicorn',
  'hypercorn',
  'daphne',
  'granian',
  'uwsgi',
  'django-runserver',
  'flask-run',
] as const);

/** True for a web server that gives each request its own coroutine or greenlet, as many as arrive. */
export function runsEventLoop(process: Process): boolean {
  return servesRequests(process) && process.concurrencyKind === 'async' && !process.concurrency.known;
}

/** The Django alias behind a pool; undefined for the pools of other libraries. */
export function djangoDatabase(pool: Pool, process: Process): DjangoDatabase | undefined {
  if (pool.library !== 'django') return undefined;
  return process.django?.databases.find((database) => database.alias === pool.alias);
}

/** True for Django without `OPTIONS.pool`: it opens one connection for each thread that serves a request. */
export function connectsPerThread(pool: Pool, process: Process): boolean {
  const database = djangoDatabase(pool, process);
  return database !== undefined && knownValue(database.pool) === false;
}

/** `OPTIONS.pool` written as an empty dict, which Django takes for "no pool". */
export function emptyDjangoPool(pool: Pool, process: Process): Location | undefined {
  const database = djangoDatabase(pool, process);
  if (!database?.poolAt || knownValue(database.pool) !== false) return undefined;
  return /^\{\s*\}$/.test(textAt(database.poolAt)) ? database.poolAt : undefined;
}

/**
 * The most connections one process can hold through this pool. Django without `OPTIONS.pool` opens one for each thread
 * (django/utils/connection.py: ConnectionHandler is thread-critical), under ASGI and gevent one for each request.
 */
export function poolCapacity(pool: Pool, process: Process): Value<number> {
  if (!connectsPerThread(pool, process)) return pool.capacity;
  if (runsEventLoop(process)) return known(Number.POSITIVE_INFINITY, pool.at);
  return process.concurrency;
}

/** Every process of the project that creates this pool: a module shared by services is judged by its largest need. */
export function usesOfPool(project: Project, pool: Pool): readonly PoolUse[] {
  return allPoolUses(project).filter((use) => samePlace(use.pool.at, pool.at));
}

/** The pools of all services that stay up. */
export function allPoolUses(project: Project): readonly PoolUse[] {
  return project.services
    .filter((service) => service.active && service.role !== 'one-shot')
    .flatMap((service) =>
      service.processes.flatMap((process) => process.pools.map((pool) => ({ service, process, pool }))),
    )
    .filter(({ process, pool }) => isSharedPool(pool, process));
}

/**
 * True for a pool that the requests (or tasks) of a process share: not one that each call makes for itself, not one for
 * tests, and in a web server not one that a module of Celery tasks makes for its worker.
 */
export function isSharedPool(pool: Pool, process: Process): boolean {
  if (pool.perCall || /(^|_)tests?(_|$)/i.test(pool.alias ?? '')) return false;
  return !(servesRequests(process) && holdsTasks(pool.at));
}

function holdsTasks({ source }: Location): boolean {
  return /^@(\w+\.)?(shared_)?task\b/m.test(source.text);
}

/** True for two locations that cover the same text of the same file. */
export function samePlace(left: Location, right: Location): boolean {
  return (
    left.source.path === right.source.path && left.span.start === right.span.start && left.span.end === right.span.end
  );
}

/** The name of the call that creates the pool, without its arguments; for other places the first line. */
export function headOf(at: Location): Location {
  const text = at.source.text.slice(at.span.start, at.span.end);
  const length = /^[^\n(]*/.exec(text)?.[0].trimEnd().length ?? text.length;
  return length === 0 ? at : { source: at.source, span: { start: at.span.start, end: at.span.start + length } };
}
