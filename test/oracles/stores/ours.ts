import { readWorkspace } from '../../../src/model/read-workspace.ts';
import { createSession } from '../../../src/model/session.ts';
import type { Store } from '../../../src/model/stack.ts';
import type { Value } from '../../../src/model/value.ts';
import { workspaceOf } from '../../model/stack-fixture.ts';
import type { Ours, OurValue, PlainValue } from '../agreement.ts';
import type { StoreCase } from './store-case.ts';

const images = {
  postgresql: 'postgres:15',
  mariadb: 'mariadb:10.11',
  redis: 'redis:7.0',
  pgbouncer: 'edoburu/pgbouncer:1.18.0',
} as const;

const programs = {
  postgresql: 'postgres',
  mariadb: 'mariadbd',
  redis: 'redis-server',
  pgbouncer: 'pgbouncer',
} as const;

/** What Headroom reads from a compose file that mounts the case's files and starts the server with its words. */
export function ours({ engine, files, words }: StoreCase): Ours {
  const mounts = Object.keys(files).map((path) => `      - ./files${path}:${path}:ro\n`);
  const compose = [
    `services:\n  store:\n    image: ${images[engine]}\n`,
    `    command: ${JSON.stringify([programs[engine], ...words])}\n`,
    ...(mounts.length > 0 ? ['    volumes:\n', ...mounts] : []),
  ].join('');
  const texts = Object.entries(files).map(([path, text]) => [`files${path}`, text] as const);
  const workspace = workspaceOf({ 'compose.yaml': compose, ...Object.fromEntries(texts) });
  const store = readWorkspace(workspace, createSession()).stack.projects[0]?.stores[0];
  if (!store) throw new Error('the case makes no store');
  return { refused: undefined, values: valuesOf(store) };
}

function valuesOf(store: Store): Ours['values'] {
  const { redis, pooler, memory } = store;
  if (redis)
    return {
      maxmemory: toOurs(redis.maxMemoryBytes, (value) => value ?? 0),
      policy: toOurs(redis.maxMemoryPolicy),
      persists: toOurs(redis.persists),
    };
  if (pooler)
    return {
      max_client_conn: toOurs(pooler.maxClientConnections),
      default_pool_size: toOurs(pooler.defaultPoolSize),
      reserve_pool_size: toOurs(pooler.reservePoolSize),
      max_db_connections: toOurs(pooler.maxDatabaseConnections),
      pool_mode: toOurs(pooler.poolMode),
      databases: {
        known: true,
        value: Object.fromEntries(
          // SHOW DATABASES leaves the line for all others out.
          pooler.databases
            .filter(({ name }) => name !== '*')
            .map(({ name, host, poolSize }) => [name, `${host ?? ''} ${poolSize?.known ? poolSize.value : 'default'}`]),
        ),
      },
    };
  return {
    connections: toOurs(store.maxConnections),
    usable: toOurs(store.usableConnections),
    ...(store.slowQueryLog && { slow: toOurs(store.slowQueryLog) }),
    ...(memory && { cache: toOurs(memory.cacheBytes), each: toOurs(memory.perConnectionBytes) }),
  };
}

function toOurs<T extends PlainValue>(value: Value<T>, show: (value: T) => PlainValue = (plain) => plain): OurValue {
  return value.known ? { known: true, value: show(value.value) } : { known: false, why: value.why };
}
