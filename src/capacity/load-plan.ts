import { type CapacityInputs, responseSeconds } from './capacity-inputs.ts';
import { documentedDefaults } from './defaults.ts';
import { simulate } from './simulate.ts';
import { stackCapacity } from './simulate-bottleneck.ts';
import type {
  Bottleneck,
  RequestError,
  SimulationOptions,
  SimulationResult,
  StackConfiguration,
} from './simulate-configuration.ts';
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

/** Users of whom a simulation takes noticeably long. */
const crowd = 1000;
/** How many times the target a response time says that a stack is lost. */
const hopelessTimes = 10;

/** The stack under one load; undefined for a load that cannot be simulated. */
export function simulateLoad(stack: LoadedStack, load: number): LoadRow | undefined {
  const { inputs } = stack;
  const isRate = inputs.requestsPerSecond !== null;
  const capacity = stackCapacity(toStackConfiguration(inputs, stack.settings)).requestsPerSecond;
  // Beyond its capacity a stack answers no more requests, however many come: simulating all of them teaches nothing.
  const configuration = withLoad(stack, isRate ? Math.min(load, Math.max(leastRate, overload * capacity)) : load);
  const run = simulate(configuration, runLength(configuration, inputs));
  if (!run.ok) return undefined;
  const { throughputPerSecond, responseSeconds: times, bottleneck, stable } = run.result;
  const { errors, errorShare } = stable ? run.result : overloadErrors(run.result, load);
  return {
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
}

/** The largest load (users, or requests per second) that keeps the target; 0 when even the smallest does not. */
export function carriedLoad(stack: LoadedStack, target: LoadTarget): number {
  const { inputs } = stack;
  const isRate = inputs.requestsPerSecond !== null;
  const most = stackCapacity(toStackConfiguration(inputs, stack.settings)).requestsPerSecond;
  // Little's law: more users than that would make even the mean longer than the target.
  const bound = Math.min(largestLoad, isRate ? most : most * (target.p95Seconds + inputs.thinkSeconds));
  const smallest = isRate ? bound * precision : 1;
  let carried = 0;
  let tooMany = isRate ? bound : Math.floor(bound) + 1;
  for (let round = 0; round < maximumRounds && tooMany - carried > Math.max(smallest, carried * precision); round++) {
    const middle = (carried + tooMany) / 2;
    const load = isRate ? middle : Math.floor(middle);
    const row = simulateLoad(stack, load);
    const isKept = row && row.p95 <= target.p95Seconds * 1000 && row.errorShare <= target.errorShare;
    if (isKept) carried = load;
    else tooMany = load;
  }
  return carried;
}

const largestLoad = 100_000;
/** Requests per second that a simulation takes. */
const leastRate = 0.001;
/** How many times its capacity shows what an overloaded stack does. */
const overload = 2;
const maximumRounds = 20;
/** The simulation is not so exact that the third digit would mean anything. */
const precision = 0.01;

function withLoad({ inputs, settings }: LoadedStack, load: number): StackConfiguration {
  const changed = inputs.requestsPerSecond === null ? { users: load } : { requestsPerSecond: load };
  return toStackConfiguration({ ...inputs, ...changed }, settings);
}

/**
 * Shares of all requests that come to an overloaded stack: what it does not answer in the end fails, if not in another way
 * then because the queue is full. A simulation of some seconds sees it waiting only.
 */
function overloadErrors(result: SimulationResult, requestsPerSecond: number): Pick<LoadRow, 'errors' | 'errorShare'> {
  const { throughputPerSecond, finishedRequests, simulatedSeconds } = result;
  const ofAll = (share: number) => (share * finishedRequests) / simulatedSeconds / requestsPerSecond;
  const { poolTimeout, workerTimeout, proxyTimeout } = result.errors;
  const others = {
    poolTimeout: ofAll(poolTimeout),
    workerTimeout: ofAll(workerTimeout),
    proxyTimeout: ofAll(proxyTimeout),
  };
  const failed = others.poolTimeout + others.workerTimeout + others.proxyTimeout;
  const refused = Math.max(0, 1 - throughputPerSecond / requestsPerSecond - failed);
  return { errors: { ...others, refused }, errorShare: failed + refused };
}

/**
 * Long enough for some thousand requests and for each user to ask many times. As many requests as make the figures steady
 * suffice: of a high rate they take a moment, which still has to be several response times.
 */
function runLength(configuration: StackConfiguration, inputs: CapacityInputs): SimulationOptions {
  const { load } = configuration;
  const isRate = load.kind === 'arrivals';
  const cycle = responseSeconds(inputs) + (isRate ? 0 : inputs.thinkSeconds);
  const offered = load.kind === 'users' ? load.users / cycle : isRate ? load.requestsPerSecond : 1;
  const most = stackCapacity(configuration).requestsPerSecond;
  const answered = Math.min(offered, most);
  const queueSeconds = load.kind === 'users' ? load.users / most : 0;
  const long = Math.max(10, 20 * cycle, 5 * queueSeconds, fewestRequests / answered);
  const short = Math.max(3 * cycle, 3 * queueSeconds, (isRate ? enoughRequests : manyRequests) / answered);
  if (long <= short) return { seconds: Math.min(100_000, long) };
  return { seconds: Math.min(100_000, short), warmUpSeconds: Math.max(short / 10, 2 * cycle, queueSeconds) };
}

/** Requests that percentiles rest on at least. */
const fewestRequests = 2000;
/** Requests after which more of them do not change the second digit. */
const enoughRequests = 4000;
/** The same for users, each of whom should have asked several times. */
const manyRequests = 20_000;
