import type { Store } from '../stack.ts';
import { unknown } from '../value.ts';
import { readMysql } from './read-mysql.ts';
import { readPgbouncer } from './read-pgbouncer.ts';
import { readPostgresql } from './read-postgresql.ts';
import { readRedis } from './read-redis.ts';
import type { StoreInput } from './store-input.ts';

/** Reads a store's limits: command line over configuration files over documented defaults. */
export function readStore(input: StoreInput): Store {
  const { name, engine, at, command } = input;
  const unread = unknown<number>('not read for this kind of server', at);
  const store: Store = {
    name,
    engine,
    at,
    service: name,
    maxConnections: unread,
    usableConnections: unread,
    slowQueryLog: undefined,
    memory: undefined,
    redis: undefined,
    pooler: undefined,
    command,
    unloadedFiles: [],
  };
  switch (engine) {
    case 'postgresql':
      return { ...store, ...readPostgresql(input) };
    case 'mysql':
    case 'mariadb': {
      const reading = readMysql(input);
      return { ...store, ...reading, usableConnections: reading.maxConnections };
    }
    case 'redis':
    case 'valkey':
    case 'keydb':
      return { ...store, ...readRedis(input) };
    case 'pgbouncer': {
      const pooler = readPgbouncer(input);
      const { maxClientConnections } = pooler;
      return { ...store, pooler, maxConnections: maxClientConnections, usableConnections: maxClientConnections };
    }
    default:
      return store;
  }
}
