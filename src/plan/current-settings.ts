import type { CapacityInputs } from '../capacity/capacity-inputs.ts';
import type { Origin, SettingName } from '../capacity/capacity-plan.ts';
import { documentedDefaults } from '../capacity/defaults.ts';
import type { StackSettings } from '../capacity/stack-settings.ts';
import type { Pool } from '../model/pool.ts';
import type { Process } from '../model/stack.ts';
import { type Known, knownValue, lowerBound, type Value } from '../model/value.ts';
import type { CapacityTarget } from './capacity-target.ts';
import { originOf, type Sourced, sourced } from './origin.ts';
import { connectsPerThread } from './pool-use.ts';
import { routesTo } from './proxied.ts';
import { takesThreads, workersOption } from './set-workers.ts';

/** The settings as the files have them, with the origin of each; unknown ones hold what is assumed. */
export interface CurrentSettings {
  readonly settings: StackSettings;
  readonly origins: Readonly<Partial<Record<SettingName, Origin>>>;
}

/** Reads today's settings of a web server, its pool and its database. */
export function currentSettings(target: CapacityTarget, inputs: CapacityInputs): CurrentSettings {
  const { process, pool, store } = target;
  const workers = readWorkers(process, inputs.cpus);
  const threads = readThreads(process);
  const isPooled = pool !== undefined && !connectsPerThread(pool, process);
  const pooled = isPooled ? readPool(pool) : undefined;
  const timeout = sourced(process.timeoutSeconds, documentedDefaults['gunicorn.timeout'].value);
  const proxy = proxyTimeout(target);
  return {
    settings: {
      replicas: inputs.replicas,
      workers: workers.value,
      threads: threads.value,
      pool: pooled?.pool ?? null,
      maxConnections: (store && knownValue(store.maxConnections)) ?? null,
      workerTimeoutSeconds: timeout.value,
      proxyTimeoutSeconds: proxy?.value ?? null,
      fixed: fixedSettings(process),
    },
    origins: {
      workers: workers.origin,
      threads: threads.origin,
      workerTimeoutSeconds: timeout.origin,
      ...(proxy && { proxyTimeoutSeconds: originOf(proxy) }),
      ...pooled?.origins,
      ...(store && { maxConnections: originOf(store.maxConnections) }),
    },
  };
}

/** What an edit could not change: a plan must not rest on it. */
function fixedSettings(process: Process): readonly ('workers' | 'threads')[] {
  const hasThreads = takesThreads(process) && process.concurrencyKind !== 'async';
  return [
    ...(process.workers.known && workersOption(process, 1) ? [] : (['workers'] as const)),
    ...(hasThreads ? [] : (['threads'] as const)),
  ];
}

function readWorkers({ workers }: Process, cpus: number): Sourced<number> {
  const fromCpus = !workers.known && workers.fromCpuCount === true;
  const assume = fromCpus ? Math.max(1, Math.floor(cpus)) : Math.max(1, lowerBound(workers) ?? 1);
  return sourced(workers, assume);
}

function readThreads(process: Process): Sourced<number | null> {
  const { concurrency, concurrencyKind } = process;
  if (concurrency.known) return { value: concurrency.value, origin: originOf(process.threads) };
  if (concurrencyKind === 'async') return { value: null, origin: { kind: 'computed', says: 'an event loop' } };
  if (concurrencyKind === 'unbounded-threads') {
    return { value: null, origin: { kind: 'computed', says: 'a thread for each request' } };
  }
  return sourced<number | null>(process.threads as Value<number | null>, 1);
}

/** The shortest read time-out of the routes that lead to the web server. */
function proxyTimeout({ project, service, process }: CapacityTarget): Known<number> | undefined {
  const timeouts = routesTo(project, { service, process })
    .filter(({ route }) => !route.websocket)
    .flatMap(({ route }) => (route.readTimeoutSeconds.known ? [route.readTimeoutSeconds] : []));
  const [first, ...rest] = timeouts;
  return first && rest.reduce((least, next) => (next.value < least.value ? next : least), first);
}

function readPool(pool: Pool) {
  const size = sourced(pool.size, documentedDefaults['sqlalchemy.pool_size'].value);
  const overflow = sourced(pool.overflow, 0);
  const timeout = sourced(pool.timeoutSeconds, documentedDefaults['sqlalchemy.pool_timeout'].value);
  const isBounded = Number.isFinite(size.value + overflow.value) && size.value + overflow.value > 0;
  return {
    pool: isBounded ? { size: size.value, overflow: overflow.value, timeoutSeconds: timeout.value } : null,
    origins: { poolSize: size.origin, maxOverflow: overflow.origin, poolTimeoutSeconds: timeout.origin },
  };
}
