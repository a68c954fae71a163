import type { Edits } from '../model/fix.ts';
import type { CommandOption } from '../model/fixes/set-command-option.ts';
import { setServerOptions } from '../model/fixes/set-service-command.ts';
import type { Service, Store } from '../model/stack.ts';

/** Writes options into the command of a database or Redis server, or gives its service a command. */
export function setStoreOptions(of: { store: Store; service: Service }, options: readonly CommandOption[]): Edits {
  const { store, service } = of;
  const first = store.command?.words[0]?.text ?? '';
  if (first !== '' && !serverWord.test(first))
    return { refused: 'a script or shell starts the server: write it there' };
  return setServerOptions({ command: store.command, service, program: programs[store.engine] ?? [] }, options);
}

const serverWord = /^-|(^|\/)(docker-entrypoint\.sh|redis-server|valkey-server|keydb-server|mysqld|mariadbd|postgres)$/;

/** Images whose entrypoint takes a command of mere options need no program: mysql, mariadb, postgres. */
const programs: Partial<Record<Store['engine'], readonly string[]>> = {
  redis: ['redis-server'],
  valkey: ['valkey-server'],
  keydb: ['keydb-server'],
  postgresql: ['postgres'],
};
