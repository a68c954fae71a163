import { knownValue } from '../model/value.ts';
import { serverDatabases, setDatabaseSettings } from '../plan/django-use.ts';
import { explain } from '../plan/explain.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'django-pool-with-conn-max-age',
  on: 'process',
  severity: 'error',
  summary: "Django's connection pool is combined with CONN_MAX_AGE, which Django refuses.",
  why: `With \`OPTIONS.pool\` Django gives every connection back to the pool at the end of a request, so \`CONN_MAX_AGE\` must be 0. Any other value, \`None\` included, raises \`ImproperlyConfigured: Pooling doesn't support persistent connections.\` It is raised at the first query and not when the settings are loaded: \`manage.py check\` passes, the container starts, and the first request fails.`,
  references: ['Django 5.1 and 5.2, db/backends/postgresql/base.py: get_new_connection, pool'],
  messages: {
    refused:
      'The first query on "{alias}" will fail: Django refuses OPTIONS.pool with CONN_MAX_AGE {age}. Set CONN_MAX_AGE to 0; the pool keeps the connections.',
    close: 'Set CONN_MAX_AGE to 0',
  },
  *check({ process }, { project }) {
    for (const { database } of serverDatabases(process, project)) {
      const { connMaxAge, pool, poolAt, alias } = database;
      const age = knownValue(connMaxAge);
      if (age === undefined || age === 0 || knownValue(pool) !== true) continue;
      yield {
        at: connMaxAge.at,
        subject: alias,
        message: { says: 'refused', with: { alias, age: age === null ? 'None' : age } },
        trail: [
          ...explain(`CONN_MAX_AGE ${age === null ? 'None' : age}`, connMaxAge),
          ...explain('OPTIONS.pool is on', poolAt ? { ...pool, at: poolAt } : pool),
        ],
        fixes: () => [
          { title: { says: 'close' }, safety: 'review', edits: setDatabaseSettings(database, { maxAge: '0' }) },
        ],
      };
    }
  },
});
