import { type CapacityInputs, responseSeconds } from './capacity-inputs.ts';
import { documentedDefaults } from './defaults.ts';
import { type Figure, sourceOf } from './figure.ts';
import { keepsTarget, simulateLoad, standardTarget } from './load-plan.ts';
import {
  type MemoryBudget,
  memoryForWeb,
  redisShare,
  sizeDatabaseCache,
  sizeMemoryBudget,
  sizeMemoryLimit,
  sizeRedisMemory,
  sizeWorkMemory,
} from './memory-sizing.ts';
import { type ConnectionSizing, sizeConnections } from './pool-sizing.ts';
import type { StackSettings } from './stack-settings.ts';
import { sizeTimeouts, type TimeoutSizing } from './timeout-sizing.ts';
import {
  countThreads,
  countWorkers,
  keepWorkers,
  loadInFlight,
  mostThreads,
  type WorkerMachine,
} from './worker-sizing.ts';

/** The settings that a machine and a load ask for, each with its formula. Undefined where the stack has no such part. */
export interface StackSizing extends ConnectionSizing, TimeoutSizing {
  /** Worker processes of each container. */
  readonly workers: Figure;
  /** Threads of each worker; 1 for event loops. */
  readonly threads: Figure;
  readonly workerClass: Figure<string>;
  /** Requests at once in all processes; of event loops as many as the load puts in flight. */
  readonly requestsAtOnce: Figure;
  /** Requests being served on average when nothing waits. */
  readonly inFlight: Figure;
  readonly memoryLimitBytes: Figure;
  readonly memoryReservationBytes: Figure;
  /** CPUs of each container, in hundredths. */
  readonly cpuLimit: Figure;
  /** Cores of each container that the load keeps busy on average, in hundredths; no more than its limit. */
  readonly cpuReservation: Figure;
  /** `innodb_buffer_pool_size` or `shared_buffers` of a database on the same machine. */
  readonly databaseCacheBytes: Figure | undefined;
  /** PostgreSQL's `work_mem`. */
  readonly workMemoryBytes: Figure | undefined;
  readonly redisMaxMemoryBytes: Figure | undefined;
  readonly memory: MemoryBudget;
  /** False when the load needs more threads than the CPUs can serve. */
  readonly carries: boolean;
  /** False when the parts need more memory than the machine has. */
  readonly fits: boolean;
}

/** The settings that run, the CPU limit of each container, and what of the machine is an assumption of ours. */
export interface RunningStack extends StackSettings {
  readonly cpuLimit?: number | undefined;
  readonly assumed?: { readonly cpus: boolean; readonly memory: boolean };
}

/**
 * Sizes a stack; the inputs must have passed `checkInputs`. Settings of `running` that suit the machine and the load are
 * kept as they are.
 */
