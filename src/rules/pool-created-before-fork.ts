import type { Edits } from '../model/fix.ts';
import { replaceText } from '../model/fixes/replace-text.ts';
import type { Process } from '../model/stack.ts';
import { type Known, knownValue } from '../model/value.ts';
import { explain } from '../plan/explain.ts';
import { isServerDatabase, nameOfEngine } from '../plan/pool-store.ts';
import { isSharedPool } from '../plan/pool-use.ts';
import { textAt } from '../text/span.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'pool-created-before-fork',
  on: 'pool',
  severity: 'warning',
  summary: 'A database connection is opened before Gunicorn forks, and all workers share it.',
  why: `With \`preload_app\`, Gunicorn imports the application once and forks the workers from that process. A connection that is open by then (\`Base.metadata.create_all(engine)\` or \`engine.connect()\` at module level, a pool that connects when it is made) is one socket in all of them: two workers write into it at the same time, replies reach the wrong worker, and the server or the driver ends the session with errors such as \`SSL error: decryption failed\` or \`Packet sequence number wrong\`. The threads that keep a psycopg_pool filled do not survive the fork at all.

Making the engine is harmless: it connects when it is first used. The rule fires only for a connection made at import, with more than one worker, where no \`post_fork\` hook and no \`os.register_at_fork\` gives the worker connections of its own (\`engine.dispose(close=False)\`).`,
  references: [
    'SQLAlchemy 2.0, doc/build/core/pooling.rst: "Using Connection Pools with Multiprocessing or os.fork()"',
    'Gunicorn, docs/source/settings.rst: preload_app, post_fork',
    'psycopg 3, docs/advanced/pool.rst: "Pool startup check" and forking',
  ],
  messages: {
    shared:
      'All {workers} workers share this {engine} connection: preload_app opens it before the fork. Connect in post_fork or in a request, or call engine.dispose(close=False) in post_fork.',
    later: 'Load the application in each worker (preload_app off; takes more memory)',
  },
  *check({ pool, process, service }) {
    const { gunicorn, workers } = process;
    const at = pool.connectsAtImport;
    if (!at || !gunicorn || !isServerDatabase(pool) || !isSharedPool(pool, process)) return;
    const { preload } = gunicorn;
    if (!preload.known || !preload.value || !workers.known || workers.value < 2) return;
    const engine = knownValue(pool.engine);
    if (engine === undefined || startsAnew(process, at.source.text)) return;
    yield {
      at,
      subject: service.name,
      message: { says: 'shared', with: { workers: workers.value, engine: nameOfEngine(engine) } },
      trail: [
        ...explain('preload_app', preload),
        ...explain(`${workers.value} workers`, workers),
        { at: pool.at, says: 'the pool it is kept in' },
      ],
      fixes: () => [{ title: { says: 'later' }, safety: 'review', edits: switchOff(preload) }],
    };
  },
});

/** True where a hook may give each worker connections of its own, or where that cannot be known. */
function startsAnew({ gunicorn }: Process, code: string): boolean {
  const file = gunicorn?.configurationFile;
  if (!file?.known) return true;
  const hooks = /def\s+(post_fork|post_worker_init|pre_fork|when_ready)\b/.test(file.value?.text ?? '');
  return hooks || /register_at_fork|\.dispose\s*\(|\.close(all)?\s*\(/.test(code);
}

function switchOff(preload: Known<boolean>): Edits {
  if (textAt(preload.at) !== 'True')
    return { refused: 'the switch --preload has no value: take it out of the command' };
  return replaceText(preload.at, 'False');
}
