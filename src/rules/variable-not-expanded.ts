import { wrapInShell } from '../model/fixes/shell-form.ts';
import { programName } from '../model/process/wrappers.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'variable-not-expanded',
  on: 'process',
  severity: 'error',
  summary: 'A variable stands in an exec-form command that no shell reads, so the program gets its name as text.',
  why: `Docker starts the exec form of CMD and ENTRYPOINT (\`["gunicorn", "--workers", "$WORKERS"]\`) without a shell. Variables are a shell's business, so Gunicorn receives the nine characters \`$WORKERS\` and stops because they are no number; a program that takes any text starts with the wrong one.

Either put a shell in between (\`["sh", "-c", "exec gunicorn --workers $WORKERS"]\`; \`exec\` makes sure that the stop signal reaches the server), or write the value. \`ENV\` does not help: it sets the variable, it does not expand it here. Compose files are different: Compose itself replaces \`\${NAME}\` in them.`,
  references: ['Dockerfile reference: CMD and ENTRYPOINT, "exec form ... does not invoke a command shell"'],
  messages: {
    literal:
      '{program} receives the text {text}, not its value: the exec form starts no shell. Wrap it in sh -c, or write the value.',
    wrap: 'Start it through a shell that expands {text} and hands over with exec',
  },
  *check({ process, service }) {
    // What other programs make of a dollar sign is their business.
    if (process.server === 'other' || process.server === 'unknown') return;
    const program = programName(process.command.words[0]);
    if (/^(npm|yarn|pnpm|pm2.*)$/.test(program)) return;
    for (const { text, at } of process.unexpanded) {
      yield {
        at,
        subject: service.name,
        message: { says: 'literal', with: { program, text } },
        trail: [...process.command.trail, { at, says: `${text} as written` }],
        fixes: () => [{ title: { says: 'wrap', with: { text } }, safety: 'review', edits: wrapInShell(at) }],
      };
    }
  },
});
