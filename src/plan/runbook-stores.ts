import type { Project, Service, Store } from '../model/stack.ts';
import { quoteWord } from './compose-command.ts';
import { redisUse } from './redis-use.ts';
import { has, inside, nameOf, optionOf, type Place, textOf } from './runbook-place.ts';
import { runningService } from './store-service.ts';

/** A part of a runbook: what to look at, the commands for it, and how to read what they print. */
export interface RunbookSection {
  readonly title: string;
  readonly commands: readonly string[];
  readonly notes: readonly string[];
}

/** How to watch a database, cache, broker or pooler; `notes` go with its connections. */
export function storeSections(
  store: Store,
  from: { readonly project: Project; readonly notes: readonly string[] },
): readonly RunbookSection[] {
  const { project, notes } = from;
  const place: Place = { store, project, service: runningService(project, store) };
  switch (store.engine) {
    case 'postgresql':
      return postgresSections(place, notes);
    case 'mysql':
    case 'mariadb':
      return mysqlSections(place, notes);
    case 'redis':
    case 'valkey':
    case 'keydb':
      return [redisSection(place)];
    case 'rabbitmq':
      return [rabbitSection(place)];
    case 'pgbouncer':
      return [poolerSection(place, notes)];
    default:
      return [];
  }
}

function postgresSections(place: Place, notes: readonly string[]): readonly RunbookSection[] {
  const { store } = place;
  const client = postgresClient(place);
  const sql = (statement: string) => inside(place, `${client.command} -c "${statement}"`);
  return [
    {
      title: `Connections of ${store.name}`,
      commands: [
        sql(
          "SELECT datname, usename, application_name, state, count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC",
        ),
        sql('SHOW max_connections'),
      ],
      notes: [...client.notes, ...notes],
    },
    {
      title: `Slow queries of ${store.name}`,
      commands: [
        sql(
          "SELECT pid, now() - query_start AS runs, state, left(query, 80) AS query FROM pg_stat_activity WHERE state <> 'idle' AND now() - query_start > interval '1 second' ORDER BY runs DESC",
        ),
        sql('SHOW log_min_duration_statement'),
      ],
      notes: [
        '`idle in transaction` for more than a few seconds holds a connection and its locks for nothing.',
        '`log_min_duration_statement` of `-1`: the server writes no slow query into its log.',
      ],
    },
  ];
}

interface Client {
  readonly command: string;
  readonly notes: readonly string[];
}

/** psql as this project's user in its database: by name where the files say it, else as the container knows it. */
function postgresClient({ store, service }: Place): Client {
  if (!service) {
    return {
      command: `psql -h ${quoteWord(store.name)}`,
      notes: ['It runs outside the project: set `PGUSER`, `PGPASSWORD` and `PGDATABASE` first.'],
    };
  }
  const user = nameOf(service, { variables: ['POSTGRES_USER', 'POSTGRESQL_USERNAME'], standard: 'postgres' });
  const database = nameOf(service, { variables: ['POSTGRES_DB', 'POSTGRESQL_DATABASE'], standard: user.bare });
  // Bitnami's server asks for a password on the local socket, too.
  const password = has(service, 'POSTGRESQL_PASSWORD') ? 'PGPASSWORD="$POSTGRESQL_PASSWORD" ' : '';
  const port = optionOf(store, /^(?:-p|--port)$/);
  const where = port === undefined ? '' : ` -p ${port}`;
  return { command: `${password}psql${where} -U ${user.word} -d ${database.word}`, notes: [] };
}

