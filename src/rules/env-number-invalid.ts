import { replaceText } from '../model/fixes/replace-text.ts';
import { commentInValue } from '../plan/environment-comment.ts';
import { isNumberFor, isWorkForCapacity, mayTakeEmpty, numberIn } from '../plan/environment-number.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'env-number-invalid',
  on: 'process',
  severity: 'error',
  summary: 'A capacity variable holds a text that its reader cannot take for a number.',
  why: `\`int(os.environ["DB_POOL_SIZE"])\` raises \`ValueError\` for \`20 connections\`, \`20s\` and for an empty value, and at module level that means the process does not start. An empty value is the usual case: \`DB_POOL_SIZE=\` in an env file, or \`\${DB_POOL_SIZE}\` in a compose file without a value, sets the variable to the empty text, and then the default in \`os.getenv("DB_POOL_SIZE", "20")\` does not apply.

The value is judged by the code that reads it (\`int\`, \`float\`, words it accepts besides numbers, a caught \`ValueError\`), after Compose has taken off quotes and comments. The message never repeats the value.`,
  references: [
    'Python 3, Library Reference, Built-in Functions: int, float',
    'Compose specification, services: env_file; compose-go, dotenv',
  ],
  messages: {
    invalid: '{name} is not a number, and {cast}() of {service} fails on it. Write a number{accepts}.',
    decimal: '{name} is not a number that {cast}() of {service} takes. Write a whole number{accepts}.',
    empty:
      '{name} is set to an empty text, and {cast}() of {service} fails on it. Write a number{accepts}, or remove the line to get the default.',
    keepNumber: 'Set {name} to {number}',
  },
  *check({ process, service }) {
    for (const read of process.code.environmentReads) {
      const value = process.environment.variables.get(read.name);
      if (read.guarded || !value?.known || !isWorkForCapacity(read.name)) continue;
      if (commentInValue(value)) continue;
      const text = value.value.trim();
      if (isNumberFor(read.cast, text) || read.accepts.some((word) => word.toLowerCase() === text.toLowerCase()))
        continue;
      if (text === '' && mayTakeEmpty(read)) continue;
      const accepts = read.accepts
        .filter((word) => word !== '')
        .map((word) => ` or ${word}`)
        .join('');
      const number = numberIn(read.cast, text);
      yield {
        at: value.at,
        subject: `${service.name} ${read.name}`,
        message: {
          says: text === '' ? 'empty' : isNumberFor('float', text) ? 'decimal' : 'invalid',
          with: { name: read.name, cast: read.cast, service: service.name, accepts },
        },
        trail: [{ at: read.at, says: `read with ${read.cast}()` }, ...value.trail],
        fixes: () =>
          number === undefined
            ? []
            : [
                {
                  title: { says: 'keepNumber', with: { name: read.name, number } },
                  safety: 'review',
                  edits: replaceText(value.at, number),
                },
              ],
      };
    }
  },
});
