import { type CapacityInputs, responseSeconds } from './capacity-inputs.ts';
import { documentedDefaults } from './defaults.ts';
import { crowd, runLength } from './run-length.ts';
import { simulate } from './simulate.ts';
import { stackCapacity } from './simulate-bottleneck.ts';
import type { Bottleneck, RequestError, SimulationResult, StackConfiguration } from './simulate-configuration.ts';
import { type StackSettings, toStackConfiguration } from './stack-settings.ts';

/** What a stack does under one load. */
export interface LoadRow {
  /** People using the application; null where the load is a rate. */
  readonly users: number | null;
  /** Requests that arrive each second; null where the load is people. */
  readonly requestsPerSecond: number | null;
  /** Requests answered without error, per second. */
  readonly throughput: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Shares (0 to 1) of the requests that failed. */
  readonly errors: Readonly<Record<RequestError, number>>;
  readonly errorShare: number;
  readonly bottleneck: Bottleneck;
  /** False when more requests arrive than can ever be answered. */
  readonly stable: boolean;
}

/** A stack with its load: what the simulation is run with. */
export interface LoadedStack {
  readonly inputs: CapacityInputs;
  readonly settings: StackSettings;
}

/** What must hold for a load to count as carried. */
export interface LoadTarget {
  readonly p95Seconds: number;
  /** Share (0 to 1) of requests that may fail. */
  readonly errorShare: number;
}

/** One second, or a multiple of the undisturbed response time where that is more, and 1 % of errors. */
export function standardTarget(inputs: CapacityInputs): LoadTarget {
  const slowdown = documentedDefaults['headroom.target_slowdown'].value;
  return {
    p95Seconds: Math.max(documentedDefaults['headroom.target_p95_seconds'].value, slowdown * responseSeconds(inputs)),
    errorShare: documentedDefaults['headroom.target_error_share'].value,
  };
}

/** Whether a load is carried: its response times and errors keep the target. */
export function keepsTarget(row: LoadRow | undefined, target: LoadTarget): boolean {
  return row !== undefined && row.p95 <= 1000 * target.p95Seconds && row.errorShare <= target.errorShare;
}

/** The stack under each of these loads: users, or requests per second where the inputs say a rate. */
export function simulateLoads(stack: LoadedStack, loads: readonly number[]): readonly LoadRow[] {
  return loads.flatMap((load) => {
    const row = simulateLoad(stack, load);
    return row ? [row] : [];
  });
}

/**
 * The stack under ascending loads, as a chart needs them: of crowds that take seconds to simulate, those beyond a hopeless
 * one are left out, except for the planned load.
 */
export function simulateCurve(
  stack: LoadedStack,
  of: { readonly loads: readonly number[]; readonly target: LoadTarget },
): readonly LoadRow[] {
  const { inputs } = stack;
  const planned = inputs.requestsPerSecond ?? inputs.users;
  const hopeless = hopelessTimes * of.target.p95Seconds * 1000;
  const rows: LoadRow[] = [];
  for (const load of of.loads) {
    const isCrowd = inputs.requestsPerSecond === null && load > crowd;
    const isHopeless = rows.some(({ p95 }) => p95 > hopeless);
    if (load === planned || !isCrowd || !isHopeless) rows.push(...simulateLoads(stack, [load]));
  }
  return rows;
}

/** How many times the target a response time says that a stack is lost. */
const hopelessTimes = 10;

/** The stack under one load; undefined for a load that cannot be simulated. */
export function simulateLoad(stack: LoadedStack, load: number): LoadRow | undefined {
  return measureLoad(stack, load, { isCrowd: load > crowd })?.row;
}

