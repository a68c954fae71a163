import type { Edits } from '../model/fix.ts';
import { replaceNumber } from '../model/fixes/replace-text.ts';
import type { Project, Store } from '../model/stack.ts';
import { isDefault } from '../model/value.ts';

/** Writes `max_connections` of a database server: where it stands, else into the command of its service. */
export function setMaxConnections(_project: Project, store: Store, connections: number): Edits {
  if (!isDefault(store.maxConnections)) return replaceNumber(store.maxConnections, connections);
  return { refused: `${store.name} has no command to write max_connections into` };
}
