import type { Pool } from '../model/pool.ts';
import type { Project } from '../model/stack.ts';
import { knownValue } from '../model/value.ts';
import { budgetWith, withRoom } from '../plan/connection-budget.ts';
import { judgedLoad, requestsPerProcess } from '../plan/load.ts';
import {
  describeSettings,
  isRefused,
  judgedSizes,
  largestPool,
  placeOfSize,
  setPoolSize,
  setSizeAtCall,
  sizeForConnections,
  sizeHops,
} from '../plan/pool-size.ts';
import {
  concurrencyHops,
  connectsPerThread,
  describeConcurrency,
  isSharedPool,
  poolConcurrency,
} from '../plan/pool-use.ts';
import { defineRule, type RuleFix } from './rule.ts';

export default defineRule({
  id: 'pool-undersized',
  on: 'pool',
  severity: 'warning',
  severities: { suggested: 'information' },
  summary: 'A connection pool is smaller than the number of requests that use it at once.',
  why: `A process that works on more requests at once than its pool has connections makes the rest wait. SQLAlchemy lets them wait \`pool_timeout\` seconds (30 by default) and then fails the request with \`QueuePool limit of size 5 overflow 10 reached\`; mysql.connector and psycopg2 do not wait at all.

What can run at once in a process follows from the server: the threads of a gthread worker, 40 for the plain \`def\` endpoints of FastAPI and Starlette (AnyIO's limiter), the threads of a Celery worker. An event loop takes as many requests as arrive, so there the load decides: users x response / (response + think time), shared out over replicas x workers. Without a load in \`headroom.yaml\` such a pool is judged against 50 users, and never as more than information.

The size that counts is \`pool_size + max_overflow\`, for every process on its own. A larger pool costs connections on the server: the fix says how many, and raises \`max_connections\` when they would not fit.`,
  references: [
    'SQLAlchemy 2.0, lib/sqlalchemy/pool/impl.py: QueuePool, and doc/build/errors.rst (3o7r)',
    'MySQL Connector/Python 8.3, mysql/connector/pooling.py',
    'psycopg_pool 3.2, psycopg_pool/base.py',
    'Starlette, docs/threadpool.md; AnyIO 4, _backends/_asyncio.py: CapacityLimiter(40)',
  ],
  messages: {
    threadsWait:
      'The pool is too small: {threads} share {pool} connections in a process of {service}. {waiting} of them can wait up to {timeout} s and then fail; {needed} connections serve all.',
    threadsShort:
      'The pool is too small: {threads} share {pool} connections in a process of {service}. The other {waiting} find none; {needed} connections serve all.',
    threadsFail:
      'The pool is too small: {threads} share {pool} connections in a process of {service}. When they are taken, the other {waiting} fail at once; {needed} connections serve all.',
    threadsHang:
      'The pool is too small: {threads} share {pool} connections in a process of {service}. The other {waiting} wait for as long as it takes; {needed} connections serve all.',
    load: 'The pool is too small for {users} users: {needed} requests at once, {pool} connections, in a process of {service}. The others wait or fail; {needed} connections serve all.',
    suggested:
      'For {users} users this pool is too small: {needed} requests at once, {pool} connections, in a process of {service}. Write the load you expect into headroom.yaml.',
    resize: 'Set {settings}',
    resizeWithin: 'Set {settings}: {connections} of {usable} connections of {store}',
    resizeAndRaise: 'Set {settings} and raise max_connections of {store} to {limit}',
    resizeAtCall: 'Set {settings} in this call only',
  },
  *check({ pool, process, service }, { project, goal }) {
    if (pool.kind !== 'database' || service.role === 'one-shot' || !isSharedPool(pool, process)) return;
    if (connectsPerThread(pool, process) || isRefused(pool)) return;
    const threads = poolConcurrency(pool, process);
    const load = judgedLoad(goal);
    const needed = threads.known ? threads.value : requestsPerProcess(load, { pool, project });
    for (const { capacity, written } of judgedSizes(pool)) {
      if (needed === undefined || needed <= capacity) continue;
      const shared = { service: service.name, pool: written, needed };
      const timeout = knownValue(pool.timeoutSeconds);
      const says = waits(timeout);
      yield {
        at: placeOfSize(pool),
        subject: service.name,
        message: threads.known
          ? {
              says,
              with: {
                ...shared,
                threads: describeConcurrency(process),
                waiting: needed - capacity,
                timeout: timeout ?? '',
              },
            }
          : { says: load.configured ? 'load' : 'suggested', with: { ...shared, users: load.users } },
        trail: [...(threads.known ? concurrencyHops(process) : load.trail), ...sizeHops(pool)],
        fixes: () => fixesFor(pool, { project, needed }),
        ...(!threads.known && !load.configured && { case: 'suggested' as const }),
      };
    }
  },
});

/** The message for requests that find no connection, by the seconds that they wait: null for ever, undefined unknown. */
function waits(timeoutSeconds: number | null | undefined) {
  if (timeoutSeconds === undefined) return 'threadsShort';
  if (timeoutSeconds === null) return 'threadsHang';
  return timeoutSeconds === 0 ? 'threadsFail' : 'threadsWait';
}

function fixesFor(
  pool: Pool,
  work: { project: Project; needed: number },
): RuleFix<'resize' | 'resizeWithin' | 'resizeAndRaise' | 'resizeAtCall'>[] {
  const { project, needed } = work;
  if (needed > largestPool(pool)) return [];
  const size = sizeForConnections(pool, needed);
  const settings = describeSettings(pool, size);
  const budget = budgetWith(project, { pool, capacity: needed });
  const says = !budget ? 'resize' : budget.maxConnections === undefined ? 'resizeWithin' : 'resizeAndRaise';
  const consequence = {
    settings,
    connections: budget?.connections ?? '',
    usable: budget?.usable ?? '',
    store: budget?.store.name ?? '',
    limit: budget?.maxConnections ?? '',
  };
  const atCall = setSizeAtCall(pool, size);
  return [
    {
      title: { says, with: consequence },
      safety: 'review',
      edits: withRoom(setPoolSize(pool, size), { project, budget }),
    },
    ...(atCall
      ? [
          {
            title: { says: 'resizeAtCall' as const, with: consequence },
            safety: 'review' as const,
            edits: withRoom(atCall, { project, budget }),
          },
        ]
      : []),
  ];
}
