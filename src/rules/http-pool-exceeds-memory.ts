import { formatBytes } from '../capacity/bytes.ts';
import { type Edits, joinEdits } from '../model/fix.ts';
import { replaceNumber } from '../model/fixes/replace-text.ts';
import type { Pool } from '../model/pool.ts';
import { isDefault, knownValue, lowerBound } from '../model/value.ts';
import { explain } from '../plan/explain.ts';
import { formatDecimal, formatMeasured, httpMemory } from '../plan/http-memory.ts';
import { headOf, poolConcurrency, samePlace } from '../plan/pool-use.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'http-pool-exceeds-memory',
  on: 'pool',
  severity: 'warning',
  severities: { estimated: 'information' },
  summary: 'The connections that an HTTP client may open need more memory than the container has.',
  why: `Each open HTTP connection costs memory in the process: socket buffers, TLS state, the request and the part of the answer that is being read. At its maximum a client needs base memory + connections x memory per connection, in every worker process. Above the container's limit the kernel kills the process, and it does so at the peak, when all connections are busy.

The figures come from \`memory:\` in \`headroom.yaml\` (\`base\`, \`perConnection\`); measure them under load. Without them the rule counts 200 MB for the process and 50 KB for a connection, and says so as information. It stays silent where the processes alone do not fit: then the pool is not the cause.`,
  references: [
    'httpx 0.28, httpx/_config.py: Limits',
    'Compose specification, deploy: resources.limits.memory',
    'Built-in figures: 200 MB for an asynchronous gateway process, 50 KB for a pooled connection (measured by its team)',
  ],
  messages: {
    configured:
      '{service} runs out of memory before its HTTP pool is full: {arithmetic} = {total}, the limit is {limit}. Lower the maximum to {fits} or raise the limit.',
    estimated:
      '{service} may run out of memory before its HTTP pool is full: about {arithmetic} = {total}, the limit is {limit}. Lower the maximum, or write your own figures into headroom.yaml.',
    lower: 'Set the maximum to {fits} connections',
  },
  *check({ pool, process, service }, { goal }) {
    const limit = knownValue(service.limits.memoryBytes);
    if (pool.kind !== 'http' || !pool.size.known || !Number.isFinite(pool.size.value) || !limit) return;
    const usable = knownValue(poolConcurrency(pool, process)) ?? pool.size.value;
    const connections = Math.min(pool.size.value, usable);
    const memory = httpMemory(goal, { connections, processes: Math.max(1, lowerBound(process.workers) ?? 1) });
    if (memory.totalBytes <= limit || memory.baseBytes > limit) return;
    const fits = memory.connectionsIn(limit).value;
    const says = memory.configured ? 'configured' : 'estimated';
    yield {
      at: pool.sizeWritten ? pool.size.at : headOf(pool.at),
      subject: service.name,
      message: {
        says,
        with: {
          service: service.name,
          arithmetic: memory.arithmetic,
          total: memory.configured ? formatMeasured(memory.totalBytes) : formatDecimal(memory.totalBytes),
          limit: `${formatBytes(limit)} (${formatDecimal(limit)})`,
          fits,
        },
      },
      trail: [
        ...explain(`${connections} connections`, pool.size),
        ...pool.size.trail,
        ...explain(`limit of ${formatBytes(limit)}`, service.limits.memoryBytes),
      ],
      fixes: () =>
        fits < 1
          ? []
          : [{ title: { says: 'lower', with: { fits } }, safety: 'review', edits: lowerMaximum(pool, fits) }],
      ...(!memory.configured && { case: 'estimated' as const }),
    };
  },
});

/** No more connections are kept alive than may be open, so a written keep-alive count goes down with the maximum. */
function lowerMaximum(pool: Pool, fits: number): Edits {
  const { size, keepAlive } = pool;
  const kept = keepAlive && knownValue(keepAlive);
  const lowerToo =
    keepAlive && typeof kept === 'number' && kept > fits && !isDefault(keepAlive) && !samePlace(keepAlive.at, size.at);
  return joinEdits([replaceNumber(size, fits), ...(lowerToo ? [replaceNumber(keepAlive, fits)] : [])]);
}