function mysqlSections(place: Place, notes: readonly string[]): readonly RunbookSection[] {
  const { store, service } = place;
  const client = mysqlClient(place);
  const sql = (statement: string) => inside(place, `${client.command} -e "${statement}"`);
  const database = service && nameOf(service, { variables: mysqlVariables('DATABASE'), standard: '' }).plain;
  const where = database && /^[\w-]+$/.test(database) ? ` WHERE db = '${database}'` : '';
  return [
    {
      title: `Connections of ${store.name}`,
      commands: [
        sql(
          `SELECT user, db, command, state, count(*) AS connections, max(time) AS seconds FROM information_schema.processlist${where} GROUP BY user, db, command, state ORDER BY connections DESC`,
        ),
        sql('SHOW FULL PROCESSLIST'),
        sql("SHOW GLOBAL STATUS LIKE 'Threads_%'"),
        sql("SHOW GLOBAL STATUS LIKE 'Max_used_connections'; SHOW VARIABLES LIKE 'max_connections'"),
      ],
      notes: [...client.notes, ...notes],
    },
    {
      title: `Slow queries of ${store.name}`,
      commands: [
        sql(
          "SHOW GLOBAL STATUS LIKE 'Slow_queries'; SHOW VARIABLES LIKE 'slow_query_log%'; SHOW VARIABLES LIKE 'long_query_time'",
        ),
      ],
      notes: ['The slow query log names the queries; without it only their number is known.'],
    },
  ];
}

/** The client as root where the container knows root's password, else as the application's user. */
function mysqlClient({ store, service }: Place): Client {
  const program = store.engine === 'mariadb' ? 'mariadb' : 'mysql';
  if (!service) {
    return {
      command: `${program} -h ${quoteWord(store.name)} -u "$DB_USER" -p`,
      notes: ['It runs outside the project: set `DB_USER` first; the client asks for the password.'],
    };
  }
  const find = (name: string) => mysqlVariables(name).find((variable) => has(service, variable));
  const root = find('ROOT_PASSWORD');
  if (root) return { command: `MYSQL_PWD="$${root}" ${program} -uroot`, notes: [] };
  const file = find('ROOT_PASSWORD_FILE');
  if (file) return { command: `MYSQL_PWD="$(cat "$${file}")" ${program} -uroot`, notes: [] };
  if (find('ALLOW_EMPTY_PASSWORD') ?? find('ALLOW_EMPTY_ROOT_PASSWORD')) {
    return { command: `${program} -uroot`, notes: [] };
  }
  const password = find('PASSWORD');
  if (password && find('USER')) {
    const user = nameOf(service, { variables: mysqlVariables('USER'), standard: 'root' });
    return {
      command: `MYSQL_PWD="$${password}" ${program} -u ${user.word}`,
      notes: ['Without the `PROCESS` privilege this user sees its own connections only.'],
    };
  }
  const [own = ''] = mysqlVariables('ROOT_PASSWORD').slice(store.engine === 'mariadb' ? 1 : 0);
  return { command: `MYSQL_PWD="$${own}" ${program} -uroot`, notes: [] };
}

function mysqlVariables(name: string): readonly string[] {
  return [`MYSQL_${name}`, `MARIADB_${name}`];
}

function redisSection(place: Place): RunbookSection {
  const { store, service, project } = place;
  const program = store.engine === 'valkey' ? 'valkey-cli' : store.engine === 'keydb' ? 'keydb-cli' : 'redis-cli';
  const host = service ? '' : ` -h ${quoteWord(store.name)}`;
  const port = optionOf(store, /^--port$/);
  const client = `${program}${host}${port === undefined ? '' : ` -p ${port}`}`;
  const asksPassword = store.command?.words.some(({ text }) => /(^|\s)--requirepass\b/.test(text)) ?? false;
  const inEnvironment = service && ['REDIS_PASSWORD', 'VALKEY_PASSWORD'].find((name) => has(service, name));
  const isGiven = asksPassword && !inEnvironment;
  const run = (words: string) => {
    const line = `${client} ${words}`;
    if (inEnvironment) return inside(place, `REDISCLI_AUTH="$${inEnvironment}" ${line}`);
    return inside(isGiven ? { ...place, options: ['-e', 'REDISCLI_AUTH="$REDISCLI_AUTH"'] } : place, line);
  };
  const queues = queuesOf(project, store);
  return {
    title: queues.length > 0 ? `Queues and memory of ${store.name}` : `Memory of ${store.name}`,
    commands: [
      ...queues.map(({ key, database }) => run(`${database > 0 ? `-n ${database} ` : ''}LLEN ${quoteWord(key)}`)),
      run('INFO memory | grep -E "used_memory_human|maxmemory_human|maxmemory_policy|mem_fragmentation_ratio"'),
      run('INFO clients | grep -E "connected_clients|blocked_clients|maxclients"'),
      run('INFO stats | grep -E "evicted_keys|rejected_connections"'),
    ],
    notes: [
      ...(service ? [] : ['It runs outside the project: set `REDISCLI_AUTH` first if it asks for a password.']),
      ...(isGiven ? ['It asks for a password: put it into the variable `REDISCLI_AUTH` of your shell first.'] : []),
      ...(queues.length > 0
        ? ['A queue that grows while users are few: the workers are too slow. `evicted_keys` above 0: jobs are lost.']
        : ['`evicted_keys` above 0: `maxmemory` is reached, and keys go before they expire.']),
    ],
  };
}

