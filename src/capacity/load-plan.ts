import { type CapacityInputs, responseSeconds } from './capacity-inputs.ts';
import { documentedDefaults } from './defaults.ts';
import { simulate } from './simulate.ts';
import { stackCapacity } from './simulate-bottleneck.ts';
import type { Bottleneck, RequestError, StackConfiguration } from './simulate-configuration.ts';
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

/** The stack under one load; undefined for a load that cannot be simulated. */
export function simulateLoad(stack: LoadedStack, load: number): LoadRow | undefined {
  const { inputs } = stack;
  const isRate = inputs.requestsPerSecond !== null;
  const configuration = withLoad(stack, load);
  const run = simulate(configuration, { seconds: simulatedSeconds(configuration, inputs) });
  if (!run.ok) return undefined;
  const { throughputPerSecond, responseSeconds: times, errors, errorShare, bottleneck, stable } = run.result;
  return {
    users: isRate ? null : load,
    requestsPerSecond: isRate ? load : null,
    throughput: throughputPerSecond,
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
  const most = stackCapacity(toStackConfiguration(inputs, stack.settings)).requestsPerSecond;
  // Little's law: more users than that would make even the mean longer than the target.
  const bound = inputs.requestsPerSecond === null ? most * (target.p95Seconds + inputs.thinkSeconds) : most;
  let carried = 0;
  let tooMany = Math.min(largestLoad, Math.floor(bound)) + 1;
  for (let round = 0; round < maximumRounds && tooMany - carried > Math.max(1, carried * precision); round++) {
    const load = Math.floor((carried + tooMany) / 2);
    const row = simulateLoad(stack, load);
    const isKept = row && row.p95 <= target.p95Seconds * 1000 && row.errorShare <= target.errorShare;
    if (isKept) carried = load;
    else tooMany = load;
  }
  return carried;
}

const largestLoad = 100_000;
const maximumRounds = 20;
/** The simulation is not so exact that the third digit would mean anything. */
const precision = 0.01;

function withLoad({ inputs, settings }: LoadedStack, load: number): StackConfiguration {
  const changed = inputs.requestsPerSecond === null ? { users: load } : { requestsPerSecond: load };
  return toStackConfiguration({ ...inputs, ...changed }, settings);
}

/** Long enough for some thousand requests, and for each user to ask many times. */
function simulatedSeconds(configuration: StackConfiguration, inputs: CapacityInputs): number {
  const { load } = configuration;
  const cycle = responseSeconds(inputs) + inputs.thinkSeconds;
  const offered = load.kind === 'users' ? load.users / cycle : load.kind === 'arrivals' ? load.requestsPerSecond : 1;
  const most = stackCapacity(configuration).requestsPerSecond;
  const queueSeconds = load.kind === 'users' ? load.users / most : 0;
  return Math.min(100_000, Math.max(10, 20 * cycle, 5 * queueSeconds, 2000 / Math.min(offered, most)));
}
