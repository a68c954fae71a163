import { replaceNumber } from '../model/fixes/replace-text.ts';
import { alternatives, isDefault } from '../model/value.ts';
import { explain } from '../plan/explain.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'gunicorn-threads-ignored',
  on: 'process',
  severity: 'warning',
  summary: '`threads` is set for a Gunicorn worker class that has no threads.',
  why: `Only Gunicorn's \`gthread\` class reads \`threads\` (\`sync\` with more than one thread silently becomes \`gthread\`). \`gevent\`, \`eventlet\`, \`tornado\` and Uvicorn's workers serve requests from an event loop and ignore the setting without a word.

Whoever wrote the number counts on workers x threads requests at once and may have sized the connection pool for it. In an event loop the bound is another one: as many requests as arrive, and for plain \`def\` endpoints of FastAPI the 40 threads of AnyIO.`,
  references: [
    'gunicorn/config.py: threads ("only affects the Gthread worker type")',
    'uvicorn_worker/_workers.py: no mapping for threads',
  ],
  messages: {
    ignored:
      'threads = {threads} has no effect: {class} workers use an event loop, only gthread reads it. Set it to 1.',
    one: 'Set threads to 1: nothing changes but what the file says',
  },
  *check({ process, service }) {
    if (process.server !== 'gunicorn') return;
    for (const workerClass of alternatives(process.workerClass)) {
      if (!/gevent|eventlet|tornado|uvicorn|asgi/i.test(workerClass.value)) continue;
      for (const threads of alternatives(process.threads)) {
        if (threads.value <= 1 || isDefault(threads)) continue;
        const name = workerClass.value.slice(workerClass.value.lastIndexOf('.') + 1);
        yield {
          at: threads.at,
          subject: service.name,
          message: { says: 'ignored', with: { threads: threads.value, class: name } },
          trail: [...explain(`${threads.value} threads`, threads), ...explain(`class ${name}`, workerClass)],
          fixes: () => [{ title: { says: 'one' }, safety: 'safe', edits: replaceNumber(threads, 1) }],
        };
      }
    }
  },
});
