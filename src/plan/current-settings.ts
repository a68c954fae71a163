import type { CapacityInputs } from '../capacity/capacity-inputs.ts';
import type { Origin, SettingName } from '../capacity/capacity-plan.ts';
import { documentedDefaults } from '../capacity/defaults.ts';
import {
  type GivenSettingName,
  type GivenSettings,
  isGivenSetting,
  type OpenSetting,
} from '../capacity/given-settings.ts';
import type { StackSettings } from '../capacity/stack-settings.ts';
import type { Pool } from '../model/pool.ts';
import type { Process, Project, Service } from '../model/stack.ts';
import { lowerBound, type Value } from '../model/value.ts';
import type { CapacityTarget } from './capacity-target.ts';
import { countsHostCpus } from './cpu-count.ts';
import { originOf, type Sourced, sourced } from './origin.ts';
import { connectsPerThread } from './pool-use.ts';
import { routesTo } from './proxied.ts';
import { takesThreads, workersOption } from './set-workers.ts';
import { mustStaySingle } from './stay-single.ts';

/** The settings as the files have them, with the origin of each; open ones hold what the user states, else an assumption. */
export interface CurrentSettings {
  readonly settings: StackSettings;
  readonly origins: Readonly<Partial<Record<SettingName, Origin>>>;
  readonly open: readonly OpenSetting[];
}

type ReadSettings = Readonly<Partial<Record<GivenSettingName, Sourced<number | null>>>>;

/**
 * Reads today's settings of a web server, its pool and its database. What the user states stands in for settings that the
 * files leave open, never for those they state.
 */
export function currentSettings(
  target: CapacityTarget,
  from: { readonly inputs: CapacityInputs; readonly given: GivenSettings },
): CurrentSettings {
  const { inputs, given } = from;
  const read = readSettings(target, inputs.cpus);
  const open = openSettings(read);
  const stated = open.flatMap(({ name }) => {
    const value = given[name];
    return value === undefined ? [] : [[name, { value, origin: { kind: 'given' } }] as const];
  });
  const now: ReadSettings = { ...read, ...Object.fromEntries(stated) };
  const origins = Object.entries(now).map(([name, { origin }]) => [name, origin]);
  return { settings: settingsOf(now, { target, inputs }), origins: Object.fromEntries(origins), open };
}

function readSettings({ project, service, process, pool, store }: CapacityTarget, cpus: number): ReadSettings {
  const proxy = proxyTimeout(project, { service, process });
  const hasTimeout = process.timeoutSeconds.known || takesThreads(process);
  return {
    workers: readWorkers(process, cpus),
    threads: readThreads(process, cpus),
    ...(pool && !connectsPerThread(pool, process) && readPool(pool)),
    ...(store && { maxConnections: sourced<number | null>(store.maxConnections, null) }),
    ...(hasTimeout && { workerTimeoutSeconds: sourced(process.timeoutSeconds, defaultTimeout) }),
    ...(proxy && { proxyTimeoutSeconds: sourced<number | null>(proxy, null) }),
  };
}

const defaultTimeout = documentedDefaults['gunicorn.timeout'].value;

function openSettings(read: ReadSettings): readonly OpenSetting[] {
  return Object.entries(read).flatMap(([name, { value, origin }]) => {
    const isOpen = origin.kind === 'unknown' || origin.kind === 'assumed';
    if (!isOpen || !isGivenSetting(name)) return [];
    return [{ name, assumed: Number.isFinite(value) ? value : null, origin }];
  });
}

function settingsOf(
  now: ReadSettings,
  of: { readonly target: CapacityTarget; readonly inputs: CapacityInputs },
): StackSettings {
  return {
    replicas: of.inputs.replicas,
    workers: now.workers?.value ?? 1,
    threads: now.threads?.value ?? null,
    pool: poolOf(now),
    maxConnections: now.maxConnections?.value ?? null,
    workerTimeoutSeconds: now.workerTimeoutSeconds?.value ?? defaultTimeout,
    proxyTimeoutSeconds: now.proxyTimeoutSeconds?.value ?? null,
    fixed: fixedSettings(of.target),
  };
}

function poolOf({ poolSize, maxOverflow, poolTimeoutSeconds }: ReadSettings): StackSettings['pool'] {
  const [size, overflow] = [poolSize?.value ?? 0, maxOverflow?.value ?? 0];
  const isBounded = Number.isFinite(size + overflow) && size + overflow > 0;
  return isBounded ? { size, overflow, timeoutSeconds: poolTimeoutSeconds?.value ?? null } : null;
}

/** What an edit could not change: a plan must not rest on it. */
function fixedSettings({ service, process }: CapacityTarget): readonly ('workers' | 'threads')[] {
  const hasThreads = takesThreads(process) && process.concurrencyKind !== 'async';
  // An option wins over a number that the program counts.
  const isKnown = process.workers.known || countsHostCpus({ service, process });
  const canSetWorkers = isKnown && workersOption(process, 1) !== undefined;
  return [
    ...(canSetWorkers && !mustStaySingle(process) ? [] : (['workers'] as const)),
    ...(hasThreads ? [] : (['threads'] as const)),
  ];
}

/** Today's workers; where the files leave them open, what is assumed. */
export function readWorkers({ workers }: Process, cpus: number): Sourced<number> {
  const fromCpus = !workers.known && workers.fromCpuCount === true;
  const assume = fromCpus ? Math.max(1, Math.floor(cpus)) : Math.max(1, lowerBound(workers) ?? 1);
  return sourced(workers, assume);
}

function readThreads(process: Process, cpus: number): Sourced<number | null> {
  const { concurrency, concurrencyKind, threads } = process;
  if (concurrency.known) {
    // Threads that nobody set serve other numbers where the server brings a pool of its own: AnyIO's 40.
    const isOwn = threads.known && threads.value === concurrency.value;
    return { value: concurrency.value, origin: originOf(isOwn ? threads : concurrency) };
  }
  if (concurrencyKind === 'async') return { value: null, origin: { kind: 'computed', says: 'an event loop' } };
  if (concurrencyKind === 'unbounded-threads') {
    return { value: null, origin: { kind: 'computed', says: 'a thread for each request' } };
  }
  const fromCpus = !threads.known && threads.fromCpuCount === true;
  return sourced<number | null>(threads as Value<number | null>, fromCpus ? Math.max(1, Math.floor(cpus)) : 1);
}

/** The shortest read time-out of the routes that lead to the web server; an unknown one where none is known. */
function proxyTimeout(
  project: Project,
  of: { readonly service: Service; readonly process: Process },
): Value<number> | undefined {
  const timeouts = routesTo(project, of)
    .filter(({ route }) => !route.websocket)
    .map(({ route }) => route.readTimeoutSeconds);
  const [first, ...rest] = timeouts.flatMap((timeout) => (timeout.known ? [timeout] : []));
  return first ? rest.reduce((least, next) => (next.value < least.value ? next : least), first) : timeouts[0];
}

function readPool(pool: Pool): ReadSettings {
  const defaults = documentedDefaults;
  return {
    poolSize: sourced(pool.size, defaults['sqlalchemy.pool_size'].value),
    maxOverflow: sourced(pool.overflow, 0),
    poolTimeoutSeconds: sourced(pool.timeoutSeconds, defaults['sqlalchemy.pool_timeout'].value),
  };
}
