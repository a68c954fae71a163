import { alternatives, knownValue } from '../model/value.ts';
import {
  describeSettings,
  describeSize,
  isRefused,
  placeOfSize,
  setPoolSize,
  sizeForRequests,
  sizeHops,
} from '../plan/pool-size.ts';
import {
  concurrencyHops,
  connectsPerThread,
  describeConcurrency,
  isSharedPool,
  poolConcurrency,
  usesOfPool,
} from '../plan/pool-use.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'pool-oversized',
  on: 'pool',
  severity: 'hint',
  summary: 'A connection pool is more than twice as large as its process can use.',
  why: `A process uses at most as many connections at once as it works on requests: one for a sync worker, \`threads\` for gthread. What the pool holds beyond that is never taken. It does no harm while it stays unopened, but it hides the real bottleneck (raising \`pool_size\` for more users changes nothing when four threads do the work), and libraries that open their pool at construction (mysql.connector) hold those connections on the server all day: processes x pool size of them.

The rule fires for a written size whose \`size + overflow\` is more than twice the largest number of requests at once of any process that creates the pool. It stays silent for event loops, where the load decides.`,
  references: [
    'SQLAlchemy 2.0, lib/sqlalchemy/pool/impl.py: QueuePool opens connections on demand',
    'MySQL Connector/Python 8.3, mysql/connector/pooling.py: opens the whole pool at construction',
    'Gunicorn, docs/source/settings.rst: threads',
  ],
  messages: {
    oversized:
      'This pool is larger than its process can use: {pool} connections, but {service} works on {threads} at once. More users need more workers or threads, not a larger pool.',
    eager:
      'This pool is larger than its process can use: {service} opens {pool} connections at once but works on {threads}. They stay taken on the server in every process.',
    shrink: 'Set {settings}: enough for {threads} at once',
  },
  *check({ pool, process, service }, { project }) {
    if (pool.kind !== 'database' || !pool.sizeWritten || !isSharedPool(pool, process)) return;
    if (connectsPerThread(pool, process) || isRefused(pool)) return;
    const needs = usesOfPool(project, pool).map((use) => knownValue(poolConcurrency(use.pool, use.process)));
    const own = knownValue(poolConcurrency(pool, process));
    if (own === undefined || needs.some((need) => need === undefined || need > own)) return;
    for (const capacity of alternatives(pool.capacity)) {
      if (!Number.isFinite(capacity.value) || capacity.value <= 2 * own) continue;
      const size = sizeForRequests(pool, own);
      const threads = describeConcurrency(process);
      const isEager = knownValue(pool.opensEagerly) === capacity.value;
      yield {
        at: placeOfSize(pool),
        subject: service.name,
        message: {
          says: isEager ? 'eager' : 'oversized',
          with: { service: service.name, pool: describeSize(pool, capacity.value), threads },
        },
        trail: [...sizeHops(pool), ...concurrencyHops(process)],
        fixes: () => [
          {
            title: { says: 'shrink', with: { settings: describeSettings(pool, size), threads } },
            safety: 'review',
            edits: setPoolSize(pool, size),
          },
        ],
      };
    }
  },
});
