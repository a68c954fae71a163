import type { CapacityPlan } from '../capacity/capacity-plan.ts';
import type { Project, Service, Store } from '../model/stack.ts';
import type { CapacityTarget } from './capacity-target.ts';
import { composeCommand, quoteWord } from './compose-command.ts';
import { redisUse } from './redis-use.ts';
import { runningService } from './store-service.ts';

/** The commands with which this project's connections, queues, memory and slow queries are watched, as Markdown. */
export function writeRunbook(target: CapacityTarget | undefined, plan: CapacityPlan): string {
  if (!target)
    return '# Runbook\n\nNo project was read: give its path, and the commands for its services are written here.\n';
  const { project } = target;
  const sections = [
    ...project.stores.flatMap((store) => storeSections(store, project, plan)),
    section('Memory and CPU of each container', [memoryCommand(project)], memoryNotes(plan)),
    section(
      `Requests of ${target.service.name}`,
      [logsCommand(project, target.service)],
      [
        '`WORKER TIMEOUT` is a request that took longer than the worker time-out; `QueuePool limit` is a request that found no connection.',
      ],
    ),
  ];
  return `# Runbook of ${project.name}\n\nRun them under load, from the folder of \`${project.files[0]?.path ?? ''}\`.\n\n${sections.join('\n')}`;
}

function storeSections(store: Store, project: Project, plan: CapacityPlan): readonly string[] {
  const run = inside(store, project);
  switch (store.engine) {
    case 'postgresql':
      return [
        section(
          `Connections of ${store.name}`,
          [
            run(
              `psql -U "$POSTGRES_USER" -d "\${POSTGRES_DB:-$POSTGRES_USER}" -c "SELECT application_name, state, count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY 1, 2 ORDER BY 3 DESC"`,
            ),
            run(`psql -U "$POSTGRES_USER" -d "\${POSTGRES_DB:-$POSTGRES_USER}" -c "SHOW max_connections"`),
          ],
          alertNotes(store, plan),
        ),
        section(
          `Slow queries of ${store.name}`,
          [
            run(
              `psql -U "$POSTGRES_USER" -d "\${POSTGRES_DB:-$POSTGRES_USER}" -c "SELECT pid, now() - query_start AS runs, state, left(query, 80) AS query FROM pg_stat_activity WHERE state <> 'idle' AND now() - query_start > interval '1 second' ORDER BY runs DESC"`,
            ),
          ],
          ['`idle in transaction` for more than a few seconds holds a connection and its locks for nothing.'],
        ),
      ];
    case 'mysql':
    case 'mariadb': {
      const client = store.engine === 'mariadb' ? 'mariadb' : 'mysql';
      const password =
        store.engine === 'mariadb' ? '${MARIADB_ROOT_PASSWORD:-$MYSQL_ROOT_PASSWORD}' : '$MYSQL_ROOT_PASSWORD';
      const sql = (statement: string) => run(`MYSQL_PWD="${password}" ${client} -uroot -e "${statement}"`);
      return [
        section(
          `Connections of ${store.name}`,
          [
            sql('SHOW FULL PROCESSLIST'),
            sql("SHOW GLOBAL STATUS LIKE 'Threads_%'"),
            sql("SHOW GLOBAL STATUS LIKE 'Max_used_connections'; SHOW VARIABLES LIKE 'max_connections'"),
          ],
          alertNotes(store, plan),
        ),
        section(
          `Slow queries of ${store.name}`,
          [
            sql(
              "SHOW GLOBAL STATUS LIKE 'Slow_queries'; SHOW VARIABLES LIKE 'slow_query_log%'; SHOW VARIABLES LIKE 'long_query_time'",
            ),
          ],
          ['The slow query log names the queries; without it only their number is known.'],
        ),
      ];
    }
    case 'redis':
    case 'valkey':
    case 'keydb':
      return [redisSection(store, project)];
    case 'pgbouncer':
      return [
        section(
          `Pools of ${store.name}`,
          [run('psql -p 6432 -U pgbouncer pgbouncer -c "SHOW POOLS"')],
          ['`cl_waiting` above 0 for long: clients wait for a server connection.'],
        ),
      ];
    default:
      return [];
  }
}

function redisSection(store: Store, project: Project): string {
  const client = store.engine === 'valkey' ? 'valkey-cli' : store.engine === 'keydb' ? 'keydb-cli' : 'redis-cli';
  const run = inside(store, project);
  const queues = [...new Set(redisUse(project, store).uses.flatMap(({ use }) => queueKey(use) ?? []))];
  return section(
    `Queues and memory of ${store.name}`,
    [
      ...queues.map((key) => run(`${client} LLEN ${key}`)),
      run(
        `${client} INFO memory | grep -E "used_memory_human|maxmemory_human|maxmemory_policy|mem_fragmentation_ratio"`,
      ),
      run(`${client} INFO clients | grep -E "connected_clients|blocked_clients|maxclients"`),
      run(`${client} INFO stats | grep -E "evicted_keys|rejected_connections"`),
    ],
    [
      'A queue that grows while users are few: the workers are too slow. `evicted_keys` above 0 on a queue: jobs are lost.',
    ],
  );
}

/** The key of the list behind a queue; Celery's default queue is `celery`. */
function queueKey(use: { readonly purpose: string; readonly says: string }): string | undefined {
  if (use.purpose === 'broker' && /celery/i.test(use.says)) return 'celery';
  const name = use.purpose === 'queue' ? /list ([\w:.-]+)$/.exec(use.says)?.[1] : undefined;
  return name;
}

function alertNotes(store: Store, { connections }: CapacityPlan): readonly string[] {
  const server = connections.find((entry) => entry.store === store.name);
  if (!server) return [];
  const planned = server.parts.reduce((sum, part) => sum + part.planned, 0);
  const limit = server.plannedUsable ?? server.usable;
  const alert = limit === undefined ? '' : ` Alert from ${Math.floor(limit * 0.8)} of ${limit} (80 %).`;
  return [`With the plan up to ${planned} connections are in use at once.${alert}`];
}

function memoryNotes({ rows }: CapacityPlan): readonly string[] {
  const limits = rows.filter((row) => row.setting === 'memory limit');
  return limits.length === 0
    ? []
    : [
        `Planned limits: ${limits.map((row) => `${row.subject} ${row.planned}`).join(', ')}. Above 80 % of one, find out what grows.`,
      ];
}

function memoryCommand(project: Project): string {
  if (project.kind !== 'compose') return 'ps -eo rss,pcpu,args --sort=-rss | head -20';
  return `docker stats --no-stream $(${composeCommand(project)} ps -q)`;
}

function logsCommand(project: Project, service: Service): string {
  if (!service.compose) return 'journalctl --since -15min | grep -E "WORKER TIMEOUT|QueuePool limit|Traceback"';
  return `${composeCommand(project)} logs --since 15m ${quoteWord(service.name)} | grep -E "WORKER TIMEOUT|QueuePool limit|Traceback"`;
}

/** Runs a line in the container of a store, whose environment holds its password; else on the host itself. */
function inside(store: Store, project: Project): (line: string) => string {
  const service = runningService(project, store);
  if (!service?.compose) return (line) => line;
  return (line) =>
    `${composeCommand(project)} exec -T ${quoteWord(service.name)} sh -c '${line.replaceAll("'", `'\\''`)}'`;
}

function section(title: string, commands: readonly string[], notes: readonly string[]): string {
  const text = notes.length > 0 ? `${notes.join('\n')}\n\n` : '';
  return `## ${title}\n\n${text}\`\`\`sh\n${commands.join('\n')}\n\`\`\`\n`;
}
