import type { Edits } from '../model/fix.ts';
import { setDictEntry } from '../model/fixes/set-dict-entry.ts';
import type { Pool } from '../model/pool.ts';
import type { Project } from '../model/stack.ts';
import { isDefault, knownValue } from '../model/value.ts';
import { djangoFeature, poolingRemedy } from '../plan/django-use.ts';
import { explain } from '../plan/explain.ts';
import {
  describeSettings,
  type PoolSize,
  placeOfSize,
  setPoolSize,
  sizeForConnections,
  sizeHops,
} from '../plan/pool-size.ts';
import { isServerDatabase, storeOfPool } from '../plan/pool-store.ts';
import { connectsPerThread, djangoDatabase, isSharedPool, poolConcurrency, runsEventLoop } from '../plan/pool-use.ts';
import type { Hop } from '../text/trail.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'pool-unbounded',
  on: 'pool',
  severity: 'warning',
  summary: 'Nothing limits how many database connections a process opens.',
  why: `With \`max_overflow=-1\`, or \`pool_size=0\` on SQLAlchemy 2, a pool opens a connection for every request that finds none free. Nobody ever waits, \`pool_timeout\` never fires, and the only brake left is the server's \`max_connections\`: a burst of slow queries fills it, and then every service that shares the database gets \`too many clients already\`.

Django without \`OPTIONS.pool\` keeps one connection per thread. Under WSGI the worker's threads bound that. Under ASGI each request runs in a thread of its own, under gevent in a greenlet, so each request in flight opens a connection and nothing in the process caps their number. Django 5.1 and later can pool (PostgreSQL, psycopg 3); PgBouncer in front of the server caps them as well.`,
  references: [
    'SQLAlchemy 2.0, lib/sqlalchemy/pool/impl.py: max_overflow=-1; pool_size=0 means no limit from 2.0',
    'Django 5.2, core/handlers/asgi.py and ref/databases: "Caveats", "Connection pool"',
    'asgiref 3, asgiref/sync.py: ThreadSensitiveContext',
  ],
  messages: {
    overflow:
      'Nothing limits this pool: {setting} lets a process of {service} open a connection for every request. Under load only max_connections of the server stops it; give the pool a size.',
    django:
      'Nothing limits the connections of "{alias}": {server} gives every request a connection of its own. Under load only max_connections of the server stops it; use {remedy}.',
    bound: 'Set {settings}',
    usePool: "Use Django's connection pool, at most {size} connections in a process (needs psycopg 3){note}",
  },
  *check({ pool, process, service }, { project }) {
    if (pool.kind !== 'database' || service.role === 'one-shot' || !isSharedPool(pool, process)) return;
    if (connectsPerThread(pool, process)) {
      const database = djangoDatabase(pool, process);
      if (!database || !runsEventLoop(process) || !isServerDatabase(pool)) return;
      if (storeOfPool(project, pool)?.engine === 'pgbouncer') return;
      const ownPool = djangoFeature(process.django, 'pool');
      yield {
        at: pool.at,
        subject: database.alias,
        message: {
          says: 'django',
          with: {
            alias: database.alias,
            server: process.server,
            remedy: poolingRemedy(knownValue(pool.engine), process.django),
          },
        },
        trail: [
          { at: process.at, says: `${service.name} runs ${process.server}` },
          ...explain('no OPTIONS.pool', database.pool),
          ...engineHops(pool, project),
        ],
        fixes: () =>
          knownValue(pool.engine) === 'postgresql' && ownPool.available && database.dictAt
            ? [
                {
                  title: { says: 'usePool', with: { size: pooledConnections, note: ownPool.note } },
                  safety: 'review',
                  edits: addDjangoPool(database.dictAt),
                },
              ]
            : [],
      };
      return;
    }
    if (!pool.sizeWritten || knownValue(pool.capacity) !== Number.POSITIVE_INFINITY) return;
    const concurrency = knownValue(poolConcurrency(pool, process));
    const kept = knownValue(pool.size) ?? 0;
    if (concurrency !== undefined && concurrency <= (Number.isFinite(kept) ? kept : 1)) return;
    const size = boundedSize(pool, concurrency);
    yield {
      at: placeOfBound(pool),
      subject: service.name,
      message: { says: 'overflow', with: { setting: settingOf(pool), service: service.name } },
      trail: sizeHops(pool),
      fixes: () => [
        {
          title: {
            says: 'bound',
            with: { settings: describeSettings(pool, size) },
          },
          safety: 'review',
          edits: setPoolSize(pool, size),
        },
      ],
    };
  },
});

/** Connections of a pool whose process takes as many requests as arrive: SQLAlchemy's default of 5 + 10, rounded up. */
const pooledConnections = 20;

/** Keeps a written size and bounds the overflow by the threads, or by as much again. */
function boundedSize(pool: Pool, concurrency: number | undefined): PoolSize {
  const kept = knownValue(pool.size) ?? Number.POSITIVE_INFINITY;
  if (!Number.isFinite(kept)) return sizeForConnections(pool, concurrency ?? pooledConnections);
  return { size: kept, overflow: Math.max(0, (concurrency ?? Math.max(pooledConnections, 2 * kept)) - kept) };
}

function addDjangoPool(at: Pool['at']): Edits {
  return setDictEntry(at, 'OPTIONS', `{"pool": {"min_size": 2, "max_size": ${pooledConnections}}}`);
}

function placeOfBound(pool: Pool): Pool['at'] {
  const isOverflow = knownValue(pool.overflow) === Number.POSITIVE_INFINITY && !isDefault(pool.overflow);
  return isOverflow ? pool.overflow.at : placeOfSize(pool);
}

function settingOf(pool: Pool): string {
  const isOverflow = knownValue(pool.overflow) === Number.POSITIVE_INFINITY && !isDefault(pool.overflow);
  return isOverflow ? `${pool.overflowName}=-1` : `${pool.sizeName}=0`;
}

/** With a server of this engine in the stack, the engine is no assumption even when the URL comes from an example file. */
function engineHops(pool: Pool, project: Project): readonly Hop[] {
  const engine = knownValue(pool.engine);
  const server = project.stores.find((store) => store.engine === engine && store.service !== undefined);
  return server
    ? [{ at: server.at, says: `${server.name} is a database server` }]
    : explain('a server database', pool.engine);
}
