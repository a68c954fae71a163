import { type Edits, joinEdits } from '../model/fix.ts';
import type { Service, Store } from '../model/stack.ts';
import { explain } from '../plan/explain.ts';
import { perFile } from '../plan/per-file.ts';
import { setStoreOptions } from '../plan/store-options.ts';
import { runningService } from '../plan/store-service.ts';
import { listNames } from '../text/wording.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'slow-query-log-off',
  on: 'project',
  severity: 'hint',
  production: true,
  summary: 'A database server logs no slow queries, so nobody sees which query holds the connections.',
  why: `When a stack runs out of connections, the cause is usually a query that takes long, not a pool that is small: a query of 2 s holds a connection a hundred times as long as one of 20 ms. The slow query log names it.

MySQL, MariaDB and PostgreSQL ship with it switched off (\`slow_query_log\` OFF, \`log_min_duration_statement\` -1). With a threshold of a second or two it costs next to nothing.

It is one finding for each file and lists the servers.`,
  references: [
    'MySQL 8.0 manual: the slow query log; MariaDB server system variables: slow_query_log',
    'PostgreSQL documentation: error reporting and logging, log_min_duration_statement (-1)',
  ],
  messages: {
    off: 'No slow query log: {names}. When connections run out, nothing shows which query holds them; log what takes {seconds} s or more.',
    switchOn: 'Log queries of {seconds} s or more: {names}',
  },
  options: { seconds: { default: 2, description: 'Seconds from which the fixes log a query.' } },
  *check({ project }, { options: { seconds } }) {
    const silent = project.stores.flatMap((store) => {
      const service = runningService(project, store);
      return service && store.slowQueryLog?.known && !store.slowQueryLog.value
        ? [{ store, service, log: store.slowQueryLog }]
        : [];
    });
    for (const [first, ...others] of perFile(silent, ({ store }) => store.at)) {
      const group = [first, ...others];
      const names = listNames(group.map(({ store }) => store.name));
      yield {
        at: first.store.at,
        subject: group.map(({ store }) => store.name).join(' '),
        message: { says: 'off', with: { names, seconds } },
        trail: [
          ...explain(`${first.store.name}: no slow query log`, first.log),
          ...others.map(({ store }) => ({ at: store.at, says: `${store.name}: no slow query log` })),
        ],
        fixes: () => [
          {
            title: { says: 'switchOn', with: { names, seconds } },
            safety: 'review',
            edits: joinEdits(group.map(({ store, service }) => switchOn({ store, service, seconds }))),
          },
        ],
      };
    }
  },
});

function switchOn({ store, service, seconds }: { store: Store; service: Service; seconds: number }): Edits {
  if (store.engine === 'postgresql') {
    const value = `log_min_duration_statement=${seconds * 1000}`;
    return setStoreOptions({ store, service }, [{ flag: '-c', value }]);
  }
  return setStoreOptions({ store, service }, [
    { flag: '--slow_query_log', value: '1', style: 'equals' },
    { flag: '--slow_query_log_file', value: '/var/lib/mysql/slow.log', style: 'equals' },
    { flag: '--long_query_time', value: String(seconds), style: 'equals' },
  ]);
}
