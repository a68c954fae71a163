import type { Phrase } from './bottleneck-sentence.ts';
import type { CapacityInputs } from './capacity-inputs.ts';
import { documentedDefaults } from './defaults.ts';
import { type Figure, sourceOf } from './figure.ts';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** A part of the memory budget. */
export interface MemoryPart {
  readonly part: 'web' | 'other-web' | 'tasks' | 'database' | 'cache' | 'system';
  /** Which one, where there are several: "mysql". */
  readonly name?: string;
  /** What it is expected to take. */
  readonly bytes: Figure;
}

/** Who gets which memory of the machine. */
export interface MemoryBudget {
  readonly totalBytes: number;
  readonly parts: readonly MemoryPart[];
  /** What the parts leave over; negative when they do not fit. */
  readonly freeBytes: number;
}

/** The name of a part for people: "web", "other web servers", "database mysql". */
export function describePart({ part, name }: Pick<MemoryPart, 'part' | 'name'>): Phrase {
  const says = part === 'other-web' ? 'other web servers' : part;
  return name === undefined ? { says, with: {} } : { says: `${says} {name}`, with: { name } };
}

/** The parts of a machine's memory: with a machine of its own only the web server. */
export function sizeMemoryBudget(inputs: CapacityInputs, workers: number): MemoryBudget {
  const { workerBytes, replicas } = inputs;
  // A machine of its own holds one container.
  const isShared = inputs.profile === 'shared';
  const web = {
    value: workers * (isShared ? replicas : 1) * workerBytes,
    formula: isShared ? 'workers x replicas x workerBytes' : 'workers x workerBytes',
    inputs: { workers, ...(isShared && { replicas }), workerBytes },
    source: sourceOf('heroku.worker_memory'),
  };
  const parts: MemoryPart[] = [{ part: 'web', bytes: web }, ...otherParts(inputs, workers)];
  const used = parts.reduce((sum, { bytes }) => sum + bytes.value, 0);
  return { totalBytes: inputs.memoryBytes, parts, freeBytes: inputs.memoryBytes - used };
}

/** A budget whose databases take what each of them needs, in place of their share of the machine. */
export function withDatabases(budget: MemoryBudget, databases: readonly MemoryPart[]): MemoryBudget {
  const { totalBytes } = budget;
  const others = budget.parts.filter(({ part }) => part !== 'database');
  const at = others.findIndex(({ part }) => part === 'cache' || part === 'system');
  const parts = [...others.slice(0, at), ...databases, ...others.slice(at)];
  return { totalBytes, parts, freeBytes: totalBytes - parts.reduce((sum, { bytes }) => sum + bytes.value, 0) };
}

/** Memory that the other parts leave to the web workers of one container. */
export function memoryForWeb(inputs: CapacityInputs): number {
  const others = otherParts(inputs, 0).reduce((sum, { bytes }) => sum + bytes.value, 0);
  const perMachine = Math.max(0, inputs.memoryBytes - others);
  const containers = inputs.replicas + inputs.sameCommandReplicas;
  const perContainer = inputs.profile === 'shared' ? perMachine / containers : perMachine;
  return Math.min(perContainer, inputs.webLimitBytes ?? Number.POSITIVE_INFINITY);
}

/** The parts beside the web server's own, when each of its containers runs so many workers. */
function otherParts(inputs: CapacityInputs, workers: number): readonly MemoryPart[] {
  if (inputs.profile === 'dedicated') return [];
  const { taskWorkers, taskWorkerBytes, systemBytes, redisBytes } = inputs;
  const parts: MemoryPart[] = otherWebPart(inputs, workers);
  if (taskWorkers > 0) {
    const tasks = { taskWorkers, taskWorkerBytes };
    parts.push({
      part: 'tasks',
      bytes: {
        value: taskWorkers * taskWorkerBytes,
        formula: 'taskWorkers x taskWorkerBytes',
        inputs: tasks,
        source: sourceOf('heroku.worker_memory'),
      },
    });
  }
  const database = sizeDatabaseMemory(inputs);
  if (inputs.database !== 'none' && database.value > 0) parts.push({ part: 'database', bytes: database });
  if (redisBytes > 0) {
    const source = "Redis' maxmemory, else the data that it is expected to hold";
    parts.push({ part: 'cache', bytes: { value: redisBytes, formula: 'redisBytes', inputs: { redisBytes }, source } });
  }
  const source = sourceOf('headroom.system_memory_bytes');
  parts.push({
    part: 'system',
    bytes: { value: systemBytes, formula: 'systemBytes', inputs: { systemBytes }, source },
  });
  return parts;
}

