import { replaceNumber } from '../model/fixes/replace-text.ts';
import { isDefault, knownValue } from '../model/value.ts';
import { explain } from '../plan/explain.ts';
import { describeSize, sizeHops } from '../plan/pool-size.ts';
import { concurrencyHops, describeConcurrency, isSharedPool, poolConcurrency } from '../plan/pool-use.ts';
import { callerLimit } from '../plan/proxied.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'pool-timeout-exceeds-worker-timeout',
  on: 'pool',
  severity: 'warning',
  summary: 'A request may wait for a connection longer than its server lets it live.',
  why: `When a pool is empty, a request waits up to its pool timeout and then fails with a message that names the pool. If the server ends the request first, that message never appears: the log shows a killed worker or an aborted request, and nothing says that the pool was too small. uWSGI's \`harakiri\` kills the worker process after so many seconds of one request, with whatever its other threads were doing.

The rule fires only where requests really wait (more requests at once than connections) and the pool timeout is written. Gunicorn's \`timeout\` bounds a request only for sync workers, which never wait for their pool; for gthread and asynchronous workers it is a heartbeat. In front of those, nginx's read timeout (60 s unless written) ends the wait.`,
  references: [
    'uWSGI 2.0, Options: harakiri',
    'SQLAlchemy 2.0, lib/sqlalchemy/pool/impl.py: timeout',
    'Gunicorn, docs/source/settings.rst: timeout; gunicorn/workers/gthread.py',
  ],
  messages: {
    outlives:
      'Requests die before the pool can say why: they wait {pool} s, but {limit} ends them after {seconds} s. {threads} share {size} connections; set the pool timeout below it.',
    lower: 'Set the pool timeout to {seconds} s',
  },
  *check({ pool, process, service }, { project }) {
    const limit = callerLimit(project, { service, process });
    const wait = pool.timeoutSeconds;
    if (pool.kind !== 'database' || !limit || !wait.known || isDefault(wait) || wait.value === null) return;
    if (!isSharedPool(pool, process)) return;
    const concurrency = knownValue(poolConcurrency(pool, process));
    const capacity = knownValue(pool.capacity);
    if (concurrency === undefined || capacity === undefined || concurrency <= capacity) return;
    if (wait.value < limit.seconds.value || limit.seconds.value <= 0) return;
    const shorter = Math.max(1, Math.floor(limit.seconds.value / 2));
    yield {
      at: wait.at,
      subject: service.name,
      message: {
        says: 'outlives',
        with: {
          pool: wait.value,
          limit: limit.name,
          seconds: limit.seconds.value,
          threads: describeConcurrency(process),
          size: describeSize(pool, capacity),
        },
      },
      trail: [
        ...explain(`waits ${wait.value} s`, wait),
        ...explain(`${limit.name} of ${limit.seconds.value} s`, limit.seconds),
        ...concurrencyHops(process),
        ...sizeHops(pool),
      ],
      fixes: () => [
        { title: { says: 'lower', with: { seconds: shorter } }, safety: 'review', edits: replaceNumber(wait, shorter) },
      ],
    };
  },
});