export function sizeStack(inputs: CapacityInputs, running?: RunningStack): StackSizing {
  const { replicas, cpus, profile, database } = inputs;
  const isShared = profile === 'shared';
  const machine = { ...inputs, webBytes: memoryForWeb(inputs) };
  const inFlight = loadInFlight(inputs);
  const busyCores = (inFlight.value * inputs.cpuSeconds) / responseSeconds(inputs) / replicas;
  const threadsFor = (workers: number) =>
    countThreads({
      inFlight: inFlight.value,
      workers,
      replicas,
      cpus,
      // Users wait for their replies; requests of a rate keep coming, and a stack without room never catches up.
      ...(inputs.requestsPerSecond !== null && {
        busyShare: documentedDefaults['headroom.connection_alert_share'].value,
      }),
    });
  const workers =
    (running && fixedSetting(running, 'workers')) ??
    (running && keepWorkers(...keptBy(running, { machine, busyCores, inFlight: inFlight.value, threadsFor }))) ??
    countWorkers(machine);
  const staysSync = running !== undefined && syncWorkersCarry(inputs, { running, workers: workers.value });
  const threadsNeeded = staysSync ? syncThread : threadsFor(workers.value);
  const isLoop = inputs.concurrency === 'event-loop';
  const fixedThreads = running && fixedSetting(running, 'threads');
  const threads = isLoop
    ? oneThread
    : (fixedThreads ?? keepThreads(threadsNeeded, { running, workers: workers.value, most: mostThreads(cpus) }));
  const perProcess = isLoop ? Math.max(1, Math.ceil(inFlight.value / (workers.value * replicas))) : threads.value;
  const connections = sizeConnections({
    perProcess,
    pool: running?.pool ?? undefined,
    poolsPerProcess: inputs.poolsPerProcess,
    workers: workers.value,
    replicas,
    otherConnections: inputs.otherConnections,
    database,
    maxConnections: running?.maxConnections ?? undefined,
    isOpen: isLoop,
  });
  const memory = sizeMemoryBudget(inputs, workers.value);
  const databases = memory.parts.find(({ part }) => part === 'database')?.bytes.value;
  const databaseBytes = databases && databases / inputs.databaseServers;
  const cache =
    databaseBytes === undefined || databaseBytes < leastDatabase || database === 'none'
      ? undefined
      : sizeDatabaseCache(databaseBytes, database);
  const webBytes = workers.value * inputs.workerBytes;
  const memoryLimitBytes = webLimit(inputs, { webBytes, freeBytes: memory.freeBytes });
  return {
    ...connections,
    ...sizeTimeouts({
      workerSeconds: running?.workerTimeoutSeconds ?? documentedDefaults['gunicorn.timeout'].value,
      poolSeconds: running?.pool?.timeoutSeconds ?? null,
      proxySeconds: running?.proxyTimeoutSeconds ?? null,
    }),
    workers,
    threads,
    workerClass: classOf(threads.value, isLoop),
    requestsAtOnce: {
      value: replicas * workers.value * perProcess,
      formula: 'replicas x workers x atOnce',
      inputs: { replicas, workers: workers.value, atOnce: perProcess },
      source: sourceOf('gunicorn.threads'),
    },
    inFlight,
    memoryLimitBytes,
    memoryReservationBytes: atMost(sizeMemoryLimit(webBytes, 1), memoryLimitBytes),
    cpuLimit: sizeCpuLimit(inputs),
    cpuReservation: sizeCpuReservation(inputs, inFlight.value),
    databaseCacheBytes: cache,
    workMemoryBytes:
      cache && databaseBytes !== undefined && database === 'postgresql'
        ? sizeWorkMemory({
            databaseBytes,
            cacheBytes: cache.value,
            connections: connections.reachableConnections.value,
          })
        : undefined,
    redisMaxMemoryBytes:
      isShared && inputs.redisBytes > 0
        ? sizeRedisMemory({
            share: redisShare({ persists: inputs.redisPersists }),
            limitBytes: undefined,
            memoryBytes: inputs.memoryBytes,
          })
        : undefined,
    memory,
    carries: isLoop || (threadsNeeded.carries && threads.value >= threadsNeeded.value),
    fits: memory.freeBytes >= 0,
  };
}

/** What `keepWorkers` asks; memory that is assumed bounds nothing but what a limit says. */
function keptBy(
  running: RunningStack,
  of: {
    readonly machine: WorkerMachine & Pick<CapacityInputs, 'webLimitBytes'>;
    readonly busyCores: number;
    readonly inFlight: number;
    readonly threadsFor: (workers: number) => { readonly carries: boolean };
  },
): Parameters<typeof keepWorkers> {
  const { machine, busyCores, inFlight, threadsFor } = of;
  const { replicas, workers, threads, assumed } = running;
  const busyShare = documentedDefaults['headroom.connection_alert_share'].value;
  const hasOwnThreads = running.fixed?.includes('threads') === true && threads !== null && threads > 1;
  return [
    { ...machine, ...(assumed?.memory && { webBytes: machine.webLimitBytes ?? Number.POSITIVE_INFINITY }) },
    {
      workers,
      busyCores,
      carry: hasOwnThreads ? replicas * workers * threads * busyShare >= inFlight : threadsFor(workers).carries,
      hasOwnThreads,
      cpuLimit: running.cpuLimit && Math.min(running.cpuLimit, machine.cpus),
      cpusAssumed: assumed?.cpus === true,
    },
  ];
}

function fixedSetting(running: StackSettings, name: 'workers' | 'threads'): Figure | undefined {
  const value = running[name];
  if (value === null || !running.fixed?.includes(name)) return undefined;
  return { value, formula: name, inputs: { [name]: value }, source: 'as it is: not for the plan to change' };
}

const oneThread: Figure = { value: 1, formula: '1', inputs: {}, source: 'an event loop runs in one thread' };

const syncThread = {
  value: 1,
  formula: '1',
  inputs: {},
  source: 'as it is: the sync workers take requests from one queue and carry the load',
  carries: true,
};

/**
 * Whether the sync workers of today keep the target although more requests than workers would be in flight if nobody had
 * to wait. Threads would accept unevenly, so as many of them carry less.
 */
function syncWorkersCarry(
  inputs: CapacityInputs,
  of: { readonly running: StackSettings; readonly workers: number },
): boolean {
  const { running, workers } = of;
  const isSync = inputs.concurrency === 'threads' && running.threads === 1 && running.workers === workers;
  const inFlight = loadInFlight(inputs).value;
  // A rate has to leave room; where far more are in flight, waiting is certain.
  const isNear = inFlight > workers * inputs.replicas && inFlight <= nearShare * workers * inputs.replicas;
  if (!isSync || !isNear || inputs.requestsPerSecond !== null) return false;
  return keepsTarget(simulateLoad({ inputs, settings: running }, inputs.users), standardTarget(inputs));
}

