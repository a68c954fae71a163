import { moveEnvComment } from '../model/fixes/env-line.ts';
import { commentInValue } from '../plan/environment-comment.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'env-comment-in-value',
  on: 'service',
  severity: 'warning',
  summary: 'A comment behind a value of an env file becomes a part of the value.',
  why: `Whether \`POOL_SIZE=20 # per worker\` sets \`20\` or \`20 # per worker\` depends on the program that reads the file. Compose and python-dotenv take a comment off only when a blank stands before the \`#\` (and Compose wants a space, not a tab); \`format: raw\`, \`docker run --env-file\` and systemd take everything. Where the text should have been a number, the process fails when it starts, or runs with its default.

Only values that would be a number, \`none\`, \`true\` or the like without the comment are reported, and never those of templates.`,
  references: [
    'Compose specification, services: env_file',
    'compose-go, dotenv/parser.go; docker/cli, pkg/kvfile; python-dotenv, parser.py',
  ],
  messages: {
    kept: '{service} gets {name} with the comment in its value: the reader of this file does not take it off. Put the comment on a line of its own.',
    move: 'Move the comment to a line of its own',
  },
  *check({ service }) {
    for (const [name, variable] of service.environment.variables) {
      const found = commentInValue(variable);
      if (!found) continue;
      yield {
        at: found.at,
        subject: `${service.name} ${name}`,
        message: { says: 'kept', with: { service: service.name, name } },
        trail: variable.trail,
        fixes: () => [{ title: { says: 'move' }, safety: 'review', edits: moveEnvComment(found.at, found) }],
      };
    }
  },
});
