import type { Process } from '../model/stack.ts';
import type { Known } from '../model/value.ts';

/** The setting with which a server ends a request that takes too long. */
export interface RequestLimit {
  readonly name: string;
  readonly seconds: Known<number>;
}

/**
 * Seconds after which the server ends a request: Gunicorn's timeout for sync workers (for others it is a heartbeat,
 * gunicorn/workers/gthread.py), uWSGI's harakiri for every kind. Undefined when nothing bounds it.
 */
export function requestLimit(process: Process): RequestLimit | undefined {
  const { timeoutSeconds: seconds } = process;
  if (!seconds.known) return undefined;
  if (process.server === 'uwsgi') return { name: 'harakiri', seconds };
  const isSync = process.server === 'gunicorn' && process.concurrencyKind === 'single';
  return isSync ? { name: 'the worker timeout', seconds } : undefined;
}
