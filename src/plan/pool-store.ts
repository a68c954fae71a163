import type { Pool } from '../model/pool.ts';
import type { Project, Store, StoreEngine } from '../model/stack.ts';
import { isDatabaseServer } from '../model/store/database-engines.ts';
import { knownValue } from '../model/value.ts';

/** The server a pool connects to; undefined when its host is not known. */
export function storeOfPool(project: Project, pool: Pool): Store | undefined {
  const name = knownValue(pool.store);
  return name === undefined ? undefined : project.stores.find((store) => store.name === name);
}

/** True for a pool that is known to connect to a database server (not to a file). */
export function isServerDatabase(pool: Pool): boolean {
  return isDatabaseServer(knownValue(pool.engine));
}

/** "PostgreSQL", as the program writes itself. */
export function nameOfEngine(engine: StoreEngine): string {
  return engineNames[engine] ?? engine;
}

const engineNames: Partial<Record<StoreEngine, string>> = {
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  pgbouncer: 'PgBouncer',
};
