import { loadConfigurationFile } from '../plan/load-configuration-file.ts';
import { runningService } from '../plan/store-service.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'config-file-not-loaded',
  on: 'store',
  severity: 'warning',
  summary: "A database or Redis server's configuration file is mounted, but the server does not read it.",
  why: `A mounted file does nothing by itself: the server has to read it. The official images differ in what they read without being told.

- **Redis, Valkey**: nothing. \`redis-server\` starts with its defaults unless its command names the file: \`redis-server /usr/local/etc/redis/redis.conf\`.
- **PostgreSQL**: \`postgresql.conf\` in the data directory, which \`initdb\` writes. A file elsewhere counts only with \`-c config_file=/etc/postgresql/postgresql.conf\` (it then replaces the other one, so it also has to say \`listen_addresses = '*'\`).
- **MySQL, MariaDB**: \`/etc/mysql/conf.d\`, and there only files whose name ends in \`.cnf\`.

Memory limits, connections and logging that such a file sets are then not in effect, and nothing says so.`,
  references: [
    'docker-library/docs, redis/content.md: "redis-server /usr/local/etc/redis/redis.conf"',
    'docker-library/docs, postgres/content.md: "postgres -c config_file=/etc/postgresql/postgresql.conf"',
    'docker-library/docs, mysql/content.md: /etc/mysql/conf.d; MySQL manual, using option files: !includedir reads *.cnf',
  ],
  messages: {
    'not-named':
      '{path} is mounted, but {name} is started without it: its settings have no effect. Name it in the command, or remove the mount.',
    'wrong-name':
      '{path} is not read: in its folder {name} takes only files that end in .cnf. Mount it under such a name.',
    'folder-not-read':
      '{path} is not read: the image of {name} takes options from /etc/mysql/conf.d alone. Mount it there.',
    name: 'Start {name} with {path}',
    mount: 'Mount the file where {name} reads it, as {path}',
  },
  *check({ store }, { project }) {
    const service = runningService(project, store);
    if (!service) return;
    for (const file of store.unloadedFiles) {
      yield {
        at: file.at,
        subject: `${store.name} ${file.path}`,
        message: { says: file.why, with: { name: store.name, path: file.path } },
        trail: [
          { at: file.at, says: `mounted as ${file.path}` },
          store.command
            ? { at: store.command.at, says: 'the command does not name it' }
            : { at: store.at, says: "started with the image's own command" },
        ],
        fixes: () => {
          const { kind, path, edits } = loadConfigurationFile({ store, service, file });
          return [{ title: { says: kind, with: { name: store.name, path } }, safety: 'review', edits }];
        },
      };
    }
  },
});