/** What the other web servers take; those that start by the same command run as many workers as the web server. */
function otherWebPart(inputs: CapacityInputs, workers: number): MemoryPart[] {
  const { otherWebWorkers, sameCommandReplicas, workerBytes } = inputs;
  const value = (otherWebWorkers + sameCommandReplicas * workers) * workerBytes;
  if (value === 0) return [];
  const source = sourceOf('heroku.worker_memory');
  const bytes =
    sameCommandReplicas === 0
      ? { value, formula: 'otherWebWorkers x workerBytes', inputs: { otherWebWorkers, workerBytes }, source }
      : {
          value,
          formula: '(otherWebWorkers + sameCommandReplicas x workers) x workerBytes',
          inputs: { otherWebWorkers, sameCommandReplicas, workers, workerBytes },
          source,
        };
  return [{ part: 'other-web', bytes }];
}

/** What the database server of a shared machine may take, in steps of 256 MiB. */
export function sizeDatabaseMemory(inputs: Pick<CapacityInputs, 'memoryBytes' | 'databaseMemoryShare'>): Figure {
  const { memoryBytes, databaseMemoryShare } = inputs;
  return {
    value: roundDown(memoryBytes * databaseMemoryShare, 256 * mebibyte),
    formula: 'memoryBytes x databaseMemoryShare, rounded down',
    inputs: { memoryBytes, databaseMemoryShare },
    source: sourceOf('headroom.shared.database_memory_share'),
  };
}

/** Pages that the database keeps in memory: `innodb_buffer_pool_size` or `shared_buffers`. */
export function sizeDatabaseCache(databaseBytes: number, database: 'postgresql' | 'mysql' | 'mariadb'): Figure {
  const id = database === 'postgresql' ? 'postgresql.shared_buffers_share' : 'mysql.buffer_pool_share';
  const cacheShare = documentedDefaults[id].value;
  return {
    value: roundDown(databaseBytes * cacheShare, 64 * mebibyte),
    formula: 'databaseBytes x cacheShare, rounded down',
    inputs: { databaseBytes, cacheShare },
    source: sourceOf(id),
  };
}

/** PostgreSQL's `work_mem`: half of what the shared buffers leave, for the sorts of all connections in use. */
export function sizeWorkMemory(of: {
  readonly databaseBytes: number;
  readonly cacheBytes: number;
  readonly connections: number;
}): Figure {
  const { databaseBytes, cacheBytes } = of;
  const connections = Math.max(1, of.connections);
  const sorts = documentedDefaults['headroom.sorts_per_connection'].value;
  const exact = (databaseBytes - cacheBytes) / 2 / (connections * sorts);
  return {
    value: Math.min(64 * mebibyte, Math.max(mebibyte, Math.floor(exact / mebibyte) * mebibyte)),
    formula: '(databaseBytes - cacheBytes) / 2 / (connections x sorts), between 1 and 64 MiB',
    inputs: { databaseBytes, cacheBytes, connections, sorts },
    source: sourceOf('headroom.sorts_per_connection'),
  };
}

/** Share of its container's memory that Redis' `maxmemory` may take. */
export function redisShare(of: { readonly persists: boolean }): number {
  return documentedDefaults[of.persists ? 'headroom.redis_persistent_share' : 'redis.cache_share'].value;
}

/**
 * `maxmemory` for a Redis: what its container's limit leaves room for, else 512 MiB (which suits a container of 1 GiB
 * with persistence), at most a sixteenth of a shared machine.
 */