/** The same with the mean response time (seconds); `isCrowd` says that a run which suffices for a crowd will do, `isRough` a short one. */
export function measureLoad(
  stack: LoadedStack,
  load: number,
  how: { readonly isCrowd: boolean; readonly isRough?: boolean },
): { readonly row: LoadRow; readonly meanSeconds: number } | undefined {
  const { inputs } = stack;
  const isRate = inputs.requestsPerSecond !== null;
  const enough = enoughLoad(stack);
  const configuration = withLoad(stack, Math.min(load, enough));
  const run = simulate(configuration, runLength(configuration, { inputs, ...how }));
  if (!run.ok) return undefined;
  const { throughputPerSecond, responseSeconds: times, bottleneck, stable } = run.result;
  const isAll = isRate ? stable : load <= enough;
  const { errors, errorShare } = isAll ? run.result : overloadErrors(run.result, { load, inputs });
  const row: LoadRow = {
    users: isRate ? null : load,
    requestsPerSecond: isRate ? load : null,
    // What is answered of a rate that can be answered is known better than from counting.
    throughput: isRate && stable ? load * (1 - errorShare) : throughputPerSecond,
    p50: times.p50 * 1000,
    p95: times.p95 * 1000,
    p99: times.p99 * 1000,
    errors,
    errorShare,
    bottleneck,
    stable,
  };
  return { row, meanSeconds: times.mean };
}

/**
 * The load beyond which a simulation teaches nothing. Beyond its capacity a stack answers no more requests a second,
 * however many come; once its queues are full, more users are only refused.
 */
function enoughLoad(stack: LoadedStack): number {
  const { inputs } = stack;
  const configuration = toStackConfiguration(inputs, stack.settings);
  const capacity = stackCapacity(configuration).requestsPerSecond;
  if (inputs.requestsPerSecond !== null) return Math.max(leastRate, overload * capacity);
  const others = overload * capacity * (inputs.thinkSeconds + refusalSeconds);
  return Math.max(crowd, Math.ceil(requestPlaces(configuration) + others));
}

/** Requests that the worker slots and their queues hold: whoever comes when they are full is refused. */
export function requestPlaces({ web }: StackConfiguration): number {
  const queues = web.kind === 'sync' ? 1 : web.processes;
  return web.processes * web.concurrency + queues * web.backlog;
}

/** Requests per second that a simulation takes. */
const leastRate = 0.001;
/** How many times its capacity shows what an overloaded stack does. */
const overload = 2;

function withLoad({ inputs, settings }: LoadedStack, load: number): StackConfiguration {
  const changed = inputs.requestsPerSecond === null ? { users: load } : { requestsPerSecond: load };
  return toStackConfiguration({ ...inputs, ...changed }, settings);
}

/**
 * Shares of all requests that come to an overloaded stack: what it does not answer in the end fails, if not in another way
 * then because the queue is full. A simulation of some seconds sees a rate waiting only, and not all of the users.
 */
function overloadErrors(
  result: SimulationResult,
  of: { readonly load: number; readonly inputs: CapacityInputs },
): Pick<LoadRow, 'errors' | 'errorShare'> {
  const { throughputPerSecond, finishedRequests, simulatedSeconds } = result;
  const offered = of.inputs.requestsPerSecond === null ? askedByUsers(result, of) : of.load;
  const ofAll = (share: number) => (share * finishedRequests) / simulatedSeconds / offered;
  const { poolTimeout, workerTimeout, proxyTimeout } = result.errors;
  const others = {
    poolTimeout: ofAll(poolTimeout),
    workerTimeout: ofAll(workerTimeout),
    proxyTimeout: ofAll(proxyTimeout),
  };
  const failed = others.poolTimeout + others.workerTimeout + others.proxyTimeout;
  const refused = Math.max(0, 1 - throughputPerSecond / offered - failed);
  return { errors: { ...others, refused }, errorShare: failed + refused };
}

/** Requests per second of more users than were simulated: those who find no place think, are refused, and think again. */
function askedByUsers(
  { errors, finishedRequests, simulatedSeconds, requestsInSystem }: SimulationResult,
  of: { readonly load: number; readonly inputs: CapacityInputs },
): number {
  const finished = finishedRequests / simulatedSeconds;
  const refused = finished * errors.refused;
  const inside = requestsInSystem - refused * refusalSeconds;
  const { thinkSeconds } = of.inputs;
  const served = finished - refused;
  return served + Math.max(0, of.load - inside - served * thinkSeconds) / (thinkSeconds + refusalSeconds);
}

const refusalSeconds = documentedDefaults['linux.connect_retry'].value;
