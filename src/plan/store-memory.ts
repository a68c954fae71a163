import { typicalInputs } from '../capacity/capacity-inputs.ts';
import { documentedDefaults } from '../capacity/defaults.ts';
import { type Figure, sourceOf } from '../capacity/figure.ts';
import { type MemoryPart, sizeDatabaseMemory, sizeRedisMemory } from '../capacity/memory-sizing.ts';
import type { Project, RedisFacts, Store } from '../model/stack.ts';
import { isDatabaseServer } from '../model/store/database-engines.ts';
import { knownValue, upperBound } from '../model/value.ts';
import { databaseBytes } from './database-memory.ts';
import type { Goal } from './goal.ts';
import { redisShare } from './redis-memory.ts';
import { redisUse } from './redis-use.ts';
import { type RunningStore, runningStores } from './store-service.ts';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

interface Where {
  readonly project: Project;
  readonly goal: Goal;
}

/** The memory that a store's container must have: what its server keeps itself to, or its share of the machine. */
export function storeNeed(store: Store, where: Where): Figure {
  if (store.redis) return redisNeed(store, { ...where, redis: store.redis });
  switch (store.engine) {
    case 'postgresql':
      return largest([databaseNeed(store, where), connectionsNeed(store)]);
    case 'mysql':
    case 'mariadb':
      return databaseNeed(store, where);
    case 'pgbouncer':
    case 'memcached':
      return standard(128 * mebibyte);
    default:
      return standard(gibibyte);
  }
}

/** The database servers that run on the machine of a project. */
export function runningDatabases(project: Project): readonly RunningStore[] {
  return runningStores(project, ({ engine }) => isDatabaseServer(engine));
}

/** The databases of a project as parts of the machine's memory: what each needs, at most its limit. */
export function databaseParts(where: Where): readonly MemoryPart[] {
  const databases = runningDatabases(where.project);
  return databases.map(({ store, service }) => {
    const need = databaseNeed(store, where);
    const limitBytes = knownValue(service.limits.memoryBytes) ?? Number.POSITIVE_INFINITY;
    const limit: Figure = {
      value: limitBytes,
      formula: 'limitBytes',
      inputs: { limitBytes },
      source: 'its memory limit',
    };
    return {
      part: 'database',
      ...(databases.length > 1 && { name: store.name }),
      bytes: limitBytes < need.value ? limit : need,
    };
  });
}

/** `maxmemory` and what Redis needs besides; without one 1 GiB, on a small machine twice what it is to get. */
function redisNeed(store: Store, { redis, project, goal }: Where & { readonly redis: RedisFacts }): Figure {
  const share = redisShare({ persists: redis.persists, use: redisUse(project, store) });
  const maxMemory = knownValue(redis.maxMemoryBytes);
  if (typeof maxMemory === 'number') {
    const source = sourceOf('redis.cache_share');
    return {
      value: maxMemory / share,
      formula: 'maxMemoryBytes / share',
      inputs: { maxMemoryBytes: maxMemory, share },
      source,
    };
  }
  const planned = sizeRedisMemory({ share, limitBytes: undefined, memoryBytes: goal.host?.memoryBytes });
  return standard(Math.min(gibibyte, 2 * planned.value));
}

/** What a database is expected to take: its cache and the connections in use, at least its share of the machine. */
function databaseNeed(store: Store, where: Where): Figure {
  return largest([databaseShare(where), databaseBytes(where.project, store)]);
}

/** The share of a machine whose memory is shared out, for each of its databases; 1 GiB of another one. */
function databaseShare({ project, goal }: Where): Figure {
  const { memoryBytes, shared, databaseMemoryShare = typicalInputs.databaseMemoryShare } = goal.host ?? {};
  if (memoryBytes === undefined || !shared) return standard(gibibyte);
  const databases = runningDatabases(project).length;
  const whole = sizeDatabaseMemory({ memoryBytes, databaseMemoryShare });
  const own =
    databases < 2
      ? whole
      : {
          ...whole,
          value: Math.floor(whole.value / databases / mebibyte) * mebibyte,
          formula: 'memoryBytes x databaseMemoryShare / databases, rounded down',
          inputs: { ...whole.inputs, databases },
        };
  return largest([own, standard(leastDatabase)]);
}

/** The defaults of MySQL are made for a machine of 512 MB (its manual, how MySQL uses memory). */
const leastDatabase = 512 * mebibyte;

/** Room for every connection that PostgreSQL takes. Amazon's budget: one connection for each 9.1 MiB, shared buffers and the rest included. */
function connectionsNeed({ maxConnections }: Store): Figure {
  const connections = upperBound(maxConnections) ?? documentedDefaults['postgresql.max_connections'].value;
  const connectionBytes = documentedDefaults['rds.bytes_per_connection'].value;
  return {
    value: connections * connectionBytes,
    formula: 'maxConnections x connectionBytes',
    inputs: { maxConnections: connections, connectionBytes },
    source: sourceOf('rds.bytes_per_connection'),
  };
}

function standard(bytes: number): Figure {
  return {
    value: bytes,
    formula: 'standardBytes',
    inputs: { standardBytes: bytes },
    source: "Headroom's assumption: what such a server runs with",
  };
}

function largest(figures: readonly (Figure | undefined)[]): Figure {
  const [first, ...rest] = figures.filter((figure) => figure !== undefined);
  if (!first) return standard(gibibyte);
  return rest.reduce((most, figure) => (figure.value > most.value ? figure : most), first);
}
