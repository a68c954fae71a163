import { alternatives } from '../model/value.ts';
import { roomFor } from '../plan/connection-budget.ts';
import { termHops } from '../plan/connection-demand.ts';
import { explain } from '../plan/explain.ts';
import { setMaxConnections } from '../plan/max-connections.ts';
import { describeUse, serverUse } from '../plan/server-use.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'connections-exceed-database',
  on: 'store',
  severity: 'error',
  severities: { ceiling: 'warning' },
  summary: 'All processes together can want more connections than the database server takes.',
  why: `Every process has its own pools, so the demand on a server multiplies: services x replicas x processes x connections. A process uses at most min(\`pool_size + max_overflow\`, requests at once) of its pool, or what the library opens at construction if that is more (mysql.connector opens all, psycopg_pool and asyncpg their minimum). The sum over all services, replicas and databases aliases has to stay below \`max_connections\` less the connections that PostgreSQL reserves for superusers (100 - 3 = 97 by default; MySQL 151).

Beyond it, requests fail with \`too many clients already\` or \`Too many connections\`, and because idle pooled connections are kept, also in services that have little to do.

Where requests at once are known (threads, sync workers), the finding is an error. For event loops the pool is the only bound; the finding is then a warning about what the pools could fill up to.`,
  references: [
    'PostgreSQL, postgresql.conf.sample: max_connections 100, superuser_reserved_connections 3',
    'MySQL 8.0 manual, "Too many connections": 151',
    'SQLAlchemy 2.0, lib/sqlalchemy/pool/impl.py: a pool per engine and process',
  ],
  messages: {
    reachable:
      '{store} takes {usable} connections, but the processes can use {connections} at once ({terms}). Under load requests fail with "too many connections"; lower the pools or raise max_connections.',
    ceiling:
      '{store} takes {usable} connections, but the pools can grow to {connections} ({terms}). Nothing but the pools bounds them under load; lower the pools or raise max_connections.',
    raise: 'Raise max_connections of {store} to {limit} (needs memory for each connection)',
  },
  *check({ store }, { project }) {
    for (const usable of alternatives(store.usableConnections)) {
      const use = serverUse(project, store, usable.value);
      if (!use) continue;
      const limit = roomFor(use.connections, store);
      yield {
        at: usable.at,
        subject: store.name,
        message: {
          says: use.kind,
          with: { store: store.name, usable: usable.value, connections: use.connections, terms: describeUse(use) },
        },
        trail: [...use.demand.terms.flatMap(termHops), ...explain(`${usable.value} connections usable`, usable)],
        fixes: () => [
          {
            title: { says: 'raise', with: { store: store.name, limit } },
            safety: 'review',
            edits: setMaxConnections(project, store, limit),
          },
        ],
        ...(use.kind === 'ceiling' && { case: 'ceiling' as const }),
      };
    }
  },
});
