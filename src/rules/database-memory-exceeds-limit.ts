import { formatBytes, writeBytes } from '../capacity/bytes.ts';
import { roundUpReadable, sizeDatabaseCache } from '../capacity/memory-sizing.ts';
import { replaceText } from '../model/fixes/replace-text.ts';
import { setServiceLimits } from '../model/fixes/service-limits.ts';
import type { Store } from '../model/stack.ts';
import { isDefault } from '../model/value.ts';
import { type DatabaseMemoryUse, databaseMemoryUse } from '../plan/database-memory.ts';
import { explain } from '../plan/explain.ts';
import { runningService } from '../plan/store-service.ts';
import type { Location } from '../text/span.ts';
import { isDefaultHop } from '../text/trail.ts';
import { defineRule, type RuleFix } from './rule.ts';

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
    const limit = service?.limits.memoryBytes;
    const memory = store.memory;
    if (!service || !memory || !limit?.known || limit.value === null) return;
    const most = limit.value;
    const { cacheBytes, cacheName } = memory;
    const alone = cacheBytes.known && !isDefault(cacheBytes) && cacheBytes.value >= most;
    const use = databaseMemoryUse(project, store);
    const exceeds = use !== undefined && use.totalBytes > most && isConfigured(store);
    if (!alone && !exceeds) return;
    const total = Math.max(use?.totalBytes ?? 0, cacheBytes.known ? cacheBytes.value : 0);
    const needed = roundUpReadable(total * 1.25);
    yield {
      at: placeOf(store, use),
      subject: store.name,
      message: {
        says: alone ? 'cache' : use?.demanded ? 'demanded' : 'allowed',
        with: {
          name: store.name,
          setting: cacheName,
          cache: formatBytes(cacheBytes.known ? cacheBytes.value : 0),
          connections: use?.connections.value ?? 0,
          each: formatBytes(use?.each.value ?? 0),
          total: formatBytes(total),
          limit: formatBytes(most),
        },
      },
      ...(alone && { case: 'cache' as const }),
      trail: [
        ...(cacheBytes.known ? explain(`${cacheName} ${formatBytes(cacheBytes.value)}`, cacheBytes) : []),
        ...(use && !alone ? termHops(use) : []),
        ...explain(`memory limit ${formatBytes(most)}`, limit),
      ],
      fixes: () => {
        const raise: RuleFix<'raise'> = {
          title: { says: 'raise', with: { needed: formatBytes(needed) } },
          safety: 'review',
          edits: setServiceLimits(service, { memory: writeBytes(needed).toUpperCase() }),
        };
        return [...lowerCache(store, { most, use }), raise];
      },
    };
  },
});

/** Offered where a smaller cache is enough: what the connections take stays. */
function lowerCache(store: Store, given: { most: number; use: DatabaseMemoryUse | undefined }): RuleFix<'lower'>[] {
  const { memory, engine } = store;
  if (!memory?.cacheBytes.known || isDefault(memory.cacheBytes)) return [];
  if (engine !== 'postgresql' && engine !== 'mysql' && engine !== 'mariadb') return [];
  const { most, use } = given;
  const advised = sizeDatabaseCache(most, engine).value;
  const rest = use === undefined ? 0 : use.totalBytes - use.cache.value;
  if (advised >= memory.cacheBytes.value || advised <= 0 || advised + rest > most) return [];
  const text = engine === 'postgresql' ? `${advised / 2 ** 20}MB` : writeBytes(advised).toUpperCase();
  return [
    {
      title: {
        says: 'lower',
        with: { setting: memory.cacheName, advised: formatBytes(advised), share: Math.round((100 * advised) / most) },
      },
      safety: 'review',
      edits: replaceText(memory.cacheBytes.at, text),
    },
  ];
}

/** True when someone chose the cache, the memory of a connection or their number. */
function isConfigured({ memory, maxConnections }: Store): boolean {
  if (!memory) return false;
  const each = memory.perConnectionBytes.trail.some((hop) => !isDefaultHop(hop));
  return each || [memory.cacheBytes, maxConnections].some((value) => value.known && !isDefault(value));
}

/** The setting that takes most, as far as it is written. */
function placeOf({ memory, maxConnections, at }: Store, use: DatabaseMemoryUse | undefined): Location {
  const cache = memory && !isDefault(memory.cacheBytes) ? memory.cacheBytes.at : undefined;
  const each = use?.each.trail.flatMap((hop) => (isDefaultHop(hop) ? [] : [hop.at])).at(-1);
  const connections = isDefault(maxConnections) ? undefined : maxConnections.at;
  const mostlyCache = use === undefined || use.cache.value >= use.totalBytes / 2;
  const places = mostlyCache ? [cache, each, connections] : [each, connections, cache];
  return places.find((place) => place !== undefined && 'source' in place) ?? at;
}

function termHops(use: DatabaseMemoryUse) {
  const says = use.demanded ? 'connections that the processes can use at once' : 'connections that it takes';
  return [
    ...explain(`${use.connections.value} ${says}`, use.connections),
    ...explain(`${formatBytes(use.each.value)} for each`, use.each),
  ];
}
