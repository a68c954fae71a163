import { renameEnvVariable } from '../model/fixes/env-line.ts';
import { setServiceSetting } from '../model/fixes/set-service-setting.ts';
import { unreadVariables } from '../plan/unread-variable.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'env-capacity-variable-unused',
  on: 'project',
  severity: 'warning',
  summary: 'A capacity variable in an env file does not reach the setting it is meant for.',
  why: `Compose reads \`.env\` only to fill in \`\${NAME}\` in the compose file. A container gets a variable from it when \`environment\` or \`env_file\` hands it on. A start script's \`\${GUNICORN_WORKERS:-4}\` then keeps its 4, whatever \`.env\` says.

The other half of the same trap: Gunicorn itself reads \`WEB_CONCURRENCY\` and \`GUNICORN_CMD_ARGS\`, and no \`GUNICORN_WORKERS\`; that name works only where a script, a configuration file or the official image hands it on.

Reported only where the whole environment of the container is known and the setting keeps its default.`,
  references: [
    'Docker Compose: environment variables, .env file',
    'Gunicorn, docs: settings (workers, WEB_CONCURRENCY)',
  ],
  messages: {
    unreachable:
      '{name} in {file} reaches no container: {service} keeps {setting} = {value}. Hand it on in environment.',
    unknownName: 'Gunicorn does not read {name}: {service} keeps {setting} = {value}. Use {instead}.',
    handOn: 'Hand {name} on to {service} in environment',
    rename: 'Rename it to {to}',
  },
  *check({ project }) {
    for (const unread of unreadVariables(project)) {
      const { name, at, service, setting, value, cause, reads } = unread;
      const shown = value.known ? String(value.value) : '';
      yield {
        at,
        subject: `${service.name} ${name}`,
        message:
          cause === 'reaches-no-container'
            ? {
                says: 'unreachable',
                with: { name, file: at.source.path, service: service.name, setting, value: shown },
              }
            : {
                says: 'unknownName',
                with: { name, service: service.name, setting, value: shown, instead: reads ?? 'GUNICORN_CMD_ARGS' },
              },
        trail: [
          ...value.trail.filter((hop) => 'default' in hop.at),
          { at: value.at, says: `${setting} of ${service.name}` },
        ],
        fixes: () => {
          if (cause === 'reaches-no-container') {
            const edits = setServiceSetting(service, ['environment', name], `\${${name}}`);
            return [{ title: { says: 'handOn', with: { name, service: service.name } }, safety: 'review', edits }];
          }
          if (reads === undefined) return [];
          const edits = renameEnvVariable(at, { from: name, to: reads });
          return [{ title: { says: 'rename', with: { to: reads } }, safety: 'review', edits }];
        },
      };
    }
  },
});
