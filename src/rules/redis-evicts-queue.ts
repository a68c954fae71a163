import { replaceText } from '../model/fixes/replace-text.ts';
import { alternatives } from '../model/value.ts';
import { explain } from '../plan/explain.ts';
import { isQueueing, redisUse } from '../plan/redis-use.ts';
import { runningService } from '../plan/store-service.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'redis-evicts-queue',
  on: 'store',
  severity: 'error',
  severities: { results: 'information' },
  summary: 'A Redis that holds a queue or a broker may evict its keys, which loses jobs without an error.',
  why: `With an \`allkeys-*\` policy Redis makes room by deleting whichever keys suit the policy, once \`maxmemory\` is reached. A queue is one key that holds a list of jobs. When it is evicted, every waiting job is gone, and neither the producer nor the worker sees an error.

\`noeviction\` refuses further writes instead: the producer gets an error that it can show, retry or alert on, and the jobs that wait are kept. \`volatile-*\` policies only touch keys with an expiry. Queues have none, so they are safe; results of Celery do have one (a day), so they may go before they are read.

When a cache and a queue share a server, two servers are the clean answer: one that evicts, one that does not.`,
  references: [
    'Redis documentation: key eviction (maxmemory-policy)',
    'BullMQ: going to production ("noeviction" is the only correct policy)',
  ],
  messages: {
    evicts:
      '{policy} lets {name} evict its queue ({holds}): at maxmemory, waiting jobs vanish without an error. Use noeviction.',
    results:
      '{policy} lets {name} evict results before they are read ({holds}), once maxmemory is reached. Keep results elsewhere or use noeviction.',
    keep: 'Use noeviction: when memory is full, writes fail and nothing is lost',
    expiring: 'Use volatile-ttl: only keys with an expiry are evicted, queues stay',
  },
  *check({ store }, { project }) {
    const redis = store.redis;
    if (!redis || !runningService(project, store)) return;
    // Without a bound nothing is ever evicted.
    if (redis.maxMemoryBytes.known && redis.maxMemoryBytes.value === null) return;
    const { uses } = redisUse(project, store);
    const queues = uses.filter(({ use }) => isQueueing(use));
    const results = uses.filter(({ use }) => use.purpose === 'results');
    if (queues.length === 0) return;
    for (const policy of alternatives(redis.maxMemoryPolicy)) {
      const evictsAll = policy.value.startsWith('allkeys-');
      if (!evictsAll && !(policy.value.startsWith('volatile-') && results.length > 0)) continue;
      const held = evictsAll ? queues : results;
      const values = { policy: policy.value, name: store.name, holds: held[0]?.use.says ?? '' };
      const fixes = [
        { title: { says: 'keep' }, safety: 'review', edits: replaceText(policy.at, 'noeviction') },
      ] as const;
      const expiring = {
        title: { says: 'expiring' },
        safety: 'review',
        edits: replaceText(policy.at, 'volatile-ttl'),
      } as const;
      yield {
        at: policy.at,
        subject: store.name,
        message: { says: evictsAll ? 'evicts' : 'results', with: values },
        ...(!evictsAll && { case: 'results' as const }),
        trail: [...explain(`maxmemory-policy ${policy.value}`, policy), ...held.map(({ hop }) => hop)],
        fixes: () => (evictsAll && results.length === 0 ? [...fixes, expiring] : fixes),
      };
    }
  },
});