/** The lists behind the queues that the code uses; Celery's and RQ's are those of their default queues. */
function queuesOf(project: Project, store: Store): readonly { readonly key: string; readonly database: number }[] {
  const found = redisUse(project, store).uses.flatMap(({ use }) => {
    const key = queueKey(use);
    const database = use.address?.known ? use.address.value.database : 0;
    return key === undefined ? [] : [{ key, database }];
  });
  return found.filter(
    ({ key, database }, index) =>
      found.findIndex((other) => other.key === key && other.database === database) === index,
  );
}

function queueKey(use: { readonly purpose: string; readonly says: string }): string | undefined {
  if (use.purpose === 'broker' && /celery/i.test(use.says)) return 'celery';
  if (use.purpose !== 'queue') return undefined;
  if (/^(django-)?rq$/i.test(use.says)) return 'rq:queue:default';
  return /list (\S+)$/.exec(use.says)?.[1];
}

function rabbitSection(place: Place): RunbookSection {
  return {
    title: `Queues of ${place.store.name}`,
    commands: place.service
      ? [
          inside(place, 'rabbitmqctl list_queues name messages_ready messages_unacknowledged consumers'),
          inside(place, 'rabbitmqctl list_connections user peer_host state'),
        ]
      : [],
    notes: [
      ...(place.service ? [] : ['It runs outside the project: look at its queues where it runs.']),
      '`messages_ready` that grows while users are few: the workers are too slow.',
    ],
  };
}

/** Asked from the database's container, which has psql and the password. */
function poolerSection({ store, service, project }: Place, notes: readonly string[]): RunbookSection {
  const database = project.stores.find(({ engine, service: name }) => engine === 'postgresql' && name !== undefined);
  const from = database && runningService(project, database);
  const host = service?.name ?? store.name;
  const port = service ? poolerPort(service) : 6432;
  const place = database && from ? { store: database, project, service: from } : { store, project, service };
  const user = from
    ? nameOf(from, { variables: ['POSTGRES_USER', 'POSTGRESQL_USERNAME'], standard: 'postgres' }).word
    : 'pgbouncer';
  const password = from && ['POSTGRES_PASSWORD', 'POSTGRESQL_PASSWORD'].find((name) => has(from, name));
  const line = `psql -h ${quoteWord(host)} -p ${port} -U ${user} -d pgbouncer -c "SHOW POOLS"`;
  return {
    title: `Pools of ${store.name}`,
    commands: [inside(place, password ? `PGPASSWORD="$${password}" ${line}` : line)],
    notes: [
      '`cl_waiting` above 0 for long: clients wait for a server connection.',
      'PgBouncer answers to users in its `admin_users` or `stats_users` only.',
      ...notes,
    ],
  };
}

function poolerPort(service: Service): number {
  const written = ['LISTEN_PORT', 'PGBOUNCER_PORT', 'PGBOUNCER_LISTEN_PORT']
    .map((name) => Number(textOf(service, name)))
    .find((port) => port > 0);
  return written ?? service.publishedPorts[0]?.container ?? (/edoburu/.test(service.baseImage ?? '') ? 5432 : 6432);
}
