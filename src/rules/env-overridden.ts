import { removeEnvLine } from '../model/fixes/env-line.ts';
import { overriddenVariables } from '../plan/overridden-variable.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'env-overridden',
  on: 'service',
  severity: 'information',
  summary: 'A capacity variable is set in two places, and the one here has no effect.',
  why: `\`environment\` wins over \`env_file\`, a later \`env_file\` over an earlier one, and Gunicorn's command line over \`WEB_CONCURRENCY\`. Whoever changes the value that loses sees nothing happen, usually while looking for the reason of an outage.

Silent for defaults of an image, for equal values, and where another service uses the value.`,
  references: ['Docker Compose: environment variables precedence', 'Gunicorn, docs: configuration overview'],
  messages: {
    overridden: '{name} has no effect here for {service}: {why}, and another value is set there.',
    remove: 'Remove this line',
  },
  *check({ service }, { project }) {
    for (const { name, at, wins, why } of overriddenVariables(service, project)) {
      yield {
        at,
        subject: `${service.name} ${name}`,
        message: { says: 'overridden', with: { name, service: service.name, why } },
        trail: [{ at: wins.at, says: 'this one counts' }],
        fixes: () => [{ title: { says: 'remove' }, safety: 'review', edits: removeEnvLine(at) }],
      };
    }
  },
});
