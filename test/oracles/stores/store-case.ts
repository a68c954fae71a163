import type { OracleCase } from '../agreement.ts';

/** A server, its configuration files by their paths in the container, and the words behind its program's name. */
export interface StoreCase extends OracleCase {
  readonly engine: 'postgresql' | 'mariadb' | 'redis' | 'pgbouncer';
  readonly words: readonly string[];
}

/** Where the main file of each server stands. */
export const mainFiles = {
  postgresql: '/etc/postgresql/postgresql.conf',
  mariadb: '/etc/mysql/my.cnf',
  redis: '/etc/redis/redis.conf',
  pgbouncer: '/etc/pgbouncer/pgbouncer.ini',
} as const;

/** A case whose main file is named by the command; `words` come behind it. */
export function storeCase(
  engine: StoreCase['engine'],
  name: string,
  given: {
    readonly main: string;
    readonly files?: Readonly<Record<string, string>>;
    readonly words?: readonly string[];
  },
): StoreCase {
  const path = mainFiles[engine];
  const loads = {
    postgresql: ['-c', `config_file=${path}`],
    mariadb: [`--defaults-file=${path}`],
    redis: [path],
    pgbouncer: [path],
  };
  return {
    name: `${engine}: ${name}`,
    engine,
    files: { [path]: given.main, ...given.files },
    words: [...loads[engine], ...(given.words ?? [])],
  };
}
