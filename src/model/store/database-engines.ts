import type { StoreEngine } from '../stack.ts';

/** True for a database server that counts connections: not for a file (SQLite), a pooler or a cache. */
export function isDatabaseServer(engine: StoreEngine | undefined): boolean {
  return engine !== undefined && databaseServers.has(engine);
}

const databaseServers: ReadonlySet<StoreEngine> = new Set(['postgresql', 'mysql', 'mariadb'] as const);
