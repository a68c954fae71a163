import { knownValue } from '../model/value.ts';
import { poolingRemedy, serverDatabases, setDatabaseSettings } from '../plan/django-use.ts';
import { explain } from '../plan/explain.ts';
import { runsEventLoop } from '../plan/pool-use.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'django-persistent-connections-with-async',
  on: 'process',
  severity: 'warning',
  summary: 'CONN_MAX_AGE keeps connections in threads or greenlets that never come back.',
  why: `Django keeps one connection per thread. Under ASGI each request gets a thread of its own (asgiref's \`ThreadSensitiveContext\`), under gevent and eventlet a greenlet; when it ends, nobody takes up its connection again. With \`CONN_MAX_AGE\` other than 0 such connections stay open on the server until they are garbage collected or the age is noticed, which only the same thread could do. The server fills up with idle connections although the load is small.

Django's documentation says to disable persistent connections under ASGI and to pool in the backend: \`OPTIONS.pool\` on PostgreSQL (Django 5.1, psycopg 3), or PgBouncer.`,
  references: [
    'Django 5.2, ref/databases: "Persistent connections", "Caveats"',
    'Django 5.2, core/handlers/asgi.py; asgiref 3, asgiref/sync.py: ThreadSensitiveContext',
  ],
  messages: {
    persistent:
      'CONN_MAX_AGE {age} leaks connections of "{alias}" under {server}: each request has a thread or greenlet of its own. Set it to 0, and pool with {remedy}.',
    close: 'Set CONN_MAX_AGE to 0 (a new connection for every request)',
  },
  *check({ process, service }, { project }) {
    if (!runsEventLoop(process)) return;
    for (const { database } of serverDatabases(process, project)) {
      const { connMaxAge, alias } = database;
      const age = knownValue(connMaxAge);
      if (age === undefined || age === 0 || knownValue(database.pool) !== false) continue;
      yield {
        at: connMaxAge.at,
        subject: alias,
        message: {
          says: 'persistent',
          with: {
            age: age === null ? 'None' : age,
            alias,
            server: kindOf(process),
            remedy: poolingRemedy(knownValue(database.engine), process.django),
          },
        },
        trail: [
          ...explain(`CONN_MAX_AGE ${age === null ? 'None' : age}`, connMaxAge),
          ...explain(`${service.name} runs ${process.server}`, process.workerClass),
        ],
        fixes: () => [
          { title: { says: 'close' }, safety: 'review', edits: setDatabaseSettings(database, { maxAge: '0' }) },
        ],
      };
    }
  },
});

function kindOf(process: {
  readonly server: string;
  readonly workerClass: { readonly known: boolean; readonly value?: string };
}): string {
  return process.server === 'gunicorn' && process.workerClass.value !== undefined
    ? process.workerClass.value
    : process.server;
}
