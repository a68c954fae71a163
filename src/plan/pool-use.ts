import type { Pool } from '../model/pool.ts';
import type { Process } from '../model/stack.ts';
import { unknown, type Value } from '../model/value.ts';

/**
 * Connections that one process can want from this pool at the same time: its threads, one for sync workers; unknown
 * for event loops, and for asynchronous pools, which AnyIO's threads do not use.
 */
export function poolConcurrency(pool: Pool, process: Process): Value<number> {
  if (
    pool.async &&
    process.concurrencyKind === 'threads' &&
    process.server !== 'gunicorn' &&
    process.server !== 'celery'
  ) {
    return unknown('coroutines take connections, not threads', process.at);
  }
  return process.concurrency;
}

/** True when nothing in the files bounds how many requests reach the pool at once. */
export function hasOpenConcurrency(pool: Pool, process: Process): boolean {
  return !poolConcurrency(pool, process).known;
}