export function sizeRedisMemory(of: {
  readonly share: number;
  readonly limitBytes: number | undefined;
  readonly memoryBytes: number | undefined;
}): Figure {
  const { share, limitBytes, memoryBytes } = of;
  const step = 16 * mebibyte;
  if (limitBytes !== undefined) {
    return {
      value: Math.max(mebibyte, roundDown(limitBytes * share, limitBytes * share >= gibibyte ? 4 * step : step)),
      formula: 'limitBytes x share, rounded down',
      inputs: { limitBytes, share },
      source: sourceOf('redis.cache_share'),
    };
  }
  const source = sourceOf('headroom.redis_memory_bytes');
  const standardBytes = documentedDefaults['headroom.redis_memory_bytes'].value;
  if (memoryBytes === undefined)
    return { value: standardBytes, formula: 'standardBytes', inputs: { standardBytes }, source };
  const memoryShare = documentedDefaults['headroom.shared.redis_memory_share'].value;
  const exact = Math.min(standardBytes, memoryBytes * memoryShare);
  if (exact < step) return { value: step, formula: 'leastBytes', inputs: { leastBytes: step }, source };
  const value = Math.floor(exact / step) * step;
  return {
    value,
    formula: `min(standardBytes, memoryBytes x memoryShare)${value === exact ? '' : ', rounded down'}`,
    inputs: { standardBytes, memoryBytes, memoryShare },
    source,
  };
}

/** What the processes of a gateway take when all connections of their HTTP pools are open. */
export function sizeHttpMemory(of: {
  readonly processes: number;
  readonly baseBytes: number;
  readonly connections: number;
  readonly connectionBytes: number;
}): Figure {
  const { processes, baseBytes, connections, connectionBytes } = of;
  return {
    value: processes * (baseBytes + connections * connectionBytes),
    formula: 'processes x (baseBytes + connections x connectionBytes)',
    inputs: { processes, baseBytes, connections, connectionBytes },
    source: sourceOf('headroom.http_connection_bytes'),
  };
}

/** Connections of each process's HTTP pool that fit into a container, in round tens; negative where the base does not. */
export function sizeHttpConnections(of: {
  readonly limitBytes: number;
  readonly processes: number;
  readonly baseBytes: number;
  readonly connectionBytes: number;
}): Figure {
  const { limitBytes, processes, baseBytes, connectionBytes } = of;
  return {
    value: Math.floor((limitBytes / processes - baseBytes) / connectionBytes / 10) * 10,
    formula: '(limitBytes / processes - baseBytes) / connectionBytes, rounded down to 10',
    inputs: { limitBytes, processes, baseBytes, connectionBytes },
    source: sourceOf('headroom.http_connection_bytes'),
  };
}

/** A container's memory limit: its need twice over, less where the machine has less, in steps that read well. */
export function sizeMemoryLimit(
  needBytes: number,
  factor: number = documentedDefaults['headroom.limit_headroom'].value,
): Figure {
  const source = sourceOf('headroom.limit_headroom');
  const exact = needBytes * factor;
  if (factor >= documentedDefaults['headroom.limit_headroom'].value) {
    const value = roundUpReadable(exact);
    return { value, formula: 'needBytes x factor, rounded up', inputs: { needBytes, factor }, source };
  }
  const below = Math.floor(exact / readableStep(exact)) * readableStep(exact);
  const least = Math.ceil(needBytes / (128 * mebibyte)) * 128 * mebibyte;
  if (below <= least) return { value: least, formula: 'needBytes, rounded up', inputs: { needBytes }, source };
  return { value: below, formula: 'needBytes x factor, rounded down', inputs: { needBytes, factor }, source };
}

/** Up to the next 128 MiB below 1 GiB, 512 MiB below 4 GiB, whole GiB above. */
export function roundUpReadable(bytes: number): number {
  return Math.ceil(bytes / readableStep(bytes)) * readableStep(bytes);
}

function readableStep(bytes: number): number {
  return bytes <= gibibyte ? 128 * mebibyte : bytes <= 4 * gibibyte ? 512 * mebibyte : gibibyte;
}

function roundDown(bytes: number, step: number): number {
  return bytes < step ? Math.floor(bytes / mebibyte) * mebibyte : Math.floor(bytes / step) * step;
}