/** How many times more than the workers may be in flight for a simulation to be worth its time. */
const nearShare = 2;

/**
 * More threads than the load needs do no harm; with fewer workers than today they serve as much at once as today, as far
 * as the cores have use for so many threads.
 */
function keepThreads(
  needed: Figure,
  of: { readonly running: StackSettings | undefined; readonly workers: number; readonly most: number },
): Figure {
  const { running, workers, most } = of;
  const threads = running?.threads ?? 1;
  const atOnce = Math.min(Math.max(threads, most), Math.ceil(((running?.workers ?? 0) * threads) / workers));
  if (Math.max(threads, atOnce) <= needed.value) return needed;
  const source = `the load needs ${needed.value}; not fewer requests at once than today`;
  if (threads >= atOnce) return { value: threads, formula: 'threads', inputs: { threads }, source };
  const workersToday = running?.workers ?? 0;
  if (atOnce === most) {
    const bound = sourceOf('gunicorn.threads_per_cpu');
    return { value: most, formula: 'mostThreads', inputs: { mostThreads: most }, source: bound };
  }
  return {
    value: atOnce,
    formula: 'workersToday x threads / workers, rounded up',
    inputs: { workersToday, threads, workers },
    source,
  };
}

function classOf(threads: number, isLoop: boolean): Figure<string> {
  const value = isLoop ? 'asyncio' : threads > 1 ? 'gthread' : 'sync';
  return {
    value,
    formula: isLoop ? 'one event loop for each process' : 'gthread where threads > 1, else sync',
    inputs: { threads },
    source: sourceOf('gunicorn.worker_class'),
  };
}

/** A container's part of the web server's share, or the whole of a machine of its own. */
function sizeCpuLimit({ profile, cpus, webCpuShare, replicas }: CapacityInputs): Figure {
  const source = sourceOf('headroom.shared.web_cpu_share');
  if (profile === 'dedicated') return { value: cpus, formula: 'cpus', inputs: { cpus }, source };
  const exact = (cpus * webCpuShare) / replicas;
  return inHundredths(exact, {
    formula: `cpus x webCpuShare${replicas === 1 ? '' : ' / replicas'}`,
    inputs: { cpus, webCpuShare, ...(replicas !== 1 && { replicas }) },
    source,
    round: 'down',
  });
}

function sizeCpuReservation(inputs: CapacityInputs, inFlight: number): Figure {
  const { cpuSeconds, replicas } = inputs;
  const seconds = responseSeconds(inputs);
  const reservation = inHundredths((inFlight * cpuSeconds) / seconds / replicas, {
    formula: `inFlight x cpuSeconds / responseSeconds${replicas === 1 ? '' : ' / replicas'}`,
    inputs: { inFlight, cpuSeconds, responseSeconds: seconds, ...(replicas !== 1 && { replicas }) },
    source: "Little's law: cores that compute while so many requests are in flight",
    round: 'up',
  });
  return atMost(reservation, sizeCpuLimit(inputs));
}

/** Docker takes CPUs in decimals, and no limit below a hundredth of one. */
function inHundredths(
  cpus: number,
  { round, ...of }: Omit<Figure, 'value'> & { readonly round: 'up' | 'down' },
): Figure {
  const least = 0.01;
  if (cpus < least) return { value: least, formula: 'leastCpus', inputs: { leastCpus: least }, source: of.source };
  const hundredths = Math.round(cpus * 1e8) / 1e6;
  const value = (round === 'up' ? Math.ceil(hundredths) : Math.floor(hundredths)) / 100;
  return { ...of, value, formula: Number.isInteger(hundredths) ? of.formula : `${of.formula}, rounded ${round}` };
}

/** A smaller share holds no database server: PostgreSQL's and MySQL's own defaults take more. */
const leastDatabase = 256 * 2 ** 20;

/** The figure, or the bound where that is less. */
function atMost(figure: Figure, bound: Figure): Figure {
  return figure.value <= bound.value ? figure : bound;
}

/** Twice the need where the machine has it, never more than the machine. */
function webLimit(inputs: CapacityInputs, of: { readonly webBytes: number; readonly freeBytes: number }): Figure {
  const { memoryBytes } = inputs;
  const replicas = inputs.profile === 'shared' ? inputs.replicas : 1;
  const { webBytes, freeBytes } = of;
  const most = documentedDefaults['headroom.limit_headroom'].value;
  const factor = Math.min(most, Math.max(1, 1 + freeBytes / (webBytes * replicas)));
  const limit = sizeMemoryLimit(webBytes, factor);
  if (limit.value <= memoryBytes) return limit;
  return { value: memoryBytes, formula: 'memoryBytes', inputs: { memoryBytes }, source: limit.source };
}
