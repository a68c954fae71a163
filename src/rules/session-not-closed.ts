import { wrapSession } from '../model/fixes/wrap-session.ts';
import type { Hop } from '../text/trail.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'session-not-closed',
  on: 'process',
  severity: 'warning',
  summary: 'A database session or connection is closed only when nothing goes wrong.',
  why: `\`db = SessionLocal()\` ... \`db.close()\` gives the connection back only when every line in between succeeds. An exception, an early \`return\` or a raised 404 skips the \`close()\`, and the connection stays out of the pool until the garbage collector finds the session, with its transaction and locks still open. Each failure costs one connection; when the pool is empty, healthy requests wait and fail as well. The failure that starts it is often the database being slow, so the leak strikes at the worst moment.

A \`with\` block, or \`try\` / \`finally\`, closes it in every case. Generators with \`finally\` (FastAPI's dependencies), teardown hooks of the framework and scoped sessions that something removes are fine.`,
  references: [
    'SQLAlchemy 2.0, doc/build/orm/session_basics.rst: "Opening and Closing a Session"',
    'MySQL Connector/Python 8.3, mysql/connector/pooling.py: close() gives the connection back',
  ],
  messages: {
    leaks:
      '{variable} in {function} stays open when something fails before {variable}.close(). Its connection is then missing from the pool; close it with a with block or in finally.',
    wrap: 'Close {variable} in every case',
  },
  *check({ process, service }) {
    if (service.role === 'one-shot') return;
    for (const use of process.code.sessions) {
      if (use.closed !== 'success-path-only') continue;
      const close: Hop[] = use.closeAt ? [{ at: use.closeAt, says: 'closed only when this line is reached' }] : [];
      yield {
        at: use.at,
        subject: use.functionName,
        message: { says: 'leaks', with: { variable: use.variable, function: use.functionName } },
        trail: [{ at: use.at, says: `${use.factory} opens it` }, ...close],
        fixes: () => [
          { title: { says: 'wrap', with: { variable: use.variable } }, safety: 'review', edits: wrapSession(use) },
        ],
      };
    }
  },
});
