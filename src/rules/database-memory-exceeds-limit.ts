import { formatBytes } from '../capacity/bytes.ts';
import { findMemoryExcess, lowerDatabaseCache, raiseMemoryLimit } from '../plan/database-memory.ts';
import { runningService } from '../plan/store-service.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'database-memory-exceeds-limit',
  on: 'store',
  severity: 'warning',
  severities: { cache: 'error' },
  summary: 'A database is configured to take more memory than its container is allowed.',
  why: `A database server takes its cache (\`shared_buffers\`, \`innodb_buffer_pool_size\`) as it fills, and for each connection that sorts, joins or hashes some more. When that is more than the container's limit, the kernel kills the server under load, with every connection on it, and it comes back through crash recovery.

The arithmetic is that of MySQLTuner: cache + connections x (\`sort_buffer_size\` + \`join_buffer_size\` + \`read_buffer_size\` + \`read_rnd_buffer_size\` + \`binlog_cache_size\`); for PostgreSQL cache + connections x (2 MiB + \`work_mem\`). Connections are those that the stack's processes can use at once. It is still a lower bound: one PostgreSQL query may sort in several places, and thread stacks, temporary tables, logs and maintenance come on top.

A cache that alone reaches the limit is an error. The sum is a warning, and only where the server's memory or connections are configured: nothing is said about defaults in a small container.`,
  references: [
    'MySQLTuner, mysqltuner.pl: calculations(), maximum memory',
    'PostgreSQL documentation, resource consumption: shared_buffers (25 % of memory), work_mem (for each sort)',
    'MySQL manual, how MySQL uses memory: innodb_buffer_pool_size 50 to 75 % of memory',
    'Andres Freund, Measuring the memory overhead of a Postgres connection (2020)',
  ],
  messages: {
    cache:
      '{setting} {cache} does not fit the limit of {limit}: when the cache fills, the kernel kills {name}. Lower it, or raise the limit.',
    demanded:
      '{name} may take {total} ({setting} {cache} + {connections} connections x {each}), but its limit is {limit}. Under load the kernel kills it.',
    allowed:
      '{name} takes {connections} connections: with {setting} {cache} and {each} for each they need {total}, but its limit is {limit}.',
    lower: 'Lower {setting} to {advised} ({share} % of the limit)',
    raise: 'Raise the memory limit to {needed}: the host must have it',
  },
  *check({ store }, { project }) {
    const service = runningService(project, store);
    const excess = service && findMemoryExcess(store, { project, service });
    if (!service || !excess) return;
    const { kind, at, trail, limitBytes, cacheName: setting } = excess;
    yield {
      at,
      subject: store.name,
      message: {
        says: kind,
        with: {
          name: store.name,
          setting,
          cache: formatBytes(excess.cacheBytes),
          connections: excess.connections,
          each: formatBytes(excess.bytesPerConnection),
          total: formatBytes(excess.totalBytes),
          limit: formatBytes(limitBytes),
        },
      },
      ...(kind === 'cache' && { case: 'cache' as const }),
      trail,
      fixes: () => {
        const lower = lowerDatabaseCache(store, excess);
        const raise = raiseMemoryLimit(service, excess);
        const share = Math.round((100 * (lower?.bytes ?? 0)) / limitBytes);
        return [
          ...(lower
            ? [
                {
                  title: { says: 'lower' as const, with: { setting, advised: formatBytes(lower.bytes), share } },
                  safety: 'review' as const,
                  edits: lower.edits,
                },
              ]
            : []),
          {
            title: { says: 'raise' as const, with: { needed: formatBytes(raise.bytes) } },
            safety: 'review' as const,
            edits: raise.edits,
          },
        ];
      },
    };
  },
});
