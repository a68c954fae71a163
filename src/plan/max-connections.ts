import type { Edits } from '../model/fix.ts';
import { replaceNumber } from '../model/fixes/replace-text.ts';
import type { CommandOption } from '../model/fixes/set-command-option.ts';
import { setServerOptions } from '../model/fixes/set-service-command.ts';
import type { Project, Store } from '../model/stack.ts';
import { isDefault } from '../model/value.ts';

/** Writes `max_connections` of a database server: where it stands, else into the command of its service. */
export function setMaxConnections(project: Project, store: Store, connections: number): Edits {
  if (!isDefault(store.maxConnections)) return replaceNumber(store.maxConnections, connections);
  const service = project.services.find((candidate) => candidate.name === store.service);
  if (!service) return { refused: `${store.name} runs outside this project` };
  const server = { command: store.command, service, program: store.engine === 'postgresql' ? ['postgres'] : [] };
  return setServerOptions(server, [maxConnectionsOption(store, connections)]);
}

/** The option of the server's command line that sets `max_connections`. */
export function maxConnectionsOption(store: Store, connections: number): CommandOption {
  return store.engine === 'postgresql'
    ? { flag: '-c', value: `max_connections=${connections}` }
    : { flag: '--max_connections', value: String(connections), style: 'equals' };
}
