import type { DjangoDatabase } from '../model/django.ts';
import type { Project } from '../model/stack.ts';
import { knownValue, product, sum, type Value } from '../model/value.ts';
import { numberOf } from '../plan/connection-demand.ts';
import { djangoFeature, runsWsgi, serverDatabases, setDatabaseSettings } from '../plan/django-use.ts';
import { explain } from '../plan/explain.ts';
import { nameOfEngine } from '../plan/pool-store.ts';
import { samePlace } from '../plan/pool-use.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'django-connections-not-reused',
  on: 'process',
  severity: 'warning',
  production: true,
  summary: 'Django opens a new database connection for every request.',
  why: `\`CONN_MAX_AGE\` is 0 unless it is written: Django closes the connection at the end of each request and opens another for the next one. That costs a TCP (and TLS) handshake, authentication and, on PostgreSQL, a new server process: a few milliseconds each time, more on a remote server, and under load a stream of connections that the server has to fork.

With \`CONN_MAX_AGE = 600\` every thread keeps its connection for ten minutes, so the server holds workers x threads connections for each database alias, no more than the peak it sees today. \`CONN_HEALTH_CHECKS = True\` (Django 4.1 and later) replaces a connection that the server closed meanwhile, once per request; it is not proposed where the dependency files allow only older releases.

The rule looks at the settings module that the server really selects, and stays silent under ASGI, gevent and eventlet (there persistent connections do harm), with Django's own pool, and behind PgBouncer.`,
  references: [
    'Django 5.2, ref/databases: "Persistent connections"; db/utils.py: CONN_MAX_AGE 0',
    'Django 5.2, db/backends/base/base.py: close_if_unusable_or_obsolete',
  ],
  messages: {
    written:
      '{engine} ("{alias}"): CONN_MAX_AGE 0 opens a new connection for every request. Set it to {wanted}: {terms}.',
    missing:
      '{engine} ("{alias}"): without CONN_MAX_AGE every request opens a new connection. Set it to {wanted}: {terms}.',
    reuse: 'Set CONN_MAX_AGE to 600 with CONN_HEALTH_CHECKS{note}',
    reuseOnly: 'Set CONN_MAX_AGE to 600 (a request may meet a connection that the server closed)',
  },
  *check({ process, service }, { project }) {
    const settings = process.django;
    if (!settings || !runsWsgi(process)) return;
    const checks = djangoFeature(settings, 'healthChecks');
    for (const { database, store } of serverDatabases(process, project)) {
      const { connMaxAge, connMaxAgeWritten, pool, alias } = database;
      const engine = knownValue(database.engine);
      if (engine === undefined || knownValue(connMaxAge) !== 0 || knownValue(pool) !== false) continue;
      if (store?.engine === 'pgbouncer' || !(settings.complete || connMaxAgeWritten)) continue;
      const connections = openAtMost(project, database);
      const usable = store && knownValue(store.usableConnections);
      yield {
        at: connMaxAgeWritten ? connMaxAge.at : database.at,
        subject: alias,
        message: {
          says: connMaxAgeWritten ? 'written' : 'missing',
          with: {
            engine: nameOfEngine(engine),
            alias,
            wanted: checks.available ? `600 with CONN_HEALTH_CHECKS${checks.note}` : '600',
            terms: describeOpen(connections, usable),
          },
        },
        trail: [
          ...explain(connMaxAgeWritten ? 'CONN_MAX_AGE 0' : "Django's default for CONN_MAX_AGE: 0", connMaxAge),
          ...explain(`the engine is ${nameOfEngine(engine)}`, database.engine),
          { at: process.at, says: `${service.name} runs ${process.server} with ${settings.module}` },
          // The number of connections that stay open is for the reader: the finding does not rest on it.
          { at: process.workers.at, says: `worker processes: ${numberOf(process.workers)}` },
          { at: process.concurrency.at, says: `requests at once in a worker: ${numberOf(process.concurrency)}` },
        ],
        fixes: () => [
          ...(checks.available
            ? [
                {
                  title: { says: 'reuse' as const, with: { note: checks.note } },
                  safety: 'review' as const,
                  edits: setDatabaseSettings(database, { maxAge: '600', healthChecks: 'True' }),
                },
              ]
            : []),
          { title: { says: 'reuseOnly' }, safety: 'review', edits: setDatabaseSettings(database, { maxAge: '600' }) },
        ],
      };
    }
  },
});

/** Every thread of every web server that runs with these settings keeps its own connection. */
function openAtMost(project: Project, database: DjangoDatabase): Value<number> {
  const users = project.services.flatMap((service) =>
    service.processes
      .filter((process) => service.active && runsWsgi(process))
      .filter((process) => process.django?.databases.some(({ at }) => samePlace(at, database.at)))
      .map((process) => product([service.replicas, process.workers, process.concurrency], database.at)),
  );
  return sum(users, database.at);
}

/** What stays open with reuse: no more than the peak without it. */
function describeOpen(connections: Value<number>, usable: number | undefined): string {
  if (!connections.known) return 'one connection for each thread stays open';
  const of = usable === undefined ? '' : ` of ${usable}`;
  return connections.value === 1 ? `1${of} connections stays open` : `${connections.value}${of} connections stay open`;
}
