import { alternatives } from '../model/value.ts';
import { nearlyFull, roomFor } from '../plan/connection-budget.ts';
import { termHops } from '../plan/connection-demand.ts';
import { explain } from '../plan/explain.ts';
import { setMaxConnections } from '../plan/max-connections.ts';
import { describeUse, serverUse } from '../plan/server-use.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'connections-near-database-limit',
  on: 'store',
  severity: 'warning',
  severities: { ceiling: 'information' },
  summary: 'All processes together can take more than 80 % of the connections of the database server.',
  why: `The same sum as in \`connections-exceed-database\`: services x replicas x processes x min(pool, requests at once). Above 80 % of the usable connections the stack works on a good day, but nothing is left for the moments that need more: a rolling restart runs old and new containers side by side, and migrations, backups, monitoring and an administrator with a shell want connections as well.

For event loops the figure is what the pools could grow to, which needs an unusual peak; the finding is then information.`,
  references: [
    'PostgreSQL, postgresql.conf.sample: max_connections 100, superuser_reserved_connections 3',
    'MySQL 8.0 manual, "Too many connections": 151',
    'MySQLTuner, mysqltuner.pl: warns above 85 % of max_connections',
  ],
  messages: {
    reachable:
      '{store} can get nearly full: the processes can use {connections} of {usable} connections, {share} % ({terms}). A rolling restart or a migration may find none left; lower the pools or raise max_connections.',
    ceiling:
      '{store} can get nearly full: the pools can grow to {connections} of {usable} connections, {share} % ({terms}). A rolling restart or a migration may find none left; lower the pools or raise max_connections.',
    raise: 'Raise max_connections of {store} to {limit} (needs memory for each connection)',
  },
  *check({ store }, { project }) {
    // Rolling restarts, backups and migrations beside the load are matters of production.
    if (project.stage.name === 'development') return;
    for (const usable of alternatives(store.usableConnections)) {
      const use = serverUse(project, store, usable.value * nearlyFull);
      if (!use || serverUse(project, store, usable.value)) continue;
      const limit = roomFor(use.connections, store);
      const share = Math.round((use.connections / usable.value) * 100);
      yield {
        at: usable.at,
        subject: store.name,
        message: {
          says: use.kind,
          with: {
            store: store.name,
            usable: usable.value,
            connections: use.connections,
            share,
            terms: describeUse(use),
          },
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
